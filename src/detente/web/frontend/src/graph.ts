/** The state graph, drawn at the positions that the server computed. */

import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from "cytoscape";
import { get, query, Refused } from "./net";
import { address, all, data, find, make, patternOf, takenAt, when, type Option, type Party, type StateRow } from "./page";

interface Node extends StateRow {
  x: number;
  y: number;
}

interface Move {
  from: number;
  to: number;
  player: string;
  improvement: boolean;
  /** The place of the sentence that says what is done. */
  does: number;
}

interface Graph {
  count: number;
  whole: boolean;
  left_out?: number;
  focus: number | null;
  states: Node[];
  moves: Move[];
  sentences: string[];
}

interface Way {
  text: string;
  from: number;
  to: number;
  steps: { player: string; from: number; to: number; improvement: boolean; text: string }[] | null;
}

// Cytoscape adds a style element, which the page's policy refuses, unless it finds an element of this name.
// The page's style sheet has its one rule.
const stand = make("span");
stand.id = "__________cytoscape_stylesheet";
stand.hidden = true;
document.head.append(stand);

const { parties, options } = data<{ parties: Party[]; options: Option[] }>();
const partyOf = new Map(parties.map((party) => [party.id, party]));
const form = find<HTMLFormElement>("#drawing");
const canvas = find("#canvas");

/** The largest zoom at which a small graph is shown at first. */
const LARGEST = 1.6;

let graph: Graph;
let core: Core;
let chosen = 0;
let way: Way | null = null;
let step = 0;

function field(key: string): string {
  return find<HTMLSelectElement>(`[name=${key}]`, form).value;
}

const probe = make("span");
probe.hidden = true;
document.body.append(probe);

/** A colour of the current theme. */
function colour(variable: string): string {
  probe.style.color = `var(${variable})`;
  return getComputedStyle(probe).color;
}

function look(): StylesheetJson {
  const many = graph.states.length > 200;
  // In a large graph the numbers are too small to read, so equilibria and the status quo are drawn larger.
  const size = many ? 56 : 34;
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        width: size,
        height: size,
        "font-family": "Inter Variable, sans-serif",
        "font-size": many ? 21 : 12,
        "min-zoomed-font-size": 7,
        "font-weight": 500,
        "text-valign": "center",
        "text-halign": "center",
        color: colour("--ink"),
        "background-color": colour("--surface"),
        // In a large graph, moves behind a state show through it.
        "background-opacity": many ? 0 : 1,
        "border-width": many ? 4.5 : 1.2,
        "border-color": colour("--line-strong"),
      },
    },
    {
      selector: "node[?equilibrium]",
      style: {
        "border-width": many ? 8 : 3.5,
        "background-opacity": 1,
        "border-color": colour("--accent"),
        "background-color": colour("--accent-soft"),
        "font-weight": 700,
        ...(many ? { width: 84, height: 84, "font-size": 44 } : {}),
      },
    },
    {
      selector: "node[?quo]",
      style: {
        shape: "round-rectangle",
        ...(many ? { width: 92, height: 92, "font-size": 44, "border-color": colour("--ink") } : { width: 38, height: 38 }),
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.6,
        "curve-style": many ? "straight" : "bezier",
        "control-point-step-size": 16,
        "line-color": "data(colour)",
        "target-arrow-color": "data(colour)",
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        opacity: many ? 0.45 : 0.75,
      },
    },
    { selector: "edge[!improvement]", style: { width: 1, "line-style": "dashed", opacity: 0.4, "target-arrow-shape": "vee" } },
    { selector: ".faded", style: { opacity: 0.12 } },
    { selector: "node.chosen", style: { "overlay-color": colour("--accent"), "overlay-opacity": 0.18, "overlay-padding": 8 } },
    { selector: "edge.near", style: { opacity: 1, width: 2.4 } },
    { selector: "edge.onward", style: { opacity: 1, width: 4.5, "z-index": 9 } },
    { selector: "node.onward", style: { "border-width": 4, "border-color": colour("--ink") } },
  ] as StylesheetJson;
}

function elements(): ElementDefinition[] {
  const concept = field("concept");
  const kind = field("moves");
  const nodes = graph.states.map((state) => ({
    data: {
      id: String(state.number),
      label: String(state.number),
      equilibrium: state.equilibrium.includes(concept),
      quo: state.status_quo,
    },
    position: { x: state.x, y: state.y },
  }));
  const on = new Set(way?.steps?.map((one) => `${one.from}-${one.to}-${one.player}`));
  const edges = graph.moves
    .filter(
      (move) =>
        kind === "all" ||
        on.has(`${move.from}-${move.to}-${move.player}`) ||
        (kind === "improvements" && move.improvement) ||
        (kind === "selected" && (move.from === chosen || move.to === chosen)),
    )
    .map((move) => ({
      data: {
        id: `${move.from}-${move.to}-${move.player}`,
        source: String(move.from),
        target: String(move.to),
        improvement: move.improvement,
        colour: colour(`--party-${partyOf.get(move.player)?.colour ?? 0}`),
      },
    }));
  return [...nodes, ...edges];
}

