/** The window that compares the vault and shows the result. */
import { Modal } from "obsidian";
import type { App } from "obsidian";
import { counted } from "../pane/model";
import type { Server } from "./cases";
import { compareWithObsidian } from "./compare";
import { asMarkdown, writeNote } from "./report";

const WHAT =
  "This asks both Obsidian and vaultlint about each link of your vault, and collects the differences. " +
  "Nothing is sent anywhere: you decide what to do with the result. It contains the names and lines of your notes that " +
  "show a difference.";

export class CompareModal extends Modal {
  private status!: HTMLElement;
  private buttons!: HTMLElement;
  private isClosed = false;

  constructor(
    app: App,
    private readonly server: Server,
  ) {
    super(app);
  }

  override onOpen(): void {
    this.setTitle("Compare with Obsidian");
    this.contentEl.createEl("p", { text: WHAT });
    const label = this.contentEl.createEl("label", { cls: "vaultlint-choice" });
    const replaces = label.createEl("input", { type: "checkbox" });
    replaces.checked = true;
    label.appendText("Replace all words with made-up ones. Digits and punctuation stay.");
    this.status = this.contentEl.createEl("p", { attr: { role: "status" } });
    this.buttons = this.contentEl.createDiv({ cls: "modal-button-container" });
    this.button("Compare", () => void this.compare(replaces.checked)).addClass("mod-cta");
    this.contentEl.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    });
  }

  override onClose(): void {
    this.isClosed = true;
    this.contentEl.empty();
  }

  private button(text: string, act: () => void): HTMLElement {
    const button = this.buttons.createEl("button", { text });
    button.addEventListener("click", act);
    return button;
  }

  private async compare(replaceNames: boolean): Promise<void> {
    this.buttons.empty();
    this.status.setText("Asking vaultlint about all links…");
    const onProgress = (done: number, of: number): void => {
      if (this.isClosed) {
        throw new Error("closed");
      }
      this.status.setText(`Compared ${done.toLocaleString("en")} of ${counted(of, "note")}…`);
    };
    try {
      const found = await compareWithObsidian(this.app, this.server, { replaceNames, onProgress });
      const text = asMarkdown(found);
      const differences = found.cases.length === 0 ? "No difference" : counted(found.cases.length, "difference");
      this.status.setText(`${differences} in ${counted(found.links, "link")}.`);
      this.button("Copy", () => void this.finish(() => navigator.clipboard.writeText(text), "Copied to the clipboard."));
      this.button("Write a note", () => void this.finish(() => this.write(text), "Written to a new note."));
    } catch (error) {
      this.tell(error);
    }
  }

  private async write(text: string): Promise<void> {
    const file = await writeNote(this.app, text);
    await this.app.workspace.getLeaf("tab").openFile(file);
  }

  private async finish(act: () => Promise<void>, said: string): Promise<void> {
    try {
      await act();
      this.status.setText(said);
    } catch (error) {
      this.tell(error);
    }
  }

  private tell(error: unknown): void {
    this.status.setText(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
  }
}
