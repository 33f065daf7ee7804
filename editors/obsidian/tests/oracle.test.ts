import type { App as RealApp } from "obsidian";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Client } from "../src/client";
import type { Expectation } from "../src/oracle/answers";
import { offsets, serverLinks } from "../src/oracle/answers";
import type { ServerNote } from "../src/oracle/answers";
import type { ConformanceCase } from "../src/oracle/cases";
import { compareWithObsidian } from "../src/oracle/compare";
import type { Comparison } from "../src/oracle/compare";
import { connect } from "../src/program";
import { at, FakeCache } from "./fake-cache";
import { App } from "./obsidian-mock";
import { diskOf, remove, VAULTLINT, vaultWith } from "./real";

const FILES = {
  "Laws.md": "# Laws of motion\n\nText between. ^first\n\n## Third law\n\nMore text.\n\n```\n# No heading\n```\n\nEnd. ^last\n",
  "People/Isaac Newton.md": "---\nsee: \"[[Laws]]\"\n---\n# Life\n\nHe wrote [[Laws#Third law|the third]].\n\n$$\n[[Laws]]\n$$\n",
  "People/Johannes Kepler.md": "A line.\n\n😀 See [[isaac newton]] and ![[Moon.png]], <mark>[[Laws]]</mark>.\n\n[x](../Laws.md#^first)\n",
  "a/Twin.md": "",
  "b/Twin.md": "",
  "img/Moon.png": "",
  "Start.md": "[[Twin]] [[Nobody]] [[Laws#Third law]] [[#Here]] {{[[x]]}}\n\n# Here\n",
  "Board.canvas": '{"nodes":[{"id":"1","type":"file","file":"Laws.md","x":0,"y":0,"width":1,"height":1}]}',
};

const KEPLER = "People/Johannes Kepler.md";
const NEWTON = "People/Isaac Newton.md";

let folder: string;
let client: Client;
let app: App;
let fake: FakeCache;

beforeAll(async () => {
  folder = vaultWith(FILES);
  client = new Client(folder, async () => connect(VAULTLINT, ["server"], folder));
  await client.start();
});
afterAll(async () => {
  await client.stop();
  remove(folder);
});
beforeEach(async () => {
  app = new App(diskOf(folder), folder);
  await app.vault.mockLoad();
  fake = await FakeCache.of(app, client);
});

const compared = (replaceNames = false): Promise<Comparison> =>
  compareWithObsidian(app as unknown as RealApp, client, { replaceNames });

/** The place of a text in a note, as Obsidian gives it. */
const place = (path: keyof typeof FILES, text: string) => at(FILES[path].indexOf(text), text.length);

