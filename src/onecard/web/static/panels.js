// What lies behind the terminal's menu: is this machine ready, a number typed by hand, the last uses with undo, upload and export.

import { intervalAt, moment } from "./alone.js";
import { credentialIn } from "./reader.js";

const element = (id) => document.getElementById(id);
function made(name, more = {}, ...inside) {
  const each = Object.assign(document.createElement(name), more);
  each.append(...inside);
  return each;
}
const LISTED = 20, DAY_MINUTES = 1440;
const TAGS = { yes: "ok", no: "red", unknown: "amber" };
const HOUR_MS = 3_600_000;

/** The bar: what time it is, and until when this place serves. */
export function showTime({ held, screen, clock }) {
  const { minute } = moment(clock.now());
  element("time").textContent = written(minute);
  if (!held.bundle) return;
  const interval = intervalAt(held.bundle, clock.now()), isAllDay = interval && interval[0] === 0 && interval[1] === DAY_MINUTES;
  const hours = interval ? interval.map(written).join("–") : screen.reasons?.SITE_CLOSED.word;
  element("hours").textContent = isAllDay ? "" : ` · ${hours}`;
}

const written = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** T1: what has to be so before this terminal may stand alone. `ok` is true, false, or null where nobody knows yet. */
export async function readiness({ held, screen, clock }) {
  const words = screen.words, site = held.bundle?.site, hours = Math.floor((clock.now() - held.at) / HOUR_MS);
  return [
    ["site", site ? site[`name_${screen.lang}`] : words["ready.unknown"], site ? true : null],
    ["storage", null, await stored()],
    ["alone", null, held.ready && Boolean(await navigator.serviceWorker?.getRegistration())],
    held.ready
      ? ["hotlist", words["ready.hours"].replace("{hours}", hours), hours <= held.bundle.params.hotlist_age_hours]
      : ["hotlist", words["ready.unknown"], null],
    ["clock", null, held.signedIn?.clock_ok ?? null],
    ["device", null, held.isOther || held.isCloned ? false : held.signedIn ? true : null],
    ["signed", held.key && words["ready.signed_key"].replace("{key}", held.key.id), held.key !== null],
    ["voice", null, screen.voiceReady ?? null],
  ];
}

const stored = async () => (await navigator.storage?.persisted?.().catch(() => false)) ?? false;

/** Ask the browser not to throw the log away when the disk runs short. */
export const protect = () => navigator.storage?.persist?.().catch(() => false);

export function showReadiness(rows, words) {
  element("ready").replaceChildren(...rows.map(([name, text, ok]) => {
    const state = ok === null ? "unknown" : ok ? "yes" : "no", advice = ok === false ? words[`ready.${name}_no`] ?? "" : "";
    const tag = made("span", { className: `tag ${TAGS[state]}`, textContent: words[`ready.${state}`] });
    const about = made("small", { textContent: [text, advice].filter(Boolean).join(" · ") });
    return made("li", {}, tag, made("p", {}, made("span", { textContent: words[`ready.${name}`] }), " ", about));
  }));
}

/** T4: a number typed by hand. Only its end is shown: others stand by. */
export function digitPad(onCredential) {
  let typed = "";
  const echo = () => { element("typed").textContent = "•".repeat(Math.max(typed.length - 4, 0)) + typed.slice(-4); };
  element("pad").addEventListener("click", ({ target }) => {
    const key = target.closest("button")?.dataset.key;
    if (key === undefined) return;
    if (key === "letters") element("letters").hidden = !element("letters").hidden;
    else if (key === "enter") {
      const credential = credentialIn(typed);
      if (!credential) { element("typed").textContent = element("typed").dataset.wrong; return; }
      typed = "";
      onCredential(credential);
    } else typed = key === "back" ? typed.slice(0, -1) : (typed + key).slice(-32);
    echo();
  });
}

/** T5: the last uses, newest first, each with its state and, where it was accepted, a way to take it back. */
export async function showUses(log, screen, onUndo) {
  const records = (await log.newest(LISTED + 20)).filter((record) => record.answer).slice(0, LISTED);
  element("uses").replaceChildren(...records.map((record) => row(record, screen, onUndo)));
}

function row(record, { words, reasons }, onUndo) {
  const { use, answer, state, upload, undo } = record, told = upload?.problem?.title?.[document.documentElement.lang.slice(0, 2)];
  const says = undo ? words[`uses.undo_${undo}`] : told ?? words[`uses.${upload?.upload ?? state}`];
  const about = `${use.occurred_at.slice(11, 16)} ${reasons[answer.reason]?.word ?? answer.reason}`;
  const item = made("li", {}, made("span", { textContent: about }), made("span", { className: "state", textContent: says ?? state }));
  if (answer.outcome === "accepted" && !undo) {
    const button = made("button", { type: "button", className: "button", textContent: words["uses.undo"] });
    button.addEventListener("click", () => onUndo(record, element("undo-reason").value));
    item.append(button);
  }
  return item;
}

/** Hand the whole log out as a file, one JSON document: what to do when a tablet dies or a network stays away. */
export async function exportLog(log, terminal) {
  const content = JSON.stringify({ terminal, uses: await log.all() }, null, 1);
  const address = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  const link = made("a", { href: address, download: `onecard-${terminal}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
