/**
 * Tables with one stop for the Tab key, by the grid pattern of ARIA: the arrow keys move between what can be chosen in
 * the cells, Home and End within a row, and with Ctrl to the first and the last row.
 */

import { all } from "./page";

const PAGE = 10;

/** What a table may do when the focus goes to a row that it has not drawn. */
export type Reach = (end: boolean) => Promise<void>;

/** Give a table one stop for the Tab key; `selector` finds what can be chosen. It can be called again after a change. */
export function asGrid(table: HTMLElement, selector: string, reach?: Reach): void {
  const stops = all(selector, table);
  const current = stops.find((one) => one.tabIndex === 0) ?? stops[0];
  for (const one of stops) one.tabIndex = one === current ? 0 : -1;
  if (table.getAttribute("role") === "grid") return;
  table.setAttribute("role", "grid");
  table.addEventListener("focusin", (event) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>(selector);
    if (!at) return;
    for (const one of all(`${selector.split(",").map((part) => `${part}[tabindex="0"]`).join()}`, table)) one.tabIndex = -1;
    at.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>(selector);
    if (!at || event.altKey || event.metaKey || event.shiftKey) return;
    const every = all(selector, table);
    const rows = [...new Map(every.map((one) => [one.closest("tr"), 0] as const)).keys()];
    const row = rows.indexOf(at.closest("tr"));
    const inRow = (place: number): HTMLElement[] => {
      const wanted = rows[Math.min(Math.max(place, 0), rows.length - 1)];
      return every.filter((one) => one.closest("tr") === wanted);
    };
    if (event.ctrlKey && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      const end = event.key === "End";
      const go = (): void => (end ? all(selector, table).at(-1) : all(selector, table)[0])?.focus();
      if (reach) void reach(end).then(go);
      else go();
      return;
    }
    if (event.ctrlKey) return;
    const to = {
      ArrowLeft: every[every.indexOf(at) - 1],
      ArrowRight: every[every.indexOf(at) + 1],
      ArrowUp: row > 0 ? below(at, inRow(row - 1)) : undefined,
      ArrowDown: row < rows.length - 1 ? below(at, inRow(row + 1)) : undefined,
      PageUp: below(at, inRow(row - PAGE)),
      PageDown: below(at, inRow(row + PAGE)),
      Home: inRow(row)[0],
      End: inRow(row).at(-1),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}

/** What stands in the same column of another row. */
function below(at: HTMLElement, others: HTMLElement[]): HTMLElement | undefined {
  const cell = (one: HTMLElement): DOMRect => (one.closest("td, th") ?? one).getBoundingClientRect();
  const column = cell(at).left + 1;
  const exact = others.find((one) => cell(one).left <= column && column < cell(one).right);
  return exact ?? others.filter((one) => cell(one).left <= column).at(-1) ?? others[0];
}
