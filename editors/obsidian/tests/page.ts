/** A page in headless Chromium with a bundle of the plug-in's parts, and the mock of Obsidian in them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

const HERE = import.meta.dirname;

/** The browser that is on this computer, or that `CHROMIUM` names. */
export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export const hasChromium = existsSync(CHROMIUM);

export function browser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** A page that runs a script of this folder, with the styles of the plug-in and those that stand in for Obsidian's. */
export async function pageWith(shown: Browser, script: string, size = { width: 340, height: 800 }): Promise<Page> {
  const bundle = await build({
    entryPoints: [join(HERE, script)],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    alias: { obsidian: join(HERE, "obsidian-mock.ts") },
  });
  const page = await shown.newPage({ viewport: size });
  const styles = [join(HERE, "theme.css"), join(HERE, "..", "styles.css")];
  await page.setContent("<!doctype html><html lang=en><title>vaultlint</title><body class=theme-light></body></html>");
  for (const file of styles) {
    await page.addStyleTag({ content: readFileSync(file, "utf8") });
  }
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
  return page;
}
