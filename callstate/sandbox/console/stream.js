// The updates of the sandbox, as they come. One rule: they are taken in when they come and drawn once for each frame,
// however many there were.

import { byId, say } from "./dom.js";
import { take } from "./store.js";

const AGAIN = 3000;

/** Listen while the page is looked at, and have what changed drawn by `draw`. */
export function listen(draw) {
  let source = null;
  let wanted = false;
  const frame = () => {
    wanted = false;
    const start = performance.now();
    draw();
    performance.measure("draw", { start });
    performance.clearMeasures("draw"); // an observer has it; the page keeps none
  };
  const open = () => {
    source = new EventSource("/sandbox/updates");
    source.addEventListener("open", () => connected(true));
    source.addEventListener("error", () => {
      connected(false);
      // The browser tries again by itself, unless it was refused.
      if (source?.readyState === EventSource.CLOSED) setTimeout(again, AGAIN);
    });
    source.addEventListener("message", (event) => {
      take(JSON.parse(event.data));
      if (!wanted) requestAnimationFrame(frame);
      wanted = true;
    });
  };
  // A browser has few connections for one site, so a page that nobody looks at leaves its own to the others.
  const again = () => {
    source?.close();
    source = null;
    if (!document.hidden) open();
  };
  document.addEventListener("visibilitychange", again);
  again();
}

function connected(isLive) {
  const pill = byId("connection");
  say(pill, isLive ? "live" : "reconnecting");
  pill.classList.toggle("warn", !isLive);
  document.body.classList.toggle("stale", !isLive);
}
