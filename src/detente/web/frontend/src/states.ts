/**
 * The stability table. The page has only the rows in view and fetches the others when they come into view, so that a
 * table of tens of thousands of states scrolls smoothly.
 */

import htmx from "htmx.org";
import { asGrid } from "./grid";
import { get, query, Refused } from "./net";
import { address, all, counted, data, find, make, patternOf, settled, when, type Option, type Party, type StateRow } from "./page";
import { explainTerms } from "./terms";

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

explainTerms(find("#table"));
/** What can be chosen in the table. */
const STOPS = "button.term, button.mark";

const CHUNK = 200;
const ROW = 34;
const AROUND = 12;
const MAX_AT_ONCE = 1_000;
/** The column of names, which takes the remaining width. */
const NAME = 2;
const LEAST_NAME = matchMedia("(max-width: 40rem)").matches ? 62 : 110;
const LEAST_MARK = 26;
const BESIDE_LETTERS = 2;

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
    ...when,
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
        scroll.dataset.here = String(here());
        draw();
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
  const of = total === given.count ? "" : `${total.toLocaleString("en")} of `;
  find("#found").textContent = of + counted(given.count, "state");
  find("#none").hidden = total > 0;
  showHiddenCount();
  draw();
  // Fetch a table of moderate size completely, so that it is also printed completely.
  if (total <= MAX_AT_ONCE) for (let place = 1; place * CHUNK < total; place++) void chunk(place).catch(() => undefined);
}

/** Say how many states are hidden if only equilibria are shown. */
function showHiddenCount(): void {
  const left = given.count - total;
  find("#left-out").hidden = left === 0 || wanted().equilibria === "";
  const others = left === 1 ? "1 other state is hidden" : `${left.toLocaleString("en")} other states are hidden`;
  find("#left-out-count").textContent = others;
}

/** Take the rest of the filter from the address. */
function fromAddress(): void {
  const asked = new URLSearchParams(location.search);
  const sort = find<HTMLSelectElement>("[name=sort]", form);
  if ([...sort.options].some((one) => one.value === asked.get("sort"))) sort.value = asked.get("sort") ?? "";
  const letters = [...(asked.get("where") ?? "")];
  all<HTMLSelectElement>("[name=where]", form).forEach((one, place) => {
    one.value = letters[place] === "Y" || letters[place] === "N" ? letters[place] : "-";
  });
}

/** The address of the current filter, to bookmark or share. */
function toAddress(): URLSearchParams {
  const asked = new URLSearchParams(location.search);
  const { search, equilibria, sort, where } = wanted();
  const said = { find: [search, ""], equilibria: [equilibria || "all", ""], sort: [sort, "number"], where: [where, ""] };
  for (const [key, [value, usual]] of Object.entries(said)) {
    if (value === usual) asked.delete(key);
    else asked.set(key, String(value));
  }
  return asked;
}

/** Apply the chosen filter. */
async function choose(): Promise<void> {
  history.replaceState(null, "", `?${toAddress()}`);
  await renew();
}

const above = space();
const below = space();
body.append(above, below);
/** The rows in the page by their place; a row in view is never made again. */
let rows = new Map<number, HTMLTableRowElement>();
let rowsOf = -1;

let printing = false;

function draw(): void {
  if (rowsOf !== asked) {
    for (const row of rows.values()) row.remove();
    rows = new Map();
    rowsOf = asked;
  }
  const first = printing ? 0 : Math.max(0, Math.floor((scroll.scrollTop - headHeight) / ROW) - AROUND);
  const last = printing ? here() : Math.min(total, first + Math.ceil(viewHeight / ROW) + 2 * AROUND);
  for (const [place, row] of rows) {
    if (place >= first && place < last && !(row.classList.contains("waiting") && known(place))) continue;
    row.remove();
    rows.delete(place);
  }
  let next = above.nextElementSibling;
  for (let place = first; place < last; place++) {
    const there = rows.get(place);
    if (there) {
      next = there.nextElementSibling;
      continue;
    }
    const row = known(place);
    if (!row) void chunk(Math.floor(place / CHUNK)).catch(() => undefined);
    const made = row ? rowOf(row, place) : waiting();
    rows.set(place, made);
    body.insertBefore(made, next);
  }
  // Fetch the rows that come into view next.
  const ahead = Math.floor((last + CHUNK / 2) / CHUNK);
  if (ahead * CHUNK < total) void chunk(ahead).catch(() => undefined);
  stretch(above, first);
  stretch(below, total - last);
  settleColumns();
  // A row that was scrolled out of view takes the table's stop along.
  if (!find("#table").querySelector("tbody [tabindex='0'], thead :focus")) stopAt(first);
}

/** Let the Tab key stop at a mark in view. */
function stopAt(first: number): void {
  const place = Math.max(first, Math.floor(scroll.scrollTop / ROW));
  const mark = [...rows].filter(([at]) => at >= place).sort(([one], [other]) => one - other)[0]?.[1];
  for (const one of all("thead [tabindex='0']", find("#table"))) one.tabIndex = -1;
  const button = mark?.querySelector<HTMLElement>("button.mark");
  if (button) button.tabIndex = 0;
}

