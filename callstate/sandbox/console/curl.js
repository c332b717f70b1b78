// A request of the journal as commands for a shell. One rule: whatever was sent is quoted, so that a shell reads it as
// one word.

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Write the commands that get a token and send the request again. */
export function curl(entry, origin) {
  const path = entry.path.split("/").map(escaped).join("/");
  const query = new URLSearchParams(Object.entries(entry.query ?? {}).filter(([name]) => name !== "accessRequestToken"));
  const target = quoted(`${origin}${path}${query.size ? `?${query}` : ""}`);
  const body = entry.body === undefined ? "" : ` -H 'Content-Type: application/json' -d ${quoted(text(entry.body))}`;
  const how = entry.method === "HEAD" ? "-I" : `-X ${quoted(entry.method)}`;
  if (!entry.account) return `curl ${how}${body} ${target}`;
  const form = `grant_type=client_credentials&client_id=${entry.account}&client_secret=sandbox`;
  const token = `curl -s -d ${quoted(form)} ${quoted(`${origin}/oauth/token.php`)}`;
  return [
    `TOKEN=$(${token} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl ${how} -H "Authorization: Bearer $TOKEN"${body} ${target}`,
  ].join("\n");
}

const escaped = (word) => encodeURIComponent(word).replaceAll("%40", "@");

/** A body as text, as it was sent if it was no JSON. */
export const text = (body) => (typeof body === "string" ? body : JSON.stringify(body));
