// The page: puts its parts together and keeps them up to date.
import { $ } from "./dom.js";
import { label, switchLanguage, t } from "./words.js";
import { call, listen } from "./api.js";
import { act, chatPath, isGroup, store } from "./store.js";
import { drawPeople, startPeople } from "./people.js";
import { clearChat, drawChat, startChat } from "./chat.js";
import { drawMenu, startMenu } from "./menu.js";
import { quote, startComposing } from "./compose.js";
import { forgetRequests, refreshRequests } from "./requests.js";
import { refreshWebhooks } from "./webhooks.js";
import { drawFacts, refreshPlatform, refreshQuota } from "./platform.js";

/** How many messages of a chat are shown. */
const SHOWN = 300;
/** How many people are listed. */
const LISTED = 300;
let source;

function view(name) {
  document.body.dataset.view = name;
}

async function refreshPeople() {
  const { groups } = await call("GET", "/groups");
  // Whoever is on the phone, or names a group, is needed whatever the list shows.
  const needed = groups.slice(0, LISTED).flatMap((one) => (one.groupId === store.chat ? one.members : one.name ? [] : one.members.slice(0, 3)));
  const asked = new URLSearchParams({ limit: LISTED, name: $("filter").value.trim(), with: [store.chat, ...needed].join() });
  const { users, total } = await call("GET", "/users?" + asked);
  store.people = users;
  store.total = total;
  store.groups = groups;
  drawPeople();
}

/** The chat on the phone, unless there is none, or it is gone since a reset. */
const openOne = () => [...store.people, ...store.groups].find((one) => (one.userId ?? one.groupId) === store.chat);

async function refreshChat() {
  const { chat } = store;
  const { messages } = openOne() ? await call("GET", `${chatPath()}/messages?limit=${SHOWN}`) : { messages: [] };
  if (chat !== store.chat) return;
  const all = openOne()?.messages ?? 0;
  store.skipped = Math.max(0, all - messages.length);
  store.entries = messages;
}

async function refreshMenu() {
  const { chat } = store;
  const { richMenu } = openOne() && !isGroup() ? await call("GET", chatPath() + "/richmenu") : { richMenu: null };
  if (chat === store.chat) store.menu = richMenu;
}

/** Fetches the parts that have changed, one round after the other. */
let round = Promise.resolve();
function heard(changed) {
  const when = (parts, work) => () => (parts.some((part) => changed.has(part)) ? act(work) : undefined);
  const steps = [
    when(["platform"], refreshPlatform),
    when(["people"], refreshPeople),
    when(["chat"], refreshChat),
    when(["menu"], refreshMenu),
    when(["platform"], drawPeople),
    when(["chat", "people", "platform"], drawChat),
    when(["menu", "people"], drawMenu),
    when(["requests"], refreshRequests),
    when(changed.has("platform") ? [] : ["requests"], refreshQuota),
    when(["webhooks"], refreshWebhooks),
    () => { document.body.dataset.ready = "true"; },
  ];
  // What goes wrong in one of them leaves the others be.
  for (const step of steps) round = round.then(step);
}

function connected(is, closed) {
  $("offline").hidden = is;
  if (!is) forgetRequests();
  if (closed) connect();
}

function connect() {
  source?.close();
  source = listen(store.chat, heard, connected);
}

function openChat(id) {
  if (id !== store.chat) {
    store.chat = id;
    store.entries = [];
    store.menu = null;
    store.skipped = 0;
    quote(null);
    clearChat();
    history.replaceState(null, "", id ? "#" + id : location.pathname);
    drawPeople();
    drawMenu();
    connect();
  }
  view(id ? "phone" : "people");
}

function startTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const show = (tab) => {
    for (const one of tabs) {
      const chosen = one === tab;
      one.setAttribute("aria-selected", String(chosen));
      one.tabIndex = chosen ? 0 : -1;
      $(one.getAttribute("aria-controls")).hidden = !chosen;
    }
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      next.focus();
      show(next);
    });
  });
  show(tabs[0]);
}

async function start() {
  label(document);
  $("language").textContent = t("title") === "LINE emulator" ? "日本語" : "English";
  $("language").addEventListener("click", switchLanguage);
  startTabs();
  startMenu();
  startChat();
  startComposing();
  startPeople(openChat, () => { clearChat(); drawChat(); }, () => heard(new Set(["people"])));
  $("back").addEventListener("click", () => view("people"));
  $("toDesk").addEventListener("click", () => view("desk"));
  $("fromDesk").addEventListener("click", () => view(store.chat ? "phone" : "people"));
  window.addEventListener("hashchange", () => openChat(location.hash.slice(1)));
  setInterval(drawFacts, 1000);
  await act(async () => {
    store.bot = await call("GET", "/bot");
    store.settings = await call("GET", "/settings");
    await refreshPeople();
  });
  openChat(location.hash.slice(1));
  if (!source) connect();
}

start();
