/** Texts and the protocol's positions in them: pure functions. */
import type { Position, Range, TextDocumentContentChangeEvent, TextEdit } from "vscode-languageserver-protocol";

/** The offsets at which the lines of a text start. */
export function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n?|\n/g)].map((end) => end.index + end[0].length)];
}

/** The offset of a position; a position after the end of a line or text counts as that end. */
export function offset(text: string, starts: readonly number[], position: Position): number {
  const start = starts[position.line];
  if (start === undefined) {
    return text.length;
  }
  let end = starts[position.line + 1] ?? text.length;
  while (end > start && "\r\n".includes(text.charAt(end - 1))) {
    end--;
  }
  return Math.min(start + position.character, end);
}

/** A span of a text and its replacement; CodeMirror accepts it as a change. */
export interface Replacement {
  from: number;
  to: number;
  insert: string;
}

/** The edits of a text as replacements at offsets, in the order of the text. */
export function replacements(text: string, edits: readonly TextEdit[]): Replacement[] {
  const starts = lineStarts(text);
  return edits
    .map(({ range, newText }) => ({
      from: offset(text, starts, range.start),
      to: offset(text, starts, range.end),
      insert: newText,
    }))
    .sort((one, other) => one.from - other.from || one.to - other.to);
}

/** A text after sorted replacements. */
export function replaced(text: string, changes: readonly Replacement[]): string {
  let [result, end] = ["", 0];
  for (const change of changes) {
    result += text.slice(end, change.from) + change.insert;
    end = change.to;
  }
  return result + text.slice(end);
}

/** The replacement that turns one text into another: all between their common start and end. */
export function difference(before: string, after: string): TextDocumentContentChangeEvent[] {
  if (before === after) {
    return [];
  }
  if (before.includes("\r") || after.includes("\r")) {
    return [{ text: after }];
  }
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) {
    end++;
  }
  if (start > 0 && isHalf(before, start - 1, 0xd800)) {
    start--; // do not cut a character
  }
  if (end > 0 && isHalf(before, before.length - end, 0xdc00)) {
    end--;
  }
  const range: Range = { start: position(before, start), end: position(before, before.length - end) };
  return [{ range, text: after.slice(start, after.length - end) }];
}

function isHalf(text: string, at: number, kind: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === kind;
}

/** The position of an offset in a text whose lines end with LF only. */
function position(text: string, at: number): Position {
  let [line, start] = [0, 0];
  for (let end = text.indexOf("\n"); end !== -1 && end < at; end = text.indexOf("\n", start)) {
    start = end + 1;
    line++;
  }
  return { line, character: at - start };
}
