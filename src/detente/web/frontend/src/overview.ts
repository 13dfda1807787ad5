/** The overview: what takes longer than the page follows, and keeps the keyboard where it is. */

import { part, query, Refused } from "./net";
import { address, all, find, make, when } from "./page";

const overview = find("#overview");
const working = find("#working");

/** The place of the keyboard: its part, and which of the part's links and folds it is on. */
function place(): [string, number] | null {
  const at = document.activeElement;
  const panel = at?.closest<HTMLElement>(".panel");
  return panel && at ? [panel.id, all("a, summary, [tabindex]", panel).indexOf(at as HTMLElement)] : null;
}

/** Put in the parts that have changed, and leave the others untouched. */
function put(html: string): void {
  const made = document.createElement("template");
  made.innerHTML = html;
  const panels = all(".panel", made.content);
  if (overview.dataset.state === "empty") {
    overview.replaceChildren(...panels);
    return;
  }
  for (const panel of panels) {
    const old = document.getElementById(panel.id);
    if (!old || old.innerHTML === panel.innerHTML) continue;
    const at = place();
    const open = all<HTMLDetailsElement>("details", old).map((one) => one.open);
    old.replaceWith(panel);
    all<HTMLDetailsElement>("details", panel).forEach((one, number) => (one.open = open[number] ?? false));
    if (at?.[0] === panel.id) all("a, summary, [tabindex]", panel)[at[1]]?.focus({ preventScroll: true });
  }
}

async function complete(): Promise<void> {
  working.textContent = overview.dataset.state === "empty" ? "Working out the answer…" : "Looking for more ways…";
  try {
    put(await part(`/parts/overview/${address}?${query(when)}`));
    working.textContent = "";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    working.textContent = "";
    overview.append(make("p", { class: "problem", text: error.message }));
  }
  overview.dataset.state = "whole";
}

// A link to a part leads there once the part is on the page.
function arrive(): void {
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

if (overview.dataset.state !== "whole") await complete();
arrive();
