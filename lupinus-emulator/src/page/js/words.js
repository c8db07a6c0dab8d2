// The words of the page, Japanese first.

const WORDS = {
  title: ["LINE エミュレーター", "LINE emulator"],
  offline: ["つながっていません。つながりしだい続けます。", "Not connected. It goes on as soon as the emulator answers."],
  people: ["利用者", "People"],
  newPerson: ["新しい人の名前", "Name of a new person"],
  add: ["追加", "Add"],
  filter: ["名前でさがす", "Search by name"],
  newGroup: ["グループをつくる", "New group"],
  groupName: ["グループの名前", "Name of the group"],
  kind: ["種類", "Kind"],
  group: ["グループ", "Group"],
  room: ["複数人トーク", "Multi-person chat"],
  members: ["メンバー", "Members"],
  inGroup: ["アカウントが参加している", "The account is in it"],
  as: ["だれとして", "As whom"],
  screenOf: ["{0} さんの画面", "Screen of {0}"],
  talk: ["トーク", "Chat"],
  desk: ["記録", "Records"],
  back: ["もどる", "Back"],
  choose: ["左の一覧から人を選ぶと、その人の画面になります。", "Choose a person in the list to see their phone."],
  nobody: ["まだ誰もいません。名前を入れて追加してください。", "Nobody yet. Enter a name and add a person."],
  stranger: ["友だち以外", "Not a friend"],
  friend: ["友だち", "Friend"],
  blocked: ["ブロック中", "Blocked"],
  profile: ["プロフィール", "Profile"],
  displayName: ["名前", "Name"],
  statusMessage: ["ひとこと", "Status message"],
  pictureFile: ["写真を選ぶ", "Choose a picture"],
  pictureUrl: ["写真のアドレス", "Address of the picture"],
  noPicture: ["写真なし", "No picture"],
  language: ["言語", "Language"],
  noLanguage: ["知らせない", "Not told"],
  save: ["保存", "Save"],
  follow: ["友だち追加", "Add friend"],
  block: ["ブロック", "Block"],
  unblock: ["ブロック解除", "Unblock"],
  write: ["メッセージを入力", "Message"],
  send: ["送信", "Send"],
  plus: ["写真、スタンプなどを送る", "Send pictures, stickers and more"],
  photo: ["写真・動画", "Photo, video"],
  camera: ["カメラ", "Camera"],
  file: ["ファイル", "File"],
  voice: ["ボイス", "Voice"],
  sticker: ["スタンプ", "Sticker"],
  location: ["位置情報", "Location"],
  place: ["場所の名前", "Name of the place"],
  street: ["住所", "Address"],
  latitude: ["緯度", "Latitude"],
  longitude: ["経度", "Longitude"],
  keyboard: ["キーボード", "Keyboard"],
  menu: ["リッチメニュー", "Rich menu"],
  openMenu: ["メニューをひらく", "Open the menu"],
  quick: ["クイックリプライ", "Quick replies"],
  read: ["既読", "Read"],
  reply: ["リプライ", "Reply"],
  unsend: ["送信取消", "Unsend"],
  edit: ["編集", "Edit"],
  edited: ["編集済み", "Edited"],
  beacon: ["ビーコン", "Beacon"],
  hwid: ["ハードウェアID（16進数10桁）", "Hardware id (10 hex digits)"],
  beaconType: ["種類", "Kind"],
  deviceMessage: ["デバイスメッセージ（16進数）", "Device message (hex)"],
  until: ["{0} まで", "Until {0}"],
  closed: ["終了しました", "Over"],
  unsent: ["{0}がメッセージの送信を取り消しました", "{0} unsent a message"],
  you: ["あなた", "You"],
  replyTo: ["{0} にリプライ", "Reply to {0}"],
  sentBody: ["送られた JSON", "The JSON that was sent"],
  undrawable: ["表示できない形のメッセージ（{0}）", "A message that cannot be shown ({0})"],
  noMessage: ["メッセージがありません", "The message is gone"],
  typing: ["入力中", "Typing"],
  image: ["画像", "Image"],
  video: ["動画", "Video"],
  audio: ["音声", "Audio"],
  emoji: ["LINE絵文字 {0}", "LINE emoji {0}"],
  unsentShort: ["送信取消", "Unsent"],
  coupon: ["クーポン", "Coupon"],
  bytes: ["{0} バイト", "{0} bytes"],
  unknown: ["このメッセージ（{0}）は表示できません", "A message ({0}) that cannot be shown"],
  openMap: ["地図をひらく", "Open a map"],
  all: ["All", "All"],
  pick: ["日時を選ぶ", "Choose a time"],
  ok: ["決定", "OK"],
  cancel: ["キャンセル", "Cancel"],
  close: ["閉じる", "Close"],
  copied: ["コピーしました: {0}", "Copied: {0}"],
  opens: ["アプリがひらくアドレス: {0}", "The app would open: {0}"],
  packageId: ["パッケージID", "Package ID"],
  stickerId: ["スタンプID", "Sticker ID"],
  requests: ["要求", "Requests"],
  webhooks: ["Webhook", "Webhooks"],
  platform: ["条件", "Conditions"],
  noRequests: ["まだ API は呼ばれていません。", "The API has not been called yet."],
  noWebhooks: ["まだ Webhook は送られていません。", "No webhook has been sent yet."],
  cut: ["切断", "Cut"],
  fault: ["故障: {0}", "Fault: {0}"],
  retryKey: ["リトライキー {0}", "Retry key {0}"],
  requestId: ["リクエストID {0}", "Request ID {0}"],
  pending: ["送信中", "Sending"],
  ok2: ["成功", "OK"],
  could_not_connect: ["接続できません", "Could not connect"],
  request_timeout: ["時間切れ", "Timed out"],
  error_status_code: ["エラー応答", "Error status"],
  unclassified: ["その他の失敗", "Other failure"],
  no_webhook_url: ["送り先なし", "No address"],
  tries: ["{0} 回", "{0} tries"],
  redeliver: ["再配信する", "Redeliver"],
  repeat: ["重複させる", "Send a duplicate"],
  redelivery: ["再配信", "Redelivery"],
  noEvents: ["（イベントなし）", "(no events)"],
  quota: ["送信数", "Quota"],
  limited: ["上限あり", "Limited"],
  none: ["上限なし", "No limit"],
  limit: ["上限", "Limit"],
  used: ["今月の送信", "Used this month"],
  set: ["変更", "Set"],
  clock: ["時計", "Clock"],
  frozen: ["止める", "Frozen"],
  isFrozen: ["（停止）", " (frozen)"],
  minute: ["＋1分", "+1 min"],
  hour: ["＋1時間", "+1 h"],
  aDay: ["＋1日", "+1 day"],
  month: ["＋30日", "+30 days"],
  real: ["実時間", "Real time"],
  faults: ["故障", "Faults"],
  noFaults: ["故障はありません。", "No faults."],
  clear: ["すべて消す", "Clear all"],
  method: ["メソッド", "Method"],
  path: ["パス", "Path"],
  times: ["回数", "Times"],
  skip: ["見逃す回数", "Let pass first"],
  what: ["内容", "What happens"],
  respond: ["この状態で応答", "Answer with status"],
  delay: ["遅らせる（ミリ秒）", "Delay (ms)"],
  before: ["実行前に切断", "Cut before it is done"],
  after: ["実行後に切断", "Cut after it is done"],
  value: ["値", "Value"],
  every: ["すべて", "All"],
  delivery: ["Webhook の送り先", "Webhook address"],
  redeliveryOn: ["失敗したら再配信する", "Redeliver what failed"],
  ratesOn: ["流量制限を効かせる", "Apply rate limits"],
  account: ["アカウント", "Account"],
  botName: ["アカウントの名前", "Name of the account"],
  chatMode: ["LINE のチャット", "LINE's own chat"],
  on: ["オン", "On"],
  off: ["オフ", "Off"],
  letters: ["文字の大きさ", "Size of letters"],
  small: ["小", "Small"],
  normal: ["普通", "Normal"],
  large: ["大", "Large"],
  huge: ["特大", "Extra large"],
  facts: ["時計 {0} ・ 今月の送信 {1} ・ {2} 人", "Clock {0} · sent this month {1} · {2} people"],
  from: ["{0}", "{0}"],
};

function stored() {
  try { return localStorage.getItem("language"); } catch { return null; }
}

export const language = stored() === "en" ? "en" : "ja";
const column = language === "ja" ? 0 : 1;

/** The words for a key, with `{0}` and so on replaced. */
export function t(key, ...values) {
  const words = WORDS[key]?.[column] ?? key;
  return words.replace(/\{(\d)\}/g, (whole, index) => values[index] ?? whole);
}

/** Puts the words into the parts of the page that stand in its markup. */
export function label(root) {
  document.documentElement.lang = language;
  document.title = t("title");
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.tLabel);
  }
  for (const node of root.querySelectorAll("[data-t-hint]")) {
    node.placeholder = t(node.dataset.tHint);
    node.setAttribute("aria-label", t(node.dataset.tHint));
  }
}

export function switchLanguage() {
  try { localStorage.setItem("language", language === "ja" ? "en" : "ja"); } catch { return; }
  location.reload();
}
