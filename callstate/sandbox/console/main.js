// The console: it listens to the sandbox, and draws what has changed.

import { drawCalls, onSelect, selectSome } from "./board.js";
import { begin, drawClock } from "./controls.js";
import { drawHistory } from "./history.js";
import { drawRequests } from "./requests.js";
import { dirty } from "./store.js";
import { listen } from "./stream.js";
import * as time from "./time.js";

function draw() {
  const { all, calls, requests } = dirty;
  if (dirty.time) time.tickAll();
  if (all || calls.size) drawCalls(calls, all);
  if (all || requests.length) drawRequests(requests, all);
  Object.assign(dirty, { all: false, time: false, calls: new Set(), requests: [] });
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
countOn();
listen(draw);
