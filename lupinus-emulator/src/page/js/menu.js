// The rich menu: its areas, opening and closing, and the keyboard that takes its place.
import { $, element, tappable } from "./dom.js";
import { t } from "./words.js";
import { isGroup, person, store } from "./store.js";
import { nameOf, tap } from "./actions.js";

let shownId = "";
let open = true;
let typing = false;

/** A tappable area over a picture of `width` × `height`. */
export function area(bounds, action, width, height, run) {
  const made = element("div", "area");
  const percent = (part, whole) => (100 * part) / whole + "%";
  made.style.left = percent(bounds.x, width);
  made.style.top = percent(bounds.y, height);
  made.style.width = percent(bounds.width, width);
  made.style.height = percent(bounds.height, height);
  made.title = nameOf(action);
  return tappable(made, nameOf(action), run);
}

function draw() {
  const menu = !isGroup() && person(store.chat)?.state === "friend" ? store.menu : null;
  const composing = !menu || typing;
  $("talk").hidden = !store.chat || !composing || person(store.chat)?.state === "blocked";
  $("toMenu").hidden = !menu;
  $("menuBar").hidden = composing;
  $("menu").hidden = !menu || !open || typing;
  if (!menu) {
    shownId = "";
    return;
  }
  $("menuToggle").textContent = `${menu.chatBarText} ${open ? "▾" : "▴"}`;
  $("menuToggle").setAttribute("aria-expanded", String(open));
}

/** Shows the menu that the store holds. */
export function drawMenu() {
  const { menu } = store;
  const id = menu ? `${store.chat} ${menu.richMenuId}` : "";
  if (menu && id !== shownId) {
    // A menu that comes in place of another keeps open what is open.
    if (shownId === "" || !shownId.includes(store.chat)) {
      open = menu.selected !== false;
      typing = false;
    }
    shownId = id;
    const { width, height } = menu.size;
    const face = element("div", "face");
    face.style.aspectRatio = `${width} / ${height}`;
    const image = element("img", "");
    image.src = `/_emulator/richmenus/${encodeURIComponent(menu.richMenuId)}/image`;
    image.alt = menu.name ?? "";
    face.append(image, ...menu.areas.map((one) => area(one.bounds, one.action, width, height, () => tap(one.action))));
    $("menu").replaceChildren(face);
  }
  draw();
}

export function openMenu() {
  open = true;
  typing = false;
  draw();
}

export function closeMenu() {
  open = false;
  draw();
}

/** The input field in place of the menu. */
export function showKeyboard() {
  typing = true;
  draw();
}

export function startMenu() {
  $("menuToggle").addEventListener("click", () => (open ? closeMenu() : openMenu()));
  $("toMenu").addEventListener("click", openMenu);
  $("toKeyboard").addEventListener("click", () => {
    showKeyboard();
    $("words").focus();
  });
  $("menu").setAttribute("aria-label", t("menu"));
}
