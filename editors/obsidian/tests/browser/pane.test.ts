// @vitest-environment node
/** The pane in a real browser, with as many findings as in a neglected vault. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, launch, paneTab } from "./browser";

const COUNT = 10_000;

/** Milliseconds within which a page answers, also on a slow and busy computer. */
const SOON = 1_000;

describe.skipIf(CHROMIUM === undefined)("the pane in a browser", () => {
  let shown: Browser;
  let page: Page;
  const taken: Record<string, number> = {};

  beforeAll(async () => {
    shown = await launch();
    page = await paneTab(shown);
    taken["first paint"] = await page.evaluate(async (count) => {
      window.host = new window.FakeHost();
      window.host.found = window.manyDiagnostics(count);
      document.body.style.height = "100vh";
      return window.painted(() => window.paneWith(window.host));
    }, COUNT);
  });
  afterAll(async () => {
    console.log("milliseconds:", JSON.stringify(taken));
    await shown.close();
  });

  const activeText = (): Promise<string> =>
    page.evaluate(() => {
      const id = document.querySelector("[role=tree]")?.getAttribute("aria-activedescendant") ?? "";
      return document.getElementById(id)?.getAttribute("aria-label") ?? "";
    });
  const lines = (): Promise<number> => page.locator("[role=treeitem]").count();

  test("shows the groups of 10,000 findings soon", async () => {
    expect(taken["first paint"]).toBeLessThan(SOON);
    expect(await page.locator("[role=treeitem]").evaluateAll((all) => all.map((one) => one.ariaLabel))).toEqual([
      "broken-link, 4,000 findings in 1,000 notes",
      "broken-anchor, 2,000 findings in 1,000 notes",
      "unused-footnote, 2,000 findings in 1,000 notes, F to fix",
      "unwritten-note, 2,000 findings in 1,000 notes",
    ]);
  });

  test("has few lines in the page, even if there are many findings", async () => {
    await page.locator("[role=treeitem]").first().click();
    expect(await lines()).toBeLessThan(60);
    const tree = page.locator("[role=tree]");
    const height = (level: number): Promise<number> =>
      tree.locator(`[aria-level="${level}"]`).first().evaluate((one) => one.getBoundingClientRect().height);
    const [group, finding] = [await height(1), await height(2)];
    expect(await tree.evaluate((one) => one.scrollHeight)).toBe(4 * group + 4_000 * finding);
    taken["scroll"] = await tree.evaluate((one) => window.painted(() => (one.scrollTop = 100_000)));
    await expect.poll(() => page.locator("[role=treeitem]").first().getAttribute("aria-posinset")).not.toBe("1");
    expect(await lines()).toBeLessThan(60);
    const middle = 1 + Math.floor((100_000 + 300 - group) / finding);
    const box = await page.locator(`[aria-posinset="${middle}"]`).boundingBox();
    expect(box?.y).toBeGreaterThan(300);
    expect(box?.y).toBeLessThan(500);
  });

  test("walks through all of it by keyboard", async () => {
    const tree = page.locator("[role=tree]");
    await tree.focus();
    await page.keyboard.press("End");
    expect(await activeText()).toContain("unwritten-note");
    await page.keyboard.press("Home");
    const began = Date.now();
    for (let i = 0; i < 50; i++) {
      await page.keyboard.press("ArrowDown");
    }
    taken["50 arrows"] = Date.now() - began;
    expect(taken["50 arrows"]).toBeLessThan(50 * 100);
    expect(await activeText()).toMatch(/^error: no note .* Folder \d+$/);
    expect(await page.locator("[aria-selected=true]").getAttribute("aria-posinset")).toBe("50");
    const box = await page.locator("[aria-selected=true]").boundingBox();
    const all = await tree.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((all?.y ?? 0) + (all?.height ?? 0) + 1);
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => window.host.opened.length)).toBe(1);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    expect(await lines()).toBe(4);
  });

  test("filters at once", async () => {
    const input = page.getByRole("searchbox", { name: "Filter findings" });
    await page.keyboard.press("Escape");
    expect(await input.evaluate((one) => one === document.activeElement)).toBe(true);
    taken["filter"] = await page.evaluate(() =>
      window.painted(() => {
        const filter = document.querySelector("input");
        if (filter !== null) {
          filter.value = "name 97";
          filter.dispatchEvent(new Event("input"));
        }
      }),
    );
    expect(taken["filter"]).toBeLessThan(SOON);
    await input.press("Escape");
    await input.pressSequentially("Note 7.md broken-link");
    expect(await page.locator("[role=treeitem]").first().textContent()).toMatch(/^broken-link/);
    await input.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await activeText()).toContain("Note 7");
    await page.keyboard.press("Escape");
    expect(await input.inputValue()).toBe("");
  });

  test("changes the groups, and shows a change, without a noticeable pause", async () => {
    for (const mode of ["Folder", "Wanted note", "Rule"]) {
      taken[`by ${mode}`] = await page.evaluate(
        (label) =>
          window.painted(() => [...document.querySelectorAll("button")].find((one) => one.textContent === label)?.click()),
        mode,
      );
      expect(taken[`by ${mode}`]).toBeLessThan(SOON);
    }
    taken["change"] = await page.evaluate(() => {
      const found = new Map(window.host.found);
      found.delete("Folder 0/Note 0.md");
      window.host.change(found);
      const began = performance.now();
      return new Promise<number>((resolve) => {
        const look = (): void => {
          const text = document.querySelector("[role=treeitem]")?.getAttribute("aria-label") ?? "";
          if (text.includes("3,996")) {
            resolve(performance.now() - began);
          } else {
            requestAnimationFrame(look);
          }
        };
        look();
      });
    });
    expect(taken["change"]).toBeLessThan(SOON);
  });

  test("shows the changes of fixes in a window, which Escape closes", async () => {
    await page.evaluate(() => {
      const place = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
      const files = Array.from({ length: 2_000 }, (_, i) => {
        const edits = [{ range: place, oldText: `Old ${i}`, newText: `New ${i}` }];
        return { path: `Note ${i}.md`, uri: "", version: null, digest: "", group: i, edits };
      });
      window.host.fixes = { files, fixed: [], refused: [] };
    });
    await page.getByRole("button", { name: "Fix 1,998…" }).click();
    await page.getByRole("button", { name: "Change 2,000 notes" }).waitFor();
    expect(await page.locator(".modal [role=listitem]").count()).toBeLessThan(60);
    expect(await page.locator(".vaultlint-summary").textContent()).toBe(
      "2,000 changes in 2,000 notes. Nothing is changed until you apply them.",
    );
    await page.keyboard.press("Escape");
    expect(await page.locator(".modal").count()).toBe(0);
    expect(await page.locator("[role=tree]").evaluate((one) => one === document.activeElement)).toBe(true);
  });
});
