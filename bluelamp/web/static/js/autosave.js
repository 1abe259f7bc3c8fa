// Keeps what is typed in a long desk form on this device until the server has it. The form names its draft:
// <form data-autosave="crime-record-…">. Passwords, files and hidden fields are never kept. A draft older than a day goes.
const LIFE = 24 * 60 * 60 * 1000;
const WAIT = 800;

const keepable = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);

export function enhance(form) {
  const key = `bluelamp-draft:${form.dataset.autosave}`;
  const status = document.createElement("p");
  status.className = "bl-autosave";
  status.setAttribute("role", "status");
  form.append(status);
  let timer = 0;

  function read() {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      if (draft && Date.now() - draft.at < LIFE) return draft;
      localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key);
    }
    return null;
  }

  function save() {
    const values = [...form.elements].filter(keepable).map((field) => [
      field.name,
      field.type === "radio" || field.type === "checkbox" ? [field.value, field.checked] : field.value,
    ]);
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
      status.textContent = "Draft kept on this computer.";
    } catch {
      status.textContent = "This draft could not be kept. Send it before you leave the page.";
    }
  }

  function restore(draft) {
    const left = [...form.elements].filter(keepable);
    let changed = false;
    for (const [name, value] of draft.values) {
      const place = left.findIndex((field) => field.name === name && (!Array.isArray(value) || field.value === value[0]));
      if (place < 0) continue;
      const [field] = left.splice(place, 1);
      if (Array.isArray(value)) {
        changed ||= field.checked !== value[1];
        field.checked = value[1];
      } else if (!field.value && value) {
        field.value = value;
        changed = true;
      }
    }
    if (changed) status.textContent = "Your draft from earlier is back.";
  }

  const draft = read();
  if (draft && !document.querySelector(".govuk-error-summary")) restore(draft);
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    localStorage.removeItem(key);
  });
  window.addEventListener("pagehide", () => clearTimeout(timer));
}
