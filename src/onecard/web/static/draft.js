// A document from a file into the field: nothing is sent before somebody presses the button.
const file = document.getElementById("f-file");
const field = document.getElementById("f-source");
const LONGEST = 64 * 1024;

file.closest("[hidden]").hidden = false;
file.addEventListener("change", async () => {
  const [chosen] = file.files;
  if (!chosen || chosen.size > LONGEST) return;
  field.value = await chosen.text();
  field.focus();
});
