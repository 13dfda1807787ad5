/** Documents and their statements: select words to add a statement, and link it to elements of the model. */

import { Details } from "./details";
import { NewElement } from "./element";
import type { Source, Statement } from "./fields";
import { perform } from "./forms";
import { Job } from "./job";
import { get, part, put, Refused } from "./net";
import { address, all, counted, find, name, pathTo, refusal } from "./page";
import { Triage } from "./triage";
import { set, Work, type Edit } from "./work";

/** Elements with their own scroll position, which is kept when the page is rendered again. */
const SCROLLING = ".words, .three > div";
/** Targets for a new element. */
const NEW = "[data-new], #new-element";
/** All targets on which a statement can be dropped. */
const TARGETS = `.target, ${NEW}`;
const section = find("section.sources");
const dossier = find("#dossier");
let selected: Pick<Statement, "source" | "spans" | "quote" | "prefix" | "suffix"> | null = null;
let linking = "";
let against = false;
let busy = false;
let dragged = "";

const work = await Work.begin(Boolean(section.dataset.editable), refresh);
const fresh = new NewElement(dossier, work);
const details = new Details(dossier, work);
const triage = new Triage(dossier, work, refresh);

async function refresh(): Promise<void> {
  try {
    const html = await part(`/parts/sources/${address}`, { text: work.draft.text, ...triage.view });
    const scrolled = all(SCROLLING, dossier).map((one) => one.scrollTop);
    const active = document.activeElement as HTMLElement | null;
    const { key } = active?.dataset ?? {};
    const card = active?.closest(".card")?.id;
    const opened = new Set(all<HTMLDetailsElement>("details[open]", dossier).map((one) => one.dataset.key));
    const restore = [fresh.kept(), details.kept()];
    dossier.innerHTML = html;
    triage.shown();
    for (const one of all<HTMLDetailsElement>("details[data-key]", dossier)) one.open = opened.has(one.dataset.key);
    for (const one of restore) one();
    setBusy(busy);
    all(SCROLLING, dossier).forEach((one, place) => (one.scrollTop = scrolled[place] ?? 0));
    // If the control is gone, focus its card.
    const same = key ? dossier.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) : null;
    (same ?? (card ? document.getElementById(card) : null))?.focus({ preventScroll: true });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    work.say(`The sources cannot be shown because the text has faults: ${error.message}`);
  }
}

function show(id: string, focus = false): void {
  const card = document.getElementById(id);
  if (!card && id) {
    void triage.goTo(id).then((found) => found && show(id, focus));
    return;
  }
  for (const one of all(".chosen", dossier)) one.classList.remove("chosen");
  card?.classList.add("chosen");
  card?.scrollIntoView({ block: "nearest" });
  if (focus) card?.focus({ preventScroll: true });
  const marks = all("mark", dossier).filter((one) => one.dataset.statements?.split(" ").includes(id));
  for (const one of marks) one.classList.add("chosen");
  marks[0]?.scrollIntoView({ block: "center" });
}

/** Start a new element with the chosen statements as evidence. */
function begin(): void {
  const chosen = all(".card[data-statement].chosen", dossier).map((one) => one.dataset.statement ?? "");
  if (chosen.length) fresh.begin(chosen);
  else find("#begin-hint").textContent = "First choose the statement that is evidence for it.";
}

/** Highlight the cards and marks of an element's statements. */
function behind(target: HTMLElement): void {
  const ids = target.dataset.evidence?.split(" ").filter(Boolean) ?? [];
  if (ids[0]) show(ids[0]);
  for (const one of all(".chosen", dossier)) one.classList.remove("chosen");
  target.classList.add("chosen");
  for (const id of ids) document.getElementById(id)?.classList.add("chosen");
  for (const one of all("mark", dossier)) {
    if (one.dataset.statements?.split(" ").some((id) => ids.includes(id))) one.classList.add("chosen");
  }
}

function link(statement: string, target: HTMLElement): void {
  const key = against ? "against" : "evidence";
  setLinking("");
  if (target.matches(NEW)) {
    fresh.begin([statement]);
    return;
  }
  const at = JSON.parse(target.dataset.at ?? "[]") as (string | number)[];
  void perform(work, { do: "link", at, statement, key }, target).then(() => show(statement));
}

