import { describe, expect, test } from "vitest";
import { replacementsIn, shownChanges } from "../src/pane/changes";
import type { FileChange } from "../src/pane/host";
import { counts, filtered, Findings, grouped, rows } from "../src/pane/model";
import type { Filter, Group, Severity } from "../src/pane/model";
import { replaced } from "../src/text";
import { diagnostic, manyDiagnostics } from "./planted";

const ALL: ReadonlySet<Severity> = new Set([1, 2, 3]);
const every = (text = ""): Filter => ({ text, severities: ALL });

const FOUND = new Map([
  ["b/Two.md", [diagnostic("unused-footnote", { line: 4, severity: 2, safe: true }), diagnostic("broken-link", { line: 1, wanted: "Newton" })]],
  ["One.md", [diagnostic("broken-link", { wanted: "newton" }), diagnostic("unwritten-note", { line: 2, severity: 3, wanted: "Kepler" })]],
  ["a/Note 10.md", [diagnostic("broken-link", { safe: true, wanted: "Keplr" })]],
  ["a/Note 9.md", [diagnostic("broken-anchor", { severity: 2, message: "no heading 'Ärger'" })]],
]);

const shape = (groups: readonly Group[]): unknown[] =>
  groups.map((group) => [group.label, group.findings.length, ...(group.groups.length > 0 ? [shape(group.groups)] : [])]);

describe("findings in groups", () => {
  const all = new Findings().of(FOUND);

  test("are sorted by path and place", () => {
    expect(all.map((one) => `${one.path}:${one.range.start.line}`)).toEqual([
      "a/Note 9.md:0",
      "a/Note 10.md:0",
      "b/Two.md:1",
      "b/Two.md:4",
      "One.md:0",
      "One.md:2",
    ]);
  });

  test("by rule: the worst first, then the most", () => {
    expect(shape(grouped(all, "rule"))).toEqual([
      ["broken-link", 3],
      ["broken-anchor", 1],
      ["unused-footnote", 1],
      ["unwritten-note", 1],
    ]);
    expect(grouped(all, "rule").map(({ severity, notes, fixable }) => [severity, notes, fixable])).toEqual([
      [1, 3, 1],
      [2, 1, 0],
      [2, 1, 1],
      [3, 1, 0],
    ]);
  });

  test("by folder, then by note", () => {
    expect(shape(grouped(all, "folder"))).toEqual([
      ["/", 2, [["One", 2]]],
      ["a", 2, [["Note 9", 1], ["Note 10", 1]]],
      ["b", 2, [["Two", 2]]],
    ]);
  });

  test("by wanted note: the most wanted first, in any spelling", () => {
    expect(shape(grouped(all, "wanted"))).toEqual([
      ["Newton", 2],
      ["Kepler", 1],
      ["Keplr", 1],
    ]);
    expect(grouped(all, "wanted").every((group) => group.fixable === 0)).toBe(true);
  });

  test("each finding is in one group", () => {
    const many = new Findings().of(manyDiagnostics(3_000));
    for (const mode of ["rule", "folder"] as const) {
      const keys = grouped(many, mode).flatMap((group) => group.findings.map((one) => one.key));
      expect(new Set(keys).size).toBe(3_000);
      expect(keys.length).toBe(3_000);
      const shown = rows(grouped(many, mode), () => true);
      expect(new Set(shown.map((row) => row.key)).size).toBe(shown.length);
    }
  });

  test("are filtered by words in path, rule and message, whatever their case", () => {
    const found = (text: string): string[] => filtered(all, every(text)).map((one) => one.path);
    expect(found("ARGER")).toEqual([]);
    expect(found("ÄRGER")).toEqual(["a/Note 9.md"]);
    expect(found("a\u0308rger note")).toEqual(["a/Note 9.md"]);
    expect(found("broken-link b/")).toEqual(["b/Two.md"]);
    expect(found("  ")).toHaveLength(6);
    expect(filtered(all, { text: "", severities: new Set([3]) }).map((one) => one.rule)).toEqual(["unwritten-note"]);
  });

  test("are counted by severity", () => {
    expect(counts(all)).toEqual(new Map([[1, 3], [2, 2], [3, 1]]));
  });

  test("are computed again only for changed files", () => {
    const found = new Map(FOUND);
    const findings = new Findings();
    const before = findings.of(found);
    found.set("One.md", [diagnostic("broken-link")]);
    found.delete("a/Note 9.md");
    const after = findings.of(found);
    expect(after.find((one) => one.path === "b/Two.md")).toBe(before.find((one) => one.path === "b/Two.md"));
    expect(after.filter((one) => one.path === "One.md")).toHaveLength(1);
    expect(after.some((one) => one.path === "a/Note 9.md")).toBe(false);
  });
});

