/** Finding vaultlint on this computer, and starting its server. */
import { execFile, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, realpathSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import type { Connection } from "./client";
import { NoProgram } from "./client";

/** The name of the program. */
const NAMES = process.platform === "win32" ? ["vaultlint.exe"] : ["vaultlint"];

/** The exit code for wrong use or missing packages. */
const WRONG_USE = 2;

/** How many characters of the error output are kept. */
const MOST_CHARACTERS = 2_000;

/** The real path of a folder, without symbolic links. */
export function realFolder(folder: string): string {
  return realpathSync.native(folder);
}

/** Folders with programs: those of PATH, then those of pipx, uv and the system's package managers. */
export function folders(environment: NodeJS.ProcessEnv = process.env, home = homedir()): string[] {
  const given = (environment["PATH"] ?? "").split(delimiter);
  const { PIPX_BIN_DIR: pipx, UV_TOOL_BIN_DIR: uv, XDG_BIN_HOME: xdg } = environment;
  const usual = [join(home, ".local", "bin"), join(home, "bin"), "/opt/homebrew/bin", "/usr/local/bin"];
  return [...new Set([...given, pipx ?? "", uv ?? "", xdg ?? "", ...usual])].filter((folder) => folder !== "");
}

/**
 * The path of the program.
 *
 * @param setting its path in the settings, or empty.
 */
export function program(setting: string, places = folders()): string {
  const wanted = setting.trim().replace(/^~(?=[\\/])/, homedir());
  const candidates = wanted !== "" ? [wanted] : places.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = candidates.find(isProgram);
  if (found === undefined) {
    throw new NoProgram(
      wanted !== "" ? `There is no program at ${wanted}.` : "The program vaultlint was not found on this computer.",
    );
  }
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Starts the server. */
export function connect(command: string, args: readonly string[], folder: string): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const server = spawn(command, args, { cwd: folder, stdio: "pipe", windowsHide: true });
    let complaint = "";
    server.stderr.setEncoding("utf8");
    server.stderr.on("data", (text: string) => {
      complaint = (complaint + text).slice(-MOST_CHARACTERS);
    });
    server.stdin.on("error", () => undefined); // the exit of the process gives the reason
    server.on("error", reject);
    server.on("spawn", () => {
      resolve({
        reader: new StreamMessageReader(server.stdout),
        writer: new StreamMessageWriter(server.stdin),
        onEnd: (then) => {
          server.on("close", (code) => {
            const reason = complaint.trim().split("\n").at(-1) ?? "";
            then(reason.replace(/^Error: /, "") || `vaultlint ended with exit code ${String(code)}`, code === WRONG_USE);
          });
        },
        end: () => server.kill(),
      });
    });
  });
}

/** The output of a run of the program. Throws with its error message. */
export function run(command: string, args: readonly string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd: folder, windowsHide: true, maxBuffer: 2 ** 26 }, (error, out, complaint) => {
      if (error === null) {
        resolve(out);
      } else {
        reject(new Error(complaint.trim() || error.message));
      }
    });
  });
}

/** A file for the report of a vault, in the folder for temporary files. */
export function reportFile(): string {
  return join(mkdtempSync(join(tmpdir(), "vaultlint-")), "report.html");
}