/** Planted differences, each with the cases that show it. */
const PLANTED: Record<string, { plant: () => void; cases: Partial<ConformanceCase>[]; remarks?: string[] }> = {
  "a link that leads elsewhere": {
    plant: () => fake.destinations.set(`${KEPLER}\nisaac newton`, "Start.md"),
    cases: [
      {
        source: KEPLER,
        find: "[[isaac newton]]",
        vault: { [KEPLER]: "[[isaac newton]]\n", [NEWTON]: "", "Start.md": "" },
        expect: { kind: "wikilink", resolves_to: "Start.md", subpath: "none" },
      },
    ],
  },
  "an attachment that is not found": {
    plant: () => fake.destinations.delete(`${KEPLER}\nMoon.png`),
    cases: [
      {
        find: "![[Moon.png]]",
        vault: { [KEPLER]: "![[Moon.png]]\n", "img/Moon.png": "" },
        expect: { kind: "embed", resolves_to: null, subpath: "none" },
      },
    ],
  },
  "a name that is found": {
    plant: () => fake.destinations.set("Start.md\nNobody", "Laws.md"),
    cases: [{ find: "[[Nobody]]", expect: { kind: "wikilink", resolves_to: "Laws.md", subpath: "none" } }],
  },
  "a heading that is missing": {
    plant: () => fake.cache("Laws.md").headings?.splice(1, 1),
    cases: [
      {
        source: NEWTON,
        find: "[[Laws#Third law|the third]]",
        vault: { [NEWTON]: "[[Laws#Third law|the third]]\n", "Laws.md": "## Third law\n" },
        expect: { kind: "wikilink", resolves_to: "Laws.md", subpath: "missing" },
      },
    ],
    remarks: ["differences that are similar to one of the cases"], // the link in `Start.md`
  },
  "a heading that nothing links to": {
    plant: () => fake.cache("Laws.md").headings?.push({ heading: "No heading", level: 1, position: place("Laws.md", "# No") }),
    cases: [
      {
        source: "Probe.md",
        find: "[[Laws#No heading]]",
        vault: { "Probe.md": "[[Laws#No heading]]\n", "Laws.md": "```\n# No heading\n```\n" },
        expect: { kind: "wikilink", resolves_to: "Laws.md", subpath: "ok" },
      },
    ],
  },
  "a block id that is missing, though a link names it": {
    plant: () => delete fake.cache("Laws.md").blocks?.["first"],
    cases: [
      {
        find: "[x](../Laws.md#^first)",
        vault: { [KEPLER]: "[x](../Laws.md#^first)\n", "Laws.md": "Text between. ^first\n" },
        expect: { kind: "markdown", resolves_to: "Laws.md", subpath: "missing" },
      },
    ],
  },
  "a block id that nothing links to": {
    plant: () => delete fake.cache("Laws.md").blocks?.["last"],
    cases: [{ find: "[[Laws#^last]]", expect: { kind: "wikilink", resolves_to: "Laws.md", subpath: "missing" } }],
  },
  "a link in math": {
    plant: () => fake.cache(NEWTON).links?.push({ link: "Laws", original: "[[Laws]]", position: at(FILES[NEWTON].lastIndexOf("[[Laws]]"), 8) }),
    cases: [
      {
        source: NEWTON,
        find: "[[Laws]]",
        vault: { [NEWTON]: "$$\n[[Laws]]\n$$\n", "Laws.md": "" },
        expect: { kind: "wikilink", resolves_to: "Laws.md", subpath: "none" },
      },
    ],
  },
  "a link in HTML that is none": {
    plant: () => {
      const { links } = fake.cache(KEPLER);
      links?.splice(links.findIndex((one) => one.original === "[[Laws]]"), 1);
      const tally = app.metadataCache.resolvedLinks[KEPLER] ?? {};
      tally["Laws.md"] = 1;
    },
    cases: [
      {
        source: KEPLER,
        find: "[[Laws]]",
        expect: { kind: "none", resolves_to: null, subpath: "none" },
        vault: { [KEPLER]: "😀 See [[isaac newton]] and ![[Moon.png]], <mark>[[Laws]]</mark>.\n", "Laws.md": "" },
      },
    ],
  },
  "a link in a property that is none": {
    plant: () => {
      fake.cache(NEWTON).frontmatterLinks = [];
      const tally = app.metadataCache.resolvedLinks[NEWTON] ?? {};
      tally["Laws.md"] = 1;
    },
    cases: [{ source: NEWTON, find: "[[Laws]]", vault: { [NEWTON]: '---\nsee: "[[Laws]]"\n---\n', "Laws.md": "" } }],
  },
};

const cleared = (path: string): void => {
  // Planted differences change the counts of links, which these tests do not check.
  delete app.metadataCache.resolvedLinks[path];
};

