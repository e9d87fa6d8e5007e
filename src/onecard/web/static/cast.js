// The demo's page: whoever sits before it taps as one of the cast, by button as well as by card reader.

const element = (id) => document.getElementById(id);
const { source, terminal } = element("result").dataset;
const fields = {
  person: element("person"), credential: element("credential"), service: element("service"), price: element("list-price"),
};

export function castDesk() {
  let state = null;
  const fillCredentials = () => options(fields.credential, state.people[fields.person.value].map(({ label }, at) => [String(at), label]));
  const fillPrices = () => options(fields.price, state.services[fields.service.value].prices.map(({ fen, text }) => [String(fen), text]));
  return {
    terminal,
    begins: false,
    holds: false,  // An answer stays: one may follow its "why".
    get token() { return state.token; },
    asked: () => ({ service: fields.service.value, listPrice: Number(fields.price.value) }),

    /** What the page shows, told by the server or, without it, kept by the log. Returns {state, gap, kept}. */
    async load(log) {
      const key = `state ${source}`;
      try {
        const response = await fetch(source, { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(`state ${response.status}`);
        state = await response.json();
        const told = { state, gap: Date.parse(state.now) - Date.now() };  // The city's clock need not be this machine's.
        await log.keep(key, told);
        return { ...told, isKept: false };
      } catch (mistake) {
        const last = await log.meta(key);
        if (!last) throw mistake;
        ({ state } = last);
        return { ...last, isKept: true };
      }
    },

    begin(tap) {
      fillCredentials();
      fillPrices();
      fields.person.addEventListener("change", fillCredentials);
      fields.service.addEventListener("change", fillPrices);
      element("picker").addEventListener("submit", (event) => {
        event.preventDefault();
        tap(state.people[fields.person.value][Number(fields.credential.value)]);
      });
    },

    filled() {},
  };
}

function options(select, rows) {
  select.replaceChildren(...rows.map(([value, text]) => Object.assign(document.createElement("option"), { value, textContent: text })));
}
