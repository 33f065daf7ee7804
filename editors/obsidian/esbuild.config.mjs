// Builds the plug-in: main.js beside manifest.json and styles.css, which is all that Obsidian loads.
import { readFileSync } from "node:fs";
import { build, transform } from "esbuild";

/** Modules that Obsidian provides. */
export const GIVEN = ["obsidian", "electron", "@codemirror/*", "@lezer/*"];

const outfile = process.argv[2] ?? "main.js";
await build({
  entryPoints: ["src/main.ts"],
  outfile,
  bundle: true,
  minify: true,
  format: "cjs",
  platform: "node",
  target: "es2022",
  external: GIVEN,
});

const { warnings } = await transform(readFileSync("styles.css", "utf8"), { loader: "css", sourcefile: "styles.css" });
if (warnings.length > 0) {
  throw new Error(warnings.map(({ text, location }) => `styles.css:${location?.line}: ${text}`).join("\n"));
}
