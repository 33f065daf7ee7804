/** What runs in the page of the pane's test: a pane with made-up findings. */
import { FakeHost, paneWith } from "../pane-host";
import { manyDiagnostics } from "../planted";

/** Milliseconds until what has changed is painted. */
export async function painted(act: () => unknown): Promise<number> {
  const began = performance.now();
  await act();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  return performance.now() - began;
}

Object.assign(window, { FakeHost, paneWith, manyDiagnostics, painted });

declare global {
  interface Window {
    FakeHost: typeof FakeHost;
    paneWith: typeof paneWith;
    manyDiagnostics: typeof manyDiagnostics;
    painted: typeof painted;
    host: FakeHost;
  }
}