function draw(fit: boolean): void {
  const view = core ? { zoom: core.zoom(), pan: { ...core.pan() } } : null;
  core?.destroy();
  core = cytoscape({
    container: canvas,
    elements: elements(),
    style: look(),
    layout: { name: "preset" },
    minZoom: 0.08,
    maxZoom: 3,
    autoungrabify: true,
    boxSelectionEnabled: false,
    hideEdgesOnViewport: graph.moves.length > 4000,
    textureOnViewport: graph.states.length > 300,
  });
  if (fit || !view) {
    core.fit(undefined, 34);
    if (core.zoom() > LARGEST) {
      core.zoom(LARGEST);
      core.center();
    }
  }
  else core.viewport(view);
  core.on("tap", "node", (event) => choose(Number(event.target.id())));
  mark();
  canvas.dataset.drawn = `${graph.states.length} states`;
}

function mark(): void {
  core.elements().removeClass("chosen near onward");
  if (chosen) {
    const node = core.getElementById(String(chosen));
    node.addClass("chosen");
    node.connectedEdges().addClass("near");
  }
  for (const one of way?.steps?.slice(0, step) ?? []) {
    core.getElementById(`${one.from}-${one.to}-${one.player}`).addClass("onward");
    core.getElementById(String(one.to)).addClass("onward");
  }
}

async function load(focus = ""): Promise<boolean> {
  const asked = query({
    arrange: field("arrange"),
    across: field("across"),
    down: field("down"),
    by: field("by"),
    focus,
    ...when,
  });
  try {
    graph = await get<Graph>(`/api/graph/${address}?${asked}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    canvas.replaceChildren(make("p", { class: "problem", text: error.message }));
    return false;
  }
  draw(true);
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
        [make("b", { text: `${move.improvement ? "▲" : "→"} ${move.to}` }), " ", make("bdi", { text: does })],
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
  const parts: (Node_ | string)[] = [
    make("h2", {}, [`State ${number}`, ...(state.name ? [" ", make("small", {}, [make("bdi", { text: state.name })])] : [])]),
    make("p", {}, [patternOf(state, options)]),
    ...takenAt(state, options).map(([owner, labels]) =>
      make("p", { class: "fine taken" }, [make("b", {}, [make("bdi", { text: owner })]), " ", make("bdi", { text: labels })]),
    ),
    make("p", { text: concepts ? `Equilibrium under ${concepts}.` : none }),
  ];
  if (!graph.whole && number !== graph.focus) {
    const around = make("button", { text: "Draw the moves from this state" });
    around.type = "button";
    around.addEventListener("click", () => go(number, true));
    parts.push(around);
  }
  const wayBox = document.querySelector<HTMLElement>("#way");
  if (wayBox && !state.status_quo) {
    const lead = make("button", { text: "Show the path from the status quo" });
    lead.type = "button";
    lead.addEventListener("click", () => void showWay(number));
    parts.push(lead);
  }
  if (moves.length > 0) parts.push(make("h3", { text: "Moves from this state" }), list);
  else if (graph.whole || number === graph.focus) parts.push(make("p", { class: "fine", text: "No party can move from this state." }));
  if (graph.left_out && number === graph.focus)
    parts.push(make("p", { class: "fine", text: `${graph.left_out.toLocaleString("en")} further moves, which change more options at once, are not drawn.` }));
  box.replaceChildren(...parts);
  if (field("moves") === "selected") draw(false);
  else mark();
}

type Node_ = globalThis.Node;

function go(number: number, around = false): void {
  if (!around && graph.states.some((one) => one.number === number)) choose(number);
  else void load(String(number)).then(() => choose(number));
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
  draw(false);
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
  if (name === "concept" || name === "moves") draw(false);
  else void load(graph.whole ? "" : String(graph.focus ?? ""));
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
    void get<Graph>(`/api/graph/${address}?${query({ arrange: field("arrange"), focus: wanted, ...when })}`).then(
      (found) => found.focus && go(found.focus),
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        find("#chosen").replaceChildren(make("p", { class: "problem", text: error.message }));
      },
    );
});
document.addEventListener("theme", () => draw(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(false));

// If nothing could be drawn, the canvas shows the reason.
const asked = new URLSearchParams(location.search).get("focus") ?? "";
if (await load(asked)) {
  if (!graph!.whole || graph!.moves.length > 600) {
    // The improvements of a large graph are unreadable together, so start with those of one state.
    find<HTMLSelectElement>("[name=moves]", form).value = "selected";
  }
  const first =
    graph!.states.find((one) => String(one.number) === asked) ??
    graph!.states.find((one) => one.number === graph!.focus || one.status_quo) ??
    graph!.states[0];
  if (first) choose(first.number);
}
