// The list of people and groups, and the bar above the chat.
import { $, ask, button, element, field, input, select } from "./dom.js";
import { t } from "./words.js";
import { call, send } from "./api.js";
import { act, group, person, store } from "./store.js";
import { avatar } from "./chat.js";
import { changeProfile } from "./profile.js";
import { hourMinute } from "./time.js";

let open;

/** A name for a group, as LINE makes one for those without. */
const groupName = (one) => one.name || one.members.map((id) => person(id)?.displayName).filter(Boolean).join(", ") || t("group");

function item(id, name, url, preview, state, at) {
  const made = button("", avatar(name, url), () => open(id));
  made.setAttribute("aria-current", String(id === store.chat));
  made.dataset.chat = id;
  made.append(
    element("span", "name", name),
    element("small", "at", at ? hourMinute(at) : ""),
    element("small", "preview", (preview ?? "").replace(/^\[(\w+)\]$/, (whole, kind) => `[${t(kind)}]`)),
    element("small", "state", state),
  );
  return element("li", "", made);
}

export function drawPeople() {
  const wanted = $("filter").value.trim();
  const people = store.people.map((one) => ({ at: one.lastAt, name: one.displayName, make: () => item(one.userId, one.displayName, one.pictureUrl, one.preview, t(one.state), one.lastAt) }));
  const groups = store.groups.map((one) => ({ at: one.lastAt, name: groupName(one), make: () => item(one.groupId, `${groupName(one)} (${one.members.length + Number(one.hasAccount)})`, "", one.preview, t(one.type), one.lastAt) }));
  // The newest chats first, then whoever came last.
  const shown = [...people, ...groups].filter((one) => one.name.includes(wanted)).reverse();
  shown.sort((left, right) => (right.at ?? 0) - (left.at ?? 0));
  const focused = document.activeElement?.dataset.chat;
  $("list").replaceChildren(...shown.slice(0, 300).map((one) => one.make()));
  if (!shown.length) $("list").append(element("li", "hint", t("nobody")));
  if (focused) $("list").querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  $("newGroup").hidden = store.people.length === 0;
  drawBar();
}

/** The bar above the chat. */
function drawBar() {
  const one = person(store.chat);
  const many = group();
  $("title").textContent = one ? store.settings.botName ?? "" : many ? `${groupName(many)} (${many.members.length + Number(many.hasAccount)})` : t("talk");
  $("subtitle").textContent = one ? t("screenOf", one.displayName) : many ? t(many.type) : t("choose");
  $("friend").hidden = $("profile").hidden = !one;
  if (one) $("profile").replaceChildren(avatar(one.displayName, one.pictureUrl));
  if (one) $("friend").textContent = t({ friend: "block", blocked: "unblock", stranger: "follow" }[one.state]);
  $("groupMenu").hidden = $("memberLabel").hidden = !many;
  if (many) {
    if (!many.members.includes(store.member)) store.member = many.members[0] ?? "";
    const options = many.members.map((id) => [id, person(id)?.displayName ?? id]);
    $("member").replaceChildren(...select(options).children);
    $("member").value = store.member;
  }
}

function memberBoxes(chosen) {
  const boxes = store.people.map((one) => {
    const box = input("checkbox", { value: one.userId, checked: chosen.includes(one.userId) });
    return element("label", "check", box, one.displayName);
  });
  return element("div", "boxes", ...boxes);
}

const checked = (boxes) => [...boxes.querySelectorAll("input:checked")].map((box) => box.value);

async function newGroup() {
  const name = input("text", { maxLength: 40 });
  const kind = select([["group", t("group")], ["room", t("room")]]);
  const boxes = memberBoxes([]);
  const account = input("checkbox", { checked: true });
  const fields = [field(t("groupName"), name), field(t("kind"), kind), element("p", "", t("members")), boxes, element("label", "check", account, t("inGroup"))];
  const wanted = await ask(t("newGroup"), fields, t("ok"), t("cancel"), () => (
    { type: kind.value, name: name.value, members: checked(boxes) }));
  if (!wanted) return;
  await act(async () => {
    const made = await call("POST", "/groups", wanted);
    if (account.checked) await send(`/groups/${made.groupId}/account`, undefined, "PUT");
    open(made.groupId);
  });
}

async function changeMembers() {
  const many = group();
  const boxes = memberBoxes(many.members);
  const account = input("checkbox", { checked: many.hasAccount });
  const fields = [boxes, element("label", "check", account, t("inGroup"))];
  const members = await ask(t("members"), fields, t("ok"), t("cancel"), () => checked(boxes));
  if (!members) return;
  const path = `/groups/${many.groupId}`;
  const come = members.filter((id) => !many.members.includes(id));
  const gone = many.members.filter((id) => !members.includes(id));
  await act(async () => {
    if (account.checked && !many.hasAccount) await send(path + "/account", undefined, "PUT");
    if (come.length) await send(path + "/members", { userIds: come });
    if (gone.length) await send(path + "/members", { userIds: gone }, "DELETE");
    if (!account.checked && many.hasAccount) await send(path + "/account", undefined, "DELETE");
  });
}

export function startPeople(openChat, redraw, search) {
  open = openChat;
  $("add").addEventListener("submit", (event) => {
    event.preventDefault();
    act(async () => {
      const made = await call("POST", "/users", { displayName: $("name").value });
      $("name").value = "";
      open(made.userId);
    });
  });
  $("filter").addEventListener("input", search);
  $("newGroup").addEventListener("click", newGroup);
  $("groupMenu").addEventListener("click", changeMembers);
  $("profile").addEventListener("click", () => act(() => changeProfile(store.chat)));
  $("friend").addEventListener("click", () => act(() => send(`/users/${store.chat}/${person(store.chat).state === "friend" ? "unfollow" : "follow"}`)));
  $("member").addEventListener("change", () => {
    store.member = $("member").value;
    redraw();
  });
}

