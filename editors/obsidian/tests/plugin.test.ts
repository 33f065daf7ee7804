/** The whole plug-in with a stand-in for Obsidian, a vault on disk and the real server. */
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SettingDefinitionItem } from "obsidian";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import manifest from "../manifest.json";
import VaultlintPlugin from "../src/main";
import type { Fixes } from "../src/pane/host";
import { paneHost } from "../src/pane-host";
import { inForce, settingsFrom } from "../src/settings";
import * as mock from "./obsidian-mock";
import { diskOf, findings, remove, until, VAULTLINT, vaultWith } from "./real";

const BROKEN = "Wrong: [[nwton]].\r\n\r\nRight: [[Newton]].\r\n";
const FILES = { "A.md": BROKEN, "B.md": "See [[A]] and [[Gone]].\n", "Newton.md": "---\naliases: [nwton]\n---\nText.\n" };
const FIRST = "A.md: broken-link: no note or attachment named 'nwton'";
const SECOND = "B.md: broken-link: no note or attachment named 'Gone'";

let folder: string;
let app: mock.App;
let plugin: VaultlintPlugin;
const asMock = (): mock.Plugin => plugin as unknown as mock.Plugin;

/** Loads the plug-in in a vault. */
async function load(files: Record<string, string>, program: string = VAULTLINT): Promise<void> {
  folder = vaultWith(files);
  app = new mock.App(diskOf(folder), folder);
  await app.vault.mockLoad();
  plugin = new VaultlintPlugin(app as never, manifest as never);
  asMock().mockData = { program: "/a/program/that/the/vault/names" };
  app.mockStorage.set("vaultlint-program", program);
  await plugin.onload();
}

beforeEach(() => {
  document.body.replaceChildren();
  mock.Notice.mockAll = [];
});

afterEach(async () => {
  await plugin.client.stop();
  asMock().unload();
  remove(folder);
});

const found = (expected: string[]): Promise<void> =>
  until(
    () => JSON.stringify(findings(plugin.client)) === JSON.stringify(expected),
    () => `found ${findings(plugin.client).join(" | ")} is ${expected.join(" | ")}`,
  );
const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const file = (path: string): mock.TFile => {
  const it = app.vault.getFileByPath(path);
  if (it === null) {
    throw new Error(`no ${path}`);
  }
  return it;
};

describe("findings", () => {
  test("are updated when files change or are renamed", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    await app.vault.modify(file("B.md"), "See [[A]].\n");
    await found([FIRST]);
    await app.vault.rename(file("Newton.md"), "nwton.md");
    await found(["A.md: broken-link: no note or attachment named 'Newton'"]);
    await app.vault.create("Newton.md", "Text.\n");
    await found([]);
    await app.vault.delete(file("nwton.md"));
    await found([FIRST]);
  });

  test("are updated when the configuration changes", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    writeFileSync(join(folder, "vaultlint.toml"), 'ignore = ["links"]\n');
    await app.vault.mockLoad();
    app.vault.trigger("modify", file("vaultlint.toml"));
    await found([]);
  });

  test("stay when a note is closed, and come back when the server restarts", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    plugin.documents.take("A.md", BROKEN);
    plugin.documents.change("A.md", "[[Nobody]]\n");
    await found(["A.md: broken-link: no note or attachment named 'Nobody'", SECOND]);
    await plugin.client.restart();
    await found(["A.md: broken-link: no note or attachment named 'Nobody'", SECOND]);
    plugin.documents.release("A.md");
    await found([FIRST, SECOND]);
    plugin.documents.take("A.md", BROKEN);
    await plugin.actions.offered("A.md", plugin.client.diagnostics.get("A.md")?.[0]?.range ?? never());
    plugin.documents.release("A.md");
    await app.vault.modify(file("B.md"), "See [[A]].\n");
    await found([FIRST]);
  });
});

