// A field that suggests as people type, after the combobox pattern of ARIA 1.2: the focus stays in the input, and
// aria-activedescendant says which suggestion is current. The chosen value goes into the hidden [data-combobox-value].
// Why this is not accessible-autocomplete: docs/decisions/0006-our-own-combobox.md.
import { text } from "./texts.js";

const DELAY = 150; // milliseconds after the last key
const MIN_LENGTH = 2;

export function enhance(root) {
  const input = root.querySelector("input[type=text], input:not([type])");
  const hidden = root.querySelector("[data-combobox-value]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  const instructions = document.createElement("span");
  let options = [];
  let current = -1;
  let latestRequest = 0;
  let timer = 0;
  let chosenText = hidden.value ? input.defaultValue : "";

  root.querySelectorAll("[data-combobox-plain]").forEach((element) => element.remove());
  hidden.disabled = false;
  list.id = `${input.id}-options`;
  list.className = "bl-typeahead__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", root.querySelector("label").textContent.trim());
  list.hidden = true;
  status.className = "bl-typeahead__status";
  status.setAttribute("role", "status");
  instructions.id = `${input.id}-instructions`;
  instructions.hidden = true; // a description is read out although it is hidden
  instructions.textContent = text("suggestion_keys");
  // After the hint and the error message, which matter more.
  const describedBy = [input.getAttribute("aria-describedby"), instructions.id].filter(Boolean).join(" ");
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-expanded", "false"],
    ["aria-controls", list.id],
    ["aria-describedby", describedBy],
  ]) {
    input.setAttribute(name, value);
  }
  const holder = document.createElement("div");
  holder.className = "bl-typeahead__holder";
  input.closest(".govuk-form-group").after(holder);
  holder.append(list, status, instructions);

  // A picture of the place that was chosen. One that cannot be loaded is not missed.
  function showMap(value) {
    root.querySelector(".bl-typeahead__map")?.remove();
    if (!value || !root.dataset.map) return;
    const map = new Image(280, 280);
    map.className = "bl-typeahead__map";
    map.alt = text("place_map", { place: value });
    map.addEventListener("error", () => map.remove());
    map.src = `${root.dataset.map}?${new URLSearchParams({ place: value })}`;
    root.append(map);
  }

  function close() {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function setCurrent(index) {
    current = (index + options.length) % options.length;
    [...list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === current)));
    const active = list.children[current];
    input.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    // What was typed before is not looked up any more: its answer would open the list again.
    clearTimeout(timer);
    latestRequest += 1;
    input.value = chosenText = option.text;
    hidden.value = option.value;
    showMap(option.value);
    status.textContent = "";
    close();
    hidden.dispatchEvent(new CustomEvent("bl:chosen", { bubbles: true, detail: option }));
  }

  function createOption(option, index) {
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
    // A press would take the focus from the input, whose blur closes the list before the click comes.
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => choose(option));
    return item;
  }

  function showOptions(results) {
    options = results;
    list.replaceChildren(...results.map(createOption));
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
    current = -1;
    input.removeAttribute("aria-activedescendant");
    const count = results.length;
    if (count === 0) status.textContent = text("no_results");
    else status.textContent = count === 1 ? text("one_result") : text("many_results", { count });
  }

  async function fetchOptions() {
    const query = input.value.trim();
    const request = ++latestRequest;
    if (query.length < MIN_LENGTH) {
      status.textContent = "";
      close();
      return;
    }
    try {
      const url = new URL(root.dataset.source, location.href);
      url.searchParams.set("q", query);
      const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      const { results } = await response.json();
      // An answer to an earlier query may come after that to a later one.
      if (request === latestRequest) showOptions(results);
    } catch {
      if (request !== latestRequest) return;
      close();
      status.textContent = text("no_suggestions");
    }
  }

  function onInput() {
    if (input.value !== chosenText && hidden.value) {
      hidden.value = "";
      showMap("");
    }
    clearTimeout(timer);
    timer = setTimeout(fetchOptions, DELAY);
  }

  input.addEventListener("input", onInput);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) fetchOptions();
      else if (event.key === "ArrowDown") setCurrent(current + 1);
      else setCurrent(current < 0 ? options.length - 1 : current - 1);
    } else if (event.key === "Enter" && !list.hidden && current >= 0) {
      event.preventDefault();
      choose(options[current]);
    }
  });
  // What was typed while this script was loading.
  if (document.activeElement === input && input.value !== input.defaultValue) onInput();
}
