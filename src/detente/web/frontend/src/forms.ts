/** Controls that each make one change; data attributes hold the edit. */

import { Refused, type Fault, type Offer } from "./net";
import { all, make, refusal } from "./page";
import type { Edit, Work } from "./work";

function editOf(element: HTMLElement): Edit {
  return JSON.parse(element.dataset.edit ?? "{}") as Edit;
}

/** Make the edit of a control; if it is refused, show the reason at the control. */
export async function perform(work: Work, edit: Edit, at: HTMLElement): Promise<boolean> {
  const place = at.closest<HTMLElement>(".line, .more-part, .add, .under, fieldset, td, .form-part, li") ?? at;
  place.querySelector(":scope > .refused")?.remove();
  try {
    await work.edit(edit);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const told = error.offer ? offered(error.offer, error.faults) : refusal(`Not changed: ${error.message}`);
    const heading = at.closest("h3");
    if (heading) heading.after(told);
    else place.append(told);
    if (at instanceof HTMLFormElement) pointAt(at, error.faults[0])?.closest("label")?.after(told);
    return false;
  }
}

/** The value of a control: a boolean, text, or data if its choices are data. */
function givenBy(control: HTMLInputElement): unknown {
  if (control.type === "checkbox") return control.checked;
  return control.dataset.json !== undefined && control.value ? (JSON.parse(control.value) as unknown) : control.value;
}

/** The maximum number of places that are listed; further ones are counted. */
const MAX_PLACES = 12;

/** The reasons against a change, and a button that makes it nevertheless. */
function offered(offer: Offer, places: Fault[]): HTMLElement {
  const button = make("button", { text: offer.button });
  button.type = "button";
  button.dataset.edit = JSON.stringify(offer.edit);
  button.dataset.said = "Done. Undo reverses it.";
  const left = places.length - MAX_PLACES;
  const shown = left > 1 ? places.slice(0, MAX_PLACES) : places;
  const told = make("div", { class: "refused" }, [
    make("p", { text: `Not changed: ${offer.summary}.` }),
    make("ul", {}, [
      ...shown.map((one) => make("li", { text: one.message })),
      ...(left > 1 ? [make("li", { text: `${left} more` })] : []),
    ]),
    make("p", { text: offer.effect }),
    button,
  ]);
  told.setAttribute("role", "alert");
  return told;
}

/** Select the word at fault in its field, so that the user can type over it. */
function pointAt(form: HTMLFormElement, fault: Fault | undefined): HTMLElement | null {
  for (const field of all<HTMLInputElement>("input:enabled:not([type=checkbox], [type=hidden])", form)) {
    const [start, end] = placeOf(fault, field, form);
    if (start < 0) continue;
    field.focus();
    field.setSelectionRange(start, end);
    return field;
  }
  return null;
}

/** The start and end of a fault in a field; negative if the fault is not in it. */
function placeOf(fault: Fault | undefined, field: HTMLInputElement, form: HTMLFormElement): [number, number] {
  if (fault?.word) {
    const start = field.value.indexOf(fault.word);
    return [start, start + fault.word.length];
  }
  // A column counts within one condition; among several conditions it is ambiguous.
  const alone = (field.name === "when" || field.dataset.term !== undefined) && !field.value.includes(",") && !form.querySelector("[name=then]:enabled");
  if (!fault?.column || fault.line || !alone) return [-1, -1];
  const start = [...field.value].slice(0, fault.column - 1).join("").length;
  return [start, start + (/^\S*/.exec(field.value.slice(start))?.[0].length ?? 0)];
}

