/**
 * The stability table. Only the rows in view are in the page: the others are fetched when they come into view, so that
 * tens of thousands of states scroll as one.
 */

import htmx from "htmx.org";
import { get, query, Refused } from "./net";
import { address, all, data, find, make, patternOf, settled, type Option, type Party, type StateRow } from "./page";

interface Given {
  parties: Party[];
  concepts: string[];
  titles: string[];
  options: Option[];
  count: number;
}

interface Part {
  total: number;
  rows: StateRow[];
}

const CHUNK = 200;
const ROW = 34;
const AROUND = 12;

const given = data<Given>();
const form = find<HTMLFormElement>("#filter");
const scroll = find("#scroll");
const body = find<HTMLTableSectionElement>("#rows");
const columns = 3 + given.concepts.length * given.parties.length;

let chunks = new Map<number, Promise<StateRow[]>>();
let loaded = new Map<number, StateRow[]>();
let total = given.count;
let asked = 0;
let chosen = "";

function wanted(): Record<string, string | string[]> {
  const fields = new FormData(form);
  return {
    search: String(fields.get("search") ?? ""),
    equilibria: String(fields.get("equilibria") ?? ""),
    sort: String(fields.get("sort") ?? "number"),
    where: fields.getAll("where").join("").replace(/^-+$/, ""),
    concept: given.concepts,
  };
}

function chunk(place: number): Promise<StateRow[]> {
  const known = chunks.get(place);
  if (known) return known;
  const mine = asked;
  const made = get<Part>(`/api/states/${address}?${query({ ...wanted(), offset: place * CHUNK, limit: CHUNK })}`).then(
    (part) => {
      if (mine === asked) {
        total = part.total;
        loaded.set(place, part.rows);
      }
      return part.rows;
    },
  );
  chunks.set(place, made);
  return made;
}

async function renew(): Promise<void> {
  asked++;
  chunks = new Map();
  loaded = new Map();
  scroll.scrollTop = 0;
  try {
    await chunk(0);
  } catch (error) {
    if (error instanceof Refused) find("#found").textContent = error.message;
    return;
  }
  const all = total === given.count;
  find("#found").textContent = `${total.toLocaleString("en")}${all ? "" : ` of ${given.count.toLocaleString("en")}`} states`;
  find("#none").hidden = total > 0;
  draw();
}

let drawn = "";

function draw(): void {
  const head = find("thead").offsetHeight;
  const first = Math.max(0, Math.floor((scroll.scrollTop - head) / ROW) - AROUND);
  const last = Math.min(total, first + Math.ceil(scroll.clientHeight / ROW) + 2 * AROUND);
  const key = `${asked}:${first}:${last}:${[...loaded.keys()].join()}`;
  if (key === drawn) return;
  drawn = key;
  const rows: HTMLTableRowElement[] = [];
  for (let place = first; place < last; place++) {
    const at = Math.floor(place / CHUNK);
    const row = loaded.get(at)?.[place % CHUNK];
    if (!row) void chunk(at).then(draw, () => undefined);
    rows.push(row ? rowOf(row, place) : waiting());
  }
  const focused = document.activeElement?.getAttribute("data-cell");
  body.replaceChildren(space(first), ...rows, space(total - last));
  if (focused) body.querySelector<HTMLElement>(`[data-cell="${focused}"]`)?.focus({ preventScroll: true });
}

function space(count: number): HTMLTableRowElement {
  const cell = make("td");
  cell.colSpan = columns;
  const made = make("tr", { class: "space" }, [cell]);
  made.setAttribute("aria-hidden", "true");
  made.style.height = `${count * ROW}px`;
  made.hidden = count === 0;
  return made;
}

function waiting(): HTMLTableRowElement {
  const cell = make("td", { text: "…" });
  cell.colSpan = columns;
  return make("tr", { class: "waiting" }, [cell]);
}

function rowOf(row: StateRow, place: number): HTMLTableRowElement {
  const made = make("tr", { class: row.status_quo ? "quo" : "" });
  made.setAttribute("aria-rowindex", String(place + 3));
  const number = make("th", { text: String(row.number), class: "num" });
  number.scope = "row";
  const name = make("td", { class: "name" }, [make("bdi", { text: row.name ?? "", title: row.name ?? "" })]);
  if (row.status_quo) name.prepend(make("span", { class: "badge", text: "status quo" }), " ");
  made.append(number, make("td", { class: "pattern" }, [patternOf(row, given.options)]), name);
  given.concepts.forEach((concept, index) => {
    const equilibrium = row.equilibrium.includes(concept);
    given.parties.forEach((party, at) => made.append(cellOf(row, concept, index, party, at, equilibrium)));
  });
  return made;
}

function cellOf(
  row: StateRow,
  concept: string,
  index: number,
  party: Party,
  at: number,
  equilibrium: boolean,
): HTMLTableCellElement {
  const stable = row.stable[concept]?.includes(party.id) ?? false;
  const id = `${row.number}:${concept}:${party.id}`;
  const button = make("button", {
    text: stable ? "●" : "○",
    class: `mark party-${party.colour}`,
    label: `State ${row.number}, ${given.titles[index]}, ${party.label}: ${stable ? "stable" : "not stable"}${
      equilibrium ? ", an equilibrium" : ""
    }. Why?`,
  });
  button.type = "button";
  button.dataset.cell = id;
  button.dataset.why = query({ state: row.number, player: party.id, concept });
  const classes = [equilibrium ? "eq" : "", at === 0 ? "first" : "", id === chosen ? "chosen" : ""];
  return make("td", { class: `cell ${classes.join(" ")}` }, [button]);
}

body.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-why]");
  if (!button) return;
  chosen = button.dataset.cell ?? "";
  for (const one of all(".chosen", body)) one.classList.remove("chosen");
  button.parentElement?.classList.add("chosen");
  void htmx.ajax("get", `/parts/why/${address}?${button.dataset.why}`, { target: "#why", swap: "innerHTML" }).then(() => {
    if (matchMedia("(max-width: 60rem)").matches) find("#why").scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
});

/** Arrow keys go from mark to mark. */
body.addEventListener("keydown", (event) => {
  const cell = (event.target as HTMLElement).closest<HTMLTableCellElement>("td.cell");
  const row = cell?.parentElement as HTMLTableRowElement | undefined;
  if (!cell || !row) return;
  const to = {
    ArrowLeft: cell.previousElementSibling,
    ArrowRight: cell.nextElementSibling,
    ArrowUp: (row.previousElementSibling as HTMLTableRowElement | null)?.cells[cell.cellIndex],
    ArrowDown: (row.nextElementSibling as HTMLTableRowElement | null)?.cells[cell.cellIndex],
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  to?.querySelector<HTMLElement>("button")?.focus();
});

scroll.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
new ResizeObserver(() => draw()).observe(scroll);
form.addEventListener("submit", (event) => event.preventDefault());
const renewSoon = settled(150, () => void renew());
form.addEventListener("input", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.name === "concept") {
    const concepts = all<HTMLInputElement>("input[name=concept]:checked", form).map((one) => one.value);
    if (concepts.length > 0) location.assign(`/states/${address}?${query({ concept: concepts })}`);
  } else renewSoon();
});

for (const button of all("[data-show]")) {
  button.addEventListener("click", () => {
    find<HTMLSelectElement>("[name=equilibria]", form).value = button.dataset.show ?? "";
    void renew();
  });
}
for (const link of all("[data-find]")) {
  link.addEventListener("click", () => {
    find<HTMLInputElement>("[name=search]", form).value = link.dataset.find ?? "";
    void renew();
  });
}

await renew();