describe("a fix of a note that is not open", () => {
  test("is made by the vault and changes nothing else", async () => {
    await load({ ...FILES, "A.md": `\ufeff${BROKEN}` });
    await found([FIRST, SECOND]);
    expect(await plugin.actions.fixNote("A.md")).toEqual(["A.md"]);
    expect(read("A.md")).toBe(`\ufeff${BROKEN.replace("nwton", "Newton|nwton")}`);
    await found([SECOND]);
    expect(await plugin.actions.fixNote("A.md")).toBeNull();
  });

  test("is refused if the text changes in the meantime", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    const ask = plugin.client.request.bind(plugin.client);
    plugin.client.request = async <T>(method: string, params: unknown): Promise<T> => {
      const answer = await ask<T>(method, params);
      writeFileSync(join(folder, "A.md"), `Another program. ${BROKEN}`);
      return answer;
    };
    await expect(plugin.actions.fixNote("A.md")).rejects.toThrow("A.md has changed in the meantime");
    expect(read("A.md")).toBe(`Another program. ${BROKEN}`);
  });

  test("is refused by the vault itself if the text changes at the last moment", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    const { vault } = app;
    const process = vault.process.bind(vault);
    vault.process = (one, change) => {
      writeFileSync(join(folder, "A.md"), "Another program.");
      return process(one, change);
    };
    await expect(plugin.actions.fixNote("A.md")).rejects.toThrow("A.md has changed in the meantime");
    expect(read("A.md")).toBe("Another program.");
  });

  test("may create a note, and write to the configuration", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    const range = plugin.client.diagnostics.get("B.md")?.[0]?.range ?? never();
    const act = (title: RegExp) => plugin.actions.perform("B.md", range, (all) => all.find((one) => title.test(one.title)));
    expect(await act(/^Create .*Gone/)).toEqual(["Gone.md"]);
    await found([FIRST]);
    await app.vault.delete(file("Gone.md"));
    await found([FIRST, SECOND]);
    expect(await act(/in the configuration$/)).toEqual(["vaultlint.toml"]);
    expect(read("vaultlint.toml")).toContain("/B.md");
    await found([FIRST]);
  });

  test("never reaches files outside the vault", async () => {
    await load(FILES);
    const edit = { documentChanges: [{ textDocument: { uri: "file:///etc/passwd", version: null }, edits: [] }] };
    await expect(plugin.changes.perform([], async () => edit)).rejects.toThrow("outside the vault");
    const uri = `${plugin.client.paths.root}/../x.md`;
    const above = { documentChanges: [{ textDocument: { uri, version: null }, edits: [] }] };
    await expect(plugin.changes.perform([], async () => above)).rejects.toThrow("outside the vault");
    const gone = { documentChanges: [{ kind: "delete" as const, uri: plugin.client.paths.uri("A.md") }] };
    await expect(plugin.changes.perform([], async () => gone)).rejects.toThrow("move or delete");
  });
});

test("all safe fixes of a kind are proposed, and applied by the vault if the text is still the same", async () => {
  await load({ ...FILES, "C.md": "See [[nwton]].\n" });
  await until(() => plugin.client.isChecked, "all is checked");
  const host = paneHost(plugin);
  const fixes = await host.request<Fixes>("vaultlint/fixes", { rule: "broken-link" });
  expect(fixes.files.map(({ path }) => path).sort()).toEqual(["A.md", "C.md"]);
  writeFileSync(join(folder, "C.md"), "Another program.");
  const { applied, refused } = await host.applyEdits(fixes.files);
  expect([applied, refused.map(({ path }) => path)]).toEqual([["A.md"], ["C.md"]]);
  expect([read("A.md"), read("C.md")]).toEqual([BROKEN.replace("nwton", "Newton|nwton"), "Another program."]);
});

