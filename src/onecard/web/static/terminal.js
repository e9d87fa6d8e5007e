// The terminal page: tap by card reader, by hand or, in the demo, as one of the cast; online and alone alike.
// Here the parts are put together; each part has a file of its own.

import { camera } from "./camera.js";
import { castDesk } from "./cast.js";
import { deviceDesk } from "./device.js";
import { Held, PROGRAM } from "./held.js";
import { Log } from "./log.js";
import { digitPad, exportLog, protect, readiness, showReadiness, showTime, showUses } from "./panels.js";
import { credentialIn, hear } from "./reader.js";
import { Screen } from "./screen.js";
import { Tapper } from "./tap.js";
import { Uploader } from "./upload.js";

const BEGUN = "onecard begun";  // Whether somebody pressed the start button in this session.
const SYNC_MS = 5_000, HEARTBEAT_S = 60, EVENTS_AGAIN_MS = 3_000, SUPERSEDED_AGAIN_MS = 60_000, TAPS_QUEUED_MAX = 50;
const element = (id) => document.getElementById(id);
const desk = element("result").dataset.desk === "cast" ? castDesk() : deviceDesk(), { terminal } = desk;
const screen = new Screen({ holds: desk.holds });
const clock = { gap: 0, now: () => Date.now() + clock.gap };

let state = null;  // What the server told: words, reasons, services, clips, the next number.
const call = Object.assign((path, { json } = {}) => {
  const headers = { Accept: "application/json", Authorization: `Bearer ${desk.token}` };
  if (json === undefined) return fetch(path, { headers });
  return fetch(path, { method: "POST", body: JSON.stringify(json), headers: { ...headers, "Content-Type": "application/json" } });
}, { terminal });

const log = await Log.open(terminal);
const held = new Held(log, call);
const tapper = new Tapper({ log, held, call, clock, least: 1, renumbered });
const uploader = new Uploader({ log, call, changed: showNet });

async function load() {
  const told = await desk.load(log);
  ({ state } = told);
  clock.gap = told.gap;
  if (told.isKept) tapper.away = true;
  tapper.least = Math.max(tapper.least, state.next_seq);
  screen.take(state);
}

/** Show what the bundle says of the place, once there is one. */
function fill() {
  if (!held.bundle) return;
  desk.filled(held, state);
  screen.take(state);
}

/** The next number that the server has not seen from this terminal. */
async function renumbered() {
  await load();
  await held.pull(clock.now()).catch(() => 0);
  return Math.max(state.next_seq, (held.signedIn?.last_seq ?? 0) + 1);
}

// --- a tap --------------------------------------------------------------------------------------------------------
let queue = Promise.resolve(), queued = 0;

/** Taps are taken one after another; each is answered. */
function tap(credential) {
  if (!state || queued >= TAPS_QUEUED_MAX) return;
  const { kind, value } = credential, asked = { credential: { kind, value }, ...desk.asked() };
  if (!asked.service || !Number.isSafeInteger(asked.listPrice)) return;
  queued += 1;
  queue = queue.then(() => answered(asked)).finally(() => { queued -= 1; });
}

async function answered(asked) {
  const words = state.words, waiting = setTimeout(() => screen.show("wait", words.wait), 300);
  try {
    const { answer, alone, problem, told, status } = await tapper.tap(asked);
    clearTimeout(waiting);
    if (answer) screen.answer({ ...answer, say: answer.say?.[state.lang] }, asked.service, { alone });
    else if (problem === "wrong") screen.show("amber", words.wrong, [], told.title?.[state.lang] ?? told.detail ?? String(status));
    else screen.show("amber", words[problem], [], words[`${problem}_next`]);
    await showNet(problem === "unreachable" ? false : !tapper.away);
  } catch (mistake) {  // The log could not be written: nothing is shown as done.
    screen.show("amber", words.wrong, [], String(mistake?.message ?? mistake));
  } finally {
    clearTimeout(waiting);
    if (await log.waitingCount()) sync();
  }
}

/** Another device has this terminal's identity: staff should know; nobody is turned away for it. */
function showClone() {
  const note = element("cloned"), which = held.isOther ? "other" : held.isCloned ? "cloned" : null;
  note.hidden = which === null;
  note.textContent = which && state ? state.words[which] : "";
}

async function showNet(on = !tapper.away) {
  showClone();
  if (state) showTime({ held, screen, clock });
  const chip = element("net"), waiting = await log.waitingCount();
  chip.dataset.net = on ? "on" : "off";
  chip.dataset.waiting = waiting;
  if (!state) return;
  const { online, offline, waiting: many } = state.words;
  chip.textContent = (on ? online : offline) + (waiting ? many.replace("{count}", waiting) : "");
}

// --- the network: send, hear, be heard -----------------------------------------------------------------------------
let beat = 0, newer = false;  // A newer page is there: taken when nobody is served and nothing waits.

async function sync() {
  if (!state) return;
  const reached = await uploader.run();
  if (reached && tapper.away && (await log.waitingCount()) === 0) tapper.away = !(await alive());
  await showNet();
  if (newer && queued === 0 && screen.isIdle && !panel.open && (await log.waitingCount()) === 0) location.reload();
  if (!tapper.away && Date.now() - beat > 1000 * (held.bundle?.params.heartbeat_seconds ?? HEARTBEAT_S)) await heartbeat();
}

