// What the page knows, and who is being played.
import { send } from "./api.js";
import { toast } from "./dom.js";

export const store = {
  /** The people of the list, and those of the chats in it. */
  people: [],
  total: 0,
  groups: [],
  entries: [],
  menu: null,
  settings: {},
  clock: { now: Date.now(), frozen: false, at: Date.now() },
  /** The chat on the phone: a user id, or a group id. */
  chat: "",
  /** Who of the group is played. */
  member: "",
};

export const person = (id) => store.people.find((one) => one.userId === id);
export const group = () => store.groups.find((one) => one.groupId === store.chat);
export const isGroup = () => /^[CR]/.test(store.chat);
/** The person who is played. */
export const me = () => (isGroup() ? store.member : store.chat);
export const chatPath = () => (isGroup() ? "/groups/" : "/users/") + store.chat;

/** What time it is on the emulator's clock. */
export const now = () => store.clock.now + (store.clock.frozen ? 0 : Date.now() - store.clock.at);

/** Where an address leads from this phone: an app of LIFF is opened here, in this chat. */
export function leadsTo(uri) {
  const app = uri.match(/^https:\/\/liff\.line\.me(\/[^#]+)/)?.[1] ?? uri.match(/^https?:\/\/[^/]+\/liff(\/[^#]+)/)?.[1];
  if (!app || (!uri.startsWith("https://liff.line.me/") && !uri.startsWith(location.origin + "/"))) return uri;
  const url = new URL("/liff" + app, location.origin);
  url.searchParams.set("emulator.user", me());
  url.searchParams.set("emulator.chat", store.chat);
  return url.href;
}

/** Does something and says what went wrong. */
export async function act(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}

const asMember = (body) => (isGroup() ? { ...body, userId: me() } : body);
export const say = (message) => act(() => send(chatPath() + "/messages", asMember(message)));
export const postback = (tap) => act(() => send(chatPath() + "/postbacks", asMember(tap)));
export const edit = (messageId, text, mention) => act(() => send(chatPath() + "/edit", asMember({ messageId, text, mention })));
export const beacon = (found) => act(() => send(chatPath() + "/beacons", found));
export const unsend = (messageId) => act(() => send(chatPath() + "/unsend", asMember({ messageId })));
