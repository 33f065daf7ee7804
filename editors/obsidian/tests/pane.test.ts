import { EditorView } from "@codemirror/view";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyFileChanges, digestOf, HAS_CHANGED } from "../src/pane/apply";
import type { FileChange } from "../src/pane/host";
import type { FindingsPane } from "../src/pane/pane";
import { App, MemoryDisk, Modal, Notice } from "./obsidian-mock";
import { FakeHost, paneWith } from "./pane-host";
import { diagnostic } from "./planted";
import { until } from "./real";

const FOUND = () =>
  new Map([
    ["One.md", [diagnostic("broken-link", { wanted: "Newton", message: "no note or attachment named 'Newton'" })]],
    ["a/Two.md", [diagnostic("unused-footnote", { severity: 2, safe: true, line: 6 }), diagnostic("broken-link")]],
  ]);

let host: FakeHost;
let pane: FindingsPane;

const texts = (): string[] =>
  [...pane.contentEl.querySelectorAll("[role=treeitem]")].map((one) => one.getAttribute("aria-label") ?? "");
const active = (): string => {
  const id = pane.contentEl.querySelector("[role=tree]")?.getAttribute("aria-activedescendant") ?? "";
  return document.getElementById(id)?.getAttribute("aria-label") ?? "";
};
const press = (key: string, at = "[role=tree]"): void => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  pane.contentEl.querySelector(at)?.dispatchEvent(event);
};
const filter = (text: string): void => {
  const input = pane.contentEl.querySelector("input");
  if (input !== null) {
    input.value = text;
    input.dispatchEvent(new Event("input"));
  }
};
const button = (text: string): HTMLElement | undefined =>
  [...document.querySelectorAll("button")].find((one) => one.textContent === text);
const message = (): string => {
  const shown = pane.contentEl.querySelector<HTMLElement>(".vaultlint-message");
  return shown?.isShown() ? shown.textContent : "";
};
const tools = (): boolean => pane.contentEl.querySelector<HTMLElement>(".vaultlint-tools")?.isShown() ?? false;

beforeEach(async () => {
  document.body.replaceChildren();
  Notice.mockAll = [];
  host = new FakeHost();
  host.found = FOUND();
  pane = await paneWith(host);
});
afterEach(async () => {
  Modal.mockOpen.forEach((modal) => modal.close());
  await (pane as unknown as { mockClose(): Promise<void> }).mockClose();
});

