import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { obsidian: fileURLToPath(new URL("tests/obsidian-mock.ts", import.meta.url)) } },
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "tests/temporary.ts",
    environment: "jsdom",
    testTimeout: 150_000,
    hookTimeout: 150_000,
  },
});
