/** Shows all changes of safe fixes before they are applied. */
import { Modal, Notice, setIcon } from "obsidian";
import { shownChanges } from "./changes";
import type { ChangedLine, Shown } from "./changes";
import type { FileChange, Fixes, Outcome, PaneHost, Refusal } from "./host";
import { VirtualList } from "./list";
import { counted } from "./model";

const HEIGHTS = { note: 30, change: 48, refusal: 48 };

type PreviewLine = { key: string; height: number } & (
  | { kind: "note"; path: string; count: number }
  | { kind: "change"; path: string; shown: Shown }
  | { kind: "refusal"; refusal: Refusal }
);

export class PreviewModal extends Modal {
  private fixes: Fixes | null = null;
  private then: () => void = () => undefined;
  private summary!: HTMLElement;
  private list!: VirtualList<PreviewLine>;
  private apply!: HTMLButtonElement;

  /**
   * @param host the plug-in around the pane.
   * @param label the rule, folder or note to fix.
   * @param ask asks the server for the changes.
   */
  constructor(
    private readonly host: PaneHost,
    private readonly label: string,
    private readonly ask: () => Promise<Fixes>,
  ) {
    super(host.app);
  }

  /** Called when it was closed. */
  after(then: () => void): void {
    this.then = then;
  }

  override onOpen(): void {
    this.modalEl.addClass("vaultlint-preview");
    this.setTitle(`Safe fixes: ${this.label}`);
    this.summary = this.contentEl.createDiv({ cls: "vaultlint-summary", attr: { role: "status" } });
    const listed = this.contentEl.createDiv({ attr: { role: "list", tabindex: "0", "aria-label": "Changes" } });
    this.list = new VirtualList<PreviewLine>(listed, (line) => rendered(line));
    const buttons = this.contentEl.createDiv({ cls: "modal-button-container" });
    this.apply = buttons.createEl("button", { cls: "mod-cta", text: "Apply" });
    this.apply.addEventListener("click", () => void this.make());
    buttons.createEl("button", { text: "Cancel" }).addEventListener("click", () => this.close());
    this.contentEl.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    });
    void this.look();
  }

  override onClose(): void {
    this.contentEl.empty();
    this.then();
  }

  /** Requests the changes, and shows them. */
  private async look(): Promise<void> {
    this.wait("Loading the changes…");
    try {
      this.fixes = await this.ask();
    } catch (error) {
      this.fixes = null;
      this.sayWhy(error);
      return;
    }
    const { files, refused } = this.fixes;
    const lines = [...refused.map(refusalLine), ...files.flatMap(changeLines)];
    const changes = lines.filter((line) => line.kind === "change").length;
    this.list.show(lines);
    this.say(
      files.length === 0
        ? "There are no safe fixes left."
        : `${counted(changes, "change")} in ${counted(files.length, "note")}. Nothing is changed until you apply them.`,
    );
    this.apply.disabled = files.length === 0;
    this.apply.setText(files.length === 0 ? "Apply" : `Change ${counted(files.length, "note")}`);
    (this.apply.disabled ? this.list.element : this.apply).focus();
  }

  /** Applies the changes; refused ones stay visible. */
  private async make(): Promise<void> {
    if (this.fixes === null) {
      return;
    }
    this.wait("Changing the notes…");
    const { files } = this.fixes;
    this.fixes = null;
    let outcome: Outcome;
    try {
      outcome = await this.host.applyEdits(files);
    } catch (error) {
      this.sayWhy(error);
      return;
    }
    const { applied, refused } = outcome;
    if (applied.length > 0) {
      new Notice(`Fixed ${counted(applied.length, "note")}.`);
    }
    if (refused.length === 0) {
      this.close();
      return;
    }
    this.list.show(refused.map(refusalLine));
    this.say(`${counted(applied.length, "note")} changed, ${refused.length.toLocaleString("en")} not changed:`);
  }

  private wait(text: string): void {
    this.apply.disabled = true;
    this.say(text);
  }

  private sayWhy(error: unknown): void {
    this.say(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
  }

  private say(text: string): void {
    this.summary.setText(text);
  }
}

function refusalLine(refusal: Refusal, number: number): PreviewLine {
  return { kind: "refusal", key: `refusal ${number}`, height: HEIGHTS.refusal, refusal };
}

function changeLines(file: FileChange): PreviewLine[] {
  const changes = shownChanges(file);
  const { path } = file;
  return [
    { kind: "note", key: path, height: HEIGHTS.note, path, count: changes.length },
    ...changes.map<PreviewLine>((shown, i) => {
      return { kind: "change", key: `${path}\n${i}`, height: HEIGHTS.change, path, shown };
    }),
  ];
}

function rendered(line: PreviewLine): HTMLElement {
  const element = createDiv({ cls: `vaultlint-preview-${line.kind}`, attr: { role: "listitem" } });
  if (line.kind === "note") {
    element.createSpan({ cls: "vaultlint-label", text: line.path, title: line.path });
    element.createSpan({ cls: "vaultlint-count", text: counted(line.count, "change") });
  } else if (line.kind === "refusal") {
    setIcon(element.createSpan({ cls: "vaultlint-icon vaultlint-mark vaultlint-severity-2" }), "triangle-alert");
    const text = element.createDiv({ cls: "vaultlint-texts" });
    text.createDiv({ cls: "vaultlint-text", text: line.refusal.path });
    text.createDiv({ cls: "vaultlint-where", text: line.refusal.message, title: line.refusal.message });
  } else {
    element.createSpan({ cls: "vaultlint-line-number", text: line.shown.line.toLocaleString("en") });
    const text = element.createDiv({ cls: "vaultlint-texts" });
    renderSide(text, "del", line.shown.old);
    renderSide(text, "ins", line.shown.new);
  }
  return element;
}

function renderSide(parent: HTMLElement, tag: "del" | "ins", { before, changed, after }: ChangedLine): void {
  const side = parent.createDiv({ cls: `vaultlint-${tag}`, title: before + changed + after });
  side.createSpan({ cls: "vaultlint-sign", text: tag === "del" ? "−" : "+" });
  side.appendText(before);
  side.createEl(tag, { text: changed });
  side.appendText(after);
}
