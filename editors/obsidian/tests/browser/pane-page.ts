/** The page for the test of the pane: a pane with made-up findings. */
import { FakeHost, paneWith } from "../pane-host";
import { manyDiagnostics } from "../planted";

/** Milliseconds until a change is painted. */
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
