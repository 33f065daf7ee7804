/** Findings made up for tests, in the form that the server sends. */
import type { Diagnostic } from "vscode-languageserver-protocol";

interface Given {
  line?: number;
  severity?: 1 | 2 | 3;
  message?: string;
  wanted?: string;
  safe?: boolean;
}

let number = 0;

export function diagnostic(code: string, given: Given = {}): Diagnostic {
  const { line = 0, severity = 1, message = `something about ${code}`, wanted, safe } = given;
  const range = { start: { line, character: 2 }, end: { line, character: 8 } };
  const fixes = safe === undefined ? [] : [{ title: "Fix it", safe, edits: [] }];
  return { code, severity, message, range, source: "vaultlint", data: { id: `${++number}:1`, fixes, wanted } };
}

/** Many findings, as in a large vault: `count` findings, ten in each note. */
export function manyDiagnostics(count: number): Map<string, Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (let i = 0; i < count; i++) {
    const note = Math.floor(i / 10);
    const path = `Folder ${note % 40}/Note ${note}.md`;
    const name = `Name ${i % 977}`;
    const line = (i % 10) * 3;
    const of = i % 5;
    const one =
      of < 2
        ? diagnostic("broken-link", { line, message: `no note or attachment named '${name}'`, wanted: name })
        : of === 2
          ? diagnostic("broken-anchor", { line, severity: 2, message: `no heading '${name}' in 'Note ${i}.md'` })
          : of === 3
            ? diagnostic("unused-footnote", { line, severity: 2, message: `nothing refers to '[^${i}]'`, safe: true })
            : diagnostic("unwritten-note", { line, severity: 3, message: `no note named '${name}' yet`, wanted: name });
    found.set(path, [...(found.get(path) ?? []), one]);
  }
  return found;
}
