// Builds the page into the package: one file, with places for the data. The same sources give the same bytes.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

const target = process.argv[2] ?? "../src/vaultlint/reports/page.html";

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["es2022", "chrome109", "firefox115", "safari16"],
    charset: "ascii",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    absWorkingDir: import.meta.dirname,
  });
  return outputFiles[0].text.trim();
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const [template, script, style, licenses] = await Promise.all([
  readFile(new URL("page.html", import.meta.url), "utf8"),
  bundled("src/main.tsx"),
  bundled("src/style.css"),
  readFile(new URL("licenses.txt", import.meta.url), "utf8"),
]);
if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error("the bundle would end its own element");

const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "connect-src 'none'",
  "img-src 'none'",
  "font-src 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const parts = { policy, script, style, licenses: licenses.trim() };
await writeFile(target, template.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]));
console.log(`${target}: script ${script.length} bytes, style ${style.length} bytes`);
