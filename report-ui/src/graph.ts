// The graph of links: the neighbours of a note, and notes without links to them.

import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import { files, links, sources } from "./data";

export const MOST = 500;
const MOST_TOLD_APART = 40;

export interface Node extends SimulationNodeDatum {
  file: number; // -1 for a wanted name
  wanted: number; // -1 for a file
  hop: number;
  x: number;
  y: number;
}

export interface Hood {
  nodes: Node[];
  edges: [number, number][];
  leftOut: number;
}

// Files at most two links away in either direction, and their wanted names; the nearest first.
export function hood(file: number): Hood {
  const { targets, wanting } = links()!;
  const nodes: Node[] = [];
  const ofFile = new Map<number, number>();
  const ofName = new Map<number, number>();
  let leftOut = 0;
  const enter = (known: Map<number, number>, one: number, isFile: boolean, hop: number): void => {
    if (known.has(one)) return;
    if (nodes.length >= MOST) {
      known.set(one, -1);
      leftOut++;
      return;
    }
    known.set(one, nodes.length);
    nodes.push({ file: isFile ? one : -1, wanted: isFile ? -1 : one, hop, x: 0, y: 0 });
  };
  enter(ofFile, file, true, 0);
  let ring = [file];
  for (const hop of [1, 2]) {
    const next: number[] = [];
    for (const one of ring) {
      for (const other of [...targets[one], ...sources()[one]]) {
        if (!ofFile.has(other)) next.push(other);
        enter(ofFile, other, true, hop);
      }
      for (const name of wanting[one]) enter(ofName, name, false, hop);
    }
    ring = next;
  }
  const edges: [number, number][] = [];
  nodes.forEach((node, i) => {
    if (node.file < 0) return;
    for (const other of targets[node.file]) if ((ofFile.get(other) ?? -1) >= 0) edges.push([i, ofFile.get(other)!]);
    for (const name of wanting[node.file]) if ((ofName.get(name) ?? -1) >= 0) edges.push([i, ofName.get(name)!]);
  });
  return { nodes, edges, leftOut };
}

// The positions of all nodes; the same each time.
export function layOut({ nodes, edges }: Hood, width: number, height: number): void {
  const spread = Math.min(width, height);
  nodes.forEach((node, i) => {
    const angle = i * 2.399963; // the golden angle, so no two nodes have the same position
    node.x = width / 2 + Math.cos(angle) * node.hop * spread * 0.2;
    node.y = height / 2 + Math.sin(angle) * node.hop * spread * 0.2;
  });
  nodes[0].fx = width / 2;
  nodes[0].fy = height / 2;
  const distance = Math.max(16, Math.min(70, (spread * 2.2) / Math.sqrt(nodes.length)));
  const simulation = forceSimulation(nodes)
    .force("link", forceLink<Node, { source: number; target: number }>(edges.map(([source, target]) => ({ source, target }))).distance(distance).strength(0.4))
    .force("charge", forceManyBody<Node>().strength(-distance * 2.4).distanceMax(spread))
    .force("collide", forceCollide<Node>(7))
    .force("center", forceCenter(width / 2, height / 2).strength(0.05))
    .force("x", forceX<Node>(width / 2).strength(0.04 * (height / width)))
    .force("y", forceY<Node>(height / 2).strength(0.06))
    .stop();
  simulation.tick(Math.round(Math.max(50, Math.min(180, 20_000 / nodes.length))));
  fit(nodes, width, height);
}

function fit(nodes: Node[], width: number, height: number): void {
  const margin = 24;
  const [xs, ys] = [nodes.map((one) => one.x), nodes.map((one) => one.y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const down = Math.min(1.6, (height - 2 * margin) / Math.max(1, bottom - top));
  const across = Math.min(1.9 * down, (width - 2 * margin) / Math.max(1, right - left)); // pages are wider than high
  for (const node of nodes) {
    node.x = width / 2 + (node.x - (left + right) / 2) * across;
    node.y = height / 2 + (node.y - (top + bottom) / 2) * down;
  }
}

const isOwn = (file: number): boolean => files().isNote(file) && !files().leftOut.has(file);

export const orphans = (): number[] =>
  sources().flatMap((from, i) => (from.length === 0 && isOwn(i) ? [i] : []));

export const hubs = (most: number): number[] =>
  sources()
    .map((_, i) => i)
    .filter((i) => sources()[i].length > 1)
    .sort((a, b) => sources()[b].length - sources()[a].length || a - b)
    .slice(0, most);

// The note shown first: the most linked one with few enough neighbours to read.
export function start(): number {
  const few = sources().map((from, i) => (from.length + links()!.targets[i].length <= MOST_TOLD_APART ? from.length : 0));
  const best = few.reduce((known, one, i) => (one > few[known] ? i : known), 0);
  return few[best] ? best : (hubs(1)[0] ?? 0);
}

export const cut = (most: number): number[] =>
  links()!
    .wanting.map((_, i) => i)
    .filter((i) => links()!.wanting[i].length > 0)
    .sort((a, b) => links()!.wanting[b].length - links()!.wanting[a].length || a - b)
    .slice(0, most);

// Groups of notes that link to each other, without a link from other files; without the largest group.
export function islands(): number[][] {
  const groups = components();
  const groupOf = new Int32Array(files().size);
  groups.forEach((group, i) => group.forEach((one) => (groupOf[one] = i)));
  const hasWayIn = new Uint8Array(groups.length);
  links()!.targets.forEach((targets, i) => {
    for (const one of targets) if (groupOf[i] !== groupOf[one]) hasWayIn[groupOf[one]] = 1;
  });
  const largest = groups.reduce((best, group, i) => (group.length > groups[best].length ? i : best), 0);
  return groups
    .filter((group, i) => group.length > 1 && i !== largest && !hasWayIn[i] && group.some(isOwn))
    .map((group) => [...group].sort((a, b) => a - b))
    .sort((a, b) => b.length - a.length || a[0] - b[0]);
}

// Files that link to each other (Tarjan's algorithm, without recursion).
function components(): number[][] {
  const { targets } = links()!;
  const size = targets.length;
  const [index, low, next] = [new Int32Array(size).fill(-1), new Int32Array(size), new Int32Array(size)];
  const open = new Uint8Array(size);
  const [stack, groups]: [number[], number[][]] = [[], []];
  let counter = 0;
  for (let root = 0; root < size; root++) {
    if (index[root] >= 0) continue;
    const way = [root];
    while (way.length) {
      const at = way[way.length - 1];
      if (index[at] < 0) {
        index[at] = low[at] = counter++;
        stack.push(at);
        open[at] = 1;
      }
      if (next[at] < targets[at].length) {
        const to = targets[at][next[at]++];
        if (index[to] < 0) way.push(to);
        else if (open[to]) low[at] = Math.min(low[at], index[to]);
        continue;
      }
      way.pop();
      if (way.length) low[way[way.length - 1]] = Math.min(low[way[way.length - 1]], low[at]);
      if (low[at] === index[at]) {
        const group: number[] = [];
        let one: number;
        do {
          one = stack.pop()!;
          open[one] = 0;
          group.push(one);
        } while (one !== at);
        groups.push(group);
      }
    }
  }
  return groups;
}
