import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CitationsView } from "./citations";
import { core } from "./data";
import { FindingsView } from "./findings";
import { FoldersView } from "./folders";
import { LinksView } from "./links";
import { Overview } from "./overview";
import { type Route, useRoute } from "./route";
import { day, shown } from "./text";
import { TrendView } from "./trend";
import { WantedView } from "./wanted";

// The data is after this script in the page, so the overview does not wait for it.
const whole = new Promise((done) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done);
  else done(undefined);
});

const isWhole = core.links !== null;

const VIEWS: Record<string, { title: string; of: (props: { route: Route }) => preact.ComponentChild }> = {
  overview: { title: "Overview", of: Overview },
  findings: { title: "Findings", of: FindingsView },
  ...(isWhole && {
    wanted: { title: "Wanted notes", of: WantedView },
    folders: { title: "Folders", of: FoldersView },
    citations: { title: "Citations", of: CitationsView },
    links: { title: "Links", of: LinksView },
    trend: { title: "Trend", of: TrendView },
  }),
};

function App() {
  const route = useRoute();
  const [isRead, setRead] = useState(document.readyState !== "loading");
  const name = route.view in VIEWS ? route.view : "overview";
  const { title, of: View } = VIEWS[name];

  useEffect(() => void whole.then(() => setRead(true)), []);
  useEffect(() => {
    document.title = `${title} · ${shown(core.vault)}`;
    scrollTo(0, 0);
  }, [title]);

  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById("main")!.focus())}>
        Skip to content
      </a>
      <header class="top">
        <p class="brand">
          <bdi>{shown(core.vault)}</bdi> <span>{day(core.date)}</span>
        </p>
        <nav aria-label="Views">
          <ul>
            {Object.entries(VIEWS).map(([key, view]) => (
              <li key={key}>
                <a href={`#${key}`} aria-current={key === name ? "page" : undefined}>
                  {view.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {isRead || name === "overview" ? <View route={route} /> : <p role="status">Loading …</p>}
      </main>
      <footer>
        <p>
          Written by vaultlint {core.program} on {day(core.date)}.{" "}
          {core.excerpts ? "It quotes lines of your notes." : "It contains names and properties from your notes, but not their text."}
        </p>
      </footer>
    </>
  );
}

render(<App />, document.getElementById("app")!);
