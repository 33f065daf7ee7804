/** Turns differences into conformance cases: the smallest vaults that show them, each checked with the server. */
import type { App, TFile } from "obsidian";
import type { Expectation, ServerNote } from "./answers";
import {
  headingKey,
  isSame,
  NO_LINK,
  obsidianBlocks,
  obsidianHeadings,
  serverBlocks,
  serverHeadings,
  serverLinks,
} from "./answers";
import type { Difference } from "./differences";
import { partsAround } from "./differences";
import type { OtherNames } from "./names";

/** A case in the form of `tests/` and the specification. */
export interface ConformanceCase {
  id: string;
  vault: Record<string, string>;
  source: string;
  find: string;
  expect: Expectation;
  why: string;
  evidence: "forum";
}

/** Sends requests to the server. */
export interface Server {
  request<Answer>(method: string, params: unknown): Promise<Answer>;
}

/** The most files of one name in a case; Obsidian chooses one of them. */
const MOST_NAMED = 12;

/** The links, headings and blocks that the server reads in each note, by path. */
export type ServerNotes = ReadonlyMap<string, ServerNote>;

/** Makes cases of one vault. */
export class Cases {
  private readonly byName = new Map<string, TFile[]>();

  /**
   * @param app Obsidian.
   * @param server sends requests to the server.
   * @param notes the notes as the server reads them.
   * @param names replaces the words of a case, if wanted.
   * @param versions the compared programs and their versions.
   */
  constructor(
    private readonly app: App,
    private readonly server: Server,
    private readonly notes: ServerNotes,
    private readonly names: OtherNames | null,
    private readonly versions: string,
  ) {
    for (const file of app.vault.getFiles()) {
      const key = nameKey(file.path);
      this.byName.set(key, [...(this.byName.get(key) ?? []), file]);
    }
  }

  /** The smallest vault in which the server reads a link as in the large one; null if there is none. */
  async of(difference: Difference, number: number): Promise<ConformanceCase | null> {
    const { source, link, got } = difference;
    const others = await this.others(difference);
    for (const text of await this.sources(difference)) {
      if (text.split(link.text).length !== 2) {
        continue; // in a case, the link must be in its text only once
      }
      for (const texts of others) {
        const vault = { ...texts, [source]: text };
        if (await this.isSaid(vault, source, link.text, got)) {
          return this.finished({ vault, source, find: link.text }, difference, number);
        }
      }
    }
    return null;
  }

  /** The server's answer about a link in a vault with some texts; null if the link is there more than once. */
  async said(vault: Record<string, string>, source: string, find: string): Promise<Expectation | null> {
    const texts = Object.entries(vault).map(([path, text]) => ({ path, text }));
    const { notes } = await this.server.request<{ notes: ServerNote[] }>("vaultlint/links", { texts });
    const note = notes.find((one) => one.path === source);
    const found = note === undefined ? [] : serverLinks(note, vault[source] ?? "").filter((one) => one.text === find);
    return found.length > 1 ? null : (found[0]?.answer ?? NO_LINK);
  }

  private async isSaid(vault: Record<string, string>, source: string, find: string, got: Expectation): Promise<boolean> {
    const said = await this.said(vault, source, find);
    return said !== null && isSame(said, got);
  }

  /**
   * Shorter texts to try for the note with the link, the shortest first.
   *
   * Whether it is a link at all depends on the text around it, so whole sections of Obsidian are kept.
   */
  private async sources({ what, source, link }: Difference): Promise<string[]> {
    const file = this.app.vault.getFileByPath(source);
    if (file === null) {
      return [link.text];
    }
    const text = await this.app.vault.cachedRead(file);
    const cache = this.app.metadataCache.getFileCache(file) ?? {};
    const place = link.offset ?? 0; // properties are at the start
    const isPlain = link.offset !== null && (what === "target" || what === "subpath");
    return [...(isPlain ? [`${link.text}\n`] : []), partsAround(text, cache, [place]), text];
  }

