// The console: it listens to the sandbox, and draws what has changed.

import { drawCalls, onSelect, selectSome } from "./board.js";
import { begin, drawClock } from "./controls.js";
import { drawEvents } from "./events.js";
import { drawHistory } from "./history.js";
import { drawRequests } from "./requests.js";
import { takeDirty } from "./store.js";
import { listen } from "./stream.js";
import * as time from "./time.js";

function draw() {
  const { all, time: moved, events, calls, requests, deliveries } = takeDirty();
  if (moved) time.tickAll();
  if (all || calls.size) drawCalls(calls, all);
  if (all || requests.length) drawRequests(requests, all);
  if (all || events) drawEvents(deliveries, all);
  selectSome();
  drawClock();
  drawHistory();
}

/** Count on with each second of the sandbox's clock. */
function countOn() {
  drawClock();
  time.tickAll();
  setTimeout(countOn, 1000 - (time.now() % 1000));
}

begin(drawHistory);
onSelect(drawHistory);
drawRequests([], true);
drawEvents([], true);
countOn();
listen(draw);
