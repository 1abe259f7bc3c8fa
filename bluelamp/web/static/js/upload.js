// Sends chosen files by tus: hashed on the device, resumed where they stopped, each with its own progress.
// Nothing counts as received until the server has said so; then a hidden input carries the item's id.
import "../build/tus.js";
import { sha256 } from "./sha256.js";

const PIECE = 8 * 1024 * 1024;
const WAITS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000];

function size(bytes) {
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

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 65536));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 65536);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function whatWentWrong(error) {
  const answer = error.originalResponse;
  if (!answer) return null;
  try {
    return JSON.parse(answer.getBody()).detail || null;
  } catch {
    return answer.getStatus() === 413 ? "This file is too big to send here." : null;
  }
}

function show(file, item) {
  const shown = document.createElement("img");
  shown.className = "bl-upload__picture";
  shown.alt = "";
  shown.width = shown.height = 64;
  shown.addEventListener("error", () => shown.remove());
  shown.addEventListener("load", () => URL.revokeObjectURL(shown.src));
  shown.src = URL.createObjectURL(file);
  item.prepend(shown);
}

async function pictureFrom(address, item) {
  for (const wait of [1500, 3000, 6000, 12000, 30000]) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (!item.isConnected || item.querySelector("img")) return;
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    if (answer?.status !== 200) continue;
    show(await answer.blob(), item);
    return;
  }
}

function unfinished(start) {
  try {
    const ours = Object.entries(localStorage).filter(([key]) => key.startsWith(`tus::${start}`));
    return ours.map(([, text]) => JSON.parse(text)).filter((kept) => kept.metadata?.filename);
  } catch {
    return []; // storage is switched off in this browser
  }
}

function row(file) {
  const item = document.createElement("li");
  item.className = "bl-upload__file";
  const name = document.createElement("span");
  name.className = "bl-upload__name";
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "bl-upload__state";
  const acts = document.createElement("span");
  acts.className = "bl-upload__act";
  const bar = document.createElement("progress");
  bar.className = "bl-upload__bar";
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `Sending ${file.name}`);
  item.append(name, state, acts, bar);
  if (file.type.startsWith("image/")) show(file, item);
  return { item, state, acts, bar };
}

function button(text, about, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "bl-plain-button";
  made.append(text);
  const hidden = document.createElement("span");
  hidden.className = "govuk-visually-hidden";
  hidden.textContent = ` ${about}`;
  made.append(hidden);
  made.addEventListener("click", onClick);
  return made;
}