/** Let the user choose the element that a statement supports or speaks against. */
function setLinking(id: string, speaksAgainst = false): void {
  linking = id;
  against = speaksAgainst;
  section.classList.toggle("linking", id !== "");
  // A new element needs a statement that supports it, so it is no target for one that speaks against.
  for (const one of all<HTMLButtonElement>("[data-new]", dossier)) one.disabled = against;
  find("#link-hint").textContent = id
    ? `Choose the element that ${id} is evidence ${against ? "against" : "for"}. Press Esc to cancel.`
    : "Choose an element to see its statements. To add one, drag it onto the element, or choose “Evidence for …” or “Evidence against …” on its card.";
}

/** The job that reads a document; its statements are added as a change that can be undone. */
const reading = section.dataset.editable ? new Job((id) => void found(id)) : null;

/** What a reader found, and the documents that it could not read. */
type Found = Record<string, unknown> & { unreadable?: string[] };

async function found(id: string): Promise<void> {
  setBusy(false);
  const job = await get<{ state: string; problem: string; answer: Found | null }>(`/api/jobs/${id}`);
  if (job.state !== "done" || !job.answer) {
    work.say(job.state === "failed" ? `Not read: ${job.problem}` : "");
    return;
  }
  const { unreadable = [], ...read } = job.answer;
  const before = triage.known;
  if (!(await perform(work, { do: "import", dossier: read }, find(".reader", dossier)))) return;
  const more = triage.known - before;
  // What was found stands at the end: open it there, among the statements of all speakers.
  if (more) await triage.showAll(before);
  const found = more
    ? `${counted(more, "statement")} found. This is a draft: check each one against the document.`
    : "No new statements found.";
  work.say([found, ...unreadable.map((one) => `Not read: ${one}.`)].join(" "));
}

/** Disable reading while a document is being read. */
function setBusy(now: boolean): void {
  busy = now;
  for (const one of all<HTMLButtonElement>("[data-read]", dossier)) one.disabled = now;
}

function read(source: string): void {
  setBusy(true);
  reading?.begin("read", { source }, work.draft.text).catch((error: unknown) => {
    setBusy(false);
    if (!(error instanceof Refused)) throw error;
    work.say(`Not read: ${error.message}`);
  });
}

dossier.addEventListener("change", (event) => {
  const field = event.target as HTMLInputElement;
  const { change, statement, ofSource } = field.dataset;
  if (change && statement) void perform(work, set(["statements", statement, change as keyof Statement], field.value), field);
  if (change && ofSource) void perform(work, set(["sources", ofSource, change as keyof Source], field.value), field);
});

dossier.addEventListener("click", (event) => {
  const at = event.target as HTMLElement;
  if (at.closest("[data-change]") || details.holds(at)) return;
  const more = at.closest<HTMLElement>("[data-details]");
  if (more) {
    details.toggle(more);
    return;
  }
  const other = at.closest<HTMLAnchorElement>("a[data-other]");
  if (other) {
    event.preventDefault();
    show(other.dataset.other ?? "", true);
    return;
  }
  const toRead = at.closest<HTMLElement>("[data-read]")?.dataset.read;
  if (toRead !== undefined) {
    read(toRead);
    return;
  }
  if (triage.clicked(at)) return;
  const edit = at.closest<HTMLElement>("button[data-edit]");
  const start = at.closest<HTMLElement>("[data-link], [data-against]");
  const target = at.closest<HTMLElement>(".target");
  const marked = at.closest<HTMLElement>("mark");
  const card = at.closest<HTMLElement>(".card[data-statement]");
  if (edit) {
    const { said } = edit.dataset;
    const made = JSON.parse(edit.dataset.edit ?? "{}") as Edit;
    void perform(work, made, edit).then((done) => done && said && work.say(said));
  } else if (start) {
    const { link: supports, against: opposes } = start.dataset;
    setLinking(supports ?? opposes ?? "", opposes !== undefined);
    find(".target:enabled", dossier).focus();
  } else if (target && linking) link(linking, target);
  else if (target?.matches(NEW)) begin();
  else if (target) behind(target);
  else if (marked && getSelection()?.isCollapsed) show(marked.dataset.statements?.split(" ")[0] ?? "");
  else if (at.id === "forget") forget();
  else if (card) show(card.dataset.statement ?? "");
});

