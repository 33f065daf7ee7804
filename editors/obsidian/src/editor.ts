/** Findings in the editor: underlines, marks in the gutter, and hover texts. */
import type { Action, Diagnostic as Shown } from "@codemirror/lint";
import { diagnosticCount, linter, lintGutter, setDiagnostics } from "@codemirror/lint";
import type { EditorState, Extension, Text } from "@codemirror/state";
import type { PluginValue, ViewUpdate } from "@codemirror/view";
import { EditorView, ViewPlugin } from "@codemirror/view";
import { editorInfoField, editorLivePreviewField } from "obsidian";
import type { Diagnostic, DiagnosticSeverity, Position, Range } from "vscode-languageserver-protocol";
import { fixes, identity, messageOf, ruleOf, titleOf } from "./actions";
import type { Client } from "./client";
import type { Documents } from "./documents";

/** Milliseconds without typing after which the text is sent to the server. */
export const PAUSE = 100;

/** Findings of this severity and of worse ones are shown: 1 errors, 2 warnings as well, 3 all. */
export type Least = 1 | 2 | 3;

/** What the editor needs of the plug-in. */
export interface EditorHost {
  readonly client: Client;
  readonly documents: Documents;
  readonly attached: AttachedEditors;
  least(): Least;
  /** Why a rule matters, in one or two sentences. */
  reason(rule: string): Promise<string>;
  /** Shows the page of a rule. */
  explain(rule: string): void;
  /** Applies a fix of a finding. */
  fix(path: string, range: Range, id: string, title: string): void;
  /** Shows all actions in a range. */
  showActions(path: string, range: Range): void;
}

/** The editors that show a note. */
export class AttachedEditors {
  private readonly views = new Map<string, Set<FindingsInEditor>>();

  add(path: string, view: FindingsInEditor): void {
    this.views.set(path, (this.views.get(path) ?? new Set()).add(view));
  }

  remove(path: string, view: FindingsInEditor): void {
    this.views.get(path)?.delete(view);
  }

  at(path: string): readonly FindingsInEditor[] {
    return [...(this.views.get(path) ?? [])];
  }

  viewOf(path: string): EditorView | undefined {
    const all = this.at(path).map(({ view }) => view);
    return all.find((view) => view.hasFocus) ?? all[0];
  }

  /** Updates the editors after files were renamed or the settings changed. */
  refresh(): void {
    [...this.views.values()].flatMap((views) => [...views]).forEach((view) => view.refresh());
  }
}

/** The path of the note that an editor shows as a whole; null if it shows something else, such as a table cell. */
export function pathOf(view: EditorView): string | null {
  const info = view.state.field(editorInfoField, false);
  if (info?.file?.extension !== "md" || info.editor === undefined) {
    return null;
  }
  const main = (info.editor as { cm?: EditorView }).cm; // Obsidian has it, but does not document it
  const isWhole = main === undefined ? info.editor.getValue() === view.state.doc.toString() : main === view;
  return isWhole ? info.file.path : null;
}

/** One editor whose text the server has. */
export class FindingsInEditor implements PluginValue {
  private path: string | null = null;
  private timer: number | undefined;
  /** Whether the text has changed since it was sent; another editor of the note may have a newer one. */
  private isChanged = false;

