// What this terminal holds to decide alone: the bundle of its site and the hotlist, pulled while the network is there and kept on
// its disk. Cards are known by alias only: a keyed hash under the key that terminals hold.

import { rulesOf } from "./alone.js";
import { deviceKey } from "./chain.js";
import { codeIn, isAuthentic, timeProblem } from "./code.js";
import { EMPTY, updated } from "./hotlist.js";

export const PROGRAM = "page-2";

export class Held {
  bundle = null;
  hotlist = EMPTY;
  at = 0;  // The city's time at which the hotlist was last known to be the newest, in ms.
  rules = null;
  signedIn = null;  // What the last sign-in said.
  isCloned = false;  // There is another device with this terminal's identity, until an operator settles it.
  key = null;  // This device's own, by which its uses are signed; null where the browser has none.
  #hashKey = null;
  #cards = new Map();

  constructor(log, call) { this.log = log; this.call = call; }

  /** Whether it may decide alone: it holds what it needs, and its clock is not known to be off by more than a minute. */
  get ready() { return this.#hashKey !== null && this.at > 0 && this.signedIn?.clock_ok !== false; }

  /** Whether another device than this one is bound as this terminal. */
  get isOther() { return this.signedIn?.device === "other"; }

  /** Take what the disk holds; a device that has no key yet makes one. */
  async load() {
    this.key = await deviceKey(this.log);
    const [bundle, hotlist] = [await this.log.meta("bundle"), await this.log.meta("hotlist")];
    if (hotlist) [this.hotlist, this.at] = [hotlist, hotlist.at];
    if (bundle) await this.#take(bundle);
  }

  /** Sign in and fetch what is new; `now` is the city's time in ms. Throws where the server does not answer. */
  async pull(now) {
    const { terminal } = this.call;
    const have = { hotlist: this.hotlist.version, bundle: this.bundle?.etag ?? "" };
    const json = { terminal, clock: new Date(now).toISOString(), version: PROGRAM, public_key: this.key?.public, have };
    const response = await this.call("/v1/terminals/sign-in", { json });
    if (!response.ok) return response.status;
    this.signedIn = await response.json();
    await this.refresh(now, this.signedIn);
    return 200;
  }

  /** Fetch what `told` (a sign-in, a heartbeat or an event) says is newer than what is held. */
  async refresh(now, told) {
    this.isCloned = told.cloned ?? this.isCloned;
    if (told.bundle !== undefined && told.bundle !== this.bundle?.etag) {
      const response = await this.call(`/v1/terminals/${encodeURIComponent(this.call.terminal)}/bundle`, {});
      if (response.ok) {
        const bundle = await response.json();
        await this.log.keep("bundle", bundle);
        await this.#take(bundle);
      }
    }
    if (told.hotlist === undefined) return;
    if (told.hotlist !== this.hotlist.version || !this.at) await this.#pullHotlist(told.delta);
    this.at = now;
    await this.log.keep("hotlist", { ...this.hotlist, at: now });
  }

  /** Take the difference that an event brought along, if one did and it fits; else fetch it. */
  async #pullHotlist(delta) {
    const fetched = async (have) => (await this.call(`/v1/hotlist?have=${have}`, {})).arrayBuffer();
    if (delta) {
      const bytes = Uint8Array.from(atob(delta), (letter) => letter.charCodeAt(0));
      const brought = await updated(this.hotlist, bytes.buffer).catch(() => null);
      if (brought) return void (this.hotlist = brought);
    }
    try {
      this.hotlist = await updated(this.hotlist, await fetched(this.hotlist.version));
    } catch {  // A delta that does not fit, or damage: the whole list, once.
      this.hotlist = await updated(EMPTY, await fetched(0));
    }
  }

  async #take(bundle) {
    const bytes = Uint8Array.from(atob(bundle.hash_key), (letter) => letter.charCodeAt(0));
    this.#hashKey = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    this.#cards = new Map(bundle.cards.map(([alias, born, home, registered]) => [alias, { born, home, registered }]));
    this.rules = rulesOf(bundle);
    this.bundle = bundle;
  }

  /** Who is shown, as far as this terminal knows: {alias, entry, card or null, problem or null}. */
  async lookUp(credential, now) {
    const code = credential.kind === "code" ? codeIn(credential.value) : null;
    const alias = await this.#alias(credential.kind, code?.pseudonym ?? canonical(credential));
    const entry = parseInt(alias.slice(0, 8), 16);
    if (credential.kind !== "code") return { alias, entry, card: this.#cards.get(alias) ?? null, problem: null };
    if (!code) return { alias, entry, card: null, problem: "CODE_BAD_SIGN" };
    return { alias, entry, ...(await this.#codeSays(code, now)) };
  }

  /** What a code proves; a signature that this browser cannot check proves nothing, and is left to the server. */
  async #codeSays(code, now) {
    const good = await isAuthentic(code, this.bundle.issuers), { born, home, registered } = code;
    if (good === false) return { problem: "CODE_BAD_SIGN", card: null };
    return { problem: timeProblem(code, now), card: good ? { born, home, registered } : null };
  }

  async #alias(kind, value) {
    const hash = await crypto.subtle.sign("HMAC", this.#hashKey, new TextEncoder().encode(`${kind}\0${value}`));
    return [...new Uint8Array(hash, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

/** The one form under which a number is kept: small letters are forgiven (cards/credential.py). */
const canonical = ({ kind, value }) => (kind === "chip" ? value.toLowerCase() : value.toUpperCase());
