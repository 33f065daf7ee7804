import { describe, expect, test } from "vitest";
import { titleOf } from "../src/actions";
import { uriOfFile, VaultPaths } from "../src/paths";
import { folders } from "../src/program";
import { why } from "../src/rules";
import { difference, replaced, replacements } from "../src/text";

/** A text after the result of `difference` is applied, as a server applies it. */
function after(before: string, now: string): string {
  let text = before;
  for (const change of difference(before, now)) {
    text =
      "range" in change
        ? replaced(text, replacements(text, [{ range: change.range, newText: change.text }]))
        : change.text;
  }
  return text;
}

describe("texts", () => {
  const pieces = ["a", "b", "\n", "\r\n", "😀", "😁", "é", "", "aa", "\n\n"];
  test("a difference turns one text into the other", () => {
    let seed = 7;
    const random = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit;
    const text = (): string => Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join("");
    for (let count = 0; count < 5_000; count++) {
      const [before, now] = [text(), text()];
      expect(after(before, now)).toBe(now);
    }
  });

  test("a difference cuts no character and is small", () => {
    expect(difference("x😀y", "x😁y")).toEqual([
      { range: { start: { line: 0, character: 1 }, end: { line: 0, character: 3 } }, text: "😁" },
    ]);
    expect(difference("a\nb\nc", "a\nB\nc")).toEqual([
      { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } }, text: "B" },
    ]);
  });

  test("edits are applied at their place, with any line endings", () => {
    const at = (line: number, character: number, end: number, newText: string) => ({
      range: { start: { line, character }, end: { line, character: end } },
      newText,
    });
    const text = "one\r\ntwo\rthree\nfour";
    const edits = [at(3, 0, 4, "4"), at(0, 0, 3, "1"), at(1, 3, 99, "!"), at(2, 0, 5, "3"), at(9, 0, 0, "end")];
    expect(replaced(text, replacements(text, edits))).toBe("1\r\ntwo!\r3\n4end");
  });
});

describe("addresses", () => {
  test("of paths are the same as in Python, and are converted back", () => {
    const paths = new VaultPaths("/home/x y/Ä#");
    const uri = paths.uri("Sub folder/50% [a]!'()?.md");
    expect(uri).toBe("file:///home/x%20y/%C3%84%23/Sub%20folder/50%25%20%5Ba%5D!'()%3F.md");
    expect(paths.path(uri)).toBe("Sub folder/50% [a]!'()?.md");
    expect(paths.path("file:///home/x%20y/%c3%84%23/A%CC%88.md")).toBe("Ä.md");
    expect(paths.path("file:///home/x%20y/%C3%84%232/A.md")).toBeNull();
    expect(paths.path("file:///%FF")).toBeNull();
    for (const inside of ["a/../../b.md", "../b.md", "%2e%2e/b.md", "a/%2e%2e/%2E./b.md"]) {
      expect(paths.path(`${paths.root}/${inside}`)).toBeNull();
    }
  });

  test("of Windows have drives and slashes", () => {
    expect(uriOfFile("C:\\Notes\\A b")).toBe("file:///C:/Notes/A%20b");
    expect(uriOfFile("\\\\server\\share\\Notes")).toBe("file://server/share/Notes");
    const paths = new VaultPaths("C:\\Notes\\");
    expect(paths.path("file:///c%3A/Notes/A.md")).toBe("A.md");
    expect(paths.path("file:///C:/Notes/B/A.md")).toBe("B/A.md");
  });
});

test("programs are searched where pipx and uv install them", () => {
  const places = folders({ PATH: "/usr/bin", PIPX_BIN_DIR: "/p", UV_TOOL_BIN_DIR: "/u" }, "/home/x");
  expect(places.slice(0, 4)).toEqual(["/usr/bin", "/p", "/u", "/home/x/.local/bin"]);
});

test("the reason of a rule is the first paragraph", () => {
  const page = "# r\n\n## What it does\nThis.\n\n## Why it matters\nBecause\nof that.\n\nMore.\n\n## Example\nx\n";
  expect(why(page)).toBe("Because of that.");
  expect(why("# r\n")).toBe("");
});

test("a fix has the title that the server gives", () => {
  expect(titleOf({ title: "link to 'A'", safe: false })).toBe("Link to 'A' (not safe)");
});
