/** The connection to `vaultlint server`, and its findings. */
import { Events } from "obsidian";
import type { EventRef } from "obsidian";
import { createMessageConnection } from "vscode-jsonrpc/node";
import type { Disposable, MessageConnection, MessageReader, MessageWriter } from "vscode-jsonrpc/node";
import type { Diagnostic, InitializeParams, PublishDiagnosticsParams } from "vscode-languageserver-protocol";
import { VaultPaths } from "./paths";

/** The streams of a running server. */
export interface Connection {
  reader: MessageReader;
  writer: MessageWriter;
  /** Calls back once, when the server has ended; `useless` if a restart would not help (it lacks packages). */
  onEnd(then: (reason: string, useless: boolean) => void): void;
  /** Kills the server if it does not end by itself. */
  end(): void;
}

/** Starts a server; throws `NoProgram` if there is none. */
export type Connect = () => Promise<Connection>;

/** No vaultlint with a server was found. */
export class NoProgram extends Error {}

/** `missing`: there is no program, or it has no server; `failed`: it kept ending. */
export type State = "stopped" | "starting" | "running" | "missing" | "failed";

/** Milliseconds before each attempt to restart a server that ended. */
export const PAUSES = [500, 2_000, 8_000, 30_000];

/** Milliseconds that a server must run to count as working. */
const LONG_ENOUGH = 60_000;

/** Milliseconds that a server gets to end by itself. */
const PATIENCE = 2_000;

/**
 * Keeps a server running, and stores its findings.
 *
 * Events: `diagnostics` (path) when the findings of a file have changed, `state` when `state` has changed, `checked`
 * when the whole vault has been checked.
 */
export class Client extends Events {
  state: State = "stopped";
  /** Why the state is `missing` or `failed`. */
  problem = "";
  /** Whether the running server has checked the whole vault. */
  isChecked = false;
  /** The findings by path; files without findings are left out. */
  readonly diagnostics = new Map<string, Diagnostic[]>();
  /** For open files, the version of the text that `diagnostics` are about. */
  readonly versions = new Map<string, number | undefined>();
  readonly paths: VaultPaths;

  private connection: MessageConnection | null = null;
  private process: Connection | null = null;
  private failures = 0;
  private retry: number | undefined;
  private run = 0;
  private readonly listeners = new Map<string, Set<(params: unknown) => unknown>>();

