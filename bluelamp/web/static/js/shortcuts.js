// The desk's keyboard shortcuts: one character for each link, button or choice with data-shortcut, / for the search box
// and ? for the list. They do nothing in a text field, nor with Ctrl, Alt or Cmd, which belong to the browser. People who
// dictate, or press keys by accident, can turn them off in the list (WCAG 2.2, 2.1.4). The browser remembers that.
import { text } from "./texts.js";

const STORAGE_KEY = "bluelamp-shortcuts";
const TEXT_FIELDS = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const areOff = () => {
  try {
    return localStorage.getItem(STORAGE_KEY) === "off";
  } catch {
    return false;
  }
};

function setEnabled(isOn) {
  try {
    if (isOn) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, "off");
  } catch {
    // A browser without storage has them on again on the next page.
  }
}

const labelOf = (target) => (target.labels?.[0] ?? target).textContent.trim();

function create(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

function createSwitch() {
  const box = create("input", "govuk-checkboxes__input");
  box.type = "checkbox";
  box.id = "shortcuts-on";
  box.checked = !areOff();
  box.addEventListener("change", () => setEnabled(box.checked));
  const label = create("label", "govuk-label govuk-checkboxes__label", text("shortcuts_on"));
  label.htmlFor = box.id;
  return create("div", "govuk-checkboxes govuk-checkboxes--small", create("div", "govuk-checkboxes__item", box, label));
}

function showList() {
  const title = create("h2", "govuk-heading-m", text("shortcuts"));
  title.id = "shortcuts-title";
  const keys = document.createElement("dl");
  for (const target of document.querySelectorAll("[data-shortcut]")) {
    keys.append(create("dt", "", create("kbd", "", target.dataset.shortcut)), create("dd", "", labelOf(target)));
  }
  keys.append(create("dt", "", create("kbd", "", "?")), create("dd", "", text("shortcuts_list")));
  const close = create("button", "govuk-button govuk-button--secondary govuk-!-margin-bottom-0", text("close"));
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  const note = create("p", "bl-muted", text("shortcuts_hint"));
  const dialog = create("dialog", "bl-shortcuts", title, keys, note, createSwitch(), close);
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function activate(key) {
  const searchBox = key === "/" && document.querySelector("main input[type=search]");
  const target = searchBox || document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!target) return false;
  target.focus();
  if (searchBox) searchBox.select();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const isForOthers = event.ctrlKey || event.altKey || event.metaKey || event.target.closest(TEXT_FIELDS);
  if (isForOthers || areOff() || document.querySelector("dialog[open]")) return;
  if (event.key === "?") showList();
  else if (!activate(event.key)) return;
  event.preventDefault();
});

// Hidden in the page, because without this script it would do nothing.
for (const button of document.querySelectorAll("[data-shortcut-list]")) {
  button.hidden = false;
  button.addEventListener("click", showList);
}
