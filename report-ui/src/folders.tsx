import { hierarchy, treemap } from "d3-hierarchy";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { files, perFile } from "./data";
import { Empty, Name } from "./parts";
import { go, type Route, write } from "./route";
import { Table, useNarrow } from "./table";
import { count, counted, rate, shown } from "./text";

interface Folder {
  path: string;
  name: string;
  notes: number;
  findings: number;
  children: Map<string, Folder>;
}

const make = (path: string, name: string): Folder => ({ path, name, notes: 0, findings: 0, children: new Map() });

// All folders, with the checked notes in and below them.
function tree(numbers: Int32Array): Folder {
  const root = make("", "");
  const all = files();
  const known = new Map<number, Folder[]>();
  for (let i = 0; i < all.size; i++) {
    if (!all.isNote(i) || all.leftOut.has(i)) continue;
    let chain = known.get(all.folder[i]);
    if (!chain) {
      chain = [root];
      const path = all.folders[all.folder[i]];
      const parts = path ? path.split("/") : [];
      parts.forEach((part, depth) => {
        const above = chain!.at(-1)!;
        let below = above.children.get(part);
        if (!below) above.children.set(part, (below = make(parts.slice(0, depth + 1).join("/"), part)));
        chain!.push(below);
      });
      known.set(all.folder[i], chain);
    }
    for (const folder of chain) {
      folder.notes++;
      folder.findings += numbers[i];
    }
  }
  return root;
}

const HEAD = 20; // height of the name of a folder, in pixels
const STEPS = [0.005, 0.5, 1, 2, 4];
const degree = (folder: { notes: number; findings: number }): number =>
  STEPS.filter((step) => folder.findings / Math.max(1, folder.notes) >= step).length;

function every(folder: Folder): Folder[] {
  return [...folder.children.values()].flatMap((one) => [one, ...every(one)]);
}

function inside(root: Folder, path: string): Folder {
  let found = root;
  for (const part of path ? path.split("/") : []) found = found.children.get(part) ?? found;
  return found;
}

// A box of the map: a folder, or the notes directly in a folder that also has subfolders.
interface Field {
  folder: Folder;
  parts?: Field[];
}

const MOST_FIELDS = 60;
const LEAST_SHARE = 0.06;
const LEAST_BELOW = 0.1;

// The subfolders of a folder, the largest first; large ones are opened.
function fields(top: Folder): Field {
  const root: Field = { folder: top };
  const closed = [root];
  let drawn = 1;
  while (closed.length) {
    closed.sort((a, b) => b.folder.notes - a.folder.notes);
    const next = closed.shift()!;
    const { folder } = next;
    const below = [...folder.children.values()].reduce((sum, one) => sum + one.notes, 0);
    if (below < LEAST_BELOW * folder.notes) continue; // the box of its own notes would fill it
    if (!folder.children.size || (next !== root && (folder.notes < LEAST_SHARE * top.notes || drawn + folder.children.size > MOST_FIELDS))) continue;
    next.parts = [...folder.children.values()].map((one) => ({ folder: one }));
    const own = { ...make(folder.path || ".", folder.path ? `${folder.name} itself` : "in no folder"), notes: folder.notes, findings: folder.findings };
    for (const one of folder.children.values()) {
      own.notes -= one.notes;
      own.findings -= one.findings;
    }
    closed.push(...next.parts);
    if (own.notes > 0) next.parts.push({ folder: own });
    drawn += next.parts.length - 1;
  }
  return root;
}

