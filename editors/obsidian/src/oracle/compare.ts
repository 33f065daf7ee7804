/** Compares how Obsidian and the server read a vault. */
import { apiVersion, resolveSubpath } from "obsidian";
import type { App, CachedMetadata, TFile } from "obsidian";
import type { Expectation, ReadLink, ServerNote } from "./answers";
import {
  isSame,
  obsidianBlocks,
  obsidianHeadings,
  obsidianLinks,
  serverBlocks,
  serverHeadings,
  serverLinks,
} from "./answers";
import type { ConformanceCase, Server } from "./cases";
import { Cases } from "./cases";
import { anchorDifferences, linkDifferences } from "./differences";
import type { AnchorDifference, Difference } from "./differences";
import { OtherNames } from "./names";
import { digestOf } from "../pane/apply";

export interface Options {
  /** Whether to replace all words in the cases. */
  replaceNames: boolean;
  /** The most cases to make. */
  most?: number;
  /** Called with the number of compared notes and of all notes. */
  onProgress?: (done: number, of: number) => void;
}

/** Something that was not compared, or that does not fit into a case; with its count. */
export interface Remark {
  text: string;
  count: number;
}

export interface Comparison {
  versions: string;
  notes: number;
  links: number;
  cases: ConformanceCase[];
  remarks: Remark[];
}

const MOST_CASES = 50;

/** Compares each link, heading and block id of the vault. */
export async function compareWithObsidian(app: App, server: Server, options: Options): Promise<Comparison> {
  return new Comparing(app, server, options).result();
}

class Comparing {
  private readonly remarks = new Map<string, number>();
  private readonly notes = new Map<string, ServerNote>();
  private readonly differences = new Map<string, Difference>();
  private readonly anchors: AnchorDifference[] = [];
  private readonly names: OtherNames | null;
  private compared = 0;
  private links = 0;

  constructor(
    private readonly app: App,
    private readonly server: Server,
    private readonly options: Options,
  ) {
    this.names = options.replaceNames ? new OtherNames() : null;
  }

  async result(): Promise<Comparison> {
    await this.ask();
    for (const note of this.notes.values()) {
      await this.note(note);
    }
    const here = this.app.vault.getMarkdownFiles().filter((file) => !this.notes.has(file.path));
    this.remark("notes that Obsidian reads and vaultlint leaves out", here.length);
    const versions = `Obsidian ${apiVersion}`;
    const cases = await this.cases(new Cases(this.app, this.server, this.notes, this.names, versions));
    const remarks = [...this.remarks].map(([text, count]) => ({ text, count }));
    return { versions, notes: this.compared, links: this.links, cases, remarks };
  }

