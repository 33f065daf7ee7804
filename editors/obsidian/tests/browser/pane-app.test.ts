// @vitest-environment node
/** The pane in the whole plug-in: real findings, and fixes that change files. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Opened } from "./browser";
import { bundled, CHROMIUM, launch, opened } from "./browser";

const FILES = {
  "Newton.md": "# Life\n",
  "Ä/One.md": "😀 See [[NEW-TON]] and [[Nobody]].\n",
  "Two.md": "Text.\n\nBy [[new_ton]].\n",
};

describe.skipIf(CHROMIUM === undefined)("the pane in the plug-in", () => {
  let browser: Browser;
  let open: Opened;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(() => open.close());

  async function openPane(files: Record<string, string>): Promise<void> {
    open = await opened(browser, await bundled(), files);
    await open.tab.evaluate(() => window.page.command("show-findings"));
    await open.tab.waitForSelector(".vaultlint-pane");
  }

  test("applies all safe fixes of a rule to files, after every change was shown", async () => {
    await openPane(FILES);
    const { tab } = open;
    await tab.getByRole("treeitem", { name: /^broken-link, 3 findings in 2 notes/ }).waitFor();
    await tab.getByRole("button", { name: "Fix 2…" }).click();
    const items = tab.locator(".modal [role=listitem]");
    await items.first().waitFor();
    expect(await items.allInnerTexts()).toMatchObject([
      expect.stringContaining("Two.md"),
      expect.stringContaining("[[Newton|new_ton]]"),
      expect.stringContaining("Ä/One.md"),
      expect.stringContaining("[[Newton|NEW-TON]]"),
    ]);
    expect(await open.read("Ä/One.md")).toBe(FILES["Ä/One.md"]);
    await tab.getByRole("button", { name: "Change 2 notes" }).click();
    await tab.getByRole("treeitem", { name: /^broken-link, 1 finding in 1 note/ }).waitFor();
    expect(await open.read("Ä/One.md")).toBe("😀 See [[Newton|NEW-TON]] and [[Nobody]].\n");
    expect(await open.read("Two.md")).toBe(FILES["Two.md"].replace("[[new_ton]]", "[[Newton|new_ton]]"));
    expect(await tab.locator(".notice").allInnerTexts()).toContain("Fixed 2 notes.");
  });

  test("opens a note at the finding, and shows when there are no findings", async () => {
    await openPane({ "A.md": "# A\n\nSee [[Nobody]].\n" });
    const { tab } = open;
    await tab.getByRole("treeitem", { name: /^error: / }).click();
    await tab.waitForSelector(".cm-content");
    const selected = (): Promise<string> =>
      tab.evaluate(() => {
        const { state } = window.page.view();
        return state.sliceDoc(state.selection.main.from, state.selection.main.to);
      });
    await expect.poll(selected).toBe("Nobody");
    await tab.keyboard.type("A");
    await tab.getByText("No problems found").waitFor();
    expect(await tab.locator(".vaultlint-tools").isVisible()).toBe(false);
  });
});
