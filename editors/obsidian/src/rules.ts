/** The manual pages of rules, from the server. */
import type { App } from "obsidian";
import { Component, MarkdownRenderer, Modal } from "obsidian";
import type { Client } from "./client";

/** Loads and shows the pages of rules. */
export class Rules {
  private readonly pages = new Map<string, Promise<string>>();

  constructor(
    private readonly app: App,
    private readonly client: Client,
  ) {
    client.on("state", () => this.pages.clear());
  }

  /** The manual page of a rule; empty if there is none. */
  page(rule: string): Promise<string> {
    const known = this.pages.get(rule);
    if (known !== undefined) {
      return known;
    }
    const params = { command: "vaultlint.explain", arguments: [rule] };
    const page = this.client
      .request<string | null>("workspace/executeCommand", params)
      .then((text) => text ?? "")
      .catch(() => "");
    this.pages.set(rule, page);
    return page;
  }

  /** Why a rule matters, in one or two sentences; empty if its page has no such part. */
  async reason(rule: string): Promise<string> {
    return why(await this.page(rule));
  }

  /** Shows the page of a rule. */
  async explain(rule: string): Promise<void> {
    const page = await this.page(rule);
    new RulePage(this.app, rule, page === "" ? `There is no page for the rule ${rule}.` : page).open();
  }
}

/** The first paragraph of "Why it matters". */
export function why(page: string): string {
  const [, rest] = page.split(/^## Why it matters\s*$/m);
  return (rest ?? "").trim().split(/\n\s*\n|\n#/, 1)[0]?.replace(/\s+/g, " ") ?? "";
}

class RulePage extends Modal {
  private readonly component = new Component();

  constructor(
    app: App,
    private readonly rule: string,
    private readonly page: string,
  ) {
    super(app);
  }

  override onOpen(): void {
    this.modalEl.addClass("vaultlint-page");
    this.setTitle(this.rule);
    this.component.load();
    const body = this.page.replace(/^# .*\n/, "");
    void MarkdownRenderer.render(this.app, body, this.contentEl, "", this.component);
  }

  override onClose(): void {
    this.component.unload();
    this.contentEl.empty();
  }
}
