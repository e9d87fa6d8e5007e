// Decide without the server: the occasion out of site and clock, the person as far as this terminal may know him, the same decide,
// then the risk limits. Pure: what is held, seen and the time are arguments.

import { EXIT, RuleBook, decide, keyOf, refusal } from "./decide.js";
import { holds } from "./hotlist.js";

const HOUR_MS = 3_600_000, DAY_MS = 86_400_000, UNIX_EPOCH = 719_163;  // 1970-01-01 as an ordinal.
const CITY_OFFSET_MS = 8 * HOUR_MS;  // China keeps one time, without summer time.
const EVERYBODY = "*";  // Stands for a card where all persons are counted together.
const SECONDS_SINCE_NEVER = 1_000_000;
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const METHODS = { chip: "card" };
const WORKING = ["testing", "trial", "live"];

/** Every fact of a use as it stands where nobody told it (POLICY §5). */
export const BLANKS = {
  age: 0, home_region: "", registered_region: "", hardship: [], standing: [], insured_as: "none", disability: 0, care_level: 0,
  alive: true, service: "", day: 0, time: 720, weekday: "mon", day_kind: "workday", list_price: 0, price: 0, group: 1,
  method: "card", way: "dine_in", ticket: "main", guardian: false, booked: false, blocked: false, offline: false,
  hotlist_hours: 0, seconds_since_last: SECONDS_SINCE_NEVER, region: "", site_kind: "", open: true, capacity: 0,
  agreed_percent: null, agreed_price: null, agreed_share: 0,
};

