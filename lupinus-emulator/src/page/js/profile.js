// What a person shows of themselves: name, picture, words, language.
import { ask, button, element, field, input, select } from "./dom.js";
import { t } from "./words.js";
import { call } from "./api.js";
import { act } from "./store.js";
import { avatar } from "./chat.js";

/** The longest side of a picture, in pixels. */
const SIDE = 320;
const LANGUAGES = ["ja", "en", "zh-Hans", "zh-Hant", "ko", "th", "id", "vi", "pt-BR", ""];

/** The middle of a picture as a square JPEG, in Base64. */
async function square(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  await image.decode();
  const from = Math.min(image.naturalWidth, image.naturalHeight);
  const canvas = element("canvas", "");
  canvas.width = canvas.height = Math.min(from, SIDE);
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  const [left, top] = [(image.naturalWidth - from) / 2, (image.naturalHeight - from) / 2];
  brush.drawImage(image, left, top, from, from, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
}

/** Lets the profile of a person be changed. */
export async function changeProfile(userId) {
  const path = "/users/" + userId;
  const now = await call("GET", path);
  const name = input("text", { value: now.displayName, required: true, maxLength: 40, id: "profileName", autofocus: true });
  const words = input("text", { value: now.statusMessage ?? "", maxLength: 500, id: "profileWords" });
  const address = input("url", { value: now.pictureUrl ?? "", id: "profilePicture", placeholder: "https://" });
  const file = input("file", { accept: "image/*", id: "profileFile", className: "hidden" });
  const known = LANGUAGES.includes(now.language ?? "") ? LANGUAGES : [now.language, ...LANGUAGES];
  const language = select(known.map((one) => [one, one || t("noLanguage")]), now.language ?? "");
  language.id = "profileLanguage";
  const face = element("div", "portrait", avatar(now.displayName, now.pictureUrl));
  const show = (url) => face.replaceChildren(avatar(name.value, url));
  address.addEventListener("input", () => show(address.value));
  file.addEventListener("change", () => { if (file.files[0]) show(URL.createObjectURL(file.files[0])); });
  const without = button("", t("noPicture"), () => {
    address.value = file.value = "";
    show("");
  });
  const fields = [
    element("div", "line", face, element("label", "button", t("pictureFile"), file), without), field(t("displayName"), name), field(t("statusMessage"), words),
    field(t("pictureUrl"), address), field(t("language"), language),
  ];
  const wanted = await ask(t("profile"), fields, t("save"), t("cancel"), () => (
    { displayName: name.value, statusMessage: words.value || null, pictureUrl: address.value || null, language: language.value || null }));
  if (!wanted) return;
  await act(async () => {
    await call("PUT", path, wanted);
    if (file.files[0]) await call("PUT", path + "/picture", { content: await square(file.files[0]) });
  });
}
