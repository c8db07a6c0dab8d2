// Template messages: buttons, confirm, carousel and image carousel.
import { button, element, picture, tappable } from "./dom.js";
import { nameOf } from "./actions.js";

function thumbnail(url, template, action, tap) {
  const frame = element("div", "thumbnail", picture(url, "", ""));
  frame.classList.toggle("square", template.imageAspectRatio === "square");
  frame.classList.toggle("contain", template.imageSize === "contain");
  if (action) tappable(frame, nameOf(action), () => tap(action));
  return frame;
}

function actions(list, tap) {
  return element("div", "actions", ...list.map((action) => button("tap", nameOf(action), () => tap(action))));
}

/** A card with a picture, a title, a text and actions; `frame` holds what applies to its picture. */
function card(part, frame, tap) {
  const made = element("div", "template card");
  if (part.thumbnailImageUrl) {
    const image = thumbnail(part.thumbnailImageUrl, frame, part.defaultAction, tap);
    image.style.backgroundColor = part.imageBackgroundColor ?? "#FFFFFF";
    made.append(image);
  }
  const face = element("div", "face", part.title && element("strong", "", part.title), element("p", "", part.text));
  if (part.defaultAction) tappable(face, nameOf(part.defaultAction), () => tap(part.defaultAction));
  made.append(face, actions(part.actions, tap));
  return made;
}

function confirm(part, tap) {
  const made = element("div", "template confirm", element("div", "face", element("p", "", part.text)), actions(part.actions, tap));
  return made;
}

function imageColumn(column, tap) {
  const made = element("div", "template image-column", picture(column.imageUrl, "", ""));
  if (column.action?.label) made.append(element("span", "label", column.action.label));
  return tappable(made, nameOf(column.action), () => tap(column.action));
}

export function drawTemplate(template, tap) {
  switch (template.type) {
    case "confirm": return confirm(template, tap);
    case "carousel": return element("div", "columns", ...template.columns.map((column) => card(column, template, tap)));
    case "image_carousel": return element("div", "columns", ...template.columns.map((column) => imageColumn(column, tap)));
    default: return card(template, template, tap);
  }
}