export function bindForms(forms: HTMLElement, work: Work): void {
  forms.addEventListener("change", (event) => {
    const control = event.target as HTMLInputElement;
    const set = control.closest<HTMLElement>("[data-set]");
    if (set) {
      const taken = all<HTMLInputElement>("input:checked", set).map((one) => one.value);
      void perform(work, { ...editOf(set), [set.dataset.set ?? ""]: taken }, set);
    } else if (control.dataset.field) {
      const given = givenBy(control);
      control.dataset.sent = control.value;
      void perform(work, { ...editOf(control), [control.dataset.field]: given }, control).then((done) => {
        if (done || !control.isConnected) return;
        delete control.dataset.sent;
        if (control.matches("select, [type=checkbox]")) asItWas(control);
      });
    }
  });
  forms.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-edit], button[data-more]");
    if (!button) return;
    if (button.dataset.more !== undefined) return showMore(button, button.getAttribute("aria-expanded") !== "true");
    const { said, review } = button.dataset;
    const place = all("[data-review]", forms).indexOf(button);
    void perform(work, editOf(button), button).then((done) => {
      if (done && said) work.say(said);
      // A proposal that is reviewed has no button any more: go on to the next one.
      const left = done && review !== undefined ? all("[data-review]", forms) : [];
      (left[place] ?? left.at(-1))?.focus();
    });
  });
  forms.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.dataset.edit) return;
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, String(value)]));
    form.dataset.sent = "yes";
    void perform(work, { ...editOf(form), ...given }, form).then((done) => {
      delete form.dataset.sent;
      if (done && form.isConnected) form.reset();
    });
  });
  forms.addEventListener("keydown", (event) => {
    const field = event.target as HTMLInputElement;
    // Enter that ends the composition of a character does not save.
    if (event.key === "Enter" && !event.isComposing && field.matches("input[data-field], [data-one-line]")) {
      event.preventDefault();
      field.blur();
      // Keep the keyboard focus here; on a touch screen, let the on-screen keyboard close.
      if (matchMedia("(hover: hover)").matches) field.focus({ preventScroll: true });
    }
    if (event.key === "Escape" && field.matches("input[data-field], textarea[data-field]")) {
      field.value = field.defaultValue;
      field.blur();
    }
  });
  forms.addEventListener("input", (event) => {
    const field = event.target as HTMLTextAreaElement;
    if (!(field instanceof HTMLTextAreaElement)) return;
    if (field.dataset.oneLine !== undefined && /[\r\n]/.test(field.value)) inOneLine(field);
    fit(field);
  });
  fitAll(forms);
  bindMoves(forms, work);
}

/** Join pasted lines into one. */
function inOneLine(field: HTMLTextAreaElement): void {
  const joined = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, " ");
  const caret = joined(field.value.slice(0, field.selectionEnd)).length;
  field.value = joined(field.value);
  field.setSelectionRange(caret, caret);
}

const FITS_BY_ITSELF = CSS.supports("field-sizing", "content");

/** Make a field as high as its text in browsers that do not do so. */
function fit(field: HTMLTextAreaElement): void {
  if (FITS_BY_ITSELF || !field.matches(".plain, [data-one-line]")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}

function fitAll(within: HTMLElement): void {
  if (!FITS_BY_ITSELF) for (const one of all<HTMLTextAreaElement>("textarea", within)) fit(one);
}

/** Show the further settings below the line of their button. */
function showMore(button: HTMLElement, open: boolean): void {
  const part = button.closest(".line")?.parentElement?.querySelector<HTMLElement>(":scope > .more-part");
  if (!part) return;
  part.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  if (open) fitAll(part);
  if (open && document.activeElement === button) part.querySelector<HTMLElement>("input, select, textarea")?.focus();
}

/** Reset a control whose change was refused. */
function asItWas(control: HTMLInputElement | HTMLSelectElement): void {
  if (control instanceof HTMLInputElement) control.checked = control.defaultChecked;
  else for (const one of control.options) one.selected = one.defaultSelected;
}

/** Reordering, by arrow keys on a handle and by dragging. */
function bindMoves(forms: HTMLElement, work: Work): void {
  forms.addEventListener("keydown", (event) => {
    const handle = (event.target as HTMLElement).closest<HTMLElement>("[data-move]");
    if (!handle || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const to = placeOfItem(handle) + (event.key === "ArrowUp" ? -1 : 1);
    if (to < 0 || to > Number(handle.dataset.last)) return;
    const key = handle.dataset.key?.replace(/\d+$/, String(to)) ?? "";
    void move(work, handle, to).then((done) => {
      if (done) forms.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
    });
  });
  let dragged: HTMLElement | null = null;
  forms.addEventListener("dragstart", (event) => {
    const target = event.target as HTMLElement;
    // A selection in a field is dragged as text.
    if (!target.matches?.("[draggable]")) return;
    dragged = target.closest<HTMLElement>("[data-place]");
    dragged?.classList.add("dragged");
    // Not as text: a field would accept the drop.
    event.dataTransfer?.setData("application/x-detente", dragged?.dataset.place ?? "");
  });
  forms.addEventListener("dragover", (event) => {
    const over = besides(dragged, event.target);
    if (!over) return;
    event.preventDefault();
    for (const one of all(".over", forms)) one.classList.remove("over");
    over.classList.add("over");
  });
  forms.addEventListener("drop", (event) => {
    const over = besides(dragged, event.target);
    if (!dragged || !over) return;
    event.preventDefault();
    const handle = dragged.querySelector<HTMLElement>("[data-move]");
    const to = Number(over.dataset.place);
    if (handle && placeOfItem(handle) !== to) void move(work, handle, to, over);
  });
  forms.addEventListener("dragend", () => {
    for (const one of all(".over, .dragged", forms)) one.classList.remove("over", "dragged");
    dragged = null;
  });
  bindTouch(forms, work);
}

/** Dragging by the handle with a finger or pen, for which browsers fire no drag events. */
function bindTouch(forms: HTMLElement, work: Work): void {
  let handle: HTMLElement | null = null;
  let over: HTMLElement | null = null;
  const marked = (one: HTMLElement | null): void => {
    over?.classList.remove("over");
    over = one;
    over?.classList.add("over");
  };
  const ended = (): void => {
    marked(null);
    handle?.closest("[data-place]")?.classList.remove("dragged");
    handle = null;
  };
  forms.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    handle = (event.target as HTMLElement).closest<HTMLElement>("[data-move]");
    handle?.setPointerCapture(event.pointerId);
    handle?.closest("[data-place]")?.classList.add("dragged");
  });
  forms.addEventListener("pointermove", (event) => {
    const dragged = handle?.closest<HTMLElement>("[data-place]");
    if (dragged) marked(besides(dragged, document.elementFromPoint(event.clientX, event.clientY)));
  });
  forms.addEventListener("pointerup", () => {
    const [from, onto] = [handle, over];
    ended();
    const to = Number(onto?.dataset.place);
    if (from && onto && placeOfItem(from) !== to) void move(work, from, to, onto);
  });
  forms.addEventListener("pointercancel", ended);
}

