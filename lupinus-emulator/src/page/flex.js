// Draws Flex messages. `tap` is called with the action of what is tapped.
const TEXT = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const SPACE = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const BUBBLE = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const IMAGE = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BORDER = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const EDGE = { start: "flex-start", center: "center", end: "flex-end", top: "flex-start", bottom: "flex-end" };

const length = (value, scale) => (value === undefined ? "" : value in scale ? scale[value] + "px" : value);
const safe = (url) => (/^(https?:|data:image\/|\/)/.test(url ?? "") ? url : "");

function element(tag, className) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}

function tappable(node, action, tap) {
  if (!action || node.tagName === "BUTTON") return;
  node.classList.add("tappable");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  const run = (event) => { event.stopPropagation(); tap(action); };
  node.addEventListener("click", run);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") run(event); });
}

function place(node, part, direction, first, spacing) {
  const style = node.style;
  const flex = part.flex ?? (direction === "row" ? 1 : 0);
  if (part.type !== "icon") {
    if (flex > 0) { style.flex = `${flex} 1 0`; } else { style.flex = "0 0 auto"; }
  }
  style.minWidth = "0";
  if (direction === "column") style.flexBasis = "auto";
  const gap = part.margin !== undefined ? length(part.margin, SPACE) : first ? "" : spacing;
  if (gap) style[direction === "row" ? "marginLeft" : "marginTop"] = gap;
  if (part.position === "absolute") style.position = "absolute";
  else if (["offsetTop", "offsetBottom", "offsetStart", "offsetEnd"].some((key) => key in part)) style.position = "relative";
  for (const [key, side] of [["offsetTop", "top"], ["offsetBottom", "bottom"], ["offsetStart", "left"], ["offsetEnd", "right"]]) {
    if (part[key]) style[side] = length(part[key], SPACE);
  }
  if (part.gravity && direction === "row") style.alignSelf = EDGE[part.gravity];
}

function letters(style, part) {
  style.fontSize = length(part.size ?? "md", TEXT);
  if (part.color) style.color = part.color;
  if (part.weight === "bold") style.fontWeight = "700";
  if (part.style === "italic") style.fontStyle = "italic";
  if (part.decoration) style.textDecoration = part.decoration;
}

function box(part, tap) {
  const node = element("div");
  const style = node.style;
  const direction = part.layout === "vertical" ? "column" : "row";
  style.display = "flex";
  style.flexDirection = direction;
  style.position = "relative";
  if (part.layout === "baseline") style.alignItems = "baseline";
  else if (part.alignItems) style.alignItems = part.alignItems;
  if (part.justifyContent) style.justifyContent = part.justifyContent;
  for (const key of ["width", "maxWidth", "height", "maxHeight"]) if (part[key]) style[key] = part[key];
  if (part.backgroundColor) style.background = part.backgroundColor;
  if (part.background) {
    const { angle, startColor, endColor, centerColor, centerPosition = "50%" } = part.background;
    const middle = centerColor ? `${centerColor} ${centerPosition}, ` : "";
    style.background = `linear-gradient(${angle}, ${startColor}, ${middle}${endColor})`;
  }
  if (part.borderWidth) style.border = `${length(part.borderWidth, BORDER)} solid ${part.borderColor ?? "#000000"}`;
  if (part.cornerRadius) { style.borderRadius = length(part.cornerRadius, SPACE); style.overflow = "hidden"; }
  style.padding = length(part.paddingAll, SPACE);
  for (const [key, side] of [["paddingTop", "Top"], ["paddingBottom", "Bottom"], ["paddingStart", "Left"], ["paddingEnd", "Right"]]) {
    if (part[key]) style["padding" + side] = length(part[key], SPACE);
  }
  const spacing = length(part.spacing, SPACE);
  (part.contents ?? []).forEach((child, index) => node.append(component(child, tap, direction, index === 0, spacing)));
  return node;
}

function image(part) {
  const frame = element("div");
  const picture = element("img");
  const [width, height] = (part.aspectRatio ?? "1:1").split(":");
  const size = part.size ?? "md";
  frame.style.display = "flex";
  frame.style.justifyContent = EDGE[part.align ?? "center"];
  picture.src = safe(part.url);
  picture.alt = "";
  picture.style.width = size === "full" ? "100%" : length(size, IMAGE);
  picture.style.maxWidth = "100%";
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.objectFit = part.aspectMode === "cover" ? "cover" : "contain";
  if (part.backgroundColor) picture.style.background = part.backgroundColor;
  frame.append(picture);
  return frame;
}

