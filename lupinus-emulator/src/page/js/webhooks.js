// The log of webhooks, with their bodies, the bot's answers and the time these took.
import { $, button, element } from "./dom.js";
import { t } from "./words.js";
import { timeTag, withSeconds } from "./time.js";
import { call } from "./api.js";
import { act } from "./store.js";

const SHOWN = 50;
const verdict = (one) => (one.verdict === "ok" ? t("ok2") : t(one.verdict));

function attempt(one) {
  const words = `${one.redelivery ? t("redelivery") + ": " : ""}${one.status ?? ""} ${verdict(one)} ${one.durationMs} ms`;
  return element("p", one.verdict === "ok" ? "fine" : "fine wrong", timeTag(one.at, withSeconds(one.at)), " ", words);
}

function draw(entry) {
  const { events } = JSON.parse(entry.body);
  const latest = entry.attempts.at(-1);
  const made = element("li", latest?.verdict === "ok" ? "good" : latest ? "bad" : "");
  made.dataset.seq = entry.seq;
  made.append(element("b", "verdict", latest ? `${latest.status ?? "–"}` : "…"));
  made.append(element("code", "", events.map((event) => event.type).join(", ") || t("noEvents")));
  if (events[0]) made.append(timeTag(events[0].timestamp, withSeconds(events[0].timestamp)));
  made.append(...entry.attempts.map(attempt));
  if (!latest) made.append(element("p", "fine", t("pending")));
  const body = element("pre", "", JSON.stringify(JSON.parse(entry.body), null, 2));
  const details = element("details", "", element("summary", "", "JSON"), body);
  for (const id of entry.eventIds) {
    const again = (how) => act(() => call("POST", "/webhook?wait=false", { [how]: id }));
    details.append(element("div", "line", button("", t("redeliver"), () => again("redeliver")), button("", t("repeat"), () => again("repeat"))));
  }
  made.append(details);
  return made;
}

export async function refreshWebhooks() {
  const { webhooks } = await call("GET", `/webhooks?limit=${SHOWN}`);
  const list = $("webhooks");
  const known = new Map([...list.children].map((node) => [node.dataset.state, node]));
  const nodes = webhooks.reverse().map((entry) => {
    const state = JSON.stringify([entry.seq, entry.attempts]);
    const node = known.get(state) ?? draw(entry);
    if (!known.has(state)) {
      node.dataset.state = state;
      // What was unfolded stays so when another try is added.
      const before = list.querySelector(`li[data-seq="${entry.seq}"] details`);
      if (before?.open) node.querySelector("details").open = true;
    }
    return node;
  });
  if (!nodes.length) nodes.push(element("li", "hint", t("noWebhooks")));
  list.replaceChildren(...nodes);
}
