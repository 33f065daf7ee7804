import { commands, ExtensionContext, Location, Position, Uri, window, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** Shows all links to the place of a code lens. */
async function showReferences(address: string, place: { line: number; character: number }): Promise<void> {
  const uri = Uri.parse(address);
  const position = new Position(place.line, place.character);
  const found = await commands.executeCommand<Location[]>("vscode.executeReferenceProvider", uri, position);
  await commands.executeCommand("editor.action.showReferences", uri, position, found);
}

async function start(): Promise<void> {
  const settings = workspace.getConfiguration("vaultlint");
  const logFile = settings.get<string>("logFile", "");
  const server: ServerOptions = {
    command: settings.get<string>("path", "vaultlint"),
    args: ["server", ...(logFile ? ["--log-file", logFile] : [])],
  };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "markdown" },
      { scheme: "file", pattern: "**/*.{canvas,base}" },
    ],
    initializationOptions: { ...settings.get<Record<string, boolean>>("features", {}), showReferences: true },
  };
  client = new LanguageClient("vaultlint", "vaultlint", server, options);
  try {
    await client.start();
  } catch (error) {
    void window.showErrorMessage(
      `vaultlint can't be started (${error}). The page of this extension shows how to install it.`,
    );
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running?.isRunning()) {
    await running.stop();
  }
}

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("vaultlint.showReferences", showReferences),
    commands.registerCommand("vaultlint.restart", async () => {
      await stop();
      await start();
    }),
    commands.registerCommand("vaultlint.checkVault", () =>
      commands.executeCommand("vaultlint.workspaceDiagnostics"),
    ),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("vaultlint") && !change.affectsConfiguration("vaultlint.trace")) {
        await stop();
        await start();
      }
    }),
  );
  await start();
}

export function deactivate(): Promise<void> {
  return stop();
}
