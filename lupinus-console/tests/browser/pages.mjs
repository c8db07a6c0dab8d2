// Looks at every page of a list: {"cookies": […], "pages": [[name, address], …]} on standard input. Ends with 1 when something is wrong.
import { text } from "node:stream/consumers";

import { DESKTOP, PHONE, axe, complaints, examined, launch, outline, overflow, shot, unfold, unprintable, violations, wordless } from "./browser.mjs";

const { cookies, pages } = JSON.parse(await text(process.stdin));
const browser = await launch();
const faults = new Map();
const shown = new Set();

/** Looks at one page on a desk's screen and on a phone's. */
async function look(desk, phone, name, address) {
  const found = (state, problems) => {
    // Most faults are those of a part that many pages share: each is told once, with the first pages that have it.
    for (const problem of problems) faults.set(problem, [...(faults.get(problem) ?? []), `${name} (${state})`]);
  };
  await desk.goto(address);
  const form = await desk.evaluate(outline);
  if (shown.has(form)) return;
  shown.add(form);
  await shot(desk, `${name}-desktop`);
  await unfold(desk);
  found("desktop", [...(await violations(desk)), ...(await overflow(desk)), ...(await wordless(desk))]);
  await desk.emulateMedia({ colorScheme: "dark" });
  await shot(desk, `${name}-dark`);
  found("dark", await violations(desk, ["color-contrast"]));
  found("print", await unprintable(desk));
  await phone.goto(address);
  await shot(phone, `${name}-phone`);
  await unfold(phone);
  found("phone", [...(await violations(phone)), ...(await overflow(phone))]);
  found("its console", desk.heard.splice(0));
}

async function window(viewport) {
  const context = await browser.context({ viewport });
  await context.addCookies(cookies);
  const page = await context.newPage();
  page.heard = complaints(page);
  return page;
}

// Two at a time: most of it is waiting for one another.
const waiting = [...pages];
const looks = Array.from({ length: 2 }, async () => {
  const [desk, phone] = [await window(DESKTOP), await window(PHONE)];
  for (let next = waiting.shift(); next; next = waiting.shift()) await look(desk, phone, ...next);
});
await Promise.all(looks);
await browser.close();
for (const [problem, places] of faults) console.log(`${problem}\n  on ${places.slice(0, 4).join("; ")}${places.length > 4 ? ` and ${places.length - 4} more` : ""}`);
const inOrder = (a, b) => a.localeCompare(b, "en", { numeric: true });
console.log(`${pages.length} pages of ${shown.size} kinds, ${faults.size} faults`);
const date = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date());
console.log(JSON.stringify({ date, axe, chromium: browser.version.split(".")[0], states: shown.size, criteria: [...examined].sort(inOrder) }));
process.exitCode = faults.size ? 1 : 0;
