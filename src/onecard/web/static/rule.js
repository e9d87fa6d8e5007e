// Reckon one programme from its typed JSON tree: the third target beside Python and SQL, held equal by shared vectors.
//
// Every value is a whole number of at most 2^52, a text, a list of names or yes/no (money in fen, days as ordinals, times as
// minutes, regions as six digits), so JavaScript's numbers are exact. A fact that nobody told is null.

/** The reason where a condition of `who` fails; else [price or amount, cap of each limit …] in fen, times or persons. */
export function judge(rule, facts) {
  const asked = evaluation(rule, facts);
  for (const [condition, reason] of rule.who) if (!asked.of(condition)) return reason;
  const base = rule.base === null ? Infinity : facts[rule.base];  // A payout has no price that it may not pass.
  const price = rule.pay.length ? Math.min(asked.of(["rows", rule.pay]), base) : rule.base === null ? 0 : base;
  return [price, ...rule.limits.map((limit) => asked.of(limit.cap))];
}

/** Who bears so many fen: [[fund, fen] …] in the order of the document, none of 0; they add up to it exactly. */
export function share(rule, facts, fen) {
  const asked = evaluation(rule, facts), parts = rule.funding;
  const fens = parts.map(() => 0);
  let left = fen;
  parts.forEach(([, , by, tree], at) => {
    if (by !== "amount") return;
    fens[at] = Math.min(asked.of(tree), left);
    left -= fens[at];
  });
  const shares = parts.map(([, , by], at) => [by, at]).filter(([by]) => by !== "amount");
  const points = shares.map(([by, at]) => (by === "percent" ? asked.of(parts[at][3]) : 0));
  const rest = shares.findIndex(([by]) => by === "rest");
  if (rest >= 0) points[rest] = WHOLE - points.reduce((sum, point) => sum + point, 0);
  splitByPercent(left, points).forEach((part, place) => { fens[shares[place][1]] = part; });
  const whole = new Map();
  parts.forEach(([fund, of], at) => {
    const name = of === null ? fund : `${fund}-${facts[of]}`;
    if (fens[at]) whole.set(name, (whole.get(name) ?? 0) + fens[at]);
  });
  return [...whole];
}

/** Tell whether a region lies in an area: 330400 covers all that begins with 3304. A blank region lies in none. */
export const inside = (region, area) => region !== "" && region.startsWith(prefixOf(area));

const WHOLE = 10_000;
const prefixOf = (area) => (area.endsWith("0000") ? area.slice(0, 2) : area.endsWith("00") ? area.slice(0, 4) : area);

/** n ÷ d, half up, in whole numbers: the remainder keeps it exact where 2n would not fit. */
const halfUp = (number, divisor) => (number - number % divisor) / divisor + (2 * (number % divisor) >= divisor ? 1 : 0);
const cut = (number, divisor) => (number - number % divisor) / divisor;

function splitByPercent(fen, points) {
  const parts = points.map((point) => cut(fen * point, WHOLE));
  let missing = fen - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = points.map((point, at) => [(fen * point) % WHOLE, at]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, at] of byRemainder) if (missing-- > 0) parts[at] += 1;
  return parts;
}

// --- expressions --------------------------------------------------------------------------------------------------
const within = (region, prefixes) => prefixes.some((prefix) => region.startsWith(prefix));

const RECKONED = {
  lit: (e, t) => t[2],
  fact: (e, t) => e.facts[t[1]] ?? 0,
  let: (e, t) => e.let(t[1]),
  figure: (e, t) => e.figure(t[1]),
  "+": (e, t) => e.of(t[1]) + e.of(t[2]),
  "-": (e, t) => Math.max(e.of(t[1]) - e.of(t[2]), 0),  // Nothing is negative.
  "*": (e, t) => halfUp(e.of(t[1]) * e.of(t[2]), t[3]),
  "/": (e, t) => halfUp(e.of(t[1]), t[2]),
  min: (e, t) => Math.min(...t.slice(1).map(e.of)),
  max: (e, t) => Math.max(...t.slice(1).map(e.of)),
  round: (e, t) => halfUp(e.of(t[1]), t[2]) * t[2],
  round_up: (e, t) => cut(e.of(t[1]) + t[2] - 1, t[2]) * t[2],
  round_down: (e, t) => cut(e.of(t[1]), t[2]) * t[2],
  "<": (e, t) => e.of(t[1]) < e.of(t[2]),
  "<=": (e, t) => e.of(t[1]) <= e.of(t[2]),
  ">": (e, t) => e.of(t[1]) > e.of(t[2]),
  ">=": (e, t) => e.of(t[1]) >= e.of(t[2]),
  "==": (e, t) => e.of(t[1]) === e.of(t[2]),
  "!=": (e, t) => e.of(t[1]) !== e.of(t[2]),
  and: (e, t) => t.slice(1).every(e.of),
  or: (e, t) => t.slice(1).some(e.of),
  not: (e, t) => !e.of(t[1]),
  has: (e, t) => e.of(t[1]).some((name) => t[2].includes(name)),
  in_names: (e, t) => t[2].includes(e.of(t[1])),
  in_areas: (e, t) => within(e.of(t[1]), t[2]),
  in_region: (e, t) => e.of(t[2]) !== "" && inside(e.of(t[1]), e.of(t[2])),
  in_figure: (e, t) => within(e.of(t[1]), e.figure(t[2])),
  in_hours: (e, t) => e.figure(t[2]).some(([low, high]) => low <= e.of(t[1]) && e.of(t[1]) < high),
  in_dates: (e, t) => e.figure(t[2]).some(([low, high]) => low <= e.of(t[1]) && e.of(t[1]) <= high),
  known: (e, t) => e.facts[t[1]] !== null && e.facts[t[1]] !== "",
  default: (e, t) => e.facts[t[1]] ?? e.of(t[2]),
  rows: (e, t) => e.of(t[1].find(([condition]) => condition === null || e.of(condition))[1]),
};

/** One programme asked for one set of facts; each `let` is reckoned at most once. */
function evaluation(rule, facts) {
  const lets = new Map(rule.let), known = new Map();
  const e = {
    facts,
    of: (tree) => RECKONED[tree[0]](e, tree),
    let(name) {
      if (!known.has(name)) known.set(name, e.of(lets.get(name)));
      return known.get(name);
    },
    figure: (name) => found(rowOf(rule.figures[name].rows, facts.day), facts),
  };
  return e;
}

// --- figures ------------------------------------------------------------------------------------------------------
/** The table that holds on a day (an ordinal); before the first row the first. */
function rowOf(rows, day) {
  return (rows.findLast(([begin], at) => at === 0 || begin <= day) ?? rows[0])[1];
}

const FITS = {
  steps: (key, told) => told >= key,
  names: (key, told) => told === key,
  regions: (key, told) => told.startsWith(key),
  largest: (key, told) => told.includes(key),
  smallest: (key, told) => told.includes(key),
};

function found(level, facts) {
  while (level[0] !== "is") {
    const [form, fact, rows, other] = level;
    level = (rows.find(([key]) => FITS[form](key, facts[fact])) ?? [null, other ?? rows.at(-1)[1]])[1];
  }
  return level[1];
}