export function FoldersView({ route }: { route: Route }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  const narrow = useNarrow();
  const grave = route.given.of === "grave";
  const root = useMemo(() => tree(grave ? perFile().grave : perFile().all), [grave]);
  const at = useMemo(() => inside(root, route.given.at ?? ""), [root, route.given.at]);
  const severity = grave ? "error,warning" : undefined;
  const to = (folder: string) => write("findings", { folder: folder || ".", severity });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measured = () => setWidth(element.clientWidth);
    measured();
    const observer = new ResizeObserver(measured);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const height = narrow ? 420 : 460;
  const cells = useMemo(() => {
    const data = hierarchy<Field>(fields(at), (one) => one.parts)
      .sum((one) => (one.parts ? 0 : one.folder.notes))
      .sort((a, b) => b.value! - a.value! || (a.data.folder.name < b.data.folder.name ? -1 : 1));
    const map = treemap<Field>()
      .size([width, height])
      .paddingInner(3)
      .paddingTop((one) => (one.depth ? HEAD : 0))
      .round(true);
    return map(data).descendants().slice(1);
  }, [at, width, height]);

  const ranked = useMemo(() => every(root).sort((a, b) => b.findings / b.notes - a.findings / a.notes || b.findings - a.findings), [root]);
  if (!root.notes) return <Empty title="No folders">No notes were checked.</Empty>;
  const above = at.path ? at.path.split("/") : [];
  return (
    <section class="folders" aria-labelledby="title">
      <h1 id="title">Folders</h1>
      <p class="intro">The larger a box, the more notes are in the folder. The redder it is, the more findings per note. Click a box to see its findings.</p>
      <div class="filters">
        <nav class="crumbs" aria-label="Current folder">
          <a href={write("folders", { of: route.given.of })}>All folders</a>
          {above.map((part, i) => (
            <>
              {" / "}
              <a key={part} href={write("folders", { of: route.given.of, at: above.slice(0, i + 1).join("/") })}>
                <Name text={part} />
              </a>
            </>
          ))}
        </nav>
        <label class="check">
          <input type="checkbox" checked={grave} onChange={() => go(write("folders", { at: route.given.at, of: grave ? undefined : "grave" }))} /> Errors and warnings only
        </label>
      </div>
      <div class="treemap" ref={box} style={{ height: `${height}px` }} role="list" aria-label="Folders by number of notes">
        {cells.map((cell) => {
          const { folder, parts } = cell.data;
          const [w, h] = [cell.x1 - cell.x0, cell.y1 - cell.y0];
          const number = rate(folder.findings / folder.notes);
          const notes = counted(folder.notes, "note");
          const place = { left: `${cell.x0}px`, top: `${cell.y0}px`, width: `${w}px`, height: `${parts ? HEAD : h}px` };
          return (
            <div key={`${cell.depth} ${folder.path}`} role="listitem" class="cell" style={place}>
              {parts ? (
                <p>
                  <a href={write("folders", { at: folder.path, of: route.given.of })} title="Look inside">
                    <Name text={folder.name} />
                  </a>
                </p>
              ) : (
                <a class={`d${degree(folder)}`} href={to(folder.path)} title={`${shown(folder.name)}: ${number} findings per note, ${notes}`}>
                  <span class={w > 54 && h > 26 ? "name" : "unseen"}>
                    <Name text={folder.name} />
                  </span>
                  <span class={w > 54 && h > 48 ? "rate" : "unseen"}>{number}</span>
                  <span class="unseen"> findings per note, {notes}</span>
                </a>
              )}
            </div>
          );
        })}
      </div>
      <p class="legend">
        Findings per note:{" "}
        {["none", "few", "0.5", "1", "2", "4 or more"].map((name, i) => (
          <span key={name} class={`swatch d${i}`}>
            {name}
          </span>
        ))}
      </p>
      <h2>Most findings per note</h2>
      <Table
        kind="of-folders"
        label="Folders by findings per note"
        rows={ranked.length}
        height={narrow ? 64 : 44}
        heads={[
          { name: "rate", title: "Per note" },
          { name: "name", title: "Folder" },
          { name: "number", title: "Findings" },
          { name: "notes", title: "Notes" },
          { name: "look", title: "Look inside" },
        ]}
        empty="There are no folders."
        row={(i) => {
          const folder = ranked[i];
          return [
            <strong>{rate(folder.findings / folder.notes)}</strong>,
            <a class="whole" href={to(folder.path)}>
              <Name text={folder.path} />
            </a>,
            count(folder.findings),
            count(folder.notes),
            folder.children.size ? (
              <a class="above" href={write("folders", { at: folder.path, of: route.given.of })}>
                {counted(folder.children.size, "folder")}
                <span class="unseen"> in {shown(folder.path)}</span>
              </a>
            ) : (
              ""
            ),
          ];
        }}
      />
    </section>
  );
}
