// Sends chosen files by tus: hashed on the device, resumed where they stopped, each with its own progress bar. A file
// counts as received only when the server says so: then a hidden input carries the item's id.
import "../build/tus.js";
import { sha256 } from "./sha256.js";
import { text } from "./texts.js";

const CHUNK_SIZE = 8 * 1024 * 1024; // bytes
const RETRY_DELAYS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000]; // milliseconds
const PICTURE_DELAYS = [1500, 3000, 6000, 12000, 30000]; // milliseconds: the server makes previews after receiving a file

function formatSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  let amount = bytes;
  let unit = -1;
  while (amount >= 999.5 && unit < 3) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount < 10 ? amount.toFixed(1).replace(/\.0$/, "") : Math.round(amount)} ${units[unit]}`;
}

// A UUID of version 7: the time in milliseconds, then random bits.
function newItemId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 65536));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 65536);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// The server's own message, or null where there is none because the line was cut.
function serverMessage(error) {
  const response = error.originalResponse;
  if (!response) return null;
  try {
    return JSON.parse(response.getBody()).detail || null;
  } catch {
    return response.getStatus() === 413 ? text("file_too_big") : null;
  }
}

function showPicture(file, item) {
  const picture = document.createElement("img");
  picture.className = "bl-upload__picture";
  picture.alt = "";
  picture.width = picture.height = 64;
  picture.addEventListener("error", () => picture.remove());
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  picture.src = URL.createObjectURL(file);
  item.prepend(picture);
}

// For what the browser itself cannot show, such as HEIC.
async function fetchPicture(url, item) {
  for (const delay of PICTURE_DELAYS) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (!item.isConnected || item.querySelector("img")) return;
    const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
    if (response?.status !== 200) continue;
    showPicture(await response.blob(), item);
    return;
  }
}

// What this browser keeps to go on with an upload after a reload. Never the file's name: it may tell whoever uses the
// device next what was reported.
function createUrlStorage() {
  const storage = globalThis.tus.defaultOptions.urlStorage;
  return {
    findAllUploads: () => storage.findAllUploads(),
    findUploadsByFingerprint: (fingerprint) => storage.findUploadsByFingerprint(fingerprint),
    removeUpload: (key) => storage.removeUpload(key),
    addUpload: (fingerprint, upload) =>
      storage.addUpload(fingerprint, { ...upload, metadata: { sha256: upload.metadata.sha256 } }),
  };
}

function unfinishedUploads(prefix) {
  try {
    const entries = Object.entries(localStorage).filter(([key]) => key.startsWith(`tus::${prefix}`));
    return entries.map(([, value]) => JSON.parse(value)).filter((upload) => upload.metadata?.sha256);
  } catch {
    return []; // storage is switched off in this browser
  }
}

function createRow(file) {
  const item = document.createElement("li");
  item.className = "bl-upload__file";
  const name = document.createElement("span");
  name.className = "bl-upload__name";
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "bl-upload__state";
  const actions = document.createElement("span");
  actions.className = "bl-upload__act";
  const bar = document.createElement("progress");
  bar.className = "bl-upload__bar";
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", text("file_uploading", { name: file.name }));
  item.append(name, state, actions, bar);
  if (file.type.startsWith("image/")) showPicture(file, item);
  return { item, state, actions, bar };
}

function createButton(label, filename, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "bl-plain-button";
  button.append(label);
  const hidden = document.createElement("span");
  hidden.className = "govuk-visually-hidden";
  hidden.textContent = ` ${filename}`;
  button.append(hidden);
  button.addEventListener("click", onClick);
  return button;
}

export function enhance(root) {
  const input = root.querySelector("input[type=file]");
  const list = root.querySelector(".bl-upload__list");
  const form = input.form;
  const { uploadToken: token, uploadEndpoint: endpoint, uploadName: name, uploadFor: purpose } = root.dataset;
  const { uploadRemoval: removalUrl, uploadPictures: picturesUrl } = root.dataset;
  const announcement = document.createElement("p");
  announcement.className = "govuk-visually-hidden";
  announcement.setAttribute("role", "status");
  root.append(announcement);
  const pending = new Set();
  const notice = document.createElement("p");
  let submitter = null;
  notice.className = "govuk-inset-text bl-upload__wait";
  notice.setAttribute("role", "alert");
  notice.hidden = true;
  list.after(notice);
  input.removeAttribute("name"); // or the browser would send the files a second time with the form

  // Somebody who pressed Continue too soon goes on when the last file is received, but not after one failed.
  function finish(item, hasSucceeded) {
    pending.delete(item);
    if (!hasSucceeded) submitter = null;
    if (!submitter) notice.hidden = true;
    else if (pending.size === 0) form.requestSubmit(submitter);
  }

  function removeFromServer(id) {
    if (!removalUrl) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("remove", id);
    fetch(removalUrl, { method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive: true });
  }

  async function send(file) {
    const { item, state, actions, bar } = createRow(file);
    list.append(item);
    const id = newItemId();
    pending.add(item);
    let upload;
    let receivedId = "";

    const remove = () => {
      if (receivedId) removeFromServer(receivedId);
      else upload?.abort(true).catch(() => {});
      item.remove();
      finish(item, false);
      announcement.textContent = text("file_removed", { name: file.name });
      input.focus();
    };
    const fail = (message) => {
      finish(item, false);
      item.classList.add("bl-upload__file--wrong");
      state.textContent = message;
      announcement.textContent = text("file_problem", { name: file.name, problem: message });
      bar.remove();
    };
    actions.append(createButton(text("remove"), file.name, remove));
    if (file.size === 0) return fail(text("file_empty"));

    state.textContent = text("preparing");
    let digest;
    try {
      digest = await sha256(file, (count) => {
        state.textContent = text("preparing_part", { done: formatSize(count), total: formatSize(file.size) });
      });
    } catch {
      return fail(text("file_unreadable"));
    }
    if (!item.isConnected) return undefined;
    list.querySelector(`[data-unfinished="${digest}"]`)?.remove();

    upload = new globalThis.tus.Upload(file, {
      endpoint,
      chunkSize: CHUNK_SIZE,
      retryDelays: RETRY_DELAYS,
      headers: { "Upload-Token": token },
      metadata: { filename: file.name, filetype: file.type, sha256: digest, item: id },
      fingerprint: async () => `bluelamp-${endpoint}-${purpose || token.slice(-24)}-${digest}`,
      removeFingerprintOnSuccess: true,
      urlStorage: createUrlStorage(),
      onProgress(sent, total) {
        bar.value = Math.floor((100 * sent) / total);
        state.textContent = text("uploaded_part", { done: formatSize(sent), total: formatSize(total) });
      },
      onShouldRetry(error) {
        const status = error.originalResponse?.getStatus() ?? 0;
        // 409: another attempt has the lock or moved on; 423: locked; 460: a chunk was damaged. Not 429 nor 507: the
        // sender's room or the disk's is used up, and the server's message says what to do instead.
        const willRetry = status === 0 || (status === 409 && upload.url) || status === 423 || status === 460 || (status >= 500 && status !== 507);
        if (willRetry) state.textContent = text("poor_connection");
        return willRetry;
      },
      onError(error) {
        const message = serverMessage(error);
        if (message) {
          fail(message);
          return;
        }
        state.textContent = text("no_connection");
        announcement.textContent = text("file_no_connection", { name: file.name });
        const retry = createButton(text("try_again"), file.name, () => {
          retry.remove();
          upload.start();
        });
        actions.prepend(retry);
        window.addEventListener("online", () => retry.isConnected && retry.click(), { once: true });
      },
      onSuccess(payload) {
        const response = payload.lastResponse;
        const serverDigest = response.getHeader("Bluelamp-Sha256");
        if (serverDigest && serverDigest !== digest) return fail(text("file_damaged"));
        receivedId = response.getHeader("Bluelamp-Item") || id;
        bar.remove();
        item.classList.add("bl-upload__file--done");
        state.textContent = text("received", { size: formatSize(file.size) });
        announcement.textContent = text("file_received", { name: file.name });
        const hidden = document.createElement("input");
        hidden.type = "hidden";
        hidden.name = `${name}_uploaded`;
        hidden.value = receivedId;
        if (picturesUrl) fetchPicture(`${picturesUrl}${receivedId}/`, item);
        item.append(hidden);
        finish(item, true);
        return undefined;
      },
    });
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    upload.start();
    return undefined;
  }

  // After a reload the browser no longer has a file whose upload was cut off: say so, so that it is chosen again.
  for (const { size, metadata } of unfinishedUploads(`bluelamp-${endpoint}-${purpose}-`)) {
    const { item, state, bar } = createRow({ name: text("unfinished_file"), type: "" });
    bar.remove();
    item.dataset.unfinished = metadata.sha256;
    state.textContent = text("not_finished", { size: formatSize(size) });
    list.append(item);
  }

  const sendAll = (files) => [...files].forEach(send);
  const sendChosen = () => {
    sendAll(input.files);
    input.value = "";
  };
  input.addEventListener("change", sendChosen);
  if (input.files.length) sendChosen(); // chosen while this script was loading
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("bl-upload--over");
  });
  root.addEventListener("dragleave", () => root.classList.remove("bl-upload--over"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("bl-upload--over");
    sendAll(event.dataTransfer.files);
  });
  form.addEventListener("submit", (event) => {
    if (pending.size === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    announcement.textContent = "";
    submitter = event.submitter;
    notice.hidden = false;
    notice.textContent = text("still_uploading");
  });
  window.addEventListener("beforeunload", (event) => {
    if (pending.size > 0) event.preventDefault();
  });
}
