/** Details of a statement: its date, the party that reports it, and its links to other statements. */

import { LISTS, type Statement } from "./fields";
import { perform } from "./forms";
import { find } from "./page";
import { set, type Work } from "./work";

/** The details of a statement, as data on its button. */
interface Told extends Required<Pick<Statement, "date_said" | "reported_by" | ListKey>> {
  statement: string;
}

/** The fields by which a statement is linked to several others. */
type ListKey = Extract<keyof Statement, (typeof LISTS.Statement)[number]>;

function isList(key: keyof Statement): key is ListKey {
  return (LISTS.Statement as readonly string[]).includes(key);
}

export class Details {
  private told: Told | null = null;

  constructor(
    private readonly dossier: HTMLElement,
    private readonly work: Work,
  ) {}

  /** Open the details below a statement's buttons, or close them if they are open. */
  toggle(button: HTMLElement): void {
    const open = button.getAttribute("aria-expanded") !== "true";
    this.close();
    if (!open) return;
    this.show(button);
    this.field("date_said").focus();
  }

  /** Close the details; `back` returns the focus to the button that opened them. */
  close(back = false): void {
    const button = this.button();
    this.told = null;
    if (!button) return;
    button.setAttribute("aria-expanded", "false");
    this.part().hidden = true;
    if (back) button.focus();
  }

  /** Return a function that reopens the details after the page has been rendered again. */
  kept(): () => void {
    const { told } = this;
    const chosen = told ? ["relation", "other"].map((name) => [name, this.field(name).value] as const) : [];
    return () => {
      const button = this.button();
      this.told = null;
      if (!button) return;
      this.show(button);
      for (const [name, value] of chosen) this.field(name).value = value;
    };
  }

  holds(target: EventTarget | null): boolean {
    return target instanceof Node && this.told !== null && this.part().contains(target);
  }

  /** Link the statement to the chosen one. */
  async submit(): Promise<void> {
    if (!this.told) return;
    const { statement } = this.told;
    const relation = this.field("relation").value as keyof Statement;
    const other = this.field("other").value;
    const value = isList(relation) ? [...this.told[relation], other] : other;
    const edit = set(["statements", statement, relation], value);
    if (await perform(this.work, edit, this.part())) this.work.say(`${statement} is linked to ${other}.`);
  }

  private show(button: HTMLElement): void {
    this.told = JSON.parse(button.dataset.details ?? "{}") as Told;
    const { statement } = this.told;
    const part = this.part();
    button.setAttribute("aria-expanded", "true");
    button.closest(".card")?.append(part);
    part.querySelector(".refused")?.remove();
    part.hidden = false;
    part.setAttribute("aria-label", `Details of ${statement}`);
    for (const name of ["date_said", "reported_by"] as const) {
      const field = this.field(name) as HTMLInputElement;
      field.value = field.defaultValue = this.told[name];
      field.dataset.statement = statement;
    }
    const other = this.field("other") as HTMLSelectElement;
    for (const one of other.options) one.disabled = one.hidden = one.value === statement;
    if (other.selectedOptions[0]?.disabled ?? true) {
      other.value = [...other.options].find((one) => !one.disabled)?.value ?? "";
    }
    find("[data-links]", part).hidden = other.options.length < 2;
  }

  private part(): HTMLElement {
    return find("#details", this.dossier);
  }

  private button(): HTMLElement | null {
    const id = this.told?.statement ?? "";
    const card = id ? document.getElementById(id) : null;
    return card?.querySelector<HTMLElement>("[data-details]") ?? null;
  }

  private field(name: string): HTMLInputElement | HTMLSelectElement {
    return find<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`, this.part());
  }
}
