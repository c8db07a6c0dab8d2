// Imagemap messages: one picture with tappable areas, and perhaps a video.
import { address, button, element, picture } from "./dom.js";
import { area } from "./menu.js";

/** The widths in which a bot serves the picture. */
const WIDTHS = [240, 300, 460, 700, 1040];
/** How wide it is drawn, in CSS pixels. */
const DRAWN = 300;

function place(node, bounds, width, height) {
  node.style.left = (100 * bounds.x) / width + "%";
  node.style.top = (100 * bounds.y) / height + "%";
  node.style.width = (100 * bounds.width) / width + "%";
  node.style.height = (100 * bounds.height) / height + "%";
}

function drawVideo(part, width, height, tap) {
  const frame = element("div", "imagemap-video");
  place(frame, part.area, width, height);
  const video = element("video", "");
  video.controls = true;
  video.preload = "none";
  video.playsInline = true;
  video.poster = address(part.previewImageUrl);
  video.src = address(part.originalContentUrl);
  frame.append(video);
  const link = part.externalLink;
  if (link) {
    const more = button("link", link.label, () => tap({ type: "uri", uri: link.linkUri }));
    more.hidden = true;
    video.addEventListener("ended", () => { more.hidden = false; });
    frame.append(more);
  }
  return frame;
}

export function drawImagemap(message, tap) {
  const { width, height } = message.baseSize;
  const wanted = DRAWN * (window.devicePixelRatio || 1);
  const served = WIDTHS.find((one) => one >= wanted) ?? WIDTHS.at(-1);
  const made = element("div", "imagemap", picture(`${message.baseUrl}/${served}`, "", message.altText));
  made.style.aspectRatio = `${width} / ${height}`;
  if (message.video) made.append(drawVideo(message.video, width, height, tap));
  for (const action of message.actions) made.append(area(action.area, action, width, height, () => tap(action)));
  return made;
}
