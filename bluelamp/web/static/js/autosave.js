// Saves what is typed in a desk form on this device until the form is sent. The form names its draft:
// <form data-autosave="record-…">. Passwords, files and hidden fields are never saved. A draft is encrypted under a key
// of the person who is signed in: the page has it, the browser's storage does not.
import { text } from "./texts.js";

const MAX_AGE = 24 * 60 * 60 * 1000; // milliseconds
const PREFIX = "bluelamp-draft:";
const DELAY = 800; // milliseconds after the last key

const isSaved = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);

const toBytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const toBase64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

// Returns null where there is nobody signed in, or no cryptography because the page did not come over https.
async function importKey(tag) {
  if (!tag || !globalThis.crypto?.subtle) return null;
  return crypto.subtle.importKey("raw", toBytes(tag.content), "AES-GCM", false, ["encrypt", "decrypt"]);
}

// A draft that is not encrypted was saved by an earlier version of this script.
function isCurrent(text) {
  try {
    const { at, iv } = JSON.parse(text);
    return Boolean(iv) && Date.now() - at < MAX_AGE;
  } catch {
    return false;
  }
}

function removeOldDrafts() {
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    if (!isCurrent(localStorage.getItem(name))) localStorage.removeItem(name);
  }
}

async function encrypt(key, name, values) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(name);
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    key,
    new TextEncoder().encode(JSON.stringify(values)),
  );
  return { iv: toBase64(iv), data: toBase64(data) };
}

async function decrypt(key, name, { iv, data }) {
  const additionalData = new TextEncoder().encode(name);
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: toBytes(iv), additionalData }, key, toBytes(data));
  return JSON.parse(new TextDecoder().decode(bytes));
}

// What was typed or chosen before this script came is newer than any draft.
function isChanged(field) {
  if (["radio", "checkbox"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  // A list in which the page selects nothing shows its first entry.
  const initial = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(initial, 0);
}

export function enhance(form) {
  const tag = document.querySelector('meta[name="draft-key"]');
  // Two people who share a computer each have their own draft of a form.
  const name = `${PREFIX}${tag?.dataset.owner}:${form.dataset.autosave}`;
  const status = document.createElement("p");
  status.className = "bl-autosave";
  status.setAttribute("role", "status");
  form.append(status);
  let timer = 0;

  const key = importKey(tag);
  let hasBeenSent = false;

  async function readDraft() {
    try {
      removeOldDrafts();
      const draft = JSON.parse(localStorage.getItem(name));
      return draft && (await decrypt(await key, name, draft));
    } catch {
      return null; // storage is switched off, or the draft cannot be read
    }
  }

  function removeDraft() {
    try {
      localStorage.removeItem(name);
    } catch {
      // Storage is switched off, so there is none.
    }
  }

  async function saveDraft() {
    const values = [...form.elements].filter(isSaved).map((field) => [
      field.name,
      field.type === "radio" || field.type === "checkbox" ? [field.value, field.checked] : field.value,
    ]);
    try {
      const draft = { at: Date.now(), ...(await encrypt(await key, name, values)) };
      if (hasBeenSent) return;
      localStorage.setItem(name, JSON.stringify(draft));
      status.textContent = text("draft_saved");
    } catch {
      status.textContent = text("draft_not_saved");
    }
  }

  function restoreDraft(values) {
    const fields = [...form.elements].filter(isSaved);
    // By name: whoever has chosen one radio button has answered the whole question.
    const newer = new Set(fields.filter(isChanged).map((field) => field.name));
    let hasChanged = false;
    for (const [fieldName, value] of values) {
      if (newer.has(fieldName)) continue;
      // Several fields may share a name, so each saved value takes the next one that fits.
      const index = fields.findIndex((field) => field.name === fieldName && (!Array.isArray(value) || field.value === value[0]));
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

  async function start() {
    const values = await readDraft();
    const hasNewer = [...form.elements].some((field) => isSaved(field) && isChanged(field));
    if (values) restoreDraft(values);
    // Somebody who comes Back to a form that was sent has its old text in it, which is no draft.
    const [navigation] = performance.getEntriesByType("navigation");
    if (hasNewer && navigation?.type !== "back_forward") await saveDraft();
  }

  // After an error the page holds what was sent, which is newer than the draft.
  if (!document.querySelector(".govuk-error-summary")) start();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    hasBeenSent = false; // people come back to a form with the browser's Back button
    timer = setTimeout(saveDraft, DELAY);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    hasBeenSent = true;
    removeDraft();
  });
  window.addEventListener("pagehide", () => clearTimeout(timer));
}
