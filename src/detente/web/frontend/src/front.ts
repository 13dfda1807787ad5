/** The folder: a dispute begun, copied from the catalogue, or brought in as a file. */

import { put, Refused, send } from "./net";
import { find, pathTo, refusal } from "./page";

/** Do what a form asks for, then go where that leads; what is refused is said below it, and nothing typed is lost. */
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
  // A page that is come back to is ready again.
  addEventListener("pageshow", () => (button.disabled = false));
}

/** Documents that have been put into the folder already, so that another try does not put them there twice. */
const there = new Map<string, string>();

function keyOf(file: File): string {
  return `${file.name}:${file.size}:${file.lastModified}`;
}

/** Put a document into the folder, or ask if it could be; what is refused names the document. */
async function uploaded(file: File, check: "" | "?only_check=true"): Promise<string> {
  const known = there.get(keyOf(file));
  if (known !== undefined) return known;
  try {
    return (await put<{ file: string }>(`/api/documents/${pathTo(file.name)}${check}`, file)).file;
  } catch (error) {
    throw error instanceof Refused ? new Refused(`${file.name}: ${error.message}`, error.status) : error;
  }
}

on("#begin", async (fields) => {
  const documents = fields.getAll("documents").map(String);
  const files = fields.getAll("files").filter((file): file is File => file instanceof File && file.name !== "");
  const decision_makers = String(fields.get("decision_makers") ?? "").split("\n");
  const asked = { title: fields.get("title"), decision_makers };
  // Nothing is put into the folder before all of it is known to be accepted.
  await send("POST", "/api/conflicts", { ...asked, documents, only_check: true });
  for (const file of files) await uploaded(file, "?only_check=true");
  for (const file of files) {
    const name = await uploaded(file, "");
    there.set(keyOf(file), name);
    documents.push(name);
  }
  const begun = await send<{ name: string }>("POST", "/api/conflicts", { ...asked, documents });
  return `/${documents.length ? "sources" : "dispute"}/${pathTo(begun.name)}`;
});

on("#copy", async (fields) => {
  const copied = await send<{ name: string }>("POST", `/api/examples/${encodeURIComponent(String(fields.get("example")))}`);
  return `/states/${pathTo(copied.name)}`;
});

on("#bring", async (fields) => {
  const file = fields.get("file") as File;
  const brought = await put<{ name: string }>(`/api/conflicts/${pathTo(file.name)}`, file);
  return `/states/${pathTo(brought.name)}`;
});
