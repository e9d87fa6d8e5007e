// One tap, decided: every gate, then the pile of reductions with the lowest price (POLICY §6). The same as decision/decide.py.
//
// Subject, occasion and decision are plain JSON in the shape of the shared vectors: days are ordinals, a counter is
// [site, first day of the window, name, within], `used` a Map from keyOf(counter) to times, persons or fen.

import { inside, judge, share } from "./rule.js";

export const EXIT = "exit";  // The service that lets people out: it asks no gate and no programme.
const EVER = 693_596;  // 1900-01-01, where a window for life, or "at once", begins.
const EVERYWHERE = "*";
const INSIDE_CAP = 2 ** 52;  // A memo of who is inside is no limit.
const MEMO = "inside@";
const NEAREST = [  // Where several documents say no, the one that comes first is said.
  "BLOCKED", "SITE_CLOSED", "SLOT_CLOSED", "NO_BOOKING", "GUARDIAN_NEEDED", "FULL", "PASSBACK",
  "LIMIT_SLOT", "LIMIT_DAY", "LIMIT_WEEK", "LIMIT_MONTH", "LIMIT_YEAR", "LIMIT_LIFE", "BENEFIT_EXCLUDED_DAY",
  "BENEFIT_INACTIVE", "NOT_ELIGIBLE", "NOT_INSURED", "NOT_ELIGIBLE_REGION", "NOT_ELIGIBLE_AGE",
];
const nearestOf = (noes) => [...noes].sort((a, b) => NEAREST.indexOf(a.reason) - NEAREST.indexOf(b.reason))[0];

export const keyOf = (counter) => JSON.stringify(counter);

/** What `subject` (null: nobody we know) gets on `occasion` under `rules`, with `used` already gone of each limit. */
export function decide(subject, occasion, rules, used) {
  if (subject === null) return refusal("CARD_UNKNOWN");
  if (occasion.service === EXIT) return { ...PLAIN, outcome: "accepted", reason: "OK", counts: leaving(occasion.site, used) };
  const barred = subject.barred ?? occasion.barred;
  if (barred !== null) return refusal(barred);
  const facts = { ...occasion.facts, ...subject.facts };
  const asked = rules.asked(occasion);
  if (asked.locked) return refusal("SITE_CLOSED");
  const gateCounts = [], shut = [];
  for (const gate of asked.gates) {
    const passed = tryGate(gate, facts, occasion, used, gateCounts);
    if (passed.reason) shut.push(passed);
    else gateCounts.push(...passed.counts);
  }
  if (shut.length) {
    const worst = nearestOf(shut);
    const counts = shut.flatMap((no) => no.counts.map(uncounted));
    return refusal(worst.reason, { counts, asked: asked.facts, blamed: worst.rule.in_error });
  }
  return priced(facts, occasion, asked, used, gateCounts);
}

const PLAIN = { paid: 0, payers: [], programme: null, version: null, counts: [], asked: [], layers: [], blamed: null };

/** A refusal: nothing is paid, nobody bears anything, nothing counts. */
export const refusal = (reason, more = {}) => ({ ...PLAIN, outcome: "refused", reason, ...more });

function priced(facts, occasion, asked, used, gateCounts) {
  const listPrice = occasion.list_price, noes = [], piles = [];
  for (const base of asked.bases) {
    const layer = tryReduction(base, facts, occasion, used, listPrice, gateCounts);
    if (layer.reason) { noes.push(layer); continue; }
    const pile = [layer];
    noes.push(...stack(pile, asked.toppings, facts, occasion, used, gateCounts));
    piles.push(pile);
  }
  const counts = [...gateCounts, ...noes.flatMap((no) => no.counts.map(uncounted))];
  if (piles.length) {
    const best = cheapest(piles);
    counts.push(...best.flatMap((layer) => layer.counts));
    return granted(best, facts, listPrice, asked, [...counts, ...lost(piles, best, counts)]);
  }
  const nearest = noes.length ? nearestOf(noes) : null;
  return {
    ...PLAIN, outcome: "accepted", reason: nearest?.reason ?? "OK", paid: listPrice, counts, asked: asked.facts,
    blamed: nearest?.rule.in_error ?? null,
  };
}

/** The pile that leaves the lowest price; of equal ones the one whose base is preferred. */
function cheapest(piles) {
  const price = Math.min(...piles.map((pile) => pile.at(-1).price)), equals = piles.filter((pile) => pile.at(-1).price === price);
  const first = preferred(equals.map((pile) => pile[0].rule));
  return equals.find((pile) => pile[0].rule === first);
}

