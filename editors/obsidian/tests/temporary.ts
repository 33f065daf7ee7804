/** A folder for the vaults and caches of all tests, deleted at the end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "vaultlint-"));
  process.env["TMPDIR"] = folder;
  process.env["VAULTLINT_CACHE_DIR"] = join(folder, "cache");
  return () => rmSync(folder, { recursive: true, force: true });
}
