// Quota, clock, faults and the account: what can be arranged.
import { $, button, element, field, input, select } from "./dom.js";
import { t } from "./words.js";
import { call } from "./api.js";
import { dateAndTime, fromLocal, toLocal } from "./time.js";
import { act, now, store } from "./store.js";

const change = (path, body, method = "POST") => act(() => call(method, path, body));

function form(title, fields, submit, run) {
  const made = element("form", "panel", element("h3", "", title), ...fields);
  if (submit) made.append(element("button", "main", submit));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  return made;
}

function quotaForm(quota) {
  const kind = select([["none", t("none")], ["limited", t("limited")]], quota.type);
  const value = input("number", { min: 0, value: quota.value ?? 200 });
  const used = input("number", { min: 0, defaultValue: quota.used });
  return form(t("quota"), [field(t("kind"), kind), field(t("limit"), value), field(t("used"), used)], t("set"), () => {
    const limit = kind.value === "limited" ? { value: value.valueAsNumber } : {};
    // What was sent meanwhile still counts, unless the count itself was changed.
    const count = used.value === used.defaultValue ? {} : { used: used.valueAsNumber };
    change("/quota", { type: kind.value, ...count, ...limit });
  });
}

function clockForm() {
  const moment = input("datetime-local", { value: toLocal(now()), required: true });
  const frozen = input("checkbox", { checked: store.clock.frozen });
  frozen.addEventListener("change", () => change("/clock", { frozen: frozen.checked }));
  const advance = (key, ms) => button("", t(key), () => change("/clock", { advanceMs: ms }));
  const steps = element("div", "line", advance("minute", 60_000), advance("hour", 3_600_000), advance("aDay", 86_400_000), advance("month", 30 * 86_400_000),
    button("", t("real"), () => change("/clock", { frozen: false, now: Date.now() })));
  return form(t("clock"), [element("output", "now"), steps, element("label", "check", frozen, t("frozen")), field(t("clock"), moment)], t("set"),
    () => change("/clock", { now: fromLocal(moment.value) }));
}

function describe(fault) {
  const parts = [`${fault.method ?? t("every")} ${fault.path ?? "*"}`, `× ${fault.times}`];
  if (fault.skip) parts.push(`${t("skip")} ${fault.skip}`);
  if (fault.respond) parts.push(`→ ${fault.respond.status}`);
  if (fault.delayMs) parts.push(`${t("delay")} ${fault.delayMs}`);
  if (fault.drop) parts.push(t(fault.drop));
  return parts.join(" ・ ");
}

const PATHS = ["/v2/bot/message/reply", "/v2/bot/message/push", "/v2/bot/message/multicast", "/v2/bot/message/broadcast", "/v2/bot/profile/{userId}", "/v2/bot/info", "/v2/bot/*"];

function faultForm(faults) {
  const method = select([["", t("every")], ...["GET", "POST", "PUT", "DELETE"].map((one) => [one, one])], "POST");
  const path = input("text", { value: "/v2/bot/message/push", required: true });
  path.setAttribute("list", "paths");
  const paths = Object.assign(element("datalist"), { id: "paths" });
  paths.append(...PATHS.map((value) => Object.assign(document.createElement("option"), { value })));
  const times = input("number", { min: 1, value: 1, required: true });
  const skip = input("number", { min: 0, value: 0, required: true });
  const what = select([["respond", t("respond")], ["delay", t("delay")], ["before", t("before")], ["after", t("after")]]);
  const value = input("number", { min: 0, value: 500 });
  what.addEventListener("change", () => {
    value.disabled = !["respond", "delay"].includes(what.value);
    value.value = what.value === "delay" ? 3000 : 500;
  });
  const list = element("ul", "faults", ...faults.map((fault) => element("li", "", describe(fault))));
  if (!faults.length) list.append(element("li", "hint", t("noFaults")));
  const clear = button("", t("clear"), () => change("/faults", undefined, "DELETE"));
  clear.disabled = !faults.length;
  const fields = [list, clear, paths, field(t("method"), method), field(t("path"), path), field(t("times"), times), field(t("skip"), skip), field(t("what"), what), field(t("value"), value)];
  return form(t("faults"), fields, t("add"), () => {
    const effect = { respond: { respond: { status: value.valueAsNumber } }, delay: { delayMs: value.valueAsNumber } }[what.value] ?? { drop: what.value };
    change("/faults", { method: method.value || undefined, path: path.value, times: times.valueAsNumber, skip: skip.valueAsNumber, ...effect });
  });
}

function accountForm(settings, url) {
  const name = input("text", { value: settings.botName, maxLength: 40, required: true });
  const webhook = input("url", { value: url ?? "", placeholder: "http://127.0.0.1:8080/webhook" });
  const chat = select([["bot", t("off")], ["chat", t("on")]], settings.chatMode);
  const redelivery = input("checkbox", { checked: settings.redelivery });
  const rates = input("checkbox", { checked: settings.rateLimits });
  const fields = [field(t("botName"), name), field(t("delivery"), webhook), field(t("chatMode"), chat), element("label", "check", redelivery, t("redeliveryOn")), element("label", "check", rates, t("ratesOn"))];
  return form(t("account"), fields, t("set"), () => act(async () => {
    await call("PUT", "/webhook-url", { url: webhook.value || null });
    await call("POST", "/settings", { botName: name.value, chatMode: chat.value, redelivery: redelivery.checked, rateLimits: rates.checked });
  }));
}

function lettersForm() {
  const sizes = [["0.85", t("small")], ["1", t("normal")], ["1.2", t("large")], ["1.4", t("huge")]];
  const current = document.documentElement.style.getPropertyValue("--letters") || "1";
  const size = select(sizes, current);
  size.addEventListener("change", () => document.documentElement.style.setProperty("--letters", size.value));
  return form(t("letters"), [field(t("letters"), size)], "", () => {});
}

/** The line of facts above everything. */
export function drawFacts() {
  const { quota } = store;
  if (!quota) return;
  const sent = quota.type === "limited" ? `${quota.used} / ${quota.value}` : quota.used;
  const time = dateAndTime(now()) + (store.clock.frozen ? t("isFrozen") : "");
  $("facts").textContent = t("facts", time, sent, store.total);
  const shown = document.querySelector("output.now");
  if (shown) shown.textContent = time;
}

export async function refreshQuota() {
  store.quota = await call("GET", "/quota");
  drawFacts();
}

let drawn = "";

export async function refreshPlatform() {
  const [settings, clock, url, faults, quota] = await Promise.all(
    ["/settings", "/clock", "/webhook-url", "/faults", "/quota"].map((path) => call("GET", path)));
  store.settings = settings;
  store.quota = quota;
  store.clock = { ...clock, at: Date.now() };
  const state = JSON.stringify([settings, clock.frozen, url, faults, quota.type, quota.value]);
  const panel = $("platform");
  // What somebody is filling in stays, unless it was changed from elsewhere.
  if (state !== drawn || !panel.contains(document.activeElement)) {
    drawn = state;
    panel.replaceChildren(clockForm(), quotaForm(quota), faultForm(faults.faults), accountForm(settings, url.url), lettersForm());
  }
  drawFacts();
}
