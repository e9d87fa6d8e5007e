// What this terminal holds to decide alone: the bundle of its site and the hotlist, pulled while the network is there and kept on
// its disk. Cards are known by alias only: a keyed hash under the key that terminals hold.

import { rulesOf } from "./alone.js";
import { EMPTY, updated } from "./hotlist.js";

const CODE = new RegExp(  // The form of cards/code.py.
  "^(?<signed>(?<form>[1-4])\\.(?<kid>[0-9a-z]{1,8})\\.(?<pseudonym>[\\w-]{16})\\.(?<born>[0-9]{8})\\.(?<home>[1-9][0-9]{5})"
  + "\\.(?<registered>[1-9][0-9]{5}|-)\\.(?<iat>[1-9a-z][0-9a-z]{0,6})\\.[\\w-]{8})\\.(?<signature>[\\w-]{43}|[\\w-]{86})$",
);
export const PROGRAM = "page-1";
const CODE_LIVES_MS = 60_000, CODE_SKEW_MS = 15_000;
const INTL_SIGNED = "3";  // Ed25519: what a browser can check by itself.

export class Held {
  bundle = null;
  hotlist = EMPTY;
  at = 0;  // The city's time at which the hotlist was last known to be the newest, in ms.
  rules = null;
  signedIn = null;  // What the last sign-in said.
  isCloned = false;  // Another device is bound as this terminal.
  #key = null;
  #cards = new Map();

  constructor(log, call) { this.log = log; this.call = call; }

  /** Whether it may decide alone: it holds what it needs, and its clock is not known to be off by more than a minute. */
  get ready() { return this.#key !== null && this.at > 0 && this.signedIn?.clock_ok !== false; }

  /** Take what the disk holds. */
  async load() {
    const [bundle, hotlist] = [await this.log.meta("bundle"), await this.log.meta("hotlist")];
    if (hotlist) [this.hotlist, this.at] = [hotlist, hotlist.at];
    if (bundle) await this.#take(bundle);
  }

  /** Sign in and fetch what is new; `now` is the city's time in ms. Throws where the server does not answer. */
  async pull(now, more = {}) {
    const { terminal } = this.call;
    const have = { hotlist: this.hotlist.version, bundle: this.bundle?.etag ?? "" };
    const json = { terminal, clock: new Date(now).toISOString(), version: PROGRAM, have, ...more };
    const response = await this.call("/v1/terminals/sign-in", { json });
    this.isCloned = response.status === 409;
    if (!response.ok) return response.status;
    this.signedIn = await response.json();
    await this.refresh(now, this.signedIn);
    return 200;
  }

  /** Fetch what `told` (a sign-in, a heartbeat or an event) says is newer than what is held. */
  async refresh(now, told) {
    if (told.bundle !== undefined && told.bundle !== this.bundle?.etag) {
      const response = await this.call(`/v1/terminals/${encodeURIComponent(this.call.terminal)}/bundle`, {});
      if (response.ok) {
        const bundle = await response.json();
        await this.log.keep("bundle", bundle);
        await this.#take(bundle);
      }
    }
    if (told.hotlist === undefined) return;
    if (told.hotlist !== this.hotlist.version || !this.at) await this.#pullHotlist();
    this.at = now;
    await this.log.keep("hotlist", { ...this.hotlist, at: now });
  }

  async #pullHotlist() {
    const fetched = async (have) => (await this.call(`/v1/hotlist?have=${have}`, {})).arrayBuffer();
    try {
      this.hotlist = await updated(this.hotlist, await fetched(this.hotlist.version));
    } catch {  // A delta that does not fit, or damage: the whole list, once.
      this.hotlist = await updated(EMPTY, await fetched(0));
    }
  }

  async #take(bundle) {
    const bytes = Uint8Array.from(atob(bundle.hash_key), (letter) => letter.charCodeAt(0));
    this.#key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    this.#cards = new Map(bundle.cards.map(([alias, born, home, registered]) => [alias, { born, home, registered }]));
    this.rules = rulesOf(bundle);
    this.bundle = bundle;
  }

  /** Who is shown, as far as this terminal knows: {alias, entry, card or null, problem or null}. */
  async lookUp(credential, now) {
    const code = credential.kind === "code" ? CODE.exec(credential.value)?.groups : null;
    const alias = await this.#alias(credential.kind, code?.pseudonym ?? canonical(credential));
    const entry = parseInt(alias.slice(0, 8), 16);
    if (credential.kind !== "code") return { alias, entry, card: this.#cards.get(alias) ?? null, problem: null };
    if (!code) return { alias, entry, card: null, problem: "CODE_BAD_SIGN" };
    return { alias, entry, ...(await this.#codeSays(code, now)) };
  }

  /** What a code proves; a signature that this browser cannot check proves nothing, and is left to the server. */
  async #codeSays({ signed, form, kid, born, home, registered, iat, signature }, now) {
    const issuer = this.bundle.issuers.find((each) => each.kid === kid && each.suite === "INTL");
    const good = issuer && form === INTL_SIGNED ? await verified(issuer.public, signed, signature) : null;
    if (good === false) return { problem: "CODE_BAD_SIGN", card: null };
    const card = good ? { born, home, registered: registered === "-" ? "" : registered } : null;
    return { problem: timeProblem(now - parseInt(iat, 36) * 1000), card };
  }

  async #alias(kind, value) {
    const hash = await crypto.subtle.sign("HMAC", this.#key, new TextEncoder().encode(`${kind}\0${value}`));
    return [...new Uint8Array(hash, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/** The one form under which a number is kept: small letters are forgiven (cards/credential.py). */
const canonical = ({ kind, value }) => (kind === "chip" ? value.toLowerCase() : value.toUpperCase());

function timeProblem(age) {
  if (age < -CODE_SKEW_MS) return "CODE_CLOCK";
  return age > CODE_LIVES_MS + CODE_SKEW_MS ? "CODE_EXPIRED" : null;
}

const bytesOf = (base64) => Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/** Whether a signature is the issuer's; null where this browser cannot tell. */
async function verified(publicKey, signed, signature) {
  try {
    const key = await crypto.subtle.importKey("raw", bytesOf(publicKey), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, bytesOf(signature), new TextEncoder().encode(signed));
  } catch {
    return null;
  }
}
