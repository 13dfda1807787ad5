/** A new option, preference or rule with statements as its evidence. */

import type { DecisionMaker } from "./fields";
import { perform } from "./forms";
import { all, find, make } from "./page";
import type { Edit, Work } from "./work";

type Field = HTMLInputElement | HTMLSelectElement;

export class NewElement {
  private on: string[] = [];

  constructor(
    private readonly dossier: HTMLElement,
    private readonly work: Work,
  ) {
    dossier.addEventListener("change", (event) => {
      if (this.holds(event.target)) this.fit();
    });
    dossier.addEventListener("click", (event) => {
      const at = event.target as HTMLElement;
      if (!this.holds(at)) return;
      const { insert, without } = at.closest<HTMLElement>("[data-insert], [data-without]")?.dataset ?? {};
      if (insert) this.insert(insert);
      if (without) this.leaveOut(without);
      if (at.closest("[data-forget]")) this.forget();
    });
  }

  /** Open the form with these statements as evidence; if it is open, add them to the others. */
  begin(statements: string[]): void {
    const opened = this.on.length === 0;
    this.on = [...new Set([...this.on, ...statements])];
    if (this.on.length === 0) return;
    if (opened) {
      this.form?.reset();
      this.chooseSpeaker();
    }
    this.show();
    if (opened) this.field("what").focus();
  }

  forget(): void {
    this.on = [];
    if (!this.form) return;
    this.form.hidden = true;
    this.form.querySelector(".refused")?.remove();
  }

  /** Return a function that restores the choices and the text after the page has been rendered again. */
  kept(): () => void {
    const given = this.on.length ? this.fields().map((one) => [one.name, one.value] as const) : [];
    const active = this.holds(document.activeElement) ? (document.activeElement as Field).name : "";
    return () => {
      this.on = this.on.filter((id) => document.getElementById(id));
      if (!this.form || this.on.length === 0) return this.forget();
      for (const [name, value] of given) this.field(name).value = value;
      this.show();
      if (active) this.field(active).focus({ preventScroll: true });
    };
  }

  async submit(): Promise<void> {
    const { form } = this;
    if (!form) return;
    const before = new Set(this.places());
    if (!(await perform(this.work, this.edit(), form))) return;
    this.forget();
    const place = this.places().find((one) => !before.has(one));
    const made = all(".target[data-at]", this.dossier).find((one) => one.dataset.at === place);
    made?.scrollIntoView({ block: "nearest" });
    made?.focus({ preventScroll: true });
    made?.click();
  }

  private get form(): HTMLFormElement | null {
    return this.dossier.querySelector<HTMLFormElement>("#new-element");
  }

  private holds(target: EventTarget | null): boolean {
    return target instanceof Node && Boolean(this.form?.contains(target));
  }

  private fields(): Field[] {
    return this.form ? all<Field>("input, select", this.form) : [];
  }

  private field(name: string): Field {
    return find<Field>(`[name="${name}"]`, this.form ?? document);
  }

  private places(): (string | undefined)[] {
    return all(".target[data-at]", this.dossier).map((one) => one.dataset.at);
  }

  /** Choose the speaker as the decision maker, which is the most likely case. */
  private chooseSpeaker(): void {
    const maker = this.field("maker") as HTMLSelectElement;
    const known = [...maker.options].map((one) => one.value);
    const speakers = this.on.map((id) => document.getElementById(id)?.dataset.speaker ?? "");
    maker.value = speakers.find((one) => known.includes(one)) ?? known[0] ?? "";
  }

  private show(): void {
    const { form } = this;
    if (!form) return;
    form.hidden = false;
    find("#resting", form).replaceChildren(...this.on.map(chip));
    this.fit();
    form.scrollIntoView({ block: "nearest" });
  }

  /** Show the fields of the chosen kind of element only. */
  private fit(): void {
    const kinds = [this.field("what").value, this.field("kind").value, this.held()];
    for (const part of all("[data-of]", this.form ?? document)) {
      const shown = (part.dataset.of ?? "").split(" ").some((wanted) => wanted.split("+").every((one) => kinds.includes(one)));
      part.hidden = !shown;
      for (const one of all<Field>("input, select", part)) one.disabled = !shown;
    }
  }

  /** The form of the preferences of the chosen decision maker. */
  private held(): string {
    const maker = this.field("maker") as HTMLSelectElement;
    return maker.selectedOptions[0]?.dataset.form ?? "";
  }

  private edit(): Edit {
    const { what, maker, ...given } = Object.fromEntries(new FormData(this.form ?? undefined)) as Record<string, string>;
    if (what === "rule") return { do: "rule", at: ["rules"], ...given, evidence: this.on };
    const list: keyof DecisionMaker = what === "option" ? "options" : this.held() === "weights" ? "weights" : "preferences";
    return { do: "add", at: ["decision_makers", maker, list], ...given, evidence: this.on };
  }

  private leaveOut(statement: string): void {
    this.on = this.on.filter((id) => id !== statement);
    if (this.on.length) this.show();
    else this.forget();
  }

  /** Insert an option's identifier at the cursor in the condition. */
  private insert(identifier: string): void {
    const field = this.field("when") as HTMLInputElement;
    const [start, end] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const before = field.value.slice(0, start);
    const after = field.value.slice(end);
    const spaced = `${/[\w.-]$/.test(before) ? " " : ""}${identifier}${/^[\w.-]/.test(after) ? " " : ""}`;
    field.setRangeText(spaced, start, end, "end");
    field.focus();
  }
}

function chip(id: string): HTMLElement {
  const made = make("button", { text: `${id} ×`, class: "quiet", label: `Remove ${id} as evidence` });
  made.type = "button";
  made.dataset.without = id;
  return made;
}
