/** Fixes and other code actions, as the server offers them. */
import type { CodeAction, Diagnostic, Range, WorkspaceEdit } from "vscode-languageserver-protocol";
import type { Changes } from "./changes";
import type { Client } from "./client";

/** A fix that the server sends with a finding. */
export interface Fix {
  title: string;
  safe: boolean;
}

/** The kind of the action that applies all safe fixes of a note. */
export const FIX_ALL = "source.fixAll.vaultlint";

/** The data that vaultlint adds to a diagnostic. */
interface Told {
  id?: string;
  fixes?: Fix[];
}

function told(diagnostic: Diagnostic): Told {
  return (diagnostic.data ?? {}) as Told;
}

/** The id of a finding, which stays the same when its place changes. */
export function identity(diagnostic: Diagnostic): string {
  return told(diagnostic).id ?? "";
}

export function fixes(diagnostic: Diagnostic): Fix[] {
  return told(diagnostic).fixes ?? [];
}

/** The name of the rule of a finding. */
export function ruleOf(diagnostic: Diagnostic): string {
  return String(diagnostic.code ?? "");
}

/** The message of a finding. */
export function messageOf({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

/** The title that the server gives to a fix. */
export function titleOf(fix: Fix): string {
  return `${fix.title.charAt(0).toUpperCase()}${fix.title.slice(1)}${fix.safe ? "" : " (not safe)"}`;
}

/** Asks the server for actions, and applies them. */
export class Actions {
  constructor(
    private readonly client: Client,
    private readonly changes: Changes,
  ) {}

  /** The actions for a range of a note. */
  async offered(path: string, range: Range, only?: string[]): Promise<CodeAction[]> {
    const textDocument = { uri: this.client.paths.uri(path) };
    const params = { textDocument, range, context: { diagnostics: [], ...(only && { only }) } };
    return (await this.client.request<CodeAction[] | null>("textDocument/codeAction", params)) ?? [];
  }

  /**
   * Applies one of the actions that the server offers for the current text.
   *
   * @returns the paths that were changed; null if the server no longer offers such an action.
   */
  perform(
    path: string,
    range: Range,
    choose: (actions: CodeAction[]) => CodeAction | undefined,
    only?: string[],
  ): Promise<string[] | null> {
    return this.changes.perform([path], async () => {
      const action = choose(await this.offered(path, range, only));
      return action === undefined ? null : this.edit(action);
    });
  }

  /** Applies a fix of a finding. */
  fix(path: string, range: Range, id: string, title: string): Promise<string[] | null> {
    return this.perform(path, range, (actions) =>
      actions.find((action) => action.title === title && action.diagnostics?.some((one) => identity(one) === id)),
    );
  }

  /** Applies all safe fixes of a note. */
  fixNote(path: string): Promise<string[] | null> {
    const start = { line: 0, character: 0 };
    return this.perform(path, { start, end: start }, (actions) => actions[0], [FIX_ALL]);
  }

  private async edit(action: CodeAction): Promise<WorkspaceEdit | null> {
    const complete = action.edit === undefined && action.data !== undefined;
    const { edit } = complete ? await this.client.request<CodeAction>("codeAction/resolve", action) : action;
    return edit ?? null;
  }
}