/** The item under the pointer in the list of the dragged item. */
function besides(dragged: HTMLElement | null, target: EventTarget | null): HTMLElement | null {
  let over = (target as HTMLElement | null)?.closest?.<HTMLElement>("[data-place]") ?? null;
  while (over && over.parentElement !== dragged?.parentElement) {
    over = over.parentElement?.closest<HTMLElement>("[data-place]") ?? null;
  }
  return over;
}

async function move(work: Work, handle: HTMLElement, to: number, at = handle): Promise<boolean> {
  const { said } = handle.dataset;
  const edit = JSON.parse(handle.dataset.move ?? "{}") as Edit;
  const done = await perform(work, { ...edit, to }, at);
  if (done && said) work.say(said);
  return done;
}

/** The place of a handle's item in its list. */
function placeOfItem(handle: HTMLElement): number {
  return Number(handle.closest<HTMLElement>("[data-place]")?.dataset.place);
}

/** Replace the forms and keep the focus, half-typed text, open parts and scroll position. */
export function keepPlace(forms: HTMLElement, html: string): void {
  const active = document.activeElement as HTMLInputElement | null;
  const key = active && forms.contains(active) ? active.dataset.key : undefined;
  const typed = key && active ? halfTyped(active) : null;
  const caret = key && active && hasCaret(active) ? ([active.selectionStart, active.selectionEnd] as const) : null;
  const before = keysIn(forms);
  const opened = new Map(all<HTMLDetailsElement>("details", forms).map((one) => [one.dataset.key, one.open]));
  const shown = new Set(all("[data-more][aria-expanded=true]", forms).map((one) => one.dataset.key));
  const scrolled = forms.parentElement?.scrollTop ?? 0;
  forms.innerHTML = html;
  const was = calledBefore(before, keysIn(forms));
  for (const one of all<HTMLDetailsElement>("details", forms)) one.open = opened.get(was(one)) ?? one.open;
  for (const one of all("[data-more]", forms)) if (shown.has(was(one))) showMore(one, true);
  fitAll(forms);
  if (forms.parentElement) forms.parentElement.scrollTop = scrolled;
  if (!key) return;
  const field = all<HTMLInputElement>("[data-key]", forms).find((one) => was(one) === key);
  if (field && typed) {
    field.value = typed.value;
    if (field instanceof HTMLTextAreaElement) fit(field);
  }
  field?.focus({ preventScroll: true });
  if (field && caret && hasCaret(field)) field.setSelectionRange(...caret);
}

function keysIn(forms: HTMLElement): (string | undefined)[] {
  return all("[data-key]", forms).map((one) => one.dataset.key);
}

/** The earlier key of each element: after a change of an identifier only, keys differ at the same places. */
function calledBefore(
  before: (string | undefined)[],
  after: (string | undefined)[],
): (one: HTMLElement) => string | undefined {
  const known = new Set(before);
  if (before.length !== after.length) return (one) => one.dataset.key;
  const was = new Map(after.map((key, place) => [key, key && known.has(key) ? key : before[place]]));
  return (one) => was.get(one.dataset.key);
}

function hasCaret(field: HTMLElement): boolean {
  return field.matches("textarea, input:not([type=checkbox])");
}

/** Half-typed text of a field while the forms are updated after an earlier change. */
function halfTyped(field: HTMLInputElement): { value: string } | null {
  const text = hasCaret(field) && field.value !== field.defaultValue;
  // Text that has been sent is in the new forms, in their spelling.
  return text && !field.form?.dataset.sent && field.dataset.sent !== field.value ? { value: field.value } : null;
}
