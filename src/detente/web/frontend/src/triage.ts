/** Triage: which statements and possible links are shown, deciding on them by key, and on several at once. */

import { perform } from "./forms";
import { all, counted } from "./page";
import type { Edit, Work } from "./work";

/** What the server is asked to show. */
interface View {
  show: string;
  party: string;
  order: string;
  page: number;
  find: string;
  opened: string[];
}

/** A statement of the file that the filter lets through, with the reader's confidence in all of it. */
interface Selectable {
  id: string;
  sure: number;
  proposed: boolean;
}

/** The controls of a card, which the arrow keys reach; those of the form of details, which is opened, have the Tab key. */
const CONTROLS = "a[href], button, input, select, summary";
/** Elements in which a key is text or works the element itself. */
const FIELDS = "input:not([type=checkbox]), select, textarea, [contenteditable=true], [contenteditable='']";

export class Triage {
  readonly view: View = { show: "", party: "", order: "", page: 0, find: "", opened: [] };
  private readonly selected = new Set<string>();
  /** The cards decided on, so that undo leads back to them. */
  private readonly decided: string[] = [];
  /** The card that the Tab key leads to: the list has one stop. */
  private current = "";
  /** The statements that wait to be accepted, and the edits under way. */
  private readonly accepting: string[] = [];
  private queue: Promise<void> = Promise.resolve();
  /** The wait before a filter is applied. */
  private chosen = 0;

  constructor(
    private readonly dossier: HTMLElement,
    private readonly work: Work,
    private readonly refresh: () => Promise<void>,
  ) {
    dossier.addEventListener("change", (event) => {
      const field = event.target as HTMLInputElement;
      if (field.matches("#show, #party, #order")) {
        // Whoever types the name of an entry chooses others on the way, and a new page would forget what was typed.
        window.clearTimeout(this.chosen);
        this.chosen = window.setTimeout(() => void this.filter(field.name as "show" | "party" | "order", field.value), 300);
      }
      const one = field.dataset.select;
      if (one) {
        if (field.checked) this.selected.add(one);
        else this.selected.delete(one);
        this.counted();
      }
    });
    dossier.addEventListener("input", (event) => {
      if ((event.target as HTMLElement).id === "least") this.counted();
    });
    dossier.addEventListener("focusin", (event) => {
      const card = (event.target as HTMLElement).closest<HTMLElement>(".cards > .card");
      if (card && card.id !== this.current) this.stopAt(card);
    });
    dossier.addEventListener("submit", (event) => {
      if ((event.target as HTMLElement).id === "filter") event.preventDefault();
    });
    this.shown();
  }

  /** Bring what is chosen back after the page has been rendered again. */
  shown(): void {
    this.view.find = "";
    // What has left the filter is no longer selected.
    const here = new Set(this.selectable().map((one) => one.id));
    for (const id of this.selected) if (!here.has(id)) this.selected.delete(id);
    this.counted();
    for (const card of this.cards()) for (const one of this.controls(card)) one.tabIndex = -1;
    const cards = this.cards();
    this.stopAt(cards.find((one) => one.id === this.current) ?? cards[0]);
  }

  /** Let the Tab key lead to a card, and to no other. */
  private stopAt(card: HTMLElement | undefined): void {
    for (const one of this.cards()) one.tabIndex = one === card ? 0 : -1;
    this.current = card?.id ?? "";
  }

  private controls(card: HTMLElement): HTMLElement[] {
    return all(CONTROLS, card).filter((one) => !one.closest("#details, .refused"));
  }

  /** The number of statements of the dispute. */
  get known(): number {
    return Number(this.dossier.querySelector<HTMLElement>("[data-known]")?.dataset.known ?? 0);
  }

  /** Show the page that a statement is on, without a filter if it is needed; whether it is there. */
  async goTo(id: string): Promise<boolean> {
    for (const view of [{ find: id }, { find: id, show: "", party: "" }]) {
      Object.assign(this.view, view);
      await this.refresh();
      if (document.getElementById(id)) return true;
    }
    return false;
  }

  /** Show every statement from a place on, and choose the one there. */
  async showAll(place: number): Promise<void> {
    const size = Number(this.dossier.querySelector<HTMLElement>("[data-size]")?.dataset.size ?? 1);
    Object.assign(this.view, { show: "", party: "", order: "", page: Math.floor(place / size) });
    await this.refresh();
    const ids = this.selectable().map((one) => one.id);
    const first = ids[place] ?? ids.at(-1);
    if (first && (document.getElementById(first) || (await this.goTo(first)))) this.focus(first);
  }

