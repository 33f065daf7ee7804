// @vitest-environment node
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Opened } from "./browser";
import { bundled, CHROMIUM, launch, opened } from "./browser";

/** The folder for the picture in `docs/`, if it is set. */
const PICTURES = process.env["PICTURES"];

const MECHANICS = `# Mechanics

The laws of motion are due to [[nwton|Isaac Newton]], who stood on
the shoulders of [[Kepler#Laws]] and others.

His letters are in [[Newton#Letters]].
`;

const FILES = {
  "Mechanics.md": MECHANICS,
  "Newton.md": "---\naliases: [nwton]\n---\n# Life\n\nHe found the laws of motion.\n\n# Letters\n\nMany.\n",
  "Kepler.md": "# Life\n\nJohannes Kepler.\n",
};

describe.skipIf(CHROMIUM === undefined)("in a browser", () => {
  let browser: Browser;
  let script: string;
  let open: Opened;

  beforeAll(async () => {
    [browser, script] = await Promise.all([launch(), bundled()]);
  });
  afterAll(() => browser.close());
  afterEach(() => open.close());

  /** Opens a note and waits until something is underlined. */
  async function openNote(files: Record<string, string>, path: string, setup = {}): Promise<void> {
    open = await opened(browser, script, files, setup);
    await open.tab.evaluate((note) => window.page.open(note), path);
    await open.tab.waitForSelector(".cm-lintRange");
  }

  const text = (): Promise<string> => open.tab.evaluate(() => window.page.view().state.doc.toString());
  const underlined = (): Promise<string[]> => open.tab.locator(".cm-lintRange").allInnerTexts();
  const put = (from: string, to: string): Promise<void> =>
    open.tab.evaluate(
      ([old, fresh]) => {
        const view = window.page.view();
        const at = view.state.doc.toString().indexOf(old ?? "");
        view.dispatch({ changes: { from: at, to: at + (old ?? "").length, insert: fresh ?? "" } });
      },
      [from, to],
    );

  test("findings are underlined by severity and marked in the gutter; hovering explains, and a click fixes", async () => {
    await openNote(FILES, "Mechanics.md");
    const { tab } = open;
    expect(await tab.locator(".cm-lintRange-error").allInnerTexts()).toEqual(["nwton"]);
    expect(await tab.locator(".cm-lintRange-warning").allInnerTexts()).toEqual(["Laws"]);
    expect(await tab.locator(".cm-lint-marker").count()).toBe(2);

    await tab.locator(".cm-lintRange-error").hover();
    const tooltip = tab.locator(".cm-tooltip-lint");
    await tooltip.waitFor();
    await tab.waitForFunction(() => document.querySelector(".vaultlint-reason")?.textContent !== "");
    expect(await tooltip.locator(".vaultlint-tip").innerText()).toContain("no note or attachment named 'nwton'");
    expect(await tooltip.locator(".vaultlint-reason").innerText()).toBe(
      "A reader who follows the link finds an empty page, and a click creates a note that nobody wanted.",
    );
    expect(await tooltip.locator("button").allInnerTexts()).toHaveLength(2);
    if (PICTURES !== undefined) {
      await tab.screenshot({ path: join(PICTURES, "obsidian.png"), clip: { x: 0, y: 0, width: 1000, height: 330 } });
    }

    await tooltip.locator("button.vaultlint-apply").click();
    await tab.waitForFunction(() => document.querySelector(".cm-lintRange-error") === null);
    expect(await text()).toBe(MECHANICS.replace("[[nwton|Isaac Newton]]", "[[Newton|Isaac Newton]]"));

    await tab.locator(".cm-content").press("Control+z");
    expect(await text()).toBe(MECHANICS);
    await tab.waitForSelector(".cm-lintRange-error");
  });

  test("the rule's page opens from the hover text", async () => {
    await openNote(FILES, "Mechanics.md");
    await open.tab.locator(".cm-lintRange-error").hover();
    await open.tab.locator(".vaultlint-rule").click();
    await open.tab.waitForSelector(".modal");
    expect(await open.tab.locator(".modal-title").innerText()).toBe("broken-link");
    expect(await open.tab.locator(".modal").innerText()).toContain("Why it matters");
  });

  test("typed text is checked soon after a pause, and fixed text is no longer underlined", async () => {
    await openNote(FILES, "Mechanics.md");
    const times: number[] = [];
    for (let count = 0; count < 7; count++) {
      await put("and others", "and [[Nobody]] others");
      times.push(await waited(`document.querySelectorAll(".cm-lintRange").length === 3`));
      await put("and [[Nobody]] others", "and others");
      await waited(`document.querySelectorAll(".cm-lintRange").length === 2`);
    }
    const sorted = times.sort((one, other) => one - other);
    console.log(`milliseconds from the last change until the underline: ${sorted.join(" ")}`);
    expect(sorted[3]).toBeLessThan(1_000); // the machine may be busy; the goal is 200
  });

  /** Milliseconds until a condition holds in the page, checked in each frame. */
  function waited(condition: string): Promise<number> {
    return open.tab.evaluate(
      (isSo) =>
        new Promise<number>((resolve) => {
          const began = performance.now();
          const look = (): void => {
            if (new Function(`return ${isSo}`)() === true) {
              resolve(Math.round(performance.now() - began));
            } else {
              requestAnimationFrame(look);
            }
          };
          look();
        }),
      condition,
    );
  }

  test("a fix is refused if the text changes while the server is asked", async () => {
    await openNote(FILES, "Mechanics.md");
    const { tab } = open;
    const notices = await tab.evaluate(async () => {
      const { client, actions } = window.page.plugin;
      const found = client.diagnostics.get("Mechanics.md")?.find(({ severity }) => severity === 1);
      if (found === undefined) {
        throw new Error("nothing found");
      }
      const ask = client.request.bind(client);
      client.request = async <T>(method: string, params: unknown): Promise<T> => {
        const answer = await ask<T>(method, params);
        if (method === "textDocument/codeAction") {
          window.page.view().dispatch({ changes: { from: 0, insert: "New. " } }); // the user continues to write
        }
        return answer;
      };
      const { id, fixes } = found.data as { id: string; fixes: { title: string }[] };
      const title = fixes[0]?.title ?? "";
      const name = title.charAt(0).toUpperCase() + title.slice(1);
      return actions.fix("Mechanics.md", found.range, id, name).then(String, (error: Error) => error.message);
    });
    expect(notices).toContain("Mechanics.md has changed in the meantime");
    expect(await text()).toBe(`New. ${MECHANICS}`);
  });

  test("live preview, which hides the target of a link, underlines the words that are there", async () => {
    await openNote(FILES, "Mechanics.md", { livePreview: true });
    expect(await open.tab.locator(".cm-content").innerText()).toContain("due to Isaac Newton, who");
    expect(await underlined()).toEqual(["Isaac Newton", "Kepler#Laws"]);
    await open.tab.locator(".cm-lintRange-error").hover();
    await open.tab.locator("button.vaultlint-apply").click();
    await open.tab.waitForFunction(() => document.querySelector(".cm-lintRange-error") === null);
    expect(await text()).toContain("[[Newton|Isaac Newton]]");
  });

  test("two editors of a note agree on the last edit", async () => {
    await openNote(FILES, "Mechanics.md");
    const { tab } = open;
    await put("and others", "and [[Nobody]] others");
    await tab.waitForFunction(() => document.querySelectorAll(".cm-lintRange").length === 3);
    await tab.evaluate((saved) => void Object.assign(window, { other: window.page.another(saved) }), MECHANICS);
    await tab.waitForTimeout(500); // the other editor shows the saved text, which is not sent to the server
    const known = (): Promise<string | undefined> =>
      tab.evaluate(() => window.page.plugin.documents.text("Mechanics.md"));
    expect(await known()).toContain("[[Nobody]]");
    await tab.evaluate(() => {
      const other = (window as unknown as { other: ReturnType<typeof window.page.view> }).other;
      const insert = window.page.view().state.doc.toString();
      other.dispatch({ changes: { from: 0, to: other.state.doc.length, insert } }); // as Obsidian does
    });
    await tab.waitForFunction(() => document.querySelectorAll(".cm-lintRange").length === 6);
    await tab.evaluate(() => (window as unknown as { other: ReturnType<typeof window.page.view> }).other.destroy());
    await put(" [[Nobody]]", "");
    await tab.waitForFunction(
      (text) => window.page.plugin.documents.text("Mechanics.md") === text,
      MECHANICS,
    );
  });

  test("a cell of a table, which has an editor of its own, is no note", async () => {
    await openNote(FILES, "Mechanics.md");
    const isTold = await open.tab.evaluate(async () => {
      const { page } = window;
      const cell = page.another("[[Nobody]]");
      const main = page.view();
      Object.assign(cell.state.field(page.mock.editorInfoField), { editor: new page.mock.Editor(main) });
      await new Promise((resolve) => setTimeout(resolve, 300));
      cell.dispatch({ changes: { from: 0, insert: "x" } });
      await new Promise((resolve) => setTimeout(resolve, 300));
      return page.plugin.documents.text("Mechanics.md") !== main.state.doc.toString() || page.plugin.attached.at("Mechanics.md").length;
    });
    expect(isTold).toBe(1);
  });

  test("everything can be done by keyboard", async () => {
    await openNote(FILES, "Mechanics.md");
    const { tab } = open;
    const run = (id: string): Promise<boolean> => tab.evaluate((name) => window.page.command(name), id);
    const cursor = (): Promise<number> => tab.evaluate(() => window.page.view().state.selection.main.head);
    await run("next-finding");
    expect(await cursor()).toBe(MECHANICS.indexOf("nwton"));
    await run("next-finding");
    expect(await cursor()).toBe(MECHANICS.indexOf("Laws]]"));
    await run("next-finding");
    expect(await cursor()).toBe(MECHANICS.indexOf("nwton"));
    await run("previous-finding");
    expect(await cursor()).toBe(MECHANICS.indexOf("Laws]]"));
    await run("silence-here");
    await tab.locator(".suggestion-item", { hasText: "on this line" }).click();
    await tab.waitForFunction(() => document.querySelectorAll(".cm-lintRange").length === 1);
    expect(await text()).toContain("others. %% vaultlint-ignore broken-anchor %%\n");
    await run("fix-note");
    await tab.waitForFunction(() => document.querySelectorAll(".cm-lintRange").length === 0);
    expect(await text()).toContain("[[Newton|Isaac Newton]]");
    await run("fix-note");
    await tab.waitForSelector(".notice");
    expect(await tab.locator(".notice").last().innerText()).toBe("There are no safe fixes in this note.");
  });

  test("a click on the count shows the list, and a click there the place", async () => {
    await openNote(FILES, "Mechanics.md");
    const { tab } = open;
    await tab.locator(".status-bar-item", { hasText: "2" }).click();
    const finding = tab.locator(".vaultlint-pane [role=treeitem]", { hasText: "nwton" });
    await finding.waitFor();
    await finding.click();
    await tab.waitForFunction(() => window.page.view().state.selection.main.empty === false);
    const chosen = await tab.evaluate(() => {
      const { state } = window.page.view();
      return state.sliceDoc(state.selection.main.from, state.selection.main.to);
    });
    expect(chosen).toBe("nwton");
  });

  test("nothing is shown while there are no findings", async () => {
    open = await opened(browser, script, { "A.md": "# All is well\n\nSee [[B]].\n", "B.md": "Text.\n" });
    await open.tab.evaluate(() => window.page.open("A.md"));
    await open.tab.waitForFunction(() => window.page.plugin.client.state === "running");
    await open.tab.waitForTimeout(500);
    expect(await open.tab.locator(".cm-lintRange, .cm-lint-marker, .notice, .modal").count()).toBe(0);
    expect(await open.tab.locator(".status-bar-item").isVisible()).toBe(false);
  });

  test("without a program, the first page says what to do", async () => {
    open = await opened(browser, script, FILES, { without: true });
    await open.tab.evaluate(async () => {
      const { plugin } = window.page;
      await plugin.onload();
      const { client } = plugin;
      await client.stop();
      client.state = "missing";
      client.problem = "The program vaultlint was not found on this computer.";
      client.trigger("state");
    });
    await open.tab.waitForSelector(".vaultlint-welcome");
    expect(await open.tab.locator(".vaultlint-welcome").innerText()).toContain("uv tool install");
    await open.tab.locator("button", { hasText: "Check again" }).click();
    await open.tab.waitForSelector("text=Vaultlint is running");
  });
});
