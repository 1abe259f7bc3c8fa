// Returns a page as text: every element with what axe judges, as it is shown at this width, but without
// the words. A row or an item of a list that is like the one before it is left out.
() => {
  const KEPT = /^(class|role|type|scope|lang|dir|style|hidden|disabled|tabindex|open|multiple|autocomplete|aria-.*)$/;
  const REFERENCES = /^(for|list|headers|form|aria-(labelledby|describedby|controls|owns|activedescendant|details))$/;
  const REPEATED = /^(tr|li|option)$/i;
  const ids = new Map();
  for (const { id } of document.querySelectorAll("[id]")) ids.set(id, (ids.get(id) ?? 0) + 1);

  const attribute = ({ name, value }) => {
    if (REFERENCES.test(name)) {
      return `${name}=${value.split(/\s+/).map((id) => ids.get(id) ?? 0).join()}`;
    }
    if (name === "id") return `id=${ids.get(value)}`;
    return KEPT.test(name) ? `${name}=${value.replace(/\d+/g, "#")}` : `${name}${value.trim() ? "" : "="}`;
  };
  // Large text needs less contrast; what can be scrolled must be reached with the keyboard.
  const shown = (element) => {
    const style = getComputedStyle(element);
    if (style.display === "none") return "none";
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const scrolls = element.scrollWidth > element.clientWidth && /auto|scroll/.test(style.overflowX);
    const line = style.textDecorationLine;
    return [style.visibility, style.opacity, style.color, style.backgroundColor, line, isLarge, scrolls].join();
  };
  const outline = (element) => {
    const inside = [];
    for (const node of (element.shadowRoot ?? element).childNodes) {
      if (node.nodeType === Node.TEXT_NODE && node.data.trim() && inside.at(-1) !== "_") inside.push("_");
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      const text = outline(node);
      if (inside.at(-1) !== text || !REPEATED.test(node.tagName)) inside.push(text);
    }
    const attributes = [...element.attributes].map(attribute).sort();
    return `<${element.tagName} ${shown(element)} ${attributes.join(" ")}>${inside.join("")}</>`;
  };
  return `${Boolean(document.title.trim())} ${outline(document.documentElement)}`;
}
