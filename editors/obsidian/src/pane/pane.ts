/** The side pane: all findings of the vault in groups. */
import { debounce, ItemView, setIcon } from "obsidian";
import type { WorkspaceLeaf } from "obsidian";
import type { Fixes, PaneHost } from "./host";
import { VirtualList } from "./list";
import {
  counted,
  counts,
  filtered,
  Findings,
  folder,
  grouped,
  MOST_OPEN,
  nameOf,
  rows,
  SEVERITIES,
} from "./model";
import type { Finding, Group, Mode, Row, Severity } from "./model";
import { PreviewModal } from "./preview";

export const FINDINGS_VIEW = "vaultlint-findings";

/** Milliseconds before new findings are shown, because a check of the vault sends many. */
const PAUSE = 100;

/** Pixels of a line of text if they can't be measured. */
const LINE = 17;

/** Pixels above and below the text of a group and of a finding. */
const MARGINS = { group: 13, finding: 10 };

/** Pixels beside the text of a finding. */
const BESIDE = 60;

/** A text to measure the width of letters. */
const SAMPLE = "no note or attachment named 'The quick brown fox'";

const MODES: readonly { mode: Mode; label: string; title: string }[] = [
  { mode: "rule", label: "Rule", title: "Group by rule" },
  { mode: "folder", label: "Folder", title: "Group by folder and note" },
  { mode: "wanted", label: "Wanted note", title: "Group by the name of the missing note" },
];

const ICONS: Record<Severity, string> = { 1: "circle-x", 2: "triangle-alert", 3: "info" };

type PaneRow = Row & { height: number };

let panes = 0;

export class FindingsPane extends ItemView {
  private readonly findings = new Findings();
  private all: Finding[] = [];
  private rows: PaneRow[] = [];
  private mode: Mode = "rule";
  private text = "";
  private readonly severities = new Set<Severity>([1, 2, 3]);
  /** The groups that the user opened or closed. */
  private readonly toggled = new Map<string, boolean>();
  /** The same while there is a filter, which opens all groups that match. */
  private readonly toggledInFilter = new Map<string, boolean>();
  private active = "";
  private list!: VirtualList<PaneRow>;
  private message!: HTMLElement;
  private tools!: HTMLElement;
  private input!: HTMLInputElement;
  private readonly severityButtons = new Map<Severity, HTMLElement>();
  private readonly modeButtons = new Map<Mode, HTMLElement>();
  private readonly id = `vaultlint-row-${++panes}`;

  constructor(
    leaf: WorkspaceLeaf,
    private readonly host: PaneHost,
  ) {
    super(leaf);
    this.icon = "list-checks";
  }

  override getViewType(): string {
    return FINDINGS_VIEW;
  }

  override getDisplayText(): string {
    return "Findings in the vault";
  }

  override getState(): Record<string, unknown> {
    return { mode: this.mode };
  }

  override async setState(state: unknown, result: Parameters<ItemView["setState"]>[1]): Promise<void> {
    const { mode } = (state ?? {}) as { mode?: unknown };
    const known = MODES.find((one) => one.mode === mode);
    this.mode = known?.mode ?? this.mode;
    if (this.list !== undefined) {
      this.showRows();
    }
    await super.setState(state, result);
  }

  protected override async onOpen(): Promise<void> {
    this.contentEl.empty();
    this.contentEl.addClass("vaultlint-pane");
    this.makeTools();
    this.message = this.contentEl.createDiv({ cls: "vaultlint-message", attr: { role: "status" } });
    const tree = this.contentEl.createDiv({
      attr: { role: "tree", tabindex: "0", "aria-label": "Findings", "aria-keyshortcuts": "F" },
    });
    this.list = new VirtualList<PaneRow>(tree, (row, index) => this.render(row, index));
    this.registerDomEvent(tree, "keydown", (event) => this.key(event));
    const refresh = debounce(() => this.refresh(), PAUSE);
    this.register(this.host.onChange(() => refresh()));
    this.register(() => refresh.cancel());
    this.refresh();
    await super.onOpen();
  }

