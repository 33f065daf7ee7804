/** vaultlint in Obsidian: a client of `vaultlint server`. */
import type { Extension } from "@codemirror/state";
import type { MarkdownView, TAbstractFile } from "obsidian";
import { debounce, FileSystemAdapter, Notice, Plugin, TFile } from "obsidian";
import type { CodeAction, Range, ShowMessageParams } from "vscode-languageserver-protocol";
import { Actions } from "./actions";
import { showBadge } from "./badge";
import { Changes } from "./changes";
import { Client } from "./client";
import { chooseAction, printed, registerCommands } from "./commands";
import { Documents } from "./documents";
import type { EditorHost, Least } from "./editor";
import { AttachedEditors, findingsInEditors } from "./editor";
import { FINDINGS_VIEW, FindingsPane } from "./pane/pane";
import { paneHost } from "./pane-host";
import { connect, program, realFolder, reportFile, run } from "./program";
import { Rules } from "./rules";
import type { Settings, SettingsHost } from "./settings";
import { DEFAULTS, LEAST, settingsFrom, SettingsTab } from "./settings";
import { Welcome, WELCOME } from "./welcome";

/** The least severe type of server message that is shown to the user; errors have lower numbers. */
const WARNING = 2;

/** Milliseconds after which the count is updated; findings often come in groups. */
const TOGETHER = 100;

/** Key of the path of the program: stored on this computer, not in the vault, which may come from somebody else. */
const PROGRAM = "vaultlint-program";

export default class VaultlintPlugin extends Plugin implements EditorHost, SettingsHost {
  override settings: Settings = DEFAULTS;
  client!: Client;
  documents!: Documents;
  changes!: Changes;
  actions!: Actions;
  readonly attached = new AttachedEditors();
  private rules!: Rules;
  private folder = "";
  private readonly extensions: Extension[] = [];
  private badge!: HTMLElement;

  override async onload(): Promise<void> {
    const { adapter } = this.app.vault;
    if (!(adapter instanceof FileSystemAdapter)) {
      return; // nothing on disk to check
    }
    const program: unknown = this.app.loadLocalStorage(PROGRAM);
    this.settings = settingsFrom(await this.loadData(), program);
    this.folder = realFolder(adapter.getBasePath());
    this.client = new Client(this.folder, async () => connect(this.program(), ["server"], this.folder));
    this.documents = new Documents(this.client);
    this.changes = new Changes(this.app, this.client, this.documents, this.attached);
    this.actions = new Actions(this.client, this.changes);
    this.rules = new Rules(this.app, this.client);
    this.showInEditors();
    this.showInApp();
    this.client.onNotification("window/showMessage", ({ type, message }: ShowMessageParams) => {
      if (type <= WARNING) {
        new Notice(message, 0);
      }
    });
    this.registerEvent(this.app.workspace.on("quit", (tasks) => tasks.add(() => this.client.stop())));
    this.app.workspace.onLayoutReady(() => {
      this.watchVault();
      void this.client.start();
    });
  }

  override onunload(): void {
    void this.client.stop();
  }

  // For the editor.

  least(): Least {
    return LEAST[this.settings.least];
  }

  reason(rule: string): Promise<string> {
    return this.rules.reason(rule);
  }

  explain(rule: string): void {
    void this.rules.explain(rule);
  }

  fix(path: string, range: Range, id: string, title: string): void {
    void this.tell(async () => this.tellGone(await this.actions.fix(path, range, id, title)));
  }

  showActions(path: string, range: Range, isWanted: (action: CodeAction) => boolean = () => true): void {
    void this.tell(() => chooseAction(this, path, range, isWanted));
  }

  /** Shows a notice if the action is no longer possible. */
  tellGone(changed: string[] | null): void {
    if (changed === null) {
      new Notice("The note has changed in the meantime. Nothing was done.");
    }
  }

  /** Runs something; shows a notice with the reason if it fails. */
  async tell(perform: () => unknown): Promise<void> {
    try {
      await perform();
    } catch (error) {
      new Notice(error instanceof Error ? error.message : String(error));
    }
  }

  // For other parts.

  /** Opens a note at a place. */
  async show(path: string, { start, end }: Range): Promise<void> {
    const file = this.app.vault.getFileByPath(path);
    if (file === null) {
      throw new Error(`${path} no longer exists.`);
    }
    const leaf = this.app.workspace.getLeaf(false);
    await leaf.openFile(file, { active: true });
    const { editor } = leaf.view as Partial<MarkdownView>;
    if (editor !== undefined) {
      const [from, to] = [start, end].map(({ line, character }) => ({ line, ch: character }));
      if (from !== undefined && to !== undefined) {
        editor.setSelection(from, to);
        editor.scrollIntoView({ from, to }, true);
        editor.focus();
      }
    }
  }