  /** The notes as the server reads them, page by page. */
  private async ask(): Promise<void> {
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: { notes: ServerNote[]; next: string | null } = await this.server.request("vaultlint/links", { cursor });
      page.notes.forEach((note) => this.notes.set(note.path, note));
      cursor = page.next;
    }
  }

  private remark(text: string, count = 1): void {
    if (count > 0) {
      this.remarks.set(text, (this.remarks.get(text) ?? 0) + count);
    }
  }

  private async note(note: ServerNote): Promise<void> {
    const file = this.app.vault.getFileByPath(note.path);
    if (file === null) {
      this.remark("files that vaultlint reads and Obsidian leaves out");
    } else if (file.extension.toLowerCase() === "md") {
      await this.markdown(note, file);
    } else {
      this.tally(file.path, tallied(serverLinks(note, "")), "a canvas or base");
    }
    this.compared++;
    this.options.onProgress?.(this.compared, this.notes.size);
  }

  private async markdown(note: ServerNote, file: TFile): Promise<void> {
    const cache = this.app.metadataCache.getFileCache(file);
    const text = await this.app.vault.cachedRead(file);
    if (cache === null || digestOf(text) !== note.digest) {
      this.remark(
        cache === null
          ? "notes that Obsidian has not read yet"
          : "notes with another text in Obsidian than vaultlint has read",
      );
      return;
    }
    const links = obsidianLinks(this.app, file, cache);
    const found = linkDifferences(file.path, links, serverLinks(note, text));
    this.links += found.compared;
    this.remark("links that match several files, where Obsidian chooses another one than vaultlint", found.ties);
    this.remark("links with placeholders, which vaultlint leaves out on purpose", found.placeholders);
    for (const one of found.differences) {
      this.add(one, cache);
    }
    this.tally(file.path, tallied(links), "a note");
    this.compareAnchors(note, text, cache);
  }

  /** Makes a case only for the first of similar differences. */
  private add(one: Difference, cache: CachedMetadata): void {
    const key = JSON.stringify(likeness(one, cache));
    if (this.differences.has(key)) {
      this.remark("differences that are similar to one of the cases");
    } else {
      this.differences.set(key, one);
    }
  }

  /** Compares `resolvedLinks` with the counts of links from Obsidian's other answers. */
  private tally(path: string, counted: Map<string, number>, what: string): void {
    const resolved = this.app.metadataCache.resolvedLinks[path];
    if (resolved === undefined) {
      return;
    }
    const paths = new Set([...counted.keys(), ...Object.keys(resolved)]);
    const differing = [...paths].filter((one) => (counted.get(one) ?? 0) !== (resolved[one] ?? 0));
    this.remark(
      what === "a note"
        ? "files to which resolvedLinks counts more or fewer links of a note than the note's own cache has"
        : "files to which resolvedLinks counts more or fewer links of a canvas or base than vaultlint",
      differing.length,
    );
  }

  private compareAnchors(note: ServerNote, text: string, cache: CachedMetadata): void {
    this.anchors.push(
      ...anchorDifferences(note.path, "heading", obsidianHeadings(cache), serverHeadings(note, text)),
      ...anchorDifferences(note.path, "block", obsidianBlocks(cache), serverBlocks(note, text)),
    );
  }

  private async cases(cases: Cases): Promise<ConformanceCase[]> {
    const found: ConformanceCase[] = [];
    const most = this.options.most ?? MOST_CASES;
    const seen = new Set<string>();
    for (const one of this.differences.values()) {
      seen.add(anchorKey(one.expected.resolves_to ?? one.got.resolves_to ?? "", one.link.subpath));
      this.take(found, most, await this.within(found, most, () => cases.of(one, found.length + 1)));
    }
    for (const one of this.anchors.filter(({ path, subpath }) => !seen.has(anchorKey(path, subpath)))) {
      const shown = await this.within(found, most, () => this.probed(cases, one, found.length + 1));
      this.take(found, most, shown);
    }
    return found;
  }

  private async within<T>(found: readonly unknown[], most: number, make: () => Promise<T>): Promise<T | "enough"> {
    return found.length < most ? make() : "enough";
  }

  private take(found: ConformanceCase[], most: number, one: ConformanceCase | "enough" | "same" | null): void {
    if (one === "enough") {
      this.remark(`differences beyond the first ${most}`);
    } else if (one === "same") {
      this.remark("headings or block ids that only one of the two reads, but no link can show it");
    } else if (one === null) {
      this.remark("differences that do not occur in a small vault");
    } else {
      found.push(one);
    }
  }

  /** A made-up link which shows that only one of the two reads a heading or block. */
  private async probed(
    cases: Cases,
    { what, path, subpath }: AnchorDifference,
    number: number,
  ): Promise<ConformanceCase | "same" | null> {
    const file = this.app.vault.getFileByPath(path);
    const cache = file === null ? null : this.app.metadataCache.getFileCache(file);
    if (cache === null || /[#^|[\]\\]|%%/.test(path)) {
      return null;
    }
    const isThere = resolveSubpath(cache, `#${subpath}`) !== null;
    const expected: Expectation = { kind: "wikilink", resolves_to: path, subpath: isThere ? "ok" : "missing" };
    const find = `[[${path.replace(/\.md$/i, "")}#${subpath}]]`;
    const texts = await cases.textsOf(path, subpath);
    const source = path === "Probe.md" ? "Probe 2.md" : "Probe.md";
    const vaultWith = (text: string): Record<string, string> => ({ [source]: `${find}\n`, [path]: text });
    const got = await cases.said(vaultWith(texts.whole), source, find);
    if (got === null || isSame(got, expected)) {
      return got === null ? null : "same";
    }
    for (const text of [texts.parts, texts.whole]) {
      const said = await cases.said(vaultWith(text), source, find);
      if (said !== null && isSame(said, got)) {
        const shown = { vault: vaultWith(text), source, find };
        return cases.finished(shown, { what, expected, got, isUndecided: false }, number);
      }
    }
    return null;
  }
}

/** A key that similar differences share: the same linked name or place, or the same link in the same surroundings. */
function likeness({ what, link, expected, got, isUndecided }: Difference, cache: CachedMetadata): unknown {
  switch (what) {
    case "target":
      return [what, link.target.toLowerCase(), expected.resolves_to, got.resolves_to];
    case "subpath":
      return [what, anchorKey(got.resolves_to ?? "", link.subpath), expected.subpath];
    default: {
      const place = link.offset;
      const around = cache.sections?.find(({ position: { start, end } }) => {
        return place !== null && start.offset <= place && place <= end.offset;
      });
      return [what, link.text, place === null, around?.type, isUndecided, expected, got];
    }
  }
}

function tallied(links: readonly ReadLink[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { answer } of links) {
    if (answer.resolves_to !== null) {
      found.set(answer.resolves_to, (found.get(answer.resolves_to) ?? 0) + 1);
    }
  }
  return found;
}

function anchorKey(path: string, subpath: string): string {
  return `${path}\n${subpath.replace(/^#/, "").toLowerCase()}`;
}