describe("the pane", () => {
  test("shows few findings at once, in groups with their counts", () => {
    expect(texts()).toEqual([
      "broken-link, 2 findings in 2 notes",
      "error: something about broken-link, Two, line 1, a",
      "error: no note or attachment named 'Newton', One, line 1",
      "unused-footnote, 1 finding in 1 note, F to fix",
      "warning: something about unused-footnote, Two, line 7, a",
    ]);
    expect(message()).toBe("");
  });

  test("shows only one sentence while there are no findings", async () => {
    host.change(new Map());
    await until(() => message() !== "", "it is seen");
    expect(message()).toBe("No problems found");
    expect(tools()).toBe(false);
    expect(texts()).toEqual([]);
    host.state = { kind: "checking" };
    host.change();
    await until(() => message() === "Checking the vault…", "it is not said too early");
    host.state = { kind: "off", message: "There is no program." };
    host.change();
    await until(() => message() === "There is no program.", "nor while no server runs");
  });

  test("handles many changes at once, and keeps groups open", async () => {
    press("Home");
    press("ArrowLeft");
    expect(texts()).toHaveLength(3);
    const found = FOUND();
    for (let i = 0; i < 40; i++) {
      found.set(`Note ${i}.md`, [diagnostic("broken-link")]);
      host.change(found);
    }
    await until(() => texts()[0] === "broken-link, 42 findings in 42 notes", "all are counted");
    expect(texts()).toHaveLength(3);
  });

  test("is used by keyboard: arrows, Home, End, Enter", () => {
    expect(active()).toContain("broken-link, 2 findings");
    press("ArrowDown");
    press("ArrowDown");
    press("Enter");
    expect(host.opened.map(([path, range]) => [path, range.start.line])).toEqual([["One.md", 0]]);
    press("ArrowLeft");
    expect(active()).toContain("broken-link, 2 findings");
    press("ArrowLeft");
    expect(texts()).toHaveLength(3);
    press("ArrowLeft");
    press("ArrowRight");
    expect(texts()).toHaveLength(5);
    press("ArrowRight");
    expect(active()).toContain("error: something about broken-link");
    press("End");
    expect(active()).toContain("unused-footnote, Two, line 7");
    press("ArrowDown");
    expect(active()).toContain("unused-footnote, Two, line 7");
    press("Home");
    press("Enter");
    expect(texts()).toHaveLength(3);
    expect(pane.contentEl.querySelectorAll("[aria-selected=true]")).toHaveLength(1);
  });

  test("tells screen readers where a line is", () => {
    const items = [...pane.contentEl.querySelectorAll("[role=treeitem]")].map((one) =>
      ["aria-level", "aria-posinset", "aria-setsize", "aria-expanded"].map((name) => one.getAttribute(name)),
    );
    expect(items.slice(0, 3)).toEqual([
      ["1", "1", "2", "true"],
      ["2", "1", "2", null],
      ["2", "2", "2", null],
    ]);
  });

  test("is filtered, also by keyboard alone", () => {
    filter("newton");
    expect(texts()).toEqual(["broken-link, 1 finding in 1 note", "error: no note or attachment named 'Newton', One, line 1"]);
    press("Enter", "input");
    expect(document.activeElement?.getAttribute("role")).toBe("tree");
    press("Escape");
    expect(document.activeElement?.tagName).toBe("INPUT");
    expect(texts()).toHaveLength(5);
    filter("no such thing");
    expect(message()).toBe("No finding matches the filter.");
    expect(tools()).toBe(true);
    press("Escape", "input");
    expect(texts()).toHaveLength(5);
    pane.contentEl.querySelector<HTMLElement>("button[aria-label='2 errors']")?.click();
    expect(texts()).toHaveLength(2);
  });

  test("groups by folder and by wanted note, and stores the choice", async () => {
    button("Folder")?.click();
    expect(texts().map((text) => text.split(",")[0])).toEqual([
      "(top of the vault)",
      "One",
      "error: no note or attachment named 'Newton'",
      "a",
      "Two",
      "error: something about broken-link",
      "warning: something about unused-footnote",
    ]);
    button("Wanted note")?.click();
    expect(texts()).toEqual(["Newton, in 1 note", "error: no note or attachment named 'Newton', One, line 1"]);
    expect(pane.getState()).toEqual({ mode: "wanted" });
    await pane.setState({ mode: "rule" }, { history: false });
    expect(texts()).toHaveLength(5);
    host.change(new Map([["a/Two.md", [diagnostic("broken-anchor")]]]));
    button("Wanted note")?.click();
    await until(() => message() === "No missing notes: every linked name has a file.", "the reason why nothing is shown");
  });

  test("opens a note at the place by a click", () => {
    pane.contentEl.querySelectorAll<HTMLElement>("[role=treeitem]")[1]?.click();
    expect(host.opened).toEqual([["a/Two.md", FOUND().get("a/Two.md")?.[1]?.range]]);
  });

  test("stops listening when it is closed", async () => {
    await (pane as unknown as { mockClose(): Promise<void> }).mockClose();
    expect(host.listeners).toBe(0);
  });

  test("shows messages as plain text", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    host.change(new Map([[`${evil}.md`, [diagnostic(evil, { message: evil, wanted: evil })]]]));
    await until(() => texts().length === 2, "it is shown");
    for (const mode of ["Folder", "Wanted note", "Rule"]) {
      button(mode)?.click();
      expect(pane.contentEl.querySelector("img")).toBeNull();
      expect(pane.contentEl.textContent).toContain(evil);
    }
  });
});

