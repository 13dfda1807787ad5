/** What is the same on every page: the look, the theme, htmx, and what there is to say of unsaved changes. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "htmx.org";
import "./app.css";
import { Draft } from "./draft";
import { address, find, name, notice, page } from "./page";

const THEMES = ["", "light", "dark"] as const;
const SAID = { "": "as the system has them", light: "light", dark: "dark" };

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

document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

if (name && page !== "dispute" && page !== "sources" && Draft.isUnsaved(name)) {
  notice("unsaved", "This tab has unsaved changes. This page shows the file as it is saved.", [
    ["Go to them", () => location.assign(`/dispute/${address}`)],
  ]);
}
