/** The page that is shown if vaultlint is not installed. */
import type { WorkspaceLeaf } from "obsidian";
import { ItemView, Notice, Platform } from "obsidian";
import type { Client } from "./client";

export const WELCOME = "vaultlint-welcome";

/** Milliseconds between two searches for vaultlint. */
const PAUSE = 5_000;

/** What to install. At a release: `'obsidian-vaultlint[server]'`, without the sentence about OWNER. */
const PACKAGE = "'obsidian-vaultlint[server] @ git+https://github.com/OWNER/vaultlint'";

/** Ways to install, the best first. */
const WAYS: readonly (readonly [string, string])[] = [
  ["If you have uv", `uv tool install ${PACKAGE}`],
  ["If you have pipx", `pipx install ${PACKAGE}`],
  ["If you have only Python", `python3 -m pip install --user ${PACKAGE}`],
];

/** A command in the syntax of the shell of this computer. */
function forShell(command: string): string {
  return Platform.isWin ? command.replace("python3", "py").replace(/'/g, '"') : command;
}

/** How to open a terminal on this computer. */
function terminal(): string {
  if (Platform.isWin) {
    return "Press the Windows key, type PowerShell, and press Enter.";
  }
  return Platform.isMacOS ? "Press ⌘ and Space, type Terminal, and press Enter." : "Open a terminal.";
}

/** What the page needs of the plug-in. */
export interface WelcomeHost {
  readonly client: Client;
  openSettings(): void;
}

/** Shows how to install vaultlint, and keeps searching for it. */
export class Welcome extends ItemView {
  override icon = "spell-check";

  constructor(
    leaf: WorkspaceLeaf,
    private readonly host: WelcomeHost,
  ) {
    super(leaf);
  }

  override getViewType(): string {
    return WELCOME;
  }

  override getDisplayText(): string {
    return "Install vaultlint";
  }

  protected override onOpen(): Promise<void> {
    this.registerEvent(this.host.client.on("state", () => this.render()));
    this.registerInterval(window.setInterval(() => void this.look(), PAUSE));
    this.registerDomEvent(window, "focus", () => void this.look());
    this.render();
    return Promise.resolve();
  }

  private async look(): Promise<void> {
    if (this.host.client.state === "missing" && this.contentEl.isShown()) {
      await this.host.client.start();
    }
  }

  private render(): void {
    const { client } = this.host;
    const page = this.contentEl;
    if (client.state === "starting" && page.hasChildNodes()) {
      return; // avoid flicker while the server starts
    }
    page.empty();
    page.addClass("vaultlint-welcome");
    if (client.state === "running") {
      page.createEl("h2", { text: "Vaultlint is running" });
      page.createEl("p", { text: "Its findings are underlined in your notes. You can close this page." });
      return;
    }
    page.createEl("h2", { text: "One more step: install vaultlint" });
    page.createEl("p", {
      text:
        "This plug-in shows what the program vaultlint finds in your notes. " +
        "The program runs on this computer and sends nothing anywhere.",
    });
    page.createEl("p", { text: client.problem, cls: "vaultlint-problem" });
    page.createEl("p", {
      text:
        `${terminal()} Type one of these lines, and press Enter. ` +
        "There is no release yet, so replace OWNER with the owner of the repository of vaultlint.",
    });
    WAYS.forEach(([when, command]) => this.way(page, when, forShell(command)));
    const without = page.createEl("p");
    without.createEl("a", { text: "Install uv", href: "https://docs.astral.sh/uv/getting-started/installation/" });
    without.appendText(" first if you have none of these. It can also install Python.");
    page.createEl("p", { text: "This page checks every few seconds whether vaultlint is installed." });
    const buttons = page.createDiv({ cls: "vaultlint-buttons" });
    buttons
      .createEl("button", { text: "Check again", cls: "mod-cta" })
      .addEventListener("click", () => void this.checkAgain());
    buttons
      .createEl("button", { text: "It is installed elsewhere" })
      .addEventListener("click", () => this.host.openSettings());
  }

  private async checkAgain(): Promise<void> {
    await this.host.client.restart();
    if (this.host.client.state === "missing") {
      new Notice(this.host.client.problem);
    }
  }

  private way(page: HTMLElement, when: string, command: string): void {
    const way = page.createDiv({ cls: "vaultlint-way" });
    way.createDiv({ text: when });
    const line = way.createDiv({ cls: "vaultlint-command" });
    line.createEl("code", { text: command });
    line.createEl("button", { text: "Copy" }).addEventListener("click", () => {
      void navigator.clipboard.writeText(command).then(() => new Notice("Copied"));
    });
  }
}
