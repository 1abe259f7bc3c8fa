// Follows something that takes a while: asks for its state, says how far it is, and loads the page again at the end.
const WAITS = [1000, 1000, 2000, 2000, 3000, 5000];

export function enhance(root) {
  const { watch: address, watchState: state } = root.dataset;
  const words = root.querySelector("[data-watch-words]");
  let asked = 0;

  async function ask() {
    let told;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      told = await answer.json();
    } catch {
      words.textContent = "The server cannot be reached. Trying again.";
    }
    if (told && told.state !== state) {
      location.reload();
      return;
    }
    if (told && words.textContent !== told.words) words.textContent = told.words;
    wait();
  }

  function wait() {
    setTimeout(ask, WAITS[Math.min(asked, WAITS.length - 1)]);
    asked += 1;
  }

  wait();
}
