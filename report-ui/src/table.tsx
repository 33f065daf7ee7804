// A table of any length: only the visible rows are in the page.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { count } from "./text";

export interface ColumnHead {
  name: string;
  title: string;
  sorts?: boolean;
}

interface Props {
  kind: string; // selects the column widths in the style sheet
  label: string;
  heads: ColumnHead[];
  rows: number;
  height: number; // height of a row, in pixels
  row: (i: number) => ComponentChildren[];
  selected?: (i: number) => boolean;
  sorted?: string;
  descending?: boolean;
  onSort?: (name: string) => void;
  empty: string;
}

const OUTSIDE = 8; // extra rows above and below the visible ones
const MOST_PRINTED = 300;

export function Table(props: Props) {
  const { kind, label, heads, rows, height, row, selected, sorted, descending, onSort, empty } = props;
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [seen, setSeen] = useState(600);
  const [prints, setPrints] = useState(false);
  const focused = useRef(-1);

  useLayoutEffect(() => {
    const element = body.current!;
    const measured = () => setSeen(element.clientHeight);
    measured();
    const observer = new ResizeObserver(measured);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const begin = () => setPrints(true);
    const end = () => setPrints(false);
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
    return () => {
      removeEventListener("beforeprint", begin);
      removeEventListener("afterprint", end);
    };
  }, []);

  // After filtering, scroll to the top.
  useLayoutEffect(() => {
    if (body.current!.scrollTop > rows * height) body.current!.scrollTop = 0;
  }, [rows, height]);

  useLayoutEffect(() => {
    if (focused.current < 0) return;
    const link = body.current!.querySelector<HTMLElement>(`[data-row="${focused.current}"] a, [data-row="${focused.current}"] button`);
    link?.focus({ preventScroll: true });
    if (link) focused.current = -1;
  });

  const moved = (event: KeyboardEvent) => {
    const from = (event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row;
    const page = Math.max(1, Math.floor(seen / height) - 1);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows, End: rows };
    const step = steps[event.key];
    if (step === undefined || rows === 0) return;
    event.preventDefault();
    const to = from === undefined ? 0 : Math.min(rows - 1, Math.max(0, Number(from) + step));
    const box = body.current!;
    if (to * height < box.scrollTop) box.scrollTop = to * height;
    if ((to + 1) * height > box.scrollTop + seen) box.scrollTop = (to + 1) * height - seen;
    focused.current = to;
    setTop(box.scrollTop + 0.01); // so that it is always drawn again
  };

  const first = prints ? 0 : Math.max(0, Math.floor(top / height) - OUTSIDE);
  const last = prints ? Math.min(rows, MOST_PRINTED) : Math.min(rows, Math.ceil((top + seen) / height) + OUTSIDE);
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);

  return (
    <div class={`table ${kind}`} role="table" aria-label={label} aria-rowcount={rows + 1}>
      <div class="head" role="rowgroup">
        <div class="row" role="row" aria-rowindex={1}>
          {heads.map((head) => (
            <div
              key={head.name}
              class={head.name}
              role="columnheader"
              aria-sort={head.sorts && sorted === head.name ? (descending ? "descending" : "ascending") : undefined}
            >
              {head.sorts && onSort ? (
                <button type="button" class="sort" onClick={() => onSort(head.name)}>
                  {head.title}
                  <span aria-hidden="true">{sorted === head.name ? (descending ? " ↓" : " ↑") : ""}</span>
                </button>
              ) : (
                head.title
              )}
            </div>
          ))}
        </div>
      </div>
      <div
        class="body"
        role="rowgroup"
        ref={body}
        tabIndex={0}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onKeyDown={moved}
      >
        {rows === 0 && (
          <div class="row none" role="row">
            <div role="cell">{empty}</div>
          </div>
        )}
        <div class="all" role="presentation" style={{ height: `${rows * height}px` }}>
          {shown.map((i) => (
            <div
              key={i}
              class={`row ${selected?.(i) ? "selected" : ""}`}
              role="row"
              aria-rowindex={i + 2}
              data-row={i}
              style={{ transform: `translateY(${i * height}px)`, height: `${height}px` }}
            >
              {row(i).map((cell, j) => (
                <div key={heads[j].name} class={heads[j].name} role="cell">
                  {cell}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
      {prints && rows > MOST_PRINTED && <p class="printed">{count(rows - MOST_PRINTED)} more are not printed.</p>}
    </div>
  );
}

const NARROW = "(max-width: 46rem)";

// Whether the page is as narrow as a phone.
export function useNarrow(): boolean {
  const [is, set] = useState(matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const changed = () => set(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return is;
}
