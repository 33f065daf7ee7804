/** A pane for tests, with made-up findings around it. */
import type { Diagnostic, Range } from "vscode-languageserver-protocol";
import type { FileChange, Fixes, Outcome, PaneHost, Status } from "../src/pane/host";
import { FindingsPane } from "../src/pane/pane";
import { App, MemoryDisk, WorkspaceLeaf } from "./obsidian-mock";

export class FakeHost implements PaneHost {
  readonly mock = new App(new MemoryDisk({}), "/vault");
  readonly app = this.mock as unknown as PaneHost["app"];
  state: Status = { kind: "ready" };
  found = new Map<string, readonly Diagnostic[]>();
  readonly opened: [string, Range][] = [];
  readonly asked: [string, unknown][] = [];
  fixes: Fixes = { files: [], fixed: [], refused: [] };
  outcome: (files: readonly FileChange[]) => Outcome = (files) => ({ applied: files.map((one) => one.path), refused: [] });
  private readonly callbacks = new Set<() => void>();

  status = (): Status => this.state;
  diagnostics = (): ReadonlyMap<string, readonly Diagnostic[]> => this.found;
  onChange(callback: () => void): () => void {
    this.callbacks.add(callback);
    return () => this.callbacks.delete(callback);
  }
  open(path: string, range: Range): Promise<void> {
    this.opened.push([path, range]);
    return Promise.resolve();
  }
  request<Answer>(method: string, params: unknown): Promise<Answer> {
    this.asked.push([method, params]);
    return Promise.resolve(this.fixes as Answer);
  }
  applyEdits(files: readonly FileChange[]): Promise<Outcome> {
    return Promise.resolve(this.outcome(files));
  }

  /** Reports a change. */
  change(found?: Map<string, readonly Diagnostic[]>): void {
    this.found = found ?? this.found;
    this.callbacks.forEach((callback) => callback());
  }
  get listeners(): number {
    return this.callbacks.size;
  }
}

/** A pane in the page. */
export async function paneWith(host: FakeHost, place: HTMLElement = document.body): Promise<FindingsPane> {
  const leaf = new WorkspaceLeaf(host.mock);
  const pane = new FindingsPane(leaf as never, host);
  place.append(pane.containerEl);
  await (pane as unknown as { mockOpen(): Promise<void> }).mockOpen();
  return pane;
}
