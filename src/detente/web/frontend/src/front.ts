/** The page of the folder: draft a dispute from documents, start an empty one, copy one from the catalogue, or import a
 * file. */

import { Job } from "./job";
import { type Fault, get, put, Refused, send, told } from "./net";
import { counted, find, make, pathTo, refusal } from "./page";

/** Submit a form and open the page that results; a refusal is shown below the form, and its text is kept. */
function on(id: string, act: (fields: FormData) => Promise<string>): void {
  const form = find<HTMLFormElement>(id);
  const button = find<HTMLButtonElement>("button.primary", form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector(".refused")?.remove();
    button.disabled = true;
    void act(new FormData(form))
      .then((to) => location.assign(to))
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        form.append(refusal(error.message));
      })
      .finally(() => (button.disabled = false));
  });
  // Enable the button again when the user returns to the page.
  addEventListener("pageshow", () => (button.disabled = false));
}

interface Uploaded {
  upload: string;
  file: string;
  words: number;
  notes: string[];
}

interface Ended {
  problem: string;
  faults: Fault[];
}

const draftForm = document.querySelector<HTMLFormElement>("#draft");
if (draftForm) drafting(draftForm);

/** The form that drafts a dispute from documents: they are uploaded as they are chosen, and nothing is written until
 * the draft is ready. */
function drafting(form: HTMLFormElement): void {
  const button = find<HTMLButtonElement>("button.primary", form);
  const chooser = find<HTMLInputElement>("[name=files]", form);
  const pasted = find<HTMLTextAreaElement>("[name=pasted]", form);
  const parties = find<HTMLTextAreaElement>("[name=parties]", form);
  const list = find("#chosen", form);
  const said = find("#drafting", form);
  /** The documents that are chosen, by their place in the list: the upload, or null if it was refused. */
  const chosen = new Map<HTMLElement, Promise<Uploaded | null>>();

  const job = new Job((id, state) => void ended(id, state).catch(refuse));

  function refuse(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    done();
    const shown = refusal(error.message);
    for (const fault of error.faults) if (fault.suggestion && fault.word) shown.append(" ", instead(fault.word, fault.suggestion));
    form.append(shown);
    shown.scrollIntoView({ block: "nearest" });
  }

  /** A button that corrects the name of a party. */
  function instead(word: string, name: string): HTMLElement {
    const made = make("button", { text: `Use ‘${name}’` });
    made.type = "button";
    made.addEventListener("click", () => {
      const lines = parties.value.split("\n");
      parties.value = lines.map((line) => (line.trim().replace(/\s+/g, " ") === word ? name : line)).join("\n");
      form.querySelector(".refused")?.remove();
      button.focus();
    });
    return made;
  }

  function done(): void {
    button.disabled = false;
    form.querySelector(".refused")?.remove();
  }

  async function ended(id: string, state: string): Promise<void> {
    if (!job.is(id)) return;
    if (state === "cancelled") {
      done();
      said.textContent = "Cancelled. No file was written.";
      button.focus();
      return;
    }
    if (state === "failed") {
      const { problem, faults } = await get<Ended>(`/api/jobs/${id}`);
      throw new Refused(faults.map(told).join("; ") || problem, 422, faults);
    }
    const saved = await send<{ name: string }>("POST", `/api/drafts/${id}`);
    location.assign(`/overview/${pathTo(saved.name)}`);
  }

  async function uploaded(file: File, line: HTMLElement, about: HTMLElement): Promise<Uploaded | null> {
    try {
      const found = await put<Uploaded>(`/api/uploads/${pathTo(file.name)}`, file);
      about.textContent = [counted(found.words, "word"), ...found.notes].join("; ");
      return found;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      about.replaceWith(refusal(`Not used: ${error.message}`));
      line.classList.add("unused");
      return null;
    }
  }

  function take(files: Iterable<File>): void {
    for (const file of files) {
      const about = make("span", { class: "fine", text: "uploading" });
      const remove = make("button", { text: "Remove", class: "quiet", label: `Remove ${file.name}` });
      remove.type = "button";
      const line = make("li", {}, [make("bdi", { text: file.name }), " ", about, " ", remove]);
      remove.addEventListener("click", () => {
        chosen.delete(line);
        line.remove();
        chooser.focus();
      });
      list.append(line);
      chosen.set(line, uploaded(file, line, about));
    }
  }

  chooser.addEventListener("change", () => {
    take(chooser.files ?? []);
    chooser.value = "";
  });
  const place = find(".drop", form);
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.add("over");
  });
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => place.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });

  async function submit(): Promise<void> {
    const fields = new FormData(form);
    const uploads = (await Promise.all(chosen.values())).filter((one) => one !== null).map((one) => one.upload);
    const text = pasted.value.trim();
    if (text) uploads.push((await put<Uploaded>("/api/uploads/pasted-text.txt", new Blob([`${pasted.value}\n`]))).upload);
    const asked = {
      title: String(fields.get("title") ?? ""),
      parties: parties.value.split("\n"),
      documents: fields.getAll("documents").map(String),
      uploads,
    };
    await job.start("/api/drafts", asked);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    done();
    said.textContent = "";
    button.disabled = true;
    submit().catch(refuse);
  });
  addEventListener("pageshow", () => (button.disabled = false));
}

on("#begin", async (fields) => {
  const decision_makers = String(fields.get("decision_makers") ?? "").split("\n");
  const begun = await send<{ name: string }>("POST", "/api/conflicts", { title: fields.get("title"), decision_makers });
  return `/dispute/${pathTo(begun.name)}`;
});

on("#copy", async (fields) => {
  const copied = await send<{ name: string }>("POST", `/api/examples/${encodeURIComponent(String(fields.get("example")))}`);
  return `/overview/${pathTo(copied.name)}`;
});

on("#bring", async (fields) => {
  const file = fields.get("file") as File;
  const brought = await put<{ name: string }>(`/api/conflicts/${pathTo(file.name)}`, file);
  return `/overview/${pathTo(brought.name)}`;
});