/** Where the limits stood that only the piles not chosen asked: they count nothing, and a record decided again needs them. */
function lost(piles, best, kept) {
  const told = new Map(piles.filter((pile) => pile !== best).flat().flatMap((layer) => layer.counts).map((count) => [keyOf(count.counter), count]));
  for (const count of kept) told.delete(keyOf(count.counter));
  return [...told.values()].map(uncounted);
}

function granted(pile, facts, listPrice, asked, counts) {
  const paid = pile.at(-1).price, payers = new Map();
  for (const layer of pile) {
    if (layer.before === layer.price) continue;
    for (const [fund, fen] of share(layer.rule, facts, layer.before - layer.price)) payers.set(fund, (payers.get(fund) ?? 0) + fen);
  }
  return {
    outcome: "accepted", reason: paid === listPrice ? "OK" : paid === 0 ? "OK_FREE" : "OK_DISCOUNT", paid, payers: [...payers],
    programme: pile.map((layer) => layer.rule.programme).join("+"), version: pile[0].rule.version, counts, asked: asked.facts,
    layers: pile.map((layer) => [layer.rule.programme, layer.before, layer.price]), blamed: pile[0].rule.in_error,
  };
}

/** What a gate counts where it lets pass, else why not; `below` is what gates before it count. */
function tryGate(rule, facts, occasion, used, below) {
  const verdict = judge(rule, facts);
  if (typeof verdict === "string") return { rule, reason: verdict, counts: [] };
  const counts = askedCounts(rule, verdict.slice(1), occasion, used, occasion.list_price);
  for (const [at, limit] of rule.limits.entries()) {
    const room = roomOf(counts[at], below);
    if (room === null) counts[at] = uncounted(counts[at]);
    else if (counts[at].counted > room) return { rule, reason: limit.reason, counts };
  }
  const memos = counts.filter((count) => count.per === "at_once" && count.counted).map((count) => {
    const memo = memoOf(count.counter, occasion.site);
    return { ...count, counter: memo, cap: INSIDE_CAP, used_before: used.get(keyOf(memo)) ?? 0 };
  });
  return { rule, counts: [...counts, ...memos] };
}

/** What a programme makes of the price before it, or why it grants nothing; `below` is what this use already counts. */
function tryReduction(rule, facts, occasion, used, before, below) {
  const verdict = judge(rule, facts);
  if (typeof verdict === "string") return { rule, reason: verdict, counts: [] };
  let saved = before - Math.min(verdict[0], before);
  const counts = askedCounts(rule, verdict.slice(1), occasion, used, saved);
  for (const [at, limit] of rule.limits.entries()) {
    const room = roomOf(counts[at], below);
    if (room === null) counts[at] = uncounted(counts[at]);
    else if (room <= 0 || (counts[at].counted > room && !limit.in_part)) return { rule, reason: limit.reason, counts };
    else if (limit.in_part && room < saved) saved = room;
  }
  // What is counted in the end: the fen really saved; nothing where nothing is.
  const kept = counts.map((count) => (saved === 0 || count.unit === "yuan" ? { ...count, counted: saved } : count));
  return { rule, before, price: before - saved, counts: kept };
}

/** Put on the pile each topping that may stand there and lowers the price left; return those that grant nothing. */
function stack(pile, toppings, facts, occasion, used, gateCounts) {
  const names = new Set([pile[0].rule.programme]), noes = [];
  for (const topping of toppings) {
    if (!topping.on_top_of.some((name) => names.has(name))) continue;
    const before = pile.at(-1).price, below = [...gateCounts, ...pile.flatMap((layer) => layer.counts)];
    const layer = tryReduction(topping, { ...facts, price: before }, occasion, used, before, below);
    if (layer.reason) noes.push(layer);
    else if (layer.price < before) { pile.push(layer); names.add(topping.programme); }
  }
  return noes;
}

// --- limits -------------------------------------------------------------------------------------------------------
const uncounted = (count) => ({ ...count, counted: 0 });

/** What a count may still count; null where this use has counted its times or persons already, within this cap too. */
function roomOf(count, below) {
  const key = keyOf(count.counter);
  const taken = below.filter((other) => keyOf(other.counter) === key).reduce((sum, other) => sum + other.counted, 0);
  const room = count.cap - count.used_before - taken;
  return taken && count.unit !== "yuan" && room >= 0 ? null : room;
}

function askedCounts(rule, caps, occasion, used, amount) {
  return rule.limits.map((limit, at) => {
    const counter = counterOf(limit, occasion);
    const counted = { yuan: amount, persons: occasion.facts.group, times: 1 }[limit.unit];
    const before = used.get(keyOf(counter)) ?? 0;
    return { programme: rule.programme, unit: limit.unit, per: limit.per, counter, cap: caps[at], used_before: before, counted };
  });
}