dossier.addEventListener("keydown", (event) => {
  const at = event.target as HTMLElement;
  if (triage.pressed(event)) return;
  if (event.key === "Escape") {
    if (details.holds(at)) details.close(true);
    setLinking("");
    forget();
    fresh.forget();
  }
  if (event.key !== "Enter" && event.key !== " ") return;
  if (at.matches("mark")) show(at.dataset.statements?.split(" ")[0] ?? "", true);
  else if (at.matches(".card[data-statement]")) show(at.dataset.statement ?? "");
  else return;
  event.preventDefault();
});

dossier.addEventListener("dragstart", (event) => {
  dragged = (event.target as HTMLElement).closest<HTMLElement>(".card")?.dataset.statement ?? "";
  event.dataTransfer?.setData("text/plain", dragged);
});
dossier.addEventListener("dragover", (event) => {
  const target = (event.target as HTMLElement).closest<HTMLElement>(TARGETS);
  for (const one of all(".over", dossier)) one.classList.remove("over");
  if (!dragged || !target) return;
  event.preventDefault();
  target.classList.add("over");
});
dossier.addEventListener("drop", (event) => {
  const target = (event.target as HTMLElement).closest<HTMLElement>(TARGETS);
  if (!dragged || !target) return;
  event.preventDefault();
  link(dragged, target);
  dragged = "";
});

/** The position of a point of the page in a document's text, in code points, as Python counts them. */
function position(node: Node, offset: number): number | null {
  const element = node instanceof HTMLElement ? node : node.parentElement;
  const piece = element?.closest<HTMLElement>("[data-start]");
  if (!piece) return null;
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, offset);
  return Number(piece.dataset.start) + [...before.toString()].length;
}

document.addEventListener("selectionchange", () => {
  if (!section.dataset.editable) return;
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const of = (node: Node): HTMLElement | null =>
    (node instanceof HTMLElement ? node : node.parentElement)?.closest<HTMLElement>(".words") ?? null;
  const words = of(range.startContainer);
  if (!words || words !== of(range.endContainer)) return;
  let start = position(range.startContainer, range.startOffset);
  let end = position(range.endContainer, range.endOffset);
  if (start === null || end === null) return;
  const text = [...(words.textContent ?? "")];
  while (start < end && /\s/.test(text[start] ?? "")) start++;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end--;
  if (start === end) return;
  const quote = text.slice(start, end).join("").replace(/\s+/g, " ");
  selected = {
    source: words.dataset.source ?? "",
    spans: [[start, end]],
    quote,
    prefix: text.slice(Math.max(0, start - 32), start).join(""),
    suffix: text.slice(end, end + 32).join(""),
  };
  const form = find("#new-statement");
  form.hidden = false;
  find("#new-quote").textContent = quote.length > 400 ? `${quote.slice(0, 400)}…` : quote;
});

function forget(): void {
  selected = null;
  const form = dossier.querySelector<HTMLElement>("#new-statement");
  if (form) form.hidden = true;
}

dossier.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  if (form.matches(NEW)) {
    void fresh.submit();
    return;
  }
  if (details.holds(form)) {
    void details.submit();
    return;
  }
  if (!selected) return;
  const given = Object.fromEntries(new FormData(form)) as Record<string, string>;
  void perform(work, { do: "add", at: ["statements"], ...selected, speaker: given.speaker, kind: given.kind }, form).then((done) => {
    if (!done) return;
    selected = null;
    getSelection()?.removeAllRanges();
    void triage.showLast().then((last) => last && show(last, true));
  });
});

const upload = document.querySelector<HTMLFormElement>("#upload");
upload?.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = new FormData(upload);
  const file = fields.get("file");
  if (!(file instanceof File)) return;
  upload.querySelector(".refused")?.remove();
  const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/") + 1) : "";
  const edit: Edit = { do: "add", at: ["sources"], file: file.name, title: String(fields.get("title") ?? "") };
  // Check that the document can be cited, upload it, then cite it.
  void work
    .edit(edit, () => put(`/api/documents/${pathTo(folder + file.name)}`, file))
    .then(() => upload.reset())
    .catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      upload.append(refusal(`Not added: ${error.message}`));
    });
});

if (work.draft.unsaved) await refresh();
work.state();
const addressed = (): void => {
  if (location.hash) show(decodeURIComponent(location.hash.slice(1)), true);
};
addEventListener("hashchange", addressed);
addressed();
section.dataset.ready = "yes";