describe("lines of the list", () => {
  const groups = grouped(new Findings().of(FOUND), "folder");

  test("show open groups, with level and place", () => {
    const open = new Set(["folder\na", "note\na/Note 10.md"]);
    const seen = rows(groups, (key) => open.has(key)).map((row) => [
      row.kind === "group" ? row.group.label : row.finding.path,
      row.level,
      `${row.number} of ${row.of}`,
    ]);
    expect(seen).toEqual([
      ["/", 1, "1 of 3"],
      ["a", 1, "2 of 3"],
      ["Note 9", 2, "1 of 2"],
      ["Note 10", 2, "2 of 2"],
      ["a/Note 10.md", 3, "1 of 1"],
      ["b", 1, "3 of 3"],
    ]);
  });
});

function file(...edits: [line: number, from: number, to: number, oldText: string, newText: string][]): FileChange {
  return {
    path: "A.md",
    uri: "file:///A.md",
    version: null,
    digest: "",
    group: 0,
    edits: edits.map(([line, from, to, oldText, newText]) => ({
      range: { start: { line, character: from }, end: { line, character: to } },
      oldText,
      newText,
    })),
  };
}

describe("changes", () => {
  test("are shown with the text around them", () => {
    const text = `${"x".repeat(50)}[[Newtn]] and ${"y".repeat(50)}\n`;
    const [one] = shownChanges(file([7, 0, text.length, text, text.replace("[[Newtn]]", "[[Newton|Newtn]]")]));
    expect(one?.line).toBe(8);
    expect(one?.old).toEqual({ before: `…${"x".repeat(30)}[[`, changed: "Newtn", after: `]] and ${"y".repeat(25)}…` });
    expect(one?.new.changed).toBe("Newton|Newtn");
  });

  test("of several lines are shown line by line, if lines correspond", () => {
    const shown = shownChanges(file([2, 0, 0, "a b\nsame\nc\n", "a x\nsame\nd\n"]));
    expect(shown.map(({ line, old, new: now }) => [line, old.changed, now.changed])).toEqual([
      [3, "b", "x"],
      [5, "c", "d"],
    ]);
    const [gone] = shownChanges(file([2, 0, 0, "%% vaultlint-ignore %%\n\n", ""]));
    expect(gone?.old.changed).toBe("%% vaultlint-ignore %% ⏎ ");
  });

  test("never show half a character", () => {
    const [one] = shownChanges(file([0, 0, 2, "😀", "😁"]));
    expect([one?.old, one?.new]).toEqual([
      { before: "", changed: "😀", after: "" },
      { before: "", changed: "😁", after: "" },
    ]);
    const around = "😀".repeat(40);
    const [other] = shownChanges(file([0, 0, 0, `${around}a${around}`, `${around}b${around}`]));
    expect(other?.old.before).toMatch(/^…(?:😀)+$/u);
    expect(other?.old.after).toMatch(/^(?:😀)+…$/u);
  });

  test("are valid only for the text that they were made for", () => {
    const changed = (text: string, by: FileChange["edits"]): string => replaced(text, replacementsIn(text, by));
    const { edits } = file([1, 0, 2, "😀", "x"], [0, 1, 2, "b", "c"], [2, 0, 0, "", "end"]);
    expect(changed("ab\r\n😀y\n", edits)).toBe("ac\r\nxy\nend");
    expect(() => changed("ab\n😁y\n", edits)).toThrow("The text has changed");
    expect(() => changed("", edits)).toThrow("The text has changed");
  });
});
