// The components of a Flex message that hold no others.
import { address, button, element, picture } from "./dom.js";
import { IMAGES, LETTERS, length, letterSize } from "./flex_scale.js";

const ALIGN = { start: "flex-start", center: "center", end: "flex-end" };

/** A ratio `width:height` for CSS. */
const ratio = (text) => (text ?? "1:1").replace(":", " / ");

function letters(style, part) {
  if (part.color) style.color = part.color;
  if (part.weight) style.fontWeight = part.weight === "bold" ? "700" : "400";
  if (part.style) style.fontStyle = part.style;
  if (part.decoration) style.textDecoration = part.decoration;
}

/** Makes letters smaller until they fit on their line, once they are on the page. */
function shrink(node) {
  const fit = () => {
    if (!node.isConnected || node.clientWidth === 0) return;
    let size = parseFloat(getComputedStyle(node).fontSize);
    while (node.scrollWidth > node.clientWidth && size > 8) {
      size -= 0.5;
      node.style.fontSize = `${size}px`;
    }
    observer.disconnect();
  };
  const observer = new ResizeObserver(fit);
  observer.observe(node);
}

export function drawText(part) {
  const words = element("p", part.wrap ? "wrap" : "");
  const node = element("div", "fx-text", words);
  const { style } = words;
  style.fontSize = letterSize(part);
  letters(style, part);
  if (part.align) style.textAlign = part.align;
  if (part.wrap && part.maxLines) {
    words.classList.add("clamped");
    style.webkitLineClamp = String(part.maxLines);
  }
  if (part.lineSpacing) {
    // Between lines only, hence the margins.
    style.lineHeight = `calc(1.4em + ${part.lineSpacing})`;
    node.style.setProperty("--half", `calc(${part.lineSpacing} / -2)`);
    words.classList.add("spaced");
  }
  if (part.contents?.length) words.append(...part.contents.map((span) => drawSpan(span, part)));
  else words.textContent = part.text ?? "";
  if (part.adjustMode === "shrink-to-fit" && !part.wrap) shrink(words);
  return node;
}

function drawSpan(span, text) {
  const made = element("span", "", span.text);
  if (span.size) made.style.fontSize = letterSize({ scaling: text.scaling }, span.size);
  letters(made.style, span);
  return made;
}

export function drawImage(part) {
  const image = picture(part.url, part.aspectMode === "cover" ? "cover" : "", "");
  const frame = element("div", "frame", image);
  const size = part.size ?? "md";
  frame.style.width = size === "full" ? "100%" : length(size, IMAGES);
  frame.style.aspectRatio = ratio(part.aspectRatio);
  if (part.backgroundColor) frame.style.backgroundColor = part.backgroundColor;
  const node = element("div", `fx-image ${size === "full" ? "full" : ""}`, frame);
  node.style.alignItems = ALIGN[part.align ?? "center"];
  return node;
}

export function drawIcon(part) {
  const image = picture(part.url, "", "");
  const node = element("div", "fx-icon", image);
  const size = part.scaling ? letterSize(part) : length(part.size ?? "md", LETTERS);
  image.style.height = size;
  const [width, height] = (part.aspectRatio ?? "1:1").split(":").map(Number);
  image.style.width = `calc(${size} * ${width / height})`;
  return node;
}

export function drawButton(part, tap) {
  const look = part.style ?? "link";
  const words = element("span", "", part.action?.label);
  const made = button(`fx-tap ${look} ${part.height === "sm" ? "sm" : ""}`, words, (event) => {
    event.stopPropagation();
    tap(part.action);
  });
  if (part.scaling) made.style.fontSize = letterSize(part, "md");
  if (part.color) made.style[look === "link" ? "color" : "backgroundColor"] = part.color;
  if (part.adjustMode === "shrink-to-fit") shrink(words);
  return element("div", "fx-button", made);
}

export function drawSeparator(part) {
  const node = element("div", "fx-separator");
  if (part.color) node.style.backgroundColor = part.color;
  return node;
}

/** The film of a hero block; its link shows when it has been played. */
export function drawVideo(part, tap) {
  const video = element("video", "");
  video.controls = true;
  video.preload = "none";
  video.playsInline = true;
  video.poster = address(part.previewUrl);
  video.src = address(part.url);
  video.style.aspectRatio = ratio(part.aspectRatio);
  const node = element("div", "fx-video", video);
  if (part.action) {
    const more = button("link", part.action.label ?? part.action.uri, () => tap(part.action));
    more.hidden = true;
    video.addEventListener("ended", () => { more.hidden = false; });
    node.append(more);
  }
  return node;
}