  constructor(
    readonly view: EditorView,
    private readonly host: EditorHost,
  ) {
    this.schedule(0); // only then, Obsidian knows what the editor shows
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) {
      this.isChanged = true;
      this.schedule(PAUSE);
    } else if (livePreview(update.startState) !== livePreview(update.state)) {
      this.schedule(0);
    }
  }

  destroy(): void {
    window.clearTimeout(this.timer);
    this.attach(null);
  }

  /** Updates which note is shown, and its findings. */
  refresh(): void {
    this.schedule(0);
  }

  /** Shows the findings, if they are about the text in the editor. */
  show(): void {
    const { path, view } = this;
    if (path === null) {
      return;
    }
    const isCurrent = this.host.documents.isShown(path, view.state.doc.toString());
    const running = this.host.client.state === "running";
    if (isCurrent || !running) {
      const found = this.host.client.diagnostics.get(path) ?? [];
      const shown = found.filter((one) => (one.severity ?? 1) <= this.host.least()).map((one) => this.shown(path, one));
      if (shown.length > 0 || diagnosticCount(view.state) > 0) {
        view.dispatch(setDiagnostics(view.state, shown));
      }
    }
  }

  private schedule(pause: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.attach(pathOf(this.view));
      if (this.path !== null) {
        if (this.isChanged) {
          this.isChanged = false;
          this.host.documents.change(this.path, this.view.state.doc.toString());
        }
        this.show();
      }
    }, pause);
  }

  private attach(path: string | null): void {
    if (path === this.path) {
      return;
    }
    const { documents, attached } = this.host;
    if (this.path !== null) {
      attached.remove(this.path, this);
      documents.release(this.path);
    }
    this.path = path;
    if (path !== null) {
      attached.add(path, this);
      documents.take(path, this.view.state.doc.toString());
    }
  }

  private shown(path: string, found: Diagnostic): Shown {
    const { state } = this.view;
    void this.host.reason(ruleOf(found)); // loaded before somebody hovers
    const [from, to] = visible(state, place(state.doc, found.range.start), place(state.doc, found.range.end));
    const act = (name: string, markClass: string, perform: (range: Range) => void): Action => ({
      name,
      markClass,
      apply: (view, start, end) => perform({ start: position(view.state.doc, start), end: position(view.state.doc, end) }),
    });
    const buttons = fixes(found).map((fix) => {
      const title = titleOf(fix);
      return act(title, fix.safe ? "vaultlint-apply" : "vaultlint-more", (range) => this.host.fix(path, range, identity(found), title));
    });
    return {
      from,
      to,
      severity: severity(found.severity),
      message: messageOf(found),
      renderMessage: () => this.message(found),
      actions: [...buttons, act("More…", "vaultlint-more", (range) => this.host.showActions(path, range))],
    };
  }

  /** The hover text above the buttons. */
  private message(found: Diagnostic): HTMLElement {
    const rule = ruleOf(found);
    const message = createDiv({ cls: "vaultlint-tip" });
    message.createDiv({ text: messageOf(found) });
    const reason = message.createDiv({ cls: "vaultlint-reason" });
    void this.host.reason(rule).then((text) => reason.setText(text));
    const link = message.createEl("a", { text: rule, cls: "vaultlint-rule", title: `What ${rule} is about`, href: "#" });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.host.explain(rule);
    });
    return message;
  }
}

/** The extension of all editors. */
export function findingsInEditors(host: EditorHost, withGutter: boolean): Extension {
  return [
    ViewPlugin.define((view) => new FindingsInEditor(view, host)),
    linter(null),
    withGutter ? lintGutter() : [],
  ];
}

function livePreview(state: EditorState): boolean {
  return state.field(editorLivePreviewField, false) ?? false;
}

export function severity(one: DiagnosticSeverity | undefined): Shown["severity"] {
  return one === 2 ? "warning" : one === 3 || one === 4 ? "info" : "error";
}

/** The offset of a position in a text of the editor. */
export function place(doc: Text, { line, character }: Position): number {
  if (line >= doc.lines) {
    return doc.length;
  }
  const { from, to } = doc.line(line + 1);
  return Math.min(from + character, to);
}

/** The position of an offset in a text of the editor. */
export function position(doc: Text, at: number): Position {
  const line = doc.lineAt(at);
  return { line: line.number - 1, character: at - line.from };
}

/** What to underline: the whole link if live preview hides its target. */
function visible(state: EditorState, from: number, to: number): [number, number] {
  if (!livePreview(state)) {
    return [from, to];
  }
  const line = state.doc.lineAt(from);
  const [before, after] = [line.text.slice(0, from - line.from), line.text.slice(to - line.from)];
  const wikilink = enclosed(before, after, "[[", "]]");
  if (wikilink !== null) {
    return [line.from + wikilink[0], to + wikilink[1]];
  }
  const link = enclosed(before, after, "](", ")");
  if (link !== null) {
    return [line.from + Math.max(0, before.lastIndexOf("[", link[0])), to + link[1]];
  }
  return [from, to];
}

/** The start of a pair of marks around a place, and the distance from the place to their end; null if there is none. */
function enclosed(before: string, after: string, open: string, close: string): [number, number] | null {
  const [start, end] = [before.lastIndexOf(open), after.indexOf(close)];
  const isOpen = start !== -1 && !before.slice(start).includes(close) && end !== -1;
  return isOpen && !after.slice(0, end).includes(open) ? [start, end + close.length] : null;
}
