// Sending a place.
import { ask, field, input } from "./dom.js";
import { t } from "./words.js";
import { say } from "./store.js";

export async function sendLocation() {
  const title = input("text", { value: "市役所", maxLength: 100 });
  const street = input("text", { value: "中央1-1-1", maxLength: 100 });
  const latitude = input("number", { value: 35.6812, step: "any", min: -90, max: 90, required: true });
  const longitude = input("number", { value: 139.7671, step: "any", min: -180, max: 180, required: true });
  const fields = [field(t("place"), title), field(t("street"), street), field(t("latitude"), latitude), field(t("longitude"), longitude)];
  const place = await ask(t("location"), fields, t("send"), t("cancel"), () => ({
    type: "location",
    title: title.value || undefined,
    address: street.value || undefined,
    latitude: latitude.valueAsNumber,
    longitude: longitude.valueAsNumber,
  }));
  return place && say(place);
}
