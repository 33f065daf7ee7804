/** The texts that the server gets from the plug-in, not from disk. */
import type { Client } from "./client";
import { difference } from "./text";

interface OpenText {
  text: string;
  version: number;
  /** The number of its users. */
  users: number;
}

/** The texts of notes that are open in an editor or needed for a request. */
export class Documents {
  private readonly texts = new Map<string, OpenText>();
  private version = 0;

  constructor(private readonly client: Client) {
    client.on("state", () => {
      if (client.state === "running") {
        this.texts.forEach((_, path) => this.tellOpened(path));
      }
    });
  }

  /** Sends a text to the server; it stays open until it is released as often as it was taken. */
  take(path: string, text: string): void {
    const known = this.texts.get(path);
    if (known !== undefined) {
      known.users++;
    } else {
      this.texts.set(path, { text, version: ++this.version, users: 1 });
      this.tellOpened(path);
    }
  }

  release(path: string): void {
    const known = this.texts.get(path);
    if (known !== undefined && --known.users === 0) {
      this.texts.delete(path);
      this.client.notify("textDocument/didClose", { textDocument: { uri: this.client.paths.uri(path) } });
    }
  }

  /** Sends the current text. */
  change(path: string, text: string): void {
    const known = this.texts.get(path);
    if (known !== undefined && known.text !== text) {
      const contentChanges = difference(known.text, text);
      known.text = text;
      known.version = ++this.version;
      const textDocument = { uri: this.client.paths.uri(path), version: known.version };
      this.client.notify("textDocument/didChange", { textDocument, contentChanges });
    }
  }

  /** The text that the server has. */
  text(path: string): string | undefined {
    return this.texts.get(path)?.text;
  }

  /** Whether the last diagnostics of a file are about this text. */
  isShown(path: string, text: string): boolean {
    const known = this.texts.get(path);
    return known !== undefined && known.text === text && this.client.versions.get(path) === known.version;
  }

  private tellOpened(path: string): void {
    const known = this.texts.get(path);
    if (known !== undefined) {
      const { version, text } = known;
      const textDocument = { uri: this.client.paths.uri(path), languageId: "markdown", version, text };
      this.client.notify("textDocument/didOpen", { textDocument });
    }
  }
}
