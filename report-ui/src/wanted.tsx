import { useMemo, useState } from "preact/hooks";
import { core, files, wanted, wanting } from "./data";
import { Empty, FileList, Name, Paste } from "./parts";
import { go, type Route, write } from "./route";
import { Table, useNarrow } from "./table";
import { count, counted, day, newInObsidian, shown } from "./text";

const REASONS: Record<string, string> = {
  alias: "has it as an alias",
  spelling: "differs only in spelling",
  marks: "differs only in punctuation or accents",
  slip: "has a similar name",
  longer: "begins with this name",
};

const pathOf = (one: number | string): string => (typeof one === "number" ? files().path(one) : one);
const nameOf = (path: string): string => path.replace(/^.*\//, "").replace(/\.md$/, "");

function guess(i: number): string {
  const { resembled, likeness, now, date } = wanted()!;
  if (now[i]) return `renamed to ${nameOf(now[i])}`;
  if (date[i]) return `deleted on ${day(date[i])}`;
  if (resembled[i].length) return `${nameOf(pathOf(resembled[i][0]))} ${REASONS[likeness[i]] ?? "is similar"}`;
  return "";
}

const KINDS: Record<string, { title: string; has: (i: number) => boolean }> = {
  all: { title: "All names", has: () => true },
  like: { title: "Similar to a note", has: (i) => wanted()!.resembled[i].length > 0 || wanted()!.now[i] !== "" },
  past: { title: "Renamed or deleted", has: (i) => wanted()!.date[i] !== "" },
  new: { title: "Not similar to any note", has: (i) => !wanted()!.resembled[i].length && !wanted()!.date[i] },
};

function Detail({ at, filter }: { at: number; filter: Record<string, string> }) {
  const { name, resembled, likeness, now, date, planned } = wanted()!;
  const who = wanting()[at];
  const others = [...new Set([...(now[at] ? [now[at]] : []), ...resembled[at].map(pathOf)])];
  return (
    <aside class="detail" aria-label="Selected name">
      <a class="close" href={write("wanted", filter)} aria-label="Close">
        ×
      </a>
      <h2>
        <Name text={name[at]} />
      </h2>
      <p>
        {counted(who.length, "file links", "files link")} to this name, but no note has it.
        {date[at] && (now[at] ? ` A note of this name was renamed on ${day(date[at])}.` : ` A note of this name was deleted on ${day(date[at])}.`)}
        {planned[at] ? " In this vault, notes may be planned by linking to them." : ""}
      </p>
      <h3>Relink</h3>
      {others.length ? (
        <>
          {others.map((path) => (
            <p key={path}>
              <Paste text={`[[${nameOf(path)}]]`} label={`the link to ${nameOf(path)}`} />
              <span class="soft">
                {" "}
                <Name text={path} /> {path === now[at] ? "had the name before" : (REASONS[likeness[at]] ?? "is similar")}
              </span>
            </p>
          ))}
        </>
      ) : (
        <p class="soft">No note has a similar name.</p>
      )}
      <h3>Create</h3>
      <p>
        <Paste text={`${name[at]}.md`} label="the name of the file" />{" "}
        <a class="act" href={newInObsidian(core.vault, name[at])}>
          Create in Obsidian
        </a>
      </p>
      <h3>Planned</h3>
      <p>
        <Paste text={`[rules.broken-link]\nallow = [${JSON.stringify(name[at])}]`} label="the setting" />
        <span class="soft"> Add this to vaultlint.toml if you want to keep the links and write the note later.</span>
      </p>
      <h3>Wanted by</h3>
      <FileList of={who} />
    </aside>
  );
}

export function WantedView({ route }: { route: Route }) {
  const data = wanted();
  const narrow = useNarrow();
  const [text, setText] = useState("");
  const kind = route.given.kind ?? "all";
  const filter: Record<string, string> = kind === "all" ? {} : { kind };
  const order = useMemo(() => {
    const who = wanting();
    return who.map((_, i) => i).sort((a, b) => who[b].length - who[a].length || a - b);
  }, []);
  const shownOnes = useMemo(() => {
    const word = text.trim().toLowerCase();
    const { has } = KINDS[kind] ?? KINDS.all;
    return order.filter((i) => has(i) && (!word || data!.name[i].toLowerCase().includes(word)));
  }, [text, kind]);
  if (!data || !data.name.length) {
    return <Empty title="No wanted notes">Every link leads to an existing note.</Empty>;
  }
  const at = route.given.name === undefined ? -1 : data.name.indexOf(route.given.name);
  return (
    <section class="wanted" aria-labelledby="title">
      <h1 id="title">Wanted notes</h1>
      <p class="intro">Names that notes link to but that no note has. Write the most wanted ones, and correct those that are typing errors.</p>
      <form class="filters" role="search" aria-label="Filter the names" onSubmit={(event) => event.preventDefault()}>
        <label class="search">
          <span class="unseen">A part of the name</span>
          <input type="search" placeholder="Search names" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <label>
          <span class="unseen">Which names</span>
          <select value={kind} onChange={(event) => go(write("wanted", { kind: event.currentTarget.value }))}>
            {Object.entries(KINDS).map(([key, { title }]) => (
              <option key={key} value={key}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </form>
      <p class="tally" role="status">
        <strong>{counted(shownOnes.length, "name")}</strong>, most wanted first
      </p>
      <div class={`split ${at >= 0 ? "open" : ""}`}>
        <Table
          kind="of-wanted"
          label="Wanted notes"
          rows={shownOnes.length}
          height={narrow ? 68 : 48}
          heads={[
            { name: "number", title: "Wanted by" },
            { name: "name", title: "Name" },
            { name: "guess", title: "What is known about it" },
          ]}
          selected={(i) => shownOnes[i] === at}
          empty="No matching names."
          row={(i) => {
            const one = shownOnes[i];
            return [
              count(wanting()[one].length),
              <a class="whole" href={write("wanted", { ...filter, name: data.name[one] })}>
                <Name text={data.name[one]} />
              </a>,
              <span class="soft">{shown(guess(one))}</span>,
            ];
          }}
        />
        {at >= 0 && <Detail at={at} filter={filter} />}
      </div>
    </section>
  );
}
