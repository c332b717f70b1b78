// A phone system in JavaScript that knows holds and releases of a call between two extensions, and nothing else.
// It numbers its calls and views in its own way. With "wrong" as its second argument a second hold releases the first.
import { createServer } from "node:http";

const [port, wrong] = [Number(process.argv[2]), process.argv[3] === "wrong"];
const calls = new Map();
const now = () => `${new Date().toISOString().slice(0, 19)}+00:00`;

class Refusal extends Error {}

function create(body) {
  const [view] = body.phoneCallView;
  const ends = { source: view.source, destination: view.destination, flow: "2" };
  const views = [view.source[0], view.destination[0]].map((extension, place) => ({
    id: String(place + 7), extension, ...ends, status: place ? "0" : "3", ...(place ? {} : { ringing: now() }),
  }));
  const call = { id: `n${calls.size + 1}`, extension: body.extension, published: now(), phoneCallView: views };
  calls.set(call.id, call);
  return [200, [{ id: call.id }]];
}

function answered(call, view) {
  const other = call.phoneCallView.find((one) => one !== view);
  Object.assign(view, { answered: now(), status: "4" });
  if (other.answered) {
    call.answered = now();
    call.phoneCallView.forEach((one) => (one.status = "5"));
  } else {
    Object.assign(other, { ringing: now(), status: "3" });
  }
}

function signal(body) {
  const call = calls.get(body.callId);
  const view = call?.phoneCallView.find((one) => one.id === body.viewId && one.status === "3");
  if (!view || body.signal !== "Answered") return [400, {}];
  answered(call, view);
  return [200, {}];
}

function act(call, asker, body) {
  if (!call) throw new Refusal("pc_phonecall_invalid");
  if (asker !== "@self" && call.phoneCallView.every((one) => one.extension !== asker)) throw new Refusal("extension_invalid");
  if (!["OnHold", "OffHold"].includes(body.action)) throw new Refusal("pc_action_invalid");
  const view = call.phoneCallView.find((one) => one.id === body.phoneCallViewId && one.status !== "0");
  if (!view) throw new Refusal("pc_phonecallview_invalid");
  if (view.status !== "5") throw new Refusal("pc_wrong_state");
  if (body.action === "OffHold" || (wrong && view.onHold)) {
    delete view.onHold;
    delete view.holder;
  } else if (!view.onHold) {
    Object.assign(view, { onHold: now(), holder: "1" });
  }
  return [204];
}

function answer(method, url, body) {
  const [, , collection, , asker, id] = url.pathname.split("/").map(decodeURIComponent);
  if (url.pathname === "/sandbox/signals") return signal(body);
  if (collection !== "phoneCalls") return [404, "<h1>Not Found</h1>"];
  if (method === "POST") return asker === "simple" ? create(body) : [404, {}];
  if (method === "PUT") return act(calls.get(id), asker, body);
  if (method === "DELETE") return [200, calls.delete(id) ? [{ id }] : []];
  const listed = [...calls.values()].filter((call) => call.id === id);
  const views = (call) => call.phoneCallView.filter((view) => view.status !== "0");
  return [200, { entry: listed.map((call) => ({ ...call, phoneCallView: views(call) })) }];
}

createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  let status, body;
  try {
    [status, body] = answer(request.method, new URL(request.url, "http://localhost"), text && JSON.parse(text));
  } catch (error) {
    [status, body] = [error instanceof Refusal ? 400 : 500, { error: { code: error.message } }];
  }
  response.writeHead(status, { "Content-Type": "application/json" }).end(status === 204 ? undefined : JSON.stringify(body));
}).listen(port, "127.0.0.1", function () {
  console.log(`http://127.0.0.1:${this.address().port}`);
});
