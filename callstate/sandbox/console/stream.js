// The updates of the sandbox, as they come. One rule: they are taken in when they come and drawn once for each frame,
// however many there were.

import { byId, say } from "./dom.js";
import { take } from "./store.js";

const AGAIN = 3000;

/** Listen, and have what changed drawn by `draw`. */
export function listen(draw) {
  let wanted = false;
  const source = new EventSource("/sandbox/updates");
  const frame = () => {
    wanted = false;
    const start = performance.now();
    draw();
    performance.measure("draw", { start });
    performance.clearMeasures("draw"); // an observer has it; the page keeps none
  };
  source.addEventListener("open", () => connected(true));
  source.addEventListener("message", (event) => {
    take(JSON.parse(event.data));
    if (!wanted) requestAnimationFrame(frame);
    wanted = true;
  });
  source.addEventListener("error", () => {
    connected(false);
    // The browser tries again by itself, unless it was refused.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(draw), AGAIN);
  });
}

function connected(isLive) {
  const pill = byId("connection");
  say(pill, isLive ? "live" : "reconnecting");
  pill.classList.toggle("warn", !isLive);
  document.body.classList.toggle("stale", !isLive);
}
