/** Helpers and data that every page uses. */

export const page = document.body.dataset.page ?? "";
export const name = document.body.dataset.name ?? "";
export const address = pathTo(name);
/** The day that the page shows, for requests; empty for the file's own day. */
export const when: Record<string, string> = Object.fromEntries(
  (["day", "undated"] as const).flatMap((key) => (document.body.dataset[key] ? [[key, document.body.dataset[key]]] : [])),
);

/** A file's name as part of an address. */
export function pathTo(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}

export function find<T extends HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

export function all<T extends HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

export function data<T>(): T {
  return JSON.parse(find("#data").textContent ?? "{}") as T;
}

/** Make an element; its content is text, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: { text?: string; class?: string; title?: string; label?: string } = {},
  children: (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (given.text !== undefined) made.textContent = given.text;
  if (given.class) made.className = given.class;
  if (given.title) made.title = given.title;
  if (given.label) made.setAttribute("aria-label", given.label);
  made.append(...children);
  return made;
}

/** A refusal, which a screen reader announces at once. */
export function refusal(text: string): HTMLElement {
  const told = make("p", { class: "refused", text });
  told.setAttribute("role", "alert");
  return told;
}

/** Download a text as a file. */
export function download(file: string, text: string): void {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = file.split("/").at(-1) ?? file;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A count with its noun: "1 state", "1,024 states". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A function that runs once its calls have paused for a time. */
export function settled(milliseconds: number, call: () => void): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(call, milliseconds);
  };
}

export interface Party {
  id: string;
  label: string;
  letter: string;
  colour: number;
}

export interface StateRow {
  number: number;
  state: string;
  name: string | null;
  status_quo: boolean;
  stable: Record<string, string[]>;
  equilibrium: string[];
  ranks: Record<string, number>;
}

export function notice(id: string, text: string, actions: [string, () => void][] = []): void {
  const box = find("#notices");
  box.querySelector(`[data-notice="${id}"]`)?.remove();
  if (!text) return;
  const made = make("p", { class: "notice" }, [text, " "]);
  made.dataset.notice = id;
  for (const [label, act] of actions) {
    const button = make("button", { text: label });
    button.type = "button";
    button.addEventListener("click", act);
    made.append(button, " ");
  }
  box.append(made);
}

export interface Option {
  label: string;
  owner: string;
  party: number;
  first: boolean;
}

/** The options taken in a state, by owner. */
export function takenAt(row: { state: string }, options: Option[]): [string, string][] {
  const taken = new Map<string, string[]>();
  [...row.state].forEach((letter, place) => {
    const option = options[place];
    if (option && letter === "Y") taken.set(option.owner, [...(taken.get(option.owner) ?? []), option.label]);
  });
  return [...taken].map(([owner, labels]) => [owner, labels.join("; ")]);
}

/** The same in a sentence. */
export function takenInWords(row: { state: string }, options: Option[]): string {
  return takenAt(row, options).map(([owner, labels]) => `${owner}: ${labels}`).join(". ") || "no option is taken";
}

/** The letters of a state; a screen reader reads the options taken instead. */
export function patternOf(row: { state: string }, options: Option[]): HTMLElement {
  const made = make("span", { class: "letters pattern", label: takenInWords(row, options) });
  made.setAttribute("role", "img");
  [...row.state].forEach((letter, place) => {
    const option = options[place];
    const is = { Y: "taken", N: "not taken", "-": "either" }[letter] ?? "";
    const classes = `l ${letter === "Y" ? "yes" : ""} party-${option?.party ?? 0} ${option?.first ? "first" : ""}`;
    made.append(make("span", { text: letter, class: classes, title: `${option?.owner}: ${option?.label}: ${is}` }));
  });
  return made;
}
