/** Abbreviations of concepts in table heads: buttons that spell them out, for pointer, touch and keyboard. */

import { asGrid } from "./grid";
import { all, make } from "./page";

/** The list of concepts at the end of the page, by abbreviation. */
const entries = new Map(all("[data-term]").map((one) => [one.dataset.term ?? "", one]));
const GAP = 6;
/** What can be chosen in the cells of a result. */
const CHOSEN = "button, a[href]";

/** Make a button of every abbreviation in the heads of the tables of a part of the page. */
export function explainTerms(within: HTMLElement): void {
  for (const head of all("thead th", within)) {
    const term = head.textContent?.trim() ?? "";
    const entry = entries.get(term);
    if (!entry || head.querySelector("button")) continue;
    const button = make("button", { text: term, class: "term" });
    const note = noteOf(entry);
    button.type = "button";
    // The entry describes the button even while the list that it is in is folded.
    button.setAttribute("aria-describedby", entry.id);
    button.popoverTargetElement = note;
    // Runs before the browser opens the note.
    button.addEventListener("click", () => (note.dataset.at = place(button)));
    head.removeAttribute("title");
    // On paper, where a table goes on.
    head.dataset.head = term;
    head.replaceChildren(button);
  }
  // Results are read with one stop for each table.
  for (const table of all<HTMLTableElement>(".told table, table.told", within.parentElement ?? within)) {
    if (all(CHOSEN, table).length > 1) asGrid(table, CHOSEN);
  }
}

/** The note of a concept, which opens at its button and closes with Escape or a click elsewhere. */
function noteOf(entry: HTMLElement): HTMLElement {
  const id = `note-${entry.id}`;
  const known = document.getElementById(id);
  if (known) return known;
  const [name, meaning] = ["dt", "dd"].map((tag) => entry.querySelector(tag)?.textContent ?? "");
  const made = make("div", { class: "term-note" }, [make("b", { text: `${name}:` }), ` ${meaning}`]);
  made.id = id;
  made.popover = "auto";
  made.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState === "open") moveTo(made);
  });
  // Within the page's main part: what stands outside every landmark is not found by its reader.
  (document.querySelector("main") ?? document.body).append(made);
  return made;
}

function place(button: HTMLElement): string {
  const { left, top, bottom } = button.getBoundingClientRect();
  return [left, top, bottom].join(" ");
}

/** Move a note below its button, or above it if there is no room, and within the width of the window. */
function moveTo(note: HTMLElement): void {
  const [left = 0, top = 0, bottom = 0] = (note.dataset.at ?? "").split(" ").map(Number);
  const { offsetWidth: width, offsetHeight: height } = note;
  const below = bottom + GAP;
  note.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  note.style.top = `${below + height < innerHeight ? below : Math.max(GAP, top - GAP - height)}px`;
}
