/** Switches, and the equilibria that they add or remove. */

import { part, query, Refused } from "./net";
import { address, all, counted, data, find, make, settled, when } from "./page";
import { explainTerms } from "./terms";

const { concepts } = data<{ concepts: string[] }>();
const form = find<HTMLFormElement>("#switches");
const orders = new Map(all<HTMLOListElement>(".switch-list", form).map((list) => [list, list.innerHTML]));
let waiting: AbortController | null = null;

function wanted(): Record<string, unknown> {
  const off = all<HTMLInputElement>("input[data-at]:not(:checked)", form).map(
    (one) => JSON.parse(one.dataset.at ?? "[]") as unknown,
  );
  const doubted = all<HTMLInputElement>("input[data-statement]:not(:checked)", form).map((one) => one.dataset.statement);
  const order: Record<string, number[]> = {};
  for (const list of orders.keys()) {
    const places = all("li[data-place]", list).map((one) => Number(one.dataset.place));
    if (places.some((place, at) => place !== at)) order[list.dataset.maker ?? ""] = places;
  }
  return { off, doubted, order, concepts };
}

async function ask(): Promise<void> {
  find("#answer").ariaBusy = "true";
  waiting?.abort();
  waiting = new AbortController();
  const asked = wanted() as { off: unknown[]; doubted: unknown[]; order: object };
  const changes = asked.off.length + asked.doubted.length + Object.keys(asked.order).length;
  find<HTMLButtonElement>("#reset").disabled = changes === 0;
  find("#changed").textContent = changes === 0 ? "" : `${counted(changes, "change")} from the file`;
  const start = performance.now();
  try {
    find("#answer").innerHTML = await part(`/parts/what-if/${address}?${query(when)}`, asked, waiting.signal);
    explainTerms(find("#answer"));
    find("#answer").dataset.milliseconds = String(Math.round(performance.now() - start));
  } catch (error) {
    if (error instanceof DOMException) return;
    if (!(error instanceof Refused)) throw error;
    find("#answer").replaceChildren(make("p", { class: "problem", text: error.message }));
  }
  find("#answer").ariaBusy = "false";
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
  for (const [list, html] of orders) list.innerHTML = html;
  for (const one of all<HTMLInputElement>("input[type=checkbox]", form)) one.checked = true;
  void ask();
});

await ask();
