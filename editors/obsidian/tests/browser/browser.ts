/** The plug-in in a real browser, with real CodeMirror, a vault on disk and the real server. */
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page as Tab } from "playwright-core";
import { chromium } from "playwright-core";
import { StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import type { Message } from "vscode-jsonrpc/node";
import { diskOf, remove, VAULTLINT, vaultWith } from "../real";
import type { Bridge, Deliveries } from "./bridge";
import type { Page, Setup } from "./page";

declare global {
  interface Window {
    start(setup: Setup): Promise<void>;
    page: Page;
  }
}

const ROOT = join(import.meta.dirname, "../..");

const PLACES = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The Chromium of this computer; undefined if there is none. */
export const CHROMIUM = PLACES.find((place) => {
  try {
    accessSync(place);
    return place !== "";
  } catch {
    return false;
  }
});

/** The script of the page. */
export async function bundled(entry = "tests/browser/page.ts"): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    alias: { obsidian: "./tests/obsidian-mock.ts", "vscode-jsonrpc/node": "vscode-jsonrpc/browser" },
    plugins: [
      {
        name: "node stands behind the bridge",
        setup: ({ onResolve }) => {
          onResolve({ filter: /\/program$/ }, () => ({ path: join(ROOT, "tests/browser/program.ts") }));
          onResolve({ filter: /^node:crypto$/ }, () => ({ path: join(ROOT, "tests/browser/crypto.ts") }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] });
}

const styles = (): string =>
  ["tests/browser/app.css", "styles.css"].map((file) => readFileSync(join(ROOT, file), "utf8")).join("\n");

/** A tab with only the pane, without the plug-in. */
export async function paneTab(browser: Browser, viewport = { width: 340, height: 800 }): Promise<Tab> {
  const tab = await browser.newPage({ viewport });
  await tab.setContent(`<!doctype html><meta charset="utf-8"><style>${styles()}</style><body class="theme-light"></body>`);
  await tab.addScriptTag({ content: await bundled("tests/browser/pane-page.ts") });
  return tab;
}

/** A tab in which the plug-in runs. */
export interface Opened {
  tab: Tab;
  folder: string;
  read(path: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a vault with these files, or an existing folder. */
export async function opened(
  browser: Browser,
  script: string,
  files: Record<string, string> | string,
  setup: Omit<Setup, "folder"> & { dark?: boolean } = {},
): Promise<Opened> {
  const folder = typeof files === "string" ? files : vaultWith(files);
  const tab = await browser.newPage({ viewport: { width: 1000, height: 640 } });
  const disk = diskOf(folder);
  const servers: { process: ChildProcess; writer: StreamMessageWriter }[] = [];
  const bridge: Bridge = {
    nodeList: () => disk.list(),
    nodeRead: (path) => disk.read(path),
    nodeWrite: (path, text) => disk.write(path, text),
    nodeRename: (from, to) => disk.rename(from, to),
    nodeRemove: (path) => disk.remove(path),
    nodeStart: async () => {
      const process = spawn(VAULTLINT, ["server"], { cwd: folder, stdio: "pipe" });
      const server = servers.length;
      servers.push({ process, writer: new StreamMessageWriter(process.stdin) });
      const deliver = (name: keyof Deliveries, text: string): void => {
        const call = ([method, to, what]: [keyof Deliveries, number, string]): void =>
          (window as unknown as Deliveries)[method](to, what);
        tab.evaluate(call, [name, server, text] as [keyof Deliveries, number, string]).catch(() => undefined);
      };
      new StreamMessageReader(process.stdout).listen((message) => deliver("deliver", JSON.stringify(message)));
      process.on("close", (code) => deliver("deliverEnd", `exit code ${String(code)}`));
      return server;
    },
    nodeSend: (server, message) => servers[server]?.writer.write(JSON.parse(message) as Message) ?? Promise.resolve(),
    nodeEnd: async (server) => void servers[server]?.process.kill(),
    nodeRun: (args) =>
      new Promise((resolve, reject) =>
        execFile(VAULTLINT, args, { cwd: folder }, (error, out) => (error === null ? resolve(out) : reject(error))),
      ),
  };
  for (const [name, perform] of Object.entries(bridge)) {
    await tab.exposeFunction(name, perform);
  }
  await tab.setContent(
    `<!doctype html><meta charset="utf-8"><style>${styles()}</style>` +
      `<body class="${setup.dark === true ? "theme-dark" : "theme-light"}"><div class="workspace">` +
      `<div class="main"></div><div class="side"></div></div><div class="status-bar"></div></body>`,
  );
  await tab.addScriptTag({ content: script });
  const { livePreview = false, without = false } = setup;
  await tab.evaluate((given) => window.start(given), { folder, livePreview, without });
  return {
    tab,
    folder,
    read: (path) => disk.read(path),
    close: async () => {
      await tab.close();
      servers.forEach(({ process }) => process.kill());
      if (typeof files !== "string") {
        remove(folder);
      }
    },
  };
}
