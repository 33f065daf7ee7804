/** A page that looks like Obsidian to the plug-in: a vault on disk, real editors, the real server. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { RangeSetBuilder } from "@codemirror/state";
import type { DecorationSet } from "@codemirror/view";
import { Decoration, drawSelection, EditorView, keymap, ViewPlugin } from "@codemirror/view";
import VaultlintPlugin from "../../src/main";
import manifest from "../../manifest.json";
import * as mock from "../obsidian-mock";
import type { Bridge } from "./bridge";

const node = window as unknown as Bridge;

/** Milliseconds after which a changed text is saved, as in Obsidian. */
const SAVING = 2_000;

const disk: mock.Disk = {
  list: () => node.nodeList(),
  read: (path) => node.nodeRead(path),
  write: (path, text) => node.nodeWrite(path, text),
  rename: (from, to) => node.nodeRename(from, to),
  remove: (path) => node.nodeRemove(path),
};

/** Hides the marks of links as live preview does: `[[`, `]]`, and the target if there is a display text. */
function hidden(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const text = view.state.doc.toString();
  const link = Decoration.mark({ class: "cm-hmd-internal-link" });
  for (const found of text.matchAll(/\[\[([^\]\n]*\|)?([^\]|\n]*)\]\]/g)) {
    const start = found.index + 2 + (found[1]?.length ?? 0);
    builder.add(found.index, start, Decoration.replace({}));
    builder.add(start, start + (found[2]?.length ?? 0), link);
    builder.add(found.index + found[0].length - 2, found.index + found[0].length, Decoration.replace({}));
  }
  return builder.finish();
}

const hiding = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = hidden(view);
    }
    update({ view }: { view: EditorView }): void {
      this.decorations = hidden(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** The setup of the page. */
export interface Setup {
  folder: string;
  livePreview?: boolean;
  without?: boolean;
}

/** What tests can use. */
export interface Page {
  app: mock.App;
  plugin: VaultlintPlugin;
  mock: typeof mock;
  open(path: string): Promise<void>;
  view(): EditorView;
  /** Another editor of the note that is open, with this text. */
  another(text: string): EditorView;
  command(id: string): boolean;
}

async function start(setup: Setup): Promise<void> {
  const app = new mock.App(disk, setup.folder);
  await app.vault.mockLoad();
  const { workspace } = app;
  let another: Page["another"] = () => {
    throw new Error("no note is open");
  };
  workspace.mockPlace = (leaf) => {
    const isNote = leaf.view instanceof mock.MarkdownView || leaf.view.getViewType() === "vaultlint-welcome";
    const side = document.querySelector<HTMLElement>(isNote ? ".main" : ".side");
    side?.replaceChildren(leaf.view.containerEl);
    side?.classList.add("open");
  };
  workspace.mockOpenFile = async (file, _, leaf) => {
    const text = await app.vault.read(file);
    const note = new mock.MarkdownView(leaf);
    const info = { app, file, hoverPopover: null, editor: undefined as mock.Editor | undefined };
    let timer = 0;
    const save = EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        clearTimeout(timer);
        timer = window.setTimeout(() => void app.vault.modify(file, update.state.doc.toString()), SAVING);
      }
    });
    const live = setup.livePreview ?? false;
    const extensions = [
      mock.editorLivePreviewField.init(() => live),
      history(),
      drawSelection(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      EditorView.lineWrapping,
      markdown(),
      live ? hiding : [],
      workspace.mockExtensions as never,
    ];
    const own = mock.editorInfoField.init(() => info as never);
    const view = new EditorView({ doc: text, extensions: [own, save, extensions] });
    another = (doc) => {
      const other = { app, file, editor: undefined as mock.Editor | undefined };
      const field = mock.editorInfoField.init(() => other as never);
      const second = new EditorView({ doc, extensions: [field, extensions], parent: document.body });
      other.editor = new mock.Editor(second);
      return second;
    };
    if (leaf.view instanceof mock.MarkdownView) {
      leaf.view.editor.cm.destroy();
    }
    info.editor = note.editor = new mock.Editor(view);
    note.file = file;
    note.containerEl.replaceChildren(
      Object.assign(document.createElement("div"), { className: "title", textContent: file.basename }),
      view.dom,
    );
    leaf.view = note;
    workspace.activeEditor = info as { file: mock.TFile; editor?: mock.Editor };
    workspace.mockPlace(leaf);
  };
  const plugin = new VaultlintPlugin(app as never, manifest as never);
  if (setup.without !== true) {
    await plugin.onload();
  }
  const commands = (plugin as unknown as mock.Plugin).mockCommands;
  const page: Page = {
    app,
    plugin,
    mock,
    open: async (path) => {
      const file = app.vault.getFileByPath(path);
      if (file === null) {
        throw new Error(`no file at ${path}`);
      }
      await workspace.getLeaf().openFile(file);
    },
    view: () => {
      const view = workspace.activeEditor?.editor?.cm;
      if (view === undefined) {
        throw new Error("no note is open");
      }
      return view;
    },
    another: (text) => another(text),
    command: (id) => {
      const command = commands.get(id);
      if (command === undefined) {
        throw new Error(`no command ${id}`);
      }
      if (command.checkCallback !== undefined) {
        const isThere = command.checkCallback(true);
        if (isThere === true) {
          command.checkCallback(false);
        }
        return isThere === true;
      }
      void command.callback?.();
      return true;
    },
  };
  Object.assign(window, { page });
}

Object.assign(window, { start });
