// Builds the plug-in: main.js beside manifest.json and styles.css, which is all that Obsidian loads.
import { build } from "esbuild";

/** What Obsidian gives to its plug-ins. */
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
