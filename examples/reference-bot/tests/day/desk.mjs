// One of the staff at a desk: a window of the browser, their hands, the authenticator on their phone.
import { createHmac } from "node:crypto";

import { DESKTOP, PHONE, complaints, outline, overflow, shot, violations } from "../../../../lupinus-console/tests/browser/browser.mjs";
import { Finger, Keyboard, Mouse } from "./hands.mjs";

const WAYS = {
  desktop: { hands: Mouse, window: { viewport: DESKTOP } },
  phone: { hands: Finger, window: { viewport: PHONE, hasTouch: true, isMobile: true } },
  keyboard: { hands: Keyboard, window: { viewport: DESKTOP } },
};

/** What an authenticator shows, half minutes from now (RFC 6238). */
function code(key, later = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac("sha1", secret).update(count).digest();
  const word = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}

/** Pages that were looked at, by what they are made of; and how many pictures were taken. */
const looked = { at: new Set(), shots: 0 };

export class Desk {
  /** Signs in, sets the second factor up that the role demands, signs out and comes back with a code. */
  static async opened({ browser, base, password, how }, login) {
    const { hands, window } = WAYS[how];
    const context = await browser.context({ ...window, acceptDownloads: true });
    const desk = new Desk();
    desk.page = await context.newPage();
    desk.hands = new hands(desk.page);
    desk.heard = complaints(desk.page);
    desk.base = `${base}/console`;
    desk.how = how;
    const name = async () => {
      await desk.write("ログイン名", login);
      await desk.write("パスワード", password);
      await desk.press("ログイン");
    };
    await desk.goes("/sign-in");
    await name();
    await desk.shows("二段階認証の設定");
    const key = (await desk.page.locator(".steps .mono").textContent()).replaceAll(" ", "");
    await desk.write("アプリに出た6桁のコード", code(key));
    await desk.write("現在のパスワード", password);
    await desk.press("設定する");
    await desk.shows("回復コード");
    await desk.press("ログアウト");
    await name();
    await desk.write("認証アプリの6桁のコード", code(key, 1));
    await desk.press("ログイン");
    await desk.shows("やること");
    return desk;
  }

  /** What must hold of a page that somebody came to. */
  async looks() {
    await this.hands.arrives();
    const form = await this.page.evaluate(outline);
    if (looked.at.has(form)) return;
    looked.at.add(form);
    looked.shots += 1;
    await shot(this.page, `${this.how}-${String(looked.shots).padStart(2, "0")}-${await this.page.title()}`);
    const ordered = await this.page.evaluate(() => document.querySelectorAll("[tabindex]:not([tabindex='0'], [tabindex='-1'])").length);
    const faults = [...(await violations(this.page)), ...(await overflow(this.page)), ...this.heard];
    if (ordered) faults.push("an order of its own for Tab");
    if (faults.length) throw new Error(`${this.page.url()}\n${faults.join("\n")}`);
  }

  /** Does something that leads to another page. */
  async turns(act) {
    await this.page.evaluate(() => {
      window.before = true;
    });
    await act();
    await this.page.waitForFunction(() => !window.before && document.readyState === "complete");
    await this.looks();
  }

  goes(path) {
    return this.turns(() => this.page.goto(`${this.base}${path}`));
  }

  /** What bears exactly this name and can be pressed. */
  named(name, within = this.page.locator("body")) {
    return within.locator("a:visible, button:visible, summary:visible").filter({ hasText: new RegExp(`^\\s*${name.replaceAll(/[()]/g, "\\$&")}\\s*$`) }).first();
  }

  press(name, within) {
    return this.turns(() => this.hands.press(this.named(name, within)));
  }

  /** Opens the line of a list that says this. */
  async picks(words) {
    const line = this.page.locator("a.row-main:visible", { hasText: words }).first();
    await line.waitFor();
    if (this.hands.letters) {
      for (let step = 0; step < 50 && !(await line.evaluate((node) => node === document.activeElement)); step += 1) await this.hands.letters("j");
    }
    await this.turns(() => this.hands.press(line));
  }

  field(label, within = this.page.locator("main")) {
    return within.getByLabel(label).and(this.page.locator(":is(input, select, textarea):visible")).first();
  }

  write(label, text, within) {
    return this.hands.write(this.field(label, within), text);
  }

  choose(label, option, within) {
    return this.hands.choose(this.field(label, within), option);
  }

  tick(label, within) {
    return this.hands.tick(this.field(label, within));
  }

  /** A command of a page: unfolds its form, fills it in, and sends it. */
  async does(name, fill = async () => {}) {
    const form = this.page.locator("details").filter({ has: this.page.locator("summary", { hasText: new RegExp(`^${name}$`) }) });
    await this.hands.letters?.("a");
    if (!(await form.evaluate((node) => node.open))) await this.hands.press(form.locator("summary"));
    await fill(form);
    await this.turns(() => this.hands.press(form.locator("button[type=submit]")));
  }

  /** Goes to a part of the console by the menu. */
  async opens(name) {
    const folded = this.page.locator(".nav-more > summary:visible");
    const link = this.page.locator(".nav a", { hasText: new RegExp(`^${name}$`) });
    if (this.hands.letters) {
      await this.turns(async () => this.hands.letters("g", await link.getAttribute("data-key")));
      return;
    }
    if (!(await link.isVisible())) await this.hands.press(folded);
    await this.turns(() => this.hands.press(link));
  }

  /** Has the keys shown, and put away again. */
  async asksForKeys() {
    await this.hands.letters("?");
    await this.shows("文字キーの操作を使う");
    const faults = await violations(this.page);
    if (faults.length) throw new Error(faults.join("\n"));
    await shot(this.page, `${this.how}-keys`);
    await this.hands.key("Escape");
    await this.page.locator("dialog").waitFor({ state: "hidden" });
  }

  async shows(words, within = this.page.locator("body")) {
    await within.getByText(words).and(this.page.locator(":visible")).first().waitFor({ timeout: 20_000 });
  }

  async hides(words) {
    const there = await this.page.locator("main").getByText(words).count();
    if (there) throw new Error(`${this.page.url()} shows ${words}`);
  }
}