describe("the app shows", () => {
  test("a count in the status bar only if there are findings", async () => {
    await load(FILES);
    const badge = asMock().mockStatusBar[0] ?? never();
    expect(badge.isShown()).toBe(false);
    await until(() => badge.textContent === "2" && badge.isShown(), "a count");
    await app.vault.modify(file("B.md"), "");
    await app.vault.modify(file("A.md"), "");
    await until(() => !badge.isShown(), "no count");
  });

  test("the output for the command line of Obsidian", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    const { handler } = asMock().mockCli.get("vaultlint") ?? never();
    expect(await handler({ path: "B.md" })).toBe(`B.md:1:17: error broken-link: no note or attachment named 'Gone'\n1 finding.`);
    expect(await handler({ path: "C/" })).toBe("No problems found.");
    expect((await handler({})).split("\n")).toHaveLength(3);
  });

  test("the number of findings after a check of the vault", async () => {
    await load(FILES);
    await found([FIRST, SECOND]);
    asMock().mockCommands.get("check-vault")?.callback?.();
    await until(() => mock.Notice.mockAll.length > 0, "a notice");
    expect(mock.Notice.mockAll[0]?.messageEl.textContent).toBe("2 findings in 2 notes.");
  });

  test("what is wrong with the configuration", async () => {
    await load({ ...FILES, "vaultlint.toml": "nonsense = 1\n" });
    await until(() => mock.Notice.mockAll.length > 0, "a notice");
    expect(mock.Notice.mockAll[0]?.messageEl.textContent).toContain("nonsense");
  });

  test("a change of settings at once, and stores it; the program only on this computer", async () => {
    await load({ ...FILES, "A.md": "[[Nowhere]]\n" });
    const badge = asMock().mockStatusBar[0] ?? never();
    await until(() => badge.isShown(), "a count");
    const tab = asMock().mockTabs[0] as unknown as { setControlValue(key: string, value: unknown): Promise<void> };
    await tab.setControlValue("badge", false);
    expect(badge.isShown()).toBe(false);
    await tab.setControlValue("program", "/no/such/vaultlint");
    expect(plugin.client.state).toBe("missing");
    expect(app.loadLocalStorage("vaultlint-program")).toBe("/no/such/vaultlint");
    expect(asMock().mockData).toEqual({ least: "all", gutter: true, badge: false });
    await tab.setControlValue("program", VAULTLINT);
    expect(plugin.client.state).toBe("running");
  });

  test("settings, and those of the configuration with their sources", async () => {
    await load({ ...FILES, "vaultlint.toml": '[severity]\nbroken-link = "warning"\n' });
    await until(() => plugin.client.state === "running", "it runs");
    const tab = asMock().mockTabs[0] ?? never();
    const all = (items: SettingDefinitionItem[]): string[] =>
      items.flatMap((one) => ["name" in one ? one.name : (one.heading ?? ""), ...("items" in one ? all(one.items ?? []) : [])]);
    await until(() => all(tab.getSettingDefinitions()).length > 20, "the configuration");
    const names = all(tab.getSettingDefinitions());
    expect(names.slice(0, 7)).toEqual([
      "Program",
      "Show in the editor",
      "Marks beside the text",
      "Count in the status bar",
      "How notes are checked",
      "The file vaultlint.toml",
      'severity.broken-link = "warning"',
    ]);
    expect(names).toContain('severity.broken-anchor = "warning"');
    for (const one of tab.getSettingDefinitions()) {
      expect("desc" in one ? one.desc : "group").toBeTruthy();
    }
    const real = plugin as unknown as { settings: unknown };
    expect(real.settings).toEqual(settingsFrom({}, VAULTLINT));
  });
});

describe("the program", () => {
  test("that is missing opens one page, which continues when it is installed", async () => {
    const program = join(vaultWith({}), "vaultlint");
    await load(FILES, program);
    await until(() => document.querySelector(".vaultlint-welcome") !== null, "the page");
    expect(document.body.textContent).toContain(`There is no program at ${program}.`);
    expect(document.body.textContent).toContain("pipx install 'obsidian-vaultlint[server] @ git+https://");
    symlinkSync(VAULTLINT, program);
    window.dispatchEvent(new Event("focus"));
    await found([FIRST, SECOND]);
    expect(document.body.textContent).toContain("Vaultlint is running");
  });

  test("without the packages of the server shows what is missing, and is not restarted", async () => {
    const program = join(vaultWith({}), "vaultlint");
    writeFileSync(program, "#!/bin/sh\necho 'Error: the server needs more packages: x[server]' >&2\nexit 2\n");
    chmodSync(program, 0o755);
    await load(FILES, program);
    await until(() => plugin.client.state === "missing", "it gives up");
    expect(document.body.textContent).toContain("the server needs more packages: x[server]");
  });
});

test("invalid settings get their defaults", () => {
  expect(settingsFrom(null, null)).toEqual({ program: "", least: "all", gutter: true, badge: true });
  expect(settingsFrom({ least: "toString", gutter: 1 }, {})).toEqual(settingsFrom(undefined, ""));
});

test("settings in effect are read line by line", () => {
  const printed = '# vault: /v\n\nexclude = ["a  # b"]   # vaultlint.toml\n# select is not set\n\n[rules.x]\ny = 1  # default\n';
  expect(inForce(printed)).toEqual([
    { name: "exclude", value: '["a  # b"]', source: "vaultlint.toml" },
    { name: "rules.x.y", value: "1", source: "default" },
  ]);
});

function never(): never {
  throw new Error("this is not there");
}
