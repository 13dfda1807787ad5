/** Editing a file in this tab: changes, undo and redo, saving, and notices about changes on disk. */

import { Draft } from "./draft";
import type { Conflict, Verb } from "./fields";
import { Live } from "./live";
import { get, Refused, send } from "./net";
import { address, download, find, name, notice } from "./page";

interface OnDisk {
  text: string;
  digest: string;
}

export type Edit = { do: Verb } & Record<string, unknown>;

/** The entries of a list of the file: statements or sources. */
type Entry<List extends "statements" | "sources"> = NonNullable<Conflict[List]>[number];

/** The edit that sets a field of a statement or of a source. */
export function set<List extends "statements" | "sources", Key extends keyof Entry<List>>(
  at: [List, string, Key],
  value: Entry<List>[Key],
): Edit {
  return { do: "set", at, value };
}

export class Work {
  private readonly live: Live;
  private busy: Promise<unknown> = Promise.resolve();
  /** Counts typed text as a change. */
  settle: () => void = () => undefined;

  private constructor(
    readonly draft: Draft,
    readonly editable: boolean,
    private readonly show: () => void | Promise<void>,
  ) {
    this.live = new Live((news) => {
      if ("file" in news) void this.changedOnDisk(news.digest);
    });
    this.live.want({ file: name, digest: draft.was });
    if (editable) this.bind();
  }

  static async begin(editable: boolean, show: () => void | Promise<void>): Promise<Work> {
    return new Work(new Draft(name, await get<OnDisk>(`/api/text/${address}`)), editable, show);
  }

  /**
   * Make one edit; throws `Refused` if it is refused. `first` runs once the edit is known to be possible, and the edit
   * is made only after it has succeeded.
   */
  edit(edit: Edit, first?: () => Promise<unknown>): Promise<void> {
    // One after the other: each edit applies to the text that the edit before it produced.
    const done = this.busy.then(async () => {
      this.settle();
      const { text } = await send<{ text: string }>("POST", `/api/edit/${address}`, { text: this.draft.text, edit });
      await first?.();
      await this.take(text);
    });
    this.busy = done.catch(() => undefined);
    return done;
  }

  /** Replace the text, as a change that can be undone. */
  async take(text: string): Promise<void> {
    this.draft.change(text);
    await this.shown();
  }

  async undo(): Promise<void> {
    this.settle();
    if (this.draft.undo()) await this.shown();
  }

  async redo(): Promise<void> {
    this.settle();
    if (this.draft.redo()) await this.shown();
  }

  async save(): Promise<void> {
    this.settle();
    const { text } = this.draft;
    this.say("Saving …");
    try {
      const { digest } = await send<{ digest: string }>("PUT", `/api/dispute/${address}`, { text, was: this.draft.was });
      this.draft.savedAs(text, digest);
      this.live.want({ file: name, digest });
      notice("disk", "");
      this.state();
      this.say("Saved.");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 409) {
        await this.changedOnDisk("");
        this.say("Not saved: the file has changed on disk.");
      } else {
        this.say(`Not saved: ${error.message}`);
        // Faults are marked in the text; any other problem may last, so it gets a notice.
        if (error.faults.length === 0) {
          notice("disk", `Not saved: ${error.message}. This tab keeps your text.`, [this.handOver]);
        }
      }
    }
  }

  /** Save once the changes that are under way are made. */
  private async saveAll(): Promise<void> {
    await new Promise((done) => window.setTimeout(done, 0));
    await this.busy;
    await this.save();
  }

  /** Show that something is being typed that is not saved. */
  typing(): void {
    if (!this.editable) return;
    find<HTMLButtonElement>("#save").disabled = false;
    this.say("Unsaved changes in this tab.");
  }

  say(text: string): void {
    find("#status").textContent = text;
  }

  /** Update the buttons and the status after a change of the draft. */
  state(): void {
    if (!this.editable) return;
    find<HTMLButtonElement>("#undo").disabled = !this.draft.canUndo;
    find<HTMLButtonElement>("#redo").disabled = !this.draft.canRedo;
    find<HTMLButtonElement>("#save").disabled = !this.draft.unsaved;
    this.say(this.draft.unsaved ? "Unsaved changes in this tab." : "");
  }

  private get handOver(): [string, () => void] {
    return ["Download the text", () => download(name, this.draft.text)];
  }

  private async shown(): Promise<void> {
    this.state();
    await this.show();
  }

  private bind(): void {
    find("#undo").addEventListener("click", () => void this.undo());
    find("#redo").addEventListener("click", () => void this.redo());
    find("#save").addEventListener("click", () => void this.saveAll());
    // A field reports its change when it loses the focus; until then it can be saved already.
    document.addEventListener("input", (event) => {
      if ((event.target as HTMLElement).matches("input[data-field], textarea[data-field], input[data-change]")) this.typing();
    });
    addEventListener("keydown", (event) => {
      // The editor has handled this key already.
      if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === "s") {
        event.preventDefault();
        // Save the field that is being edited, too: it reports its change when it loses the focus.
        (document.activeElement as HTMLElement | null)?.blur?.();
        void this.saveAll();
      } else if (key === "z" || key === "y") {
        const field = document.activeElement as HTMLInputElement | null;
        // A field that is being edited has its own undo.
        if (field?.matches("input, textarea") && field.value !== field.defaultValue) return;
        event.preventDefault();
        void (key === "y" || event.shiftKey ? this.redo() : this.undo());
      }
    });
    addEventListener("beforeunload", (event) => {
      if (this.draft.unsaved && !Draft.isUnsaved(name)) event.preventDefault();
    });
    this.state();
  }

  private async changedOnDisk(digest: string): Promise<void> {
    if (digest === "gone") {
      this.draft.lost();
      this.state();
      const again = this.editable ? " This tab keeps your text. Save writes the file again." : "";
      notice("disk", `The file is no longer on disk.${again}`, [this.handOver]);
      return;
    }
    let disk: OnDisk;
    try {
      disk = await get<OnDisk>(`/api/text/${address}`);
    } catch {
      return;
    }
    if (disk.digest === this.draft.was) {
      // The file is back unchanged, or it is what this tab has just saved.
      const { missing } = this.draft;
      this.draft.savedAs(disk.text, disk.digest);
      notice("disk", "");
      if (missing) this.state();
      return;
    }
    const take = (): void => {
      this.draft.takeFromDisk(disk.text, disk.digest);
      this.live.want({ file: name, digest: disk.digest });
      notice("disk", "");
      void this.shown();
    };
    if (!this.draft.unsaved) {
      take();
      this.say("The file has changed on disk. This is the new version.");
      return;
    }
    notice("disk", "The file has changed on disk since you opened it, and this tab has unsaved changes.", [
      ["Load the version on disk", take],
      [
        "Keep my version: saving overwrites the file",
        () => {
          this.draft.overwrite(disk.digest);
          notice("disk", "");
        },
      ],
    ]);
  }
}
