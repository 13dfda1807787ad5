/** The overview: what takes longer than the page follows, and keeps the keyboard where it is. */

import { Draft } from "./draft";
import { get, part, query, Refused, send } from "./net";
import { address, all, find, make, name, notice, refusal, when } from "./page";
import { explainTerms } from "./terms";

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

/** Give the card of each outcome its acts, once. */
function equip(): void {
  for (const link of all<HTMLAnchorElement>("#outcomes a[href*='/graph/'][href*='focus=']")) {
    const number = new URL(link.href).searchParams.get("focus") ?? "";
    const links = link.closest(".places");
    const card = link.closest<HTMLElement>("li");
    if (!links || !card || card.querySelector(".card-acts")) continue;
    const acts = make("span", { class: "card-acts" });
    // What has a name begins with it, in bold.
    if (!("readOnly" in document.body.dataset) && !name.endsWith(".gmcr") && !card.querySelector("strong")) acts.append(act("Name it", number, () => begin(card, number)));
    acts.append(act("Compare", number, () => void compare(number)));
    links.append(acts);
  }
}

function act(text: string, number: string, does: () => void): HTMLButtonElement {
  const button = make("button", { text, class: "link", label: `${text}: state ${number}` });
  button.type = "button";
  button.addEventListener("click", does);
  return button;
}

/** A small form for the name of an outcome. */
function begin(card: HTMLElement, number: string): void {
  card.querySelector("form")?.remove();
  const field = make("input", { label: `Name of state ${number}` });
  field.required = true;
  field.maxLength = 200;
  const cancel = make("button", { text: "Cancel", class: "quiet" });
  cancel.type = "button";
  const form = make("form", { class: "line" }, [field, make("button", { text: "Give this name" }), cancel]);
  const leave = (): void => {
    form.remove();
    all<HTMLButtonElement>(".card-acts button", card)[0]?.focus();
  };
  cancel.addEventListener("click", leave);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector(".refused")?.remove();
    giveName(number, field.value.trim()).then(leave, (error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      form.append(refusal(error.message));
      field.focus();
    });
  });
  card.append(form);
  field.focus();
}

interface Dispute {
  text: string;
  digest: string;
  decision_makers: { options: { id: string }[] }[];
}

/** Write a named state into the text of this tab; it is saved, or undone, as any other change. */
async function giveName(number: string, wanted: string): Promise<void> {
  const found = await get<{ rows: { number: number; state: string }[] }>(`/api/states/${address}?${query({ search: number, limit: 500, ...when })}`);
  const pattern = found.rows.find((one) => String(one.number) === number)?.state ?? "";
  const onDisk = await get<Dispute>(`/api/dispute/${address}`);
  const ids = onDisk.decision_makers.flatMap((maker) => maker.options.map((option) => option.id));
  const taken = ids.filter((_, at) => pattern[at] === "Y");
  const text = await get<{ text: string; digest: string }>(`/api/text/${address}`);
  const draft = new Draft(name, text);
  const made = await send<{ text: string }>("POST", `/api/edit/${address}`, { text: draft.text, edit: { do: "add", at: ["states"], name: wanted, taken } });
  draft.change(made.text);
  tellUnsaved(draft, `State ${number} is called ‘${wanted}’ in this tab.`);
}

function tellUnsaved(draft: Draft, said: string): void {
  notice("unsaved", `${said} The change is not saved yet.`, [
    ["Save", () => void save(draft)],
    ["Undo", () => { draft.undo(); notice("unsaved", ""); }],
    ["Open the dispute", () => location.assign(`/dispute/${address}`)],
  ]);
  find("#notices [data-notice=unsaved] button").focus();
}

async function save(draft: Draft): Promise<void> {
  try {
    const { digest } = await send<{ digest: string }>("PUT", `/api/dispute/${address}`, { text: draft.text, was: draft.was });
    draft.savedAs(draft.text, digest);
    location.reload();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    notice("refused", `Not saved: ${error.message}`);
  }
}

/** Show an outcome beside another, at first the status quo; the choice is in the address. */
async function compare(first: string, second = ""): Promise<void> {
  document.getElementById("compared")?.remove();
  const numbers = [...new Set(all<HTMLAnchorElement>("#outcomes a[href*='focus=']").map((link) => new URL(link.href).searchParams.get("focus") ?? ""))];
  const other = make("select", { label: "Compare with" }) as HTMLSelectElement;
  const quo = find("#overview").dataset.quo ?? "";
  if (quo && quo !== first) other.append(new Option(`the status quo (state ${quo})`, quo));
  for (const one of numbers) if (one !== first && one !== quo) other.append(new Option(`state ${one}`, one));
  if (second) other.value = second;
  if (!other.value) return;
  const close = make("button", { text: "Close", class: "quiet" });
  close.type = "button";
  const told = make("div", { class: "told" });
  const box = make("section", { class: "panel" }, [
    make("h2", { text: `State ${first} compared` }),
    make("p", { class: "line card-acts" }, ["with ", other, " ", close]),
    told,
  ]);
  box.id = "compared";
  box.tabIndex = -1;
  find("#outcomes").after(box);
  const leave = (): void => {
    box.remove();
    history.replaceState(null, "", `?${query({ ...when })}`);
    document.querySelector<HTMLElement>(`#outcomes [aria-label="Compare: state ${first}"]`)?.focus();
  };
  close.addEventListener("click", leave);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });
  other.addEventListener("change", () => void fill(told, first, other.value));
  await fill(told, first, other.value);
  box.focus();
  box.scrollIntoView({ block: "nearest" });
}

async function fill(box: HTMLElement, first: string, second: string): Promise<void> {
  try {
    box.innerHTML = await part(`/parts/outcomes/${address}?${query({ first, second, ...when })}`);
    explainTerms(box);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    box.replaceChildren(refusal(error.message));
  }
  history.replaceState(null, "", `?${query({ ...when, compare: [first, second] })}`);
}

// A link to a part leads there once the part is on the page.
function arrive(): void {
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

equip();
if (overview.dataset.state !== "whole") await complete();
equip();
const [first, second] = new URLSearchParams(location.search).getAll("compare");
if (first && second) await compare(first, second);
arrive();
