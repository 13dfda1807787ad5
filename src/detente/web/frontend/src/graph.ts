/** The map of a dispute, drawn at the places that the server computed. */

import { get, query, Refused } from "./net";
import { address, all, data, find, make, patternOf, takenAt, when, type Option, type Party, type StateRow } from "./page";

interface Outcome extends StateRow {
  x: number;
  y: number;
  /** What is in its box, and all of it in words. */
  lines: string[];
  words: string;
  /** The number of moves from it, drawn or not, if that is known. */
  moves_in_all?: number;
}

interface Move {
  from: number;
  to: number;
  player: string;
  improvement: boolean;
  /** The place of the sentence that says what is done. */
  does: number;
}

/** Moves of one party between two outcomes, to and fro: true for an improvement, null for no move. */
interface Curve {
  player: string;
  from: number;
  to: number;
  forth: boolean | null;
  back: boolean | null;
  /** Whether it is on a shortest way from the status quo to an equilibrium. */
  way: boolean;
  points: [number, number][];
}

interface Band {
  x: number;
  y: number;
  width: number;
  height: number;
  lines: string[];
  row: boolean;
}

interface Graph {
  count: number;
  whole: boolean;
  left_out?: number;
  focus: number | null;
  said: string;
  width: number;
  height: number;
  box: { width: number; height: number };
  bands: Band[];
  curves: Curve[];
  states: Outcome[];
  moves: Move[];
  sentences: string[];
}

interface Way {
  text: string;
  from: number;
  to: number;
  steps: { player: string; from: number; to: number; improvement: boolean; text: string }[] | null;
}

const { parties, options } = data<{ parties: (Party & { dash: string })[]; options: Option[] }>();
const partyOf = new Map(parties.map((party) => [party.id, party]));
const form = find<HTMLFormElement>("#drawing");
const canvas = find("#canvas");
const told = find("#told");
const SVG = "http://www.w3.org/2000/svg";

/** The smallest and largest scale of a map that fits; a larger map is scrolled, for its words could not be read. */
const SMALLEST = 0.8;
const LARGEST = 1.25;
/** Up to so many lines each bears its party's letters. */
const MAX_LETTERS = 90;
const LINE = 13;

let graph: Graph;
let drawn: SVGSVGElement | null = null;
let scale = 1;
let chosen = 0;
let opened: number[] = [];
let way: Way | null = null;
let step = 0;
/** Whether there are too many outcomes to list: then the map is one outcome and its neighbours. */
const far = canvas.hasAttribute("data-far");

function field(key: string): string {
  return find<HTMLSelectElement>(`[name=${key}]`, form).value;
}

/** Make an element of the drawing; its content is text, never markup. */
function draws(tag: string, given: Record<string, string | number>, children: (Node | string)[] = []): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

function lines(texts: string[], x: number, y: number, given: Record<string, string>): SVGElement[] {
  return texts.map((text, place) => draws("text", { x, y: y + place * LINE, ...given }, [text]));
}

function bandOf(band: Band): SVGElement {
  const { x, y, width, height } = band;
  const at = band.row ? { x: x + 8, y: y + 20, anchor: "start" } : { x: x + width / 2, y: y - 7 - LINE * (band.lines.length - 1), anchor: "middle" };
  return draws("g", { class: "band" }, [
    draws("rect", { x, y, width, height, rx: 6 }),
    ...lines(band.lines, at.x, at.y, { "text-anchor": at.anchor }),
  ]);
}