  /** The other relevant files, each with shorter texts to try, the shortest first. */
  private async others({ source, link, expected, got }: Difference): Promise<Record<string, string>[]> {
    const led = [expected.resolves_to, got.resolves_to].filter((path) => path !== null);
    const named = this.byName.get(nameKey(link.target)) ?? [];
    const paths = new Set([...led, ...link.ties, ...named.slice(0, MOST_NAMED).map((file) => file.path)]);
    paths.delete(source);
    const empty = Object.fromEntries([...paths].map((path) => [path, ""]));
    if (link.subpath.replace(/[#\s]/g, "") === "") {
      return [empty];
    }
    const [parts, whole] = [{ ...empty }, { ...empty }];
    for (const path of led.filter((one) => one !== source && one.toLowerCase().endsWith(".md"))) {
      const texts = await this.textsOf(path, link.subpath);
      parts[path] = texts.parts;
      whole[path] = texts.whole;
    }
    return [parts, whole];
  }

  /** A note, and the parts that a subpath may name, as read by either program. */
  async textsOf(path: string, subpath: string): Promise<{ parts: string; whole: string }> {
    const file = this.app.vault.getFileByPath(path);
    const cache = file === null ? null : this.app.metadataCache.getFileCache(file);
    if (file === null || cache === null) {
      return { parts: "", whole: "" };
    }
    const whole = await this.app.vault.cachedRead(file);
    const note = this.notes.get(path);
    const names = subpath.split("#").map((part) => part.trim());
    const blocks = new Set(names.filter((one) => one.startsWith("^")).map((one) => one.slice(1).toLowerCase()));
    const headings = new Set(names.filter((one) => !one.startsWith("^")).map(headingKey));
    const places = [
      ...[...obsidianHeadings(cache), ...(note ? serverHeadings(note, whole) : [])].filter(({ name }) =>
        [name, name.replace(/ \^[^^]*$/, "")].some((one) => headings.has(headingKey(one))),
      ),
      ...[...obsidianBlocks(cache), ...(note ? serverBlocks(note, whole) : [])].filter(({ name }) => blocks.has(name)),
    ];
    return { parts: partsAround(whole, cache, places.map((one) => one.offset)), whole };
  }

  /** A finished case, with replaced words if wanted; null if these would change the result. */
  async finished(
    shown: Pick<ConformanceCase, "vault" | "source" | "find">,
    { what, expected, got, isUndecided }: Pick<Difference, "what" | "expected" | "got" | "isUndecided">,
    number: number,
  ): Promise<ConformanceCase | null> {
    const rename = (text: string): string => this.names?.of(text) ?? text;
    const renamed = (one: Expectation): Expectation => {
      return { ...one, resolves_to: one.resolves_to === null ? null : rename(one.resolves_to) };
    };
    const vault = Object.fromEntries(Object.entries(shown.vault).map(([path, text]) => [rename(path), rename(text)]));
    const [source, find] = [rename(shown.source), rename(shown.find)];
    if (this.names !== null && !(await this.isSaid(vault, source, find, renamed(got)))) {
      return null;
    }
    const open = isUndecided ? " (the specification does not say)" : "";
    const why = `${this.versions}: Obsidian says ${words(renamed(expected))}, vaultlint says ${words(renamed(got))}${open}`;
    const id = `obsidian-${what.replace(/ /g, "-").toLowerCase()}-${number}`;
    return { id, vault, source, find, expect: renamed(expected), why, evidence: "forum" };
  }
}

function nameKey(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.normalize("NFC").toLowerCase().replace(/\.md$/, "");
}

function words({ kind, resolves_to, subpath }: Expectation): string {
  if (kind === "none") {
    return "that it is not a link";
  }
  const leads = resolves_to === null ? "leads nowhere" : `leads to '${resolves_to}'`;
  const there = subpath === "none" ? "" : subpath === "ok" ? ", subpath found" : ", subpath missing";
  return `that this ${kind} ${leads}${there}`;
}
