/** Vaults on disk, and the real server for them. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import type { Client } from "../src/client";
import { realFolder } from "../src/program";
import type { Disk } from "./obsidian-mock";

/** The program of this checkout, or the one that `VAULTLINT` names. */
export const VAULTLINT = process.env["VAULTLINT"] ?? join(import.meta.dirname, "../../../.venv/bin/vaultlint");

/** A new folder with these files, which is a vault. */
export function vaultWith(files: Record<string, string>): string {
  const folder = realFolder(mkdtempSync(join(tmpdir(), "vault-")));
  for (const [path, text] of Object.entries({ "vaultlint.toml": "", ".obsidian/app.json": "{}", ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The files of a folder, in the form of the mock of Obsidian. */
export function diskOf(folder: string): Disk {
  return {
    list: () =>
      Promise.resolve(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")),
      ),
    read: async (path) => readFileSync(join(folder, path), "utf8"),
    write: async (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    rename: async (from, to) => {
      mkdirSync(dirname(join(folder, to)), { recursive: true });
      renameSync(join(folder, from), join(folder, to));
    },
    remove: async (path) => rmSync(join(folder, path)),
  };
}

/** Waits for a condition. */
export async function until(isSo: () => boolean, what: string | (() => string), patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  while (!isSo()) {
    if (Date.now() > end) {
      throw new Error(`not so after ${patience} ms: ${typeof what === "string" ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The findings as `path: rule: message`, without the second part of messages. */
export function findings(client: Client): string[] {
  return [...client.diagnostics]
    .flatMap(([path, found]) => found.map((one) => `${path}: ${String(one.code)}: ${String(one.message).split(";", 1)[0] ?? ""}`))
    .sort();
}
