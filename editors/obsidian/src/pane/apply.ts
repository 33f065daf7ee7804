/** Writing changes into notes: only into the texts that they were made for. */
import { createHash } from "node:crypto";
import type { EditorView } from "@codemirror/view";
import type { TFile, Vault } from "obsidian";
import type { Replacement } from "../text";
import { replaced } from "../text";
import { replacementsIn } from "./changes";
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

/** Editors that show notes now, and the texts that they hold. */
export interface OpenEditors {
  viewOf(path: string): EditorView | undefined;
}

/**
 * Changes notes group by group: a group as a whole, or not at all.
 *
 * A note that is open is changed in its editor, in one step that can be undone.
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

/** Changes a group; why that can't be, if it can't. */
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

/** Changes a note; gives what takes that back as long as nothing else has changed there. */
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

/** What a change replaces in a text. Throws if that is not the one that the change was made for. */
function checked(one: FileChange, text: string): Replacement[] {
  if (digestOf(text) !== one.digest) {
    throw new Refused({ path: one.path, message: HAS_CHANGED });
  }
  const mark = text.startsWith("\ufeff") ? 1 : 0; // the server's places are behind it
  const found = replacementsIn(text.slice(mark), one.edits);
  return found.map(({ from, to, insert }) => ({ from: from + mark, to: to + mark, insert }));
}
