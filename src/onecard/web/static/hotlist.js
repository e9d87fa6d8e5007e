// The hotlist as this terminal holds and receives it: the form of terminals/hotlist.py. An entry is the first four bytes of a
// credential's alias. A message that is damaged or begins elsewhere changes nothing: it throws, and the list at hand stands.

export const EMPTY = { version: 0, entries: new Uint32Array(0) };
const HEAD = 22, ENTRIES_MAX = 8_000_000;  // "OCHL1", kind, from, to: 5 + 1 + 8 + 8 bytes; more entries are no list of a city.

export class HotlistWrong extends Error {}

/** Tell whether a list holds an entry. */
export function holds(hotlist, entry) {
  const place = placeOf(hotlist.entries, entry);
  return hotlist.entries[place] === entry;
}

/** What stands after a message, full, packed or delta. */
export async function updated(held, buffer) {
  const bytes = new Uint8Array(buffer), view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD + 4 || String.fromCharCode(...bytes.subarray(0, 5)) !== "OCHL1") throw new HotlistWrong("no hotlist");
  const kind = String.fromCharCode(bytes[5]), count = view.getUint32(HEAD);
  const since = Number(view.getBigUint64(6)), version = Number(view.getBigUint64(14));
  if (count > ENTRIES_MAX) throw new HotlistWrong("too many entries");
  if (kind === "D") return applied(held, since, version, bytes, count);
  if (!"FP".includes(kind) || since !== 0) throw new HotlistWrong("unknown kind");
  const body = bytes.subarray(HEAD + 4);
  return { version, entries: rising(kind === "P" ? await unpacked(body, count) : numbers(body, count)) };
}

function applied(held, since, version, bytes, adds) {
  if (bytes.length < HEAD + 8 || version < since) throw new HotlistWrong("cut short");
  if (since !== held.version) throw new HotlistWrong("begins elsewhere");
  const removes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEAD + 4), middle = HEAD + 8 + 4 * adds;
  const come = rising(numbers(bytes.subarray(HEAD + 8, middle), adds)), go = new Set(rising(numbers(bytes.subarray(middle), removes)));
  const stay = held.entries.filter((entry) => !go.has(entry));
  if (stay.length !== held.entries.length - go.size) throw new HotlistWrong("removes what is not there");
  const entries = new Uint32Array(stay.length + come.length);
  entries.set(stay);
  entries.set(come, stay.length);
  return { version, entries: rising(entries.sort()) };  // What was there already would stand twice, and is found so.
}

function placeOf(entries, entry) {
  let low = 0, high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle] < entry) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rising(entries) {
  for (let at = 1; at < entries.length; at += 1) if (entries[at] <= entries[at - 1]) throw new HotlistWrong("entries do not rise");
  return entries;
}

function numbers(bytes, count) {
  if (bytes.length !== 4 * count) throw new HotlistWrong("wrong length");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: count }, (_, at) => view.getUint32(4 * at));
}

/** Gaps between entries, the first bytes of all, then the second …, deflated. */
async function unpacked(body, count) {
  const planes = await inflated(body, 4 * count), entries = new Uint32Array(count);
  for (let at = 0, entry = 0; at < count; at += 1) {
    entry += ((planes[at] * 256 + planes[count + at]) * 256 + planes[2 * count + at]) * 256 + planes[3 * count + at];
    if (entry > 0xffff_ffff) throw new HotlistWrong("more than 32 bits");
    entries[at] = entry;
  }
  return entries;
}

async function inflated(body, length) {
  const planes = new Uint8Array(length), reader = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  let filled = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (filled + part.value.length > length) break;  // Never more than was claimed, whatever it inflates to.
      planes.set(part.value, filled);
      filled += part.value.length;
    }
  } catch { filled = -1; }
  if (filled !== length) throw new HotlistWrong("wrong length");
  return planes;
}
