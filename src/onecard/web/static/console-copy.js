// The text of a page goes to the clipboard: by its button, and by Ctrl+C where nothing is selected. No permission, no secure context
// is needed for that: what is written is the answer to the browser's own copying.
const button = document.querySelector("[data-copy]");
const text = () => document.getElementById(button.dataset.copy).innerText.trim();
const said = document.getElementById("copied");
const writes = () => document.activeElement.matches("input, select, textarea");

document.addEventListener("copy", (event) => {
  if (writes() || !getSelection().isCollapsed) return;
  event.clipboardData.setData("text/plain", text());
  event.preventDefault();
  said.textContent = said.dataset.done;
  said.classList.remove("away");
});
button.addEventListener("click", () => {
  getSelection().removeAllRanges();
  document.execCommand("copy");
});
button.hidden = false;
