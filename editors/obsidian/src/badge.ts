/** The count in the status bar; empty if there are no findings. */
import { setIcon, setTooltip } from "obsidian";
import type { Client } from "./client";

/** Shows the number of findings in an element. */
export function showBadge(element: HTMLElement, client: Client, isWanted: boolean): void {
  const all = [...client.diagnostics.values()].flat();
  const text = client.state === "missing" ? "Install vaultlint" : client.state === "failed" ? "vaultlint stopped" : count(all.length);
  element.toggle(isWanted && text !== "");
  if (element.getAttribute("aria-label") === null) {
    element.empty();
    setIcon(element.createSpan({ cls: "vaultlint-badge-icon" }), "spell-check");
    element.createSpan({ cls: "vaultlint-badge-text" });
  }
  element.querySelector(".vaultlint-badge-text")?.setText(text);
  const [errors, warnings] = [1, 2].map((wanted) => all.filter(({ severity }) => severity === wanted).length);
  setTooltip(
    element,
    client.problem || `${String(errors)} errors, ${String(warnings)} warnings. Click to see the list.`,
    { placement: "top" },
  );
}

function count(findings: number): string {
  return findings === 0 ? "" : findings.toLocaleString("en");
}
