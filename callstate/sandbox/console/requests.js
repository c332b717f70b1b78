// The journal: what clients asked, the page among them, and what they were answered. One rule: the last comes first, and
// only so many are shown.

import { curl, text } from "./curl.js";
import { tell } from "./dialog.js";
import { add, byId, el, note } from "./dom.js";
import { store } from "./store.js";
import { timeOfDay } from "./time.js";

const MOST = 200;

/** Show the requests that are new; `begins` drops those that are shown. */
export function drawRequests(entries, begins) {
  const panel = byId("requests");
  if (begins || panel.firstChild?.className !== "journal") panel.replaceChildren(el("ol", { class: "journal" }));
  const list = panel.firstChild;
  list.prepend(...entries.map(row).reverse());
  while (list.children.length > MOST) list.lastChild.remove();
  if (!list.children.length) panel.replaceChildren(el("p", { class: "empty" }, "No client has asked for anything yet."));
}

function row(entry) {
  const kind = entry.status < 300 ? "good" : entry.status < 500 ? "warn" : "bad";
  const reason = entry.answer?.error?.message ?? entry.answer?.error_description;
  const details = el("details", { toggle: () => fillDetails(details, entry) }, el("summary", {}, line(entry, kind)));
  return el(
    "li",
    {},
    details,
    reason && entry.status >= 400 ? el("p", { class: "reason" }, entry.code && el("code", {}, entry.code), ` ${reason}`) : null,
    entry.fault ? el("p", { class: "reason" }, `Fault: ${text(entry.fault)}`) : null,
  );
}

function line(entry, kind) {
  return [
    el("time", { datetime: entry.at }, timeOfDay(entry.at)),
    el("span", { class: "who" }, accountName(entry.account)),
    el("span", { class: "what" }, el("b", {}, entry.method === "PUT" ? (entry.action ?? "PUT") : entry.method), ` ${entry.path}`),
    el("span", { class: `pill ${kind}` }, String(entry.status)),
  ];
}

const accountName = (account) => store.directory.find((one) => one.user === account)?.name ?? account ?? "–";

function fillDetails(details, entry) {
  if (details.children.length > 1) return;
  add(details, [
    // The body of a request for a token is not kept, because it has a secret.
    entry.path !== "/oauth/token.php" &&
      el("button", { type: "button", click: () => copy(curl(entry, location.origin)) }, "Copy as curl"),
    entry.query && part("Query", entry.query),
    entry.body !== undefined && part("Body", entry.body),
    entry.answer !== undefined && part("Answer", entry.answer),
  ]);
}

function part(name, value) {
  const shown = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return el("div", { class: "part" }, el("h4", {}, name), el("pre", { tabindex: "0" }, shown));
}

/** Copy text; where the browser does not let a page do that, show it to be copied by hand. */
async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    note("Copied. Paste it into a shell.");
  } catch {
    tell("Copy as curl", el("pre", { tabindex: "0" }, words));
  }
}