export function enhance(root) {
  const input = root.querySelector("input[type=file]");
  const list = root.querySelector(".bl-upload__list");
  const form = input.form;
  const { uploadToken: token, uploadEndpoint: endpoint, uploadName: name, uploadFor: purpose } = root.dataset;
  const { uploadRemoval: removal, uploadPictures: pictures } = root.dataset;
  const news = document.createElement("p");
  news.className = "govuk-visually-hidden";
  news.setAttribute("role", "status");
  root.append(news);
  const sending = new Set();
  const notice = document.createElement("p");
  let pressed = null;
  notice.className = "govuk-inset-text bl-upload__wait";
  notice.setAttribute("role", "alert");
  notice.hidden = true;
  list.after(notice);
  input.removeAttribute("name");

  // Whoever pressed Continue too soon is taken on when the last file is received, and held back where one failed.
  function settle(item, isWell) {
    sending.delete(item);
    if (!isWell) pressed = null;
    if (!pressed) notice.hidden = true;
    else if (sending.size === 0) form.requestSubmit(pressed);
  }

  function takeOut(id) {
    if (!removal) return;
    const said = new FormData();
    said.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    said.set("remove", id);
    fetch(removal, { method: "POST", body: said, credentials: "same-origin", redirect: "manual", keepalive: true });
  }

  async function send(file) {
    const { item, state, acts, bar } = row(file);
    list.append(item);
    const id = newId();
    sending.add(item);
    let upload;
    let received = "";

    const remove = () => {
      if (received) takeOut(received);
      else upload?.abort(true).catch(() => {});
      item.remove();
      settle(item, false);
      news.textContent = `${file.name} removed.`;
      input.focus();
    };
    const failed = (sentence) => {
      settle(item, false);
      item.classList.add("bl-upload__file--wrong");
      state.textContent = sentence;
      news.textContent = `${file.name}: ${sentence}`;
      bar.remove();
    };
    acts.append(button("Remove", file.name, remove));
    if (file.size === 0) return failed("This file is empty. Choose another.");

    state.textContent = "Getting ready";
    let digest;
    try {
      digest = await sha256(file, (done) => (state.textContent = `Getting ready: ${size(done)} of ${size(file.size)}`));
    } catch {
      return failed("This file can no longer be read. Choose it again.");
    }
    if (!item.isConnected) return undefined;
    list.querySelector(`[data-unfinished="${digest}"]`)?.remove();

    upload = new globalThis.tus.Upload(file, {
      endpoint,
      chunkSize: PIECE,
      retryDelays: WAITS,
      headers: { "Upload-Token": token },
      metadata: { filename: file.name, filetype: file.type, sha256: digest, item: id },
      fingerprint: async () => `bluelamp-${endpoint}-${purpose || token.slice(-24)}-${digest}`,
      removeFingerprintOnSuccess: true,
      onProgress(sent, total) {
        bar.value = Math.floor((100 * sent) / total);
        state.textContent = `Sent ${size(sent)} of ${size(total)}`;
      },
      onShouldRetry(error) {
        const status = error.originalResponse?.getStatus() ?? 0;
        const again = status === 0 || (status === 409 && upload.url) || status === 423 || status === 429 || status === 460 || status >= 500;
        if (again) state.textContent = "The signal is poor. Trying again; what was sent is safe.";
        return again;
      },
      onError(error) {
        const sentence = whatWentWrong(error);
        if (sentence) {
          failed(sentence);
          return;
        }
        state.textContent = "No signal. What was sent is safe.";
        news.textContent = `${file.name}: no signal. Press Carry on when you have it.`;
        const again = button("Carry on", file.name, () => {
          again.remove();
          upload.start();
        });
        acts.prepend(again);
        window.addEventListener("online", () => again.isConnected && again.click(), { once: true });
      },
      onSuccess(payload) {
        const told = payload.lastResponse;
        const hashed = told.getHeader("Bluelamp-Sha256");
        if (hashed && hashed !== digest) return failed("What arrived is not what you sent. Choose the file again.");
        received = told.getHeader("Bluelamp-Item") || id;
        bar.remove();
        item.classList.add("bl-upload__file--done");
        state.textContent = `Received, ${size(file.size)}`;
        news.textContent = `${file.name} received.`;
        const kept = document.createElement("input");
        kept.type = "hidden";
        kept.name = `${name}_uploaded`;
        kept.value = received;
        if (pictures) pictureFrom(`${pictures}${received}/`, item);
        item.append(kept);
        settle(item, true);
        return undefined;
      },
    });
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    upload.start();
    return undefined;
  }

  // What was cut off and is not here any more after a reload: named, so that it is chosen again and carried on.
  for (const { size: whole, metadata } of unfinished(`bluelamp-${endpoint}-${purpose}-`)) {
    const { item, state, bar } = row({ name: metadata.filename, type: "" });
    bar.remove();
    item.dataset.unfinished = metadata.sha256;
    state.textContent = `Not finished, ${size(whole)}. Choose it again, and it carries on where it stopped.`;
    list.append(item);
  }

  const take = (files) => [...files].forEach(send);
  const takeChosen = () => {
    take(input.files);
    input.value = "";
  };
  input.addEventListener("change", takeChosen);
  if (input.files.length) takeChosen(); // chosen while this script was on its way
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("bl-upload--over");
  });
  root.addEventListener("dragleave", () => root.classList.remove("bl-upload--over"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("bl-upload--over");
    take(event.dataTransfer.files);
  });
  form.addEventListener("submit", (event) => {
    if (sending.size === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    news.textContent = "";
    pressed = event.submitter;
    notice.hidden = false;
    notice.textContent = "Your files are still being sent. Wait here: the next page comes by itself when we have them all.";
  });
  window.addEventListener("beforeunload", (event) => {
    if (sending.size > 0) event.preventDefault();
  });
}
