// Call events: who has subscribed to them, and what was sent where. One rule: the last comes first, and only so many are
// shown.

import { byId, el, say } from "./dom.js";
import { nameOf, store } from "./store.js";
import { timeOfDay } from "./time.js";

const MOST = 200;
const TYPES = ["Dial-In", "Dial-Out", "Hangup", "Answer (incoming)", "Answer (outgoing)"];
const METHODS = ["GET", "POST"];

const sent = el("ol", { class: "journal" });
const rows = new Map();

/** Show the subscriptions, and the deliveries that are new or have ended; `begins` drops those that are shown. */
export function drawEvents(entries, begins) {
  if (begins) {
    rows.clear();
    sent.replaceChildren();
  }
  for (const entry of entries) drawDelivery(entry);
  drawSubscriptions();
}

function drawSubscriptions() {
  const panel = byId("events");
  const kept = store.subscriptions;
  const list = kept.length ? el("ul", { class: "journal" }, kept.map(subscription)) : el("p", { class: "empty" }, NONE);
  const deliveries = rows.size ? sent : el("p", { class: "empty" }, "Nothing has been sent.");
  panel.replaceChildren(el("h3", {}, "Subscriptions"), list, el("h3", {}, "Deliveries"), deliveries);
}

const NONE = "No client has subscribed. A client subscribes by a POST to /uapi/extensions/@me/EXTENSION/phoneCallEvents.";

function subscription(one) {
  return el(
    "li",
    { class: "event" },
    el("b", {}, nameOf(one.extension)),
    el("span", {}, TYPES[one.type]),
    el("span", { class: "what" }, `${METHODS[one.method]} ${one.url}`),
    one.enabled ? null : el("span", { class: "pill warn" }, "disabled"),
    one.note && el("span", { class: "facts" }, one.note),
  );
}

function drawDelivery(entry) {
  const known = rows.get(entry.number);
  const [words, kind] = outcome(entry);
  if (known) {
    say(known, words);
    known.className = `pill ${kind}`;
    return;
  }
  const pill = el("span", { class: `pill ${kind}` }, words);
  rows.set(entry.number, pill);
  sent.prepend(delivery(entry, pill));
  while (sent.children.length > MOST) {
    rows.delete(Number(sent.lastChild.dataset.number));
    sent.lastChild.remove();
  }
}

function delivery(entry, pill) {
  return el(
    "li",
    { class: "event", "data-number": entry.number },
    el("time", { datetime: entry.at }, timeOfDay(entry.at)),
    el("b", {}, nameOf(entry.extension)),
    el("span", {}, TYPES[entry.type]),
    pill,
    el("span", { class: "what" }, `${entry.method} ${entry.url.split("?")[0]}`),
    el("details", {}, el("summary", {}, "Parameters"), el("pre", { tabindex: "0" }, JSON.stringify(entry.parameters, null, 2))),
  );
}

function outcome({ status, failure }) {
  if (failure) return [failure, "bad"];
  if (!status) return ["on its way", "warn"];
  return [String(status), status < 300 ? "good" : "bad"];
}
