// The clock of the sandbox, which may be frozen or moved. One rule: the browser's clock only tells how much time has
// passed since the sandbox told its own.

import { say } from "./dom.js";

let told = 0;
let at = 0;
let frozen = true;

const UNNOTICED = 300;

/** Take over what the sandbox says, and tell whether the time has moved by more than what has passed. */
export function set(date, isFrozen) {
  const expected = now();
  told = Date.parse(date);
  at = performance.now();
  frozen = isFrozen;
  return Math.abs(told - expected) > UNNOTICED;
}

/** The sandbox's time in milliseconds. */
export const now = () => (frozen ? told : told + performance.now() - at);

const two = (number) => String(number).padStart(2, "0");

/** A length of time in whole seconds, as 0:09, 1:02:03 or 3 d 4 h. */
function length(whole) {
  const all = Math.max(0, whole);
  const days = Math.floor(all / 86400);
  const [hours, minutes, seconds] = [Math.floor(all / 3600) % 24, Math.floor(all / 60) % 60, all % 60];
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** The time of day in UTC, as everywhere in the sandbox. */
export const timeOfDay = (date) => new Date(date).toISOString().slice(11, 19);

export const day = (date) => new Date(date).toISOString().slice(0, 10);

/** How long something has lasted. */
const lasted = (since) => length(Math.floor((now() - Date.parse(since)) / 1000));

/** How long it is until something, which is nothing only when it has come. */
export const left = (until) => length(Math.ceil((Date.parse(until) - now()) / 1000));

/** Write how long something has lasted, or how long it is until something, into an element that asks for it. */
export function tick(element) {
  const { since, until, words } = element.dataset;
  say(element, since ? lasted(since) : `${words} ${left(until)}`);
}

/** Let every element show the time as it is now. */
export function tickAll() {
  for (const element of document.querySelectorAll("[data-since],[data-until]")) tick(element);
}
