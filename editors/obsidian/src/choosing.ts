/** Choosing from a list by keyboard. */
import type { App } from "obsidian";
import { FuzzySuggestModal } from "obsidian";

/** A list of named items; the user chooses one. */
export class Choice<T> extends FuzzySuggestModal<T> {
  /**
   * @param items the items.
   * @param text the name of an item.
   * @param chosen called with the chosen item.
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
