import MiniSearch from "minisearch";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { files, links, sources, wanted } from "./data";
import { cut, hood, hubs, islands, layOut, MOST, orphans, start, type Hood, type Node } from "./graph";
import { Empty, FileList, FileName, Name, Obsidian } from "./parts";
import { go, type Route, write } from "./route";
import { count, counted, shown } from "./text";

const RESULTS = 12;
const HEIGHT = 440;
const MOST_LABELS = 26;

let index: MiniSearch<{ id: number; name: string; folder: string }> | null = null;

// Search for notes by words.
function search(words: string): number[] {
  if (!index) {
    index = new MiniSearch({ fields: ["name", "folder"], searchOptions: { boost: { name: 3 }, prefix: true, fuzzy: 0.15, combineWith: "AND" } });
    const all = files();
    index.addAll(links()!.targets.map((_, id) => ({ id, name: all.name[id], folder: all.folders[all.folder[id]] })));
  }
  return index.search(words).slice(0, RESULTS).map((one) => one.id as number);
}

function Search() {
  const [words, set] = useState("");
  const results = useMemo(() => (words.trim() ? search(words) : []), [words]);
  return (
    <form class="filters find" role="search" aria-label="Find a note" onSubmit={(event) => event.preventDefault()}>
      <label class="search">
        <span class="unseen">Name of a note</span>
        <input type="search" placeholder="Find a note" value={words} onInput={(event) => set(event.currentTarget.value)} />
      </label>
      <span class="unseen" role="status">
        {words.trim() ? counted(results.length, "note") : ""}
      </span>
      {results.length > 0 && (
        <ul class="files results">
          {results.map((file) => (
            <li key={file}>
              <a href={write("links", { note: files().path(file) })} onClick={() => set("")}>
                <FileName file={file} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}

const label = (node: Node): string => shown(node.file >= 0 ? files().name[node.file] : wanted()!.name[node.wanted]);

function paint(canvas: HTMLCanvasElement, found: Hood, over: number): void {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d")!;
  pen.scale(ratio, ratio);
  const { nodes, edges } = found;
  const degrees = new Int32Array(nodes.length);
  for (const [a, b] of edges) {
    degrees[a]++;
    degrees[b]++;
    const isCut = nodes[b].file < 0;
    const isNear = a === 0 || b === 0 || a === over || b === over;
    pen.strokeStyle = isCut ? colour("--error") : isNear ? colour("--accent") : colour("--edge");
    pen.globalAlpha = isCut ? 0.7 : isNear ? Math.max(0.3, Math.min(0.8, 80 / edges.length)) : Math.max(0.15, Math.min(0.55, 120 / edges.length));
    pen.setLineDash(isCut ? [4, 3] : []);
    pen.lineWidth = isNear ? 1.3 : 0.8;
    pen.beginPath();
    pen.moveTo(nodes[a].x, nodes[a].y);
    pen.lineTo(nodes[b].x, nodes[b].y);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.setLineDash([]);
  nodes.forEach((node, i) => {
    const size = i === 0 ? 8 : Math.min(7, 3 + Math.sqrt(degrees[i]) * 0.7);
    pen.beginPath();
    if (node.file < 0) {
      pen.moveTo(node.x, node.y - size - 1);
      pen.lineTo(node.x + size + 1, node.y);
      pen.lineTo(node.x, node.y + size + 1);
      pen.lineTo(node.x - size - 1, node.y);
      pen.closePath();
    } else {
      pen.arc(node.x, node.y, size, 0, Math.PI * 2);
    }
    pen.fillStyle = node.file < 0 ? colour("--error") : i === 0 ? colour("--ink") : node.hop === 1 ? colour("--accent") : colour("--far");
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = colour("--card");
    pen.stroke();
  });
  const order = nodes.map((_, i) => i).sort((a, b) => nodes[a].hop - nodes[b].hop || degrees[b] - degrees[a] || a - b);
  const named = new Set([...(over >= 0 ? [over] : []), ...order.slice(0, MOST_LABELS)]);
  const taken: [number, number, number, number][] = [];
  pen.textBaseline = "middle";
  for (const i of named) {
    const node = nodes[i];
    pen.font = `${i === 0 || i === over ? "600 14px" : "12px"} system-ui, sans-serif`;
    const whole = label(node);
    const text = whole.length > 34 && i !== over ? `${whole.slice(0, 33)}…` : whole;
    const wide = pen.measureText(text).width;
    const x = node.x + 11 + wide > width ? Math.max(4, node.x - 11 - wide) : node.x + 11;
    const place: [number, number, number, number] = [x, node.y - 8, x + wide, node.y + 8];
    if (i !== 0 && i !== over && taken.some((one) => place[0] < one[2] && place[2] > one[0] && place[1] < one[3] && place[3] > one[1])) continue;
    taken.push(place);
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    pen.strokeStyle = colour("--card");
    pen.strokeText(text, x, node.y);
    pen.fillStyle = node.file < 0 ? colour("--error") : colour("--ink");
    pen.fillText(text, x, node.y);
  }
}

function Graph({ file }: { file: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [over, setOver] = useState(-1);
  const [width, setWidth] = useState(0);
  const found = useMemo(() => hood(file), [file]);

  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const again = () => setOver(-2);
    scheme.addEventListener("change", again);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", again);
    };
  }, []);
  useMemo(() => width && layOut(found, width, HEIGHT), [found, width]);
  useEffect(() => {
    if (width) paint(canvas.current!, found, over);
  }, [found, width, over]);

  const nearest = (event: MouseEvent): number => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    let best = -1;
    let least = 14;
    found.nodes.forEach((node, i) => {
      const distance = Math.hypot(node.x - event.clientX + left, node.y - event.clientY + top);
      if (distance < least) [best, least] = [i, distance];
    });
    return best;
  };
  const follow = (event: MouseEvent) => {
    const node = found.nodes[nearest(event)];
    if (node) go(node.file >= 0 ? write("links", { note: files().path(node.file) }) : write("wanted", { name: wanted()!.name[node.wanted] }));
  };
  const cuts = found.nodes.filter((node) => node.file < 0).length;
  const near = found.nodes.length - 1 - cuts;
  return (
    <>
      <canvas
        ref={canvas}
        class={over >= 0 ? "over" : ""}
        style={{ height: `${HEIGHT}px` }}
        role="img"
        aria-label={`${counted(near, "file")} within two links, and ${counted(cuts, "name")} that no note has. The lists below have the same links.`}
        onMouseMove={(event) => setOver(nearest(event))}
        onMouseLeave={() => setOver(-1)}
        onClick={follow}
      />
      <p class="soft legend">
        <span class="dot near" /> one link away <span class="dot far" /> two links away <span class="dot cut" /> wanted: no note has this name
        {found.leftOut > 0 && (
          <strong>
            {" "}
            · {count(MOST)} notes are shown; {count(found.leftOut)} more are left out.
          </strong>
        )}
      </p>
    </>
  );
}

function Note({ file }: { file: number }) {
  const { targets, wanting } = links()!;
  const path = files().path(file);
  const from = sources()[file];
  return (
    <>
      <div class="noted">
        <h2>
          <Name text={files().name[file]} />
        </h2>
        <p class="acts">
          <Obsidian path={path}>Open in Obsidian</Obsidian>
          <a href={write("findings", { note: path })}>Findings in this note</a>
        </p>
      </div>
      <Graph file={file} />
      <div class="columns three">
        <section>
          <h3>{counted(from.length, "file links here", "files link here")}</h3>
          <FileList of={from} to="links" most={8} />
        </section>
        <section>
          <h3>{targets[file].length ? `It links to ${counted(targets[file].length, "file")}` : "It links to no file"}</h3>
          <FileList of={targets[file]} to="links" most={8} />
        </section>
        <section>
          <h3>{wanting[file].length ? `It links to ${counted(wanting[file].length, "wanted note")}` : "It links to no wanted note"}</h3>
          <ul class="files">
            {wanting[file].slice(0, 60).map((one) => (
              <li key={one}>
                <a class="cut" href={write("wanted", { name: wanted()!.name[one] })}>
                  <Name text={wanted()!.name[one]} />
                </a>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

export function LinksView({ route }: { route: Route }) {
  const data = links();
  const lists = useMemo(() => (data ? { orphans: orphans(), hubs: hubs(12), cut: cut(12), islands: islands(), start: start() } : null), []);
  if (!data || !lists || !data.targets.length) return <Empty title="No links">No note has links.</Empty>;
  const given = route.given.note === undefined ? undefined : files().numbered(route.given.note);
  const file = given !== undefined && given < data.targets.length ? given : (lists.start);
  return (
    <section class="links" aria-labelledby="title">
      <h1 id="title">Links</h1>
      <Search />
      {route.given.note !== undefined && given === undefined && <p role="status">There is no note with this name. Another one is shown.</p>}
      <Note key={file} file={file} />
      <h2 class="apart">In the whole vault</h2>
      <div class="columns">
        <section class="card">
          <h3>Hubs</h3>
          <p class="soft">Notes with the most links to them.</p>
          <ol class="files numbered">
            {lists.hubs.map((one) => (
              <li key={one}>
                <a href={write("links", { note: files().path(one) })}>
                  <FileName file={one} />
                </a>
                <span class="number">{count(sources()[one].length)}</span>
              </li>
            ))}
          </ol>
        </section>
        <section class="card">
          <h3>Most links to wanted notes</h3>
          <p class="soft">Notes with the most links to missing notes.</p>
          <ol class="files numbered">
            {lists.cut.map((one) => (
              <li key={one}>
                <a href={write("links", { note: files().path(one) })}>
                  <FileName file={one} />
                </a>
                <span class="number">{count(data.wanting[one].length)}</span>
              </li>
            ))}
          </ol>
        </section>
        <section class="card">
          <h3>Orphans</h3>
          <p class="soft">{lists.orphans.length ? `Nothing links to ${counted(lists.orphans.length, "note")}.` : "Every note has a link to it."}</p>
          <FileList of={lists.orphans} to="links" most={10} />
        </section>
        <section class="card">
          <h3>Clusters without links from outside</h3>
          <p class="soft">
            {lists.islands.length
              ? `${counted(lists.islands.length, "group")} of notes that only link to each other.`
              : "There are none."}
          </p>
          <ul class="files">
            {lists.islands.slice(0, 12).map((group) => (
              <li key={group[0]}>
                <a href={write("links", { note: files().path(group[0]) })}>
                  <FileName file={group[0]} />
                </a>
                <span class="soft"> and {counted(group.length - 1, "other")}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </section>
  );
}
