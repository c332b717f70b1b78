// Elements of the page. One rule: whatever comes from outside is text; nothing is ever parsed as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. A prop that is a function listens to the event of its name; false and null are left out. */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** Make an element of a drawing. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  add(element, children);
  return element;
}

/** Add children to an element; what is empty, or not there, is left out. */
export function add(element, children) {
  element.append(...children.flat().filter(Boolean));
}

export const byId = (id) => document.getElementById(id);

/** Set the text of an element, and touch it only if that is another one. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Say what came of what the user did, for a while. */
export function note(text, kind = "done") {
  const message = el("p", { class: `note ${kind}` }, text);
  const notes = byId("notes");
  notes.querySelector(".done")?.remove();
  notes.append(message);
  while (notes.children.length > 3) notes.firstChild.remove();
  setTimeout(() => message.remove(), kind === "refused" ? 9000 : 4000);
}
