// The board: a card for each call. One rule: only what has changed is touched, so that the focus, a pressed button and
// the scroll position stay where they are.

import { buttons } from "./actions.js";
import { byId, el, say } from "./dom.js";
import { nameOf, store } from "./store.js";
import { tick } from "./time.js";

const cards = new Map();

/** Draw the calls that changed. */
export function drawCalls(ids, begins) {
  if (begins) {
    for (const id of [...cards.keys()]) if (!store.calls.has(id)) remove(id);
  }
  for (const id of ids) {
    const call = store.calls.get(id);
    if (call === undefined) remove(id);
    else draw(call);
  }
  drawCounts();
}

function drawCounts() {
  const ended = byId("ends").children.length;
  const live = byId("board").children.length;
  say(byId("live"), String(live));
  say(byId("ended"), String(ended));
  byId("empty").hidden = live > 0;
  byId("over").hidden = ended === 0;
}

function remove(id) {
  cards.get(id)?.card.remove();
  cards.delete(id);
}

function draw(call) {
  const isNew = !cards.has(call.id);
  const known = cards.get(call.id) ?? make(call);
  const place = byId(call.over ? "ends" : "board");
  if (known.card.parentElement !== place) move(known, place);
  drawHead(known, call);
  const ids = new Set(call.parties.map((party) => party.id));
  for (const id of known.rows.keys()) if (!ids.has(id)) removeRow(known, id);
  for (const party of call.parties) drawParty(known, call, party);
  known.card.dataset.state = mood(call);
  if (isNew && store.selected === call.id) mark(call.id);
}

/** Whether a call has been drawn. */
export const isShown = (id) => cards.has(id);

/** Put a card first; the focus goes along with it. */
function move(known, place) {
  const focused = known.card.contains(document.activeElement);
  place.prepend(known.card);
  if (focused) known.head.focus();
}

function make(call) {
  const title = el("span", { class: "title" });
  const until = el("span", { class: "until" });
  const head = el(
    "button",
    { type: "button", class: "head", tabindex: "-1", "aria-expanded": "false", click: () => select(call.id) },
    title,
    until,
    el("code", { class: "id", title: call.id }, call.id.slice(0, 8)),
  );
  const parties = el("ul", { class: "parties" });
  const card = el("li", { class: "call", "data-call": call.id }, el("h3", {}, head), parties);
  const known = { card, head, title, until, parties, rows: new Map() };
  cards.set(call.id, known);
  return known;
}

/** What stands out about a call. */
function mood(call) {
  const states = call.parties.map((party) => party.state);
  const order = ["RINGING", "PARKED", "ON_HOLD", "CONNECTED"];
  return call.over ? "ENDED" : (order.find((state) => states.includes(state)) ?? states.find((state) => state !== "ENDED"));
}

function drawHead(known, call) {
  const [first = "nobody", second = "nobody yet"] = call.parties.map((party) => nameOf(party.extension));
  say(known.title, `${first} → ${second}`);
  if (call.endsBy && !call.over) show(known.until, { until: call.endsBy, words: "ends in" });
  else show(known.until, {});
}

// Parties -------------------------------------------------------------------------------------------------------------

function drawParty(known, call, party) {
  const row = known.rows.get(party.id) ?? makeRow(known, party);
  say(row.badge, party.state.replace("_", " "));
  row.badge.dataset.state = party.state;
  row.root.classList.toggle("left", party.state === "ENDED");
  say(row.name, nameOf(party.extension));
  say(row.number, numberOf(party));
  say(row.facts, facts(call, party));
  show(row.since, party.state === "ENDED" ? {} : { since: party.since });
  show(row.until, party.until && party.state !== "ENDED" ? { until: party.until, words: limit(party) } : {});
  row.party = party;
  drawButtons(row, call);
}

function makeRow(known, party) {
  const row = { keys: "" };
  row.name = el("b");
  row.number = el("span", { class: "number" });
  row.badge = el("span", { class: "badge" });
  row.since = el("span", { class: "since", title: "since when" });
  row.until = el("span", { class: "until" });
  row.facts = el("span", { class: "facts" });
  row.buttons = el("div", { class: "buttons" });
  const more = el("span", {}, row.until, row.facts);
  const line = el("div", { class: "line" }, row.name, row.number, row.badge, row.since, more);
  row.root = el("li", { class: "party", "data-view": party.id }, line, row.buttons);
  known.parties.append(row.root);
  known.rows.set(party.id, row);
  return row;
}

