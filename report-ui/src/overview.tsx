import { all, core, SEVERITIES, total, totals } from "./data";
import { Bar, Code, Mark, Paste } from "./parts";
import { write } from "./route";
import { count, counted, day, percent, signed, shown } from "./text";

const OTHERS: Record<string, [string, string]> = { canvas: ["canvas", "canvases"], base: ["base", "bases"] };

function Figure({ number, name, href }: { number: string; name: string; href?: string }) {
  const inside = (
    <>
      <strong>{number}</strong>
      <span>{name}</span>
    </>
  );
  return <li>{href ? <a href={href}>{inside}</a> : <div>{inside}</div>}</li>;
}

function sentence(): string {
  const grave = totals.error + totals.warning;
  const clean = core.notes ? core.clean / core.notes : 1;
  if (!all) return `No problems found in the ${counted(core.notes, "note")} of this vault.`;
  if (!grave) return `No errors and no warnings. There ${all === 1 ? "is" : "are"} ${counted(all, "hint")}.`;
  return `${percent(clean)} of the notes are clean. There ${grave === 1 ? "is" : "are"} ${counted(grave, "error or warning", "errors and warnings")}.`;
}

function Change() {
  const { change } = core;
  if (!change) {
    return (
      <section class="card">
        <h2>Since the last report</h2>
        <p>
          There is no earlier report to compare with. Run <Code text="vaultlint report --history" />: it records this report, and
          the next one shows what has changed.
        </p>
      </section>
    );
  }
  const rules = Object.entries(change.rules).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const net = change.new - change.gone;
  return (
    <section class="card">
      <h2>Since {day(change.at)}</h2>
      <p class="verdict">
        {net < 0 ? "Better than before: " : net > 0 ? "Worse than before: " : "Same number as before: "}
        <strong>{count(change.gone)} gone</strong>, <strong>{count(change.new)} new</strong>
        {change.notes !== 0 && `, and ${counted(Math.abs(change.notes), "note")} ${change.notes > 0 ? "more" : "fewer"}`}.
      </p>
      <ul class="deltas">
        {rules.slice(0, 6).map(([rule, difference]) => (
          <li key={rule}>
            <a href={write("findings", { rule })}>{rule}</a>
            <span class={difference > 0 ? "worse" : "better"}>{signed(difference)}</span>
          </li>
        ))}
      </ul>
      <a href={write("trend")}>All reports</a>
    </section>
  );
}

export function Overview() {
  const most = Math.max(1, ...core.rules.map(total));
  return (
    <>
      <header class="lead">
        <h1>{shown(core.vault)}</h1>
        <p>{sentence()}</p>
      </header>

      {core.steps.length > 0 && (
        <section class="first" aria-labelledby="first">
          <h2 id="first">{core.steps.length === 1 ? "What to do first" : `${["", "", "Two", "Three"][core.steps.length]} things to do first`}</h2>
          <ol>
            {core.steps.map((step) => (
              <li key={step.title}>
                <a class="step" href={step.view}>
                  <span class="title">{shown(step.title)}</span>
                  <span class="why">{shown(step.text)}</span>
                  <span class="go" aria-hidden="true">
                    Show →
                  </span>
                </a>
                {step.command && <Paste text={step.command} label="the command" />}
              </li>
            ))}
          </ol>
        </section>
      )}

      <ul class="figures" aria-label="Contents of the vault">
        <Figure number={count(core.notes)} name={core.notes === 1 ? "note" : "notes"} href={core.links === null ? undefined : "#folders"} />
        {core.links !== null && <Figure number={count(core.links)} name="links" href="#links" />}
        {core.citations !== null && <Figure number={count(core.citations)} name="citations" href="#citations" />}
        {core.wanted !== null && <Figure number={count(core.wanted)} name={core.wanted === 1 ? "wanted note" : "wanted notes"} href="#wanted" />}
        {Object.entries(core.others).map(([kind, number]) => (
          <Figure key={kind} number={count(number)} name={(OTHERS[kind] ?? [kind, kind])[number === 1 ? 0 : 1]} />
        ))}
      </ul>

      <div class="columns">
        <section class="card" aria-labelledby="found">
          <h2 id="found">What was found</h2>
          <ul class="severities">
            {SEVERITIES.map((severity) => (
              <li key={severity}>
                <a href={write("findings", { severity })}>
                  <strong>{count(totals[severity])}</strong> <Mark severity={severity} />
                </a>
              </li>
            ))}
          </ul>
          <ul class="rules">
            {core.rules.map((rule) => {
              const severity = SEVERITIES.find((one) => rule.counts[one])!;
              return (
                <li key={rule.name}>
                  <a href={write("findings", { rule: rule.name })}>
                    <Mark severity={severity} bare />
                    <span class="name">{rule.name}</span>
                    <Bar parts={SEVERITIES.map((kind) => ({ share: (rule.counts[kind] ?? 0) / most, kind }))} />
                    <span class="number">{count(total(rule))}</span>
                    <span class="what">{rule.summary}</span>
                  </a>
                </li>
              );
            })}
          </ul>
          {core.heldBack > 0 && (
            <p class="soft">
              The baseline leaves out {counted(core.heldBack, "known finding")}. <Code text="vaultlint report --no-baseline" /> shows {core.heldBack === 1 ? "it" : "them"}, too.
            </p>
          )}
        </section>
        <Change />
      </div>
    </>
  );
}
