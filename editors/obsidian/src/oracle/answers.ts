/** How the server and Obsidian read the links, headings and blocks of a note, in one form. */
import { getLinkpath, parseLinktext, resolveSubpath } from "obsidian";
import type { App, CachedMetadata, Reference, TFile } from "obsidian";
import type { Range } from "vscode-languageserver-protocol";
import { lineStarts, offset } from "../text";

/** The expected result for a link in a conformance case. */
export interface Expectation {
  kind: "wikilink" | "embed" | "markdown" | "none";
  resolves_to: string | null;
  subpath: "none" | "ok" | "missing";
}

export const NO_LINK: Expectation = { kind: "none", resolves_to: null, subpath: "none" };

/** A link as one of the two reads it. `offset` is null in properties, for which Obsidian does not give one. */
export interface ReadLink {
  text: string;
  offset: number | null;
  target: string;
  subpath: string;
  answer: Expectation;
  /** Other files to which it may lead. */
  ties: readonly string[];
  /** Whether the specification does not say what Obsidian does here. */
  isUndecided: boolean;
}

/** A heading or block of a note, and its name in links. */
export interface Anchor {
  name: string;
  offset: number;
}

/** A note in the answer to `vaultlint/links`. */
export interface ServerNote {
  path: string;
  digest: string;
  links: {
    range: Range;
    text: string;
    kind: "wikilink" | "markdown" | "file";
    embed: boolean;
    place: "body" | "table" | "property" | "data";
    target: string;
    subpath: string;
    resolvesTo: string | null;
    ties: string[];
    anchor: "none" | "ok" | "missing";
    undecided: boolean;
  }[];
  headings: { level: number; text: string; range: Range }[];
  blocks: { id: string; range: Range }[];
}

/** Converts positions of the server, which does not count the byte order mark, to offsets in a text. */
export function offsets(text: string): (range: Range) => number {
  const mark = text.startsWith("\ufeff") ? 1 : 0;
  const rest = text.slice(mark);
  const starts = lineStarts(rest);
  return ({ start }) => mark + offset(rest, starts, start);
}

/** The links that the server reads in a note. */
export function serverLinks(note: ServerNote, text: string): ReadLink[] {
  const place = offsets(text);
  return note.links.map((link) => ({
    text: link.text,
    offset: link.place === "property" ? null : place(link.range),
    target: link.target,
    subpath: link.subpath,
    answer: {
      kind: link.embed ? "embed" : link.kind === "wikilink" ? "wikilink" : "markdown",
      resolves_to: link.resolvesTo,
      subpath: link.anchor,
    },
    ties: link.ties,
    isUndecided: link.undecided,
  }));
}

/** The links that Obsidian reads in a note. */
export function obsidianLinks(app: App, file: TFile, cache: CachedMetadata): ReadLink[] {
  const placed = [...(cache.links ?? []), ...(cache.embeds ?? [])];
  return [
    ...placed.map((link) => readLink(app, file, link, link.position.start.offset)),
    ...(cache.frontmatterLinks ?? []).map((link) => readLink(app, file, link, null)),
  ];
}

function readLink(app: App, file: TFile, link: Reference, offset: number | null): ReadLink {
  const target = getLinkpath(link.link);
  const { subpath } = parseLinktext(link.link);
  const found = target === "" ? file : app.metadataCache.getFirstLinkpathDest(target, file.path);
  const kind = link.original.startsWith("!") ? "embed" : link.original.startsWith("[[") ? "wikilink" : "markdown";
  const answer: Expectation = { kind, resolves_to: found?.path ?? null, subpath: anchor(app, found, subpath) };
  return { text: link.original, offset, target, subpath, answer, ties: [], isUndecided: false };
}

/** Whether a file has the heading or block of a subpath. */
function anchor(app: App, file: TFile | null, subpath: string): Expectation["subpath"] {
  if (subpath.replace(/[#\s]/g, "") === "") {
    return "none";
  }
  if (file === null) {
    return "missing";
  }
  const cache = file.extension.toLowerCase() === "md" ? app.metadataCache.getFileCache(file) : null;
  return cache === null || isPartOfDrawing(cache, subpath) || resolveSubpath(cache, subpath) !== null ? "ok" : "missing";
}

/** A part of a drawing: its Markdown need not contain the elements, so nobody can check whether they exist. */
function isPartOfDrawing(cache: CachedMetadata, subpath: string): boolean {
  const last = subpath.slice(subpath.lastIndexOf("#") + 1).trim();
  return cache.frontmatter?.["excalidraw-plugin"] !== undefined && /^(?:\^|(?:group|area|(?:clipped)?frame)=)/.test(last);
}

export function serverHeadings(note: ServerNote, text: string): Anchor[] {
  const place = offsets(text);
  return note.headings.map((one) => ({ name: one.text, offset: place(one.range) }));
}

export function serverBlocks(note: ServerNote, text: string): Anchor[] {
  const place = offsets(text);
  return note.blocks.map((one) => ({ name: one.id.toLowerCase(), offset: place(one.range) }));
}

export function obsidianHeadings(cache: CachedMetadata): Anchor[] {
  return (cache.headings ?? []).map((one) => ({ name: one.heading, offset: one.position.start.offset }));
}

export function obsidianBlocks(cache: CachedMetadata): Anchor[] {
  return Object.values(cache.blocks ?? {}).map((one) => ({
    name: one.id.toLowerCase(),
    offset: one.position.start.offset,
  }));
}

/** A heading in the form in which links to it are compared. */
export function headingKey(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[!"#$%&()*+,./:;<=>?@[\\\]^`{|}~]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

export function isSame(one: Expectation, other: Expectation): boolean {
  return one.kind === other.kind && one.resolves_to === other.resolves_to && one.subpath === other.subpath;
}
