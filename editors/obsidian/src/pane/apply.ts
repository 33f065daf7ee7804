/** Applies changes to notes, but only to the texts that they were made for. */
import { createHash } from "node:crypto";
import type { EditorView } from "@codemirror/view";
import type { TFile, Vault } from "obsidian";
import type { Replacement } from "../text";
import { replaced } from "../text";
import { replacementsIn } from "./changes";
import type { FileChange, Outcome, Refusal } from "./host";

/** The reason if a note is not changed because its text is different now. */
export const HAS_CHANGED = "The note was edited in the meantime, so it is not changed.";

const IS_GONE = "The note no longer exists.";

const GOES_WITH = "Not changed, because the fix also needs a note that can't be changed.";

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** The digest of a text, as the server computes it. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text.replace(/^\ufeff/, ""), "utf8").digest("hex");
}

/** Open editors, and their texts. */
export interface OpenEditors {
  viewOf(path: string): EditorView | undefined;
}

/**
 * Changes notes by groups: all notes of a group, or none.
 *
 * An open note is changed in its editor, in one step that can be undone.
 */
export async function applyFileChanges(
  vault: Vault,
  editors: OpenEditors,
  files: readonly FileChange[],
): Promise<Outcome> {
  const groups = new Map<number, FileChange[]>();
  for (const file of files) {
    const group = groups.get(file.group) ?? [];
    groups.set(file.group, group);
    group.push(file);
  }
  const outcome: Outcome = { applied: [], refused: [] };
  for (const group of groups.values()) {
    const refusal = await refusalOf(vault, editors, group);
    if (refusal === null) {
      outcome.applied.push(...group.map((file) => file.path));
    } else {
      const others = group.filter((file) => file.path !== refusal.path);
      outcome.refused.push(refusal, ...others.map((file) => ({ path: file.path, message: GOES_WITH })));
    }
  }
  return outcome;
}

/** Changes a group; returns the reasons if it fails. */
async function refusalOf(vault: Vault, editors: OpenEditors, group: readonly FileChange[]): Promise<Refusal | null> {
  const takeBack: (() => unknown)[] = [];
  try {
    for (const one of group.length > 1 ? group : []) {
      checked(one, editors.viewOf(one.path)?.state.doc.toString() ?? (await vault.read(fileOf(vault, one))));
    }
    for (const one of group) {
      takeBack.push(await change(vault, editors, one));
    }
    return null;
  } catch (error) {
    for (const back of takeBack.reverse()) {
      await back();
    }
    if (error instanceof Refused) {
      return error.refusal;
    }
    const path = group[takeBack.length]?.path ?? group[0]?.path ?? "";
    return { path, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Changes a note; returns a function that undoes the change if the note is still the same. */
async function change(vault: Vault, editors: OpenEditors, one: FileChange): Promise<() => unknown> {
  const view = editors.viewOf(one.path);
  if (view !== undefined) {
    const before = view.state.doc;
    view.dispatch({ changes: checked(one, before.toString()), userEvent: "vaultlint.fix" });
    const after = view.state.doc;
    return () => {
      if (view.state.doc.eq(after)) {
        view.dispatch({ changes: { from: 0, to: after.length, insert: before }, userEvent: "vaultlint.fix" });
      }
    };
  }
  const file = fileOf(vault, one);
  let before = "";
  const after = await vault.process(file, (text) => {
    before = text;
    return replaced(text, checked(one, text));
  });
  return () => vault.process(file, (text) => (text === after ? before : text));
}

function fileOf(vault: Vault, { path }: FileChange): TFile {
  const file = vault.getFileByPath(path);
  if (file === null) {
    throw new Refused({ path, message: IS_GONE });
  }
  return file;
}

/** The replacements of a change in a text. Throws if the change was made for another text. */
function checked(one: FileChange, text: string): Replacement[] {
  if (digestOf(text) !== one.digest) {
    throw new Refused({ path: one.path, message: HAS_CHANGED });
  }
  const mark = text.startsWith("\ufeff") ? 1 : 0; // the server counts from after it
  const found = replacementsIn(text.slice(mark), one.edits);
  return found.map(({ from, to, insert }) => ({ from: from + mark, to: to + mark, insert }));
}
