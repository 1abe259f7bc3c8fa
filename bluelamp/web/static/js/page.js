// Every page: GOV.UK's components, and ours where the page asks for them. A part that fails leaves the plain form.
import { Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, PasswordInput, Radios, SkipLink, createAll } from "../build/govuk-frontend.js";

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

const ours = [
  ["[data-combobox]", () => import("./combobox.js")],
  ["[data-upload]", () => import("./upload.js")],
  ["[data-autosave]", () => import("./autosave.js")],
  ["[data-watch]", () => import("./watch.js")],
];

for (const [selector, load] of ours) {
  const found = document.querySelectorAll(selector);
  if (found.length > 0) {
    load()
      .then((module) => found.forEach((element) => module.enhance(element)))
      .catch((error) => {
        document.body.classList.remove("js-enabled");
        console.error(error);
      });
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
