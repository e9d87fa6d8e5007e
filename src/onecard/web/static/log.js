// The terminal's own log, on its disk before anything is shown: every use under its number, and what is waiting to be sent.
//
// The next number and the head of the chain are kept in the same transaction as the use that moved them, so that no number is
// ever given twice and no link ever has two that follow it.
// An upgrade adds what is missing and never drops anything.

export const VERSION = 1;
const STORES = { uses: { keyPath: "seq" }, meta: { keyPath: "key" }, seen: { keyPath: "card" } };
const TRIES_MAX = 100;  // Other pages may write to the same log between our reading and our writing.
const KEPT = 2_000;  // Uses that are settled stay this long for the list and the export.

/** States of a use: asked (the server was asked, nothing shown) → answered, or waiting (decided here) → sent; unanswered; void. */
export class Log {
  static open(terminal, version = VERSION) {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(`onecard-${terminal}`, version);
      request.onupgradeneeded = () => upgrade(request);
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();  // A newer page may upgrade.
        resolve(new Log(request.result));
      };
      request.onerror = () => reject(request.error);
    });
  }

  constructor(db) { this.db = db; }

  /**
   * Take the next number, at least `least`, and write the use that `made` makes of it, with the link that `sign(use, head)` makes
   * (null: none). Signing takes longer than a transaction lives: what was read before is read again, and all is done anew if it moved.
   */
  async next(least, made, sign = null) {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const [told, head] = [await this.meta("seq"), (await this.meta("head")) ?? null];
      const seq = Math.max(least, told ?? 1), use = made(seq), signed = sign && (await sign(use, head));
      const record = { seq, use, ...(signed && { chain: signed.chain }), state: "asked" };
      if (await this.#taken(record, told, head, signed?.link ?? head)) return record;
    }
    throw new Error("too many pages write to this log");
  }

  #taken(record, told, head, link) {
    return this.#write(["uses", "meta"], async ({ uses, meta }) => {
      const [seqNow, headNow] = [await done(meta.get("seq")), await done(meta.get("head"))];
      if (seqNow?.value !== told || (headNow?.value ?? null) !== head) return false;
      await done(uses.add(record));  // Never over another: that would be a lost use.
      await done(meta.put({ key: "seq", value: record.seq + 1 }));
      if (link !== head) await done(meta.put({ key: "head", value: link }));
      return true;
    });
  }

  /** Write what became of a use, and with it what is now known of its card. Returns the record. */
  settle(seq, changes, seen = []) {
    return this.#write(["uses", "seen"], async ({ uses, seen: cards }) => {
      const record = { ...(await done(uses.get(seq))), ...changes };
      await done(uses.put(record));
      for (const card of seen) await done(cards.put(card));
      return record;
    });
  }

  /** Up to `most` uses that wait, in their order. */
  waiting(most) { return this.#read("uses", (uses) => uses.index("state").getAll("waiting", most)); }
  waitingCount() { return this.#read("uses", (uses) => uses.index("state").count("waiting")); }
  undone() { return this.#read("uses", (uses) => uses.index("undo").getAll("asked", 100)); }
  get(seq) { return this.#read("uses", (uses) => uses.get(seq)); }
  all() { return this.#read("uses", (uses) => uses.getAll()); }
  seen(card) { return this.#read("seen", (seen) => seen.get(card)); }
  async meta(key) { return (await this.#read("meta", (meta) => meta.get(key)))?.value; }

  /** Keep a value unless one is there; returns the one that is kept. */
  keepFirst(key, value) {
    return this.#write(["meta"], async ({ meta }) => {
      const kept = await done(meta.get(key));
      if (!kept) await done(meta.put({ key, value }));
      return kept?.value ?? value;
    });
  }

  keep(key, value) { return this.#write(["meta"], ({ meta }) => done(meta.put({ key, value }))); }

  /** The newest uses, newest first. */
  async newest(most) {
    const next = (await this.meta("seq")) ?? 1;
    const found = await this.#read("uses", (uses) => uses.getAll(IDBKeyRange.bound(next - 4 * most, next)));
    return found.reverse().slice(0, most);
  }

  /** After a start: what the server was asked and nobody was told counts as unanswered; old settled uses go. */
  recover() {
    return this.#write(["uses", "meta"], async ({ uses, meta }) => {
      for (const record of await done(uses.index("state").getAll("asked"))) await done(uses.put({ ...record, state: "unanswered" }));
      const next = (await done(meta.get("seq")))?.value ?? 1;
      for (const record of await done(uses.getAll(IDBKeyRange.upperBound(next - KEPT), KEPT))) {
        if (record.state !== "waiting" && record.undo !== "asked") await done(uses.delete(record.seq));
      }
    });
  }

  close() { this.db.close(); }

  #read(store, ask) { return done(ask(this.db.transaction(store).objectStore(store))); }

  async #write(names, work) {
    const transaction = this.db.transaction(names, "readwrite", { durability: "strict" });
    const committed = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
    committed.catch(() => {});  // It is awaited below; until then nobody listens.
    const result = await work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    await committed;
    return result;
  }
}

function upgrade(request) {
  for (const [name, options] of Object.entries(STORES)) {
    if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, options);
  }
  const uses = request.transaction.objectStore("uses");
  for (const field of ["state", "undo"]) if (!uses.indexNames.contains(field)) uses.createIndex(field, field);
}

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
