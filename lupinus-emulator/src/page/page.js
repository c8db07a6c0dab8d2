// The page: people, one chat, the logs. It asks the emulator for news every second.
import { drawFlex } from "/_page/flex.js";

const $ = (id) => document.getElementById(id);
const STATES = { stranger: "友だち以外", friend: "友だち", blocked: "ブロック中" };
const VERDICTS = { ok: "成功", could_not_connect: "接続できません", request_timeout: "時間切れ", error_status_code: "エラー応答", unclassified: "その他の失敗", no_webhook_url: "送り先なし" };
let chosen = location.hash.slice(1);
let people = [];
let shownChat = "";
let shownMenu = "";
let shownPeople = "";
let menuOpen = true;
let menuId = "";

async function call(method, path, body) {
  const answer = await fetch("/_emulator" + path, { method, body: body && JSON.stringify(body) });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.message);
  return result;
}

function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").textContent = ""; }, 4000);
}

const tell = (error) => toast(error.message);
const person = () => people.find((one) => one.userId === chosen);
const own = (path) => `/users/${chosen}${path}`;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function choose(userId) {
  chosen = userId;
  history.replaceState(null, "", userId ? "#" + userId : "#");
  shownChat = shownMenu = shownPeople = "";
  document.body.classList.toggle("chatting", Boolean(userId));
  refresh();
}

async function act(work) {
  try { await work(); } catch (error) { tell(error); }
  await refresh();
}

// --- actions -------------------------------------------------------------------------------------------------

function pick(mode, action) {
  const input = $("moment");
  input.type = mode === "datetime" ? "datetime-local" : mode;
  const plain = (value) => (value ?? "").replace("t", "T");
  input.value = plain(action.initial);
  input.min = plain(action.min);
  input.max = plain(action.max);
  $("picker").showModal();
  return new Promise((resolve) => {
    $("picker").addEventListener("close", () => resolve($("picker").returnValue === "ok" ? input.value : ""), { once: true });
  });
}

function tap(action) {
  act(async () => {
    switch (action?.type) {
      case "message":
        return call("POST", own("/messages"), { type: "text", text: action.text });
      case "postback":
        if (action.inputOption === "openKeyboard") {
          $("words").value = action.fillInText ?? "";
          $("words").focus();
        }
        if (action.text) await call("POST", own("/messages"), { type: "text", text: action.text });
        return call("POST", own("/postbacks"), { data: action.data, displayText: action.displayText });
      case "richmenuswitch":
        return call("POST", own("/postbacks"), { data: action.data, richMenuAliasId: action.richMenuAliasId });
      case "datetimepicker": {
        const value = await pick(action.mode, action);
        if (value) return call("POST", own("/postbacks"), { data: action.data, params: { [action.mode]: value } });
        return undefined;
      }
      case "uri":
        if (/^https?:/.test(action.uri)) window.open(action.uri, "_blank", "noopener");
        else toast(action.uri);
        return undefined;
      case "clipboard":
        await navigator.clipboard?.writeText(action.clipboardText);
        return toast("コピーしました");
      case "camera":
      case "cameraRoll":
        return $("file").click();
      case "location":
        return call("POST", own("/messages"), { type: "location", title: "現在地", address: "東京都千代田区", latitude: 35.6812, longitude: 139.7671 });
      default:
        return undefined;
    }
  });
}

const nameOf = (action) => action?.label || action?.displayText || action?.text || action?.uri || action?.data || "";

function tapButton(action, className) {
  const made = element("button", className, nameOf(action));
  made.type = "button";
  made.addEventListener("click", () => tap(action));
  return made;
}

// --- messages ------------------------------------------------------------------------------------------------

function picture(url, tapped) {
  const made = element("img", "photo");
  if (/^(https?:|\/)/.test(url ?? "")) made.src = url;
  made.alt = "画像";
  if (tapped) made.addEventListener("click", () => tap(tapped));
  return made;
}

function card(part) {
  const made = element("div", "template");
  if (part.thumbnailImageUrl) made.append(picture(part.thumbnailImageUrl, part.defaultAction));
  if (part.imageUrl) made.append(picture(part.imageUrl, part.action));
  if (part.title || part.text) {
    const face = element("div");
    if (part.title) face.append(element("strong", "", part.title), element("br"));
    face.append(part.text ?? "");
    made.append(face);
  }
  for (const action of part.actions ?? (part.action ? [part.action] : [])) made.append(tapButton(action, "tap"));
  return made;
}

function template(message) {
  const part = message.template;
  if (!part.columns) return card(part);
  const row = element("div", "columns");
  row.append(...part.columns.map(card));
  return row;
}

function imagemap(message) {
  const made = element("div", "menu template");
  const { width, height } = message.baseSize;
  const face = element("div", "area-box");
  face.style.padding = "0";
  face.style.aspectRatio = `${width} / ${height}`;
  if (/^https?:/.test(message.baseUrl)) face.style.backgroundImage = `url("${encodeURI(message.baseUrl)}/1040")`;
  for (const action of message.actions) {
    const real = action.type === "uri" ? { ...action, uri: action.linkUri } : action;
    face.append(area(action.area, real, width, height));
  }
  made.append(face);
  return made;
}

