/**
 * Conditions from the names of options: fields that complete them (the combobox pattern of ARIA), and the order of
 * preferences found by comparing two at a time.
 */

import { perform } from "./forms";
import { all, find, make } from "./page";
import type { Work } from "./work";

interface Choice {
  id: string;
  name: string;
  label: string;
  /** The name in quotation marks, as a condition gives it. */
  quoted: string;
}

const MAX_LISTED = 12;
const NOT = /^not\s+/i;
const JOINTS: Record<string, string> = { if: "then", or: "or", and: "and" };
const LIST = "choices-list";

function choices(): Choice[] {
  return JSON.parse(document.getElementById("choices")?.textContent ?? "[]") as Choice[];
}

function plain(text: string): string {
  return text.normalize("NFC").toLocaleLowerCase().trim();
}

/** The options that a typed text may mean: every word of it begins a word of the name. */
function matching(text: string): Choice[] {
  const typed = plain(text).split(/\s+/).filter(Boolean);
  const found = choices().filter((one) => {
    const words = `${plain(one.label)} ${plain(one.id)}`.split(/[\s:–-]+/);
    return plain(one.id) === typed.join(" ") || typed.every((part) => words.some((word) => word.startsWith(part.replace(/:$/, ""))));
  });
  const exact = (one: Choice): boolean => [one.id, one.name, one.label].some((name) => plain(name) === typed.join(" "));
  return [...found.filter(exact), ...found.filter((one) => !exact(one))].slice(0, MAX_LISTED);
}

/** The condition that a field's text means: of the option that it names, or the text itself as a formula. */
function formulaOf(text: string): string {
  const rest = text.replace(NOT, "");
  const is = choices().find((one) => plain(one.label) === plain(rest)) ?? choices().find((one) => one.id === rest.trim());
  return is ? `${NOT.test(text) ? "not " : ""}${is.id}` : text.trim();
}

/** Put the condition that the fields of a builder make into its hidden field. */
function compose(builder: HTMLElement): void {
  const form = find<HTMLSelectElement>("[data-form]", builder).value;
  const [first = "", second = ""] = all<HTMLInputElement>("[data-term]", builder).map((one) => formulaOf(one.value));
  const made: Record<string, string> = {
    yes: first,
    no: /^[\w.-]+$/.test(first) ? `not ${first}` : `not (${first})`,
    if: `if ${wrapped(first)} then ${wrapped(second)}`,
    or: `${wrapped(first)} or ${wrapped(second)}`,
    and: `${wrapped(first)} and ${wrapped(second)}`,
  };
  find<HTMLInputElement>("input[type=hidden]", builder).value = made[form] ?? first;
}

function wrapped(formula: string): string {
  return formula === "" || /^(not )?[\w.-]+$/.test(formula) ? formula : `(${formula})`;
}

/** Show the second part of a condition that has one. */
function shape(builder: HTMLElement): void {
  const joint = JOINTS[find<HTMLSelectElement>("[data-form]", builder).value];
  const second = find(".second", builder);
  second.hidden = joint === undefined;
  find("[data-joint]", second).textContent = joint ?? "";
  find<HTMLInputElement>("[data-term]", second).required = joint !== undefined;
}

/** The list below a field, if it is open. */
function openList(): HTMLElement | null {
  return document.getElementById(LIST);
}

function close(): void {
  const list = openList();
  const field = list?.parentElement?.querySelector<HTMLElement>("[data-term]");
  list?.remove();
  field?.setAttribute("aria-expanded", "false");
  for (const name of ["aria-controls", "aria-activedescendant"]) field?.removeAttribute(name);
}

/** The part of a field's text that is being typed: a field for several conditions has the last one. */
function typedIn(field: HTMLInputElement): string {
  return field.dataset.many === undefined ? field.value : (field.value.split(",").at(-1) ?? "").trimStart();
}

/** Open the list of a field; its first entry is chosen if something was typed. */
function open(field: HTMLInputElement): void {
  close();
  const typed = typedIn(field);
  const denied = NOT.test(typed);
  const found = matching(typed.replace(NOT, ""));
  if (found.length === 0 || !field.parentElement) return;
  const joined = field.dataset.many !== undefined || (find<HTMLSelectElement>("[data-form]", builderOf(field)).value in JOINTS);
  const entries = denied ? found.map((one) => `not ${one.label}`) : found.map((one) => one.label);
  if (joined && !denied) entries.push(...found.map((one) => `not ${one.label}`));
  const list = make("ul", { class: "choices-list", label: "Options" }, entries.map((text, place) => {
    const entry = make("li", { text });
    entry.id = `choice-${place}`;
    entry.setAttribute("role", "option");
    entry.setAttribute("aria-selected", "false");
    return entry;
  }));
  list.id = LIST;
  list.setAttribute("role", "listbox");
  field.parentElement.append(list);
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", LIST);
  if (typed.trim()) choose(field, 0);
}

function builderOf(field: HTMLElement): HTMLElement {
  const found = field.closest<HTMLElement>(".builder");
  if (!found) throw new Error("a field for an option is outside every condition");
  return found;
}

function chosen(): HTMLElement | null {
  return openList()?.querySelector<HTMLElement>("[aria-selected=true]") ?? null;
}

function choose(field: HTMLInputElement, place: number): void {
  const entries = all("[role=option]", openList() ?? document.createElement("ul"));
  const entry = entries[(place + entries.length) % entries.length];
  for (const one of entries) one.setAttribute("aria-selected", String(one === entry));
  if (!entry) return;
  field.setAttribute("aria-activedescendant", entry.id);
  entry.scrollIntoView({ block: "nearest" });
}

