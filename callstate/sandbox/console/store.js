// What the page knows of the sandbox, from its updates. One rule: it is bounded, and it draws nothing.

import * as time from "./time.js";

const MOST_OVER = 50;
const MOST_LINES = 200;

export const store = {
  calls: new Map(),
  requests: [],
  subscriptions: [],
  directory: [],
  frozen: false,
  nextDue: null,
  selected: null,
};

let extensions = new Map();

/** What has to be drawn: calls that changed or are gone, what is new, and all times if the clock was moved. */
const nothing = () => ({ all: false, time: false, events: false, calls: new Set(), requests: [], deliveries: [] });

let dirty = nothing();

/** Take what has to be drawn, all of it. */
export function takeDirty() {
  const taken = dirty;
  dirty = nothing();
  return taken;
}

/** Take in what is new. */
export function take(update) {
  if (update.directory) begin(update.directory);
  for (const call of update.calls ?? []) {
    store.calls.delete(call.id); // the last change stands at the end
    store.calls.set(call.id, call);
    dirty.calls.add(call.id);
  }
  forgetOver();
  store.requests = lastOf(store.requests, update.requests);
  dirty.requests = lastOf(dirty.requests, update.requests);
  dirty.deliveries = lastOf(dirty.deliveries, update.deliveries);
  store.subscriptions = update.subscriptions ?? store.subscriptions;
  dirty.events ||= Boolean(update.subscriptions || update.deliveries);
  if (time.set(update.now, update.frozen)) dirty.time = true;
  store.frozen = update.frozen;
  store.nextDue = update.nextDue;
}

const lastOf = (known, added = []) => [...known, ...added].slice(-MOST_LINES);

function begin(directory) {
  store.directory = directory;
  extensions = new Map(directory.map((one) => [one.number, one]));
  store.calls.clear();
  Object.assign(store, { requests: [], subscriptions: [] });
  dirty = { ...nothing(), all: true };
}

function forgetOver() {
  const over = [...store.calls.values()].filter((call) => call.over);
  for (const call of over.slice(0, Math.max(0, over.length - MOST_OVER))) {
    store.calls.delete(call.id);
    dirty.calls.add(call.id);
  }
}

/** The extension of a number, if it is one of the directory. */
export const extension = (number) => extensions.get(number);

/** Who a number is, for people. */
export const nameOf = (number) => extension(number)?.name ?? (number || "withheld");

/** The phones of the directory, which a call can be sent to. */
export const phones = () => store.directory.filter((one) => one.kind === "phone terminal");