  override onResize(): void {
    this.showRows();
  }

  /** Moves the focus to the filter, for users who open the pane by keyboard. */
  focus(): void {
    (this.tools.isShown() ? this.input : this.list.element).focus();
  }

  private makeTools(): void {
    this.tools = this.contentEl.createDiv({ cls: "vaultlint-tools" });
    this.input = this.tools.createEl("input", {
      cls: "vaultlint-filter",
      type: "search",
      placeholder: "Filter findings",
      attr: { "aria-label": "Filter findings", spellcheck: "false" },
    });
    this.registerDomEvent(this.input, "input", () => {
      this.text = this.input.value;
      this.toggledInFilter.clear();
      this.showRows();
      this.list.element.scrollTop = 0;
    });
    this.registerDomEvent(this.input, "keydown", (event) => this.filterKey(event));
    const modes = this.tools.createDiv({ cls: "vaultlint-modes", attr: { role: "group", "aria-label": "Group by" } });
    for (const { mode, label, title } of MODES) {
      const button = modes.createEl("button", { text: label, title });
      this.registerDomEvent(button, "click", () => this.become(mode));
      this.modeButtons.set(mode, button);
    }
    const shown = this.tools.createDiv({ cls: "vaultlint-severities", attr: { role: "group", "aria-label": "Show" } });
    for (const { severity } of SEVERITIES) {
      const button = shown.createEl("button");
      setIcon(button.createSpan({ cls: `vaultlint-icon vaultlint-severity-${severity}` }), ICONS[severity]);
      button.createSpan();
      this.registerDomEvent(button, "click", () => this.toggleSeverity(severity));
      this.severityButtons.set(severity, button);
    }
  }

  private become(mode: Mode): void {
    this.mode = mode;
    this.active = "";
    this.list.element.scrollTop = 0;
    this.showRows();
    this.app.workspace.requestSaveLayout();
  }

  private toggleSeverity(severity: Severity): void {
    if (!this.severities.delete(severity)) {
      this.severities.add(severity);
    }
    this.showRows();
  }

  /** Shows the current findings. */
  private refresh(): void {
    this.all = this.findings.of(this.host.diagnostics());
    this.showRows();
  }

  private showRows(): void {
    const found = filtered(this.all, { text: this.text, severities: this.severities });
    const opensAll = this.text !== "" || found.length <= MOST_OPEN;
    const isOpen = (key: string): boolean => this.toggledNow.get(key) ?? opensAll;
    const height = this.heights();
    this.rows = rows(grouped(found, this.mode), isOpen).map((row) => ({ ...row, height: height(row) }));
    if (!this.rows.some((row) => row.key === this.active)) {
      this.active = this.rows[0]?.key ?? "";
    }
    this.showTools();
    this.showMessage();
    this.list.element.toggle(this.rows.length > 0);
    this.list.show(this.rows);
    this.markActive();
  }

  /** The heights of lines. Measuring each text is too slow, so they are estimated from the width of letters. */
  private heights(): (row: Row) => number {
    const sample = this.contentEl.createSpan({ text: SAMPLE, cls: "vaultlint-sample" });
    const { offsetWidth, offsetHeight } = sample;
    sample.remove();
    const line = offsetHeight === 0 ? LINE : offsetHeight;
    const most = offsetWidth === 0 ? Infinity : (this.contentEl.clientWidth - BESIDE) / (offsetWidth / SAMPLE.length);
    return (row) => {
      const lines = row.kind === "group" ? 1 : this.texts(row.finding)[0].length > most ? 3 : 2;
      return MARGINS[row.kind] + lines * line;
    };
  }

  private get toggledNow(): Map<string, boolean> {
    return this.text === "" ? this.toggled : this.toggledInFilter;
  }

