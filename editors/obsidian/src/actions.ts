/** What can be done about a finding, as the server offers it. */
import type { CodeAction, Diagnostic, Range, WorkspaceEdit } from "vscode-languageserver-protocol";
import type { Changes } from "./changes";
import type { Client } from "./client";

/** A fix that comes with a finding. */
export interface Fix {
  title: string;
  safe: boolean;
}

/** The kind of the action that applies all safe fixes of a note. */
export const FIX_ALL = "source.fixAll.vaultlint";

/** What the server tells of a finding beside what all servers tell. */
interface Told {
  id?: string;
  fixes?: Fix[];
}

function told(diagnostic: Diagnostic): Told {
  return (diagnostic.data ?? {}) as Told;
}

/** The name of a finding, which stays when its place changes. */
export function identity(diagnostic: Diagnostic): string {
  return told(diagnostic).id ?? "";
}

export function fixes(diagnostic: Diagnostic): Fix[] {
  return told(diagnostic).fixes ?? [];
}

/** The name of a rule, in which a finding is made. */
export function ruleOf(diagnostic: Diagnostic): string {
  return String(diagnostic.code ?? "");
}

/** What a finding says. */
export function messageOf({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

/** What the server calls a fix. */
export function titleOf(fix: Fix): string {
  return `${fix.title.charAt(0).toUpperCase()}${fix.title.slice(1)}${fix.safe ? "" : " (not safe)"}`;
}

/** Asks the server for actions, and does them. */
export class Actions {
  constructor(
    private readonly client: Client,
    private readonly changes: Changes,
  ) {}

  /** What can be done in a range of a note. */
  async offered(path: string, range: Range, only?: string[]): Promise<CodeAction[]> {
    const textDocument = { uri: this.client.paths.uri(path) };
    const params = { textDocument, range, context: { diagnostics: [], ...(only && { only }) } };
    return (await this.client.request<CodeAction[] | null>("textDocument/codeAction", params)) ?? [];
  }

  /**
   * Does what is chosen among the actions that the server offers for the text of now.
   *
   * @returns the paths that were changed; null if there is no such action any more.
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