function words(part) {
  const node = element("div");
  const style = node.style;
  letters(style, part);
  if (part.align) style.textAlign = part.align;
  style.overflowWrap = "anywhere";
  if (part.wrap) {
    style.whiteSpace = "pre-wrap";
  } else {
    style.whiteSpace = "nowrap";
    style.overflow = "hidden";
    style.textOverflow = "ellipsis";
  }
  if (part.wrap && part.maxLines) {
    style.display = "-webkit-box";
    style.webkitBoxOrient = "vertical";
    style.webkitLineClamp = String(part.maxLines);
    style.overflow = "hidden";
  }
  if (part.lineSpacing) style.lineHeight = `calc(1.3em + ${part.lineSpacing})`;
  if (part.contents?.length) {
    for (const span of part.contents) {
      const piece = element("span");
      piece.textContent = span.text ?? "";
      letters(piece.style, { size: part.size, ...span });
      node.append(piece);
    }
  } else {
    node.textContent = part.text ?? "";
  }
  return node;
}

function button(part, tap) {
  const node = element("button", "flex-button");
  node.type = "button";
  node.textContent = part.action?.label ?? "";
  node.style.padding = part.height === "sm" ? "8px" : "14px";
  if (part.style === "primary") { node.style.background = part.color ?? "#17c950"; node.style.color = "#fff"; }
  else if (part.style === "secondary") { node.style.background = part.color ?? "#dcdfe5"; node.style.color = "#111"; }
  else if (part.color) node.style.color = part.color;
  node.addEventListener("click", (event) => { event.stopPropagation(); tap(part.action); });
  return node;
}

function icon(part) {
  const node = element("img");
  node.src = safe(part.url);
  node.alt = "";
  node.style.height = length(part.size ?? "md", TEXT);
  node.style.flex = "0 0 auto";
  return node;
}

function component(part, tap, direction, first, spacing) {
  let node;
  switch (part.type) {
    case "box": node = box(part, tap); break;
    case "text": node = words(part); break;
    case "image": node = image(part); break;
    case "button": node = button(part, tap); break;
    case "icon": node = icon(part); break;
    case "video": node = component(part.altContent, tap, direction, first, spacing); break;
    case "separator":
      node = element("div");
      node.style.background = part.color ?? "#d4d6da";
      node.style[direction === "row" ? "width" : "height"] = "1px";
      node.style.flex = "none";
      if (part.margin !== undefined || !first) {
        node.style[direction === "row" ? "marginLeft" : "marginTop"] = part.margin !== undefined ? length(part.margin, SPACE) : spacing;
      }
      return node;
    default: node = element("div");
  }
  place(node, part, direction, first, spacing);
  if (part.type === "filler") node.style.flex = `${part.flex ?? 1} 1 0`;
  tappable(node, part.action, tap);
  return node;
}

function bubble(part, tap) {
  const node = element("div", "flex-bubble");
  node.style.width = BUBBLE[part.size ?? "mega"] + "px";
  node.style.direction = part.direction ?? "ltr";
  const padding = { header: "20px", body: "20px", footer: "10px", hero: "0" };
  for (const block of ["header", "hero", "body", "footer"]) {
    if (!part[block]) continue;
    const content = block === "hero" || part[block].paddingAll !== undefined ? part[block] : { paddingAll: padding[block], ...part[block] };
    const drawn = component(content, tap, "column", true, "");
    const style = part.styles?.[block];
    const wrapper = element("div");
    if (style?.backgroundColor) wrapper.style.background = style.backgroundColor;
    if (style?.separator) wrapper.style.borderTop = `1px solid ${style.separatorColor ?? "#d4d6da"}`;
    wrapper.append(drawn);
    node.append(wrapper);
  }
  tappable(node, part.action, tap);
  return node;
}

export function drawFlex(contents, tap) {
  if (contents.type !== "carousel") return bubble(contents, tap);
  const row = element("div", "columns");
  row.append(...contents.contents.map((part) => bubble(part, tap)));
  return row;
}
