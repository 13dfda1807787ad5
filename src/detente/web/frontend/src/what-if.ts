/** Switches, and the equilibria that they add or remove. */

import { get, part, query, Refused, send } from "./net";
import { address, all, counted, data, find, make, settled, when } from "./page";
import { explainTerms } from "./terms";

interface Changes {
  off: (string | number)[][];
  order: Record<string, number[]>;
  doubted: string[];
}

/** A scenario as the side file beside the dispute has it. */
interface Scenario extends Changes {
  name: string;
  model: string;
  out_of_date: boolean;
  changes: string[];
}

const { concepts } = data<{ concepts: string[] }>();
const form = find<HTMLFormElement>("#switches");
const orders = new Map(all<HTMLOListElement>(".switch-list", form).map((list) => [list, list.innerHTML]));
let waiting: AbortController | null = null;

function switched(): Changes {
  const off = all<HTMLInputElement>("input[data-at]:not(:checked)", form).map(
    (one) => JSON.parse(one.dataset.at ?? "[]") as (string | number)[],
  );
  const doubted = all<HTMLInputElement>("input[data-statement]:not(:checked)", form).map((one) => one.dataset.statement ?? "");
  const order: Record<string, number[]> = {};
  for (const list of orders.keys()) {
    const places = all("li[data-place]", list).map((one) => Number(one.dataset.place));
    if (places.some((place, at) => place !== at)) order[list.dataset.maker ?? ""] = places;
  }
  return { off, doubted, order };
}

/** Turn the switches to these changes; returns how many of them the page has no switch for. */
function turn({ off, order, doubted }: Changes): number {
  for (const [list, html] of orders) list.innerHTML = html;
  for (const one of all<HTMLInputElement>("input[type=checkbox]", form)) one.checked = true;
  let missing = 0;
  const places = new Map(all<HTMLInputElement>("input[data-at]", form).map((one) => [JSON.stringify(JSON.parse(one.dataset.at ?? "[]")), one]));
  for (const at of off) {
    const box = places.get(JSON.stringify(at));
    if (box && !box.disabled) box.checked = false;
    else missing++;
  }
  for (const id of doubted) {
    const box = form.querySelector<HTMLInputElement>(`input[data-statement="${CSS.escape(id)}"]`);
    if (box) box.checked = false;
    else missing++;
  }
  for (const [maker, wanted] of Object.entries(order)) {
    const list = [...orders.keys()].find((one) => one.dataset.maker === maker);
    const items = new Map(list ? all("li[data-place]", list).map((one) => [Number(one.dataset.place), one]) : []);
    if (list && items.size === wanted.length && wanted.every((place) => items.has(place))) list.append(...wanted.map((place) => items.get(place) as HTMLElement));
    else missing++;
  }
  return missing;
}

/** The switches as a part of the address, so that a link or a reload shows them again. */
function keepInAddress({ off, order, doubted }: Changes): void {
  const asked = query({
    ...when,
    ...(document.documentElement.dataset.present === undefined ? {} : { present: "1" }),
    off: off.map((at) => JSON.stringify(at)),
    order: Object.entries(order).map(([maker, places]) => JSON.stringify([maker, ...places])),
    doubted,
    beside: beside.value,
  });
  history.replaceState(null, "", asked ? `?${asked}` : location.pathname);
}

/** The changes that the address names; null if it does not name them in the right way. */
function inAddress(): Changes | null {
  const asked = new URLSearchParams(location.search);
  try {
    const off = asked.getAll("off").map((one) => JSON.parse(one) as (string | number)[]);
    const orders = asked.getAll("order").map((one) => JSON.parse(one) as [string, ...number[]]);
    if (![...off, ...orders].every(Array.isArray)) return null;
    return { off, order: Object.fromEntries(orders.map(([maker, ...places]) => [maker, places])), doubted: asked.getAll("doubted") };
  } catch {
    return null;
  }
}

async function ask(): Promise<void> {
  find("#answer").ariaBusy = "true";
  waiting?.abort();
  waiting = new AbortController();
  const asked = switched();
  keepInAddress(asked);
  const changes = asked.off.length + asked.doubted.length + Object.keys(asked.order).length;
  find<HTMLButtonElement>("#reset").disabled = changes === 0;
  find("#changed").textContent = changes === 0 ? "" : `${counted(changes, "change")} from the file`;
  const start = performance.now();
  try {
    find("#answer").innerHTML = await part(`/parts/what-if/${address}?${query(when)}`, { ...asked, concepts }, waiting.signal);
    explainTerms(find("#answer"));
    markDropped();
    find("#answer").dataset.milliseconds = String(Math.round(performance.now() - start));
  } catch (error) {
    if (error instanceof DOMException) return;
    if (!(error instanceof Refused)) throw error;
    find("#answer").replaceChildren(make("p", { class: "problem", text: error.message }));
  }
  find("#answer").ariaBusy = "false";
}

/** Mark the elements that the model loses with a statement that is not believed. */
function markDropped(): void {
  const places = JSON.parse(find("#answer").querySelector<HTMLElement>("[data-dropped]")?.dataset.dropped ?? "[]") as unknown[];
  const dropped = new Set(places.map((one) => JSON.stringify(one)));
  for (const mark of all(".dropped-now", form)) mark.remove();
  for (const one of all<HTMLInputElement>("input[data-at]", form)) {
    const at = JSON.stringify(JSON.parse(one.dataset.at ?? "[]"));
    if (dropped.has(at)) one.nextElementSibling?.append(make("span", { class: "badge warn dropped-now", text: "dropped: no statement left" }));
  }
}

