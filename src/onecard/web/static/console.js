// The console's keyboard: each key only where it is switched on, never while somebody writes, never with a modifier.
const on = new Set(document.body.dataset.keys.split(" "));
const panel = document.getElementById("help-panel");
const help = document.getElementById("help");
const writes = (at) => at.matches("input:not([type=checkbox], [type=radio]), select, textarea") || at.isContentEditable;

function step(by) {
  const rows = [...document.querySelectorAll("tr[data-row], .hit")].filter((row) => row.checkVisibility());
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const to = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  const held = to.matches("a") ? to : to.querySelector("a, button");
  held?.focus();
  to.scrollIntoView({ block: "nearest" });
}

function explain() {
  const row = document.activeElement.closest("[data-explain]") ?? document.querySelector("main [data-explain]:only-of-type");
  if (row) location.assign(row.dataset.explain);
}

function change(by) {
  const places = [...document.querySelectorAll("[data-change]")].filter((place) => place.checkVisibility());
  if (places.length === 0) return false;
  const at = places.indexOf(document.activeElement);
  places[at < 0 ? (by > 0 ? 0 : places.length - 1) : Math.min(Math.max(at + by, 0), places.length - 1)].focus();
  return true;
}

const does = {
  "/": () => document.getElementById("find")?.focus(),
  "?": () => panel.showModal(),
  j: () => step(1),
  k: () => step(-1),
  e: explain,
  n: () => change(1),
  p: () => change(-1) || window.print(),  // Where nothing differs there is a page to print.
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (on.has("Escape") && writes(document.activeElement)) document.activeElement.blur();
    return;  // A dialog closes by itself.
  }
  if (panel.open || writes(document.activeElement) || !on.has(event.key)) return;
  const act = does[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

help.hidden = false;
help.addEventListener("click", () => panel.showModal());
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
document.getElementById("errors")?.focus();
