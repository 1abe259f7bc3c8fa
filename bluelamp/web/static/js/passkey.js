// Passkeys (WebAuthn). The form's button asks the server for options and the browser for a passkey, and sends what
// comes back in the field `credential`. <form data-passkey="get|create" data-passkey-options="…">
import { text } from "./texts.js";

const toBytes = (value) => Uint8Array.from(atob(value.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const fromBytes = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

// Not PublicKeyCredential.parseCreationOptionsFromJSON and toJSON: Safari has them only since 18.4.
function decodeOptions({ publicKey }) {
  const withBytes = (list) => list?.map((item) => ({ ...item, id: toBytes(item.id) }));
  return {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    ...(publicKey.user && { user: { ...publicKey.user, id: toBytes(publicKey.user.id) } }),
    ...(publicKey.excludeCredentials && { excludeCredentials: withBytes(publicKey.excludeCredentials) }),
    ...(publicKey.allowCredentials && { allowCredentials: withBytes(publicKey.allowCredentials) }),
  };
}

function encodeCredential(credential) {
  const response = { clientDataJSON: fromBytes(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = fromBytes(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: fromBytes(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function fetchOptions(form) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const response = await fetch(form.dataset.passkeyOptions, { method: "POST", body, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return decodeOptions(await response.json());
}

/** Ask the browser for a passkey, and return what it answers as the server reads it. */
export async function askForPasskey(form, extra = {}) {
  const publicKey = await fetchOptions(form);
  const isNew = form.dataset.passkey === "create";
  const credential = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey, ...extra }));
  return JSON.stringify(encodeCredential(credential));
}

export function enhance(form) {
  if (!window.PublicKeyCredential) return;
  const button = form.querySelector("button[type=submit]");
  const problem = form.querySelector("[data-passkey-problem]");
  form.querySelector("[data-passkey-missing]").hidden = true;
  button.hidden = false;
  let autofill = null;

  function send(credential) {
    form.elements.credential.value = credential;
    form.submit();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    autofill?.abort(); // a browser waits for one passkey at a time
    button.disabled = true;
    problem.hidden = true;
    try {
      send(await askForPasskey(form));
    } catch (error) {
      const isThereAlready = error.name === "InvalidStateError";
      problem.textContent = isThereAlready ? text("passkey_exists") : text("passkey_stopped");
      problem.hidden = false;
      button.disabled = false;
    }
  });

  async function offerInField() {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    autofill = new AbortController();
    try {
      send(await askForPasskey(form, { mediation: "conditional", signal: autofill.signal }));
    } catch {
      // The person did something else instead.
    }
  }
  if ("passkeyAutofill" in form.dataset) offerInField();
}
