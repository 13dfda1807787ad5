/** Controls that each say one change: what they do is written on them as data. */

import { Refused } from "./net";
import { all, make } from "./page";
import type { Edit, Work } from "./work";

function editOf(element: HTMLElement): Edit {
  return JSON.parse(element.dataset.edit ?? "{}") as Edit;
}

/** Make the change that a control says, and tell at the control why it cannot be made. */
export async function perform(work: Work, edit: Edit, at: HTMLElement): Promise<boolean> {
  const place = at.closest<HTMLElement>(".line, .add, fieldset, .form-part, li") ?? at;
  place.querySelector(":scope > .refused")?.remove();
  try {
    await work.edit(edit);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const told = make("p", { class: "refused", text: `Not changed: ${error.message}` });
    told.setAttribute("role", "alert");
    place.append(told);
    return false;
  }
}

export function bindForms(forms: HTMLElement, work: Work): void {
  forms.addEventListener("change", (event) => {
    const control = event.target as HTMLInputElement;
    const set = control.closest<HTMLElement>("[data-set]");
    if (set) {
      const taken = all<HTMLInputElement>("input:checked", set).map((one) => one.value);
      void perform(work, { ...editOf(set), [set.dataset.set ?? ""]: taken }, set);
    } else if (control.dataset.field) {
      void perform(work, { ...editOf(control), [control.dataset.field]: control.value }, control);
    }
  });
  forms.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-edit]");
    if (button) void perform(work, editOf(button), button);
  });
  forms.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.dataset.edit) return;
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, String(value)]));
    void perform(work, { ...editOf(form), ...given }, form).then((done) => done && form.isConnected && form.reset());
  });
  forms.addEventListener("keydown", (event) => {
    const field = event.target as HTMLInputElement;
    if (event.key === "Enter" && field.matches("input.plain")) field.blur();
    if (event.key === "Escape" && field.matches("input.plain, textarea.plain")) {
      field.value = field.defaultValue;
      field.blur();
    }
  });
  bindMoves(forms, work);
}

/** Reordering, by arrow keys on a handle and by dragging. */
function bindMoves(forms: HTMLElement, work: Work): void {
  forms.addEventListener("keydown", (event) => {
    const handle = (event.target as HTMLElement).closest<HTMLElement>("[data-move]");
    if (!handle || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const edit = JSON.parse(handle.dataset.move ?? "{}") as { maker: string; place: number };
    const to = edit.place + (event.key === "ArrowUp" ? -1 : 1);
    if (to < 0 || to > Number(handle.dataset.last)) return;
    void perform(work, { ...edit, to }, handle).then((done) => {
      if (done) forms.querySelector<HTMLElement>(`[data-key="${CSS.escape(`move:${edit.maker}:${to}`)}"]`)?.focus();
    });
  });
  let dragged: HTMLElement | null = null;
  const itemOf = (target: EventTarget | null): HTMLElement | null =>
    (target as HTMLElement | null)?.closest?.<HTMLElement>(".preferences > li[draggable]") ?? null;
  forms.addEventListener("dragstart", (event) => {
    // A field's own text is dragged as text.
    if ((event.target as HTMLElement).matches("input")) return;
    dragged = itemOf(event.target);
    dragged?.classList.add("dragged");
    event.dataTransfer?.setData("text/plain", dragged?.dataset.place ?? "");
  });
  forms.addEventListener("dragover", (event) => {
    const over = itemOf(event.target);
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    for (const one of all(".over", forms)) one.classList.remove("over");
    over.classList.add("over");
  });
  forms.addEventListener("drop", (event) => {
    const over = itemOf(event.target);
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const maker = over.parentElement?.dataset.maker;
    const [place, to] = [Number(dragged.dataset.place), Number(over.dataset.place)];
    if (place !== to) void perform(work, { do: "move preference", maker, place, to }, over);
  });
  forms.addEventListener("dragend", () => {
    for (const one of all(".over, .dragged", forms)) one.classList.remove("over", "dragged");
    dragged = null;
  });
}

/** Put new forms in the place of the old and keep what was in focus, opened and in view. */
export function keepPlace(forms: HTMLElement, html: string): void {
  const active = document.activeElement as HTMLInputElement | null;
  const key = active && forms.contains(active) ? active.dataset.key : undefined;
  const opened = new Set(all<HTMLDetailsElement>("details[open] > summary", forms).map((one) => one.textContent));
  const scrolled = forms.parentElement?.scrollTop ?? 0;
  forms.innerHTML = html;
  for (const one of all<HTMLDetailsElement>("details", forms)) {
    if (opened.size > 0) one.open = opened.has(one.querySelector("summary")?.textContent ?? "");
  }
  if (forms.parentElement) forms.parentElement.scrollTop = scrolled;
  if (key) forms.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}