/** With nothing to send, ask for anything at all: the network is back when it answers. */
const alive = () => fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(2000) })
  .then((response) => response.ok, () => false);

/** Sign in, take what is new, and from then on hear of every change. */
async function signIn() {
  beat = Date.now();
  if (!terminal || (await held.pull(clock.now()).catch(() => 0)) !== 200) return;
  tapper.least = Math.max(tapper.least, held.signedIn.last_seq + 1);
  fill();
  document.documentElement.dataset.alone = "ready";
  showClone();
  listen();
}

async function heartbeat() {
  beat = Date.now();
  if (!held.signedIn) { await signIn(); return; }
  const json = {
    terminal, clock: new Date(clock.now()).toISOString(), waiting: await log.waitingCount(),
    hotlist: held.hotlist.version,
    bundle: held.bundle?.etag ?? "", storage_ok: (await navigator.storage?.persisted?.()) ?? false, version: PROGRAM,
  };
  const response = await call("/v1/terminals/heartbeat", { json }).catch(() => null);
  if (response?.ok) await held.refresh(clock.now(), await response.json()).catch(() => {});
}

/** Hear of a lost card within a second: server-sent events, read by hand because they need the token. */
async function listen() {
  for (;;) {
    let again = EVENTS_AGAIN_MS;
    try {
      const response = await call(`/v1/terminals/${encodeURIComponent(terminal)}/events`, {});
      if (response.status === 404) return;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const events = (text + part.value).split("\n\n");
        text = events.pop();
        if (events.some((event) => event.startsWith(": ended"))) again = SUPERSEDED_AGAIN_MS; // Another window of this terminal listens.
        const told = events.flatMap((event) => event.split("\n")).filter((line) => line.startsWith("data:")).at(-1);
        if (told) await held.refresh(clock.now(), JSON.parse(told.slice(5)));
      }
    } catch { /* The connection ended: again, a little later. */ }
    await new Promise((resolve) => { setTimeout(resolve, again); });
  }
}

/** A screen that goes dark serves nobody. */
const awake = () => navigator.wakeLock?.request("screen").catch(() => {});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && screen.loud) awake(); });

/** Keep this page for the day without a network. */
async function install() {
  const before = navigator.serviceWorker?.controller;
  navigator.serviceWorker?.addEventListener("controllerchange", () => { newer = Boolean(before); });
  const registration = await navigator.serviceWorker?.register("/sw.js", { scope: "/terminal/" });
  const worker = registration && (await navigator.serviceWorker.ready.catch(() => registration)).active;
  if (!worker) return;
  const { port1, port2 } = new MessageChannel();
  const kept = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
  worker.postMessage({ keep: location.pathname + location.search }, [port2]);
  if (await kept) document.documentElement.dataset.kept = "yes";
}

// --- panels, keys ------------------------------------------------------------------------------------------
const panel = element("panel");

/** Fill the panel; whether this terminal is ready in all. */
async function shown() {
  const rows = await readiness({ held, screen, clock });
  showReadiness(rows, state.words);
  await showUses(log, screen, undo);
  return rows.every(([, , ok]) => ok !== false);
}
async function undo(record, undoReason) {
  await log.settle(record.seq, { undo: "asked", undoReason });
  await sync();
  await shown();
}
async function opened(part) {
  if (!state) return;
  await shown();
  panel.showModal();
  element(part).closest("section").scrollIntoView();
}
element("menu").addEventListener("click", () => opened("ready"));
element("to-pad")?.addEventListener("click", () => opened("typed"));
element("to-camera")?.addEventListener("click", () => opened("typed").then(() => element("camera").click()));
element("close").addEventListener("click", () => panel.close());
element("upload").addEventListener("click", async () => { await sync(); await shown(); });
element("export").addEventListener("click", () => exportLog(log, terminal));
element("start").addEventListener("click", async () => {
  await protect();
  await awake();
  element("sound").setAttribute("aria-pressed", "true");
  screen.voiceReady = await screen.unlock(state.clips);
  const isFine = await shown();
  if (desk.begins && isFine && !sessionStorage.getItem(BEGUN)) panel.close();
  sessionStorage.setItem(BEGUN, "yes");
});
element("sound").addEventListener("click", ({ currentTarget: button }) => {
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  screen.unlock(state?.clips);
});
camera((credential) => { panel.close(); tap(credential); }, () => state.words);
digitPad((credential) => { panel.close(); tap(credential); });
hear({
  onCredential: (credential) => { if (panel.open) panel.close(); tap(credential); },
  onEscape: () => { if (state && !panel.open) screen.idle(); },
});

// --- start --------------------------------------------------------------------------------------------------------
try {
  await held.load();  // First the key: no use goes unsigned that could be signed.
  await load();
  await log.recover();
  fill();
  desk.begin(tap);
  document.documentElement.dataset.ready = "yes";
  await showNet();
  addEventListener("online", sync);
  setInterval(sync, SYNC_MS);
  install().catch(() => {});
  if (!tapper.away) await signIn();
  if (desk.begins && !sessionStorage.getItem(BEGUN) && queued === 0) await opened("ready");
  await sync();
} catch {
  await showNet(false);
}
