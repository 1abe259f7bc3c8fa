// Every page: GOV.UK's components, and ours where the page asks for them. If one of ours fails to load, the page falls
// back to what it does without JavaScript.
import { Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, PasswordInput, Radios, SkipLink, createAll } from "../build/govuk-frontend.js";

// "Exit this page" replaces this page in the tab's history, and marks the tab: supported.js then leads Back to the same
// other website, not to what was on screen before.
class ExitWithoutTrace extends ExitThisPage {
  exitPage() {
    super.exitPage();
    try {
      sessionStorage.setItem("bluelamp-exited-to", this.$button.href);
    } catch {
      // A browser that stores nothing still leaves the page.
    }
    window.location.replace(this.$button.href);
  }
}

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, ExitWithoutTrace, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

const components = [
  ["[data-combobox]", () => import("./combobox.js")],
  ["[data-upload]", () => import("./upload.js")],
  ["[data-forget-uploads]", () => import("./forget_uploads.js")],
  ["[data-autosave]", () => import("./autosave.js")],
  ["[data-save-url]", () => import("./save_answers.js")],
  ["[data-watch]", () => import("./watch.js")],
  ["[data-idle]", () => import("./idle.js")],
  ["[data-passkey]", () => import("./passkey.js")],
];

for (const [selector, load] of components) {
  const elements = document.querySelectorAll(selector);
  if (elements.length > 0) {
    load()
      .then((module) => elements.forEach((element) => module.enhance(element)))
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
