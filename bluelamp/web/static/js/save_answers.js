// Saves what is typed in a form on the server while somebody types: <form data-save-url="…">. The server takes the form
// as it is, right or wrong. Files are sent by upload.js.
import { text } from "./texts.js";

const DELAY = 2000; // milliseconds after the last key

const isChanged = (field) =>
  field.matches("input[type=checkbox], input[type=radio]")
    ? field.checked !== field.defaultChecked
    : field.matches("input:not([type=file]), textarea") && field.value !== field.defaultValue;

export function enhance(form) {
  const status = document.createElement("p");
  status.className = "bl-autosave";
  status.setAttribute("role", "status");
  form.append(status);
  let timer = 0;
  let request = null;

  const readFields = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    return fields;
  };

  async function save() {
    timer = 0;
    request?.abort();
    request = new AbortController();
    try {
      const response = await fetch(form.dataset.saveUrl, { method: "POST", body: readFields(), signal: request.signal, redirect: "error" });
      status.textContent = response.ok ? text("answers_saved") : text("answers_not_saved");
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = text("answers_not_saved");
    }
  }

  const saveSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, DELAY);
  };

  form.addEventListener("input", saveSoon);
  // Somebody typed before this script had come, or the browser put back what was typed before.
  if ([...form.elements].some(isChanged)) saveSoon();
  // The button sends everything itself: an older copy must not arrive after it.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
    request?.abort();
  });
  // Whoever leaves in the middle of a word loses nothing.
  window.addEventListener("pagehide", () => {
    if (timer) navigator.sendBeacon(form.dataset.saveUrl, readFields());
    clearTimeout(timer);
    timer = 0;
  });
}