/** The counter that a limit keeps for an occasion. */
export function counterOf(limit, occasion) {
  const within = limit.per === "slot" ? occasion.slot : "", start = windowStart(limit.per, occasion.day);
  if (limit.unit === "persons") return [limit.of_site ? occasion.site : EVERYWHERE, start, limit.name, within];
  return ["", start, limit.name, limit.of_site ? `${within}@${occasion.site}` : within];
}

/** The person's own memo of what `at once` counted for him at a site, so that leaving ends just that. */
const memoOf = ([site, , name, within], at) => ["", EVER, name, `${MEMO}${at}>${site}/${within}`];

/** What leaving a site gives back: every memo of this person there, and the counter it stands for. */
function leaving(site, used) {
  const begin = `${MEMO}${site}>`;
  return [...used].flatMap(([key, present]) => {
    const memo = JSON.parse(key);
    if (memo[0] || present <= 0 || !memo[3].startsWith(begin)) return [];
    const [target, ...rest] = memo[3].slice(begin.length).split("/");
    return [memo, [target, EVER, memo[2], rest.join("/")]].map((counter) => {
      const before = used.get(keyOf(counter)) ?? 0, counted = 0 - Math.min(present, before);
      return { programme: "", unit: "persons", per: "at_once", counter, cap: INSIDE_CAP, used_before: before, counted };
    });
  });
}

const UNIX_EPOCH = 719_163, DAY_MS = 86_400_000;  // 1970-01-01 as an ordinal.
function windowStart(per, day) {
  if (per === "slot" || per === "day") return day;
  if (per === "week") return day - (day + 6) % 7;
  const date = new Date((day - UNIX_EPOCH) * DAY_MS);
  const first = { month: [date.getUTCFullYear(), date.getUTCMonth()], year: [date.getUTCFullYear(), 0] }[per];
  return first ? Date.UTC(...first, 1) / DAY_MS + UNIX_EPOCH : EVER;
}

// --- which documents are asked ------------------------------------------------------------------------------------
/** Every version of every document, and which of them an occasion asks. `gated` are the city's gated site kinds. */
export class RuleBook {
  #found = new Map();

  constructor(rules, gated) {
    this.rules = rules;
    this.gated = gated;
  }

  asked(occasion) {
    const key = JSON.stringify(["day", "region", "site_kind", "service", "operator", "site"].map((name) => occasion[name]));
    if (!this.#found.has(key)) {
      if (this.#found.size >= 64) this.#found.clear();
      this.#found.set(key, this.#find(occasion));
    }
    return this.#found.get(key);
  }

  #find(occasion) {
    const fitting = inForce(this.rules, occasion.day).filter((rule) => fits(rule.where, occasion));
    const gates = fitting.filter((rule) => rule.kind === "gate"), uses = inOrder(fitting.filter((rule) => rule.kind === "use"));
    return {
      gates,
      bases: uses.filter((rule) => !rule.on_top_of.length),
      toppings: uses.filter((rule) => rule.on_top_of.length),
      locked: !gates.length && this.gated.includes(occasion.site_kind),
      facts: factsOf([...gates, ...uses]),
    };
  }
}

/** What documents can ask, sorted; a limit of persons asks for the size of the group without a word. */
function factsOf(rules) {
  const groups = rules.some((rule) => rule.limits.some((limit) => limit.unit === "persons"));
  return [...new Set([...rules.flatMap((rule) => rule.facts), ...(groups ? ["group"] : [])])].sort();
}

const fits = (where, occasion) => ["service", "site_kind", "operator", "site"]
  .every((name) => !where[name].length || where[name].includes(occasion[name]))
  && (!where.region.length || where.region.some((area) => inside(occasion.region, area)));

/** The version of each document that holds on a day: the latest begun; of two with one day the higher. */
function inForce(rules, day) {
  const newest = new Map();
  for (const rule of rules) {
    const held = newest.get(rule.programme);
    const newer = !held || rule.from > held.from || (rule.from === held.from && rule.version > held.version);
    if (rule.from <= day && newer) newest.set(rule.programme, rule);
  }
  return [...newest.values()].filter((rule) => rule.until === null || day <= rule.until);
}

/** Each document before those it is preferred over; else by name. */
function inOrder(rules) {
  const waiting = [...rules], ordered = [];
  while (waiting.length) ordered.push(...waiting.splice(waiting.indexOf(preferred(waiting)), 1));
  return ordered;
}

/** Which of equals comes first: nobody among them is preferred over it, and its name is the first. Others have no say. */
function preferred(equals) {
  const free = equals.filter((rule) => !equals.some((other) => other !== rule && other.prefer_over.includes(rule.programme)));
  return (free.length ? free : equals).reduce((first, rule) => (rule.programme < first.programme ? rule : first));
}
