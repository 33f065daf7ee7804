// The part of the URL after `#`: a view, and its contents. It can be shared as a link.

import { useEffect, useState } from "preact/hooks";
import { core } from "./data";

export interface Route {
  view: string;
  given: Record<string, string>;
}

export function read(hash: string): Route {
  const [view, query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const given: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) given[name] = value;
  return { view: view || "overview", given };
}

export function write(view: string, given: Record<string, string | undefined> = {}): string {
  const parts = Object.entries(given)
    .filter((one): one is [string, string] => one[1] !== undefined && one[1] !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `#${view}${parts.length ? `?${parts.join("&")}` : ""}`;
}

// Show another view at once; the event of the browser comes later.
export function go(hash: string): void {
  history.pushState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

// Show another view without a new entry in the history, for example while a filter is typed.
export function replace(hash: string): void {
  history.replaceState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useRoute(): Route {
  const [hash, set] = useState(location.hash);
  useEffect(() => {
    const changed = () => set(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return read(hash);
}

const KEY = `vaultlint ${core.root} `;

// The choices from the last time; a browser may refuse to store them for a local file.
export function remembered(name: string): string {
  try {
    return localStorage.getItem(KEY + name) ?? "";
  } catch {
    return "";
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(KEY + name, value);
  } catch {
    // then it is stored until the page is closed
  }
}
