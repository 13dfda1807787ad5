/** The dispute as forms and as YAML text, side by side and synchronised. */

import { bindComparing, bindConditions } from "./conditions";
import { bindForms, keepPlace } from "./forms";
import { part, Refused, told, type Fault } from "./net";
import { address, find, make, settled } from "./page";
import { Work } from "./work";
import { Editor } from "./yaml";

const section = find("section.dispute");
const forms = find("#forms");
const stale = find("#stale");
const faults = find<HTMLOListElement>("#faults");

let round = 0;
let typing = false;

const work = await Work.begin(Boolean(section.dataset.editable), refresh);

work.settle = () => {
  if (!typing) return;
  typing = false;
  work.draft.change(editor.text);
  work.state();
};

const typed = settled(300, () => {
  work.settle();
  void refresh();
});

const editor = new Editor(find("#text"), work.draft.text, work.editable, () => {
  typing = true;
  work.typing();
  typed();
});

async function refresh(): Promise<void> {
  const mine = ++round;
  const { text } = work.draft;
  // The forms are busy until they match the text.
  forms.setAttribute("aria-busy", "true");
  if (!typing) editor.show(text);
  try {
    const html = await part(`/parts/forms/${address}`, { text });
    if (mine !== round) return;
    showFaults([]);
    keepPlace(forms, html);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (mine !== round) return;
    if (error.faults.length) showFaults(error.faults);
    else work.say(error.message);
  } finally {
    if (mine === round) forms.setAttribute("aria-busy", "false");
  }
}

function showFaults(found: Fault[]): void {
  editor.mark(found);
  stale.hidden = found.length === 0;
  forms.inert = found.length > 0;
  faults.hidden = found.length === 0;
  faults.replaceChildren(
    ...found.slice(0, 50).map((fault) => {
      const place = make("button", { text: fault.line ? `line ${fault.line}` : "text", class: "quiet goto" });
      place.type = "button";
      place.dataset.line = String(fault.line ?? 1);
      place.dataset.column = String(fault.column ?? 1);
      return make("li", {}, [place, ` ${fault.file ? `${fault.file}: ` : ""}${told(fault)}`]);
    }),
  );
}

bindForms(forms, work);
bindConditions(forms);
bindComparing(forms, work);

section.addEventListener("click", (event) => {
  const place = (event.target as HTMLElement).closest<HTMLElement>(".goto");
  if (!place) return;
  showPane("text");
  editor.goTo(Number(place.dataset.line), Number(place.dataset.column ?? 1));
});

function showPane(which: "forms" | "text"): void {
  const panes = find(".side-by-side");
  panes.classList.toggle("show-forms", which === "forms");
  panes.classList.toggle("show-text", which === "text");
  find("#show-forms").setAttribute("aria-pressed", String(which === "forms"));
  find("#show-text").setAttribute("aria-pressed", String(which === "text"));
}

find("#show-forms").addEventListener("click", () => showPane("forms"));
find("#show-text").addEventListener("click", () => showPane("text"));

for (const key of ["undo", "redo"] as const) editor.onKey(key, () => void work[key]());

/** Unfold the element that the address names, and scroll to it. */
function arrive(): void {
  const at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!at || !forms.contains(at)) return;
  for (let one = at.closest("details"); one; one = one.parentElement?.closest("details") ?? null) one.open = true;
  at.scrollIntoView();
  at.querySelector<HTMLElement>("summary, input, select, textarea")?.focus({ preventScroll: true });
}

if (location.hash) arrive();
void refresh();
work.state();
// Tells tests that the page is ready.
section.dataset.ready = "yes";

