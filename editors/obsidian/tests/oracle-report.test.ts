import { afterEach, describe, expect, test } from "vitest";
import type { ConformanceCase } from "../src/oracle/cases";
import { CompareModal } from "../src/oracle/modal";
import { OtherNames } from "../src/oracle/names";
import { asMarkdown, writeNote } from "../src/oracle/report";
import { App, MemoryDisk, Modal } from "./obsidian-mock";
import { until } from "./real";

afterEach(() => Modal.mockOpen.forEach((modal) => modal.close()));

/** Numbers from 0 up to 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describe("other names", () => {
  const names = new OtherNames(numbers(7));

  test("are the same for the same word, whatever its case", () => {
    const [first, second, third] = names.of("Newton NEWTON [[newton|Newtons]]").split(/[ [|]+/);
    expect(first?.toLowerCase()).toBe(second?.toLowerCase());
    expect(first?.toLowerCase()).toBe(third);
    expect(first).toMatch(/^[A-Z][a-z]{5}$/);
    expect(second).toMatch(/^[A-Z]{6}$/);
    expect(names.of("Newton")).toBe(first);
    expect(new Set([..."abcdefghijklmnopqrst"].map((word) => names.of(word))).size).toBe(20);
  });

  test("keep what a link may depend on", () => {
    expect(names.of("<mark>https://</mark> .md .PNG %C3%A4 2024-05-01 [[#^]]|")).toBe(
      "<mark>https://</mark> .md .PNG %C3%A4 2024-05-01 [[#^]]|",
    );
    expect(names.of("tags: x").startsWith("tags: ")).toBe(true);
  });

  test.each(["Ärger", "E\u0301bbe", "κυματισμός", "ΚΥΜΑΤΙΣΜΟΣ", "Движение", "漢字", "ひらがな", "שלום", "Straße", "İstanbul", "𝒳y"])(
    "have the length, script and form of %s",
    (word) => {
      const other = names.of(word);
      expect(other).not.toBe(word);
      expect(other.length).toBe(word.length);
      expect(other.normalize("NFC").length).toBe(word.normalize("NFC").length);
      expect(other.toLowerCase().length).toBe(word.toLowerCase().length);
      for (const script of ["Latin", "Greek", "Cyrillic", "Han", "Hiragana", "Hebrew"]) {
        const letters = new RegExp(`\\p{Script=${script}}`, "gu");
        expect(other.match(letters)?.length, script).toBe(word.match(letters)?.length);
      }
    },
  );
});

const CASE: ConformanceCase = {
  id: "obsidian-target-1",
  vault: { "A.md": "```js\n[[B]]\n```\n" },
  source: "A.md",
  find: "[[B]]",
  expect: { kind: "none", resolves_to: null, subpath: "none" },
  why: "Obsidian 1.13.1: …",
  evidence: "forum",
};

describe("the text for an issue", () => {
  test("has the cases as JSON in a fence that they can't close", () => {
    const text = asMarkdown({ versions: "Obsidian 1.13.1", notes: 1, links: 2, cases: [CASE], remarks: [{ text: "odd", count: 2 }] });
    expect(text).toContain("# Obsidian 1.13.1 and vaultlint\n\nCompared 2 links in 1 note. 1 difference, each");
    const found = /^(````+)json\n([^]*?)\n\1$/m.exec(text);
    expect(JSON.parse(found?.[2] ?? "")).toEqual({ cases: [CASE] });
    expect(text).toContain("- 2 times: odd\n");
  });

  test("is short if nothing differs", () => {
    const text = asMarkdown({ versions: "Obsidian 1.13.1", notes: 1, links: 1, cases: [], remarks: [] });
    expect(text).toBe("# Obsidian 1.13.1 and vaultlint\n\nCompared 1 link in 1 note. No differences to show.\n");
  });

  test("goes into a new note", async () => {
    const app = new App(new MemoryDisk({}), "/vault");
    const write = async (): Promise<string> => (await writeNote(app as never, "x")).path;
    expect([await write(), await write()]).toEqual(["Comparison with vaultlint.md", "Comparison with vaultlint 2.md"]);
  });
});

describe("the window", () => {
  const app = new App(new MemoryDisk({}), "/vault");
  const button = (text: string): void =>
    [...document.querySelectorAll("button")].find((one) => one.textContent === text)?.click();
  const status = (): string => document.querySelector(".modal [role=status]")?.textContent ?? "";

  test("compares, and writes only on request", async () => {
    const server = { request: <Answer>() => Promise.resolve({ notes: [], next: null } as Answer) };
    new CompareModal(app as never, server).open();
    expect(document.querySelector("input")?.checked).toBe(true);
    button("Compare");
    await until(() => status() === "No difference in 0 links.", "the result");
    expect(app.vault.getFiles()).toEqual([]);
    button("Write a note");
    await until(() => status() === "Written to a new note.", "the note");
    expect(app.vault.getFiles().map((file) => file.path)).toEqual(["Comparison with vaultlint.md"]);
    button("Copy");
    await until(() => status() !== "Written to a new note.", "an answer");
    expect(status()).toMatch(/^That did not work: /); // there is no clipboard here
    document.querySelector(".modal-content")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(Modal.mockOpen).toEqual([]);
  });

  test("says what is wrong", async () => {
    new CompareModal(app as never, { request: () => Promise.reject(new Error("vaultlint is not running")) }).open();
    button("Compare");
    await until(() => status() === "That did not work: vaultlint is not running", "it is said");
  });
});
