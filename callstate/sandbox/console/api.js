// Requests to the sandbox. One rule: what a client could do is asked for as a client does it, with a token of the owner
// of the extension, so that the journal shows it and others can repeat it.

const tokens = new Map();

async function send(method, path, headers, body) {
  const answer = await fetch(path, { method, headers, body });
  const text = await answer.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    // An answer that is not JSON has a status all the same.
  }
  return { ok: answer.ok, status: answer.status, json, reason: json?.error?.message ?? `status ${answer.status}` };
}

/** Use a control of the sandbox itself. */
export function control(method, what, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  return send(method, `/sandbox/${what}`, headers, body === undefined ? undefined : JSON.stringify(body));
}

async function token(account) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: account, client_secret: "sandbox" });
  const answer = await send("POST", "/oauth/token.php", {}, form);
  tokens.set(account, answer.json?.access_token ?? "");
}

/** Ask the API as a client of an account does. */
export async function request(account, method, path, body) {
  if (!tokens.has(account)) await token(account);
  const ask = () =>
    send(
      method,
      path,
      { Authorization: `Bearer ${tokens.get(account)}`, ...(body && { "Content-Type": "application/json" }) },
      body && JSON.stringify(body),
    );
  const answer = await ask();
  if (answer.status !== 401) return answer;
  await token(account); // it has expired
  return ask();
}
