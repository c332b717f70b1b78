// The buttons of a party: what its owner can ask the API for, and what its phone can report. One rule: the sandbox says
// what is possible now; this module only knows how it is asked for.

import { control, request } from "./api.js";
import { ask } from "./dialog.js";
import { note } from "./dom.js";
import { extension, nameOf, phones, store } from "./store.js";

const WAIT = { name: "waitForPickup", label: "Seconds to ring", type: "number", min: 1, max: 3600, value: 25 };
const CALLER_ID = { name: "callerId", label: "Caller id", hint: "What the phone shows; may stay empty.", maxlength: 255 };
const to = (label, hint) => ({ name: "sendCallTo", label, hint, required: true, offers: phones() });
const joins = () => [to("Extension whose phone rings"), CALLER_ID, WAIT];

/** What each action asks for; the others need nothing. */
const FIELDS = {
  Park: () => [
    { name: "maxInParking", label: "Seconds until the parker is rung back", type: "number", min: 10, max: 3600, value: 180 },
  ],
  UnPark: joins,
  PickUp: joins,
  BargeIn: joins,
  Monitor: joins,
  Whisper: () => [...joins(), { name: "private", type: "checkbox", label: "The phone does not hear the others" }],
  Transfer: () => [to("Number", "An extension, or a number outside.")],
  TransferToVoicemail: () => [to("Extension of the mailbox")],
};

const NUMBERS = new Set(["waitForPickup", "maxInParking", "private"]);

/** What a phone does, as its user would say it. */
const SIGNALS = {
  Dialled: () => [["Dials", {}]],
  Rang: () => [["Rings", {}]],
  FarEndRang: () => [["Hears it ring", {}]],
  Answered: () => [["Answer", {}]],
  Held: () => [["Hold", {}]],
  Resumed: () => [["Resume", {}]],
  HungUp: (party) =>
    ["RINGING", "TRYING"].includes(party.state)
      ? [["Decline", { disposition: 5 }], ["Busy", { disposition: 1 }]]
      : [["Hang up", {}]],
};

/** The buttons of a party, each with a key, its group, its words, and what it does. */
export function buttons(call, party) {
  const signals = (party.signals ?? []).flatMap((signal) =>
    SIGNALS[signal](party).map(([words, more]) => ({
      key: `phone ${words}`,
      group: "Phone",
      words,
      title: `The phone reports ${signal}`,
      press: () => report(call.id, party.id, signal, more),
    })),
  );
  const actions = (party.actions ?? []).map((action) => ({
    key: `api ${action}`,
    group: "API",
    words: FIELDS[action] ? `${action}…` : action,
    title: `${nameOf(party.extension)} asks the API for ${action}`,
    press: () => press(call.id, party.id, action),
  }));
  return [...signals, ...actions];
}

async function report(callId, viewId, signal, more) {
  const answer = await control("POST", "signals", { callId, viewId, signal, ...more });
  if (!answer.ok) note(answer.reason, "refused");
}

async function press(callId, viewId, action) {
  const party = store.calls.get(callId)?.parties.find((one) => one.id === viewId);
  if (party === undefined) return;
  if (FIELDS[action] === undefined) {
    const reason = await act(callId, party, action, {});
    if (reason !== null) note(reason, "refused");
    return;
  }
  ask({
    title: action,
    about: `Asked by ${nameOf(party.extension)} (${party.extension}), with the view ${viewId}.`,
    fields: FIELDS[action](),
    button: action,
    act: (values) => act(callId, party, action, values),
  });
}

/** Ask the API for an action, and return why it is refused; `null` if it is done. */
async function act(callId, party, action, values) {
  const owner = extension(party.extension);
  const path = `/uapi/phoneCalls/@me/${party.extension}/${callId}`;
  const answer =
    action === "HangUp"
      ? await request(owner.user, "DELETE", `${path}?phoneNumber=${encodeURIComponent(party.extension)}`)
      : await request(owner.user, "PUT", path, { action, phoneCallViewId: party.id, ...typed(values) });
  if (!answer.ok) return answer.reason;
  note(`${action}: ${answer.status}, asked by ${owner.name}`);
  return null;
}

const typed = (values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, NUMBERS.has(name) ? Number(value) : value]));

// New calls -----------------------------------------------------------------------------------------------------------

/** Ask who calls whom, and let the call come in; `done` gets its id. */
export function askIncoming(done) {
  const destination = store.directory.find((one) => one.kind === "phone terminal")?.number ?? "";
  ask({
    title: "Let a call come in",
    about: "An outside number, or an extension, has dialled an extension. Its phone rings.",
    fields: [
      { name: "source", label: "From", value: "3334444", required: true, offers: store.directory },
      { name: "destination", label: "To", value: destination, required: true, offers: phones() },
      CALLER_ID,
      WAIT,
    ],
    button: "Let it ring",
    act: async (values) => {
      const answer = await control("POST", "calls", typed(values));
      if (!answer.ok) return answer.reason;
      done(answer.json.id);
      return null;
    },
  });
}

/** Ask who is to be connected, and create the call through the API, as a client does. */
export function askCreate(done) {
  ask({
    title: "Create a call",
    about: "The API rings the source; when it is up, it rings the destination.",
    fields: [
      { name: "source", label: "Source", hint: "An extension; its owner asks, and is charged.", required: true, offers: phones() },
      { name: "destination", label: "Destination", hint: "An extension, or a number outside.", required: true, offers: phones() },
      WAIT,
    ],
    button: "Create",
    act: (values) => create(values, done),
  });
}

async function create({ source, destination, ...more }, done) {
  const owner = extension(source);
  if (owner === undefined) return `${source} is not an extension of the directory.`;
  const body = { extension: source, phoneCallView: [{ source: [source], destination: [destination] }] };
  const query = new URLSearchParams(more);
  const answer = await request(owner.user, "POST", `/uapi/phoneCalls/@me/simple?${query}`, body);
  if (!answer.ok) return answer.reason;
  done(answer.json[0].id);
  return null;
}
