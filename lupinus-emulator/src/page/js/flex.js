// Flex messages: carousels, bubbles, boxes, and where the components of a box go.
// How it is laid out: https://developers.line.biz/en/docs/messaging-api/flex-message-layout/
import { element, tappable } from "./dom.js";
import { BORDERS, BUBBLES, FOOTER, SPACES, length } from "./flex_scale.js";
import { drawButton, drawIcon, drawImage, drawSeparator, drawText, drawVideo } from "./flex_parts.js";

const SIDES = { paddingTop: "paddingTop", paddingBottom: "paddingBottom", paddingStart: "paddingInlineStart", paddingEnd: "paddingInlineEnd" };
const OFFSETS = { offsetTop: "top", offsetBottom: "bottom", offsetStart: "insetInlineStart", offsetEnd: "insetInlineEnd" };
const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };

function background(style, { angle, startColor, endColor, centerColor, centerPosition = "50%" }) {
  const middle = centerColor ? `${centerColor} ${centerPosition}, ` : "";
  style.backgroundImage = `linear-gradient(${angle}, ${startColor}, ${middle}${endColor})`;
}

function drawBox(part, tap) {
  const node = element("div", `fx-box ${part.layout}`);
  const { style } = node;
  if (part.justifyContent) style.justifyContent = part.justifyContent;
  if (part.alignItems) style.alignItems = part.alignItems;
  for (const key of ["width", "maxWidth", "height", "maxHeight"]) if (part[key]) style[key] = part[key];
  if (part.backgroundColor) style.backgroundColor = part.backgroundColor;
  if (part.background) background(style, part.background);
  if (part.borderWidth) style.borderWidth = length(part.borderWidth, BORDERS);
  if (part.borderColor) style.borderColor = part.borderColor;
  if (part.cornerRadius) style.borderRadius = length(part.cornerRadius, SPACES);
  if (part.paddingAll) style.padding = length(part.paddingAll, SPACES);
  for (const [key, side] of Object.entries(SIDES)) if (part[key]) style[side] = length(part[key], SPACES);
  const before = { any: false };
  for (const child of part.contents ?? []) node.append(drawComponent(child, tap, { box: part, before }));
  return node;
}

/** The space before a component: its own margin, or the spacing of its box unless it is the first one. */
function spaceBefore(part, { box, before }) {
  if (part.position === "absolute" || part.type === "filler") return undefined;
  const first = !before.any;
  before.any = true;
  if (part.margin !== undefined) return length(part.margin, SPACES);
  return first || box.spacing === undefined ? undefined : length(box.spacing, SPACES);
}

/** Gives a component its share of the box and its place in it. */
function place(node, part, parent) {
  const { style } = node;
  const row = parent.box.layout !== "vertical";
  const sized = part.type === "box" && row && part.width !== undefined;
  const share = part.type === "icon" ? 0 : part.flex ?? (part.type === "filler" ? 1 : row && !sized ? 1 : 0);
  style.flex = share > 0 ? `${share} 0 ${row ? "0px" : "auto"}` : "0 0 auto";
  // What takes its own width is no wider than the box.
  if (row && share === 0 && part.type === "text") style.flexShrink = "1";
  const space = spaceBefore(part, parent);
  if (space !== undefined) style[row ? "marginInlineStart" : "marginTop"] = space;
  if (part.gravity && parent.box.layout !== "baseline") style.justifyContent = GRAVITY[part.gravity];
  const moved = Object.entries(OFFSETS).filter(([key]) => part[key] !== undefined);
  if (part.position === "absolute") node.classList.add("absolute");
  else if (moved.length) style.position = "relative";
  for (const [key, side] of moved) style[side] = length(part[key], SPACES);
}

function draw(part, tap) {
  switch (part.type) {
    case "box": return drawBox(part, tap);
    case "text": return drawText(part);
    case "image": return drawImage(part);
    case "button": return drawButton(part, tap);
    case "icon": return drawIcon(part);
    case "separator": return drawSeparator(part);
    case "video": return drawVideo(part, tap);
    default: return element("div", "fx-filler");
  }
}

function drawComponent(part, tap, parent) {
  const node = draw(part, tap);
  place(node, part, parent);
  if (part.type === "separator") node.style.alignSelf = "stretch";
  if (part.action && part.type !== "button" && part.type !== "video") tappable(node, part.action.label ?? part.text, () => tap(part.action));
  return node;
}

const BLOCKS = ["header", "hero", "body", "footer"];

function padding(block, part, size) {
  if (block === "hero") return "";
  if (block === "footer") return FOOTER;
  if (block === "header") return size.header;
  return part.footer ? size.bodyAboveFooter : size.body;
}

function drawBlock(block, part, tap, size, isFirst) {
  const made = element("div", `fx-block ${block}`);
  const looks = part.styles?.[block];
  if (looks?.backgroundColor) made.style.backgroundColor = looks.backgroundColor;
  if (looks?.separator && !isFirst) {
    made.style.borderTop = `1px solid ${looks.separatorColor ?? "#d4d6da"}`;
  }
  const content = drawComponent(part[block], tap, { box: { layout: "vertical" }, before: { any: false } });
  if (part[block].type === "box") {
    const own = ["padding", ...Object.values(SIDES)].map((side) => [side, content.style[side]]);
    content.style.padding = padding(block, part, size);
    for (const [side, value] of own) if (value) content.style[side] = value;
  }
  made.append(content);
  return made;
}

function drawBubble(part, tap) {
  const size = BUBBLES[part.size ?? "mega"];
  const node = element("div", "fx-bubble");
  node.style.width = `${size.width}px`;
  node.style.borderRadius = `${size.corner}px`;
  node.dir = part.direction ?? "ltr";
  const blocks = BLOCKS.filter((block) => part[block]);
  node.append(...blocks.map((block, index) => drawBlock(block, part, tap, size, index === 0)));
  if (part.action) tappable(node, part.action.label, () => tap(part.action));
  return node;
}

export function drawFlex(contents, tap) {
  if (contents.type !== "carousel") return drawBubble(contents, tap);
  return element("div", "columns", ...contents.contents.map((bubble) => drawBubble(bubble, tap)));
}
