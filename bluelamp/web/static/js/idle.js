// Warns before a session ends for want of use, and asks to sign in again over the page itself: what was typed in it
// stays. The server decides when a session ends; other tabs of the browser may have used it.
import { askForPasskey } from "./passkey.js";
import { text } from "./texts.js";

const CSRF_COOKIE = /(?:^|; )(?:__Host-)?bluelamp_csrf=([^;]+)/;

function readToken() {
  return document.cookie.match(CSRF_COOKIE)?.[1] ?? "";
}

function setTokens(token) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

export function enhance(root) {
  const idle = Number(root.dataset.idleSeconds) * 1000; // milliseconds
  const warning = Math.min(120_000, idle / 2);
  const reportInterval = Math.min(60_000, idle / 4);
  const notice = root.querySelector("[data-idle-notice]");
  const dialog = root.querySelector("[data-idle-dialog]");
  const problem = root.querySelector("[data-idle-problem]");
  const loadedToken = readToken();
  let endsAt = Date.now() + idle;
  let reportedAt = Date.now();

  // A GET asks how long the session still lasts, a POST uses it.
  async function ask(method) {
    const headers = { "X-CSRFToken": readToken() };
    try {
      const response = await fetch(root.dataset.idleUrl, { method, headers, credentials: "same-origin" });
      if (!response.ok) return;
      const { seconds, user } = await response.json();
      // Somebody else signed in on this browser: this page is not theirs.
      if (user && user !== root.dataset.idleUser) location.reload();
      endsAt = Date.now() + seconds * 1000;
    } catch {
      // Without a connection nobody knows; the next check asks again.
    }
  }

  function show() {
    const left = endsAt - Date.now();
    notice.hidden = left <= 0 || left > warning;
    if (left <= 0 && !dialog.open) {
      dialog.showModal();
      root.querySelector("#idle-title").focus();
    }
    if (left > 0 && dialog.open) dialog.close();
  }

  async function check() {
    if (endsAt - Date.now() <= warning) await ask("GET");
    show();
  }

  async function stay() {
    reportedAt = Date.now();
    await ask("POST");
    show();
  }

  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(
      kind,
      () => {
        if (!dialog.open && notice.hidden && Date.now() - reportedAt > reportInterval) stay();
      },
      { capture: true, passive: true },
    );
  }
  root.querySelector("[data-idle-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  setInterval(check, Math.min(5000, idle / 30));
  // A computer that slept, or a page that was left and opened again.
  document.addEventListener("visibilitychange", check);
  window.addEventListener("pageshow", (event) => event.persisted && check());

  // Another tab may have signed in since this page was loaded, which changes the token. Otherwise each form keeps its
  // own: by it the server knows a form that is sent twice.
  document.addEventListener(
    "submit",
    () => {
      const token = readToken();
      if (token && token !== loadedToken) setTokens(token);
    },
    { capture: true },
  );

  const passkeyForm = root.querySelector("[data-idle-passkey]");
  passkeyForm.hidden = !window.PublicKeyCredential || passkeyForm.dataset.idlePasskey !== location.hostname;
  for (const form of dialog.querySelectorAll("form")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      try {
        const body = new FormData(form);
        if (form === passkeyForm) body.set("credential", await askForPasskey(form));
        const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
        const answer = await response.json();
        if (answer.errors) throw new Error(Object.values(answer.errors)[0]);
        if (answer.user !== root.dataset.idleUser) {
          location.reload();
          return;
        }
        form.reset();
        setTokens(answer.token);
        await ask("POST");
        show();
      } catch (error) {
        problem.textContent = error.name === "Error" ? error.message : text("sign_in_stopped");
        problem.hidden = false;
      }
    });
  }
}
