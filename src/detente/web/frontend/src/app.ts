/** Common to every page: styles, the theme, htmx, and the notices about unsaved changes. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "htmx.org";
import "./app.css";
import { Draft } from "./draft";
import { Refused, send } from "./net";
import { address, download, find, name, notice, page, pathTo } from "./page";

const THEMES = ["", "light", "dark"] as const;
const SAID = { "": "same as the system", light: "light", dark: "dark" };

const button = find<HTMLButtonElement>("#theme");
let theme = (document.documentElement.dataset.theme ?? "") as (typeof THEMES)[number];

function showTheme(): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  button.setAttribute("aria-label", `Colours: ${SAID[theme]}`);
  button.title = `Colours: ${SAID[theme]}`;
  button.textContent = { "": "◐", light: "☀", dark: "☾" }[theme];
}

button.addEventListener("click", () => {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "";
  document.cookie = `detente-theme=${theme}; path=/; max-age=${theme ? 31_536_000 : 0}; samesite=lax`;
  showTheme();
  document.dispatchEvent(new CustomEvent("theme"));
});
showTheme();

// A view without controls, in large type, for a projector. Escape leaves it.
const present = document.querySelector<HTMLButtonElement>("#present");

function showPresented(on: boolean): void {
  const root = document.documentElement;
  if (on) root.dataset.present = "";
  else delete root.dataset.present;
  const asked = new URLSearchParams(location.search);
  if (on) asked.set("present", "1");
  else asked.delete("present");
  history.replaceState(null, "", `${location.pathname}${asked.size ? `?${asked}` : ""}${location.hash}`);
  if (on) find("#main").focus({ preventScroll: true });
  else present?.focus();
}

present?.addEventListener("click", () => showPresented(true));
find("#leave").addEventListener("click", () => showPresented(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && "present" in document.documentElement.dataset) showPresented(false);
});
if (present && new URLSearchParams(location.search).has("present")) showPresented(true);

document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const kept = name ? Draft.unsaved(name) : null;
if (kept && document.querySelector("[data-missing]")) {
  // The file is gone: only this page leads to the text that the tab has kept.
  notice("unsaved", "The file is no longer on disk. This tab has kept its text.", [
    ["Download the text", () => download(name, kept.text)],
    ["Restore the file", () => void writeAgain(kept)],
  ]);
} else if (kept && page !== "dispute" && page !== "sources") {
  notice("unsaved", "This tab has unsaved changes. This page shows the saved file.", [
    ["Open them", () => location.assign(`/dispute/${address}`)],
  ]);
} else if (!name) {
  for (const one of Draft.names()) {
    notice(`unsaved:${one}`, `This tab has unsaved changes to ${one}.`, [
      ["Open them", () => location.assign(`/dispute/${pathTo(one)}`)],
      ["Download the text", () => download(one, Draft.unsaved(one)?.text ?? "")],
    ]);
  }
}

async function writeAgain(kept: { text: string; was: string }): Promise<void> {
  try {
    await send("PUT", `/api/dispute/${address}`, { text: kept.text, was: kept.was });
    location.assign(`/dispute/${address}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    notice("refused", `Not restored: ${error.message}`);
  }
}
