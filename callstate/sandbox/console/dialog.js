// Questions to the user, as forms. One rule: a form closes only when what it asks for is done, and says why if it is not.

import { el } from "./dom.js";

const MOST_OFFERED = 500;

/** Ask for some fields, and do something with the answers; what `act` returns is shown as the reason of a refusal. */
export function ask({ title, about, fields, button, act }) {
  const refusal = el("p", { class: "refusal", role: "alert", hidden: true });
  const cancel = el("button", { type: "button", click: () => dialog.close() }, "Cancel");
  const form = el(
    "form",
    { submit: (event) => submit(event, form, act, refusal) },
    el("h2", {}, title),
    about && el("p", { class: "about" }, about),
    fields.map(labelled),
    refusal,
    el("div", { class: "buttons" }, cancel, el("button", { class: "primary" }, button)),
  );
  const dialog = show(title, form);
  form.querySelector("input").select();
}

/** Show something until it is closed. */
export function tell(title, content) {
  const close = el("button", { type: "button", class: "primary", click: () => dialog.close() }, "Close");
  const dialog = show(title, el("div", {}, el("h2", {}, title), content, el("div", { class: "buttons" }, close)));
}

function show(title, content) {
  const dialog = el("dialog", { "aria-label": title, close: () => dialog.remove() }, content);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

async function submit(event, form, act, refusal) {
  event.preventDefault();
  refusal.hidden = true;
  const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  const reason = await act(values);
  if (reason === null) return form.closest("dialog").close();
  refusal.textContent = reason;
  refusal.hidden = false;
}

function labelled(field) {
  if (field.type === "checkbox") {
    return el("label", { class: "check" }, el("input", { type: "checkbox", name: field.name, value: "1" }), field.label);
  }
  const { name, label, hint, offers = [], ...props } = field;
  const list = `offers-${name}`;
  return el(
    "label",
    {},
    el("span", {}, label),
    el("input", { name, autocomplete: "off", spellcheck: "false", list: offers.length ? list : null, ...props }),
    offers.length ? el("datalist", { id: list }, offers.slice(0, MOST_OFFERED).map(offered)) : null,
    hint && el("small", {}, hint),
  );
}

const offered = ({ number, name }) => el("option", { value: number }, name);
