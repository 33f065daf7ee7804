// @vitest-environment node
/** Takes the picture of the pane in `docs/`, if `PICTURES` names the folder: real findings of a small vault. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Client } from "../../src/client";
import type { Fixes } from "../../src/pane/host";
import { connect } from "../../src/program";
import { CHROMIUM, launch, paneTab } from "./browser";
import { remove, until, VAULTLINT, vaultWith } from "../real";

Object.assign(globalThis, { window: globalThis }); // the client uses its timers

const FOLDER = process.env["PICTURES"];

const names = ["Marie Curie", "Radium", "Radium", "Polonium", "Marie Curie", "Becquerel", "Marie Curie"];

const FILES: Record<string, string> = {
  "Physics.md": "# Physics\n\nThe laws are by [[Newtn]], the orbits by [[johannes kepler]].\n\nSee [[Motion#Thrid law]].\n",
  "People/Newton.md": "---\ntag: physicist\n---\n# Life\n\nBorn in 1642.[^1] He met [[Halley]].\n\n[^2]: Westfall, Never at Rest.\n",
  "People/Johannes Kepler.md": "# Johannes Kepler\n\n%% vaultlint-ignore broken-link %%\n\nSee [[Motion]].\n",
  "Laws/Motion.md": "# Motion\n\n## First law\n\n## Third law\n\nAfter [[JOHANNES-KEPLER|Kepler]].\n",
  "Laws/Gravity.md": "---\ntag: law\n---\nSee [[Halley]] and [[Motion#Second law]] and [[johannes_kepler]].\n",
  ...Object.fromEntries(
    names.map((name, i) => [`Journal/2025-03-0${i + 1}.md`, `---\ntag: day\n---\nRead about [[${name}]].\n`]),
  ),
};

describe.runIf(FOLDER !== undefined && CHROMIUM !== undefined)("the picture", () => {
  test("is taken", async () => {
    const folder = vaultWith(FILES);
    const client = new Client(folder, async () => connect(VAULTLINT, ["server"], folder));
    const shown = await launch();
    try {
      await client.start();
      await until(() => client.diagnostics.size >= 10, "findings");
      const fixes = await client.request<Fixes>("vaultlint/fixes", { rule: "broken-link" });
      const page = await paneTab(shown, { width: 1280, height: 720 });
      await page.evaluate(
        async ([found, given]) => {
          document.body.style.cssText = "display: grid; grid-template: 720px / 320px 320px 640px; overflow: hidden";
          const host = new window.FakeHost();
          host.found = new Map(found);
          host.fixes = given;
          const column = (theme: string): HTMLElement => {
            const style = "display: flex; height: 720px; color: var(--text-normal); background: var(--background-secondary)";
            return document.body.createDiv({ cls: theme, attr: { style } });
          };
          await window.paneWith(host, column("theme-light"));
          const dark = await window.paneWith(host, column("theme-dark"));
          [...dark.contentEl.querySelectorAll("button")].find((one) => one.textContent === "Wanted note")?.click();
          document.querySelector<HTMLElement>("button.vaultlint-fix")?.click();
        },
        [[...client.diagnostics], fixes] as const,
      );
      await page.locator(".modal [role=listitem]").first().waitFor();
      await page.evaluate(() => {
        const [modal] = document.getElementsByClassName("modal-container");
        if (modal instanceof HTMLElement) {
          modal.style.cssText = "position: static; padding: 16px";
          modal.querySelector("div")?.setCssProps({ width: "600px" });
          document.body.append(modal);
        }
        document.querySelector<HTMLElement>("[role=tree]")?.focus();
      });
      const file = join(FOLDER ?? "", "obsidian-pane.png");
      writeFileSync(file, await page.screenshot());
      expect(file).toBeTruthy();
    } finally {
      await client.stop();
      await shown.close();
      remove(folder);
    }
  });
});
