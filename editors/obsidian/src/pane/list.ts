/** A list that has only its visible lines in the page. */

/** Pixels above and below the visible part that are also in the page. */
const MARGIN = 400;

export interface Line {
  key: string;
  height: number;
}

/**
 * A scrolling list.
 *
 * Lines with the same `key` are drawn again only by `draw`, so scrolling is fast.
 */
export class VirtualList<L extends Line> {
  private lines: readonly L[] = [];
  private starts: number[] = [0];
  private readonly drawn = new Map<string, { element: HTMLElement; line: L }>();
  private readonly canvas: HTMLElement;
  private waiting = 0;

  /**
   * @param element the scrolling element.
   * @param render makes the element of a line.
   */
  constructor(
    readonly element: HTMLElement,
    private readonly render: (line: L, index: number) => HTMLElement,
  ) {
    element.addClass("vaultlint-list");
    this.canvas = element.createDiv({ cls: "vaultlint-list-canvas", attr: { role: "presentation" } });
    element.addEventListener("scroll", () => this.later(), { passive: true });
  }

  /** Shows other lines. */
  show(lines: readonly L[]): void {
    this.lines = lines;
    this.starts = [0];
    for (const line of lines) {
      this.starts.push((this.starts.at(-1) ?? 0) + line.height);
    }
    this.canvas.setCssProps({ height: `${this.starts.at(-1) ?? 0}px` });
    this.draw();
  }

  /** Draws the visible lines again. */
  draw(): void {
    this.drawn.forEach(({ element }) => element.remove());
    this.drawn.clear();
    this.update();
  }

  /** The element of a line, if it is in the page. */
  elementOf(key: string): HTMLElement | undefined {
    return this.drawn.get(key)?.element;
  }

  /** Scrolls as little as needed to show a line. */
  reveal(index: number): void {
    const [start, end] = [this.starts[index] ?? 0, this.starts[index + 1] ?? 0];
    const { scrollTop, clientHeight } = this.element;
    if (start < scrollTop) {
      this.element.scrollTop = start;
    } else if (end > scrollTop + clientHeight) {
      this.element.scrollTop = end - clientHeight;
    }
    this.update();
  }

  /** How many lines of the height of the first are visible. */
  get page(): number {
    return Math.max(1, Math.floor(this.element.clientHeight / (this.lines[0]?.height ?? 1)) - 1);
  }

  /** Draws visible lines that are not in the page yet; call it when the size has changed. */
  update(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = this.at(scrollTop - MARGIN);
    const last = this.at(scrollTop + clientHeight + MARGIN);
    const wanted = this.lines.slice(first, last + 1);
    const keys = new Set(wanted.map((line) => line.key));
    for (const [key, { element }] of this.drawn) {
      if (!keys.has(key)) {
        element.remove();
        this.drawn.delete(key);
      }
    }
    let before: HTMLElement | null = null;
    for (const [i, line] of wanted.entries()) {
      let { element } = this.drawn.get(line.key) ?? {};
      if (element === undefined) {
        element = this.render(line, first + i);
        element.addClass("vaultlint-line");
        this.drawn.set(line.key, { element, line });
        this.canvas.insertBefore(element, before === null ? this.canvas.firstChild : before.nextSibling);
      }
      element.setCssProps({ top: `${this.starts[first + i] ?? 0}px`, height: `${line.height}px` });
      before = element;
    }
  }

  /** The line at a height. */
  private at(top: number): number {
    let [low, high] = [0, this.lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= top) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private later(): void {
    if (this.waiting === 0) {
      this.waiting = window.requestAnimationFrame(() => {
        this.waiting = 0;
        this.update();
      });
    }
  }
}
