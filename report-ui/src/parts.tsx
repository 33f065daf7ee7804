// Small parts for several views.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { core, files, type Severity } from "./data";
import { write } from "./route";
import { count, inObsidian, shown } from "./text";

const SIGNS: Record<Severity, string> = { error: "●", warning: "▲", info: "○" };

export function Mark({ severity, bare }: { severity: Severity; bare?: boolean }) {
  return (
    <span class={`mark ${severity}`}>
      <span aria-hidden="true">{SIGNS[severity]}</span>
      {bare ? <span class="unseen">{severity}</span> : ` ${severity}`}
    </span>
  );
}

// A name or path, isolated from the direction of the text around it.
export function Name({ text, title }: { text: string; title?: string }) {
  return <bdi title={title}>{shown(text)}</bdi>;
}

export function FileName({ file }: { file: number }) {
  const found = files();
  const folder = found.folders[found.folder[file]];
  return (
    <>
      <Name text={found.name[file]} title={shown(found.path(file))} />
      {folder && (
        <span class="folder">
          <Name text={folder} />
        </span>
      )}
    </>
  );
}

// Code to type or paste; an option such as `--fix` is not broken across lines.
export function Code({ text }: { text: string }) {
  const parts = text.split(/(--[a-z-]+)/);
  return <code>{parts.map((part, i) => (i % 2 ? <span class="option">{part}</span> : part.split("\n").map(shown).join("\n")))}</code>;
}

// A text with a button that copies it.
export function Paste({ text, label }: { text: string; label: string }) {
  const [done, set] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    set(true);
    setTimeout(() => set(false), 1500);
  };
  return (
    <span class="paste">
      <Code text={text} />
      <button type="button" onClick={copy} aria-label={`Copy ${label}`}>
        {done ? "Copied" : "Copy"}
      </button>
    </span>
  );
}

export function Obsidian({ path, children }: { path: string; children: ComponentChildren }) {
  return (
    <a class="act" href={inObsidian(core.vault, path)}>
      {children}
    </a>
  );
}

const MOST_LISTED = 2000;

// A list of files; only the first ones are shown at first.
export function FileList({ of, most = 12, to = "findings" }: { of: number[]; most?: number; to?: "findings" | "links" }) {
  const [opened, open] = useState(false);
  const few = of.slice(0, opened ? MOST_LISTED : most);
  return (
    <>
      <ul class="files">
        {few.map((file) => (
          <li key={file}>
            <a href={write(to, { note: files().path(file) })}>
              <FileName file={file} />
            </a>
          </li>
        ))}
      </ul>
      {!opened && few.length < of.length && (
        <button type="button" class="more" onClick={() => open(true)}>
          {of.length > MOST_LISTED ? `Show ${count(MOST_LISTED)} of ${count(of.length)}` : `Show all ${count(of.length)}`}
        </button>
      )}
      {opened && few.length < of.length && <p class="soft">{count(of.length - few.length)} more are not listed.</p>}
    </>
  );
}

// A bar of one or more parts, each a share of its whole length.
export function Bar({ parts }: { parts: { share: number; kind?: string }[] }) {
  return (
    <span class="bar" aria-hidden="true">
      {parts.map(({ share, kind }, i) => (
        <span key={i} class={kind} style={{ width: `${share * 100}%`, minWidth: share > 0 ? "2px" : "0" }} />
      ))}
    </span>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
