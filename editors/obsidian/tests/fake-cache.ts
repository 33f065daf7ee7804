/** A metadata cache that agrees with the server in everything, until a test plants a difference. */
import type { CachedMetadata, Loc, Pos, SectionCache } from "obsidian";
import type { ServerNote } from "../src/oracle/answers";
import { offsets } from "../src/oracle/answers";
import type { Server } from "../src/oracle/cases";
import type { App } from "./obsidian-mock";

const MARK = "\n";

export class FakeCache {
  /** Destinations by source and linkpath. */
  readonly destinations = new Map<string, string>();

  private constructor(private readonly app: App) {
    app.metadataCache.mockDestination = (linkpath, source) => {
      const path = this.destinations.get(source + MARK + linkpath);
      return path === undefined ? null : app.vault.getFileByPath(path);
    };
  }

  static async of(app: App, server: Server): Promise<FakeCache> {
    const fake = new FakeCache(app);
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { notes: ServerNote[]; next: string | null } = await server.request("vaultlint/links", { cursor });
      for (const note of page.notes) {
        await fake.take(note);
      }
      cursor = page.next;
    }
    return fake;
  }

  cache(path: string): CachedMetadata {
    const found = this.app.metadataCache.mockCaches.get(path);
    if (found === undefined) {
      throw new Error(`no cache of ${path}`);
    }
    return found;
  }

  private async take(note: ServerNote): Promise<void> {
    const text = await this.app.vault.adapter.read(note.path);
    const tally: Record<string, number> = {};
    const cache: CachedMetadata = { links: [], embeds: [], frontmatterLinks: [], headings: [], blocks: {} };
    const offset = offsets(text);
    for (const link of note.links) {
      const written = link.target + (link.subpath === "" ? "" : `#${link.subpath}`);
      const one = { link: written, original: link.text, position: at(offset(link.range), link.text.length) };
      if (link.place === "property") {
        cache.frontmatterLinks?.push({ key: "see", link: written, original: link.text });
      } else {
        (link.embed ? cache.embeds : cache.links)?.push(one);
      }
      if (link.resolvesTo !== null) {
        this.destinations.set(note.path + MARK + link.target, link.resolvesTo);
        tally[link.resolvesTo] = (tally[link.resolvesTo] ?? 0) + 1;
      }
    }
    cache.headings = note.headings.map(({ level, text: heading, range }) => ({
      heading,
      level,
      position: at(offset(range), heading.length),
    }));
    for (const { id, range } of note.blocks) {
      (cache.blocks ??= {})[id.toLowerCase()] = { id, position: at(offset(range), id.length) };
    }
    cache.sections = sections(text);
    this.app.metadataCache.mockCaches.set(note.path, cache);
    this.app.metadataCache.resolvedLinks[note.path] = tally;
  }
}

export function at(start: number, length: number): Pos {
  const place = (offset: number): Loc => ({ line: 0, col: 0, offset });
  return { start: place(start), end: place(start + length) };
}

/** Front matter, fences, and blocks between empty lines. */
function sections(text: string): SectionCache[] {
  return [...text.matchAll(/^(---\n[^]*?\n---$|```[^]*?```|\$\$\n[^]*?\n\$\$|[^\n]+(?:\n[^\n]+)*)/gm)].map((found) => {
    const type = found[0].startsWith("---") && found.index === 0 ? "yaml" : "paragraph";
    return { type, position: at(found.index, found[0].length) };
  });
}
