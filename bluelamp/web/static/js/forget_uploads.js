// Removes what this browser keeps to go on with uploads, when somebody deletes their report from the device.
const PREFIX = "tus::bluelamp-";

export function enhance(form) {
  form.addEventListener("submit", () => {
    try {
      for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) localStorage.removeItem(key);
    } catch {
      // Storage is switched off in this browser, so there is nothing in it.
    }
  });
}