  /** The last statement, which is the newest. */
  async showLast(): Promise<string> {
    if (this.view.show || this.view.party || this.view.order) {
      Object.assign(this.view, { show: "", party: "", order: "" });
      await this.refresh();
    }
    return this.selectable().at(-1)?.id ?? "";
  }

  /** Handle a click on a control of the list; whether it was one. */
  clicked(at: HTMLElement): boolean {
    const button = at.closest<HTMLButtonElement>("button");
    const { bulk, page, open, act } = button?.dataset ?? {};
    if (button && act) this.act(button);
    else if (bulk) void this.several(bulk, button ?? at);
    else if (page !== undefined) void this.turn(Number(page));
    else if (open) void this.open(open);
    else return at.closest(".bulk summary, .triage, [data-select], .select") !== null;
    return true;
  }

  /** Handle a key on the list; whether it was one of its own. Keys are text while a field has the focus. */
  pressed(event: KeyboardEvent): boolean {
    const at = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    const card = at.closest<HTMLElement>(".cards > .card");
    if (card && at.matches(FIELDS) && this.controls(card).includes(at)) return this.left(event, card, at);
    if (at.matches(FIELDS)) return false;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const done = this.key(key, card, at);
    if (done) event.preventDefault();
    return done;
  }

  /** Leave a field of a card: with Enter for what it has now, with Escape for what it had. */
  private left(event: KeyboardEvent, card: HTMLElement, at: HTMLElement): boolean {
    const isText = at instanceof HTMLInputElement;
    if (event.key !== "Escape" && !(event.key === "Enter" && isText)) return false;
    if (event.key === "Escape" && isText) at.value = at.defaultValue;
    event.preventDefault();
    card.focus();
    return true;
  }

  private key(key: string, card: HTMLElement | null, at: HTMLElement): boolean {
    const press = (selector: string): boolean => {
      const button = card?.querySelector<HTMLButtonElement>(selector);
      if (button) this.act(button);
      return Boolean(button);
    };
    switch (key) {
      case "a":
        return press("[data-act=accept]");
      case "r":
        return press("[data-act=reject]");
      case "p":
        return press("[data-act=propose]");
      case "e": {
        const field = card?.querySelector<HTMLElement>("[data-change=speaker]");
        field?.focus();
        return Boolean(field);
      }
      case "x": {
        const box = card?.querySelector<HTMLElement>("[data-select]");
        box?.click();
        return Boolean(box);
      }
      case "u":
        if (this.work.editable) void this.undo();
        return this.work.editable;
      case "j":
      case "k":
        return this.step(card, key === "j" ? 1 : -1);
      case "ArrowDown":
      case "ArrowUp":
        return this.isOn(card, at) && this.step(card, key === "ArrowDown" ? 1 : -1);
      case "Home":
      case "End":
        if (!this.isOn(card, at)) return false;
        this.focus(this.cards().at(key === "Home" ? 0 : -1)?.id ?? "");
        return true;
      case "ArrowRight":
      case "ArrowLeft":
        return card !== null && this.isOn(card, at) && this.along(card, at, key === "ArrowRight" ? 1 : -1);
      case "Escape":
        if (card === null || at === card || !this.isOn(card, at)) return false;
        card.focus();
        return true;
    }
    return false;
  }

  /** Whether the focus is on a card or one of its controls. */
  private isOn(card: HTMLElement | null, at: HTMLElement): boolean {
    return card !== null && (at === card || this.controls(card).includes(at));
  }

  /** Go to the next or previous control of a card, and back to the card. */
  private along(card: HTMLElement, at: HTMLElement, by: number): boolean {
    const stops = [card, ...this.controls(card).filter((one) => one.checkVisibility() && !one.matches(":disabled"))];
    stops[stops.indexOf(at) + by]?.focus();
    return true;
  }

  /** Go to the next or previous card; from none, to the first. */
  private step(card: HTMLElement | null, by: number): boolean {
    const cards = this.cards();
    const next = card ? cards[cards.indexOf(card) + by] : cards[0];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return cards.length > 0;
  }

  private cards(): HTMLElement[] {
    return all(".cards > .card", this.dossier);
  }