describe("the comparison", () => {
  test("finds nothing if nothing differs", async () => {
    const found = await compared();
    expect(found.cases).toEqual([]);
    expect(found.remarks).toEqual([]);
    expect([found.notes, found.links]).toEqual([7, 11]);
  });

  test.each(Object.entries(PLANTED))("finds %s, and nothing else", async (name, { plant, cases, remarks = [] }) => {
    plant();
    Object.keys(FILES).forEach(cleared);
    const found = await compared();
    expect(found.remarks.map((one) => one.text)).toEqual(remarks);
    expect(found.cases).toMatchObject(cases);
    expect(found.cases.length, name).toBe(cases.length);
    await expectShown(found.cases);
  });

  test("finds all of them at once", async () => {
    Object.values(PLANTED).forEach(({ plant }) => plant());
    Object.keys(FILES).forEach(cleared);
    const found = await compared();
    const count = Object.values(PLANTED).flatMap(({ cases }) => cases).length;
    expect(found.cases.length).toBe(count);
    expect(new Set(found.cases.map((one) => one.id)).size).toBe(count);
    await expectShown(found.cases);
  });

  test("reports what does not fit into a case", async () => {
    app.metadataCache.resolvedLinks["Start.md"] = { "Laws.md": 5 };
    app.metadataCache.resolvedLinks["Board.canvas"] = {};
    fake.destinations.set("Start.md\nTwin", "b/Twin.md");
    app.metadataCache.mockCaches.delete("b/Twin.md");
    const found = await compared();
    expect(found.cases).toEqual([]);
    expect(Object.fromEntries(found.remarks.map(({ text, count }) => [text, count]))).toEqual({
      "links that match several files, where Obsidian chooses another one than vaultlint": 1,
      "files to which resolvedLinks counts more or fewer links of a note than the note's own cache has": 3,
      "files to which resolvedLinks counts more or fewer links of a canvas or base than vaultlint": 1,
      "notes that Obsidian has not read yet": 1,
    });
  });

  test("leaves out a note that is being edited", async () => {
    client.notify("textDocument/didOpen", {
      textDocument: { uri: client.paths.uri("Start.md"), languageId: "markdown", version: 1, text: "[[Other]]\n" },
    });
    const found = await compared();
    client.notify("textDocument/didClose", { textDocument: { uri: client.paths.uri("Start.md") } });
    expect(found.cases).toEqual([]);
    expect(found.remarks.map((one) => one.text)).toEqual(["notes with another text in Obsidian than vaultlint has read"]);
  });

  test("makes as many cases as are wanted", async () => {
    Object.values(PLANTED).forEach(({ plant }) => plant());
    Object.keys(FILES).forEach(cleared);
    const found = await compareWithObsidian(app as unknown as RealApp, client, { replaceNames: false, most: 3 });
    expect(found.cases.length).toBe(3);
    expect(found.remarks.map((one) => one.text)).toContain("differences beyond the first 3");
  });
});

describe("other names", () => {
  test.each(Object.entries(PLANTED))("show the same: %s", async (_, { plant, cases }) => {
    plant();
    Object.keys(FILES).forEach(cleared);
    const plain = await compared();
    const found = await compared(true);
    expect(found.cases.length).toBe(cases.length);
    await expectShown(found.cases);
    const shape = (one: ConformanceCase): unknown => [one.expect.kind, one.expect.subpath, one.expect.resolves_to === null];
    expect(found.cases.map(shape)).toEqual(plain.cases.map(shape));
    const secret = /newton|kepler|laws?|moon|twin|nobody|third|heading|johannes|isaac|wrote|between/i;
    for (const { vault, source, find, expect: expected, why } of found.cases) {
      expect(JSON.stringify([vault, source, find, expected])).not.toMatch(secret);
      expect(why.replace(/vaultlint|Obsidian|that this (?:wikilink|embed|markdown)|it is not a link|leads/g, "")).not.toMatch(secret);
    }
  });
});

/** Asserts that each case has the form of the table, and that the server and Obsidian differ. */
async function expectShown(cases: readonly ConformanceCase[]): Promise<void> {
  for (const one of cases) {
    expect(Object.keys(one)).toEqual(["id", "vault", "source", "find", "expect", "why", "evidence"]);
    const text = one.vault[one.source] ?? "";
    expect(text.split(one.find).length).toBe(2);
    const texts = Object.entries(one.vault).map(([path, content]) => ({ path, text: content }));
    const { notes } = await client.request<{ notes: ServerNote[] }>("vaultlint/links", { texts });
    const note = notes.find(({ path }) => path === one.source);
    const start = text.indexOf(one.find);
    const said = note === undefined ? [] : note.links.filter((link) => offsets(text)(link.range) === start);
    const answers = note === undefined ? [] : serverLinks({ ...note, links: said }, text).map((link) => link.answer);
    const none: Expectation = { kind: "none", resolves_to: null, subpath: "none" };
    expect(answers[0] ?? none, one.id).not.toEqual(one.expect);
  }
}
