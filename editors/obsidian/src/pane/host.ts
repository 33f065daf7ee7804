/** What the pane needs from the plug-in. */
import type { App } from "obsidian";
import type { Diagnostic, Range } from "vscode-languageserver-protocol";

/** One replacement in the answer to `vaultlint/fixes`. */
export interface TextChange {
  range: Range;
  oldText: string;
  newText: string;
}

/**
 * The changes in a note.
 *
 * Valid only for a text with this digest. Changes of the same group are applied all or none.
 */
export interface FileChange {
  path: string;
  uri: string;
  version: number | null;
  digest: string;
  group: number;
  edits: TextChange[];
}

/** A note that was not changed, and the reason. */
export interface Refusal {
  path: string;
  message: string;
}

/** The answer to `vaultlint/fixes`. */
export interface Fixes {
  files: FileChange[];
  fixed: { rule: string; count: number }[];
  refused: Refusal[];
}

/** The result of applying changes. */
export interface Outcome {
  applied: string[];
  refused: Refusal[];
}

/** `checking` until all findings were sent once; `off` while no server runs, with the reason in `message`. */
export interface Status {
  kind: "checking" | "ready" | "off";
  message?: string;
}

export interface PaneHost {
  app: App;
  status(): Status;
  /** The findings by path. If an array is the same object as before, its findings are the same. */
  diagnostics(): ReadonlyMap<string, readonly Diagnostic[]>;
  /** Calls back when findings or the status have changed; returns a function that stops it. */
  onChange(callback: () => void): () => void;
  /** Opens a note at a place. */
  open(path: string, range: Range): Promise<void>;
  /** Sends a request to the server. */
  request<Answer>(method: string, params: unknown): Promise<Answer>;
  /** Changes notes, if their texts are still those that the changes were made for. */
  applyEdits(files: readonly FileChange[]): Promise<Outcome>;
}
