// A typeahead over a JSON list, as the ARIA 1.2 combobox pattern has it: the input keeps the focus, and
// aria-activedescendant says which option is current. What is chosen goes into the hidden [data-combobox-value].
const WAIT = 150;
const SHORTEST = 2;

export function enhance(root) {
  const input = root.querySelector("input[type=text], input:not([type])");
  const hidden = root.querySelector("[data-combobox-value]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [];
  let current = -1;
  let asked = 0;
  let timer = 0;
  let chosenText = hidden.value ? input.defaultValue : "";

  root.querySelectorAll("[data-combobox-plain]").forEach((plain) => plain.remove());
  hidden.disabled = false;
  list.id = `${input.id}-options`;
  list.className = "bl-typeahead__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", root.querySelector("label").textContent.trim());
  list.hidden = true;
  status.className = "bl-typeahead__status";
  status.setAttribute("role", "status");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }
  const holder = document.createElement("div");
  holder.className = "bl-typeahead__holder";
  input.closest(".govuk-form-group").after(holder);
  holder.append(list, status);

  function close() {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    current = (index + options.length) % options.length;
    [...list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === current)));
    const active = list.children[current];
    input.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    input.value = chosenText = option.text;
    hidden.value = option.value;
    status.textContent = "";
    close();
    hidden.dispatchEvent(new CustomEvent("bl:chosen", { bubbles: true, detail: option }));
  }

  function show(results) {
    options = results;
    list.replaceChildren(
      ...results.map((option, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.className = "bl-typeahead__option";
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = option.text;
        if (option.detail) {
          const detail = document.createElement("span");
          detail.className = "bl-typeahead__detail";
          detail.textContent = option.detail;
          item.append(detail);
        }
        item.addEventListener("pointerdown", (event) => event.preventDefault());
        item.addEventListener("click", () => choose(option));
        return item;
      }),
    );
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
    current = -1;
    input.removeAttribute("aria-activedescendant");
    const many = results.length;
    status.textContent = many === 0 ? "Nothing found. Try fewer letters or another word." : many === 1 ? "1 found" : `${many} found`;
  }

  async function ask() {
    const words = input.value.trim();
    const mine = ++asked;
    if (words.length < SHORTEST) {
      status.textContent = "";
      close();
      return;
    }
    try {
      const address = new URL(root.dataset.source, location.href);
      address.searchParams.set("q", words);
      const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { results } = await answer.json();
      if (mine === asked) show(results);
    } catch {
      if (mine === asked) {
        close();
        status.textContent = "The list cannot be reached. What you typed is kept; carry on.";
      }
    }
  }

  function changed() {
    if (input.value !== chosenText) hidden.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  input.addEventListener("input", changed);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else point(event.key === "ArrowDown" ? current + 1 : current < 0 ? options.length - 1 : current - 1);
    } else if (event.key === "Enter" && !list.hidden && current >= 0) {
      event.preventDefault();
      choose(options[current]);
    }
  });
  // Letters that were typed while this script was on its way.
  if (document.activeElement === input && input.value !== input.defaultValue) changed();
}
