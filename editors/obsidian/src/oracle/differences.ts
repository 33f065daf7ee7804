/** The differences between the server and Obsidian in one note. */
import type { CachedMetadata } from "obsidian";
import type { Anchor, Expectation, ReadLink } from "./answers";
import { headingKey, isSame, NO_LINK } from "./answers";

/** A link that the two read differently. */
export interface Difference {
  what: "target" | "subpath" | "kind" | "only in Obsidian" | "only in vaultlint" | AnchorDifference["what"];
  source: string;
  link: ReadLink;
  /** Obsidian's result. */
  expected: Expectation;
  /** The server's result. */
  got: Expectation;
  isUndecided: boolean;
}

/** A heading or block that only one of the two reads. */
export interface AnchorDifference {
  what: "heading" | "block";
  path: string;
  /** The subpath that leads to it. */
  subpath: string;
}

export interface LinkDifferences {
  compared: number;
  differences: Difference[];
  /** Links that match several files equally, where Obsidian chooses another one than the first. */
  ties: number;
  /** Links in placeholders that some program replaces later; the server leaves them out on purpose. */
  placeholders: number;
}

const PLACEHOLDER = /\{\{[^\n]*\}\}|<%[^\n]*%>/;

/** Compares the links of a note: by place, and in properties by text. */
export function linkDifferences(source: string, obsidian: ReadLink[], server: ReadLink[]): LinkDifferences {
  const found: LinkDifferences = { compared: 0, differences: [], ties: 0, placeholders: 0 };
  const waiting = new Map<string, ReadLink[]>();
  for (const link of server) {
    const key = keyOf(link);
    waiting.set(key, [...(waiting.get(key) ?? []), link]);
  }
  for (const link of obsidian) {
    const other = waiting.get(keyOf(link))?.shift();
    found.compared++;
    if (other !== undefined) {
      compare(source, link, other, found);
    } else if (PLACEHOLDER.test(link.text)) {
      found.placeholders++;
    } else {
      const { answer: expected, isUndecided } = link;
      found.differences.push({ what: "only in Obsidian", source, link, expected, got: NO_LINK, isUndecided });
    }
  }
  for (const link of [...waiting.values()].flat()) {
    const { answer: got, isUndecided } = link;
    found.compared++;
    found.differences.push({ what: "only in vaultlint", source, link, expected: NO_LINK, got, isUndecided });
  }
  return found;
}

function keyOf({ offset, text }: ReadLink): string {
  return offset === null ? `property ${text}` : String(offset);
}

function compare(source: string, link: ReadLink, other: ReadLink, found: LinkDifferences): void {
  const [expected, got] = [link.answer, other.answer];
  if (isSame(expected, got)) {
    return;
  }
  if (expected.resolves_to !== null && other.ties.includes(expected.resolves_to)) {
    found.ties++;
    return;
  }
  const what = expected.kind !== got.kind ? "kind" : expected.resolves_to !== got.resolves_to ? "target" : "subpath";
  const { ties, isUndecided } = other;
  found.differences.push({ what, source, link: { ...link, ties }, expected, got, isUndecided });
}

/** The headings and blocks that only one of the two reads, each with the subpath that leads to it. */
export function anchorDifferences(
  path: string,
  what: "heading" | "block",
  obsidian: readonly Anchor[],
  server: readonly Anchor[],
): AnchorDifference[] {
  const keyOf = ({ name, offset }: Anchor): string => (what === "block" ? name : `${offset} ${headingKey(name)}`);
  const [here, there] = [new Set(obsidian.map(keyOf)), new Set(server.map(keyOf))];
  const differing = [
    ...obsidian.filter((one) => !there.has(keyOf(one))),
    ...server.filter((one) => !here.has(keyOf(one))),
  ];
  const names = new Set(differing.map((one) => (what === "block" ? `^${one.name}` : linkable(one.name))));
  return [...names].filter((name) => name !== "").map((subpath) => ({ what, path, subpath }));
}

/** A heading as it can be written in a link. */
function linkable(heading: string): string {
  return heading.replace(/[#|^\\]|%%|\[\[|\]\]/g, " ").replace(/\s+/g, " ").trim();
}

/** The sections of a text, as Obsidian divides it, that contain some offsets; the whole text if Obsidian has none there. */
export function partsAround(text: string, cache: CachedMetadata, places: readonly number[]): string {
  const sections = cache.sections ?? [];
  const wanted = sections.filter(({ position: { start, end } }) =>
    places.some((place) => start.offset <= place && place <= end.offset),
  );
  if (places.some((place) => !wanted.some(({ position }) => position.start.offset <= place && place <= position.end.offset))) {
    return text;
  }
  return wanted.map(({ position: { start, end } }) => `${text.slice(start.offset, end.offset)}\n`).join("\n");
}
