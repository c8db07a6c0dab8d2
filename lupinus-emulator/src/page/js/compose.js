// Writing, and sending pictures, files, voice and stickers.
import { $, ask, button, element, field, input, select, toast } from "./dom.js";
import { t } from "./words.js";
import { beacon, edit, group, isGroup, person, say, store } from "./store.js";
import { sendLocation } from "./places.js";
import { showKeyboard } from "./menu.js";

/** Stickers that bots may send as well; https://developers.line.biz/en/docs/messaging-api/sticker-list/ */
const STICKERS = [["446", 1988, 12], ["789", 10855, 8], ["11537", 52002734, 8]];

let quoted = null;

export function quote(messageId, words) {
  quoted = messageId ? { messageId, words } : null;
  const shown = $("quoting");
  shown.hidden = !quoted;
  shown.replaceChildren();
  if (!quoted) return;
  const close = button("plain", "✕", () => quote(null));
  close.setAttribute("aria-label", t("cancel"));
  shown.append(element("span", "", words), close);
  showKeyboard();
  $("words").focus();
}

/** Opens the keyboard with these words in it. */
export function typeInto(words) {
  showKeyboard();
  const field = $("words");
  field.value = words;
  grow();
  field.focus();
}

function grow() {
  const field = $("words");
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 2, 110) + "px";
}

/** Finds `@name` of members and of the account in a text written in a group. */
function mentions(text) {
  if (!isGroup()) return undefined;
  const names = group().members.map((id) => ({ type: "user", userId: id, name: person(id)?.displayName }));
  names.push({ type: "user", userId: store.bot.userId, name: store.settings.botName, isSelf: true }, { type: "all", name: "All" });
  const found = [];
  for (const { name, ...who } of names) {
    for (let index = text.indexOf("@" + name); name && index >= 0; index = text.indexOf("@" + name, index + 1)) {
      found.push({ index, length: name.length + 1, ...who });
    }
  }
  found.sort((left, right) => left.index - right.index);
  return found.length ? { mentionees: found.slice(0, 20) } : undefined;
}

/** Lets the person put other words into a message. */
export async function rewrite({ messageId, message }) {
  const words = element("textarea", "");
  Object.assign(words, { value: message.text, required: true, rows: 3 });
  const text = await ask(t("edit"), [field(t("write"), words)], t("ok"), t("cancel"), () => words.value);
  return text?.trim() && edit(messageId, text, mentions(text));
}

async function comeNearBeacon() {
  const hwid = input("text", { value: "0123456789", pattern: "[0-9a-f]{10}", required: true });
  const type = select([["enter", "enter"], ["banner", "banner"], ["stay", "stay"]]);
  const dm = input("text", { pattern: "[0-9a-f]*" });
  const fields = [field(t("hwid"), hwid), field(t("beaconType"), type), field(t("deviceMessage"), dm)];
  const found = await ask(t("beacon"), fields, t("ok"), t("cancel"), () => ({ hwid: hwid.value, type: type.value, dm: dm.value || undefined }));
  return found && beacon(found);
}

async function sendText() {
  const field = $("words");
  const text = field.value;
  if (!text.trim()) return;
  field.value = "";
  grow();
  const message = { type: "text", text, mention: mentions(text), quotedMessageId: quoted?.messageId };
  quote(null);
  await say(message);
}

// --- files -----------------------------------------------------------------------------------------------------

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

/** How long a recording lasts, in milliseconds; undefined when the browser cannot tell. */
function durationOf(file, kind) {
  return new Promise((resolve) => {
    const media = document.createElement(kind);
    const done = () => {
      URL.revokeObjectURL(media.src);
      resolve(Number.isFinite(media.duration) ? Math.round(media.duration * 1000) : undefined);
    };
    media.addEventListener("loadedmetadata", done);
    media.addEventListener("error", done);
    media.src = URL.createObjectURL(file);
  });
}

