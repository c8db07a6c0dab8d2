// A day of the two staff of the centre, A and B, from half past eight to the month's end.
import { text } from "node:stream/consumers";

import { launch } from "../../../../lupinus-console/tests/browser/browser.mjs";
import { Desk } from "./desk.mjs";
import { flyer } from "./flyer.mjs";
import { Phone } from "./phone.mjs";

const day = JSON.parse(await text(process.stdin));
day.browser = await launch();
const desks = {};
const began = Date.now();
let doing = "";

function step(words) {
  doing = words;
  console.log(`${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${words}`);
}

function same(found, expected, what) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
}

/** A day of the calendar, so many days from now; and how people write it. */
function later(days) {
  const date = new Date(Date.now() + days * 86_400_000);
  const part = (options) => new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", ...options }).format(date);
  const iso = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(date);
  return { iso, said: `${part({ month: "long", day: "numeric" })}(${part({ weekday: "short" })})` };
}

const held = later(20);
const until = later(10);

/** A secretary hands in a training in LINE, with or without a flyer. */
async function handsIn(phone, title, contact, picture) {
  await phone.taps("menu/submit");
  await phone.taps("draft/category/training");
  await phone.answers(title, `${title}を${held.said}に開きます。職種を問わず、どなたでもご参加ください。`, held.said, "18時30分〜20時", "市民会館 大会議室", "30名", until.said, "draft/free", contact);
  if (picture) {
    await phone.shows(picture);
    await phone.answers("研修の案内。日時・会場・申込先", "完了");
  } else {
    await phone.answers("draft/skip");
  }
  await phone.answers("draft/skip");
  if (picture) await phone.answers("draft/checked");
  await phone.answers("draft/submit");
  await phone.hears("提出しました");
}

