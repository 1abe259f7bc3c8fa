// The sentences that scripts show, in the language of the page (bluelamp/web/script_texts.py).
const texts = JSON.parse(document.getElementById("script-texts").content.textContent);

export function text(key, values = {}) {
  return texts[key].replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}