function substituted(message) {
  return message.text.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, key) => {
    if (!key) return whole[0];
    const entry = message.substitution?.[key];
    if (entry?.type === "emoji") return "🙂";
    const user = people.find((one) => one.userId === entry?.mentionee?.userId);
    return "@" + (user?.displayName ?? "All");
  });
}

function draw(entry) {
  const { message } = entry;
  const mine = entry.from === "user";
  const bytes = mine ? `/_emulator/contents/${entry.messageId}` : message.originalContentUrl;
  switch (message.type) {
    case "text": return element("div", "bubble", message.text);
    case "textV2": return element("div", "bubble", substituted(message));
    case "image": return picture(mine ? message.contentProvider?.originalContentUrl ?? bytes : bytes);
    case "video":
    case "audio": {
      const made = element(message.type);
      made.controls = true;
      made.src = bytes;
      made.style.maxWidth = "240px";
      return made;
    }
    case "file": {
      const made = element("a", "tile", `📄 ${message.fileName} (${message.fileSize} バイト)`);
      made.href = bytes;
      made.download = message.fileName;
      return made;
    }
    case "sticker": return element("div", "tile", `スタンプ ${message.packageId} / ${message.stickerId}`);
    case "location": return element("div", "tile", `📍 ${message.title ?? "位置情報"}\n${message.address ?? ""} (${message.latitude}, ${message.longitude})`);
    case "coupon": return element("div", "tile", `クーポン ${message.couponId}`);
    case "template": return template(message);
    case "imagemap": return imagemap(message);
    case "flex": return drawFlex(message.contents, tap);
    default: return element("div", "tile", message.type);
  }
}

function line(entry) {
  if (entry.message.type === "unsent") return element("p", "note", "送信を取り消しました");
  const made = element("div", "line " + entry.from);
  const wide = ["flex", "template", "imagemap"].includes(entry.message.type);
  const content = element("div", "content" + (wide ? " wide" : ""));
  if (entry.message.sender?.name) content.append(element("small", "", entry.message.sender.name));
  content.append(draw(entry));
  const stamp = new Date(entry.at);
  const time = element("time", "", stamp.toLocaleString("ja-JP", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }));
  time.dateTime = stamp.toISOString();
  made.append(content, time);
  if (entry.from === "user") {
    const undo = element("button", "undo", "取消");
    undo.type = "button";
    undo.title = "送信を取り消す";
    undo.addEventListener("click", () => act(() => call("POST", own("/unsend"), { messageId: entry.messageId })));
    made.append(undo);
  }
  return made;
}

function drawChat(messages, loading) {
  const chat = $("chat");
  chat.replaceChildren(...messages.map(line));
  if (loading) chat.append(element("p", "note", "…入力中"));
  const last = messages.at(-1);
  const items = last?.from === "bot" ? last.message.quickReply?.items ?? [] : [];
  $("quick").replaceChildren(...items.map((item) => tapButton(item.action)));
}

// --- rich menu -----------------------------------------------------------------------------------------------

function area(bounds, action, width, height) {
  const made = element("button");
  made.type = "button";
  made.style.left = (100 * bounds.x) / width + "%";
  made.style.top = (100 * bounds.y) / height + "%";
  made.style.width = (100 * bounds.width) / width + "%";
  made.style.height = (100 * bounds.height) / height + "%";
  made.title = nameOf(action);
  made.append(element("span", "", nameOf(action)));
  made.addEventListener("click", () => tap(action));
  return made;
}

function drawMenu(menu) {
  const toggle = $("menuToggle");
  toggle.hidden = $("menu").hidden = !menu;
  if (!menu) return;
  if (menu.richMenuId !== menuId) {
    menuId = menu.richMenuId;
    menuOpen = true;
  }
  toggle.textContent = menu.chatBarText + (menuOpen ? " ▾" : " ▴");
  toggle.setAttribute("aria-expanded", String(menuOpen));
  $("menu").hidden = !menuOpen;
  const { width, height } = menu.size;
  const face = element("div", "area-box");
  face.style.aspectRatio = `${width} / ${height}`;
  face.style.backgroundImage = `url("/_emulator/richmenus/${menu.richMenuId}/image")`;
  face.append(...menu.areas.map((one) => area(one.bounds, one.action, width, height)));
  $("menu").replaceChildren(face);
}

// --- people and logs -----------------------------------------------------------------------------------------

function drawPeople() {
  const wanted = $("filter").value.trim();
  const shown = people.filter((one) => one.displayName.includes(wanted));
  shown.sort((left, right) => (right.lastAt ?? 0) - (left.lastAt ?? 0));
  $("list").replaceChildren(...shown.map((one) => {
    const item = element("li");
    const button = element("button");
    button.type = "button";
    button.setAttribute("aria-current", String(one.userId === chosen));
    button.append(element("span", "", one.displayName), element("small", "", `${STATES[one.state]} ${one.messages}`));
    button.addEventListener("click", () => choose(one.userId));
    item.append(button);
    return item;
  }));
}

