// @vitest-environment node
/**
 * Only measures, and checks nothing: `MEASURE=a/large/vault npx vitest run measure`. The vault is not changed.
 *
 * The time from the start to the first underline, with an empty cache and with a full one; and from a key to the next
 * frame, with the plug-in and without it, with 40 ms between keys.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { Client } from "../../src/client";
import { Documents } from "../../src/documents";
import { connect } from "../../src/program";
import { remove, VAULTLINT } from "../real";
import { bundled, CHROMIUM, launch, opened } from "./browser";

const VAULT = process.env["MEASURE"];
const KEYS = 150;
const TURNS = 3;

Object.assign(globalThis, { window: globalThis }); // the client uses its timers

/** Seconds of processor time of the child processes, on Linux. */
function cpu(): string {
  let ticks = 0;
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      const isServer = readFileSync(`/proc/${id}/cmdline`, "utf8").includes("vaultlint\0server");
      if (fields[1] === String(process.pid) && isServer) {
        ticks += [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
      }
    } catch {
      // It has ended.
    }
  }
  return `${(ticks / 100).toFixed(2)} s`;
}

const since = (began: number): string => `${((performance.now() - began) / 1000).toFixed(2)} s`;

describe.skipIf(VAULT === undefined || CHROMIUM === undefined)("measured", () => {
  let browser: Browser;
  let script: string;
  let folder: string;

  beforeAll(async () => {
    [browser, script] = await Promise.all([launch(), bundled()]);
    folder = mkdtempSync(join(tmpdir(), "measured-"));
    cpSync(VAULT ?? "", join(folder, "vault"), { recursive: true });
    const long = readdirSync(join(folder, "vault"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".md"))
      .map((path) => readFileSync(join(folder, "vault", path), "utf8"))
      .sort((one, other) => other.length - one.length)[20];
    writeFileSync(join(folder, "vault", "Measured.md"), `Here.\n\n[[Nobody whatsoever]]\n\n${long ?? ""}`);
  });
  afterAll(async () => {
    await browser.close();
    remove(folder);
  });

  test("time to the first underline", { timeout: 300_000 }, async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      process.env["VAULTLINT_CACHE_DIR"] = join(folder, `cache-${String(turn)}`);
      for (const cache of ["empty", "full"]) {
        const open = await opened(browser, script, join(folder, "vault"), { without: true });
        const [first, all] = await open.tab.evaluate(async () => {
          const { page } = window;
          const began = performance.now();
          const until = (isSo: () => boolean): Promise<number> =>
            new Promise((resolve) => {
              const look = (): void =>
                isSo() ? resolve(Math.round(performance.now() - began)) : void requestAnimationFrame(look);
              look();
            });
          await page.plugin.onload();
          await page.open("Measured.md");
          const soon = await until(() => document.querySelector(".cm-lintRange") !== null);
          await page.plugin.client.checkAll();
          return [soon, Math.round(performance.now() - began)] as const;
        });
        const notes = await open.tab.evaluate(() => window.page.plugin.client.diagnostics.size);
        console.log(`${cache} cache: first underline ${first} ms, the whole vault (${notes} notes with findings) ${all} ms`);
        await open.close();
      }
    }
  });

  test("time from a change to its underline", { timeout: 300_000 }, async () => {
    const open = await opened(browser, script, join(folder, "vault"), {});
    await open.tab.evaluate(() => window.page.open("Measured.md"));
    await open.tab.waitForSelector(".cm-lintRange", { timeout: 120_000 });
    await open.tab.evaluate(() => window.page.plugin.client.checkAll());
    const times = await open.tab.evaluate(async () => {
      const { page } = window;
      page.app.vault.modify = () => Promise.resolve(); // nothing is saved meanwhile
      const view = page.view();
      const isShown = (): boolean =>
        [...document.querySelectorAll(".cm-lintRange")].some(({ textContent }) => textContent === "Xyzzy");
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const found: number[] = [];
      for (let turn = 0; turn < 21; turn++) {
        const began = performance.now();
        view.dispatch({ changes: { from: 5, insert: " [[Xyzzy]]" } });
        while (!isShown()) {
          await frame();
        }
        found.push(Math.round(performance.now() - began));
        view.dispatch({ changes: { from: 5, to: 15 } });
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      return found.sort((one, other) => one - other);
    });
    console.log(`from a change to its underline: median ${times[10]} ms, slowest ${times[20]} ms`);
    await open.close();
  });

  test("time of the server, without a browser", { timeout: 300_000 }, async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      process.env["VAULTLINT_CACHE_DIR"] = join(folder, `other-cache-${String(turn)}`);
      for (const cache of ["empty", "full"]) {
        const began = performance.now();
        const client = new Client(join(folder, "vault"), () => connect(VAULTLINT, ["server"], join(folder, "vault")));
        const documents = new Documents(client);
        documents.take("Measured.md", readFileSync(join(folder, "vault", "Measured.md"), "utf8"));
        let first = "";
        client.on("diagnostics", (path) => {
          if (first === "" && path === "Measured.md") {
            first = `${since(began)}, ${cpu()} of CPU`;
          }
        });
        await client.start();
        console.log(`${cache} cache: first findings ${first}; the whole vault ${since(began)}, ${cpu()} of CPU`);
        await client.stop();
      }
    }
  });

  test("latency of typing", { timeout: 300_000 }, async () => {
    for (let turn = 0; turn < TURNS; turn++) {
      for (const without of [true, false]) {
        const open = await opened(browser, script, join(folder, "vault"), { without });
        await open.tab.evaluate(() => window.page.open("Measured.md"));
        if (!without) {
          await open.tab.waitForSelector(".cm-lintRange", { timeout: 60_000 });
          await open.tab.evaluate(() => window.page.plugin.client.checkAll());
        }
        await open.tab.evaluate(() => {
          const { plugin } = window.page;
          const { app } = window.page;
          app.vault.modify = () => Promise.resolve(); // nothing is saved meanwhile
          void plugin;
          const view = window.page.view();
          view.focus();
          view.dispatch({ selection: { anchor: 4 } });
          const times: number[] = [];
          Object.assign(window, { times });
          view.contentDOM.addEventListener(
            "keydown",
            () => {
              const began = performance.now();
              requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - began)));
            },
            true,
          );
        });
        for (let key = 0; key < KEYS; key++) {
          await open.tab.keyboard.press(key % 6 === 5 ? "Space" : "e");
          await open.tab.waitForTimeout(key % 30 === 29 ? 400 : 40);
        }
        const times = await open.tab.evaluate(() => (window as unknown as { times: number[] }).times);
        const length = await open.tab.evaluate(() => window.page.view().state.doc.length);
        times.sort((one, other) => one - other);
        const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
        const what = without ? "without the plug-in" : "with the plug-in";
        console.log(`${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, ${times.length} keys, ${length} characters`);
        await open.close();
      }
    }
  });
});
