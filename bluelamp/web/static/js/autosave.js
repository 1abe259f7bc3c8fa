// Saves what is typed in a desk form on this device until the form is sent. The form names its draft:
// <form data-autosave="record-…">. Passwords, files and hidden fields are never saved.
import { text } from "./texts.js";

const MAX_AGE = 24 * 60 * 60 * 1000; // milliseconds
const DELAY = 800; // milliseconds after the last key

const isSaved = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);

export function enhance(form) {
  const key = `bluelamp-draft:${form.dataset.autosave}`;
  const status = document.createElement("p");
  status.className = "bl-autosave";
  status.setAttribute("role", "status");
  form.append(status);
  let timer = 0;

  function readDraft() {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      if (draft && Date.now() - draft.at < MAX_AGE) return draft;
      localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key);
    }
    return null;
  }

  function saveDraft() {
    const values = [...form.elements].filter(isSaved).map((field) => [
      field.name,
      field.type === "radio" || field.type === "checkbox" ? [field.value, field.checked] : field.value,
    ]);
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
      status.textContent = text("draft_saved");
    } catch {
      status.textContent = text("draft_not_saved");
    }
  }

  function restoreDraft(draft) {
    const fields = [...form.elements].filter(isSaved);
    let hasChanged = false;
    for (const [name, value] of draft.values) {
      // Several fields may share a name, so each saved value takes the next one that fits.
      const index = fields.findIndex((field) => field.name === name && (!Array.isArray(value) || field.value === value[0]));
      if (index < 0) continue;
      const [field] = fields.splice(index, 1);
      if (Array.isArray(value)) {
        hasChanged ||= field.checked !== value[1];
        field.checked = value[1];
      } else if (!field.value && value) {
        // A field that the server has filled keeps what it holds.
        field.value = value;
        hasChanged = true;
      }
    }
    if (hasChanged) status.textContent = text("draft_restored");
  }

  const draft = readDraft();
  // After an error the page holds what was sent, which is newer than the draft.
  if (draft && !document.querySelector(".govuk-error-summary")) restoreDraft(draft);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(saveDraft, DELAY);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    localStorage.removeItem(key);
  });
  window.addEventListener("pagehide", () => clearTimeout(timer));
}