function drawLogs(requests, webhooks) {
  $("requests").replaceChildren(...requests.reverse().map((entry) => {
    const item = element("li");
    const good = entry.status && entry.status < 400;
    item.append(element("b", good ? "good" : "bad", entry.status ?? "切断"), " ", element("code", "", `${entry.method} ${entry.path}`));
    if (entry.wrong) item.append(element("div", "bad", entry.wrong));
    if (entry.fault) item.append(element("div", "", "故障: " + entry.fault));
    return item;
  }));
  $("webhooks").replaceChildren(...webhooks.reverse().map((entry) => {
    const item = element("li");
    const last = entry.attempts.at(-1);
    const kinds = JSON.parse(entry.body).events.map((event) => event.type).join(", ");
    const verdict = last ? `${VERDICTS[last.verdict]} ${last.durationMs} ms` : "送信中";
    item.append(element("b", last?.verdict === "ok" ? "good" : "bad", verdict), ` ${kinds}`);
    if (entry.attempts.length > 1) item.append(` (${entry.attempts.length} 回)`);
    return item;
  }));
}

async function refreshChat() {
  const one = person();
  $("talk").hidden = $("friend").hidden = !one;
  if (!one) {
    $("title").textContent = "利用者を選んでください";
    $("chat").replaceChildren();
    $("quick").replaceChildren();
    return drawMenu(null);
  }
  $("title").textContent = one.displayName;
  $("friend").textContent = one.state === "friend" ? "ブロックする" : one.state === "blocked" ? "ブロックを解除" : "友だちに追加";
  const asked = chosen;
  const [chat, menu] = await Promise.all([call("GET", own("/messages")), call("GET", own("/richmenu"))]);
  if (asked !== chosen) return undefined;
  const log = $("chat");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80 || shownChat === "";
  const seen = JSON.stringify([chat.messages, one.loading]);
  if (seen !== shownChat) {
    drawChat(chat.messages, one.loading);
    shownChat = seen;
  }
  const seenMenu = JSON.stringify([menu, one.state]);
  if (seenMenu !== shownMenu) {
    drawMenu(one.state === "friend" ? menu.richMenu : null);
    shownMenu = seenMenu;
  }
  if (atEnd) log.scrollTop = log.scrollHeight;
  return undefined;
}

async function refresh() {
  try {
    people = (await call("GET", "/users")).users;
    const seen = JSON.stringify([people, chosen]);
    if (seen !== shownPeople) {
      drawPeople();
      shownPeople = seen;
    }
    await refreshChat();
    const [requests, webhooks, quota, clock] = await Promise.all([
      call("GET", "/requests?limit=30"), call("GET", "/webhooks?limit=20"), call("GET", "/quota"), call("GET", "/clock"),
    ]);
    drawLogs(requests.requests, webhooks.webhooks);
    const limit = quota.type === "limited" ? ` / ${quota.value}` : "";
    const now = new Date(clock.now).toLocaleString("ja-JP");
    $("facts").textContent = `時計 ${now}${clock.frozen ? "（停止）" : ""} ・ 今月の送信 ${quota.used}${limit} ・ ${people.length} 人`;
  } catch {
    $("facts").textContent = "エミュレーターにつながりません";
  }
}

$("add").addEventListener("submit", (event) => {
  event.preventDefault();
  act(async () => {
    const made = await call("POST", "/users", { displayName: $("name").value });
    $("name").value = "";
    choose(made.userId);
  });
});
$("filter").addEventListener("input", drawPeople);
$("back").addEventListener("click", () => choose(""));
$("friend").addEventListener("click", () => act(() => call("POST", own(person().state === "friend" ? "/unfollow" : "/follow"))));
$("menuToggle").addEventListener("click", () => { menuOpen = !menuOpen; shownMenu = ""; refresh(); });
$("words").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("talk").requestSubmit();
  }
});
$("talk").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("words").value;
  if (!text.trim()) return;
  $("words").value = "";
  act(() => call("POST", own("/messages"), { type: "text", text }));
});
$("file").addEventListener("change", () => {
  const [file] = $("file").files;
  if (!file) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const kind = ["image", "video", "audio"].find((one) => file.type.startsWith(one + "/")) ?? "file";
    const content = String(reader.result).split(",")[1] ?? "";
    const contentType = file.type || "application/octet-stream";
    act(() => call("POST", own("/messages"), { type: kind, content, contentType, fileName: file.name }));
  });
  reader.readAsDataURL(file);
  $("file").value = "";
});
window.addEventListener("hashchange", () => choose(location.hash.slice(1)));

document.body.classList.toggle("chatting", Boolean(chosen));
(async function live() {
  await refresh();
  setTimeout(live, 1000);
})();
