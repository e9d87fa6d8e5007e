// The big answer: shape, word, price, next step, sound and voice. What it says is one region that a screen reader reads at once.

const element = (id) => document.getElementById(id);
const HOLD_MS = { ok: 1500, amber: 4000, red: 6000 };
const TONES = { ok: [880, 1320], amber: [660, 660], red: [220] };
const BUZZ = { ok: [60], amber: [60, 80, 60], red: [400] };
const unbroken = (text) => Object.assign(document.createElement("span"), { className: "nb", textContent: text });
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

export class Screen {
  #audio = null;
  #clips = new Map();
  #timer = 0;

  /** `holds`: whether an answer gives way to the waiting screen by itself. Where it stays, it leads to its explanation. */
  constructor({ holds }) { this.holds = holds; this.region = element("result"); this.words = {}; }

  /** Take the words of the page's language. */
  take({ words, reasons, services, lang }) { Object.assign(this, { words, reasons, services, lang }); }

  get isIdle() { return this.region.dataset.state === "idle"; }

  idle() { this.show("idle", this.words.idle, [], this.words.idle_next); }

  show(kind, word, price = [], next = "", use = null) {
    clearTimeout(this.#timer);
    this.region.dataset.state = kind;
    element("word").textContent = word;
    element("price").replaceChildren(...price.map(unbroken));
    element("next").textContent = next;
    const why = element("why");
    why.hidden = use === null || this.holds;
    if (!why.hidden) why.href = `/uses/${encodeURIComponent(use)}?lang=${this.lang}`;
    if (this.holds && HOLD_MS[kind]) this.#timer = setTimeout(() => this.idle(), HOLD_MS[kind]);
    this.#sound(kind);
  }

  /** Show an answer; `alone` where it was given without the server. */
  answer({ outcome, reason: code, list_price: listPrice, paid, say, use = null }, service, { alone = false } = {}) {
    const words = this.words, reason = this.reasons[code] ?? { word: say, next: "", public: false };
    const said = say ?? (outcome === "accepted" && reason.full ? reason.full : reason.word), saved = listPrice - paid;
    if (outcome === "refused") {
      this.show("red", said, [], reason.next, use);
      this.speak(reason.voice);
    } else if (code.startsWith("OK") || code === "OFFLINE_ACCEPTED") {
      const price = [];
      if (paid > 0) price.push(fill(words.pay, { amount: yuan(paid) }));
      if (saved > 0) price.push(fill(words.save, { amount: yuan(saved) }));
      const told = alone ? this.reasons.OFFLINE_ACCEPTED : null;
      this.show("ok", told?.word ?? said, price, told?.next ?? (this.services[service]?.next || reason.next), use);
      this.speak(told?.voice ?? reason.voice);
    } else {
      // Served at full price. A limit may be named in public; what a person is (age, insurance) may not.
      const tells = reason.public && !code.startsWith("NOT_"), word = tells ? reason.word : said, amount = yuan(paid);
      const price = listPrice === 0 ? [] : [word === said ? fill(words.pay, { amount }) : fill(words.full, { word: said, amount })];
      this.show("amber", word, price, reason.public ? reason.next : "", use);
      this.speak(tells ? reason.voice : "full-price");
    }
  }

  // --- sound and voice: nothing before the first touch ------------------------------------------------------------
  get loud() { return this.#audio !== null && element("sound").getAttribute("aria-pressed") === "true"; }

  /** Allow sound; it must be called from a touch. Returns whether the voice clips could be read. */
  async unlock(clips = {}) {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
    for (const [name, address] of Object.entries(clips)) {
      if (this.#clips.has(name)) continue;
      const response = await fetch(address).catch(() => null);
      if (response?.ok) this.#clips.set(name, await this.#audio.decodeAudioData(await response.arrayBuffer()).catch(() => null));
    }
    return Object.keys(clips).length > 0 && Object.keys(clips).every((name) => this.#clips.get(name));
  }

  speak(name) {
    const clip = this.#clips.get(name);
    if (!this.loud || !clip) return;
    const source = this.#audio.createBufferSource();
    source.buffer = clip;
    source.connect(this.#audio.destination);
    source.start(this.#audio.currentTime + 0.35);  // After the tones: the sound says it at once, the voice explains.
  }

  #sound(kind) {
    if (!this.loud) return;
    navigator.vibrate?.(BUZZ[kind] ?? []);
    (TONES[kind] ?? []).forEach((frequency, at, all) => {
      const tone = this.#audio.createOscillator(), start = this.#audio.currentTime + at * 0.2;
      tone.frequency.value = frequency;
      tone.connect(this.#audio.destination);
      tone.start(start);
      tone.stop(start + (all.length === 1 ? 0.45 : 0.15));
    });
  }
}
