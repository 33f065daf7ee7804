/** Writing changes into notes: only into the texts that they were made for. */
import { createHash } from "node:crypto";
import type { TFile, Vault } from "obsidian";
import { changed } from "./changes";
import type { FileChange, Outcome, Refusal } from "./host";

/** Why a note is left as it is that has another text by now. */
export const HAS_CHANGED = "The note has changed since. It is left as it is.";

const IS_GONE = "The note is not there any more.";

const GOES_WITH = "It is left as it is, because it changes together with a note that can't be changed.";

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** What tells whether a text is still the same, as the server makes it. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text.replace(/^\ufeff/, ""), "utf8").digest("hex");
}

/** Changes notes group by group: a group as a whole, or not at all. */
export async function applyFileChanges(vault: Vault, files: readonly FileChange[]): Promise<Outcome> {
  const groups = new Map<number, FileChange[]>();
  for (const file of files) {
    const group = groups.get(file.group) ?? [];
    groups.set(file.group, group);
    group.push(file);
  }
  const outcome: Outcome = { applied: [], refused: [] };
  for (const group of groups.values()) {
    const refusal = await refusalOf(vault, group);
    if (refusal === null) {
      outcome.applied.push(...group.map((file) => file.path));
    } else {
      const others = group.filter((file) => file.path !== refusal.path);
      outcome.refused.push(refusal, ...others.map((file) => ({ path: file.path, message: GOES_WITH })));
    }
  }
  return outcome;
}

/** Changes a group; why that can't be, if it can't. */
async function refusalOf(vault: Vault, group: readonly FileChange[]): Promise<Refusal | null> {
  const written: { file: TFile; before: string; after: string }[] = [];
  try {
    for (const one of group.length > 1 ? group : []) {
      check(one, await vault.read(fileOf(vault, one)));
    }
    for (const one of group) {
      const file = fileOf(vault, one);
      let before = "";
      const after = await vault.process(file, (text) => {
        before = text;
        return check(one, text);
      });
      written.push({ file, before, after });
    }
    return null;
  } catch (error) {
    for (const { file, before, after } of written) {
      await vault.process(file, (text) => (text === after ? before : text));
    }
    if (error instanceof Refused) {
      return error.refusal;
    }
    const path = group[written.length]?.path ?? group[0]?.path ?? "";
    return { path, message: error instanceof Error ? error.message : String(error) };
  }
}

function fileOf(vault: Vault, { path }: FileChange): TFile {
  const file = vault.getFileByPath(path);
  if (file === null) {
    throw new Refused({ path, message: IS_GONE });
  }
  return file;
}

/** The text after a change. Throws if it is not the one that the change was made for. */
function check(one: FileChange, text: string): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  if (digestOf(text) !== one.digest) {
    throw new Refused({ path: one.path, message: HAS_CHANGED });
  }
  return mark + changed(text.slice(mark.length), one.edits);
}
