import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { core, excerpts, files, findings, type Findings, SEVERITIES, type Severity, total } from "./data";
import { Code, FileName, Mark, Name, Obsidian } from "./parts";
import { go, remember, remembered, replace, type Route, write } from "./route";
import { Table, useNarrow } from "./table";
import { count, counted, inEditor, shown } from "./text";

const NAMES = ["rule", "severity", "folder", "note", "fix", "text", "sort"] as const;
type Filter = Partial<Record<(typeof NAMES)[number], string>>;

const SORTS: Record<string, (found: Findings) => (i: number) => number> = {
  severity: (found) => (i) => SEVERITIES.indexOf(found.severity(i)),
  rule: (found) => {
    const order = new Map(core.rules.map((rule, i) => [rule.name, i]));
    return (i) => order.get(found.rule(i)) ?? 0;
  },
  note: () => () => 0, // in their order
};

// The indices of the findings that match a filter, in order.
export function filtered(filter: Filter): Int32Array {
  const found = findings();
  const { rule, note, folder, fix } = filter;
  const severities = filter.severity?.split(",");
  const kinds = found.kinds.map((one) => (!rule || one[0] === rule) && (!severities || severities.includes(one[1])));
  const fixes = found.fixes.map(([title, safe], i) =>
    fix === "safe" ? i > 0 && safe : fix === "proposed" ? i > 0 && !safe : fix === "none" ? i === 0 || !title : true,
  );
  const inFile = new Uint8Array(files().size).fill(1);
  if (folder) {
    const inside = files().within(folder);
    for (let i = 0; i < inFile.length; i++) inFile[i] = inside[files().folder[i]];
  }
  if (note) {
    const number = files().numbered(note);
    inFile.fill(0);
    if (number !== undefined) inFile[number] = 1;
  }
  const words = (filter.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.map((word) => ({
    messages: found.lowered.map((one) => one.includes(word)),
    files: files().lowered.map((one) => one.includes(word)),
    id: word,
  }));
  const kept: number[] = [];
  for (let i = 0; i < found.size; i++) {
    const file = found.file[i];
    if (!kinds[found.kind[i]] || !inFile[file] || !fixes[found.fix[i]]) continue;
    if (hits.every((hit) => hit.messages[found.message[i]] || hit.files[file] || found.ids[i] === hit.id)) kept.push(i);
  }
  return ordered(found, kept, filter.sort ?? "severity");
}

// Sorted by a property with few values, otherwise in the same order.
function ordered(found: Findings, kept: number[], sort: string): Int32Array {
  const key = (SORTS[sort] ?? SORTS.severity)(found);
  const buckets: number[][] = [];
  for (const one of kept) (buckets[key(one)] ??= []).push(one);
  const result = new Int32Array(kept.length);
  let at = 0;
  for (const bucket of buckets) for (const one of bucket ?? []) result[at++] = one;
  return result;
}

function Detail({ at, filter }: { at: number; filter: Filter }) {
  const found = findings();
  const file = found.file[at];
  const path = files().path(file);
  const rule = core.rules.find((one) => one.name === found.rule(at));
  const [fix, safe] = found.fixes[found.fix[at]];
  const inNote = found.perFile.find((one) => one[0] === file)![1];
  const excerpt = excerpts()?.[at];
  const id = found.ids[at];
  return (
    <aside class="detail" aria-label="Selected finding">
      <a class="close" href={address(filter)} aria-label="Close">
        ×
      </a>
      <p class="kind">
        <Mark severity={found.severity(at)} /> <span>{found.rule(at)}</span>
      </p>
      <h2>
        <Name text={found.messages[found.message[at]]} />
      </h2>
      <p class="where">
        <Name text={path} />, line {found.line[at]}, id <Code text={id} />
      </p>
      {excerpt && (
        <blockquote>
          <Name text={excerpt} />
        </blockquote>
      )}
      {fix ? (
        <div class="fix">
          <h3>{safe ? "Safe fix" : "Proposed fix"}</h3>
          <p>
            <Name text={fix} />
          </p>
          <p class="soft">
            {safe ? (
              <>
                Readers see no difference. <Code text={`vaultlint fix ${id}`} /> applies this fix. <Code text="vaultlint check --fix" /> applies all safe fixes.
              </>
            ) : (
              <>
                Check that it is what you meant; <Code text={`vaultlint fix ${id}`} /> applies it. <Code text="vaultlint check --diff --unsafe-fixes" /> shows all
                proposed fixes; with <Code text="--fix" /> instead of <Code text="--diff" /> it applies them.
              </>
            )}
          </p>
        </div>
      ) : null}
      <p class="acts">
        <Obsidian path={path}>Open in Obsidian</Obsidian>
        <a class="act" href={inEditor(core.root, path, found.line[at], found.column[at])}>
          Open in VS Code
        </a>
      </p>
      {found.related(at).length > 0 && (
        <>
          <h3>See also</h3>
          <ul class="files">
            {found.related(at).map(([other, message], i) => (
              <li key={i}>
                <a href={write("findings", { note: files().path(other) })}>
                  <FileName file={other} />
                </a>{" "}
                <span class="soft">{shown(found.messages[message])}</span>
              </li>
            ))}
          </ul>
          {found.more(at) > 0 && <p class="soft">and {counted(found.more(at), "more place")}</p>}
        </>
      )}
      {rule && (
        <>
          <h3>Why it matters</h3>
          <p>
            {rule.summary} {rule.why}
          </p>
        </>
      )}
      <p class="acts">
        <a href={write("findings", { note: path, sort: "note" })}>{inNote === 1 ? "The only finding in this note" : `All ${count(inNote)} findings in this note`}</a>
        {core.links !== null && <a href={write("links", { note: path })}>Its links</a>}
      </p>
    </aside>
  );
}

function Filters({ filter, text, set, setText }: { filter: Filter; text: string; set: (change: Filter) => void; setText: (text: string) => void }) {
  const found = findings();
  const folders = useMemo(() => {
    const numbers = new Set(found.perFile.map(([file]) => files().folder[file]));
    const names = new Set<string>();
    for (const number of numbers) {
      const parts = files().folders[number].split("/");
      for (let i = 1; i <= parts.length; i++) names.add(parts.slice(0, i).join("/"));
    }
    names.delete("");
    return [...names].sort();
  }, []);
  const severities = filter.severity?.split(",") ?? [...SEVERITIES];
  const toggle = (one: Severity) => {
    const now = severities.includes(one) ? severities.filter((other) => other !== one) : [...severities, one];
    set({ severity: now.length === 0 || now.length === SEVERITIES.length ? undefined : SEVERITIES.filter((other) => now.includes(other)).join(",") });
  };
  return (
    <form class="filters" role="search" aria-label="Filter the findings" onSubmit={(event) => event.preventDefault()}>
      <label class="search">
        <span class="unseen">Words in message or path</span>
        <input type="search" placeholder="Search messages and notes" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <label>
        <span class="unseen">Rule</span>
        <select value={filter.rule ?? ""} onChange={(event) => set({ rule: event.currentTarget.value || undefined })}>
          <option value="">All rules</option>
          {core.rules.map((rule) => (
            <option key={rule.name} value={rule.name}>
              {rule.name} ({count(total(rule))})
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">Folder</span>
        <select value={filter.folder ?? ""} onChange={(event) => set({ folder: event.currentTarget.value || undefined })}>
          <option value="">All folders</option>
          <option value=".">In no folder</option>
          {folders.map((name) => (
            <option key={name} value={name}>
              {shown(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">Fix</span>
        <select value={filter.fix ?? ""} onChange={(event) => set({ fix: event.currentTarget.value || undefined })}>
          <option value="">With or without fix</option>
          <option value="safe">Safe fixes</option>
          <option value="proposed">Proposed fixes</option>
          <option value="none">No fix</option>
        </select>
      </label>
      <fieldset>
        <legend class="unseen">Severity</legend>
        {SEVERITIES.map((one) => (
          <label key={one} class="check">
            <input type="checkbox" checked={severities.includes(one)} onChange={() => toggle(one)} />
            <Mark severity={one} />
          </label>
        ))}
      </fieldset>
    </form>
  );
}

const KEY = "filter";

// The URL of the view with a filter. An empty filter is written too, or the last one would come back.
const address = (filter: Filter, at?: number): string => {
  const given = Object.values(filter).some(Boolean) ? filter : { all: "1" };
  return write("findings", { ...given, at: at === undefined ? undefined : String(at) });
};

export function FindingsView({ route }: { route: Route }) {
  const filter: Filter = {};
  for (const name of NAMES) if (route.given[name]) filter[name] = route.given[name];
  const isGiven = Object.keys(route.given).length > 0;
  const own = address(filter);
  const [text, setText] = useState(filter.text ?? "");
  const narrow = useNarrow();

  useEffect(() => {
    const known = remembered(KEY);
    if (!isGiven && known.startsWith("#findings")) replace(known);
    else if (!filter.note) remember(KEY, own);
  }, [own, isGiven]);

  // The text filters at once; the URL follows when the typing stops, unless it has changed in the meantime.
  const waiting = useRef(0);
  const type = (words: string) => {
    clearTimeout(waiting.current);
    setText(words);
    waiting.current = window.setTimeout(() => replace(address({ ...filter, text: words.trim() })), 300);
  };
  useEffect(() => {
    clearTimeout(waiting.current);
    if ((filter.text ?? "") !== text.trim()) setText(filter.text ?? "");
    return () => clearTimeout(waiting.current);
  }, [own]);

  const key = write("findings", { ...filter, text: text.trim() });
  const kept = useMemo(() => filtered({ ...filter, text: text.trim() }), [key]);
  const found = findings();
  const at = route.given.at === undefined ? -1 : Number(route.given.at);
  const isThere = Number.isInteger(at) && at >= 0 && at < found.size;
  const set = (change: Filter) => {
    go(address({ ...filter, text: text.trim(), ...change }));
  };
  useEffect(() => {
    const timer = setTimeout(() => [found.lowered, files().lowered], 100); // prepared, so that the first letter is fast
    return () => clearTimeout(timer);
  }, []);
  const notes = useMemo(() => new Set(Array.from(kept, (i) => found.file[i])).size, [kept]);
  const clears = Object.keys(filter).some((name) => name !== "sort");

  return (
    <section class="findings" aria-labelledby="title">
      <h1 id="title">Findings</h1>
      <Filters filter={filter} text={text} set={set} setText={type} />
      <p class="tally" role="status">
        <strong>{counted(kept.length, "finding")}</strong> in {counted(notes, "file")}
        {filter.note && (
          <>
            {" "}
            · only in{" "}
            <b>
              <Name text={filter.note} />
            </b>
          </>
        )}
        {clears || text ? (
          <>
            {" "}
            · <a href={address({})}>show all {count(found.size)}</a>
          </>
        ) : (
          core.clean > 0 && ` · ${counted(core.clean, "clean note is", "clean notes are")} not shown`
        )}
      </p>
      <div class={`split ${isThere ? "open" : ""}`}>
        <Table
          kind="of-findings"
          label="Findings"
          rows={kept.length}
          height={narrow ? 76 : 56}
          heads={[
            { name: "severity", title: "Severity", sorts: true },
            { name: "message", title: "What is wrong" },
            { name: "rule", title: "Rule", sorts: true },
            { name: "note", title: "Note", sorts: true },
            { name: "line", title: "Line" },
          ]}
          sorted={filter.sort ?? "severity"}
          onSort={(sort) => set({ sort: sort === "severity" ? undefined : sort })}
          selected={(i) => kept[i] === at}
          empty={found.size ? "Nothing matches this filter." : "No problems found."}
          row={(i) => {
            const one = kept[i];
            const [fix, safe] = found.fixes[found.fix[one]];
            return [
              <Mark severity={found.severity(one)} bare />,
              <>
                <a class="whole" href={address({ ...filter, text: text.trim() }, one)} aria-current={one === at ? "true" : undefined}>
                  <Name text={found.messages[found.message[one]]} />
                </a>
                {fix && (
                  <span class="fixing">
                    {safe ? "safe fix: " : "fix: "}
                    <Name text={fix} />
                  </span>
                )}
              </>,
              found.rule(one),
              <FileName file={found.file[one]} />,
              count(found.line[one]),
            ];
          }}
        />
        {isThere && <Detail at={at} filter={filter} />}
      </div>
    </section>
  );
}
