// Draws one message of any kind.
import { $, button, element, picture, tappable } from "./dom.js";
import { t } from "./words.js";
import { act, isGroup, me } from "./store.js";
import { call } from "./api.js";
import { dayOf } from "./time.js";
import { tap } from "./actions.js";
import { drawText } from "./text.js";
import { drawTemplate } from "./template.js";
import { drawImagemap } from "./imagemap.js";
import { drawFlex } from "./flex.js";

/** Shows a picture alone and large. */
function enlarge(url) {
  const dialog = $("dialog");
  const close = button("plain", t("close"), () => dialog.close());
  dialog.replaceChildren(element("div", "large", picture(url, "", t("image")), close));
  dialog.setAttribute("aria-label", t("image"));
  dialog.showModal();
}

function drawImage(small, large) {
  const frame = element("div", "photo", picture(small, "", t("image")));
  return tappable(frame, t("image"), () => enlarge(large));
}

function drawVideo(message, url) {
  const video = element("video", "video");
  video.controls = true;
  video.preload = "metadata";
  video.playsInline = true;
  video.poster = message.previewImageUrl ?? "";
  video.src = url;
  video.setAttribute("aria-label", t("video"));
  if (message.trackingId && !isGroup()) {
    video.addEventListener("ended", () => act(() => call("POST", "/webhook?wait=false", {
      events: [{ type: "videoPlayComplete", source: { type: "user", userId: me() }, videoPlayComplete: { trackingId: message.trackingId } }],
    })));
  }
  return video;
}

function drawAudio(message, url) {
  const audio = element("audio", "");
  audio.controls = true;
  audio.preload = "metadata";
  audio.src = url;
  audio.setAttribute("aria-label", t("audio"));
  const seconds = Math.round((message.duration ?? 0) / 1000);
  const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return element("div", "audio", audio, element("span", "", length));
}

function drawFile(message, url) {
  const link = element("a", "file", element("span", "icon", (message.fileName.split(".").pop() ?? "").slice(0, 4)),
    element("span", "name", message.fileName), element("small", "", t("bytes", message.fileSize.toLocaleString())));
  link.href = url;
  link.download = message.fileName;
  return link;
}

function drawSticker(message) {
  const tile = element("div", "sticker", `${t("sticker")}\n${message.packageId}\n${message.stickerId}`);
  tile.setAttribute("role", "img");
  tile.setAttribute("aria-label", `${t("sticker")} ${message.packageId} / ${message.stickerId}`);
  tile.style.setProperty("--hue", (Number(message.stickerId) * 47) % 360);
  return tile;
}

function drawLocation(message) {
  const { latitude, longitude } = message;
  const link = element("a", "location", element("span", "map"), element("strong", "", message.title ?? t("location")),
    element("span", "", message.address), element("small", "", `${latitude}, ${longitude}`));
  link.href = `https://www.google.com/maps?q=${latitude},${longitude}`;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.title = t("openMap");
  return link;
}

function drawCoupon(message) {
  const tile = element("div", "coupon", element("small", "", t("coupon")));
  act(async () => {
    const { coupon, status } = await call("GET", "/coupons/" + encodeURIComponent(message.couponId));
    if (coupon.imageUrl) tile.append(picture(coupon.imageUrl, "", ""));
    const end = status === "RUNNING" ? t("until", dayOf(coupon.endTimestamp * 1000)) : t("closed");
    tile.append(element("strong", "", coupon.title), element("span", "", coupon.description), element("small", "", coupon.usageCondition), element("small", "end", end));
  });
  return tile;
}

/** The content of one entry of a chat. */
export function drawMessage(entry) {
  const { message } = entry;
  const own = entry.from === "user";
  const stored = `/_emulator/contents/${encodeURIComponent(entry.messageId)}`;
  const provider = message.contentProvider;
  const url = own ? provider?.originalContentUrl ?? stored : message.originalContentUrl;
  switch (message.type) {
    case "text":
    case "textV2": return drawText(message);
    case "image": return drawImage(own ? provider?.previewImageUrl ?? url : message.previewImageUrl, url);
    case "video": return drawVideo(message, url);
    case "audio": return drawAudio(message, url);
    case "file": return drawFile(message, stored);
    case "sticker": return drawSticker(message);
    case "location": return drawLocation(message);
    case "coupon": return drawCoupon(message);
    case "template": return drawTemplate(message.template, tap);
    case "imagemap": return drawImagemap(message, tap);
    case "flex": return drawFlex(message.contents, tap);
    default: return element("div", "bubble", t("unknown", message.type));
  }
}

/** Messages that are wider than a bubble. */
export const isWide = (type) => ["flex", "template", "imagemap"].includes(type);

/** A message in one line, for quotes. */
export function inShort(message) {
  return message.text ?? message.altText ?? message.fileName ?? message.title ?? `[${t(message.type)}]`;
}
