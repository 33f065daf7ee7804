/** URIs of the protocol, and paths in the vault. */

/** The URI of an absolute path; for a Windows path, with its drive and with slashes. */
export function uriOfFile(file: string): string {
  const path = file.replace(/\\/g, "/");
  const parts = path.split("/").map((part) => encodeURIComponent(part));
  if (path.startsWith("//")) {
    return `file:${parts.join("/")}`; // a shared folder on another computer
  }
  return `file://${path.startsWith("/") ? "" : "/"}${parts.join("/").replace(/^([A-Za-z])%3A/, "$1:")}`;
}

/** Converts paths of one vault to URIs, and back. */
export class VaultPaths {
  readonly root: string;

  /** @param folder the vault's folder on disk. */
  constructor(folder: string) {
    this.root = uriOfFile(folder.replace(/[\\/]+$/, ""));
  }

  uri(path: string): string {
    return `${this.root}/${path.split("/").map(encodeURIComponent).join("/")}`;
  }

  /** The path in the vault of a URI; null if it is outside the vault. */
  path(uri: string): string | null {
    const [root, given] = [plain(this.root), plain(uri)];
    if (root === null || given === null || !given.startsWith(`${root}/`)) {
      return null;
    }
    const path = given.slice(root.length + 1);
    return path.split(/[/\\]/).some((part) => part === "." || part === "..") ? null : path;
  }
}

/** A URI without escapes, so that URIs from different programs can be compared. */
function plain(uri: string): string | null {
  try {
    return decodeURIComponent(uri)
      .normalize("NFC")
      .replace(/^file:\/\/\/([A-Za-z]):/, (_, drive: string) => `file:///${drive.toLowerCase()}:`);
  } catch {
    return null;
  }
}
