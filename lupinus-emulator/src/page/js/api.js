// The control calls.

export async function call(method, path, body) {
  const answer = await fetch("/_emulator" + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.message);
  return result;
}

/** A call that sends a webhook: it does not wait for the bot. */
export const send = (path, body, method = "POST") => call(method, path + "?wait=false", body);

/** Calls `heard` with the parts that have changed, at once and whenever something changes; reconnects by itself. */
export function listen(chat, heard, connected) {
  const source = new EventSource("/_emulator/live?chat=" + encodeURIComponent(chat));
  let known = {};
  source.addEventListener("message", (event) => {
    const versions = JSON.parse(event.data);
    const changed = Object.keys(versions).filter((part) => versions[part] !== known[part]);
    known = versions;
    connected(true);
    heard(new Set(changed));
  });
  source.addEventListener("error", () => {
    // After a restart everything may be different.
    known = {};
    connected(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => connected(false, true), 1000);
  });
  return source;
}
