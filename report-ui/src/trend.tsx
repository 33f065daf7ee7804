import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { all, core, total, type Run } from "./data";
import { Code, Empty } from "./parts";
import { count, counted, day, shortDay, signed } from "./text";

const sum = (run: Run): number => Object.values(run.findings).reduce((a, b) => a + b, 0);
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 2], [12, 4]];
const MOST_LINES = 6;

// The recorded runs, and this one.
function points(): { at: number; run: Run }[] {
  const now: Run = {
    at: `${core.date}T23:59:59Z`,
    notes: core.notes,
    links: core.links ?? 0,
    citations: core.citations ?? 0,
    findings: Object.fromEntries(core.rules.map((rule) => [rule.name, total(rule)])),
    new: core.change?.new ?? null,
    gone: core.change?.gone ?? null,
  };
  const runs = core.kept ? core.runs : [...core.runs, now];
  return runs.map((run) => ({ at: Date.parse(run.at) / 1000, run }));
}

const inside = (box: HTMLElement): number => {
  const { paddingLeft, paddingRight } = getComputedStyle(box);
  return box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
};

function Chart({ runs, rules }: { runs: { at: number; run: Run }[]; rules: string[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const target = box.current!;
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      const style = getComputedStyle(document.documentElement);
      const colour = (name: string) => style.getPropertyValue(name).trim();
      const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: "13px system-ui, sans-serif" };
      const times = runs.map((one) => one.at);
      const span = times.at(-1)! - times[0];
      plot = new uPlot(
        {
          width: inside(target),
          height: 320,
          scales: { x: { time: true, range: [times[0] - span * 0.02 - 3600, times.at(-1)! + span * 0.02 + 3600] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
          axes: [{ ...axis, space: 80, incrs: [1, 2, 7, 14, 28, 91, 182, 364].map((days) => days * 86400), values: (_, values) => values.map(shortDay) }, { ...axis, size: 60, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000], values: (_, values) => values.map((one) => count(one)) }],
          cursor: { drag: { x: false, y: false } },
          legend: { live: true },
          hooks: { ready: [(made) => made.setLegend({ idx: times.length - 1 })] }, // the last report, until the pointer is on another one
          tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
          series: [
            { label: "Day", value: (_, at) => (at == null ? "" : day(new Date(at * 1000).toISOString())) },
            ...rules.map((rule, i) => ({
              label: rule,
              stroke: colour(`--line-${i + 1}`),
              width: 2,
              dash: DASHES[i],
              points: { show: runs.length < 40, size: 6 },
              value: (_: uPlot, number: number | null) => (number == null ? "" : count(number)),
            })),
          ],
        },
        [times, ...rules.map((rule) => runs.map((one) => one.run.findings[rule] ?? 0))],
        target,
      );
    };
    draw();
    const observer = new ResizeObserver(() => plot?.setSize({ width: inside(target), height: 320 }));
    observer.observe(target);
    scheme.addEventListener("change", draw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", draw);
      plot?.destroy();
    };
  }, []);
  return <div class="chart" ref={box} role="img" aria-label="Findings by rule over time; the table below has the numbers" />;
}

export function TrendView() {
  const runs = points();
  if (runs.length < 2) {
    return (
      <Empty title="No trend yet">
        <p>
          Run <Code text="vaultlint report --history" /> now and then, for example once a week. Each run adds one line to <code>.vaultlint-history.jsonl</code>, and this view
          shows how the findings change. The file is small; keep it with your notes.
        </p>
      </Empty>
    );
  }
  const before = runs.at(-2)!.run;
  const difference = all - sum(before);
  const names = [...new Set(runs.flatMap((one) => Object.keys(one.run.findings)))];
  const largest = (name: string) => Math.max(...runs.map((one) => one.run.findings[name] ?? 0));
  const rules = names.sort((a, b) => largest(b) - largest(a) || (a < b ? -1 : 1)).slice(0, MOST_LINES);
  return (
    <section class="trend" aria-labelledby="title">
      <h1 id="title">Trend</h1>
      <p class="verdict">
        {difference < 0 ? "Better than before: " : difference > 0 ? "Worse than before: " : "Same number as before: "}
        {counted(all, "finding")} now, {count(sum(before))} on {day(before.at)}.
      </p>
      <Chart runs={runs} rules={rules} />
      {names.length > rules.length && <p class="soft">The chart shows the {rules.length} rules with the most findings.</p>}
      <div class="scrolls" tabIndex={0} role="region" aria-label="All reports">
        <table>
          <thead>
            <tr>
              <th scope="col">Report</th>
              <th scope="col">Findings</th>
              <th scope="col">New</th>
              <th scope="col">Gone</th>
              <th scope="col">Notes</th>
              {rules.map((rule) => (
                <th scope="col" key={rule}>
                  {rule}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs
              .map(({ run }, i) => (
                <tr key={i}>
                  <th scope="row">{!core.kept && i === runs.length - 1 ? "this report" : day(run.at)}</th>
                  <td>
                    {count(sum(run))}
                    {i > 0 && sum(run) !== sum(runs[i - 1].run) && <span class={sum(run) > sum(runs[i - 1].run) ? "worse" : "better"}> {signed(sum(run) - sum(runs[i - 1].run))}</span>}
                  </td>
                  <td>{run.new === null ? "" : count(run.new)}</td>
                  <td>{run.gone === null ? "" : count(run.gone)}</td>
                  <td>{count(run.notes)}</td>
                  {rules.map((rule) => (
                    <td key={rule}>{count(run.findings[rule] ?? 0)}</td>
                  ))}
                </tr>
              ))
              .reverse()}
          </tbody>
        </table>
      </div>
      <p class="soft">
        New and gone findings are recognised by their rule and the words around them. There may be more of both.
        {core.unread > 0 && ` ${counted(core.unread, "line")} of the history can't be read.`}
      </p>
    </section>
  );
}
