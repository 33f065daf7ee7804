import { FileSystemAdapter, Plugin } from "obsidian";
import { Client, NoProgram } from "./client";
import { connect, program, realFolder } from "./program";

export default class VaultlintPlugin extends Plugin {
  client!: Client;

  override onload(): void {
    const { adapter } = this.app.vault;
    if (!(adapter instanceof FileSystemAdapter)) {
      throw new NoProgram("vaultlint needs a vault on disk");
    }
    const folder = realFolder(adapter.getBasePath());
    this.client = new Client(folder, async () => connect(program(""), ["server"], folder));
    this.app.workspace.onLayoutReady(() => void this.client.start());
  }

  override onunload(): void {
    void this.client.stop();
  }
}
