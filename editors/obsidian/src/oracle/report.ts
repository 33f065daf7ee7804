/** A comparison as a text that can be pasted into an issue. */
import type { App, TFile } from "obsidian";
import { counted } from "../pane/model";
import type { Comparison } from "./compare";

export function asMarkdown({ versions, notes, links, cases, remarks }: Comparison): string {
  const differences =
    cases.length === 0
      ? "No differences to show."
      : `${counted(cases.length, "difference")}, each with the smallest vault that shows it:`;
  const json = JSON.stringify({ cases }, null, 1);
  const fence = "`".repeat(Math.max(3, ...[...json.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [
    `# ${versions} and vaultlint`,
    "",
    `Compared ${counted(links, "link")} in ${counted(notes, "note")}. ${differences}`,
    "",
    ...(cases.length === 0 ? [] : [`${fence}json`, json, fence, ""]),
    ...(remarks.length === 0 ? [] : ["Also:", "", ...remarks.map(({ text, count }) => `- ${counted(count, "time")}: ${text}`), ""]),
  ].join("\n");
}

/** Writes a text into a new note at the top of the vault. */
export function writeNote(app: App, text: string): Promise<TFile> {
  const name = (number: number): string => `Comparison with vaultlint${number === 1 ? "" : ` ${number}`}.md`;
  let number = 1;
  while (app.vault.getFileByPath(name(number)) !== null) {
    number++;
  }
  return app.vault.create(name(number), text);
}