const change = (path: string, text: string, group = 0): FileChange => ({
  path,
  uri: `file:///vault/${path}`,
  version: null,
  digest: digestOf(text),
  group,
  edits: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } }, oldText: "Old", newText: "New" }],
});

describe("the preview of fixes", () => {
  const listed = (): string[] => [...document.querySelectorAll(".modal [role=listitem]")].map((one) => one.textContent);

  test("shows every change, and makes them when asked to", async () => {
    host.fixes = { files: [change("a/Two.md", "Old"), change("One.md", "Old")], fixed: [], refused: [] };
    button("Fix 1…")?.click();
    expect(host.asked).toEqual([["vaultlint/fixes", { rule: "unused-footnote" }]]);
    await until(() => listed().length === 4, "the changes");
    expect(listed()).toEqual(["a/Two.md1 change", "1−Old+New", "One.md1 change", "1−Old+New"]);
    expect(document.querySelector("del")?.textContent).toBe("Old");
    button("Change 2 notes")?.click();
    await until(() => Modal.mockOpen.length === 0, "it is closed");
    expect(Notice.mockAll.map((one) => one.messageEl.textContent)).toEqual(["Fixed 2 notes."]);
    expect(document.activeElement?.getAttribute("role")).toBe("tree");
  });

  test("asks for the notes that are shown, if not all are", () => {
    filter("two");
    press("End");
    press("f");
    expect(host.asked).toEqual([["vaultlint/fixes", { rule: "unused-footnote", paths: ["a/Two.md"] }]]);
    filter("");
    button("Folder")?.click();
    press("End");
    press("F");
    expect(host.asked[1]).toEqual(["vaultlint/fixes", { paths: ["a/Two.md"] }]);
  });

  test("shows which notes are not changed, and stays", async () => {
    host.fixes = { files: [change("a/Two.md", "Old"), change("One.md", "Old")], fixed: [], refused: [] };
    host.outcome = () => ({ applied: ["One.md"], refused: [{ path: "a/Two.md", message: HAS_CHANGED }] });
    button("Fix 1…")?.click();
    await until(() => listed().length === 4, "the changes");
    button("Change 2 notes")?.click();
    await until(() => listed().length === 1, "what is left");
    expect(listed()).toEqual([`a/Two.md${HAS_CHANGED}`]);
    expect(document.querySelector(".vaultlint-summary")?.textContent).toBe("1 note changed, 1 not changed:");
    document.querySelector(".modal-content")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(Modal.mockOpen).toEqual([]);
  });

  test("shows an error if the notes can't be changed", async () => {
    host.fixes = { files: [change("a/Two.md", "Old")], fixed: [], refused: [] };
    host.applyEdits = () => Promise.reject(new Error("the disk is gone"));
    button("Fix 1…")?.click();
    await until(() => listed().length === 2, "the changes");
    button("Change 1 note")?.click();
    const summary = () => document.querySelector(".vaultlint-summary")?.textContent ?? "";
    await until(() => summary() === "That did not work: the disk is gone", "it is said");
  });

  test("shows an error if the server fails", async () => {
    host.request = () => Promise.reject(new Error("vaultlint is not running"));
    button("Fix 1…")?.click();
    const summary = () => document.querySelector(".vaultlint-summary")?.textContent ?? "";
    await until(() => summary().startsWith("That"), "it is said");
    expect(summary()).toBe("That did not work: vaultlint is not running");
    Modal.mockOpen[0]?.close();
  });
});

const CLOSED = { viewOf: () => undefined };