function removeRow(known, id) {
  known.rows.get(id).root.remove();
  known.rows.delete(id);
}

/** Let an element count, or be empty. */
function show(element, { since, until, words }) {
  set(element, "since", since);
  set(element, "until", until);
  set(element, "words", words);
  if (since || until) tick(element);
  else say(element, "");
}

function set(element, name, value) {
  if (value) element.dataset[name] = value;
  else delete element.dataset[name];
}

function numberOf(party) {
  if (party.outside) return "outside";
  return nameOf(party.extension) === party.extension ? "" : party.extension;
}

const limit = (party) => (party.state === "PARKED" ? "rings back in" : "rings out in");

function facts(call, party) {
  const target = call.parties.find((one) => one.id === party.target);
  return [
    party.role === "PARTY" ? "" : party.role.toLowerCase() + (target ? ` of ${nameOf(target.extension)}` : ""),
    party.callerId ? `shows ${party.callerId}` : "",
    party.recorded ? "● recorded" : "",
    party.position ? `place ${party.position}, parked by ${nameOf(party.parkedBy)}` : "",
    party.reason ? party.reason.toLowerCase().replaceAll("_", " ") : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

// Buttons -------------------------------------------------------------------------------------------------------------

/** Only the selected call has its buttons, so that a board of many calls stays small. */
function drawButtons(row, call) {
  const wanted = store.selected === call.id ? buttons(call, row.party) : [];
  const keys = wanted.map((one) => one.key).join();
  if (keys === row.keys) return;
  row.keys = keys;
  const before = [...row.buttons.querySelectorAll("button")];
  const place = before.indexOf(document.activeElement);
  const key = before[place]?.dataset.key;
  const groups = Map.groupBy(wanted, (one) => one.group);
  row.buttons.replaceChildren(...[...groups].map(([name, ones]) => group(row, name, ones)));
  if (place >= 0) refocus(row, key, place, call.id);
}

function group(row, name, ones) {
  const label = `${name}, ${nameOf(row.party.extension)}`;
  return el("div", { class: "group", role: "group", "aria-label": label }, el("span", { "aria-hidden": "true" }, name), ones.map(button));
}

const button = ({ key, words, title, press }) =>
  el("button", { type: "button", "data-key": key, title, click: press }, words);

/** The focus stays on the button of that key, or goes to the one in its place, or to another one of the call. */
function refocus(row, key, place, id) {
  const known = cards.get(id);
  const all = [...row.buttons.querySelectorAll("button")];
  const same = all.find((one) => one.dataset.key === key) ?? all[Math.min(place, all.length - 1)];
  (same ?? known.card.querySelector(".buttons button") ?? known.head).focus();
}

// Selecting -----------------------------------------------------------------------------------------------------------

let changed = () => {};

/** Have a function called when another call is selected. */
export const onSelect = (call) => {
  changed = call;
};

/** Select a call, or none. */
export function select(id, focus = true) {
  const before = store.selected;
  store.selected = isShown(id) ? id : null;
  for (const one of new Set([before, store.selected])) mark(one);
  if (focus && store.selected !== null) {
    const { head, card } = cards.get(store.selected);
    if (card.closest("details")) card.closest("details").open = true;
    head.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }
  changed();
}

function mark(id) {
  const known = cards.get(id);
  if (known === undefined) return;
  const selected = store.selected === id;
  known.card.classList.toggle("selected", selected);
  known.head.setAttribute("aria-expanded", String(selected));
  known.head.tabIndex = selected ? 0 : -1;
  for (const row of known.rows.values()) drawButtons(row, store.calls.get(id));
}

/** Select the first call if none is selected any more, so that the keyboard has a place to begin. */
export function selectSome() {
  if (isShown(store.selected)) return;
  const first = byId("board").firstElementChild;
  select(first?.dataset.call ?? null, false);
}

/** Select the call before or after the selected one. */
export function step(by) {
  const all = [...document.querySelectorAll(".call")];
  const place = all.findIndex((card) => card.dataset.call === store.selected);
  const next = all[Math.min(Math.max(place + by, 0), all.length - 1)];
  if (next) select(next.dataset.call);
}
