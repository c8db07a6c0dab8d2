// Times as a phone in Japan shows them.
import { language } from "./words.js";

const zone = "Asia/Tokyo";
const locale = language === "ja" ? "ja-JP" : "en-GB";
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
const clock = format({ hour: "2-digit", minute: "2-digit", hour12: false });
const exact = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = format({ year: "numeric", month: "numeric", day: "numeric", weekday: "short" });
const full = format({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export const hourMinute = (at) => clock.format(at);
export const withSeconds = (at) => exact.format(at);
export const dayOf = (at) => day.format(at);
export const dateAndTime = (at) => full.format(at);

/** The value of an `<input type="datetime-local">` in Japan, and back. */
export const toLocal = (at) => new Date(at + 9 * 3600_000).toISOString().slice(0, 16);
export const fromLocal = (text) => Date.parse(text + ":00+09:00");

export function timeTag(at, text) {
  const made = document.createElement("time");
  made.dateTime = new Date(at).toISOString();
  made.textContent = text;
  return made;
}