  /**
   * @param folder the vault's folder on disk.
   * @param connect starts a server.
   * @param pauses milliseconds before each attempt to restart it.
   */
  constructor(
    folder: string,
    private readonly connect: Connect,
    private readonly pauses: readonly number[] = PAUSES,
  ) {
    super();
    this.paths = new VaultPaths(folder);
    this.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => this.found(params));
  }

  override on(name: "diagnostics", callback: (path: string) => unknown): EventRef;
  override on(name: "state" | "checked", callback: () => unknown): EventRef;
  override on(name: string, callback: (...data: never[]) => unknown): EventRef {
    return super.on(name, callback as (...data: unknown[]) => unknown);
  }

  /** Starts the server. */
  async start(): Promise<void> {
    window.clearTimeout(this.retry);
    const run = ++this.run;
    this.become("starting");
    try {
      const server = await this.connect();
      if (run !== this.run) {
        server.end();
        return;
      }
      await this.greet(server, run);
    } catch (error) {
      if (run !== this.run) {
        return;
      }
      const problem = error instanceof Error ? error.message : String(error);
      if (error instanceof NoProgram) {
        this.become("missing", problem);
      } else {
        this.ended(problem);
      }
    }
  }

  /** Ends the server, and does not start it again. */
  async stop(): Promise<void> {
    window.clearTimeout(this.retry);
    this.run++;
    this.failures = 0;
    const { connection, process } = this;
    this.connection = this.process = null;
    this.forget();
    this.become("stopped");
    if (connection !== null && process !== null) {
      const late = new Promise((resolve) => window.setTimeout(resolve, PATIENCE));
      try {
        await Promise.race([connection.sendRequest("shutdown"), late]);
        await Promise.race([connection.sendNotification("exit"), late]);
      } catch {
        // It has already ended.
      }
      connection.dispose();
      process.end();
    }
  }

  /** Restarts the server. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Sends a request to the server. Throws if it is not running. */
  request<Answer>(method: string, params: unknown): Promise<Answer> {
    if (this.connection === null || this.state !== "running") {
      return Promise.reject(new Error("vaultlint is not running"));
    }
    return this.connection.sendRequest<Answer>(method, params);
  }

  /** Sends a notification to the server; does nothing if it is not running. */
  notify(method: string, params: unknown): void {
    if (this.state === "running") {
      void this.connection?.sendNotification(method, params).catch(() => undefined);
    }
  }

  /** Calls back with each notification or request of a kind from the server, also after a restart. */
  onNotification<Params>(method: string, callback: (params: Params) => unknown): Disposable {
    const callbacks = this.listeners.get(method) ?? new Set();
    this.listeners.set(method, callbacks);
    callbacks.add(callback as (params: unknown) => unknown);
    return { dispose: () => callbacks.delete(callback as (params: unknown) => unknown) };
  }

  private async greet(server: Connection, run: number): Promise<void> {
    const began = Date.now();
    const connection = createMessageConnection(server.reader, server.writer);
    this.connection = connection;
    this.process = server;
    server.onEnd((reason, useless) => {
      if (run === this.run) {
        if (Date.now() - began > LONG_ENOUGH) {
          this.failures = 0;
        }
        this.ended(reason, useless);
      }
    });
    connection.onError(() => undefined); // the exit of the server gives the reason
    connection.onNotification((method, params) => this.tell(method, Array.isArray(params) ? params[0] : params));
    connection.onRequest((method, params) => {
      this.tell(method, Array.isArray(params) ? params[0] : params);
      return null;
    });
    connection.listen();
    await connection.sendRequest("initialize", greeting(this.paths.root));
    await connection.sendNotification("initialized", {});
    if (run !== this.run) {
      return;
    }
    this.become("running");
    await this.checkAll();
  }

  /** Asks the server to check all files; returns the number of findings. */
  async checkAll(): Promise<number> {
    const { run } = this;
    const params = { command: "vaultlint.workspaceDiagnostics" };
    const count = await this.request<number>("workspace/executeCommand", params);
    if (run === this.run) {
      this.isChecked = true;
      this.trigger("checked");
    }
    return count;
  }

  private tell(method: string, params: unknown): void {
    for (const callback of this.listeners.get(method) ?? []) {
      callback(params);
    }
  }

  private found(params: PublishDiagnosticsParams): void {
    const path = this.paths.path(params.uri);
    if (path !== null) {
      if (params.diagnostics.length > 0) {
        this.diagnostics.set(path, params.diagnostics);
      } else {
        this.diagnostics.delete(path);
      }
      this.versions.set(path, params.version);
      this.trigger("diagnostics", path);
    }
  }

  private ended(reason: string, useless = false): void {
    this.run++;
    this.connection?.dispose();
    this.process?.end();
    this.connection = this.process = null;
    this.forget();
    const pause = this.pauses[this.failures++];
    if (useless) {
      this.become("missing", reason);
    } else if (pause === undefined) {
      this.become("failed", reason);
    } else {
      this.become("starting", reason);
      this.retry = window.setTimeout(() => void this.start(), pause);
    }
  }

  private forget(): void {
    const paths = [...this.diagnostics.keys()];
    this.isChecked = false;
    this.diagnostics.clear();
    this.versions.clear();
    for (const path of paths) {
      this.trigger("diagnostics", path);
    }
  }

  private become(state: State, problem = ""): void {
    this.state = state;
    this.problem = problem;
    this.trigger("state");
  }
}

function greeting(root: string): Omit<InitializeParams, "rootUri"> {
  return {
    processId: null,
    clientInfo: { name: "Obsidian" },
    workspaceFolders: [{ uri: root, name: "vault" }],
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      textDocument: {
        publishDiagnostics: { relatedInformation: true, versionSupport: true },
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source"] } },
          isPreferredSupport: true,
          resolveSupport: { properties: ["edit"] },
          dataSupport: true,
        },
      },
      workspace: {
        workspaceEdit: { documentChanges: true, resourceOperations: ["create"] },
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
    },
  };
}
