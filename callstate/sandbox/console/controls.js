// The clock of the sandbox, the tabs and the keyboard. One rule: whatever the mouse can do the keyboard can do too.

import { control } from "./api.js";
import { isShown, select, step } from "./board.js";
import { askCreate, askIncoming } from "./actions.js";
import { tell } from "./dialog.js";
import { byId, el, note, say } from "./dom.js";
import { store } from "./store.js";
import * as time from "./time.js";

// The clock -----------------------------------------------------------------------------------------------------------

async function clock(body) {
  const answer = await control("POST", "clock", body);
  if (!answer.ok) note(answer.reason, "refused");
}

const freeze = () => clock({ frozen: !store.frozen });
const next = () => !byId("next").disabled && clock({ toNext: true });

/** Show the clock. */
export function drawClock() {
  const now = time.now();
  say(byId("time"), time.timeOfDay(now));
  byId("time").title = `${time.day(now)}, UTC`;
  byId("time").dateTime = new Date(now).toISOString();
  say(byId("pace"), store.frozen ? "frozen" : "running");
  byId("pace").classList.toggle("warn", store.frozen);
  say(byId("freeze"), store.frozen ? "Resume" : "Freeze");
  byId("next").disabled = !store.nextDue;
  say(byId("next"), store.nextDue ? `To the next deadline, in ${time.left(store.nextDue)}` : "No deadline");
}

// Tabs ----------------------------------------------------------------------------------------------------------------

const tabs = () => [...document.querySelectorAll("[role=tab]")];

function open(tab, opened) {
  for (const one of tabs()) {
    const isOpen = one === tab;
    one.setAttribute("aria-selected", String(isOpen));
    one.tabIndex = isOpen ? 0 : -1;
    byId(one.getAttribute("aria-controls")).hidden = !isOpen;
  }
  opened();
}

function turn(event, opened) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const all = tabs();
  const tab = all.at((all.indexOf(event.target) + by) % all.length);
  open(tab, opened);
  tab.focus();
}

// The keyboard --------------------------------------------------------------------------------------------------------

const KEYS = [
  ["↓ or j", "the next call"],
  ["↑ or k", "the call before"],
  ["Tab", "to the buttons of the selected call"],
  ["→ and ←", "from button to button"],
  ["i", "let a call come in"],
  ["c", "create a call through the API"],
  ["f", "freeze the clock, or let it run"],
  [".", "move the clock to the next deadline"],
  ["1, 2, 3", "history, requests, call events"],
  ["?", "this list"],
];

const help = () => tell("Keyboard shortcuts", el("dl", {}, KEYS.flatMap(([key, words]) => [el("dt", {}, key), el("dd", {}, words)])));

/** Select a call as soon as the updates have brought it; the form that made it has closed by then. */
function selectSoon(id, tries = 100) {
  if (isShown(id)) select(id);
  else if (tries) setTimeout(() => selectSoon(id, tries - 1), 20);
}

const selectLater = (id) => setTimeout(() => selectSoon(id));
const incoming = () => askIncoming(selectLater);
const create = () => askCreate(selectLater);

function pressed(event, opened) {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input, select, textarea")) return;
  const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (along && event.target.dataset.key) return neighbour(event.target, along);
  const does = {
    ArrowDown: () => step(1), j: () => step(1), ArrowUp: () => step(-1), k: () => step(-1),
    i: incoming, c: create, f: freeze, ".": next, "?": help,
    1: () => open(tabs()[0], opened), 2: () => open(tabs()[1], opened), 3: () => open(tabs()[2], opened),
  }[event.key];
  if (!does || (event.key.startsWith("Arrow") && event.target.closest("aside"))) return;
  event.preventDefault();
  does();
}

function neighbour(button, by) {
  const all = [...button.closest(".call").querySelectorAll(".buttons button")];
  all[all.indexOf(button) + by]?.focus();
}

/** Let the page listen; `opened` is called when another tab is looked at. */
export function begin(opened) {
  byId("freeze").addEventListener("click", freeze);
  byId("next").addEventListener("click", next);
  byId("move").addEventListener("submit", (event) => {
    event.preventDefault();
    clock({ advance: Number(byId("seconds").value) });
  });
  for (const id of ["incoming", "first"]) byId(id).addEventListener("click", incoming);
  byId("create").addEventListener("click", create);
  byId("reset").addEventListener("click", () => control("POST", "reset"));
  byId("help").addEventListener("click", help);
  for (const tab of tabs()) tab.addEventListener("click", () => open(tab, opened));
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => turn(event, opened));
  document.addEventListener("keydown", (event) => pressed(event, opened));
}