/** The civil day and minute of an instant in the city. */
export function moment(ms) {
  const local = new Date(ms + CITY_OFFSET_MS), days = Math.floor((ms + CITY_OFFSET_MS) / DAY_MS);
  return { day: days + UNIX_EPOCH, date: local.toISOString().slice(0, 10), minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
}

/** Full years on a civil day; who is born on 29 February has the birthday on 1 March in common years. */
export function ageOn(born, date) {
  const digits = (text) => text.replaceAll("-", "");
  const [was, is] = [digits(born), digits(date)];
  return Number(is.slice(0, 4)) - Number(was.slice(0, 4)) - (is.slice(4) < was.slice(4) ? 1 : 0);
}

/** The opening interval in which an instant lies, in minutes of the day: [from, until); null where the place is closed. */
export function intervalAt({ site, city }, ms) {
  const { day, date, minute } = moment(ms), weekday = (day + 6) % 7;
  return openingInterval(site.opening ?? {}, date, weekday, kindOf(city, date, weekday), minute);
}

/** What a use says about where, when and for what. */
export function occasionOf(use, held, ms, told = {}) {
  const { site } = held.bundle, { day, date, minute } = moment(ms);
  const weekday = (day + 6) % 7, interval = intervalAt(held.bundle, ms);
  const facts = {
    ...BLANKS, service: use.service, day, time: minute, weekday: WEEKDAYS[weekday], list_price: use.list_price,
    price: use.list_price, day_kind: kindOf(held.bundle.city, date, weekday), method: METHODS[use.credential.kind] ?? use.credential.kind, offline: true, open: interval !== null,
    region: site.region, site_kind: site.kind, capacity: site.capacity ?? 0, agreed_percent: site.agreed_percent ?? null,
    agreed_price: site.agreed_price_fen ?? null, agreed_share: site.agreed_share ?? 0, hotlist_hours: hotlistHours(held, ms), ...told,
  };
  return {
    facts, day, service: use.service, site: site.site, site_kind: site.kind, operator: site.operator, region: site.region,
    slot: slotOf(site, use.service, interval), list_price: use.list_price, barred: barred(held.bundle, date),
  };
}

/**
 * Decide alone. `held` is {bundle, hotlist, at, rules}; `card` {card, born, home, registered} or null where this terminal does not
 * know the person; `entry` the credential's place on the hotlist; `seen` and `everybody` what this terminal counted before.
 * Returns the answer, and what is to be kept of card and place.
 */
export function decideAlone(use, { held, card, entry, seen, everybody, ms }) {
  const occasion = occasionOf(use, held, ms, sinceLast(seen.last[use.service], ms));
  if (use.service !== EXIT && holds(held.hotlist, entry)) return kept(refusal("HOTLIST_HIT"), use, seen, everybody, ms);
  const unsure = occasion.barred === null && use.service !== EXIT && card === null;
  if (unsure) return kept(doubtful(use, occasion), use, seen, everybody, ms);  // "Cannot check" is never told as "invalid".
  const { born, home = "", registered = "" } = card ?? {};  // Leaving asks nothing of a person.
  const facts = { age: born ? ageOn(born, moment(ms).date) : 0, home_region: home, registered_region: registered };
  const used = new Map([...seen.used, ...everybody.used]);
  const decision = decide({ facts, barred: null }, occasion, held.rules, used);
  const risky = decision.outcome === "accepted" && use.service !== EXIT && passesRisk(decision, use, held, seen, ms);
  return kept(risky ? doubtful(use, occasion) : decision, use, seen, everybody, ms);
}

/** What is held of a card that was never here. */
export const unseen = (card) => ({ card, used: [], last: {}, risk: { day: 0, uses: 0, fen: 0 } });
export const nobody = () => unseen(EVERYBODY);
export const rulesOf = (bundle) => new RuleBook(bundle.programmes.map((each) => each.rule), bundle.city.lists.gated);

/** What tells the slots of one day apart: the service at canteens, elsewhere when the opening interval begins. */
function slotOf(site, service, interval) {
  if (site.kind === "canteen") return service;
  return interval ? clock(interval[0]) : "";
}

const kindOf = (city, date, weekday) => city.day_kinds[date] ?? (weekday >= 5 ? "weekend" : "workday");
const secondsSince = (last, ms) => Math.min(Math.max(Math.floor((ms - last) / 1000), 0), SECONDS_SINCE_NEVER);
const sinceLast = (last, ms) => (last === undefined ? {} : { seconds_since_last: secondsSince(last, ms) });
const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}${String(minute % 60).padStart(2, "0")}`;
const hotlistHours = (held, ms) => Math.max(0, Math.floor((ms - held.at) / HOUR_MS));

/** Who cannot be checked is let in at the list price, and checked later; not where the place is closed. */
function doubtful(use, occasion) {
  if (!occasion.facts.open) return refusal("SITE_CLOSED");
  return { ...refusal("OFFLINE_DOUBTFUL"), outcome: "accepted", paid: use.list_price };
}

function passesRisk(decision, use, { bundle, at }, seen, ms) {
  const { uses_per_card_day, fen_per_card_day, hotlist_age_hours } = bundle.params, today = moment(ms).day;
  const risk = seen.risk.day === today ? seen.risk : { uses: 0, fen: 0 };
  const saved = use.list_price - decision.paid, isOld = ms - at > hotlist_age_hours * HOUR_MS;
  return isOld || risk.uses + 1 > uses_per_card_day || risk.fen + saved > fen_per_card_day;
}

function kept(decision, use, seen, everybody, ms) {
  if (decision.outcome !== "accepted") return { decision, seen: [] };
  const today = moment(ms).day, risk = seen.risk.day === today ? seen.risk : { day: today, uses: 0, fen: 0 };
  const saved = use.list_price - decision.paid;
  const mine = {
    ...seen, used: counted(seen.used, decision.counts.filter((count) => !count.counter[0])), last: { ...seen.last, [use.service]: ms },
    risk: { day: today, uses: risk.uses + 1, fen: risk.fen + saved },
  };
  const all = decision.counts.filter((count) => count.counter[0]);
  return { decision, seen: all.length ? [mine, { ...everybody, used: counted(everybody.used, all) }] : [mine] };
}

function counted(used, counts) {
  const moved = new Map(used);
  for (const count of counts) if (count.counted) moved.set(keyOf(count.counter), (moved.get(keyOf(count.counter)) ?? 0) + count.counted);
  return [...moved];
}

function openingInterval(opening, date, weekday, dayKind, minute) {
  if ((opening.closed ?? []).includes(date)) return null;
  if (dayKind !== "holiday" && (opening.closed_weekdays ?? []).includes(weekday)) return null;
  if (!opening.weekly) return [0, 1440];
  return (opening.weekly[dayKind] ?? []).find(([from, until]) => from <= minute && minute < until) ?? null;
}

function barred({ site, device }, date) {
  if (date < device.bound_on || (device.unbound_on && date >= device.unbound_on)) return "TERMINAL_UNBOUND";
  const state = site.states.filter(([since]) => since <= date).at(-1)?.[1];
  if (state === "suspended") return "MERCHANT_SUSPENDED";
  return WORKING.includes(state) ? null : "TERMINAL_UNBOUND";
}
