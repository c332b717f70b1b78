// The history of a call as a ladder diagram: a line for each party, one for the phone system between them, time going
// down. One rule: it shows what the sandbox tells, and leaves out nothing but what the states show already.

import { svg } from "./dom.js";
import { nameOf } from "./store.js";
import { timeOfDay } from "./time.js";

const TOP = 46;
const ROW = 26;
const LEFT = 62;
const SYSTEM = "system";

/** What the states on the lines show already. */
const SHOWN = new Set([
  "StateEntered", "ViewAppeared", "ViewEnded", "ViewForgotten", "HoldStarted", "HoldEnded",
  "ParkingStarted", "ParkingEnded", "SideTaken", "ListingChanged", "CallAnswered", "DestinationDialled",
]);

/** Draw the events of a call, in a drawing that is so wide. */
export function ladder(events, width) {
  const lines = linesOf(events);
  const gap = Math.max(92, Math.min(190, (width - LEFT - 20) / lines.length));
  const x = new Map(lines.map((line, place) => [line.id, LEFT + gap * (place + 0.5)]));
  const drawing = { x, lines, parts: [], states: new Map(), y: TOP + 8, gap };
  events.forEach((event) => drawEvent(drawing, event));
  const height = drawing.y + 8;
  for (const [id, { state, from }] of drawing.states) segment(drawing, id, state, from, height);
  return svg(
    "svg",
    { class: "ladder", width: LEFT + gap * lines.length + 8, height, role: "img", "aria-label": "The ladder diagram; its text is below." },
    svg("line", { class: "life", x1: x.get(SYSTEM), x2: x.get(SYSTEM), y1: TOP, y2: height }),
    lines.map((line) => heading(line, x.get(line.id), gap)),
    drawing.parts,
  );
}

function linesOf(events) {
  const came = events.flatMap((event) => event.changes).filter((change) => change.change === "ViewAppeared");
  const views = new Map(came.map((change) => [change.view_id, change.extension]));
  for (const change of events.flatMap((event) => event.changes)) {
    if (change.view_id && !views.has(change.view_id)) views.set(change.view_id, change.extension);
  }
  const lines = [...views].sort(([one], [other]) => Number(one) - Number(other)).map(([id, number]) => ({ id, number }));
  lines.splice(1, 0, { id: SYSTEM });
  return lines;
}

function heading(line, x, gap) {
  if (line.id === SYSTEM) return label(x, 30, "phone system", "who", gap);
  const name = nameOf(line.number);
  return svg("g", {}, label(x, 20, name, "who strong", gap), name === line.number ? null : label(x, 36, line.number, "who", gap));
}

function drawEvent(drawing, event) {
  if (event.at) drawing.parts.push(svg("text", { class: "at", x: 4, y: drawing.y + 5 }, timeOfDay(event.at)));
  for (const cause of event.causes) arrow(drawing, cause);
  if (!event.causes.length && event.version > 0) middle(drawing, "time is up", "timer");
  states(drawing, event.changes);
  for (const words of notes(event.changes)) middle(drawing, words, "remark");
}

/** An input, as an arrow from the party it comes from. */
function arrow(drawing, cause) {
  const [from, to] = [lineOf(drawing, cause), drawing.x.get(SYSTEM)];
  const words = (cause.refused ? "✗ " : "") + cause.name;
  const kind = `arrow${cause.signal ? " signal" : ""}${cause.refused ? " refused" : ""}`;
  if (from === undefined) middle(drawing, words, kind);
  else {
    const tip = to - Math.sign(to - from) * 8;
    const { y } = drawing;
    drawing.parts.push(
      svg("g", { class: kind },
        svg("title", {}, cause.refused ?? (cause.signal ? "reported by the phone" : "asked through the API")),
        svg("line", { x1: from, x2: tip, y1: y, y2: y }),
        svg("polygon", { points: `${to},${y} ${tip},${y - 4} ${tip},${y + 4}` }),
        label((from + to) / 2, y - 5, words, "words", Math.abs(from - to))),
    );
    drawing.y += ROW;
  }
}

function lineOf(drawing, cause) {
  if (cause.signal) return drawing.x.get(cause.viewId);
  const lines = drawing.lines.filter((line) => line.number === cause.extension);
  const live = lines.find((line) => drawing.states.get(line.id)?.state !== "ENDED");
  return drawing.x.get((live ?? lines[0])?.id ?? cause.viewId);
}

/** The new states of one event, each on its line. */
function states(drawing, changes) {
  const found = changes.map(stateOf).filter((one) => one !== null);
  const last = new Map(found.map((one) => [one.id, one]));
  for (const { id, state } of last.values()) {
    const before = drawing.states.get(id);
    if (before) segment(drawing, id, before.state, before.from, drawing.y - 9);
    drawing.states.set(id, { state, from: drawing.y + 9 });
    drawing.parts.push(badge(drawing.x.get(id), drawing.y, state, drawing.gap));
  }
  if (last.size) drawing.y += ROW;
}

function stateOf({ change, view_id: id, extension: number, view, entered }) {
  if (change === "ViewAppeared") return { id, number, state: view.state };
  if (change === "StateEntered") return { id, number, state: entered };
  return change === "ViewEnded" ? { id, number, state: "ENDED" } : null;
}

const notes = (changes) => changes.filter((one) => !SHOWN.has(one.change)).map(words);

function words({ change, extension, entered, ring_backs: count }) {
  const who = extension ? `${nameOf(extension)}: ` : "";
  const more = entered ?? (count ? `no. ${count}` : "");
  return `${who}${change.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase()} ${more}`.trim();
}

function middle(drawing, text, kind) {
  drawing.parts.push(label(drawing.x.get(SYSTEM), drawing.y + 4, text, kind, Infinity));
  drawing.y += 24;
}

function badge(x, y, state, gap) {
  const width = Math.min(gap - 6, 84);
  return svg("g", { class: "mark", "data-state": state },
    svg("rect", { x: x - width / 2, y: y - 9, width, height: 18, rx: 9 }),
    label(x, y + 4, state.replace("_", " "), "state", width));
}

function segment(drawing, id, state, from, to) {
  if (state === "ENDED") return;
  const x = drawing.x.get(id);
  drawing.parts.unshift(svg("line", { class: "segment", "data-state": state, x1: x, x2: x, y1: from, y2: Math.max(from, to) }));
}

function label(x, y, text, kind, room) {
  const most = Math.floor(room / 6.2);
  const short = text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text;
  return svg("text", { class: kind, x, y, "text-anchor": "middle" }, svg("title", {}, text), short);
}

/** The same as lines of text. */
export function lines(events) {
  return events.map((event) => {
    const causes = event.causes.map((cause) => cause.name + (cause.refused ? ` refused: ${cause.refused}` : ""));
    const found = event.changes.map(stateOf).filter((one) => one !== null);
    const moved = found.map((one) => `${nameOf(one.number)} ${one.state}`);
    const what = [...causes, ...moved, ...notes(event.changes)].join(", ");
    return `${event.at ? timeOfDay(event.at) : ""} ${what || "nothing changed"}`;
  });
}
