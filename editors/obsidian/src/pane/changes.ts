/** A short form of a change, for the preview. */
import type { Replacement } from "../text";
import { lineStarts, offset } from "../text";
import type { FileChange, TextChange } from "./host";

/** A line before or after a change: unchanged text in grey, removed or added text between. */
export interface ChangedLine {
  before: string;
  changed: string;
  after: string;
}

/** One change of one line, or of lines that can't be compared one by one. */
export interface Shown {
  /** The line in the note, from 1. */
  line: number;
  old: ChangedLine;
  new: ChangedLine;
}

/** How many characters around a change are shown. */
const AROUND = 32;

/** The changes in a note, line by line if old and new lines correspond. */
export function shownChanges(file: FileChange): Shown[] {
  return file.edits.flatMap((edit) => {
    const [old, now] = [lines(edit.oldText), lines(edit.newText)];
    if (old.length !== now.length) {
      return [shown(edit.range.start.line, whole(edit.oldText), whole(edit.newText))];
    }
    return old.flatMap((text, i) => {
      const other = now[i] ?? "";
      return text === other ? [] : [shown(edit.range.start.line + i, text, other)];
    });
  });
}

function lines(text: string): string[] {
  return text.replace(/(?:\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/);
}

function whole(text: string): string {
  return lines(text).join(" ⏎ ");
}

function shown(line: number, old: string, now: string): Shown {
  let start = 0;
  const most = Math.min(old.length, now.length);
  while (start < most && old[start] === now[start]) {
    start++;
  }
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === now[now.length - 1 - end]) {
    end++;
  }
  // Show whole words, and never half of a surrogate pair.
  while (start > 0 && (splits(old, start) || splits(now, start))) {
    start--;
  }
  while (end > 0 && (splits(old, old.length - end) || splits(now, now.length - end))) {
    end--;
  }
  const part = (text: string): ChangedLine => ({
    before: cutLeft(text.slice(0, start)),
    changed: text.slice(start, text.length - end),
    after: cutRight(text.slice(text.length - end)),
  });
  return { line: line + 1, old: part(old), new: part(now) };
}

/** Whether a place in a text is inside a word or a character. */
function splits(text: string, index: number): boolean {
  return isSecondHalf(text, index) || /^[\p{L}\p{N}]{2}$/u.test(text.slice(index - 1, index + 1));
}

function isSecondHalf(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return index > 0 && code >= 0xdc00 && code <= 0xdfff;
}

function cutLeft(text: string): string {
  const from = text.length - AROUND;
  return from <= 0 ? text : `…${text.slice(isSecondHalf(text, from) ? from + 1 : from)}`;
}

function cutRight(text: string): string {
  return text.length <= AROUND ? text : `${text.slice(0, isSecondHalf(text, AROUND) ? AROUND - 1 : AROUND)}…`;
}

/** Changes of a text as offsets. Throws if the text to replace is not at its place. */
export function replacementsIn(text: string, edits: readonly TextChange[]): Replacement[] {
  const starts = lineStarts(text);
  const found = edits
    .map(({ range, oldText, newText }) => {
      const [from, to] = [offset(text, starts, range.start), offset(text, starts, range.end)];
      return { from, to, insert: newText, oldText };
    })
    .sort((one, other) => one.from - other.from || one.to - other.to);
  let end = 0;
  for (const { from, to, oldText } of found) {
    if (from < end || text.slice(from, to) !== oldText) {
      throw new Error("The text has changed.");
    }
    end = to;
  }
  return found.map(({ from, to, insert }) => ({ from, to, insert }));
}
