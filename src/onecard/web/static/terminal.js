// The demo's terminal: tap as one of the cast, by button or card reader, and show the big answer.
// A reader's line is known by its shape, never by how fast it was typed.

const element = (id) => document.getElementById(id);
const screen = element("result"), picker = element("picker");
const fields = { person: element("person"), credential: element("credential"), service: element("service"), price: element("list-price") };

let state = null;    // What the server told: token, clock, credentials, prices, words.
let clockGap = 0;    // The city's clock minus this machine's, in ms.
let busy = false;
let audio = null;

async function load() {
  const response = await fetch(screen.dataset.source, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`state ${response.status}`);
  state = await response.json();
  clockGap = Date.parse(state.now) - Date.now();
}

function options(select, rows) {
  select.replaceChildren(...rows.map(([value, text]) => Object.assign(document.createElement("option"), { value, textContent: text })));
}
function fillCredentials() {
  options(fields.credential, state.people[fields.person.value].map((credential, at) => [String(at), credential.label]));
}
function fillPrices() {
  options(fields.price, state.services[fields.service.value].prices.map((price) => [String(price.fen), price.text]));
}

// --- the answer ---------------------------------------------------------------------------------------------------
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

function show(kind, word, price = [], next = "", use = null) {
  screen.dataset.state = kind;
  element("word").textContent = word;
  element("price").replaceChildren(...price.map((text) => Object.assign(document.createElement("span"), { className: "nb", textContent: text })));
  element("next").textContent = next;
  const why = element("why");
  why.hidden = use === null;
  if (use !== null) why.href = `/uses/${encodeURIComponent(use)}?lang=${state.lang}`;
  sound(kind);
}

function showAnswer(answer, service) {
  const words = state.words, say = answer.say[state.lang];
  const reason = state.reasons[answer.reason] ?? { word: say, next: "", public: false };
  const saved = answer.list_price - answer.paid;
  if (answer.outcome === "refused") {
    show("red", say, [], reason.next, answer.use);
  } else if (answer.reason.startsWith("OK") || answer.reason === "OFFLINE_ACCEPTED") {
    const price = [];
    if (answer.paid > 0) price.push(fill(words.pay, { amount: yuan(answer.paid) }));
    if (saved > 0) price.push(fill(words.save, { amount: yuan(saved) }));
    show("ok", say, price, state.services[service].next || reason.next, answer.use);
  } else {
    // Served at full price. A limit may be named in public; what a person is (age, insurance) may not.
    const word = reason.public && !answer.reason.startsWith("NOT_") ? reason.word : say;
    const amount = yuan(answer.paid);
    const price = answer.list_price === 0 ? [] : [word === say ? fill(words.pay, { amount }) : fill(words.full, { word: say, amount })];
    show("amber", word, price, reason.public ? reason.next : "", answer.use);
  }
}

const TONES = { ok: [880, 1320], amber: [660, 660], red: [220] };
function sound(kind) {
  if (!audio || element("sound").getAttribute("aria-pressed") !== "true") return;
  (TONES[kind] ?? []).forEach((frequency, at, all) => {
    const tone = audio.createOscillator(), start = audio.currentTime + at * 0.2;
    tone.frequency.value = frequency;
    tone.connect(audio.destination);
    tone.start(start);
    tone.stop(start + (all.length === 1 ? 0.45 : 0.15));
  });
}

// --- one tap ------------------------------------------------------------------------------------------------------
function cityTime() {
  const local = new Date(Date.now() + clockGap + 8 * 3_600_000);  // China keeps one time, without summer time.
  return local.toISOString().replace("Z", "+08:00");
}

const send = (use) => fetch("/v1/uses", {
  method: "POST",
  headers: { "Content-Type": "application/json", Authorization: `Bearer ${state.token}` },
  body: JSON.stringify(use),
});

async function sendTap(credential, service, price) {
  const use = {
    terminal: state.terminal, seq: state.next_seq, credential: { kind: credential.kind, value: credential.value },
    service, list_price: price, occurred_at: cityTime(),
  };
  let response = await send(use);
  if (response.status === 409) {  // Another page of this terminal took the number: ask for the next one, once.
    await load();
    response = await send({ ...use, seq: state.next_seq });
  }
  return response;
}

async function tap(credential) {
  if (busy || !state) return;
  busy = true;
  const words = state.words, service = fields.service.value;
  const waiting = setTimeout(() => show("wait", words.wait), 300);
  try {
    const response = await sendTap(credential, service, Number(fields.price.value));
    const answer = await response.json();
    clearTimeout(waiting);
    net(true);
    if (response.ok) {
      state.next_seq += 1;
      showAnswer(answer, service);
    } else if (response.status === 503) {
      show("amber", words.busy, [], words.busy_next);
    } else {
      show("amber", words.wrong, [], answer.title?.[state.lang] ?? answer.detail ?? String(response.status));
    }
  } catch {
    clearTimeout(waiting);
    net(false);
    show("amber", words.unreachable, [], words.unreachable_next);
  } finally {
    clearTimeout(waiting);
    busy = false;
  }
}

function net(on) {
  const chip = element("net");
  chip.dataset.net = on ? "on" : "off";
  chip.textContent = on ? state.words.online : state.words.offline;
}

// --- the card reader ----------------------------------------------------------------------------------------------
const SHAPES = [  // The longest first: the end of a code could look like a chip, the end of a chip like a card.
  ["code", /(?:[\w-]+\.){6,}[\w-]{40,}$/],
  ["chip", /[0-9a-fA-F]{32}$/],
  ["id", /[0-9]{17}[0-9Xx]$/],
  ["card", /[A-Z][A-Z0-9][0-9]{7}$/],
];
let line = "", before = null;

function restore(values) {  // What the reader's letters chose in a focused list is undone.
  fields.person.selectedIndex = values.person;
  fillCredentials();
  fields.credential.selectedIndex = values.credential;
  fields.service.selectedIndex = values.service;
  fillPrices();
  fields.price.selectedIndex = values.price;
}
function forget() { line = ""; before = null; }
function scanned(text) {
  for (const [kind, shape] of SHAPES) {
    const found = shape.exec(text);
    if (found) return { kind, value: found[0] };
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { forget(); show("idle", state.words.idle, [], state.words.idle_next); return; }
  if (event.key === "Enter") {
    const credential = scanned(line), values = before;
    forget();
    if (!credential) return;
    event.preventDefault();  // The focused button or list must not take the reader's Enter for its own.
    if (values) restore(values);
    tap(credential);
    return;
  }
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  before ??= Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.selectedIndex]));
  line = (line + event.key).slice(-400);
}, true);
document.addEventListener("pointerdown", forget, true);

// --- start --------------------------------------------------------------------------------------------------------
picker.addEventListener("submit", (event) => {
  event.preventDefault();
  if (state) tap(state.people[fields.person.value][Number(fields.credential.value)]);
});
fields.person.addEventListener("change", fillCredentials);
fields.service.addEventListener("change", fillPrices);
element("sound").addEventListener("click", (event) => {
  audio ??= new AudioContext();
  const button = event.currentTarget;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
});

load().then(() => { fillCredentials(); fillPrices(); document.documentElement.dataset.ready = "yes"; }, () => net(false));
