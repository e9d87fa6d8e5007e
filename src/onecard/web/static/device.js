// A real terminal's page: it is told once which terminal it is and with which token it speaks; site, services and rules come with
// the bundle. The price is typed by who serves.

const element = (id) => document.getElementById(id);
const KEPT = "onecard device";  // In this browser's own storage, as the log is.

export function deviceDesk() {
  const identity = JSON.parse(localStorage.getItem(KEPT) ?? "null"), { source } = element("result").dataset;
  const service = element("service"), price = element("list-price");
  element("device").addEventListener("submit", (event) => {
    event.preventDefault();
    const told = { terminal: element("device-terminal").value.trim(), token: element("device-token").value.trim() };
    localStorage.setItem(KEPT, JSON.stringify(told));
    location.reload();
  });
  return {
    terminal: identity?.terminal ?? "",
    begins: identity !== null,  // Whoever opens it looks first whether it is ready, and touches it once for the sound.
    holds: true,
    token: identity?.token ?? "",
    asked: () => ({ service: service.value, listPrice: fenOf(price.value) }),

    async load(log) {
      const key = `words ${source}`, response = await fetch(source).catch(() => null);
      if (response?.ok) {
        const state = { ...(await response.json()), next_seq: 1, services: {} };
        await log.keep(key, { state });
        return { state, gap: 0, isKept: false };
      }
      const last = await log.meta(key);
      if (!last) throw new Error("no words yet");
      return { ...last, gap: 0, isKept: true };
    },

    begin() {
      if (identity) return;
      element("device").hidden = false;
      element("device-terminal").focus();
    },

    /** Show what the bundle says of the site: its name, and the services it offers. */
    filled({ bundle }, state) {
      const words = bundle.city.lists.words, place = state.lang === "zh" ? 0 : 1, chosen = service.value;
      element("name").textContent = bundle.site[`name_${state.lang}`];
      service.replaceChildren(...bundle.site.services.map((code) => new Option(words[code]?.[place] ?? code, code)));
      if (bundle.site.services.includes(chosen)) service.value = chosen;
      state.services = Object.fromEntries(bundle.site.services.map((code) => [code, { next: state.words[`next.${code}`] ?? "" }]));
    },
  };
}

/** Yuan as typed, in fen; nothing typed is nothing asked. */
export const fenOf = (text) => Math.round(Number(text.trim() || 0) * 100);
