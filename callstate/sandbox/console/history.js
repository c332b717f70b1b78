// The history of the selected call. One rule: it is asked for only while it is looked at, and not for each change of a
// call that changes quickly.

import { control } from "./api.js";
import { byId, el } from "./dom.js";
import { ladder, lines } from "./ladder.js";
import { store } from "./store.js";

const PAUSE = 250;

let shown = null;
let asking = false;

const wanted = () => {
  const call = store.calls.get(store.selected);
  return call ? `${call.id} ${call.version} ${store.requests.length ? store.requests.at(-1).number : 0}` : "";
};

/** Show the history as it is now, if it is looked at. */
export async function drawHistory() {
  const panel = byId("history");
  if (panel.hidden || asking || wanted() === shown) return;
  asking = true;
  shown = wanted();
  await ask(panel);
  setTimeout(() => {
    asking = false;
    drawHistory();
  }, PAUSE);
}

async function ask(panel) {
  const id = store.selected;
  if (!store.calls.has(id)) {
    panel.replaceChildren(el("p", { class: "empty" }, "Select a call to see what has happened to it."));
    return;
  }
  const answer = await control("GET", `history?call=${encodeURIComponent(id)}`);
  if (!answer.ok) panel.replaceChildren(el("p", { class: "empty" }, answer.reason));
  else if (id === store.selected) draw(panel, answer.json);
}

function draw(panel, { call, events }) {
  const wasOpen = panel.querySelector("details")?.open ?? false;
  const text = el("ol", { class: "lines" }, lines(events).map((line) => el("li", {}, line)));
  panel.replaceChildren(
    el("p", { class: "about" }, "Call ", el("code", {}, call.id)),
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Ladder diagram" }, ladder(events, panel.clientWidth - 24)),
    el("p", { class: "legend" }, el("i", { class: "solid" }), " asked through the API ", el("i", { class: "dashed" }), " reported by a phone"),
    el("details", { open: wasOpen }, el("summary", {}, "As text"), text),
  );
}
