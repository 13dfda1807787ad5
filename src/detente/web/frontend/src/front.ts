/** The page of the folder: start a dispute, copy one from the catalogue, or import a file. */

import { put, Refused, send } from "./net";
import { find, pathTo, refusal } from "./page";

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

/** Documents that are uploaded already, so that a second attempt does not upload them twice. */
const there = new Map<string, string>();

function keyOf(file: File): string {
  return `${file.name}:${file.size}:${file.lastModified}`;
}

/** Upload a document, or check whether it can be uploaded; a refusal names the document. */
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
  // Upload nothing before everything has been checked.
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
  return `/overview/${pathTo(copied.name)}`;
});

on("#bring", async (fields) => {
  const file = fields.get("file") as File;
  const brought = await put<{ name: string }>(`/api/conflicts/${pathTo(file.name)}`, file);
  return `/overview/${pathTo(brought.name)}`;
});
