// Chromium as the machine has it, and what must hold of whatever it shows.
import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

export const DESKTOP = { width: 1280, height: 860 };
export const PHONE = { width: 390, height: 844 };

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

function installed() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const places = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const runs = (file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return process.env.CHROME ?? places.find(runs);
}

/** A browser; `context` makes a window in Japanese, at Japanese time. */
export async function launch() {
  const args = ["--no-sandbox", "--font-render-hinting=none", "--force-color-profile=srgb"];
  const browser = await chromium.launch({ executablePath: installed(), args });
  const context = (settings = {}) => browser.newContext({ locale: "ja-JP", timezoneId: "Asia/Tokyo", viewport: DESKTOP, ...settings });
  return { context, version: browser.version(), close: () => browser.close() };
}

/** Keeps what the page's console complains of: a breach of its own policy is said there and nowhere else. */
export function complaints(page) {
  const heard = [];
  page.on("pageerror", (error) => heard.push(`an error in a script: ${error.message}`));
  page.on("console", (message) => {
    // That an answer was no 200 is what many pages are about.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) heard.push(message.text());
  });
  return heard;
}

/** The success criteria that some rule of axe has looked at. */
export const examined = new Set();
export const axe = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("axe-core/package.json"))).version;

/** What axe finds wrong with the page as it stands; with `only`, by these rules alone. */
export async function violations(page, only) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate(async (rules) => {
    const asked = rules ? { runOnly: { type: "rule", values: rules } } : { rules: { "target-size": { enabled: true } } };
    const { violations, passes } = await window.axe.run(document, { ...asked, resultTypes: ["violations"], selectors: false });
    const faults = violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, any }) => [html, any[0]?.message]) }));
    return { faults, tags: passes.flatMap((rule) => rule.tags) };
  }, only);
  for (const tag of found.tags) if (/^wcag\d{3,}$/.test(tag)) examined.add(tag.replace(/wcag(\d)(\d)(\d+)/, "$1.$2.$3"));
  return found.faults.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(([html, why]) => `    ${html.slice(0, 200)}${why ? `\n      ${why}` : ""}`);
    return `${id}: ${help} (${nodes.length})\n${places.join("\n")}`;
  });
}

/** What says something by its colour alone, and by no word or sign (R42). */
export function wordless(page) {
  return page.evaluate(() => {
    // What is coloured as a whole, and the word within it that says why.
    const SAID = {
      ".row-late, .row-emergency": ".chip-warn, .chip-danger",
      ".field-wrong": ".wrong",
      "td.day-closed": ".day-closure",
      ".day-today": ".chip",
      ".day-list li": ".hint",
      ".tile-alert": ".tile-label",
      "mark:not(.mark-masked)": ".mark-note",
    };
    const says = (node) => node && /[\p{L}\p{N}█]/u.test(node.textContent);
    const faults = Object.entries(SAID).flatMap(([coloured, word]) => [...document.querySelectorAll(coloured)].filter((node) => !says(node.querySelector(word))));
    // Whatever a rule gives the colour of a state to has words of its own.
    const STATE = /--(danger|warn|good|closed|demo|test|mark-)/;
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule.selectorText && STATE.test(rule.style.cssText) && !/^:root|::/.test(rule.selectorText));
    for (const { selectorText } of rules) faults.push(...[...document.querySelectorAll(selectorText)].filter((node) => !says(node) && !node.matches(".top")));
    return [...new Set(faults)].map((node) => `its colour alone says it: ${node.outerHTML.slice(0, 200)}`);
  });
}

/** What would stand on paper though it is there to be pressed, or would be printed as on a dark screen. */
export async function unprintable(page) {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const faults = await page.evaluate(() => {
    const pressed = [...document.querySelectorAll("nav, button, summary, .button, dialog")].filter((node) => node.checkVisibility());
    const ink = getComputedStyle(document.body).color.match(/\d+/g).map(Number);
    return [...pressed.map((node) => `it is printed: ${node.outerHTML.slice(0, 200)}`), ...(Math.max(...ink) > 90 ? ["the ink of the night is printed"] : [])];
  });
  await page.emulateMedia({ media: null, colorScheme: "light" });
  return faults;
}

/** What sticks out of the page sideways, so that a phone would have to be pushed about (WCAG 1.4.10). */
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("main *, header *, footer *")].filter((node) => node.getBoundingClientRect().right > width + 1);
    return [`wider than the screen: ${wide.at(-1)?.outerHTML.slice(0, 200)}`];
  });
}

/** What the page is made of, without its words: one more row of a list, or another name in it, makes no other page. */
export function outline() {
  const parts = [...document.querySelectorAll("body *")].map((node) => {
    const named = node.getAttributeNames().filter((name) => !["href", "value", "id", "for"].includes(name));
    const empty = node.childNodes.length === 0;
    return `${node.tagName}.${node.className?.baseVal ?? node.className}[${named}]${empty ? "-" : ""}`;
  });
  return [...new Set(parts)].sort().join();
}

/** Opens everything that can be opened. */
export function unfold(page) {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}

/** With LUPINUS_SCREENSHOTS=FOLDER pictures are left there. */
export async function shot(page, name) {
  const folder = process.env.LUPINUS_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replaceAll(/[^\p{L}\p{N}-]+/gu, "-").slice(0, 80)}.png`), fullPage: true });
}