const settle = settled(20, () => void ask());
/** Mark the old answer as outdated from the moment a switch is turned. */
function askSoon(): void {
  find("#answer").ariaBusy = "true";
  settle();
}
form.addEventListener("change", askSoon);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>(".up, .down");
  if (!button) return;
  const item = button.closest("li");
  const up = button.classList.contains("up");
  const other = up ? item?.previousElementSibling : item?.nextElementSibling;
  if (!item || !other) return;
  if (up) other.before(item);
  else other.after(item);
  button.focus();
  askSoon();
});
find("#reset").addEventListener("click", () => {
  turn({ off: [], order: {}, doubted: [] });
  void ask();
});

// The scenarios: named changes in a side file beside the dispute.
const list = find("#scenarios");
const beside = find<HTMLSelectElement>("#beside");
const said = find("#scenarios-said");
let scenarios: Scenario[] = [];
let was = "";

function tell(text: string, wrong = false): void {
  said.textContent = text;
  said.className = wrong ? "problem" : "fine";
}

interface Kept {
  scenarios: Scenario[];
  digest: string;
}

function show(found: Kept): void {
  ({ scenarios, digest: was } = found);
  list.replaceChildren(...scenarios.map(itemOf));
  const chosen = beside.value || new URLSearchParams(location.search).get("beside") || "";
  beside.replaceChildren(...["", FILE, ...scenarios.map((one) => one.name)].map((name) => new Option(name === FILE ? "the file without changes" : name || "nothing", name)));
  beside.value = [...beside.options].some((one) => one.value === chosen) ? chosen : "";
}

/** Stands for the file without changes; no scenario can have this name, which is only a space. */
const FILE = " ";

function itemOf(scenario: Scenario): HTMLElement {
  const open = make("button", { class: "link" }, [make("bdi", { text: scenario.name })]);
  open.type = "button";
  open.addEventListener("click", () => {
    const missing = turn(scenario);
    tell(missing ? `${counted(missing, "change")} of this scenario cannot be made any more: the file has no such element.` : "", missing > 0);
    void ask();
  });
  const item = make("li", {}, [open]);
  if (scenario.out_of_date) item.append(" ", make("span", { class: "badge warn", text: "out of date", title: "The model has changed since this scenario was made." }));
  if (!("readOnly" in document.body.dataset)) {
    const remove = make("button", { class: "quiet", text: "Delete", label: `Delete the scenario ${scenario.name}` });
    remove.type = "button";
    remove.addEventListener("click", () => void write(scenarios.filter((one) => one !== scenario), `Deleted: ${scenario.name}`));
    item.append(" ", remove);
  }
  item.append(make("ul", { class: "fine" }, scenario.changes.map((text) => make("li", {}, [make("bdi", { text })]))));
  return item;
}

async function write(wanted: (Changes & { name: string; model?: string })[], done: string): Promise<boolean> {
  const sent = wanted.map(({ name, model, off, order, doubted }) => ({ name, model: model ?? "", off, order, doubted }));
  try {
    show(await send<Kept>("PUT", `/api/scenarios/${address}`, { scenarios: sent, was }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(`Not saved: ${error.message}`, true);
    return false;
  }
  tell(done);
  void showBeside();
  return true;
}

document.querySelector<HTMLFormElement>("#keep")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = find<HTMLInputElement>("#keep [name=name]");
  const name = field.value.trim();
  if (!name) return;
  const others = scenarios.filter((one) => one.name !== name);
  const replaced = others.length < scenarios.length;
  void write([...others, { name, ...switched() }], `${replaced ? "Replaced" : "Saved"}: ${name}`).then((done) => {
    if (done) field.value = "";
  });
});

/** Show another scenario beside the switches. */
async function showBeside(): Promise<void> {
  const box = find("#other");
  const other = scenarios.find((one) => one.name === beside.value);
  find(".what-if").classList.toggle("two", beside.value !== "");
  box.hidden = beside.value === "";
  if (box.hidden) return;
  const { off, order, doubted } = other ?? { off: [], order: {}, doubted: [] };
  const called = other?.name ?? "The file without changes";
  const head = make("h2", {}, [make("bdi", { text: called })]);
  try {
    const told = make("div");
    told.innerHTML = await part(`/parts/what-if/${address}?${query(when)}`, { off, order, doubted, concepts });
    // The answer to the switches has tables of the same names.
    for (const one of all("[role=region]", told)) one.ariaLabel = `${one.ariaLabel ?? ""}: ${called}`;
    box.replaceChildren(head, told);
    explainTerms(box);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    box.replaceChildren(head, make("p", { class: "problem", text: error.message }));
  }
}

beside.addEventListener("change", () => {
  keepInAddress(switched());
  void showBeside();
});

const asked = inAddress();
const missing = asked ? turn(asked) : 0;
if (!asked) tell("The address does not name changes in the right way.", true);
else if (missing) tell(`${counted(missing, "change")} in the address cannot be made: the file has no such element.`, true);
try {
  show(await get<Kept>(`/api/scenarios/${address}`));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  tell(error.message, true);
  for (const one of all<HTMLButtonElement>("#keep button")) one.disabled = true;
}
await ask();
await showBeside();
