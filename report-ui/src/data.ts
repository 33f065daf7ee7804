// The data of the page: blocks of JSON, which are parsed when a view first needs them.

export type Severity = "error" | "warning" | "info";
export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

export interface Rule {
  name: string;
  family: string;
  summary: string;
  why: string;
  counts: Partial<Record<Severity, number>>;
}

export interface Step {
  title: string;
  text: string;
  view: string;
  command: string;
}

export interface Run {
  at: string;
  notes: number;
  links: number;
  citations: number;
  findings: Record<string, number>;
  new: number | null;
  gone: number | null;
}

export interface Core {
  program: string;
  vault: string;
  root: string;
  date: string;
  notes: number;
  others: Record<string, number>;
  clean: number;
  links: number | null;
  citations: number | null;
  wanted: number | null;
  heldBack: number;
  rules: Rule[];
  steps: Step[];
  runs: Run[];
  unread: number;
  kept: boolean;
  change: { at: string; new: number; gone: number; rules: Record<string, number>; notes: number } | null;
  excerpts: boolean;
}

interface FilesBlock {
  folders: string[];
  folder: number[];
  name: string[];
  whole: number[];
  leftOut: number[];
}

interface FindingsBlock {
  kinds: [string, Severity][];
  messages: string[];
  fixes: [string, boolean][];
  files: [number, number][];
  kind: number[];
  id: string; // all ids, separated by spaces
  line: number[];
  column: number[];
  message: number[];
  fix: number[];
  related: Record<string, [number, number][]>;
  more: Record<string, number>;
}

export interface WantedBlock {
  name: string[];
  likeness: string[];
  resembled: (number | string)[][];
  now: string[];
  date: string[];
  planned: number[];
}

export interface CitationsBlock {
  file: number[];
  covered: number[];
  uncovered: number[];
  kinds: Record<string, number[]>;
}

function block<T>(name: string): T | null {
  const element = document.getElementById(name);
  return element === null ? null : (JSON.parse(element.textContent) as T);
}

function once<T>(work: () => T): () => T {
  let known: { value: T } | undefined;
  return () => (known ??= { value: work() }).value;
}

export const core: Core = block<Core>("core")!;

export const total = (rule: Rule): number => SEVERITIES.reduce((sum, one) => sum + (rule.counts[one] ?? 0), 0);
export const totals: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
for (const rule of core.rules) for (const one of SEVERITIES) totals[one] += rule.counts[one] ?? 0;
export const all: number = totals.error + totals.warning + totals.info;

export class Files {
  readonly folders: string[];
  readonly folder: number[];
  readonly name: string[];
  readonly leftOut: Set<number>;
  private readonly whole: Set<number>;
  private lower: string[] | null = null;
  private numbers: Map<string, number> | null = null;

  constructor(data: FilesBlock) {
    this.folders = data.folders;
    this.folder = data.folder;
    this.name = data.name;
    this.whole = new Set(data.whole);
    this.leftOut = new Set(data.leftOut);
  }

  get size(): number {
    return this.name.length;
  }

  path(i: number): string {
    const folder = this.folders[this.folder[i]];
    return `${folder}${folder && "/"}${this.name[i]}${this.whole.has(i) ? "" : ".md"}`;
  }

  isNote(i: number): boolean {
    return !this.whole.has(i) || this.name[i].toLowerCase().endsWith(".md");
  }

  // Paths in lower case, for searching.
  get lowered(): string[] {
    return (this.lower ??= this.name.map((_, i) => this.path(i).toLowerCase()));
  }

  numbered(path: string): number | undefined {
    this.numbers ??= new Map(this.name.map((_, i) => [this.path(i), i]));
    return this.numbers.get(path);
  }

  // Which folders are this folder or inside it; "." means files in no folder.
  within(folder: string): Uint8Array {
    const found = new Uint8Array(this.folders.length);
    this.folders.forEach((one, i) => {
      if (folder === "." ? one === "" : one === folder || one.startsWith(`${folder}/`)) found[i] = 1;
    });
    return found;
  }
}

export const files = once(() => new Files(block<FilesBlock>("files")!));

export class Findings {
  readonly kinds: [string, Severity][];
  readonly messages: string[];
  readonly fixes: [string, boolean][];
  readonly kind: number[];
  readonly line: number[];
  readonly column: number[];
  readonly message: number[];
  readonly fix: number[];
  readonly file: Int32Array;
  readonly perFile: [number, number][];
  private readonly data: FindingsBlock;
  private lower: string[] | null = null;
  private named: string[] | null = null;

  constructor(data: FindingsBlock) {
    this.data = data;
    this.kinds = data.kinds;
    this.messages = data.messages;
    this.fixes = data.fixes;
    this.kind = data.kind;
    this.line = data.line;
    this.column = data.column;
    this.message = data.message;
    this.fix = data.fix;
    this.perFile = data.files;
    this.file = new Int32Array(data.kind.length);
    let at = 0;
    for (const [file, count] of data.files) {
      this.file.fill(file, at, at + count);
      at += count;
    }
  }

  get size(): number {
    return this.kind.length;
  }

  rule(i: number): string {
    return this.kinds[this.kind[i]][0];
  }

  severity(i: number): Severity {
    return this.kinds[this.kind[i]][1];
  }

  related(i: number): [number, number][] {
    return this.data.related[i] ?? [];
  }

  more(i: number): number {
    return this.data.more[i] ?? 0;
  }

  // The ids for `vaultlint fix` and `explain`.
  get ids(): string[] {
    return (this.named ??= this.data.id.split(" "));
  }

  // Messages and fixes in lower case, for searching.
  get lowered(): string[] {
    return (this.lower ??= this.messages.map((one) => one.toLowerCase()));
  }
}

export const findings = once(() => new Findings(block<FindingsBlock>("findings")!));
export const excerpts = once(() => block<string[]>("excerpts"));
export const wanted = once(() => block<WantedBlock>("wanted"));
export const citations = once(() => block<CitationsBlock>("citations"));
export const links = once(() => block<{ targets: number[][]; wanting: number[][] }>("links"));

// For each file, the files that link to it.
export const sources = once(() => {
  const found: number[][] = files().name.map(() => []);
  links()?.targets.forEach((targets, i) => targets.forEach((one) => found[one].push(i)));
  return found;
});

// For each wanted name, the files that link to it.
export const wanting = once(() => {
  const found: number[][] = (wanted()?.name ?? []).map(() => []);
  links()?.wanting.forEach((names, i) => names.forEach((one) => found[one].push(i)));
  return found;
});

// The number of findings in each file: of all severities, and only errors and warnings.
export const perFile = once(() => {
  const all = new Int32Array(files().size);
  const grave = new Int32Array(files().size);
  const found = findings();
  for (let i = 0; i < found.size; i++) {
    all[found.file[i]]++;
    if (found.severity(i) !== "info") grave[found.file[i]]++;
  }
  return { all, grave };
});
