// The desk's keys: one character for each link, button or choice with data-shortcut, / for the box to search in, and
// ? for the list. Never while somebody types, and never with Ctrl, Alt or Cmd, which belong to the browser. Whoever
// speaks to the machine or presses keys by chance turns them off in the list (WCAG 2.2, 2.1.4); the browser remembers.
const KEPT = "bluelamp-shortcuts";
const LISTENS = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const isOff = () => {
  try {
    return localStorage.getItem(KEPT) === "off";
  } catch {
    return false;
  }
};

function turn(isOn) {
  try {
    if (isOn) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
  } catch {
    // A browser that keeps nothing has the keys on again on the next page.
  }
}

const named = (target) => (target.labels?.[0] ?? target).textContent.trim();

function make(tag, className, ...inside) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...inside);
  return element;
}

function switchOf() {
  const box = make("input", "govuk-checkboxes__input");
  box.type = "checkbox";
  box.id = "shortcuts-on";
  box.checked = !isOff();
  box.addEventListener("change", () => turn(box.checked));
  const label = make("label", "govuk-label govuk-checkboxes__label", "Use these keys on this device");
  label.htmlFor = box.id;
  return make("div", "govuk-checkboxes govuk-checkboxes--small", make("div", "govuk-checkboxes__item", box, label));
}

function listOfKeys() {
  const title = make("h2", "govuk-heading-m", "Keyboard shortcuts");
  title.id = "shortcuts-title";
  const keys = document.createElement("dl");
  for (const target of document.querySelectorAll("[data-shortcut]")) {
    keys.append(make("dt", "", make("kbd", "", target.dataset.shortcut)), make("dd", "", named(target)));
  }
  keys.append(make("dt", "", make("kbd", "", "?")), make("dd", "", "This list"));
  const close = make("button", "govuk-button govuk-button--secondary govuk-!-margin-bottom-0", "Close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  const when = make("p", "bl-muted", "They work while no field is being typed in.");
  const dialog = make("dialog", "bl-shortcuts", title, keys, when, switchOf(), close);
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function reach(key) {
  const box = key === "/" && document.querySelector("main input[type=search]");
  const target = box || document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!target) return false;
  target.focus();
  if (box) box.select();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const isTaken = event.ctrlKey || event.altKey || event.metaKey || event.target.closest(LISTENS);
  if (isTaken || isOff() || document.querySelector("dialog[open]")) return;
  if (event.key === "?") listOfKeys();
  else if (!reach(event.key)) return;
  event.preventDefault();
});

for (const button of document.querySelectorAll("[data-shortcut-list]")) {
  button.hidden = false;
  button.addEventListener("click", listOfKeys);
}
