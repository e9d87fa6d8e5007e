// One tap from scan to answer: written to the log, asked of the server, decided here where it is refused or silent.

import { decideAlone, nobody, unseen } from "./alone.js";
import { CHAIN_START, linked } from "./chain.js";
import { EXIT, refusal } from "./decide.js";

const SILENCE_MS = 800;  // Until the bundle says otherwise.
const RECENT = 200;  // Uses in which a code is looked for that was shown before.
const CITY_OFFSET_MS = 8 * 3_600_000;

/** An instant in ms as the city writes it. */
export const cityTime = (ms) => new Date(ms + CITY_OFFSET_MS).toISOString().replace("Z", "+08:00");

export class Tapper {
  away = false;  // The server was silent, and nothing has reached it since.

  /** `least`: the first number that may be given; `renumbered`: asks the server for it anew. */
  constructor({ log, held, call, clock, least, renumbered }) { Object.assign(this, { log, held, call, clock, least, renumbered }); }

  /** Returns {answer, alone}, or {problem} of what could not be taken: "unreachable", "busy", or the server's own words. */
  async tap({ credential, service, listPrice }) {
    const at = this.clock.now(), record = await this.#written(credential, service, listPrice, at);
    if (this.away && this.held.ready) return this.#alone(record, at);
    let [asked, response] = [record, await this.#ask(record)];
    if (response?.status === 409) {  // Another device took the number: ask for the next one, once.
      await this.log.settle(asked.seq, { state: "void" });
      this.least = await this.renumbered();
      asked = await this.#written(credential, service, listPrice, at);
      response = await this.#ask(asked);
    }
    if (response?.ok) return { answer: await this.#answered(asked, await response.json(), at), alone: false };
    const silent = response === null || response.status >= 500;
    if (silent && this.held.ready) return this.#alone(asked, at);
    await this.log.settle(asked.seq, { state: silent ? "unanswered" : "void" });
    if (silent) return { problem: response === null ? "unreachable" : "busy" };
    return { problem: "wrong", told: await response.json().catch(() => ({})), status: response.status };
  }

  #written(credential, service, listPrice, at) {
    const made = (seq) => ({
      terminal: this.call.terminal, seq, credential, service, list_price: listPrice, occurred_at: cityTime(at),
    });
    const { key } = this.held;
    return this.log.next(this.least, made, key && ((use, head) => linked(use, head ?? CHAIN_START, key)));
  }

  /** The server's response; null where it refuses the connection, or where it is silent and this terminal can decide. */
  async #ask({ seq, use, chain }) {
    const response = this.call("/v1/uses", { json: { ...use, chain } }).catch(() => null);
    if (!this.held.ready) return response;
    let timer;
    const silence = new Promise((resolve) => { timer = setTimeout(resolve, this.held.bundle.params.silence_ms ?? SILENCE_MS, "silent"); });
    const first = await Promise.race([response, silence]);
    clearTimeout(timer);
    if (first !== "silent") { this.away = first === null; return first; }
    this.away = true;
    response.then(async (late) => { if (late?.ok) await this.log.settle(seq, { late: await late.json() }); });  // Kept, never shown.
    return null;
  }

  async #answered({ seq, use }, answer, at) {
    let seen = [];
    if (this.held.ready && answer.outcome === "accepted") {  // So that the next tap, alone, knows of this one.
      const here = await this.#decided(use, at);
      const before = here.before.risk;
      if (here.decision.programme === answer.programme) seen = here.seen.map((each) => ({ ...each, risk: before }));
    }
    await this.log.settle(seq, { state: "answered", answer }, seen);
    return answer;
  }

  async #alone({ seq, use }, at) {
    const { decision, seen } = await this.#decided(use, at);
    const answer = { outcome: decision.outcome, reason: decision.reason, list_price: use.list_price, paid: decision.paid };
    const offline = { outcome: answer.outcome, paid: answer.paid, hotlist: this.held.hotlist.version };
    await this.log.settle(seq, { state: "waiting", answer, offline }, seen);
    return { answer, alone: true };
  }

  async #decided(use, ms) {
    const { held, log } = this, shown = await held.lookUp(use.credential, ms);
    const before = (await log.seen(shown.alias)) ?? unseen(shown.alias);
    const problem = use.service === EXIT ? null : shown.problem ?? (await this.#replayed(use));  // Whoever is inside gets out.
    if (problem) return { decision: refusal(problem), seen: [], before };
    const everybody = (await log.seen("*")) ?? nobody();
    return { ...decideAlone(use, { held, card: shown.card, entry: shown.entry, seen: before, everybody, ms }), before };
  }

  async #replayed({ credential, seq }) {
    if (credential.kind !== "code") return null;
    const again = ({ use, answer }) => use.seq < seq && use.credential.value === credential.value && answer;
    return (await this.log.newest(RECENT)).some(again) ? "CODE_REPLAYED" : null;
  }
}
