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

/** A length of time, as 0:09, 1:02:03 or 3 d 4 h. */
export function length(milliseconds) {
  const all = Math.max(0, Math.round(milliseconds / 1000));
  const days = Math.floor(all / 86400);
  const [hours, minutes, seconds] = [Math.floor(all / 3600) % 24, Math.floor(all / 60) % 60, all % 60];
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** The time of day in UTC, as everywhere in the sandbox. */
export const timeOfDay = (date) => new Date(date).toISOString().slice(11, 19);

export const day = (date) => new Date(date).toISOString().slice(0, 10);

/** Write how long something lasts already, or for how long it still does, into an element that asks for it. */
export function tick(element) {
  const { since, until } = element.dataset;
  const text = since ? length(now() - Date.parse(since)) : `${element.dataset.words} ${length(Date.parse(until) - now())}`;
  say(element, text);
}

/** Let every element show the time as it is now. */
export function tickAll() {
  for (const element of document.querySelectorAll("[data-since],[data-until]")) tick(element);
}
