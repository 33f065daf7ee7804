/** Fixes from the real server, applied by the plug-in, compared with those of the command line. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Client } from "../src/client";
import { applyFileChanges, HAS_CHANGED } from "../src/pane/apply";
import type { Fixes } from "../src/pane/host";
import { connect } from "../src/program";
import { App } from "./obsidian-mock";
import { diskOf, remove, VAULTLINT, vaultWith } from "./real";

const FILES = {
  "Newton.md": "---\ntag: physicist\n---\n# Life\n",
  "Crlf.md": "😀 by [[NEWTON]] and [[newton]].\r\n\r\n%% vaultlint-ignore broken-link %%\r\n\r\nEnd.\r\n",
  "Bom.md": "\ufeff---\ntag: x\n---\nText.\n\n%% vaultlint-ignore broken-link %%\n\nEnd.\n",
  "Ä b/Two words.md": "See [[new-ton]].\n\n%% vaultlint-ignore broken-link %%\n\nEnd.\n",
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

async function opened() {
  const folder = vaultWith(FILES);
  cleanups.push(() => remove(folder));
  const client = new Client(folder, async () => connect(VAULTLINT, ["server"], folder));
  cleanups.push(() => client.stop());
  await client.start();
  const { vault } = new App(diskOf(folder), folder);
  await vault.mockLoad();
  const texts = () => Object.keys(FILES).map((path) => readFileSync(join(folder, path), "utf8"));
  return { folder, client, vault: vault as never, texts };
}

describe("all safe fixes", () => {
  test("give the same notes as the command line", async () => {
    const { client, vault, texts } = await opened();
    const fixes = await client.request<Fixes>("vaultlint/fixes", {});
    const outcome = await applyFileChanges(vault, { viewOf: () => undefined }, fixes.files);
    expect(outcome).toEqual({ applied: fixes.files.map((one) => one.path), refused: [] });
    expect(outcome.applied).toHaveLength(4);
    const other = vaultWith(FILES);
    cleanups.push(() => remove(other));
    try {
      execFileSync(VAULTLINT, ["check", "--fix", "."], { cwd: other, stdio: "ignore" });
    } catch {
      // The exit code is 1 if findings remain.
    }
    expect(texts()).toEqual(Object.keys(FILES).map((path) => readFileSync(join(other, path), "utf8")));
    expect(texts()).not.toEqual(Object.values(FILES));
  });

  test("of one rule are refused if a note has changed in the meantime", async () => {
    const { client, vault, texts } = await opened();
    const { files } = await client.request<Fixes>("vaultlint/fixes", { rule: "unused-suppression" });
    expect(files.map((one) => one.path)).toEqual(["Bom.md", "Crlf.md", "Ä b/Two words.md"]);
    const disk = (vault as App["vault"]).adapter;
    await disk.write("Crlf.md", FILES["Crlf.md"].replace("End", "And"));
    const outcome = await applyFileChanges(vault, { viewOf: () => undefined }, files);
    expect(outcome).toEqual({
      applied: ["Bom.md", "Ä b/Two words.md"],
      refused: [{ path: "Crlf.md", message: HAS_CHANGED }],
    });
    expect(texts()[1]).toBe(FILES["Crlf.md"].replace("End", "And"));
    expect(texts()[2]?.startsWith("\ufeff---\ntag: x\n")).toBe(true);
  });
});
