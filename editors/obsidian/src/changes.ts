/** Changes notes, but only if a text is still the one that the change was made for. */
import type { EditorView } from "@codemirror/view";
import type { App } from "obsidian";
import type { TextEdit, WorkspaceEdit } from "vscode-languageserver-protocol";
import type { Client } from "./client";
import type { Documents } from "./documents";
import { replaced, replacements } from "./text";

/** A text has changed since the edits were made for it; nothing was changed. */
export class TextChanged extends Error {
  constructor(path: string) {
    super(`${path} has changed in the meantime. Nothing was done; try again.`);
  }
}

/** A change that the plug-in does not make. */
export class NotAllowed extends Error {}

interface Change {
  path: string;
  isNew: boolean;
  edits: TextEdit[];
}

/** Open editors, and their texts. */
export interface Editors {
  /** An editor in which a note is open. */
  viewOf(path: string): EditorView | undefined;
}

/** Applies edits that the server proposes. */
export class Changes {
  constructor(
    private readonly app: App,
    private readonly client: Client,
    private readonly documents: Documents,
    private readonly editors: Editors,
  ) {}

  /**
   * Applies edits, and notices if somebody else changes a text in the meantime.
   *
   * The server first gets the texts, then returns the edits. Each edit is applied only to the text that the server got.
   *
   * @param paths files whose texts the server gets; other files that the edits change are added.
   * @param ask asks for the edits; called again if they change other files.
   * @returns the changed paths; null if there was no edit.
   */
  async perform(paths: readonly string[], ask: () => Promise<WorkspaceEdit | null>): Promise<string[] | null> {
    const seen = new Map<string, string | null>();
    try {
      for (const path of paths) {
        await this.see(path, seen);
      }
      for (;;) {
        const edit = await ask();
        if (edit === null) {
          return null;
        }
        const changes = this.changes(edit);
        const unseen = changes.filter(({ path }) => !seen.has(path));
        if (unseen.length === 0) {
          return await this.apply(changes, seen);
        }
        for (const { path } of unseen) {
          await this.see(path, seen);
        }
      }
    } finally {
      seen.forEach((text, path) => {
        if (text !== null) {
          this.documents.release(path);
        }
      });
    }
  }

  /** Sends the current text of a file to the server. */
  private async see(path: string, seen: Map<string, string | null>): Promise<void> {
    const text = await this.read(path);
    seen.set(path, text);
    if (text !== null) {
      this.documents.take(path, text);
      this.documents.change(path, text);
    }
  }

  private async read(path: string): Promise<string | null> {
    const view = this.editors.viewOf(path);
    if (view !== undefined) {
      return view.state.doc.toString();
    }
    const file = this.app.vault.getFileByPath(path);
    return file === null ? null : this.app.vault.read(file);
  }

  /** The edits of each file. */
  private changes(edit: WorkspaceEdit): Change[] {
    const changes = new Map<string, Change>();
    const at = (uri: string): Change => {
      const path = this.client.paths.path(uri);
      if (path === null) {
        throw new NotAllowed("This would change a file outside the vault. Change it yourself.");
      }
      const change = changes.get(path) ?? { path, isNew: false, edits: [] };
      changes.set(path, change);
      return change;
    };
    for (const one of edit.documentChanges ?? []) {
      if ("edits" in one) {
        at(one.textDocument.uri).edits.push(...one.edits.filter((it): it is TextEdit => "newText" in it));
      } else if (one.kind === "create") {
        at(one.uri).isNew = true;
      } else {
        throw new NotAllowed("This would move or delete files.");
      }
    }
    return [...changes.values()];
  }

  private async apply(changes: readonly Change[], seen: ReadonlyMap<string, string | null>): Promise<string[]> {
    for (const { path, isNew } of changes) {
      const text = await this.read(path);
      if (text !== seen.get(path) || (text === null && !isNew)) {
        throw new TextChanged(path);
      }
    }
    for (const { path, edits } of changes) {
      await this.change(path, edits, seen.get(path) ?? null);
    }
    return changes.map(({ path }) => path);
  }

  private async change(path: string, edits: readonly TextEdit[], before: string | null): Promise<void> {
    const view = this.editors.viewOf(path);
    const changes = replacements(before ?? "", edits);
    if (before === null) {
      await this.create(path, replaced("", changes));
    } else if (view !== undefined) {
      if (view.state.doc.toString() !== before) {
        throw new TextChanged(path);
      }
      view.dispatch({ changes, userEvent: "vaultlint.fix" }); // one step to undo
    } else {
      const file = this.app.vault.getFileByPath(path);
      if (file === null) {
        throw new TextChanged(path);
      }
      await this.app.vault.process(file, (now) => {
        if (now !== before) {
          throw new TextChanged(path);
        }
        return replaced(now, changes);
      });
    }
  }

  private async create(path: string, text: string): Promise<void> {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (folder !== "" && this.app.vault.getAbstractFileByPath(folder) === null) {
      await this.app.vault.createFolder(folder);
    }
    await this.app.vault.create(path, text);
  }
}
