/** The data of the pane: findings in groups, filtered and counted. */
import type { Diagnostic, Range } from "vscode-languageserver-protocol";

/** As in the protocol; a finding without a severity is an error. */
export type Severity = 1 | 2 | 3;

export const SEVERITIES: readonly { severity: Severity; one: string; many: string }[] = [
  { severity: 1, one: "error", many: "errors" },
  { severity: 2, one: "warning", many: "warnings" },
  { severity: 3, one: "hint", many: "hints" },
];

export interface Finding {
  /** Stays the same as long as the finding does. */
  key: string;
  path: string;
  rule: string;
  severity: Severity;
  message: string;
  range: Range;
  /** The missing name, if the finding is about one. */
  wanted: string | undefined;
  /** Whether it has a safe fix. */
  isFixable: boolean;
  /** The text that the filter searches. */
  text: string;
}

export type Mode = "rule" | "folder" | "wanted";

export interface Group {
  key: string;
  kind: "rule" | "folder" | "note" | "wanted";
  label: string;
  /** The severity of its worst finding. */
  severity: Severity;
  groups: Group[];
  /** All its findings, including those of the groups in it. */
  findings: Finding[];
  notes: number;
  fixable: number;
}

export interface Filter {
  text: string;
  severities: ReadonlySet<Severity>;
}

/** A line of the list, with its position among its siblings, from 1. */
export type Row = { key: string; level: number; number: number; of: number } & (
  | { kind: "group"; group: Group; isOpen: boolean }
  | { kind: "finding"; finding: Finding; group: Group }
);

/** The largest number of findings with which all groups are open at first. */
export const MOST_OPEN = 50;

const ORDER = new Intl.Collator(undefined, { numeric: true });

/** The findings of a vault. Unchanged ones are reused from the last call. */
export class Findings {
  private readonly known = new Map<string, { of: readonly Diagnostic[]; findings: Finding[] }>();

  /** All findings, by path and place. */
  of(diagnostics: ReadonlyMap<string, readonly Diagnostic[]>): Finding[] {
    for (const path of this.known.keys()) {
      if (!diagnostics.has(path)) {
        this.known.delete(path);
      }
    }
    const paths = [...diagnostics.keys()].sort(ORDER.compare);
    return paths.flatMap((path) => {
      const found = diagnostics.get(path) ?? [];
      const known = this.known.get(path);
      if (known?.of === found) {
        return known.findings;
      }
      const findings = found.map((one, i) => finding(path, one, i)).sort(byPlace);
      this.known.set(path, { of: found, findings });
      return findings;
    });
  }
}

function finding(path: string, one: Diagnostic, number: number): Finding {
  const rule = String(one.code ?? "");
  const message = typeof one.message === "string" ? one.message : one.message.value;
  const data = (one.data ?? {}) as { id?: string; fixes?: { safe: boolean }[]; wanted?: string };
  return {
    key: `${path}\n${rule}\n${data.id ?? number}`,
    path,
    rule,
    severity: one.severity === 2 ? 2 : one.severity === 3 || one.severity === 4 ? 3 : 1,
    message,
    range: one.range,
    wanted: data.wanted,
    isFixable: data.fixes?.some((fix) => fix.safe) ?? false,
    text: plain(`${path}\n${rule}\n${message}`),
  };
}

function byPlace(one: Finding, other: Finding): number {
  const [a, b] = [one.range.start, other.range.start];
  return a.line - b.line || a.character - b.character;
}

function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** The findings that match a filter: they contain each of its words. */
export function filtered(findings: readonly Finding[], filter: Filter): Finding[] {
  const words = plain(filter.text).split(/\s+/).filter(Boolean);
  return findings.filter(
    (one) => filter.severities.has(one.severity) && words.every((word) => one.text.includes(word)),
  );
}

/** The number of findings of each severity. */
export function counts(findings: readonly Finding[]): Map<Severity, number> {
  const found = new Map<Severity, number>();
  for (const { severity } of findings) {
    found.set(severity, (found.get(severity) ?? 0) + 1);
  }
  return found;
}

/** Findings in groups: the worst or most wanted first, folders and notes by name. */
export function grouped(findings: readonly Finding[], mode: Mode): Group[] {
  switch (mode) {
    case "rule":
      return groupsBy(findings, "rule", (one) => one.rule).sort(
        (a, b) => a.severity - b.severity || b.findings.length - a.findings.length || ORDER.compare(a.label, b.label),
      );
    case "folder":
      return groupsBy(findings, "folder", (one) => folder(one.path))
        .sort((a, b) => ORDER.compare(a.label, b.label))
        .map((group) => ({ ...group, groups: notesOf(group) }));
    case "wanted":
      return wantedGroups(findings).sort((a, b) => b.notes - a.notes || ORDER.compare(a.label, b.label));
  }
}

function notesOf(group: Group): Group[] {
  return groupsBy(group.findings, "note", (one) => one.path).map((note) => ({ ...note, label: nameOf(note.label) }));
}

/** Missing names, with different spellings together. */
function wantedGroups(findings: readonly Finding[]): Group[] {
  const about = findings.filter((one) => one.wanted !== undefined);
  return groupsBy(about, "wanted", (one) => plain(one.wanted ?? "")).map((group) => ({
    ...group,
    label: group.findings[0]?.wanted ?? group.label,
    fixable: 0, // a rule's fixes are not only about this name
  }));
}

function groupsBy(findings: readonly Finding[], kind: Group["kind"], nameOf: (one: Finding) => string): Group[] {
  const byName = new Map<string, Finding[]>();
  for (const one of findings) {
    const name = nameOf(one);
    const some = byName.get(name);
    if (some === undefined) {
      byName.set(name, [one]);
    } else {
      some.push(one);
    }
  }
  return [...byName].map(([label, some]) => ({
    key: `${kind}\n${label}`,
    kind,
    label,
    severity: some.reduce<Severity>((worst, one) => (one.severity < worst ? one.severity : worst), 3),
    groups: [],
    findings: some,
    notes: new Set(some.map((one) => one.path)).size,
    fixable: some.filter((one) => one.isFixable).length,
  }));
}

/** The lines of the open groups. */
export function rows(groups: readonly Group[], isOpen: (key: string) => boolean, level = 1): Row[] {
  return groups.flatMap((group, i) => {
    const open = isOpen(group.key);
    const row: Row = { kind: "group", key: group.key, level, number: i + 1, of: groups.length, group, isOpen: open };
    return open ? [row, ...inside(group, isOpen, level + 1)] : [row];
  });
}

function inside(group: Group, isOpen: (key: string) => boolean, level: number): Row[] {
  if (group.groups.length > 0) {
    return rows(group.groups, isOpen, level);
  }
  const of = group.findings.length;
  return group.findings.map((finding, i) => {
    return { kind: "finding", key: `${group.key}\n${finding.key}`, level, number: i + 1, of, finding, group };
  });
}

/** The folder of a path, as shown. */
export function folder(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "/" : path.slice(0, end);
}

/** The name of a file without its folder; for a note, also without its extension. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/i, "");
}

/** A number and what it counts. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count.toLocaleString("en")} ${many}`;
}
