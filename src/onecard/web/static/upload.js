// Send what waits, in order, and what is to be taken back: when the network returns, every few seconds, and after each tap.

const BATCH = 200;  // Uses in one request: some 60 KB.

export class Uploader {
  #running = null;

  constructor({ log, call, changed }) { this.log = log; this.call = call; this.changed = changed; }

  /** Send until nothing waits. Returns whether the server was reached; one run at a time. */
  run() {
    this.#running ??= this.#run().catch(() => false).finally(() => { this.#running = null; });
    return this.#running;
  }

  async #run() {
    for (let waiting = await this.log.waiting(BATCH); waiting.length; waiting = await this.log.waiting(BATCH)) {
      if (!(await this.#send(waiting))) return false;
    }
    return this.#takeBack();
  }

  async #send(records) {
    const uses = records.map(({ use, offline, chain }) => ({ ...use, offline, chain }));
    const response = await this.call("/v1/uses/batch", { json: { uses } });
    if (!response.ok) return false;  // Nothing is lost: it waits, and is sent again.
    const { answers } = await response.json();
    for (const [at, record] of records.entries()) await this.log.settle(record.seq, { state: "sent", upload: answers[at] });
    await this.changed();
    return true;
  }

  async #takeBack() {
    for (const { seq, use, undoReason } of await this.log.undone()) {
      const name = encodeURIComponent(`${use.terminal}.${seq}`);
      const response = await this.call(`/v1/uses/${name}/reversal`, { json: { reason: undoReason } });
      if (response.status >= 500 || response.status === 401) return false;
      await this.log.settle(seq, { undo: response.ok ? "done" : "refused" });
    }
    await this.changed();
    return true;
  }
}
