/** Switches, and the equilibria that come and go with them. */

import { Refused, send } from "./net";
import { address, all, counted, data, find, make, settled, takenInWords, type Option } from "./page";

interface Named {
  number: number;
  /** Its number among the states of the file, if it is one of them. */
  in_file: number | null;
  state: string;
  name: string | null;
}

interface Answer {
  count: [number, number];
  fallen: string[];
  /** Of which parties no preferences are known, in a sentence. */
  unknown: string;
  concepts: {
    concept: string;
    title: string;
    stay: Named[];
    came: Named[];
    went: Named[];
    status_quo: [boolean | null, boolean | null];
  }[];
}

const MOST = 12;
const { concepts, options } = data<{ concepts: string[]; options: Option[] }>();
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
  waiting?.abort();
  waiting = new AbortController();
  const asked = wanted() as { off: unknown[]; doubted: unknown[]; order: object };
  const changes = asked.off.length + asked.doubted.length + Object.keys(asked.order).length;
  find<HTMLButtonElement>("#reset").disabled = changes === 0;
  find("#changed").textContent = changes === 0 ? "" : `${changes} otherwise than in the file`;
  const start = performance.now();
  try {
    const answer = await send<Answer>("POST", `/api/what-if/${address}`, asked, waiting.signal);
    show(answer, changes);
    find("#answer").dataset.milliseconds = String(Math.round(performance.now() - start));
  } catch (error) {
    if (error instanceof DOMException) return;
    if (!(error instanceof Refused)) throw error;
    find("#told").textContent = "";
    find("#answer").replaceChildren(make("p", { class: "problem", text: error.message }));
  }
  find("#answer").ariaBusy = "false";
}

function show(answer: Answer, changes: number): void {
  const [before, after] = answer.count;
  const states = counted(after, "state") + (before === after ? "." : `, ${before.toLocaleString("en")} in the file.`);
  const also = answer.fallen.length > 0 ? ` Not believed: ${answer.fallen.join(", ")}.` : "";
  find("#told").textContent = changes === 0 ? `As in the file: ${states}` : states + also;
  const unknown = answer.unknown ? [make("p", { class: "problem", text: answer.unknown })] : [];
  find("#answer").replaceChildren(...unknown, ...alike(answer.concepts).map(part));
}

/** The concepts with the same effect as one, under all their names. */
function alike(concepts: Answer["concepts"]): Answer["concepts"] {
  const found = new Map<string, Answer["concepts"][number]>();
  for (const { concept, title, ...effect } of concepts) {
    const key = JSON.stringify(effect);
    const same = found.get(key);
    if (same) same.title += `, ${title}`;
    else found.set(key, { concept, title, ...effect });
  }
  return [...found.values()];
}

function part(one: Answer["concepts"][number]): HTMLElement {
  const made = make("section", { class: "effect" }, [make("h2", { text: one.title })]);
  const [was, is] = one.status_quo;
  if (is !== null || was !== null) {
    const said = is ? "The status quo is an equilibrium" : "The status quo is no equilibrium";
    made.append(make("p", { class: was === is ? "fine" : "turned", text: was === is ? `${said}.` : `${said} now.` }));
  }
  const list = make("ul", { class: "pills" });
  for (const [kind, sign, states] of [
    ["came", "+", one.came],
    ["went", "−", one.went],
    ["stay", "", one.stay],
  ] as const) {
    for (const state of states.slice(0, MOST)) {
      const said = { came: "comes", went: "goes", stay: "stays" }[kind];
      list.append(
        make("li", { class: kind }, [make("span", { class: "sr", text: `${said}: ` }), `${sign}${sign && " "}`, pill(state)]),
      );
    }
    if (states.length > MOST) list.append(make("li", { class: "fine", text: `${sign}${states.length - MOST} more` }));
  }
  if (list.childElementCount === 0) made.append(make("p", { class: "fine", text: "No equilibrium." }));
  made.append(list);
  return made;
}

/** A state by its name or letters, with what is taken there in words, leading to its row among the states of the file. */
function pill(state: Named): HTMLElement {
  const taken = takenInWords(state, options);
  const label = [
    make("bdi", { text: state.name ?? state.state, class: state.name ? "" : "pattern" }),
    make("span", { class: "sr", text: `: ${taken}` }),
  ];
  if (state.in_file === null) {
    const title = `${taken} (not feasible in the file)`;
    return make("span", { title }, [...label, make("span", { class: "sr", text: ", not feasible in the file" })]);
  }
  const made = make("a", { title: taken }, label);
  made.href = `/states/${address}?find=${state.in_file}`;
  return made;
}

const settle = settled(20, () => void ask());
/** What stands there is no longer the answer from the moment a switch is turned. */
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