async function sendFiles(files) {
  const kindOf = (file) => ["image", "video", "audio"].find((kind) => file.type.startsWith(kind + "/")) ?? "file";
  const images = files.filter((file) => kindOf(file) === "image");
  const set = images.length > 1 ? crypto.getRandomValues(new Uint32Array(1))[0].toString(16).toUpperCase() : null;
  for (const file of files) {
    const kind = kindOf(file);
    const message = { type: kind, content: await base64(file), contentType: file.type || "application/octet-stream", fileName: file.name };
    if (kind === "video" || kind === "audio") message.duration = await durationOf(file, kind);
    if (kind === "image" && set) message.imageSet = { id: set, index: images.indexOf(file) + 1, total: images.length };
    await say(message);
  }
}

/** Lets the person choose files and sends them. */
export function chooseFiles({ accept = "", capture, multiple = false }) {
  document.querySelector("input.chooser")?.remove();
  const chooser = input("file", { accept, multiple, className: "chooser hidden" });
  chooser.tabIndex = -1;
  chooser.setAttribute("aria-label", t("file"));
  if (capture) chooser.setAttribute("capture", capture);
  chooser.addEventListener("change", () => {
    sendFiles([...chooser.files]).catch((error) => toast(error.message));
    chooser.remove();
  });
  document.body.append(chooser);
  chooser.click();
}

/** The voice panel: a recording is chosen and sent. */
export function openVoice() {
  showKeyboard();
  openTray();
  $("tray").querySelector(".voice")?.focus();
}

// --- the tray --------------------------------------------------------------------------------------------------

async function chooseSticker() {
  const packageId = input("text", { value: STICKERS[0][0], pattern: "[0-9]+", required: true });
  const stickerId = input("text", { value: String(STICKERS[0][1]), pattern: "[0-9]+", required: true });
  const tiles = element("div", "stickers");
  for (const [pack, first, count] of STICKERS) {
    for (let id = first; id < first + count; id += 1) {
      const tile = button("sticker small", `${pack}\n${id}`, () => {
        packageId.value = pack;
        stickerId.value = String(id);
        tile.form.requestSubmit(tile.form.querySelector(".main"));
      });
      tile.setAttribute("aria-label", `${t("sticker")} ${pack} / ${id}`);
      tile.style.setProperty("--hue", (id * 47) % 360);
      tiles.append(tile);
    }
  }
  const fields = element("div", "line", field(t("packageId"), packageId), field(t("stickerId"), stickerId));
  const chosen = await ask(t("sticker"), [tiles, fields], t("send"), t("cancel"), () => ({ packageId: packageId.value, stickerId: stickerId.value }));
  return chosen && say({ type: "sticker", ...chosen });
}

function openTray() {
  const tray = $("tray");
  const thing = (className, label, run) => button(className, t(label), () => { closeTray(); run(); });
  tray.replaceChildren(
    thing("photo", "photo", () => chooseFiles({ accept: "image/*,video/*", multiple: true })),
    thing("camera", "camera", () => chooseFiles({ accept: "image/*,video/*", capture: "environment" })),
    thing("file", "file", () => chooseFiles({ multiple: true })),
    thing("voice", "voice", () => chooseFiles({ accept: "audio/*" })),
    thing("stickers-open", "sticker", chooseSticker),
    thing("place", "location", sendLocation),
    isGroup() ? "" : thing("beacon", "beacon", comeNearBeacon),
  );
  tray.hidden = false;
  $("plus").setAttribute("aria-expanded", "true");
}

function closeTray() {
  $("tray").hidden = true;
  $("plus").setAttribute("aria-expanded", "false");
}

export function startComposing() {
  $("plus").addEventListener("click", () => ($("tray").hidden ? openTray() : closeTray()));
  $("words").addEventListener("input", grow);
  $("words").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("talk").requestSubmit();
    }
  });
  $("talk").addEventListener("submit", (event) => {
    event.preventDefault();
    sendText();
  });
}
