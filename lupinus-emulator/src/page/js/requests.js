// The log of requests to the API.
import { $, element } from "./dom.js";
import { t } from "./words.js";
import { timeTag, withSeconds } from "./time.js";
import { call } from "./api.js";

const SHOWN = 200;
let last = 0;

function draw(entry) {
  const good = entry.status !== null && entry.status < 400;
  const made = element("li", good ? "good" : "bad");
  made.append(
    element("b", "verdict", String(entry.status ?? t("cut"))),
    element("code", "", `${entry.method} ${entry.path}`),
    timeTag(entry.at, withSeconds(entry.at)),
  );
  if (entry.wrong) made.append(element("p", "wrong", entry.wrong));
  if (entry.body) {
    const details = element("details", "", element("summary", "", t("sentBody")));
    details.append(element("pre", "", entry.body));
    made.append(details);
  }
  if (entry.fault) made.append(element("p", "", t("fault", entry.fault)));
  if (entry.retryKey) made.append(element("p", "fine", t("retryKey", entry.retryKey)));
  made.append(element("p", "fine", t("requestId", entry.requestId)));
  return made;
}

/** Fetches and shows what is new. */
export async function refreshRequests() {
  let { requests } = await call("GET", `/requests?since=${last}&limit=${SHOWN}`);
  const list = $("requests");
  if (last !== 0 && !requests.length) {
    // Nothing new, and yet it is another log: it was emptied.
    last = 0;
    ({ requests } = await call("GET", `/requests?limit=${SHOWN}`));
  }
  if (last === 0) list.replaceChildren();
  for (const entry of requests) {
    list.prepend(draw(entry));
    last = Math.max(last, entry.seq);
  }
  list.querySelector(".hint")?.remove();
  while (list.children.length > SHOWN) list.lastElementChild.remove();
  if (!list.children.length) list.append(element("li", "hint", t("noRequests")));
}

/** After a restart or a reset the log may be another one. */
export function forgetRequests() {
  last = 0;
}
