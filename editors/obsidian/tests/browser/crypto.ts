/** Stands for `node:crypto` in a browser, where the pane writes nothing. */
export function createHash(): never {
  throw new Error("there is no digest in a browser");
}
