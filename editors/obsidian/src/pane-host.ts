/** Connects the pane to the plug-in. */
import type VaultlintPlugin from "./main";
import { applyFileChanges } from "./pane/apply";
import type { PaneHost, Status } from "./pane/host";

export function paneHost(plugin: VaultlintPlugin): PaneHost {
  const { app, client } = plugin;
  return {
    app,
    status: () => status(plugin),
    diagnostics: () => client.diagnostics,
    onChange: (callback) => {
      const refs = [client.on("diagnostics", callback), client.on("state", callback), client.on("checked", callback)];
      return () => refs.forEach((ref) => client.offref(ref));
    },
    open: (path, range) => plugin.tell(() => plugin.show(path, range)),
    request: (method, params) => client.request(method, params),
    applyEdits: (files) => applyFileChanges(app.vault, plugin.attached, files),
  };
}

function status({ client }: VaultlintPlugin): Status {
  switch (client.state) {
    case "running":
      return { kind: client.isChecked ? "ready" : "checking" };
    case "starting":
      return { kind: "checking" };
    case "missing":
      return { kind: "off", message: `${client.problem} The command "Check the whole vault" shows how to install it.` };
    case "failed":
      return { kind: "off", message: `vaultlint keeps stopping: ${client.problem}` };
    case "stopped":
      return { kind: "off", message: "vaultlint is not running." };
  }
}
