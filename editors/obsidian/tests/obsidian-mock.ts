/**
 * A hand-written stand-in for the module `obsidian`, as far as the plug-in uses it, typed by the real one.
 *
 * Tests in node and in a browser use it instead of `obsidian`. What tests need beyond the real types (commands,
 * notices, views) is in fields whose names start with `mock`.
 */
import { StateField } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type * as real from "obsidian";

type Callback = (...data: unknown[]) => unknown;

/** Where the mock stores the texts of the vault's files. */
export interface Disk {
  list(): Promise<string[]>;
  read(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** A disk in memory. */
export class MemoryDisk implements Disk {
  constructor(readonly texts: Record<string, string>) {}
  list = (): Promise<string[]> => Promise.resolve(Object.keys(this.texts));
  read(path: string): Promise<string> {
    const text = this.texts[path];
    return text === undefined ? Promise.reject(new Error(`no file at ${path}`)) : Promise.resolve(text);
  }
  write(path: string, text: string): Promise<void> {
    this.texts[path] = text;
    return Promise.resolve();
  }
  async rename(from: string, to: string): Promise<void> {
    await this.write(to, await this.read(from));
    await this.remove(from);
  }
  remove(path: string): Promise<void> {
    delete this.texts[path];
    return Promise.resolve();
  }
}

export class Events implements real.Events {
  private readonly mockListeners = new Map<string, Set<{ callback: Callback; context: unknown }>>();

  on(name: string, callback: Callback, context?: unknown): real.EventRef {
    const listeners = this.mockListeners.get(name) ?? new Set();
    this.mockListeners.set(name, listeners);
    const listener = { callback, context };
    listeners.add(listener);
    return { mockOff: () => listeners.delete(listener) } as real.EventRef;
  }
  off(name: string, callback: Callback): void {
    for (const listener of this.mockListeners.get(name) ?? []) {
      if (listener.callback === callback) {
        this.mockListeners.get(name)?.delete(listener);
      }
    }
  }
  offref(ref: real.EventRef): void {
    (ref as unknown as { mockOff(): void }).mockOff();
  }
  trigger(name: string, ...data: unknown[]): void {
    for (const { callback, context } of [...(this.mockListeners.get(name) ?? [])]) {
      callback.apply(context, data);
    }
  }
  tryTrigger(event: real.EventRef, args: unknown[]): void {
    void event;
    void args;
  }
}

export class Component implements Pick<real.Component, keyof real.Component> {
  private mockCleanups: (() => unknown)[] = [];
  load(): void {
    this.onload();
  }
  onload(): void | Promise<void> {}
  unload(): void {
    this.onunload();
    for (const cleanup of this.mockCleanups.splice(0)) {
      cleanup();
    }
  }
  onunload(): void {}
  addChild<T extends real.Component>(component: T): T {
    component.load();
    this.register(() => component.unload());
    return component;
  }
  removeChild<T extends real.Component>(component: T): T {
    component.unload();
    return component;
  }
  register(callback: () => unknown): void {
    this.mockCleanups.push(callback);
  }
  registerEvent(ref: real.EventRef): void {
    this.register(() => (ref as unknown as { mockOff(): void }).mockOff());
  }
  registerDomEvent(element: EventTarget, type: string, callback: (event: never) => unknown): void {
    element.addEventListener(type, callback as EventListener);
    this.register(() => element.removeEventListener(type, callback as EventListener));
  }
  registerInterval(id: number): number {
    this.register(() => clearInterval(id));
    return id;
  }
}

export abstract class TAbstractFile {
  name: string;
  parent: TFolder | null = null;
  constructor(
    readonly vault: Vault,
    public path: string,
  ) {
    this.name = path.split("/").at(-1) ?? path;
  }
}

export class TFile extends TAbstractFile {
  stat: real.FileStats = { ctime: 0, mtime: 0, size: 0 };
  get basename(): string {
    return this.name.replace(/\.[^.]*$/, "");
  }
  get extension(): string {
    return /\.([^.]*)$/.exec(this.name)?.[1] ?? "";
  }
}

export class TFolder extends TAbstractFile {
  children: TAbstractFile[] = [];
  isRoot(): boolean {
    return this.path === "/";
  }
}

export class FileSystemAdapter {
  constructor(
    readonly mockDisk: Disk,
    private readonly folder: string,
  ) {}
  getName(): string {
    return this.folder.split("/").at(-1) ?? "";
  }
  getBasePath(): string {
    return this.folder;
  }
  getFullPath(path: string): string {
    return `${this.folder}/${path}`;
  }
  async exists(path: string): Promise<boolean> {
    return (await this.mockDisk.list()).includes(path);
  }
  read(path: string): Promise<string> {
    return this.mockDisk.read(path);
  }
  write(path: string, text: string): Promise<void> {
    return this.mockDisk.write(path, text);
  }
  async process(path: string, change: (text: string) => string): Promise<string> {
    const text = change(await this.mockDisk.read(path));
    await this.mockDisk.write(path, text);
    return text;
  }
}

export class Vault extends Events {
  private readonly mockFiles = new Map<string, TFile>();
  readonly configDir = ".obsidian";
  readonly adapter: FileSystemAdapter;

  constructor(disk: Disk, folder: string) {
    super();
    this.adapter = new FileSystemAdapter(disk, folder);
  }
  /** Reads the files on the disk, with an event for each new one. */
  async mockLoad(): Promise<void> {
    for (const path of await this.adapter.mockDisk.list()) {
      if (!this.mockFiles.has(path) && !path.split("/").some((part) => part.startsWith("."))) {
        this.mockFiles.set(path, new TFile(this, path));
      }
    }
  }
  getName(): string {
    return this.adapter.getName();
  }
  getFiles(): TFile[] {
    return [...this.mockFiles.values()];
  }
  getMarkdownFiles(): TFile[] {
    return this.getFiles().filter((file) => file.extension === "md");
  }
  getFileByPath(path: string): TFile | null {
    return this.mockFiles.get(path) ?? null;
  }
  getAbstractFileByPath(path: string): TAbstractFile | null {
    return this.getFileByPath(path);
  }
  read(file: TFile): Promise<string> {
    return this.adapter.read(file.path);
  }
  cachedRead(file: TFile): Promise<string> {
    return this.read(file);
  }
  async create(path: string, text: string): Promise<TFile> {
    if (this.mockFiles.has(path)) {
      throw new Error("File already exists.");
    }
    await this.adapter.write(path, text);
    const file = new TFile(this, path);
    this.mockFiles.set(path, file);
    this.trigger("create", file);
    return file;
  }
  createFolder(path: string): Promise<TFolder> {
    return Promise.resolve(new TFolder(this, path));
  }
  async modify(file: TFile, text: string): Promise<void> {
    await this.adapter.write(file.path, text);
    this.trigger("modify", file);
  }
  async process(file: TFile, change: (text: string) => string): Promise<string> {
    const text = await this.adapter.process(file.path, change);
    this.trigger("modify", file);
    return text;
  }
  async rename(file: TFile, path: string): Promise<void> {
    const old = file.path;
    await this.adapter.mockDisk.rename(old, path);
    this.mockFiles.delete(old);
    file.path = path;
    file.name = path.split("/").at(-1) ?? path;
    this.mockFiles.set(path, file);
    this.trigger("rename", file, old);
  }
  async delete(file: TFile): Promise<void> {
    await this.adapter.mockDisk.remove(file.path);
    this.mockFiles.delete(file.path);
    this.trigger("delete", file);
  }
}

/** The metadata that tests set. */
export class MetadataCache extends Events {
  resolvedLinks: Record<string, Record<string, number>> = {};
  unresolvedLinks: Record<string, Record<string, number>> = {};
  readonly mockCaches = new Map<string, real.CachedMetadata>();
  mockDestination: (linkpath: string, source: string) => TFile | null = () => null;

  getFirstLinkpathDest(linkpath: string, source: string): TFile | null {
    return this.mockDestination(linkpath, source);
  }
  getFileCache(file: TFile): real.CachedMetadata | null {
    return this.mockCaches.get(file.path) ?? null;
  }
  getCache(path: string): real.CachedMetadata | null {
    return this.mockCaches.get(path) ?? null;
  }
}

/** An editor with CodeMirror behind it, as Obsidian's has. */
export class Editor {
  constructor(readonly cm: EditorView) {}
  offsetToPos(offset: number): real.EditorPosition {
    const line = this.cm.state.doc.lineAt(offset);
    return { line: line.number - 1, ch: offset - line.from };
  }
  posToOffset(position: real.EditorPosition): number {
    const line = this.cm.state.doc.line(position.line + 1);
    return Math.min(line.from + position.ch, line.to);
  }
  getCursor(side?: "from" | "to" | "head" | "anchor"): real.EditorPosition {
    const { main } = this.cm.state.selection;
    return this.offsetToPos(main[side ?? "head"]);
  }
  setCursor(position: real.EditorPosition): void {
    this.setSelection(position);
  }
  setSelection(anchor: real.EditorPosition, head = anchor): void {
    this.cm.dispatch({
      selection: { anchor: this.posToOffset(anchor), head: this.posToOffset(head) },
      scrollIntoView: true,
    });
  }
  scrollIntoView(): void {}
  getValue(): string {
    return this.cm.state.doc.toString();
  }
  focus(): void {
    this.cm.focus();
  }
}

export abstract class View extends Component {
  readonly app: App;
  icon = "";
  navigation = true;
  containerEl: HTMLElement;
  constructor(readonly leaf: WorkspaceLeaf) {
    super();
    this.app = leaf.mockApp;
    this.containerEl = document.createElement("div");
    this.containerEl.className = "workspace-leaf-content";
  }
  abstract getViewType(): string;
  abstract getDisplayText(): string;
  getIcon(): string {
    return this.icon;
  }
  getState(): Record<string, unknown> {
    return {};
  }
  setState(state: unknown, result: unknown): Promise<void> {
    void state;
    void result;
    return Promise.resolve();
  }
  onResize(): void {}
  protected onOpen(): Promise<void> {
    return Promise.resolve();
  }
  protected onClose(): Promise<void> {
    return Promise.resolve();
  }
  async mockOpen(): Promise<void> {
    this.load();
    await this.onOpen();
  }
  async mockClose(): Promise<void> {
    await this.onClose();
    this.unload();
  }
}

export abstract class ItemView extends View {
  contentEl: HTMLElement;
  scope: Scope | null = null;
  constructor(leaf: WorkspaceLeaf) {
    super(leaf);
    this.containerEl.createDiv({ cls: "view-header" });
    this.contentEl = this.containerEl.createDiv({ cls: "view-content" });
  }
  addAction(icon: string, title: string, callback: (event: MouseEvent) => unknown): HTMLElement {
    const action = document.createElement("a");
    action.dataset["icon"] = icon;
    action.title = title;
    action.addEventListener("click", callback);
    this.containerEl.querySelector(".view-header")?.append(action);
    return action;
  }
}

/** A note in an editor. */
export class MarkdownView extends View {
  file: TFile | null = null;
  editor!: Editor;
  getViewType(): string {
    return "markdown";
  }
  getDisplayText(): string {
    return this.file?.basename ?? "";
  }
  getMode(): "source" | "preview" {
    return "source";
  }
}

export class WorkspaceLeaf {
  view!: View;
  mockState: real.ViewState | null = null;
  constructor(readonly mockApp: App) {}
  async setViewState(state: real.ViewState): Promise<void> {
    this.mockState = state;
    const creator = this.mockApp.workspace.mockCreators.get(state.type);
    if (creator !== undefined) {
      await this.view?.mockClose();
      this.view = creator(this);
      await this.view.mockOpen();
      this.mockApp.workspace.mockPlace(this);
      this.view.onResize();
    }
  }
  getViewState(): real.ViewState {
    return this.mockState ?? { type: this.view.getViewType() };
  }
  openFile(file: TFile, state?: real.OpenViewState): Promise<void> {
    return this.mockApp.workspace.mockOpenFile(file, state, this);
  }
  detach(): void {
    void this.view?.mockClose();
    this.view?.containerEl.remove();
    this.mockApp.workspace.mockLeaves.delete(this);
  }
}

export class Workspace extends Events {
  readonly mockCreators = new Map<string, (leaf: WorkspaceLeaf) => View>();
  readonly mockLeaves = new Set<WorkspaceLeaf>();
  readonly mockExtensions: unknown[] = [];
  layoutReady = true;
  activeEditor: { file: TFile | null; editor?: Editor } | null = null;
  rightSplit = {};

  constructor(readonly mockApp: App) {
    super();
  }
  /** How a test opens a note; the test of the editor uses CodeMirror. */
  mockOpenFile: (file: TFile, state: real.OpenViewState | undefined, leaf: WorkspaceLeaf) => Promise<void> = (file) => {
    this.mockOpened.push(file.path);
    return Promise.resolve();
  };
  readonly mockOpened: string[] = [];
  /** How a test shows a view; by default at the end of the page. */
  mockPlace(leaf: WorkspaceLeaf): void {
    document.body.append(leaf.view.containerEl);
  }
  private mockNewLeaf(): WorkspaceLeaf {
    const leaf = new WorkspaceLeaf(this.mockApp);
    this.mockLeaves.add(leaf);
    return leaf;
  }
  onLayoutReady(callback: () => unknown): void {
    callback();
  }
  getLeaf(): WorkspaceLeaf {
    return [...this.mockLeaves].find((leaf) => leaf.view instanceof MarkdownView) ?? this.mockNewLeaf();
  }
  getRightLeaf(): WorkspaceLeaf | null {
    return this.mockNewLeaf();
  }
  ensureSideLeaf(type: string): Promise<WorkspaceLeaf> {
    const leaf = this.getLeavesOfType(type)[0] ?? this.mockNewLeaf();
    return leaf.setViewState({ type }).then(() => leaf);
  }
  revealLeaf(): Promise<void> {
    return Promise.resolve();
  }
  setActiveLeaf(): void {}
  getLeavesOfType(type: string): WorkspaceLeaf[] {
    return [...this.mockLeaves].filter((leaf) => leaf.view?.getViewType() === type);
  }
  detachLeavesOfType(type: string): void {
    this.getLeavesOfType(type).forEach((leaf) => leaf.detach());
  }
  iterateAllLeaves(callback: (leaf: WorkspaceLeaf) => unknown): void {
    this.mockLeaves.forEach(callback);
  }
  getActiveViewOfType<T extends View>(type: abstract new (...args: never[]) => T): T | null {
    for (const { view } of this.mockLeaves) {
      if (view instanceof type && (this.activeEditor === null || (view as unknown) === this.activeEditor)) {
        return view;
      }
    }
    return null;
  }
  getActiveFile(): TFile | null {
    return this.activeEditor?.file ?? null;
  }
  updateOptions(): void {}
  requestSaveLayout(): void {}
}

export class App {
  readonly vault: Vault;
  readonly workspace = new Workspace(this);
  readonly metadataCache = new MetadataCache();
  readonly fileManager = {
    renameFile: (file: TFile, path: string): Promise<void> => this.vault.rename(file, path),
  };
  readonly mockStorage = new Map<string, unknown>();

  loadLocalStorage(key: string): unknown {
    return this.mockStorage.get(key) ?? null;
  }
  saveLocalStorage(key: string, data: unknown): void {
    this.mockStorage.set(key, data);
  }

  constructor(disk: Disk, folder: string) {
    this.vault = new Vault(disk, folder);
  }
}

export abstract class Plugin extends Component {
  readonly mockCommands = new Map<string, real.Command>();
  readonly mockExtensions: unknown[] = [];
  readonly mockStatusBar: HTMLElement[] = [];
  readonly mockRibbon: HTMLElement[] = [];
  readonly mockTabs: PluginSettingTab[] = [];
  readonly mockCli = new Map<string, { description: string; flags: unknown; handler: real.CliHandler }>();
  mockData: unknown = null;

  constructor(
    readonly app: App,
    readonly manifest: real.PluginManifest,
  ) {
    super();
  }
  addCommand(command: real.Command): real.Command {
    this.mockCommands.set(command.id, command);
    return command;
  }
  addStatusBarItem(): HTMLElement {
    const item = document.createElement("div");
    item.className = "status-bar-item";
    (document.querySelector(".status-bar") ?? document.body).append(item);
    this.mockStatusBar.push(item);
    this.register(() => item.remove());
    return item;
  }
  addRibbonIcon(icon: string, title: string, callback: (event: MouseEvent) => unknown): HTMLElement {
    const item = document.createElement("div");
    item.dataset["icon"] = icon;
    item.title = title;
    item.addEventListener("click", callback);
    this.mockRibbon.push(item);
    return item;
  }
  addSettingTab(tab: PluginSettingTab): void {
    this.mockTabs.push(tab);
  }
  registerView(type: string, creator: (leaf: WorkspaceLeaf) => View): void {
    this.app.workspace.mockCreators.set(type, creator);
  }
  registerEditorExtension(extension: unknown): void {
    this.mockExtensions.push(extension);
    this.app.workspace.mockExtensions.push(extension);
  }
  registerCliHandler(command: string, description: string, flags: unknown, handler: real.CliHandler): void {
    this.mockCli.set(command, { description, flags, handler });
  }
  loadData(): Promise<unknown> {
    return Promise.resolve(this.mockData);
  }
  saveData(data: unknown): Promise<void> {
    this.mockData = structuredClone(data);
    return Promise.resolve();
  }
  onExternalSettingsChange(): void {}
}

export abstract class PluginSettingTab {
  containerEl = document.createElement("div");
  icon = "";
  constructor(
    readonly app: App,
    readonly plugin: Plugin,
  ) {}
  getSettingDefinitions(): real.SettingDefinitionItem[] {
    return [];
  }
  display(): void {}
  hide(): void {}
  update(): void {}
  refreshDomState(): void {}
}

export class Modal {
  static mockOpen: Modal[] = [];
  containerEl = document.createElement("div");
  modalEl: HTMLElement;
  titleEl: HTMLElement;
  contentEl: HTMLElement;
  scope = new Scope();
  constructor(readonly app: App) {
    this.containerEl.className = "modal-container";
    this.modalEl = this.containerEl.createDiv({ cls: "modal" });
    this.titleEl = this.modalEl.createDiv({ cls: "modal-title" });
    this.contentEl = this.modalEl.createDiv({ cls: "modal-content" });
  }
  setTitle(title: string): this {
    this.titleEl.textContent = title;
    return this;
  }
  open(): void {
    document.body.append(this.containerEl);
    Modal.mockOpen.push(this);
    void this.onOpen();
  }
  close(): void {
    this.containerEl.remove();
    Modal.mockOpen = Modal.mockOpen.filter((modal) => modal !== this);
    this.onClose();
  }
  onOpen(): Promise<void> | void {}
  onClose(): void {}
}

/** A list to choose from; tests choose with `mockChoose`. */
export abstract class SuggestModal<T> extends Modal {
  inputEl = document.createElement("input");
  resultContainerEl = document.createElement("div");
  mockPlaceholder = "";
  abstract getSuggestions(query: string): T[] | Promise<T[]>;
  abstract renderSuggestion(value: T, element: HTMLElement): unknown;
  abstract onChooseSuggestion(item: T, event: MouseEvent | KeyboardEvent): unknown;
  setPlaceholder(text: string): void {
    this.mockPlaceholder = text;
  }
  setInstructions(): void {}
  override onOpen(): void {
    this.contentEl.append(this.inputEl, this.resultContainerEl);
    void this.mockShow();
  }
  async mockShow(): Promise<void> {
    this.resultContainerEl.replaceChildren();
    for (const value of await this.getSuggestions(this.inputEl.value)) {
      const item = this.resultContainerEl.createDiv({ cls: "suggestion-item" });
      this.renderSuggestion(value, item);
      item.addEventListener("click", (event) => {
        this.close();
        this.onChooseSuggestion(value, event);
      });
    }
  }
}

export abstract class FuzzySuggestModal<T> extends SuggestModal<real.FuzzyMatch<T>> {
  abstract getItems(): T[];
  abstract getItemText(item: T): string;
  abstract onChooseItem(item: T, event: MouseEvent | KeyboardEvent): void;
  getSuggestions(query: string): real.FuzzyMatch<T>[] {
    return this.getItems()
      .filter((item) => this.getItemText(item).toLowerCase().includes(query.toLowerCase()))
      .map((item) => ({ item, match: { score: 0, matches: [] } }));
  }
  renderSuggestion(value: real.FuzzyMatch<T>, element: HTMLElement): void {
    element.textContent = this.getItemText(value.item);
  }
  onChooseSuggestion(value: real.FuzzyMatch<T>, event: MouseEvent | KeyboardEvent): void {
    this.onChooseItem(value.item, event);
  }
}

export class Notice {
  static mockAll: Notice[] = [];
  messageEl: HTMLElement;
  containerEl: HTMLElement;
  constructor(
    message: string | DocumentFragment,
    readonly duration?: number,
  ) {
    this.containerEl = this.messageEl = document.createElement("div");
    this.messageEl.className = "notice";
    this.messageEl.append(message);
    document.body.append(this.messageEl);
    Notice.mockAll.push(this);
    setTimeout(() => this.hide(), duration ?? 4_000);
  }
  setMessage(message: string | DocumentFragment): this {
    this.messageEl.replaceChildren(message);
    return this;
  }
  hide(): void {
    this.messageEl.remove();
  }
}

export class Scope {
  readonly mockKeys: { modifiers: string[] | null; key: string | null; callback: real.KeymapEventListener }[] = [];
  register(modifiers: string[] | null, key: string | null, callback: real.KeymapEventListener): real.KeymapEventHandler {
    this.mockKeys.push({ modifiers, key, callback });
    return {} as real.KeymapEventHandler;
  }
  unregister(): void {}
}

class MockButton {
  buttonEl = document.createElement("button");
  setButtonText(text: string): this {
    this.buttonEl.textContent = text;
    return this;
  }
  setCta(): this {
    this.buttonEl.classList.add("mod-cta");
    return this;
  }
  setWarning(): this {
    this.buttonEl.classList.add("mod-warning");
    return this;
  }
  setDisabled(disabled: boolean): this {
    this.buttonEl.disabled = disabled;
    return this;
  }
  setTooltip(text: string): this {
    this.buttonEl.title = text;
    return this;
  }
  onClick(callback: (event: MouseEvent) => unknown): this {
    this.buttonEl.addEventListener("click", callback);
    return this;
  }
}

/** A row of settings, with buttons only. */
export class Setting {
  settingEl: HTMLElement;
  nameEl: HTMLElement;
  descEl: HTMLElement;
  controlEl: HTMLElement;
  constructor(container: HTMLElement) {
    this.settingEl = container.createDiv({ cls: "setting-item" });
    const info = this.settingEl.createDiv({ cls: "setting-item-info" });
    this.nameEl = info.createDiv({ cls: "setting-item-name" });
    this.descEl = info.createDiv({ cls: "setting-item-description" });
    this.controlEl = this.settingEl.createDiv({ cls: "setting-item-control" });
  }
  setName(name: string | DocumentFragment): this {
    this.nameEl.replaceChildren(name);
    return this;
  }
  setDesc(text: string | DocumentFragment): this {
    this.descEl.replaceChildren(text);
    return this;
  }
  setHeading(): this {
    this.settingEl.classList.add("setting-item-heading");
    return this;
  }
  addButton(callback: (button: MockButton) => unknown): this {
    const button = new MockButton();
    this.controlEl.append(button.buttonEl);
    callback(button);
    return this;
  }
}

class MockMenuItem {
  title = "";
  callback: (event: MouseEvent | KeyboardEvent) => unknown = () => undefined;
  setTitle(title: string): this {
    this.title = title;
    return this;
  }
  setIcon(): this {
    return this;
  }
  setSection(): this {
    return this;
  }
  setChecked(): this {
    return this;
  }
  onClick(callback: (event: MouseEvent | KeyboardEvent) => unknown): this {
    this.callback = callback;
    return this;
  }
}

/** A menu that is never shown; tests read its items. */
export class Menu {
  static mockLast: Menu | null = null;
  readonly mockItems: MockMenuItem[] = [];
  addItem(callback: (item: MockMenuItem) => unknown): this {
    const item = new MockMenuItem();
    this.mockItems.push(item);
    callback(item);
    return this;
  }
  addSeparator(): this {
    return this;
  }
  showAtMouseEvent(): this {
    Menu.mockLast = this;
    return this;
  }
  showAtPosition(): this {
    Menu.mockLast = this;
    return this;
  }
}

export const MarkdownRenderer = {
  /** Shows the source, which is enough for tests. */
  render(app: App, markdown: string, element: HTMLElement): Promise<void> {
    void app;
    element.append(Object.assign(document.createElement("pre"), { textContent: markdown }));
    return Promise.resolve();
  },
};

export const Platform = { isDesktopApp: true, isMobile: false, isMacOS: false, isWin: false, isLinux: true };

export const Keymap = {
  isModEvent: (event?: MouseEvent | KeyboardEvent | null): boolean => event?.ctrlKey === true || event?.metaKey === true,
};

export const apiVersion = "1.13.1";

/** The note that an editor shows; set by the test that makes the editor. */
export const editorInfoField = StateField.define<real.MarkdownFileInfo>({
  create: () => ({ app: null, file: null, hoverPopover: null }) as unknown as real.MarkdownFileInfo,
  update: (value) => value,
});

export const editorLivePreviewField = StateField.define<boolean>({ create: () => false, update: (value) => value });

export function setIcon(element: HTMLElement, icon: string): void {
  element.dataset["icon"] = icon;
}

export function setTooltip(element: HTMLElement, text: string): void {
  element.setAttribute("aria-label", text);
}

export function normalizePath(path: string): string {
  return path.replace(/[\\/]+/g, "/").replace(/^\/|\/$/g, "").normalize("NFC");
}

export function parseLinktext(linktext: string): { path: string; subpath: string } {
  const cut = linktext.indexOf("#");
  return cut < 0 ? { path: linktext, subpath: "" } : { path: linktext.slice(0, cut), subpath: linktext.slice(cut) };
}

export function getLinkpath(linktext: string): string {
  return parseLinktext(linktext).path.trim();
}

/** Finds a block id, or a heading by its last part; the real one also checks those above it. */
export function resolveSubpath(cache: real.CachedMetadata, subpath: string): real.SubpathResult | null {
  const plain = (text: string): string =>
    text.replace(/[^\p{L}\p{N}'_-]+/gu, " ").trim().toLowerCase();
  const last = subpath.split("#").at(-1)?.trim() ?? "";
  const found = last.startsWith("^")
    ? cache.blocks?.[last.slice(1).toLowerCase()]
    : cache.headings?.find((one) => plain(one.heading) === plain(last));
  return found === undefined ? null : { start: found.position.start, end: null };
}

export function requireApiVersion(): boolean {
  return true;
}

export function debounce<T extends unknown[]>(callback: (...args: T) => unknown, pause = 0): real.Debouncer<T, void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: T | undefined;
  const run = (): void => {
    timer = undefined;
    if (last !== undefined) {
      callback(...last);
    }
  };
  const debounced = ((...args: T) => {
    last = args;
    clearTimeout(timer);
    timer = setTimeout(run, pause);
    return debounced;
  }) as real.Debouncer<T, void>;
  debounced.cancel = (): typeof debounced => {
    clearTimeout(timer);
    return debounced;
  };
  debounced.run = (): void => {
    clearTimeout(timer);
    run();
  };
  return debounced;
}

// Obsidian's extensions of the DOM.

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: DomElementInfo | string = {},
  callback?: (element: HTMLElementTagNameMap[K]) => void,
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const info = typeof options === "string" ? { cls: options } : options;
  element.classList.add(...[info.cls ?? []].flat().flatMap((names) => names.split(" ")).filter(Boolean));
  if (info.text !== undefined) {
    element.append(info.text);
  }
  for (const [name, value] of Object.entries({ ...info.attr, title: info.title, type: info.type, href: info.href })) {
    if (value !== undefined && value !== null) {
      element.setAttribute(name, String(value));
    }
  }
  if (info.value !== undefined) {
    (element as unknown as HTMLInputElement).value = info.value;
  }
  if (info.placeholder !== undefined) {
    element.setAttribute("placeholder", info.placeholder);
  }
  callback?.(element);
  return element;
}

function extend(): void {
  const onNodes: Partial<Node> & ThisType<Node> = {
    empty() {
      this.textContent = "";
    },
    createEl(tag, options, callback) {
      const element = make(tag, options, callback);
      const first = typeof options === "object" && options.prepend === true ? this.firstChild : null;
      this.insertBefore(element, first);
      return element;
    },
    createDiv(options, callback) {
      return this.createEl("div", options, callback);
    },
    createSpan(options, callback) {
      return this.createEl("span", options, callback);
    },
    appendText(text) {
      this.appendChild(document.createTextNode(text));
    },
  };
  const onElements: Partial<Element> & ThisType<Element> = {
    setText(text) {
      this.replaceChildren(text);
    },
    addClass(...names) {
      this.classList.add(...names);
    },
    removeClass(...names) {
      this.classList.remove(...names);
    },
    toggleClass(names, value) {
      [names].flat().forEach((name) => this.classList.toggle(name, value));
    },
    hasClass(name) {
      return this.classList.contains(name);
    },
    setAttr(name, value) {
      if (value === null) {
        this.removeAttribute(name);
      } else {
        this.setAttribute(name, String(value));
      }
    },
  };
  const onHtml: Partial<HTMLElement> & ThisType<HTMLElement> = {
    show() {
      this.style.display = "";
    },
    hide() {
      this.style.display = "none";
    },
    toggle(shown) {
      this.style.display = shown ? "" : "none";
    },
    isShown() {
      return this.style.display !== "none";
    },
    setCssProps(props) {
      Object.entries(props).forEach(([name, value]) => this.style.setProperty(name, value));
    },
  };
  Object.assign(Node.prototype, onNodes);
  Object.assign(Element.prototype, onElements);
  Object.assign(HTMLElement.prototype, onHtml);
  Object.assign(globalThis, {
    createEl: make,
    createDiv: (options?: DomElementInfo) => make("div", options),
    createSpan: (options?: DomElementInfo) => make("span", options),
    createFragment: (callback?: (fragment: DocumentFragment) => void) => {
      const fragment = document.createDocumentFragment();
      callback?.(fragment);
      return fragment;
    },
    activeDocument: document,
    activeWindow: window,
  });
}

if (typeof document !== "undefined") {
  extend();
}
