// The chat as LINE shows it.
import { $, button, element, picture } from "./dom.js";
import { t } from "./words.js";
import { dayOf, hourMinute, timeTag } from "./time.js";
import { group, isGroup, me, now, person, store, unsend } from "./store.js";
import { drawMessage, inShort, isWide } from "./message.js";
import { nameOf, staysOpen, tap } from "./actions.js";
import { quote, rewrite } from "./compose.js";

/** What is drawn already, by message id: it is not drawn anew unless it changed, so that a film goes on playing. */
let drawn = new Map();
/** Messages whose quick replies were used. */
const used = new Set();

/** A round picture or the first letter of a name. */
export function avatar(name, url) {
  const made = element("span", "avatar");
  made.setAttribute("aria-hidden", "true");
  if (url) made.append(picture(url, "", ""));
  else made.textContent = [...(name || "?")][0];
  made.style.setProperty("--hue", [...(name ?? "")].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 360);
  return made;
}

const isOwn = (entry) => entry.from === "user" && (!isGroup() || entry.userId === me());

function author(entry) {
  if (isOwn(entry)) return { name: t("you") };
  if (entry.from === "user") return { name: person(entry.userId)?.displayName ?? "…", icon: person(entry.userId)?.pictureUrl, shown: true };
  const { sender } = entry.message;
  const account = store.settings.botName;
  // LINE says whose account it is when the name is another one.
  if (sender?.name) return { name: `${sender.name} from ${account}`, letter: sender.name, icon: sender.iconUrl, shown: true };
  return { name: account, icon: sender?.iconUrl, shown: isGroup() };
}

/** The message that is quoted, above a bubble. */
function drawQuote(entry) {
  const quoted = store.entries.find((one) => one.messageId === entry.quotedMessageId);
  const gone = !quoted || quoted.message.type === "unsent";
  const made = button("quoted", "", () => {
    document.querySelector(`[data-message="${CSS.escape(entry.quotedMessageId)}"]`)?.scrollIntoView({ block: "center" });
  });
  if (!gone) made.append(element("strong", "", author(quoted).name));
  made.append(element("span", "", gone ? t("noMessage") : inShort(quoted.message)));
  return made;
}

function tools(entry) {
  const made = element("span", "tools");
  const name = author(entry).name;
  made.append(button("plain", t("reply"), () => quote(entry.messageId, `${t("replyTo", name)}: ${inShort(entry.message)}`)));
  if (isOwn(entry) && group()?.type === "group" && entry.message.type === "text") made.append(button("plain", t("edit"), () => rewrite(entry)));
  if (isOwn(entry)) made.append(button("plain", t("unsend"), () => unsend(entry.messageId)));
  return made;
}

function row(entry, place) {
  const { message } = entry;
  if (message.type === "unsent") return element("p", "note", t("unsent", isOwn(entry) ? t("you") : author(entry).name));
  const own = isOwn(entry);
  const made = element("div", `row ${own ? "own" : "other"} ${place.first ? "first" : ""} ${isWide(message.type) ? "wide" : ""}`);
  made.dataset.message = entry.messageId;
  const who = author(entry);
  if (!own) made.append(place.first ? avatar(who.letter ?? who.name, who.icon) : element("span", "avatar none"));
  const content = element("div", "content");
  if (!own && who.shown && place.first) content.append(element("small", "name", who.name));
  const body = drawMessage(entry);
  if (entry.quotedMessageId) body.prepend(drawQuote(entry));
  content.append(body);
  const meta = element("div", "meta", place.read ? element("span", "", t("read")) : "", message.edited ? element("span", "edited", t("edited")) : "", timeTag(entry.at, hourMinute(entry.at)), tools(entry));
  made.append(content, meta);
  return made;
}

/** A message that cannot be drawn takes no other one with it. */
function shown(entry, where) {
  try {
    return row(entry, where);
  } catch (error) {
    console.error(error);
    return element("p", "note", t("undrawable", entry.message.type));
  }
}

const readers = () => (isGroup() ? group()?.readUpTo : person(store.chat)?.readUpTo) ?? 0;

