// The desk's keys: one letter for each link or button with data-shortcut, and ? for the list.
// Never while somebody types, and never with Ctrl, Alt or Cmd, which belong to the browser.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

function listOfKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "bl-shortcuts";
  dialog.setAttribute("aria-labelledby", "shortcuts-title");
  const title = document.createElement("h2");
  title.className = "govuk-heading-m";
  title.id = "shortcuts-title";
  title.textContent = "Keyboard shortcuts";
  const keys = document.createElement("dl");
  for (const target of document.querySelectorAll("[data-shortcut]")) {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = target.dataset.shortcut;
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = target.textContent.trim();
    keys.append(term, meaning);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "govuk-button govuk-button--secondary govuk-!-margin-bottom-0";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, keys, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    listOfKeys();
    return;
  }
  const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (target) {
    event.preventDefault();
    target.click();
  }
});
