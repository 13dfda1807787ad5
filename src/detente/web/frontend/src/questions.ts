/** Questions that run in the background: start, follow, cancel, and show the result. */

import { Job } from "./job";
import { part, query, Refused } from "./net";
import { find, make } from "./page";
import { explainTerms } from "./terms";

const form = find<HTMLFormElement>("#ask");
const answer = find("#answer");

// On a narrow page the list of questions is a row that scrolls.
document.querySelector(".which [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const job = new Job((id) => void show(id));

async function show(id: string): Promise<void> {
  find<HTMLButtonElement>("button.primary", form).disabled = false;
  const html = await part(`/parts/job/${id}`);
  if (!job.is(id)) return;
  answer.innerHTML = html;
  explainTerms(answer);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

function submit(): void {
  const fields = new FormData(form);
  const given: Record<string, unknown> = {};
  for (const key of new Set(fields.keys())) {
    const many = form.querySelector(`[name="${CSS.escape(key)}"][data-many]`) !== null;
    given[key] = many ? fields.getAll(key) : fields.get(key);
  }
  void ask(given);
}

async function ask(given: Record<string, unknown>): Promise<void> {
  answer.replaceChildren();
  const button = find<HTMLButtonElement>("button.primary", form);
  button.disabled = true;
  try {
    await job.begin(form.dataset.question ?? "", given);
  } catch (error) {
    button.disabled = false;
    if (!(error instanceof Refused)) throw error;
    const told = make("p", { class: "problem", text: error.message });
    told.setAttribute("role", "alert");
    answer.replaceChildren(told);
  }
}

/** Load the rows that an answer does not show at first, a page at a time. */
async function showRest(box: HTMLElement, offset: number): Promise<void> {
  box.ariaBusy = "true";
  try {
    box.innerHTML = await part(`${box.dataset.rest}?${query({ offset })}`);
    explainTerms(box);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    box.replaceChildren(make("p", { class: "problem", text: error.message }));
  }
  box.ariaBusy = "false";
}

answer.addEventListener(
  "toggle",
  (event) => {
    const box = (event.target as HTMLElement).querySelector<HTMLElement>("[data-rest]");
    if (box && box.childElementCount === 0) void showRest(box, 0);
  },
  true,
);
answer.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLButtonElement>(".pager button");
  const box = button?.closest<HTMLElement>("[data-rest]");
  if (!button || !box) return;
  void showRest(box, Number(button.dataset.offset)).then(() => {
    box.scrollIntoView({ block: "nearest" });
    box.querySelector<HTMLElement>(".pager button:not(:disabled)")?.focus({ preventScroll: true });
  });
});

if (form.dataset.atOnce !== undefined) submit();