/** Where a message stands among its neighbours. */
function place(entries, index) {
  const [before, entry] = [entries[index - 1], entries[index]];
  const same = before && before.from === entry.from && before.userId === entry.userId
    && before.message.type !== "unsent" && hourMinute(before.at) === hourMinute(entry.at)
    && JSON.stringify(before.message.sender) === JSON.stringify(entry.message.sender);
  return { first: !same, read: isOwn(entry) && index + store.skipped < readers() };
}

/** Shows the messages that the store holds. */
export function drawChat() {
  const chat = $("chat");
  const empty = drawn.size === 0;
  const next = new Map();
  const nodes = [];
  let lastDay = "";
  store.entries.forEach((entry, index) => {
    const day = dayOf(entry.at);
    if (day !== lastDay) nodes.push(keep(next, "day " + day, "", () => element("p", "note day", timeTag(entry.at, day))));
    lastDay = day;
    const where = place(store.entries, index);
    const quoted = entry.quotedMessageId && store.entries.find((one) => one.messageId === entry.quotedMessageId)?.message.type;
    const state = JSON.stringify([entry, where, author(entry), quoted]);
    nodes.push(keep(next, entry.messageId, state, () => shown(entry, where)));
  });
  const loading = person(store.chat)?.loadingUntil;
  clearTimeout(drawChat.timer);
  if (loading && loading > now()) {
    nodes.push(keep(next, "loading", "", drawLoading));
    drawChat.timer = setTimeout(drawChat, Math.min(loading - now(), 60_000) + 50);
  }
  const grown = store.entries.at(-1)?.messageId !== drawChat.last;
  drawChat.last = store.entries.at(-1)?.messageId;
  drawn = next;
  arrange(chat, nodes);
  drawQuick();
  if (atEnd || empty || (grown && store.entries.at(-1)?.from === "user")) toEnd();
}

function keep(next, key, state, make) {
  const old = drawn.get(key);
  const one = old?.state === state ? old : { state, node: make() };
  next.set(key, one);
  return one.node;
}

/** Puts nodes into this order and moves only those that stand elsewhere. */
function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) {
    if (wanted.has(child)) continue;
    sizes.unobserve(child);
    child.remove();
  }
  nodes.forEach((node, index) => {
    sizes.observe(node);
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

/** Whether the newest message is in sight, so that the next one shall be, too. */
let atEnd = true;
/** Where the chat stood when that was last looked at. */
let before = 0;

function toEnd() {
  const chat = $("chat");
  chat.scrollTop = chat.scrollHeight;
  // The event of it comes later, when somebody may have scrolled up again.
  before = chat.scrollTop;
  atEnd = true;
}

/** Keeps the newest message in sight when the chat gets less room, or pictures that load later make it longer. */
const sizes = new ResizeObserver(() => { if (atEnd) toEnd(); });

export function startChat() {
  const chat = $("chat");
  chat.addEventListener("scroll", () => {
    // Only who scrolls up leaves the end: that something grew below is no reason.
    const near = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 24;
    atEnd = near || (atEnd && chat.scrollTop >= before);
    before = chat.scrollTop;
  });
  sizes.observe(chat);
}

function drawLoading() {
  const dots = element("div", "bubble typing", element("i"), element("i"), element("i"));
  dots.setAttribute("role", "status");
  dots.setAttribute("aria-label", t("typing"));
  return element("div", "row other first", avatar(store.settings.botName), element("div", "content", dots));
}

/** The quick replies of the last message. */
function drawQuick() {
  const last = store.entries.at(-1);
  const items = last?.from === "bot" && !used.has(last.messageId) ? last.message.quickReply?.items ?? [] : [];
  const state = items.length ? last.messageId : "";
  if (drawQuick.state === state) return;
  drawQuick.state = state;
  $("quick").replaceChildren(...items.map(({ action, imageUrl }) => {
    const made = button("reply", "", () => {
      if (!staysOpen(action)) {
        used.add(last.messageId);
        drawQuick();
      }
      tap(action);
    });
    if (imageUrl) made.append(picture(imageUrl, "", ""));
    made.append(nameOf(action));
    return made;
  }));
}

/** Forgets what was drawn, when another chat is opened. */
export function clearChat() {
  drawn = new Map();
  $("chat").replaceChildren();
}
