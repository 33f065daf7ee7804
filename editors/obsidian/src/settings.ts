/** What can be set in Obsidian. How notes are checked is set in `vaultlint.toml` alone, and shown here. */
import type { App, Plugin, SettingDefinition, SettingDefinitionItem, SettingGroupItem } from "obsidian";
import { PluginSettingTab } from "obsidian";
import type { Least } from "./editor";

export interface Settings {
  /** The program; empty if it is looked for. It is not stored in the vault. */
  program: string;
  /** What is shown in the editor. */
  least: "errors" | "warnings" | "all";
  /** Whether there are marks beside the lines. */
  gutter: boolean;
  /** Whether the status bar counts findings. */
  badge: boolean;
}

export const DEFAULTS: Settings = { program: "", least: "all", gutter: true, badge: true };

export const LEAST: Record<Settings["least"], Least> = { errors: 1, warnings: 2, all: 3 };

/**
 * The settings out of what is stored; what makes no sense is as by default.
 *
 * @param stored what is stored in the vault.
 * @param program what is stored on this computer.
 */
export function settingsFrom(stored: unknown, program: unknown): Settings {
  const given = (typeof stored === "object" && stored !== null ? stored : {}) as Partial<Record<string, unknown>>;
  const { least, gutter, badge } = given;
  return {
    program: typeof program === "string" ? program : DEFAULTS.program,
    least: typeof least === "string" && Object.hasOwn(LEAST, least) ? (least as Settings["least"]) : DEFAULTS.least,
    gutter: typeof gutter === "boolean" ? gutter : DEFAULTS.gutter,
    badge: typeof badge === "boolean" ? badge : DEFAULTS.badge,
  };
}

/** One line of what is in force in a vault. */
export interface InForce {
  name: string;
  value: string;
  /** Where it is set; `default` if nowhere. */
  source: string;
}

/** What `vaultlint config` prints, setting by setting. */
export function inForce(printed: string): InForce[] {
  const found: InForce[] = [];
  let table = "";
  for (const line of printed.split("\n")) {
    const heading = /^\[(.*)\]$/.exec(line);
    if (heading !== null) {
      table = `${heading[1] ?? ""}.`;
      continue;
    }
    const [, name, rest] = /^([\w-]+) = (.*)$/.exec(line) ?? [];
    const comment = rest?.lastIndexOf("  # ") ?? -1;
    if (name !== undefined && rest !== undefined && comment !== -1) {
      found.push({ name: table + name, value: rest.slice(0, comment).trim(), source: rest.slice(comment + 4) });
    }
  }
  return found;
}

/** What the tab needs of the plug-in. */
export interface SettingsHost extends Plugin {
  settings: Settings;
  change(settings: Settings): Promise<void>;
  /** What `vaultlint config` prints for this vault; it throws if that can't be had. */
  configuration(): Promise<string>;
}

export class SettingsTab extends PluginSettingTab {
  override icon = "spell-check";
  private printed = "";
  private problem = "Vaultlint does not run.";

  constructor(
    app: App,
    private readonly host: SettingsHost,
  ) {
    super(app, host);
  }

  /** Reads again what is in force. */
  async reload(): Promise<void> {
    try {
      this.printed = await this.host.configuration();
      this.problem = "";
    } catch (error) {
      this.printed = "";
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.update();
  }

  override getControlValue(key: string): unknown {
    return this.host.settings[key as keyof Settings];
  }

  override async setControlValue(key: string, value: unknown): Promise<void> {
    const changed = { ...this.host.settings, [key]: value };
    await this.host.change(settingsFrom(changed, changed.program));
  }

  override getSettingDefinitions(): SettingDefinitionItem<keyof Settings>[] {
    return [
      {
        name: "Program",
        desc: "Where vaultlint is on this computer. Leave it empty to look for it where pipx and uv put programs.",
        control: { type: "text", key: "program", placeholder: "Found by itself" },
      },
      {
        name: "Show in the editor",
        desc: "How much is underlined while you write. The list of findings always has everything.",
        control: {
          type: "dropdown",
          key: "least",
          options: { errors: "Errors", warnings: "Errors and warnings", all: "Everything" },
        },
      },
      {
        name: "Marks beside the text",
        desc: "Put a mark beside each line with a finding.",
        control: { type: "toggle", key: "gutter" },
      },
      {
        name: "Count in the status bar",
        desc: "Show how much is found in the vault. Nothing is shown while nothing is wrong.",
        control: { type: "toggle", key: "badge" },
      },
      { type: "group", heading: "How notes are checked", items: this.checked() },
    ];
  }

  private checked(): SettingGroupItem<keyof Settings>[] {
    const all = inForce(this.printed);
    const own = all.filter(({ source }) => source !== "default");
    const item = ({ name, value, source }: InForce): SettingDefinition<keyof Settings> => ({
      name: `${name} = ${value}`,
      desc: source === "default" ? "As by default" : `Set in ${source}`,
    });
    const intro = {
      name: "The file vaultlint.toml",
      desc: this.problem || "Rules and options are set in this file at the top of the vault, for every program alike.",
    };
    const everything: SettingGroupItem<keyof Settings> = {
      type: "page",
      name: "Everything in force",
      desc: "All rules and options of this vault, with where each is set.",
      items: all.map(item),
    };
    return [intro, ...own.map(item), ...(all.length > 0 ? [everything] : [])];
  }
}
