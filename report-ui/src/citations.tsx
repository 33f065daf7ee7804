import { useMemo } from "preact/hooks";
import { citations, files, findings } from "./data";
import { Bar, Empty, FileName } from "./parts";
import { go, type Route, write } from "./route";
import { Table, useNarrow } from "./table";
import { count, counted, percent } from "./text";

const BEYOND = "impossible-timestamp";

const KINDS: Record<string, string> = {
  timestamp: "video timestamps",
  footnote: "footnotes",
  key: "citation keys",
  link: "links to the web",
  author: "author and year",
  note: "links to notes that are sources",
  pattern: "your own patterns",
};

const SORTS: Record<string, string> = { share: "Least cited first", uncovered: "Most text without a source first", best: "Best cited first", beyond: "Timestamps beyond the video" };

export function CitationsView({ route }: { route: Route }) {
  const data = citations();
  const narrow = useNarrow();
  const sort = route.given.sort ?? "share";
  const beyond = useMemo(() => {
    const found = findings();
    const counts = new Map<number, number>();
    for (let i = 0; i < found.size; i++) {
      if (found.rule(i) !== BEYOND) continue; // one finding is about all timestamps of a video
      counts.set(found.file[i], (counts.get(found.file[i]) ?? 0) + 1 + found.related(i).length + found.more(i));
    }
    return counts;
  }, []);
  const order = useMemo(() => {
    if (!data) return [];
    const share = (i: number) => data.covered[i] / Math.max(1, data.covered[i] + data.uncovered[i]);
    const all = data.file.map((_, i) => i).filter((i) => data.covered[i] + data.uncovered[i] > 0 || beyond.has(data.file[i]));
    if (sort === "beyond") return all.filter((i) => beyond.has(data.file[i])).sort((a, b) => beyond.get(data.file[b])! - beyond.get(data.file[a])! || a - b);
    if (sort === "uncovered") return all.sort((a, b) => data.uncovered[b] - data.uncovered[a] || a - b);
    const sign = sort === "best" ? -1 : 1;
    return all.sort((a, b) => sign * (share(a) - share(b)) || data.uncovered[b] - data.uncovered[a] || a - b);
  }, [sort]);
  if (!data || !data.file.length) return <Empty title="No citations">No note in this vault has citations or text that may need them.</Empty>;
  const covered = data.covered.reduce((a, b) => a + b, 0);
  const uncovered = data.uncovered.reduce((a, b) => a + b, 0);
  const kinds = Object.entries(data.kinds)
    .map(([kind, numbers]) => [kind, numbers.reduce((a, b) => a + b, 0)] as const)
    .sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...kinds.map((one) => one[1]));
  const share = covered + uncovered ? covered / (covered + uncovered) : 0;
  return (
    <section class="citations" aria-labelledby="title">
      <h1 id="title">Citations</h1>
      <div class="columns">
        <section class="card">
          <h2>Text with a source</h2>
          <p class="large">
            {percent(share)} <Bar parts={[{ share }]} />
          </p>
          <p class="soft">
            In notes with at least three citations, {counted(covered, "block of text has", "blocks of text have")} a citation, and {count(uncovered)} {uncovered === 1 ? "has" : "have"} none. A block is a paragraph, a list item or something similar. Citations in headings are not counted.
          </p>
          <p>
            {beyond.size > 0 ? (
              <a href={write("citations", { sort: "beyond" })}>{counted(beyond.size, "note has", "notes have")} timestamps beyond the end of the video</a>
            ) : (
              <span class="soft">No timestamp is beyond the end of its video, if the length is known.</span>
            )}
          </p>
        </section>
        <section class="card">
          <h2>Kinds of citations</h2>
          <ul class="kinds">
            {kinds.map(([kind, number]) => (
              <li key={kind}>
                <span>{KINDS[kind] ?? kind}</span>
                <Bar parts={[{ share: number / most }]} />
                <span class="number">{count(number)}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <div class="filters">
        <label>
          <span class="unseen">Order</span>
          <select value={sort} onChange={(event) => go(write("citations", { sort: event.currentTarget.value }))}>
            {Object.entries(SORTS).map(([key, title]) => (
              <option key={key} value={key}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <p class="tally" role="status">
          {counted(order.length, "note")}
        </p>
      </div>
      <Table
        kind="of-citations"
        label="Notes by citations"
        rows={order.length}
        height={narrow ? 64 : 48}
        heads={[
          { name: "share", title: "With a source" },
          { name: "name", title: "Note" },
          { name: "number", title: "Without" },
          { name: "beyond", title: "Beyond the video" },
        ]}
        empty="No matching notes."
        row={(i) => {
          const one = order[i];
          const all = data.covered[one] + data.uncovered[one];
          const part = all ? data.covered[one] / all : 0;
          const file = data.file[one];
          const over = beyond.get(file) ?? 0;
          return [
            <>
              <span class="percent">{all ? percent(part) : "–"}</span> <Bar parts={[{ share: part }]} />
            </>,
            <a class="whole" href={write("findings", { note: files().path(file), ...(sort === "beyond" ? { rule: BEYOND } : {}) })}>
              <FileName file={file} />
            </a>,
            data.uncovered[one] ? count(data.uncovered[one]) : "",
            over ? counted(over, "timestamp") : "",
          ];
        }}
      />
    </section>
  );
}
