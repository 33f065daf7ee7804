// The community's own scan of plug-ins, without exceptions for the shipped code.
import obsidianmd from "eslint-plugin-obsidianmd";
import { defineConfig } from "eslint/config";

export default defineConfig([
  { ignores: ["main.js", "node_modules", "package-lock.json", "tests", "*.mjs", "*.mts", "tsconfig.json", "versions.json"] },
  ...obsidianmd.configs.recommended,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
]);
