/** The timeline: the chosen day, and the statements behind each bar and each edge. */

import { asGrid } from "./grid";
import { part, query, Refused } from "./net";
import { address, all, data, find, make } from "./page";

interface Given {
  days: string[];
  spans: string[];
  stuck: string[];
  equilibria: string[];
  query: string;
  undated: string;
}

const given = data<Given>();
const table = document.querySelector<HTMLTableElement>("#lanes");
const slider = document.querySelector<HTMLInputElement>("#day");

const scrolled = table?.closest<HTMLElement>(".table-scroll");
const matter = table?.querySelector<HTMLElement>("thead .matter");

/** Give all columns one width, which says nothing about a length; as many as fit fill the frame, so none is cut. */
function even(): void {
  if (!table || !scrolled || !matter) return;
  const least = 6.6 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const room = scrolled.clientWidth - matter.offsetWidth;
  const fitting = Math.max(1, Math.min(given.days.length, Math.floor(room / least)));
  table.style.setProperty("--width", `${matter.offsetWidth + given.days.length * Math.max(least, room / fitting)}px`);
}

if (table && scrolled) {
  table.classList.add("even");
  even();
  new ResizeObserver(even).observe(scrolled);
}

/** Say whether the dispute was stuck in a period, and its equilibria if there are any. */
function tell(place: number): void {
  const stuck = given.stuck[place] ?? "";
  const equilibria = given.equilibria[place] ?? "";
  const told = equilibria === "–" ? "" : ` Equilibria: ${equilibria}.`;
  find("#on-day").textContent = `Is it stuck? ${stuck.charAt(0).toUpperCase()}${stuck.slice(1)}.${told}`;
}

/** Show a period as the chosen one, and let the links to the other pages lead to its day. */
function show(place: number, day: string): void {
  const span = given.spans[place] ?? "";
  if (slider) slider.ariaValueText = span;
  find("#chosen-day").textContent = span;
  tell(place);
  for (const cell of all("[data-column]", table ?? document)) {
    const first = Number(cell.dataset.column);
    const last = Number(cell.dataset.to ?? cell.dataset.column);
    cell.classList.toggle("on", first <= place && place <= last);
  }
  const asked = query({ day, undated: given.undated === "latest" ? "" : given.undated });
  for (const link of all<HTMLAnchorElement>("nav[aria-label] a, a[data-page]")) {
    const path = link.getAttribute("href")?.split("?")[0] ?? "";
    link.setAttribute("href", `${path}?${asked}`);
  }
}

function choose(): void {
  const place = Number(slider?.value ?? 0);
  const day = given.days[place] ?? "";
  show(place, day);
  const asked = new URLSearchParams(location.search);
  asked.set("day", day);
  history.replaceState(null, "", `?${asked}`);
}

slider?.addEventListener("input", choose);
if (slider) {
  const asked = new URLSearchParams(location.search).get("day");
  const place = Number(slider.value);
  // Until a day is chosen, the links lead to the file's own day.
  if (asked) show(place, asked);
  else {
    tell(place);
    for (const cell of all(`[data-column="${place}"]`, table ?? document)) cell.classList.add("on");
  }
}

document.querySelector("#choose-day")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const day = String(new FormData(event.target as HTMLFormElement).get("day") ?? "").trim();
  if (!day) return;
  const asked = new URLSearchParams(location.search);
  asked.set("day", day);
  location.assign(`?${asked}`);
});

/** Leave empty fields out of the address, and keep the chosen day. */
find<HTMLFormElement>("#asked").addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = new URLSearchParams();
  for (const [key, value] of new FormData(event.target as HTMLFormElement)) {
    if (String(value).trim() && !(key === "undated" && value === "latest")) asked.append(key, String(value).trim());
  }
  const day = new URLSearchParams(location.search).get("day");
  if (day) asked.set("day", day);
  location.assign(`?${asked}`);
});

/** Show the statements behind a bar or an edge. */
async function behind(button: HTMLElement): Promise<void> {
  const why = find("#why");
  for (const one of all("[aria-current]", table ?? document)) one.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  try {
    why.innerHTML = await part(`/parts/timeline/${address}?${[button.dataset.behind, given.query].filter(Boolean).join("&")}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    why.replaceChildren(make("p", { class: "problem", text: error.message }));
  }
  if (matchMedia("(max-width: 60rem)").matches) why.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

table?.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("button[data-behind]");
  if (button) void behind(button);
});

if (table) asGrid(table, "button[data-behind]");

// The first column that is shown stands whole beside the one that stays.
const chosen = table?.querySelector<HTMLElement>("thead .on");
if (chosen && scrolled && matter) {
  const end = chosen.offsetLeft + chosen.offsetWidth - scrolled.clientWidth + matter.offsetWidth;
  const first = all("thead [data-column]", table ?? document).find((head) => head.offsetLeft >= end - 1);
  if (first) scrolled.scrollTo({ left: first.offsetLeft - matter.offsetWidth });
}

// On paper the tables stand below the lanes.
const tables = find<HTMLDetailsElement>(".as-tables");
addEventListener("beforeprint", () => (tables.open = true));
