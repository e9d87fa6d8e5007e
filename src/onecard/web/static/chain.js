// The chain of this device's uses: each is linked to the one before it and signed, the form of terminals/chain.py.
//
// The key is made here and cannot be read out, by this page neither. Where the browser has no Ed25519, or the page did not come
// over HTTPS, there is none: uses then go unsigned, and the menu says so.

export const CHAIN_START = "0".repeat(64);  // What the first use of a key is linked to, in hex.
const CONTENT = ["terminal", "seq", "credential", "service", "list_price", "way", "ticket", "group", "guardian"];
const DEFAULTS = { way: "dine_in", ticket: "main", group: 1 };
const CREDENTIAL = ["kind", "value", "reason"];
const KEY_ID_BYTES = 8;

/** The one text of what a use says: keys sorted at every level, the time in whole ms, what is null or at its default left out. */
export function canonicalContent(use) {
  const told = CONTENT.filter((name) => (use[name] ?? null) !== null && use[name] !== DEFAULTS[name]);
  const content = { ...picked(use, told), occurred_at: Date.parse(use.occurred_at) };
  for (const name of ["credential", "guardian"]) {
    if (content[name]) content[name] = picked(content[name], CREDENTIAL.filter((field) => content[name][field]));
  }
  return JSON.stringify(picked(content, Object.keys(content)));
}

/** The next link upon `previous` (hex), signed by `key`: {link, chain}, `chain` as a use carries it. */
export async function linked(use, previous, key) {
  const content = new TextEncoder().encode(canonicalContent(use)), before = bytesOf(previous);
  const link = await crypto.subtle.digest("SHA-256", new Uint8Array([...before, ...content]));
  const signature = base64Of(await crypto.subtle.sign("Ed25519", key.private, link));
  return { link: hexOf(link), chain: { previous, signature, key_id: key.id } };
}

/** This device's key: {private, public in base64, id}; made at the first start, kept in the log. Null where there can be none. */
export async function deviceKey(log) {
  try {
    return (await log.meta("device key")) ?? (await log.keepFirst("device key", await madeKey()));
  } catch {
    return null;
  }
}

async function madeKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const shown = await crypto.subtle.exportKey("raw", publicKey), digest = await crypto.subtle.digest("SHA-256", shown);
  return { private: privateKey, public: base64Of(shown), id: hexOf(digest.slice(0, KEY_ID_BYTES)) };
}

const picked = (told, names) => Object.fromEntries([...names].sort().map((name) => [name, told[name]]));
const hexOf = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (hex) => hex.match(/../g).map((digits) => parseInt(digits, 16));
const base64Of = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
