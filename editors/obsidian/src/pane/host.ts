/** What the pane needs of the plug-in around it. */
import type { App } from "obsidian";
import type { Diagnostic, Range } from "vscode-languageserver-protocol";

/** One replacement of the answer to `vaultlint/fixes`. */
export interface TextChange {
  range: Range;
  oldText: string;
  newText: string;
}

/**
 * What changes in a note.
 *
 * It fits only a text with this digest. Changes of the same group are made together or not at all.
 */
export interface FileChange {
  path: string;
  uri: string;
  version: number | null;
  digest: string;
  group: number;
  edits: TextChange[];
}

/** A note that was left as it is, and why. */
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

/** What became of changes. */
export interface Outcome {
  applied: string[];
  refused: Refusal[];
}

/** `checking` until all that is found was told once; `off` while no server runs, `message` says why. */
export interface Status {
  kind: "checking" | "ready" | "off";
  message?: string;
}

export interface PaneHost {
  app: App;
  status(): Status;
  /** What is found, by path. An array that has not changed holds the same findings. */
  diagnostics(): ReadonlyMap<string, readonly Diagnostic[]>;
  /** Calls back when findings or the status have changed; what it returns ends that. */
  onChange(callback: () => void): () => void;
  /** Opens a note at a place and goes there. */
  open(path: string, range: Range): Promise<void>;
  /** Asks the server. */
  request<Answer>(method: string, params: unknown): Promise<Answer>;
  /** Changes notes, as long as their texts are those that the changes were made for. */
  applyEdits(files: readonly FileChange[]): Promise<Outcome>;
}
