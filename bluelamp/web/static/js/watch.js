// Follows something that takes a while: asks for its state, shows how far it is, and reloads the page at the end.
import { text } from "./texts.js";

const WAITS = [1000, 1000, 2000, 2000, 3000, 5000]; // milliseconds; the last one is repeated

export function enhance(root) {
  const { watch: url, watchState: state } = root.dataset;
  const message = root.querySelector("[data-watch-text]");
  let attempts = 0;

  async function check() {
    let status;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      status = await response.json();
    } catch {
      message.textContent = text("server_unreachable");
    }
    if (status && status.state !== state) {
      location.reload();
      return;
    }
    // Written only when it changes: a screen reader reads every change aloud.
    if (status && message.textContent !== status.words) message.textContent = status.words;
    schedule();
  }

  function schedule() {
    setTimeout(check, WAITS[Math.min(attempts, WAITS.length - 1)]);
    attempts += 1;
  }

  schedule();
}