  private focus(id: string): void {
    const card = document.getElementById(id);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  /**
   * Make the edit of a button of a card, and go to the next card; a refusal gets the focus back.
   *
   * The next card is there at once: statements that are accepted while an edit is under way are accepted together.
   */
  private act(button: HTMLButtonElement): void {
    const card = button.closest<HTMLElement>(".card");
    if (!card || card.matches(".decided")) return;
    const { act, said } = button.dataset;
    const edit = JSON.parse(button.dataset.edit ?? "{}") as Edit;
    const cards = this.cards();
    const place = cards.indexOf(card);
    const next = cards.slice(place + 1).find((one) => !one.matches(".decided")) ?? cards[place - 1] ?? card;
    if (act !== "propose") {
      card.classList.add("decided");
      this.focus(next.id);
    }
    if (edit.do === "accept") this.accepting.push(card.id);
    this.queue = this.queue.then(async () => {
      const ids = edit.do === "accept" ? this.accepting.splice(0) : [];
      if (edit.do === "accept" && !ids.length) return;
      // The page may have been rendered again since.
      const at = document.getElementById(card.id) ?? card;
      if (!(await perform(this.work, ids.length ? { do: "accept", ids } : edit, at))) {
        for (const one of [card.id, ...ids]) document.getElementById(one)?.classList.remove("decided");
        at.querySelector<HTMLElement>(".refused button")?.focus();
        return;
      }
      this.decided.push(card.id);
      if (document.activeElement === document.body) this.focus((this.cards()[place] ?? this.cards().at(-1))?.id ?? "");
      const what = { accept: "accepted", reject: card.dataset.statement ? "rejected" : "refused" }[act ?? ""];
      const who = ids.length > 1 ? counted(ids.length, "statement") : (card.dataset.statement ?? "The link");
      this.work.say(said ?? (what ? `${who} ${ids.length > 1 ? "are" : "is"} ${what}. Undo with U.` : ""));
    });
  }

  private async undo(): Promise<void> {
    await this.queue;
    await this.work.undo();
    const last = this.decided.pop();
    if (last && document.getElementById(last)) this.focus(last);
  }

  private async filter(name: "show" | "party" | "order", value: string): Promise<void> {
    this.view[name] = value;
    this.view.page = 0;
    await this.refresh();
  }

  private async turn(page: number): Promise<void> {
    this.view.page = page;
    await this.refresh();
    const first = this.cards()[0];
    if (first) this.focus(first.id);
  }

  private async open(source: string): Promise<void> {
    this.view.opened.push(source);
    await this.refresh();
  }

  private selectable(): Selectable[] {
    const list = this.dossier.querySelector<HTMLElement>("#bulk")?.dataset.selectable;
    return list ? (JSON.parse(list) as Selectable[]) : [];
  }

  /** The statements not yet accepted, of at least the confidence in the field. */
  private above(): string[] {
    const least = Number(this.dossier.querySelector<HTMLInputElement>("#least")?.value.trim() || "2");
    const sure = this.selectable().filter((one) => one.proposed && one.sure >= least);
    return sure.map((one) => one.id);
  }

  /** Show which statements are selected, and how many. */
  private counted(): void {
    for (const box of all<HTMLInputElement>("[data-select]", this.dossier)) {
      box.checked = this.selected.has(box.dataset.select ?? "");
    }
    const told = this.dossier.querySelector("#chosen-count");
    if (told) told.textContent = this.selected.size ? `${counted(this.selected.size, "statement")} selected` : "Several statements at once";
    for (const button of all<HTMLButtonElement>("[data-bulk=accept], [data-bulk=reject]", this.dossier)) {
      button.disabled = this.selected.size === 0;
    }
    const above = this.above().length;
    const count = this.dossier.querySelector("#above-count");
    if (count) count.textContent = `${counted(above, "statement")} not yet accepted`;
    const take = this.dossier.querySelector<HTMLButtonElement>("[data-bulk=above]");
    if (take) take.disabled = above === 0;
  }

  private async several(what: string, at: HTMLElement): Promise<void> {
    if (what === "all" || what === "none") {
      this.selected.clear();
      if (what === "all") for (const one of this.selectable()) this.selected.add(one.id);
      this.counted();
      return;
    }
    const ids = what === "above" ? this.above() : [...this.selected];
    const verb = what === "reject" ? "reject" : "accept";
    if (!(await perform(this.work, { do: verb, ids }, at))) return;
    this.selected.clear();
    this.counted();
    this.work.say(`${counted(ids.length, "statement")} ${verb === "accept" ? "accepted" : "rejected"}. Undo with U.`);
  }
}
