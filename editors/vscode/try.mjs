// The steps of a user in VS Code; see try.sh.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [vault, picture] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1000, height: 480 } });
page.setDefaultTimeout(90_000);

const row = (name) => page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first();

async function until(what, isSo) {
  for (let i = 0; i < 90; i++) {
    if (await isSo()) {
      console.log(`ok: ${what}`);
      return;
    }
    await page.waitForTimeout(1000);
  }
  await page.screenshot({ path: "failed.png" });
  throw new Error(`not so: ${what}`);
}

await page.goto(`http://127.0.0.1:8123/?folder=${vault}`, { waitUntil: "domcontentloaded" });
await page.getByText("Yes, I trust the authors").click();
await row("Mechanics.md").dblclick();
await until("findings are shown", async () => (await page.locator(".squiggly-error").count()) > 0);

await page.locator(".view-line", { hasText: "Nwton" }).first().click();
await page.keyboard.press("Home");
for (let i = 0; i < 35; i++) {
  await page.keyboard.press("ArrowRight");
}
await page.waitForTimeout(2000);
await page.keyboard.press("Control+.");
await page.getByText("Link to 'Newton'").waitFor();
await page.waitForTimeout(1000);
await page.screenshot({ path: picture });
await page.keyboard.press("Enter");
await until("the fix is applied", async () => (await page.locator(".squiggly-error").count()) === 0);

await page.keyboard.press("Control+End");
await page.keyboard.type("By [[isa");
await page.locator(".suggest-widget .monaco-list-row", { hasText: "Isaac" }).waitFor();
await page.keyboard.press("Enter");
await page.keyboard.press("Control+S");
const note = () => readFileSync(`${vault}/Mechanics.md`, "utf8");
await until("a link is completed", () => note().includes("By [[Newton|Isaac]]"));

await row("People").click();
await row("Newton.md").click();
await page.keyboard.press("F2");
await page.keyboard.press("Control+A");
await page.keyboard.type("Isaac Newton.md");
await page.keyboard.press("Enter");
await page.getByText("OK", { exact: true }).click(); // VS Code asks whether the extension may
const shown = () => page.locator(".view-line", { hasText: "[[Isaac" }).count();
await until("links follow a note that is renamed in the explorer", async () => {
  return (await shown()) > 0 || note().includes("[[Isaac Newton|Isaac]]");
});
await page.screenshot({ path: "last.png" });
await browser.close();