  /** Hides the controls while there are no findings. */
  private showTools(): void {
    this.tools.toggle(this.all.length > 0);
    const found = counts(this.all);
    for (const { severity, one, many } of SEVERITIES) {
      const button = this.severityButtons.get(severity);
      const count = found.get(severity) ?? 0;
      button?.toggle(count > 0);
      button?.lastElementChild?.setText(count.toLocaleString("en"));
      button?.setAttribute("aria-pressed", String(this.severities.has(severity)));
      button?.setAttribute("aria-label", counted(count, one, many));
    }
    for (const [mode, button] of this.modeButtons) {
      button.setAttribute("aria-pressed", String(mode === this.mode));
    }
  }

  private showMessage(): void {
    const { kind, message } = this.host.status();
    let text = "";
    if (this.all.length === 0) {
      const nothing = kind === "checking" ? "Checking the vault…" : "No problems found";
      text = kind === "off" ? (message ?? "vaultlint is not running.") : nothing;
    } else if (this.rows.length === 0) {
      const isAbout = this.mode === "wanted" && !this.all.some((one) => one.wanted !== undefined);
      text = isAbout ? "No missing notes: every linked name has a file." : "No finding matches the filter.";
    }
    this.message.setText(text);
    this.message.toggle(text !== "");
  }

  // Lines.

  private render(row: PaneRow, index: number): HTMLElement {
    const { level, number, of } = row;
    const line = createDiv({
      cls: `vaultlint-${row.kind} vaultlint-level-${level}`,
      attr: {
        id: `${this.id}-${index}`,
        role: "treeitem",
        "aria-level": level,
        "aria-posinset": number,
        "aria-setsize": of,
        "aria-selected": row.key === this.active,
      },
    });
    if (row.kind === "group") {
      this.renderGroup(line, row.group, row.isOpen);
    } else {
      this.renderFinding(line, row.finding);
    }
    line.addEventListener("click", () => {
      this.select(row.key);
      this.use(row);
    });
    return line;
  }