/** An arrowhead for each party: full for an improvement, open for another move. */
function heads(): SVGElement {
  const made = parties.flatMap((party, place) =>
    [true, false].map((full) =>
      draws("marker", { id: `head-${place}-${full}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" }, [
        draws("path", { d: "M1 1L9 5L1 9Z", class: `head party-${party.colour} ${full ? "full" : "open"}` }),
      ]),
    ),
  );
  return draws("defs", {}, made);
}

/** Whether a curve is shown, and which of its ends have arrowheads. */
function shown(curve: Curve): { forth: boolean; back: boolean } {
  const kind = field("moves");
  const step = way?.steps?.some((one) => one.player === curve.player && Math.min(one.from, one.to) === Math.min(curve.from, curve.to) && Math.max(one.from, one.to) === Math.max(curve.from, curve.to));
  const near = curve.from === chosen || curve.to === chosen;
  const wanted = kind === "all" || curve.way || step || (kind === "selected" && near);
  const better = kind === "improvements" && (curve.forth || curve.back);
  return {
    forth: curve.forth !== null && Boolean(wanted || (better && curve.forth)),
    back: curve.back !== null && Boolean(wanted || (better && curve.back)),
  };
}

function curveOf(curve: Curve, ends: { forth: boolean; back: boolean }): SVGElement {
  const party = partyOf.get(curve.player);
  const place = party ? parties.indexOf(party) : 0;
  const [a, b, c, d] = curve.points as [[number, number], [number, number], [number, number], [number, number]];
  const better = (ends.forth && curve.forth) || (ends.back && curve.back);
  const given: Record<string, string | number> = {
    d: `M${a}C${b} ${c} ${d}`,
    class: `move party-${party?.colour ?? 0} ${better ? "better" : ""} ${curve.way ? "on-way" : ""}`,
    "data-from": curve.from,
    "data-to": curve.to,
    "data-player": curve.player,
  };
  if (party?.dash) given["stroke-dasharray"] = party.dash;
  if (ends.forth) given["marker-end"] = `url(#head-${place}-${curve.forth})`;
  if (ends.back) given["marker-start"] = `url(#head-${place}-${curve.back})`;
  return draws("path", given);
}

/** The letters of the party on its line, not all in the middle, where lines that cross would have theirs. */
function lettersOn(curve: Curve): SVGElement {
  const party = partyOf.get(curve.player);
  const at = 0.36 + 0.14 * ((party ? parties.indexOf(party) : 0) % 3);
  const rest = 1 - at;
  const weights = [rest ** 3, 3 * rest ** 2 * at, 3 * rest * at ** 2, at ** 3];
  const [x, y] = [0, 1].map((axis) => curve.points.reduce((sum, point, place) => sum + point[axis as 0 | 1] * (weights[place] ?? 0), 0)) as [number, number];
  return draws("text", { x, y: y + 4, class: `letters-on party-${party?.colour ?? 0}`, "text-anchor": "middle", "data-from": curve.from, "data-to": curve.to }, [party?.letter ?? ""]);
}

function outcomeOf(outcome: Outcome): SVGElement {
  const { width, height } = graph.box;
  const [left, top] = [outcome.x - width / 2, outcome.y - height / 2];
  const stable = outcome.equilibrium.includes(field("concept"));
  const made = draws("g", { class: `outcome ${stable ? "stable" : ""} ${outcome.status_quo ? "quo" : ""}`, role: "button", tabindex: -1, "data-number": outcome.number }, [
    draws("rect", { x: left, y: top, width, height, rx: 6, class: "box" }),
    ...(stable ? [draws("rect", { x: left + 3.5, y: top + 3.5, width: width - 7, height: height - 7, rx: 4, class: "inner" })] : []),
    ...lines(outcome.lines, outcome.x, outcome.y - ((outcome.lines.length - 1) * LINE) / 2 + 4, { "text-anchor": "middle" }),
  ]);
  made.setAttribute("aria-label", `${outcome.words}${stable ? " An equilibrium." : ""}`);
  return made;
}

/** Draw the map; the outcome that has the keyboard keeps it. */
function draw(): void {
  const kept = drawn?.contains(document.activeElement) ? focused() : 0;
  const curves = graph.curves.map((curve) => [curve, shown(curve)] as const).filter(([, ends]) => ends.forth || ends.back);
  const lettered = curves.length <= MAX_LETTERS ? curves : curves.filter(([one]) => one.from === chosen || one.to === chosen);
  drawn = draws("svg", { viewBox: `0 0 ${graph.width} ${graph.height}`, role: "group", "aria-label": "Map of the outcomes", "aria-describedby": "map-keys" }, [
    heads(),
    ...graph.bands.map(bandOf),
    ...curves.map(([curve, ends]) => curveOf(curve, ends)),
    ...lettered.map(([curve]) => lettersOn(curve)),
    ...graph.states.map(outcomeOf),
  ]) as SVGSVGElement;
  canvas.replaceChildren(drawn);
  zoom(scale);
  mark();
  if (kept) at(kept)?.focus({ preventScroll: true });
  canvas.dataset.drawn = `${graph.states.length} states`;
}

function zoom(wanted: number): void {
  scale = Math.min(3, Math.max(0.15, wanted));
  drawn?.setAttribute("width", String(graph.width * scale));
  drawn?.setAttribute("height", String(graph.height * scale));
  showFurther();
}

const further = all<HTMLButtonElement>(".further");

/** The part of the canvas's size by which a button scrolls, across and down. */
const SCROLLS: Record<string, [number, number]> = { left: [-0.7, 0], right: [0.7, 0], up: [0, -0.7], down: [0, 0.7] };

/** Show at which edges the map goes on. */
function showFurther(): void {
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = canvas;
  const left: Record<string, number> = {
    left: scrollLeft,
    right: scrollWidth - clientWidth - scrollLeft,
    up: scrollTop,
    down: scrollHeight - clientHeight - scrollTop,
  };
  for (const button of further) {
    const hide = (left[button.dataset.side ?? ""] ?? 0) <= 2;
    // The keyboard is not left on a button that goes.
    if (hide && button === document.activeElement) canvas.querySelector<SVGElement>("[tabindex='0']")?.focus({ preventScroll: true });
    button.hidden = hide;
  }
}

/** Scale the map so that all of it is seen, or else so that its words can be read around the chosen outcome. */
function fit(): void {
  const all = Math.min((canvas.clientWidth - 4) / graph.width, (canvas.clientHeight - 4) / graph.height);
  zoom(Math.min(LARGEST, Math.max(SMALLEST, all)));
  centre();
}

function centre(): void {
  const outcome = graph.states.find((one) => one.number === chosen);
  if (!outcome) return;
  canvas.scrollTo(outcome.x * scale - canvas.clientWidth / 2, outcome.y * scale - canvas.clientHeight / 2);
}

function at(number: number): SVGElement | null {
  return canvas.querySelector(`[data-number="${number}"]`);
}

function focused(): number {
  return Number((document.activeElement as SVGElement | null)?.dataset?.number ?? 0);
}

/** Mark the chosen outcome, its moves, and the steps of a path that have been made. */
function mark(): void {
  for (const one of canvas.querySelectorAll<SVGElement>(".outcome")) {
    const own = Number(one.dataset.number) === chosen;
    one.classList.toggle("chosen", own);
    one.setAttribute("aria-pressed", String(own));
    one.setAttribute("tabindex", own ? "0" : "-1");
    one.classList.remove("onward");
  }
  if (!canvas.querySelector("[tabindex='0']")) canvas.querySelector(".outcome")?.setAttribute("tabindex", "0");
  for (const one of canvas.querySelectorAll<SVGElement>(".move"))
    one.classList.toggle("near", Number(one.dataset.from) === chosen || Number(one.dataset.to) === chosen);
  for (const one of canvas.querySelectorAll(".move.onward")) one.classList.remove("onward");
  for (const one of way?.steps?.slice(0, step) ?? []) {
    at(one.to)?.classList.add("onward");
    for (const line of canvas.querySelectorAll<SVGElement>(".move")) {
      const ends = [Number(line.dataset.from), Number(line.dataset.to)];
      if (line.dataset.player === one.player && ends.includes(one.from) && ends.includes(one.to)) line.classList.add("onward");
    }
  }
}

async function load(focus = ""): Promise<boolean> {
  const asked = query({
    arrange: field("arrange"),
    across: field("across"),
    down: field("down"),
    by: field("by"),
    focus,
    expand: opened.map(String),
    ...when,
  });
  try {
    graph = await get<Graph>(`/api/graph/${address}?${asked}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    canvas.replaceChildren(make("p", { class: "problem", text: error.message }));
    return false;
  }
  find("#said").textContent = graph.said;
  find("#said").hidden = !graph.said;
  find("#restart").hidden = opened.length === 0;
  draw();
  fit();
  return true;
}

function named(number: number): string {
  const state = graph.states.find((one) => one.number === number);
  return state?.name ? `${number} (${state.name})` : String(number);
}

function choose(number: number): void {
  const state = graph.states.find((one) => one.number === number);
  if (!state) return;
  chosen = number;
  const box = find("#chosen");
  const moves = graph.moves.filter((move) => move.from === number);
  const list = make("ul", { class: "moves" });
  for (const party of parties) {
    const own = moves.filter((move) => move.player === party.id);
    if (own.length === 0) continue;
    const item = make("li", {}, [
      make("span", { class: `party party-${party.colour}` }, [
        make("span", { class: "letter", text: party.letter }),
        " ",
        make("bdi", { text: party.label }),
      ]),
    ]);
    for (const move of own.sort((a, b) => Number(b.improvement) - Number(a.improvement)).slice(0, 40)) {
      const does = graph.sentences[move.does] ?? "";
      const button = make(
        "button",
        {
          class: move.improvement ? "improving" : "",
          label: `${does}: to state ${named(move.to)}${move.improvement ? ", an improvement" : ""}`,
        },
        [make("b", { text: `${move.improvement ? "▶" : "▷"} ${move.to}` }), " ", make("bdi", { text: does })],
      );
      button.type = "button";
      button.addEventListener("click", () => go(move.to));
      item.append(" ", button);
    }
    list.append(item);
  }
  const titles = new Map([...find<HTMLSelectElement>("[name=concept]", form).options].map((one) => [one.value, one.text]));
  const concepts = state.equilibrium.map((id) => titles.get(id) ?? id).join(", ");
  const none = titles.size > 1 ? "Not an equilibrium under the usual concepts." : "Not an equilibrium under Nash.";
  const parts: (Node | string)[] = [
    make("h2", {}, [`State ${number}`, ...(state.name ? [" ", make("small", {}, [make("bdi", { text: state.name })])] : [])]),
    make("p", { class: "outcome-words" }, [make("bdi", { text: state.words })]),
    make("p", {}, [patternOf(state, options)]),
    ...takenAt(state, options).map(([owner, labels]) =>
      make("p", { class: "fine taken" }, [make("b", {}, [make("bdi", { text: owner })]), " ", make("bdi", { text: labels })]),
    ),
    make("p", { text: concepts ? `Equilibrium under ${concepts}.` : none }),
  ];
  if (!graph.whole && !isOpen(number)) {
    const around = make("button", { text: "Show the outcomes one move away" });
    around.type = "button";
    around.addEventListener("click", () => void open(number));
    parts.push(around);
  }
  const wayBox = document.querySelector<HTMLElement>("#way");
  if (wayBox && !state.status_quo) {
    const lead = make("button", { text: "Show the path from the status quo" });
    lead.type = "button";
    lead.addEventListener("click", () => void showWay(number));
    parts.push(lead);
  }
  // A map that is not whole draws only the moves between its outcomes.
  const every = graph.whole || moves.length === state.moves_in_all;
  const all = state.moves_in_all === undefined ? "" : ` of ${state.moves_in_all.toLocaleString("en")}`;
  const title = every ? "Moves from this state" : `Moves drawn on this map: ${moves.length}${all}`;
  if (moves.length > 0) parts.push(make("h3", { text: title }), list);
  else if (graph.whole || isOpen(number)) parts.push(make("p", { class: "fine", text: "No party can move from this state." }));
  if (graph.left_out && number === graph.focus && isOpen(number))
    parts.push(make("p", { class: "fine", text: `${graph.left_out.toLocaleString("en")} further outcomes, which change more options at once, are not drawn.` }));
  box.replaceChildren(...parts);
  if (field("moves") === "selected") draw();
  else mark();
  told.textContent = state.words;
}

/** Whether the neighbours of an outcome are on the map. */
function isOpen(number: number): boolean {
  return far ? number === graph.focus : opened.includes(number);
}

/** Choose an outcome and, on a map that is not drawn whole, add those one move away from it. */
async function open(number: number): Promise<void> {
  if (graph.whole || isOpen(number)) return choose(number);
  const keyboard = focused();
  if (!far) opened = [...opened, number].slice(-12);
  chosen = number;
  if (!(await load(String(number)))) return;
  choose(number);
  if (keyboard) at(number)?.focus({ preventScroll: true });
}

function go(number: number): void {
  if (graph.states.some((one) => one.number === number)) choose(number);
  else void load(String(number)).then((done) => done && choose(number));
  centre();
}

async function showWay(to: number): Promise<void> {
  const box = find("#way");
  box.hidden = false;
  try {
    way = await get<Way>(`/api/path/${address}?${query({ to, ...when })}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    find("#way-text").textContent = error.message;
    return;
  }
  step = 0;
  draw();
  showStep();
  box.scrollIntoView({ block: "nearest" });
}

function showStep(): void {
  const steps = way?.steps ?? [];
  find("#step").textContent = steps.length > 0 ? `step ${step} of ${steps.length}` : "";
  find("#way-text").textContent = step === 0 ? (way?.text ?? "") : (steps[step - 1]?.text ?? "");
  find<HTMLButtonElement>("#back").disabled = step === 0;
  find<HTMLButtonElement>("#on").disabled = step >= steps.length;
  mark();
}

document.querySelector("#back")?.addEventListener("click", () => {
  step--;
  showStep();
});
document.querySelector("#on")?.addEventListener("click", () => {
  step++;
  showStep();
});

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", (event) => {
  const { name } = event.target as HTMLSelectElement;
  const arrange = field("arrange");
  for (const one of all(".for-options", form)) one.hidden = arrange !== "options";
  for (const one of all(".for-preference", form)) one.hidden = arrange !== "preference";
  if (name === "concept" || name === "moves") draw();
  else void load(graph.whole ? "" : String(chosen || (graph.focus ?? "")));
});
find<HTMLFormElement>("#find").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = String(new FormData(event.target as HTMLFormElement).get("state") ?? "").trim();
  const folded = wanted.toLowerCase();
  const known = graph.states.find(
    (one) =>
      String(one.number) === wanted ||
      one.state === wanted ||
      one.name?.toLowerCase() === folded ||
      (one.status_quo && folded === "status quo"),
  );
  if (known) choose(known.number);
  else
    void get<Graph>(`/api/graph/${address}?${query({ focus: wanted, ...when })}`).then(
      (found) => found.focus && go(found.focus),
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        find("#chosen").replaceChildren(make("p", { class: "problem", text: error.message }));
      },
    );
});

/** The outcome nearest in a direction; what is off to the side counts for more. */
function next(from: Outcome, dx: number, dy: number): Outcome | undefined {
  const away = (one: Outcome): number => {
    const along = (one.x - from.x) * dx + (one.y - from.y) * dy;
    const aside = Math.abs((one.x - from.x) * dy) + Math.abs((one.y - from.y) * dx);
    return along > 4 ? along + 2.5 * aside : Infinity;
  };
  const best = graph.states.reduce<Outcome | undefined>((best, one) => (away(one) < (best ? away(best) : Infinity) ? one : best), undefined);
  return best && away(best) < Infinity ? best : undefined;
}

const DIRECTIONS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

canvas.addEventListener("keydown", (event) => {
  const here = graph.states.find((one) => one.number === focused());
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const direction = DIRECTIONS[event.key];
  if (direction || event.key === "Home") {
    const to = direction ? next(here, ...direction) : graph.states.find((one) => one.status_quo);
    const node = to && at(to.number);
    if (node) {
      at(here.number)?.setAttribute("tabindex", "-1");
      node.setAttribute("tabindex", "0");
      node.focus();
      node.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  } else if (event.key === "Enter" || event.key === " ") void open(here.number);
  else if (event.key === "+" || event.key === "=") zoom(scale * 1.25);
  else if (event.key === "-") zoom(scale / 1.25);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
});
canvas.addEventListener("click", (event) => {
  const number = Number((event.target as Element).closest<SVGElement>(".outcome")?.dataset.number ?? 0);
  if (number && !moved) void open(number);
});
for (const kind of ["pointerover", "focusin"] as const)
  canvas.addEventListener(kind, (event) => {
    const number = Number((event.target as Element).closest<SVGElement>(".outcome")?.dataset.number ?? 0);
    const outcome = graph.states.find((one) => one.number === number);
    if (outcome) told.textContent = outcome.words;
  });

// A mouse drags the map; a finger scrolls it.
let moved = false;
let held: { x: number; y: number; left: number; top: number } | null = null;
canvas.addEventListener("pointerdown", (event) => {
  moved = false;
  if (event.pointerType === "mouse" && event.button === 0) held = { x: event.clientX, y: event.clientY, left: canvas.scrollLeft, top: canvas.scrollTop };
});
window.addEventListener("pointermove", (event) => {
  if (!held) return;
  moved ||= Math.abs(event.clientX - held.x) + Math.abs(event.clientY - held.y) > 5;
  if (moved) canvas.scrollTo(held.left - event.clientX + held.x, held.top - event.clientY + held.y);
});
window.addEventListener("pointerup", () => (held = null));
find("#zoom-in").addEventListener("click", () => zoom(scale * 1.25));
find("#zoom-out").addEventListener("click", () => zoom(scale / 1.25));
find("#fit").addEventListener("click", fit);
find("#restart").addEventListener("click", () => {
  opened = [];
  way = null;
  const quo = graph.states.find((one) => one.status_quo);
  void load().then((done) => done && quo && choose(quo.number));
});
new ResizeObserver(() => graph && drawn && fit()).observe(canvas);
canvas.addEventListener("scroll", showFurther, { passive: true });
for (const button of further)
  button.addEventListener("click", () => {
    const [across, down] = SCROLLS[button.dataset.side ?? ""] ?? [0, 0];
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    canvas.scrollBy({ left: across * canvas.clientWidth, top: down * canvas.clientHeight, behavior });
  });

// If nothing could be drawn, the canvas shows the reason.
const asked = new URLSearchParams(location.search).get("focus") ?? "";
if (await load(asked)) {
  // Many improvements together are unreadable, so start with the ways and those of one outcome.
  if (!graph!.whole || graph!.curves.length > 60) find<HTMLSelectElement>("[name=moves]", form).value = "selected";
  const first =
    graph!.states.find((one) => String(one.number) === asked) ??
    graph!.states.find((one) => one.number === graph!.focus || one.status_quo) ??
    graph!.states[0];
  if (first) choose(first.number);
  draw();
  fit();
}