  async openWelcome(): Promise<void> {
    const { workspace } = this.app;
    const leaf = workspace.getLeavesOfType(WELCOME)[0] ?? workspace.getLeaf("tab");
    await leaf.setViewState({ type: WELCOME, active: true });
    await workspace.revealLeaf(leaf);
  }

  openSettings(): void {
    const { setting } = this.app as { setting?: { open(): void; openTabById(id: string): void } };
    setting?.open();
    setting?.openTabById(this.manifest.id);
  }

  /** Opens the report of the vault in the browser. */
  async report(): Promise<void> {
    const notice = new Notice("Writing the report…", 0);
    try {
      await run(this.program(), ["report", "--vault", this.folder, "-o", reportFile(), "--open"], this.folder);
    } finally {
      notice.hide();
    }
  }

  configuration(): Promise<string> {
    return run(this.program(), ["config", this.folder], this.folder);
  }

  async change(settings: Settings): Promise<void> {
    const before = this.settings;
    this.settings = settings;
    const { program, ...shared } = settings;
    this.app.saveLocalStorage(PROGRAM, program === "" ? null : program);
    await this.saveData(shared);
    if (before.program !== settings.program) {
      await this.client.restart();
    }
    this.extensions.splice(0, Infinity, findingsInEditors(this, settings.gutter));
    this.app.workspace.updateOptions();
    this.attached.refresh();
    this.showCount();
  }

  private program(): string {
    return program(this.settings.program);
  }

  private showInEditors(): void {
    this.extensions.push(findingsInEditors(this, this.settings.gutter));
    this.registerEditorExtension(this.extensions);
    this.registerEvent(
      this.client.on("diagnostics", (path) => this.attached.at(path).forEach((editor) => editor.show())),
    );
  }

  private showInApp(): void {
    registerCommands(this);
    this.registerView(WELCOME, (leaf) => new Welcome(leaf, this));
    this.registerView(FINDINGS_VIEW, (leaf) => new FindingsPane(leaf, paneHost(this)));
    this.addRibbonIcon("list-checks", "Show findings in the vault", () => void this.tell(() => this.openFindings()));
    const tab = new SettingsTab(this.app, this);
    this.addSettingTab(tab);
    this.registerCliHandler(
      "vaultlint",
      "Show the findings of vaultlint in this vault",
      { path: { value: "<path>", description: "Only findings in this note or folder" } },
      async (given) => {
        await this.client.checkAll();
        return printed(this.client.diagnostics, given);
      },
    );
    this.badge = this.addStatusBarItem();
    this.badge.addClass("mod-clickable", "vaultlint-badge");
    this.badge.addEventListener("click", () => void this.tell(() => this.openFindings()));
    const count = debounce(() => this.showCount(), TOGETHER);
    this.registerEvent(this.client.on("diagnostics", count));
    this.registerEvent(this.client.on("state", () => void this.tell(() => this.stateChanged(tab))));
    this.showCount();
  }

  private async stateChanged(tab: SettingsTab): Promise<void> {
    this.showCount();
    if (this.client.state === "running") {
      await tab.reload();
    } else if (this.client.state === "missing" && !this.wasWelcomed) {
      this.wasWelcomed = true;
      await this.openWelcome();
    }
  }

  private wasWelcomed = false;

  private showCount(): void {
    showBadge(this.badge, this.client, this.settings.badge);
  }

  /** Shows the list of all findings, or how to install vaultlint if it is missing. */
  async openFindings(): Promise<void> {
    if (this.client.state === "missing") {
      await this.openWelcome();
    } else {
      const { workspace } = this.app;
      await workspace.revealLeaf(await workspace.ensureSideLeaf(FINDINGS_VIEW, "right", { active: true }));
    }
  }

  /** Tells the server which files were created, changed or deleted. */
  private watchVault(): void {
    const { vault } = this.app;
    const changed = (type: 1 | 2 | 3) => (file: TAbstractFile) => {
      if (file instanceof TFile) {
        const changes = [{ uri: this.client.paths.uri(file.path), type }];
        this.client.notify("workspace/didChangeWatchedFiles", { changes });
      }
    };
    this.registerEvent(vault.on("create", changed(1)));
    this.registerEvent(vault.on("modify", changed(2)));
    this.registerEvent(vault.on("delete", changed(3)));
    this.registerEvent(
      vault.on("rename", (file, before) => {
        const files = [{ oldUri: this.client.paths.uri(before), newUri: this.client.paths.uri(file.path) }];
        this.attached.refresh();
        this.client.notify("workspace/didRenameFiles", { files });
      }),
    );
  }
}
