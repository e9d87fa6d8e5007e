// Card readers that type like a keyboard: a line is known by its shape, never by how fast it was typed, wherever the focus is.

const SHAPES = [  // The longest first: the end of a code could look like a chip, the end of a chip like a card.
  ["code", /(?:[\w-]+\.){6,}[\w-]{40,}$/],
  ["chip", /[0-9a-fA-F]{32}$/],
  ["id", /[0-9]{17}[0-9Xx]$/],
  ["card", /[A-Z][A-Z0-9][0-9]{7}$/],
];
const LINE_MAX = 400;

/** The credential that a line ends with, or null. */
export function credentialIn(line) {
  for (const [kind, shape] of SHAPES) {
    const found = shape.exec(line);
    if (found) return { kind, value: found[0] };
  }
  return null;
}

/** Hear every key: `onCredential` gets what a reader typed, and each field stands again as before its first key. */
export function hear({ onCredential, onEscape }) {
  let line = "", before = null;
  const forget = () => { line = ""; before = null; };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { forget(); onEscape(); return; }
    if (event.key === "Enter") {
      const credential = credentialIn(line), values = before;
      forget();
      if (!credential) return;
      event.preventDefault();  // The focused button, field or list must not take the reader's Enter for its own.
      event.stopPropagation();
      restore(values);
      onCredential(credential);
      return;
    }
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    before ??= remember();
    line = (line + event.key).slice(-LINE_MAX);
  }, true);
  document.addEventListener("pointerdown", forget, true);
}

const remember = () => [...document.querySelectorAll("input, select, textarea")].map((field) => [field, field.value]);

function restore(values) {
  for (const [field, value] of values ?? []) {
    if (field.value === value) continue;
    field.value = value;
    if (field.tagName === "SELECT") field.dispatchEvent(new Event("change", { bubbles: true }));  // Fill what depends on it.
  }
  // What depended on a list is filled anew by then: set it once more.
  for (const [field, value] of values ?? []) if (field.value !== value) field.value = value;
}
