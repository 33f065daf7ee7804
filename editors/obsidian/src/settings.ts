/** The settings in Obsidian. How notes are checked is set only in `vaultlint.toml`, and shown here. */
import type { App, Plugin, SettingDefinition, SettingDefinitionItem, SettingGroupItem } from "obsidian";
import { PluginSettingTab } from "obsidian";
import type { Least } from "./editor";

export interface Settings {
  /** The path of the program; empty to search for it. Not stored in the vault. */
  program: string;
  /** Which findings are shown in the editor. */
  least: "errors" | "warnings" | "all";
  /** Whether there are marks beside the lines. */
  gutter: boolean;
  /** Whether the status bar counts findings. */
  badge: boolean;
}

export const DEFAULTS: Settings = { program: "", least: "all", gutter: true, badge: true };

export const LEAST: Record<Settings["least"], Least> = { errors: 1, warnings: 2, all: 3 };

/**
 * The settings from stored values; invalid values are replaced by the defaults.
 *
 * @param stored the values stored in the vault.
 * @param program the value stored on this computer.
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

/** One setting in effect in a vault. */
export interface InForce {
  name: string;
  value: string;
  /** Where it is set; `default` if it is not set. */
  source: string;
}

/** The settings in the output of `vaultlint config`. */
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
  /** The output of `vaultlint config` for this vault; throws if it fails. */
  configuration(): Promise<string>;
}

export class SettingsTab extends PluginSettingTab {
  override icon = "spell-check";
  private printed = "";
  private problem = "Vaultlint is not running.";

  constructor(
    app: App,
    private readonly host: SettingsHost,
  ) {
    super(app, host);
  }

  /** Reads the settings in effect again. */
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
        desc: "Path of vaultlint on this computer. If empty, the plug-in looks where pipx and uv install programs.",
        control: { type: "text", key: "program", placeholder: "Found automatically" },
      },
      {
        name: "Show in the editor",
        desc: "Which findings are underlined while you write. The list always shows all of them.",
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
        desc: "Show the number of findings in the vault. It is hidden if there are none.",
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
      desc: source === "default" ? "Default" : `Set in ${source}`,
    });
    const intro = {
      name: "The file vaultlint.toml",
      desc: this.problem || "Rules and options are set in this file in the top folder of the vault. The command line uses the same file.",
    };
    const everything: SettingGroupItem<keyof Settings> = {
      type: "page",
      name: "All settings in effect",
      desc: "All rules and options of this vault, and where each is set.",
      items: all.map(item),
    };
    return [intro, ...own.map(item), ...(all.length > 0 ? [everything] : [])];
  }
}