  private renderGroup(line: HTMLElement, group: Group, isOpen: boolean): void {
    line.setAttribute("aria-expanded", String(isOpen));
    setIcon(line.createSpan({ cls: "vaultlint-icon vaultlint-arrow" }), isOpen ? "chevron-down" : "chevron-right");
    const label = group.kind === "folder" && group.label === "/" ? "(top of the vault)" : group.label;
    line.createSpan({ cls: "vaultlint-label", text: label, title: label });
    if (group.fixable > 0) {
      const button = line.createEl("button", {
        cls: "vaultlint-fix",
        text: `Fix ${group.fixable.toLocaleString("en")}…`,
        title: `Show what ${counted(group.fixable, "safe fix", "safe fixes")} would change (F)`,
        attr: { tabindex: "-1" },
      });
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        this.select(`${group.key}`);
        void this.fix(group);
      });
    }
    const count = group.kind === "wanted" ? group.notes : group.findings.length;
    const notes = `in ${counted(group.notes, "note")}`;
    const title = group.kind === "wanted" ? notes : `${counted(group.findings.length, "finding")} ${notes}`;
    line.createSpan({ cls: "vaultlint-count", text: count.toLocaleString("en"), title });
    line.setAttribute("aria-label", `${label}, ${title}${group.fixable > 0 ? ", F to fix" : ""}`);
  }

  private renderFinding(line: HTMLElement, one: Finding): void {
    const { severity } = one;
    const name = SEVERITIES.find((known) => known.severity === severity)?.one ?? "";
    const cls = `vaultlint-icon vaultlint-mark vaultlint-severity-${severity}`;
    setIcon(line.createSpan({ cls, title: name }), ICONS[severity]);
    const [first, ...rest] = this.texts(one);
    const text = line.createDiv({ cls: "vaultlint-texts" });
    text.createDiv({ cls: "vaultlint-text", text: first, title: one.message });
    text.createDiv({ cls: "vaultlint-where", text: rest.join(" · "), title: one.path });
    const told = first === one.message ? [first, ...rest] : [one.message, first, ...rest];
    line.setAttribute("aria-label", `${name}: ${told.join(", ")}`);
  }

  /** The text of a finding, without what its group already shows. */
  private texts({ path, rule, message, range }: Finding): [string, ...string[]] {
    const place = `line ${(range.start.line + 1).toLocaleString("en")}`;
    const above = folder(path) === "/" ? [] : [folder(path)];
    switch (this.mode) {
      case "rule":
        return [message, nameOf(path), place, ...above];
      case "folder":
        return [message, place, rule];
      case "wanted":
        return [nameOf(path), place, ...above];
    }
  }

  // Actions of the user.

  private select(key: string): void {
    this.active = key;
    this.markActive();
  }

  /** Marks the selected line, also for screen readers. */
  private markActive(): void {
    this.list.element.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    const element = this.list.elementOf(this.active);
    element?.setAttribute("aria-selected", "true");
    if (element === undefined) {
      this.list.element.removeAttribute("aria-activedescendant");
    } else {
      this.list.element.setAttribute("aria-activedescendant", element.id);
    }
  }

  private use(row: PaneRow): void {
    if (row.kind === "group") {
      this.open(row, !row.isOpen);
    } else {
      void this.host.open(row.finding.path, row.finding.range);
    }
  }

  private open(row: PaneRow, isOpen: boolean): void {
    this.toggledNow.set(row.key, isOpen);
    this.showRows();
  }

  private filterKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.input.value !== "") {
      this.clearFilter();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      this.list.element.focus();
      this.goTo(0);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private clearFilter(): void {
    this.input.value = this.text = "";
    this.showRows();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.does(event.key)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Handles a key; returns whether it has a meaning. */
  private does(key: string): boolean {
    const index = this.rows.findIndex((row) => row.key === this.active);
    const row = this.rows[index];
    if (row === undefined) {
      return false;
    }
    const goes: Record<string, () => number> = {
      ArrowDown: () => index + 1,
      ArrowUp: () => index - 1,
      PageDown: () => index + this.list.page,
      PageUp: () => index - this.list.page,
      Home: () => 0,
      End: () => this.rows.length - 1,
    };
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.inwards(row, index),
      ArrowLeft: () => this.outwards(row, index),
      Enter: () => this.use(row),
      " ": () => this.use(row),
      f: () => void this.fix(row.group),
      F: () => void this.fix(row.group),
      Escape: () => {
        this.clearFilter();
        this.input.focus();
      },
    };
    if (goes[key] !== undefined) {
      this.goTo(goes[key]());
    }
    acts[key]?.();
    return goes[key] !== undefined || acts[key] !== undefined;
  }

  private goTo(index: number): void {
    const row = this.rows[Math.max(0, Math.min(index, this.rows.length - 1))];
    if (row !== undefined) {
      this.list.reveal(this.rows.indexOf(row));
      this.select(row.key);
    }
  }

  private inwards(row: PaneRow, index: number): void {
    if (row.kind === "group" && !row.isOpen) {
      this.open(row, true);
    } else if (row.kind === "group") {
      this.goTo(index + 1);
    }
  }

  private outwards(row: PaneRow, index: number): void {
    if (row.kind === "group" && row.isOpen) {
      this.open(row, false);
      return;
    }
    for (let i = index - 1; i >= 0; i--) {
      if ((this.rows[i]?.level ?? 0) < row.level) {
        this.goTo(i);
        return;
      }
    }
  }

  /** Shows what the safe fixes of a group would change. */
  private async fix(group: Group): Promise<void> {
    if (group.fixable === 0) {
      return;
    }
    const isWhole = this.text === "" && this.severities.size === SEVERITIES.length;
    const notes = [...new Set(group.findings.map((one) => one.path))];
    const params = {
      ...(group.kind === "rule" ? { rule: group.label } : {}),
      ...(group.kind === "rule" && isWhole ? {} : { paths: notes }),
    };
    const modal = new PreviewModal(this.host, group.label, () => this.host.request<Fixes>("vaultlint/fixes", params));
    modal.after(() => this.list.element.focus());
    modal.open();
  }
}
