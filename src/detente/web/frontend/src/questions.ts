/** Questions that take their time: asked, followed, cancelled, and read. */

import { Live, type JobNews } from "./live";
import { part, query, Refused, send } from "./net";
import { find, make, name } from "./page";

const form = find<HTMLFormElement>("#ask");
const work = find("#work");
const answer = find("#answer");
let job = "";

// On a narrow page the questions are a row that scrolls.
document.querySelector(".which [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const live = new Live((news) => {
  if ("job" in news && news.job === job) void follow(news);
});

async function follow(news: JobNews): Promise<void> {
  find<HTMLProgressElement>("#progress").value = news.share;
  find("#doing").textContent = news.doing || "working";
  if (news.state === "running") return;
  const id = job;
  work.hidden = true;
  find<HTMLButtonElement>("button.primary", form).disabled = false;
  const html = await part(`/parts/job/${id}`);
  if (id === job) answer.innerHTML = html;
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
    const started = await send<{ id: string }>("POST", "/api/jobs", { question: form.dataset.question, name, given });
    job = started.id;
    work.hidden = false;
    find<HTMLProgressElement>("#progress").value = 0;
    find("#doing").textContent = "starting";
    live.want({ job });
  } catch (error) {
    button.disabled = false;
    if (!(error instanceof Refused)) throw error;
    const told = make("p", { class: "problem", text: error.message });
    told.setAttribute("role", "alert");
    answer.replaceChildren(told);
  }
}

find("#cancel").addEventListener("click", () => {
  if (job) void send("DELETE", `/api/jobs/${job}`).catch(() => undefined);
});

/** What is not told at once is fetched when it is asked for, a page at a time. */
async function showRest(box: HTMLElement, offset: number): Promise<void> {
  box.ariaBusy = "true";
  try {
    box.innerHTML = await part(`${box.dataset.rest}?${query({ offset })}`);
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