async function live() {
  step("before the day: the administrator registers two bodies, and their secretaries join");
  const names = ["訪問看護師", "ケアマネジャー", "薬剤師", "訪問看護連絡会の事務局", "歯科医師会の事務局"];
  const [nurse, manager, pharmacist, nursing, dentists] = await Promise.all(names.map((name) => Phone.joined(day.line, name)));
  const everybody = [nurse, manager, pharmacist, nursing, dentists];
  const c = (desks.c = await Desk.opened(day, "kanri"));
  for (const [body, phone] of [["訪問看護連絡会", nursing], ["歯科医師会", dentists]]) {
    await c.opens("団体と招待");
    await c.write("団体名", body);
    await c.press("登録する");
    await c.press("招待コードを発行する");
    await phone.says(`招待コード ${await c.page.locator(".code").textContent()}`);
    await phone.hears("投稿者として登録しました");
  }
  await handsIn(nursing, "褥瘡ケア研修会", "訪問看護連絡会 事務局 電話 0466-00-0000", await flyer(day.browser, "褥瘡ケア研修会", held.said));
  await handsIn(dentists, "口腔ケア研修会", "担当者まで直接");

  step("08:30 A opens やること, checks one post and returns the other");
  const a = (desks.a = await Desk.opened(day, "aoki"));
  await a.shows("待っている件");
  if (a.hands.letters) await a.asksForKeys();
  await a.picks("褥瘡ケア研修会");
  await a.shows("スマートフォンでの見え方");
  same(await a.page.locator("img.thumb").evaluate((picture) => picture.naturalWidth > 300), true, "the flyer is there to be looked at");
  same(await a.page.locator(".phone .b-title").innerText(), "褥瘡ケア研修会", "the preview");
  await a.does("受け付ける");
  await a.does("承認する", (form) => a.tick("添付を開", form));
  await a.shows("承認しました。");
  const first = a.page.url().split("?")[0].slice(a.base.length);
  await a.opens("やること");
  await a.picks("口腔ケア研修会");
  const second = a.page.url().slice(a.base.length);
  await a.does("受け付ける");
  await a.does("差し戻す", async (form) => {
    await a.choose("どの項目についてか", "問い合わせ先", form);
    await a.write("コメント", "事務所の電話番号を入れてください。", form);
  });
  await a.shows("差し戻しました。");

  step("the body corrects in the chat, and A checks it");
  await dentists.hears("事務所の電話番号を入れてください");
  await dentists.taps("menu/posts");
  await dentists.taps("post/edit/");
  await dentists.answers("歯科医師会 事務局 電話 0466-00-1111", "draft/submit");
  await dentists.hears("提出しました");
  await a.goes(second);
  await a.shows("歯科医師会 事務局");
  await a.does("受け付ける");
  await a.does("承認する");

  step("09:20 B approves what A checked; for her own the button is grey");
  const b = (desks.b = await Desk.opened(day, "bando"));
  await b.opens("投稿を作る");
  await b.choose("カテゴリ", "制度・通知");
  await b.write("タイトル", "連携シートの様式が変わります");
  await b.write("本文", "来月から新しい様式を使います。旧様式も年内は受け付けます。");
  await b.press("提出する");
  const own = b.page.url().split("?")[0].slice(b.base.length);
  await a.goes(own);
  await a.does("受け付ける");
  await a.does("承認する");
  await b.goes(own);
  same(await b.page.getByRole("button", { name: "承認する" }).isDisabled(), true, "her own button is grey");
  await b.shows("ご自身が作成した投稿");
  await b.goes(first);
  await b.does("承認する", (form) => b.tick("添付を開", form));
  await b.press("配信の準備へ");
  await b.tick("登録会員のうち");
  await b.tick("研修・講演会");
  await b.tick("日時を決めて予約する");
  await b.write("日付", later(1).iso);
  await b.write("時刻", "12:00");
  await b.press("確認画面へ");
  await b.shows("今月の残り");
  const { value, used } = await (await fetch(`${day.line}/_emulator/quota`)).json();
  same(await b.page.locator(".confirm .figure").allInnerTexts(), ["5", "5", String(value - used)], "how many people, what it costs, what is left");
  await b.press("この内容で予約する");
  await b.shows("配信を予約しました。");
  await b.goes(second);
  await b.does("承認する");
  await b.press("配信の準備へ");
  await b.press("確認画面へ");
  await b.press("この内容で配信する");
  for (const phone of everybody) await phone.hears("口腔ケア研修会");

  step("10:15 a heavy-rain warning: A writes, B lets it go, a second person signs");
  await a.opens("投稿を作る");
  await a.tick("緊急(");
  await a.choose("カテゴリ", "災害・緊急");
  await a.write("タイトル", "大雨警報:訪問の安全を優先してください");
  await a.write("本文", "市内に大雨警報が出ています。無理な訪問は控えてください。");
  await a.press("提出する");
  const alarm = a.page.url().split("?")[0].slice(a.base.length);
  await b.opens("やること");
  await b.shows("急ぎ");
  await b.goes(alarm);
  await b.does("受け付ける");
  await b.does("承認する");
  await b.press("配信の準備へ");
  await b.press("確認画面へ");
  await b.press("この内容で配信する");
  for (const phone of everybody) await phone.hears("大雨警報");
  await b.goes(alarm);
  await b.shows("要確認");
  await b.shows("配信済");
  same(await b.page.getByText("5人(").count(), 1, "who got it");
  await c.goes(alarm);
  await c.does("確認の署名をする");
  await c.goes(alarm);
  await c.hides("要確認");

  step("11:00 the wrong venue: a correction to exactly the same people");
  const newcomer = await Phone.joined(day.line, "きょう入った人");
  await b.goes(second);
  await b.press("訂正を出す");
  await b.write("会場、または", "保健センター 研修室");
  await b.press("訂正の投稿を作る");
  await b.does("提出する");
  const correction = b.page.url().split("?")[0].slice(b.base.length);
  await a.goes(correction);
  await a.does("受け付ける");
  await a.does("承認する");
  await c.goes(correction);
  await c.does("承認する");
  await c.press("配信の準備へ");
  await c.shows("元の配信が届いた方だけ");
  await c.press("確認画面へ");
  same((await c.page.locator(".confirm .figure").allInnerTexts())[0], "5", "the same people");
  await c.press("この内容で配信する");
  for (const phone of everybody) await phone.hears("保健センター 研修室");
  same(JSON.stringify(await newcomer.heard()).includes("研修室"), false, "whoever came later gets no correction");

  step("13:30 consultations: a canned answer, a note, a transfer, a body that is asked");
  await a.goes("/answers/new");
  await a.write("題名", "市のページの案内");
  await a.write("本文", "ご相談ありがとうございます。市のページ「在宅医療機器」に一覧があります。");
  await a.press("保存する");
  await manager.taps("menu/consult");
  await manager.taps("consult/topic/");
  await manager.says("利用者の山本花子さん(82歳)の件で、週末に輸液ポンプを貸してくれる業者を知りたいです。");
  await manager.hears("個人情報");
  await a.opens("相談");
  await a.picks("会員");
  await a.shows("██氏名██");
  const asked = a.page.url().slice(a.base.length);
  await a.press("担当する");
  await a.choose("定型文", "市のページの案内");
  await a.press("入れる");
  const answer = `${await a.field("回答").inputValue()}\n週末に来られるのは2社です。`;
  await a.write("回答", answer);
  await a.press("回答を送る");
  await manager.hears("週末に来られるのは2社です");
  await a.write("メモ", "5月にも同じ質問があった。");
  await a.press("メモを残す");
  await a.choose("引き継ぐ相手", "坂東 学");
  await a.write("申し送り", "夜間の交換について折り返す。");
  await a.press("引き継ぐ");
  await b.goes(asked);
  await b.shows("夜間の交換について折り返す。");
  await b.does("団体に問い合わせる", async (form) => {
    await b.choose("団体", "歯科医師会", form);
    await b.write("問合せの内容", "週末に往診できる歯科医院はありますか。", form);
  });
  await dentists.hears("週末に往診できる歯科医院");
  await b.write("回答", "夜間の交換は1社だけが対応しています。");
  await b.press("回答を送る");
  await manager.hears("夜間の交換は1社だけ");
  await b.press("解決にする");
  await b.shows("解決にしました。");

  step("16:50 month end: the report in six headings, and the CSV");
  await b.opens("集計");
  const headings = await b.page.locator(".sheet-part h2").allInnerTexts();
  same(headings.length, 6, "the council's headings");
  same((await b.page.locator(".chart svg").count()) > 0, true, "a chart");
  const [saved] = await Promise.all([b.page.waitForEvent("download"), b.hands.press(b.named("CSVで保存"))]);
  const csv = await text(await saved.createReadStream());
  for (const heading of headings) same(csv.includes(heading.replace(/^\d\. /, "")), true, `${heading} in the CSV`);
  for (const desk of [a, b, c]) await desk.press("ログアウト");
}

try {
  await live();
  step(`lived: ${day.how}`);
} catch (error) {
  console.log(`failed at: ${doing}\n${error.stack}`);
  for (const [who, desk] of Object.entries(desks)) {
    const shown = await desk.page.locator("main").innerText().catch(() => "");
    console.log(`--- ${who} sees ${desk.page.url()}\n${shown.slice(0, 2500)}`);
  }
  process.exitCode = 1;
} finally {
  await day.browser.close();
}