/** Take an entry of the list into its field. */
function pick(field: HTMLInputElement, entry: HTMLElement): void {
  const text = entry.textContent ?? "";
  if (field.dataset.many === undefined) field.value = text;
  else {
    const one = choices().find(({ label }) => label === text.replace(NOT, ""));
    const before = field.value.split(",").slice(0, -1);
    field.value = [...before, `${NOT.test(text) ? "not " : ""}${one?.quoted ?? text}`].join(", ").replace(/\s+/g, " ");
  }
  close();
  const builder = field.closest<HTMLElement>(".builder");
  if (builder) compose(builder);
}

export function bindConditions(forms: HTMLElement): void {
  const term = (target: EventTarget | null): HTMLInputElement | null =>
    target instanceof HTMLInputElement && target.dataset.term !== undefined ? target : null;
  forms.addEventListener("input", (event) => {
    const field = term(event.target);
    const builder = (event.target as HTMLElement).closest<HTMLElement>(".builder");
    if (field) open(field);
    else if (builder) shape(builder);
    if (builder) compose(builder);
  });
  forms.addEventListener("keydown", (event) => {
    const field = term(event.target);
    if (!field || event.isComposing) return;
    const entries = all("[role=option]", openList() ?? document.createElement("ul"));
    const entry = chosen();
    const here = entry ? entries.indexOf(entry) : -1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const up = event.key === "ArrowUp";
      if (!openList()) open(field);
      else choose(field, up && here < 0 ? -1 : here + (up ? -1 : 1));
    } else if (event.key === "Escape" && openList()) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && entry) {
      event.preventDefault();
      pick(field, entry);
      const next = field.closest(".builder")?.querySelector<HTMLInputElement>(".second:not([hidden]) [data-term]");
      if (next && next !== field) next.focus();
      else if (field.dataset.many === undefined) field.form?.requestSubmit();
    } else if (event.key === "Tab" && entry) pick(field, entry);
  });
  // Before the field loses the focus.
  forms.addEventListener("pointerdown", (event) => {
    const entry = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
    const field = entry?.closest(".combo")?.querySelector<HTMLInputElement>("[data-term]");
    if (!entry || !field) return;
    event.preventDefault();
    pick(field, entry);
  });
  forms.addEventListener("click", (event) => {
    const field = term(event.target);
    if (field && !openList()) open(field);
  });
  forms.addEventListener("focusout", (event) => {
    if (term(event.target)) close();
  });
}

/** The order that some answers lead to, or the two things to compare next; an answer says if the first matters more. */
export function compared(count: number, answers: readonly boolean[]): { order: number[] } | { pair: [number, number]; left: number } {
  const order = [0];
  let asked = 0;
  for (let one = 1; one < count; one++) {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const answer = answers[asked++];
      if (answer === undefined) {
        let left = Math.ceil(Math.log2(high - low + 1));
        for (let later = one + 1; later < count; later++) left += Math.ceil(Math.log2(later + 1));
        return { pair: [one, order[middle] ?? 0], left };
      }
      if (answer) high = middle;
      else low = middle + 1;
    }
    order.splice(low, 0, one);
  }
  return { order };
}

/** Ask which of two preferences matters more until their order is known; it is saved only when it is accepted. */
export function bindComparing(forms: HTMLElement, work: Work): void {
  const answers = new WeakMap<HTMLElement, boolean[]>();
  forms.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-comparing] button");
    const part = button?.closest<HTMLElement>("[data-comparing]");
    if (!button || !part) return;
    const given = answers.get(part) ?? [];
    const { answer } = button.dataset;
    if (answer === "accept") {
      const found = compared(said(part).length, given);
      if (!("order" in found)) return;
      const at = JSON.parse(part.dataset.at ?? "[]") as (string | number)[];
      void perform(work, { do: "order", at, to: found.order }, part).then(
        (done) => done && work.say(`The order of ${part.dataset.who ?? ""} is yours; a note says so. Undo restores the old one.`),
      );
      return;
    }
    if (answer === "cancel") {
      answers.delete(part);
      part.querySelector(".question")?.remove();
      part.querySelector<HTMLElement>("[data-compare]")?.focus();
      return;
    }
    if (answer === "undo") given.pop();
    else if (answer) given.push(answer === "first");
    else given.length = 0;
    answers.set(part, given);
    ask(part, given);
  });
}

function said(part: HTMLElement): string[] {
  return JSON.parse(part.dataset.said ?? "[]") as string[];
}

function ask(part: HTMLElement, given: readonly boolean[]): void {
  const wishes = said(part);
  const found = compared(wishes.length, given);
  const button = (answer: string, text: string): HTMLElement => {
    const made = make("button", { text });
    made.type = "button";
    made.dataset.answer = answer;
    return made;
  };
  const rest = [...(given.length ? [button("undo", "Undo the last answer")] : []), button("cancel", "Cancel")];
  const shown =
    "order" in found
      ? [
          make("p", { text: "Proposed order, most important first. Nothing is changed until you accept it." }),
          make("ol", {}, found.order.map((one) => make("li", { text: wishes[one] }))),
          make("div", { class: "line" }, [button("accept", "Accept this order"), ...rest]),
        ]
      : [
          make("p", { text: `Which of these two matters more to ${part.dataset.who ?? ""}?` }),
          make("div", { class: "two" }, [
            button("first", wishes[found.pair[0]] ?? ""),
            button("second", wishes[found.pair[1]] ?? ""),
          ]),
          make("p", { class: "fine", text: `Question ${given.length + 1} of at most ${given.length + found.left}.` }),
          make("div", { class: "line" }, rest),
        ];
  const box = make("div", { class: "question", label: `Order of the preferences of ${part.dataset.who ?? ""}` }, shown);
  box.setAttribute("role", "group");
  part.querySelector(".question")?.remove();
  part.append(box);
  box.querySelector<HTMLElement>("button")?.focus();
}
