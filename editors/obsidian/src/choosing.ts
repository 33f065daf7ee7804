/** Choosing what to do by keyboard. */
import type { App } from "obsidian";
import { FuzzySuggestModal } from "obsidian";

/** A list of things by name, of which one is chosen. */
export class Choice<T> extends FuzzySuggestModal<T> {
  /**
   * @param items what there is.
   * @param text the name of each.
   * @param chosen is called with the one that is chosen.
   */
  constructor(
    app: App,
    placeholder: string,
    private readonly items: T[],
    private readonly text: (item: T) => string,
    private readonly chosen: (item: T) => unknown,
  ) {
    super(app);
    this.setPlaceholder(placeholder);
  }

  override getItems(): T[] {
    return this.items;
  }

  override getItemText(item: T): string {
    return this.text(item);
  }

  override onChooseItem(item: T): void {
    this.chosen(item);
  }
}
