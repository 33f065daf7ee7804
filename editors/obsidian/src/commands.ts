/** The commands of the palette, and the one of Obsidian's own command line. */
import { forEachDiagnostic } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";
import type { CliData } from "obsidian";
import { Notice } from "obsidian";
import type { CodeAction, Diagnostic, Range } from "vscode-languageserver-protocol";
import { messageOf, ruleOf } from "./actions";
import { Choice } from "./choosing";
import { pathOf, position } from "./editor";
import type VaultlintPlugin from "./main";
import { CompareModal } from "./oracle/modal";

/** The note that is being edited. */
interface Place {
  path: string;
  view: EditorView;
  range: Range;
}

/** Registers all commands. */
export function registerCommands(plugin: VaultlintPlugin): void {
  const { actions } = plugin;

  /** A command that is available only in a note. */
  const inNote = (id: string, name: string, perform: (place: Place) => unknown): void => {
    plugin.addCommand({
      id,
      name,
      checkCallback: (checking) => {
        const place = here(plugin);
        if (place !== null && !checking) {
          void plugin.tell(async () => perform(place));
        }
        return place !== null;
      },
    });
  };

  plugin.addCommand({
    id: "check-vault",
    name: "Check the whole vault",
    callback: () => void plugin.tell(() => checkVault(plugin)),
  });
  plugin.addCommand({
    id: "show-findings",
    name: "Show findings in the vault",
    callback: () => void plugin.tell(() => plugin.openFindings()),
  });
  plugin.addCommand({ id: "open-report", name: "Open the report", callback: () => void plugin.tell(() => plugin.report()) });
  plugin.addCommand({
    id: "compare",
    name: "Compare with Obsidian",
    callback: () => new CompareModal(plugin.app, plugin.client).open(),
  });
  plugin.addCommand({ id: "restart", name: "Restart", callback: () => void plugin.client.restart() });
  inNote("next-finding", "Go to the next finding", ({ view }) => go(view, 1));
  inNote("previous-finding", "Go to the previous finding", ({ view }) => go(view, -1));
  inNote("act-here", "Show fixes and actions here", ({ path, range }) => plugin.showActions(path, range));
  inNote("silence-here", "Silence the finding here", ({ path, range }) =>
    plugin.showActions(path, range, (action) => action.title.startsWith("Silence ")),
  );
  inNote("explain-here", "Explain the rule here", ({ path, range }) => explainHere(plugin, path, range));
  inNote("fix-note", "Apply all safe fixes in this note", async ({ path }) => {
    if ((await actions.fixNote(path)) === null) {
      new Notice("There are no safe fixes in this note.");
    }
  });
}

/** The place of the cursor, if a note is being edited. */
function here(plugin: VaultlintPlugin): Place | null {
  const path = plugin.app.workspace.activeEditor?.file?.path;
  const view = path === undefined ? undefined : plugin.attached.viewOf(path);
  if (view === undefined || path === undefined || pathOf(view) !== path) {
    return null;
  }
  const { from, to } = view.state.selection.main;
  return { path, view, range: { start: position(view.state.doc, from), end: position(view.state.doc, to) } };
}

async function checkVault(plugin: VaultlintPlugin): Promise<void> {
  const { client } = plugin;
  if (client.state === "missing") {
    await plugin.openWelcome();
    return;
  }
  const count = await client.checkAll();
  const notes = client.diagnostics.size;
  new Notice(
    count === 0 ? "No problems found in this vault." : `${number(count, "finding")} in ${number(notes, "note")}.`,
  );
}

/** A number with its noun. */
export function number(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Moves the cursor to the next or previous finding shown; the first comes after the last. */
function go(view: EditorView, direction: 1 | -1): void {
  const places: { from: number; to: number }[] = [];
  forEachDiagnostic(view.state, (_, from, to) => places.push({ from, to }));
  places.sort((one, other) => one.from - other.from || one.to - other.to);
  const { head } = view.state.selection.main;
  const target =
    direction === 1
      ? (places.find(({ from }) => from > head) ?? places[0])
      : (places.findLast(({ from }) => from < head) ?? places.at(-1));
  if (target === undefined) {
    new Notice("Nothing is found in this note.");
  } else {
    view.dispatch({ selection: { anchor: target.from }, scrollIntoView: true, userEvent: "select" });
    view.focus();
  }
}

function explainHere(plugin: VaultlintPlugin, path: string, { start, end }: Range): void {
  const all = plugin.client.diagnostics.get(path) ?? [];
  const before = (one: Range["start"], other: Range["start"]): boolean =>
    one.line < other.line || (one.line === other.line && one.character <= other.character);
  const found = all.filter(({ range }) => before(range.start, end) && before(start, range.end));
  const rules = [...new Set((found.length > 0 ? found : all).map(ruleOf))];
  if (rules.length === 0) {
    new Notice("Nothing is found in this note.");
  } else if (rules.length === 1) {
    plugin.explain(rules[0] ?? "");
  } else {
    new Choice(plugin.app, "Explain a rule", rules, String, (rule) => plugin.explain(rule)).open();
  }
}

/** Lets the user choose one of the actions in a range, and applies it. */
export async function chooseAction(
  plugin: VaultlintPlugin,
  path: string,
  range: Range,
  isWanted: (action: CodeAction) => boolean,
): Promise<void> {
  await plugin.changes.perform([path], () => Promise.resolve(null)); // the server gets the current text
  const offered = (await plugin.actions.offered(path, range, ["quickfix", "refactor.rewrite"])).filter(isWanted);
  if (offered.length === 0) {
    new Notice("There are no fixes or actions here.");
    return;
  }
  const perform = async ({ title, command }: CodeAction): Promise<void> => {
    if (command?.command === "vaultlint.explain") {
      plugin.explain(String(command.arguments?.[0]));
    } else {
      plugin.tellGone(await plugin.actions.perform(path, range, (now) => now.find((one) => one.title === title)));
    }
  };
  new Choice(plugin.app, "Choose an action", offered, ({ title }) => title, (one) => plugin.tell(() => perform(one))).open();
}

/** The output for Obsidian's command line: a line for each finding, as in `vaultlint check --format concise`. */
export function printed(findings: ReadonlyMap<string, readonly Diagnostic[]>, { path = "" }: CliData): string {
  const below = path.replace(/\/$/, "");
  const severities = ["", "error", "warning", "info", "info"];
  const lines = [...findings]
    .filter(([file]) => below === "" || file === below || file.startsWith(`${below}/`))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([file, found]) =>
      found.map((one) => {
        const { start } = one.range;
        const where = `${file}:${start.line + 1}:${start.character + 1}`;
        return `${where}: ${severities[one.severity ?? 1] ?? ""} ${ruleOf(one)}: ${messageOf(one)}`;
      }),
    );
  return [...lines, lines.length === 0 ? "No problems found." : `${number(lines.length, "finding")}.`].join("\n");
}