describe("changes of notes", () => {
  const vaultWith = async (texts: Record<string, string>) => {
    const disk = new MemoryDisk(texts);
    const { vault } = new App(disk, "/vault");
    await vault.mockLoad();
    return { vault: vault as never, real: vault, texts: disk.texts };
  };

  test("are applied only to the texts that they were made for", async () => {
    const { vault, texts } = await vaultWith({ "A.md": "Old", "B.md": "Old and more", "C.md": "\ufeffOld" });
    const files = [change("A.md", "Old"), change("B.md", "Old", 1), change("C.md", "Old", 2), change("D.md", "Old", 3)];
    expect(await applyFileChanges(vault, CLOSED, files)).toEqual({
      applied: ["A.md", "C.md"],
      refused: [
        { path: "B.md", message: HAS_CHANGED },
        { path: "D.md", message: "The note no longer exists." },
      ],
    });
    expect(texts).toEqual({ "A.md": "New", "B.md": "Old and more", "C.md": "\ufeffNew" });
  });

  test("of one group are applied all or none", async () => {
    const { vault, texts } = await vaultWith({ "A.md": "Old", "B.md": "Other" });
    const outcome = await applyFileChanges(vault, CLOSED, [change("A.md", "Old"), change("B.md", "Old")]);
    expect(outcome.applied).toEqual([]);
    expect(outcome.refused.map((one) => one.path)).toEqual(["B.md", "A.md"]);
    expect(texts).toEqual({ "A.md": "Old", "B.md": "Other" });
  });

  test("of one group are undone if a note changes in the meantime", async () => {
    const { vault, real, texts } = await vaultWith({ "A.md": "Old", "B.md": "Old" });
    real.on("modify", (file) => {
      if ((file as { path: string }).path === "A.md" && texts["A.md"] === "New") {
        texts["B.md"] = "Other";
      }
    });
    const outcome = await applyFileChanges(vault, CLOSED, [change("A.md", "Old"), change("B.md", "Old")]);
    expect(outcome.refused).toHaveLength(2);
    expect(texts).toEqual({ "A.md": "Old", "B.md": "Other" });
  });

  test("are applied in the editor of an open note, and undone there", async () => {
    const { vault, texts } = await vaultWith({ "A.md": "Old, not saved yet", "B.md": "Old" });
    const view = new EditorView({ doc: "Old" });
    const editors = { viewOf: (path: string) => (path === "A.md" ? view : undefined) };
    const other = change("B.md", "Old and more");
    expect((await applyFileChanges(vault, editors, [change("A.md", "Old"), other])).applied).toEqual([]);
    expect(view.state.doc.toString()).toBe("Old");
    expect((await applyFileChanges(vault, editors, [change("A.md", "Old")])).applied).toEqual(["A.md"]);
    expect(view.state.doc.toString()).toBe("New");
    expect((await applyFileChanges(vault, editors, [change("A.md", "Old")])).refused).toHaveLength(1);
    expect(texts["A.md"]).toBe("Old, not saved yet"); // the app saves what is in its editors
  });

  test("of one group are also undone in an editor", async () => {
    const { vault, real, texts } = await vaultWith({ "A.md": "", "B.md": "Old" });
    const view = new EditorView({ doc: "Old" });
    const editors = { viewOf: (path: string) => (path === "A.md" ? view : undefined) };
    real.adapter.mockDisk.write = () => Promise.reject(new Error("the disk is full"));
    const outcome = await applyFileChanges(vault, editors, [change("A.md", "Old"), change("B.md", "Old")]);
    expect(outcome.refused[0]).toEqual({ path: "B.md", message: "the disk is full" });
    expect([view.state.doc.toString(), texts["B.md"]]).toEqual(["Old", "Old"]);
  });

  test("that can't be written are reported", async () => {
    const { vault, real } = await vaultWith({ "A.md": "Old" });
    real.adapter.mockDisk.write = () => Promise.reject(new Error("the disk is full"));
    const outcome = await applyFileChanges(vault, CLOSED, [change("A.md", "Old")]);
    expect(outcome).toEqual({ applied: [], refused: [{ path: "A.md", message: "the disk is full" }] });
  });
});