/** Scroll to the first or the last row, and draw it. */
async function reach(end: boolean): Promise<void> {
  scroll.scrollTop = end ? scroll.scrollHeight : 0;
  await chunk(end ? Math.floor((total - 1) / CHUNK) : 0);
  draw();
}

/** The number of rows fetched without a gap from the first. */
function here(): number {
  let count = 0;
  while (loaded.has(count)) count++;
  return Math.min(total, count * CHUNK);
}

/** Print the fetched rows, not only those in view, and say how many are missing. */
function onPaper(on: boolean): void {
  printing = on;
  draw();
  const left = total - here();
  const more = `The first ${here().toLocaleString("en")} of ${total.toLocaleString("en")} states. Filter the table to print other states.`;
  find("#printed").textContent = left > 0 ? more : "";
}
addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));

function known(place: number): StateRow | undefined {
  return loaded.get(Math.floor(place / CHUNK))?.[place % CHUNK];
}

function space(): HTMLTableRowElement {
  const cell = make("td");
  cell.colSpan = columns;
  const made = make("tr", { class: "space" }, [cell]);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function stretch(row: HTMLTableRowElement, count: number): void {
  row.style.height = `${count * ROW}px`;
  row.hidden = count === 0;
}

let headHeight = 0;
let viewHeight = 0;

/** Measure the page once, because measuring at every frame would cost a layout. */
function measure(): void {
  headHeight = find("thead").offsetHeight;
  viewHeight = scroll.clientHeight;
}

/** Fix the widths of the columns after the first rows, so that later rows do not move them. */
function settleColumns(): void {
  const table = find<HTMLTableElement>("#table");
  if (table.classList.contains("settled") || !rows.size || body.querySelector(".waiting")) return;
  const cells = [...(rows.values().next().value?.cells ?? [])];
  const widths = cells.map((cell) => cell.getBoundingClientRect().width);
  if (widths.some((width) => width === 0)) return;
  // The columns of marks leave as much room as possible for the names.
  const marks = widths.length - NAME - 1;
  const room = scroll.clientWidth - widths.slice(0, NAME).reduce((sum, width) => sum + width, 0) - LEAST_NAME;
  const letters = all("th.who abbr", table).map((one) => Math.ceil(one.getBoundingClientRect().width) + BESIDE_LETTERS);
  const most = Math.max(LEAST_MARK, ...letters, Math.floor(room / Math.max(1, marks)));
  for (let place = NAME + 1; place < widths.length; place++) widths[place] = Math.min(widths[place] ?? most, most);
  const group = make("colgroup");
  widths.forEach((width, place) => {
    const column = make("col");
    column.style.width = place === NAME ? "auto" : `${width}px`;
    group.append(column);
  });
  table.querySelector("colgroup")?.remove();
  table.querySelector("caption")?.after(group);
  table.style.minWidth = `${widths.reduce((sum, width, place) => sum + (place === NAME ? LEAST_NAME : width), 0)}px`;
  table.classList.add("settled");
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
    }. Show the reason.`,
  });
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.cell = id;
  button.dataset.why = query({ state: row.number, player: party.id, concept, ...when });
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

asGrid(find("#table"), STOPS, reach);

let waitingForFrame = false;
scroll.addEventListener(
  "scroll",
  () => {
    if (waitingForFrame) return;
    waitingForFrame = true;
    requestAnimationFrame(() => {
      waitingForFrame = false;
      draw();
    });
  },
  { passive: true },
);
/** Compute the columns again after a change of width or font. */
function resettle(): void {
  measure();
  const table = find<HTMLTableElement>("#table");
  table.classList.remove("settled");
  table.querySelector("colgroup")?.remove();
  table.style.minWidth = "";
  draw();
}
new ResizeObserver(resettle).observe(scroll);
void document.fonts.ready.then(resettle);
measure();
form.addEventListener("submit", (event) => event.preventDefault());
const renewSoon = settled(150, () => void choose());
form.addEventListener("input", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.name === "concept") {
    const concepts = all<HTMLInputElement>("input[name=concept]:checked", form).map((one) => one.value);
    if (concepts.length === 0) return;
    const asked = new URLSearchParams(location.search);
    asked.delete("concept");
    for (const one of concepts) asked.append("concept", one);
    location.assign(`/states/${address}?${asked}`);
  } else renewSoon();
});

for (const button of all("[data-show]")) {
  button.addEventListener("click", () => {
    find<HTMLSelectElement>("[name=equilibria]", form).value = button.dataset.show ?? "";
    void choose();
  });
}
for (const link of all("[data-find]")) {
  link.addEventListener("click", () => {
    find<HTMLInputElement>("[name=search]", form).value = link.dataset.find ?? "";
    find<HTMLSelectElement>("[name=equilibria]", form).value = "";
    void choose();
  });
}
find("#show-all").addEventListener("click", () => {
  find<HTMLInputElement>("[name=search]", form).value = "";
  for (const one of all<HTMLSelectElement>("[name=equilibria]", form)) one.value = "";
  for (const one of all<HTMLSelectElement>("[name=where]", form)) one.value = "-";
  void choose();
  find("[name=equilibria]", form).focus();
});
fromAddress();

await renew();
