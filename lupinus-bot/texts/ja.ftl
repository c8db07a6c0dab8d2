# What members read, in Japanese. A city replaces any of these in a file of its own; what it does not say stays as here.
# Words that are typed (words-…) are separated by commas.

## Words that can be typed at any time

words-help = ヘルプ, 使い方, help, ?
words-rules = ルール, 利用ルール, 規約
words-join = 参加, 参加する, 登録, 登録する, はじめる
words-consult = 相談, 相談する, 相談したい
words-faq = よくある質問, 質問集, FAQ, Q&A
words-resolved = 解決した, 解決しました, 解決
words-submit = 投稿, 投稿する
words-posts = 自分の投稿, 投稿一覧, 投稿の状況
words-mine = マイページ, 登録内容, 設定
words-invite = 招待コード, 投稿者登録
words-leave = 退会, 退会する, 登録を消す
words-cancel = やめる, キャンセル, 中止, 戻る
# These count only where exactly that was asked.
words-accept = 同意, 同意する, 同意します, 同意いたします, 同意しました, 同意して参加する, 同意して参加します
words-accept-yes = はい, OK, 了解, 了解です, 了解しました, わかりました, 分かりました, 承知しました, 参加する, 参加します
words-yes = はい
words-no = いいえ
# When the reason for withdrawing a post is asked for, these alone mean that it stays.
words-keep = やめる, キャンセル, 戻る
words-skip = スキップ, 次へ, 飛ばす, とばす, なし, 特になし, ありません, 特にありません

## Buttons (20 characters at most)

button-accept = 同意して参加する
button-later = あとで
button-help = 使い方
button-consult = 相談する
button-submit = 投稿する
button-posts = 自分の投稿
button-faq = よくある質問
button-read-answer = 答えを読む
button-more-faq = 続きを見る
button-mine = マイページ
button-invite = 投稿者登録
button-rules = 利用ルール
button-skip = スキップ
button-skip-all = あとは後で
button-done = 完了
button-cancel = やめる
button-back = 確認画面に戻る
button-topics-all = すべて受け取る
button-profession = 職種を変える
button-organisation = 所属を変える
button-area = 圏域を変える
button-topics = 受け取る情報を変える
button-clear-profession = 職種を消す
button-clear-organisation = 所属を消す
button-clear-area = 圏域を消す
button-leave = 退会する(登録を消す)
button-leave-yes = すべて消して退会する
button-resolved = 解決した
button-more-topics = ほかの話題
button-send-consultation = 相談として送る
button-drop = 送らずに消す
button-continue = 続きを書く
button-new = 新しく作る
button-more-categories = ほかのカテゴリ
button-pick-date = カレンダーから選ぶ
button-date-as-read = この日付にする
button-pick-time = 時刻を選ぶ
button-online = オンライン
button-free = 無料
button-pictures = 写真を選ぶ
button-no-attachments = 添付をすべて外す
button-alt-proposal = この説明を使う
button-hand-in = 提出する
button-checked = 写っていないと確認した
button-edit = 直す
button-discard = 下書きを消す
button-show = 内容を見る
button-mend = 直して再提出
button-withdraw = 取り下げる
# What stands on the bar that opens the menu (14 characters at most).
menu-bar = メニュー
button-old = このボタンは、いまは使えません。「使い方」と送ると、できることをご覧いただけます。

## The rule

rule-line = 🔒 患者さん・利用者さん・ご家族の氏名、住所、電話番号などは書かないでください。
rules =
    【利用ルール】
    1. 患者さん・利用者さん・ご家族の個人情報(氏名、住所、電話番号、番号、顔の写った写真など)は送りません。
    2. 相談の内容と回答は、センターの記録として保管します。見られるのはセンターの担当者だけです。
    3. 緊急のときは、このアカウントではなく119番や主治医に連絡します。

    参加する場合は「同意して参加する」を押してください(入力でも受け付けます)。
rules-first = はじめに、利用ルールをご確認ください。
rules-new = 利用ルールが新しくなりました。続ける前にご確認ください。
rules-later = わかりました。参加するときは「参加」と送ってください。
rules-accepted-again = ご確認ありがとうございます。続けてご利用いただけます。

## Joining and the profile

greeting =
    { $centre }です。友だち追加ありがとうございます。
    在宅医療・介護に関わる専門職の方に、研修や取組のお知らせをお届けし、ご相談をお受けします。
welcome-back = { $centre }です。おかえりなさい。登録はそのまま残っています。
joined =
    登録しました。これからお知らせをお届けします。
    続けて4つだけ伺います。すべて任意で、あとから変えられます。
joined-with-question = 登録しました。これからお知らせをお届けします。職種などは「マイページ」で登録できます(任意)。
joined-before = 登録はお済みです。
profile-profession = 職種をお選びください。自由に書いても構いません。(1/4)
profile-profession-which = 「{ $group }」のうち、どれに当たりますか。
profile-organisation = ご所属(事業所名など)をお書きください。ご自身のお名前は不要です。(2/4)
profile-area = 主に活動している圏域をお選びください。(3/4)
profile-topics =
    受け取りたい情報をお選びください。押すたびに選択・解除できます。選び終えたら「完了」を押してください。
    全員にお知らせすることは、選択にかかわらず届きます。
    現在の選択: { $chosen }
topics-all = すべて
profile-too-long = { $max }文字以内の1行でお書きください。
profile-done = ありがとうございます。登録内容は「マイページ」でいつでも見て、変えて、消せます。
personal-refused =
    個人情報と思われる部分({ $kinds })があったため、受け取っていません。
    その部分を除いて、もう一度お書きください。

## Choosing without buttons

choices-typed = (番号か言葉の入力でも選べます)
choices-typed-or = (番号か言葉の入力でも選べます。{ $words }も入力できます)
choices-words = ({ $words }と入力しても選べます)
choices-unknown = 一覧にない答えでした。もう一度お選びください。
choices-word = 「{ $word }」

## Consultations

consult-rule =
    【相談の前に】
    🔒 患者さん・利用者さん・ご家族の氏名、住所、電話番号などは書かないでください。
    「80代の方」「A町の方」のように書いていただければ十分です。写真・ファイルはお受けできません。
consult-not-open =
    申し訳ありません。ご相談の受付は、ただいま準備中です。
    お急ぎの場合は、センターへお電話ください。
consult-not-open-dropped =
    申し訳ありません。ご相談の受付は、ただいま準備中です。いまのメッセージはお預かりしていません。
    お急ぎの場合は、センターへお電話ください。
consult-not-open-kept =
    申し訳ありません。ご相談の受付が準備中のため、まだお送りできません。文章はそのままお預かりしています。
    お急ぎの場合は、センターへお電話ください。
consult-ask = ご相談の内容をお書きください。話題を先に選ぶこともできます(任意)。
consult-continue = 対応中のご相談があります。続きをそのままお書きください。センターに届きます。
consult-topics = 話題をお選びください(任意)。選ばずに、そのまま書いても構いません。
consult-topic-chosen = 「{ $topic }」についてですね。ご相談の内容をお書きください。
consult-words = ご相談の内容をお書きください。
consult-empty = 内容が空のようです。ご相談の内容をお書きください。
consult-received =
    ご相談を受け付けました。センターの担当者がこのトークでお答えします。
    書き足したいことは、続けて送ってください。
consult-joined = 対応中のご相談に追加しました。
consult-closed = ただいま閉庁時間です。{ $until }から順にお答えします。お急ぎの場合は主治医・119番へご連絡ください。
consult-masked =
    個人情報かもしれない部分({ $kinds })を██で伏せてお預かりしました。元の文字は保存していません。ご相談は届いています。
    お手元のトークからも消してください: メッセージを長押し →「送信取消」。
    取り消すと、伏せてお預かりした文も消えます。個人情報を除いて、もう一度ここにお書きください。
consult-answer =
    【センターからの回答】
    { $answer }

    ご質問が続くときは、このままお書きください。解決した場合は「解決した」と送ってください。
    🔒 個人情報は書かないでください。
consult-resolved = ご相談を「解決」にしました。また何かあれば「相談」と送ってください。
consult-silent = しばらくやり取りがなかったため、ご相談を終了しました。続きがある場合は、このままお書きください。
consult-rate = このご相談はお役に立ちましたか。下のボタンから1回で答えられます(任意)。
consult-rated = ありがとうございます。今後の参考にします。
consult-referred-on = ご相談の内容について、お名前を出さずに専門の団体へ問い合わせています。お答えはセンターからお送りします。
consult-referral =
    ■ センターからの問い合わせ
    { $summary }

    お分かりになることを、センターへお電話などでお知らせください。個人が分かる内容は含めていません。
consult-none-open = 対応中のご相談はありません。
free-offer =
    お送りいただいた文章は、まだセンターに届いていません(こちらで預かっています)。
    相談として送りますか。
free-masked =
    個人情報かもしれない部分({ $kinds })を██で伏せてお預かりしました。元の文字は保存していません。
    お手元のトークからも消してください: メッセージを長押し →「送信取消」。
    取り消すと、伏せてお預かりした文も消えます。個人情報を除いて、もう一度お書きください。
free-dropped = 消しました。センターには送っていません。
free-full = お預かりできる文章の数を超えました。先に「相談として送る」か「送らずに消す」をお選びください。
consult-media-held =
    お預かりしました。個人が写っていないことを担当者が一人で確かめるまで、ほかの職員には見えません。
    顔や氏名が写っている場合は、いまのうちに「送信取消」で取り消してください。
consult-media-removed =
    お送りいただいた写真・ファイルに個人が分かるものがあったため、保存せずに消しました。
    お手元のトークからも「送信取消」で消し、内容は個人情報を除いて文字でお書きください。
consult-media-personal =
    ファイルの中に個人情報と思われる記載({ $kinds })がありました。受け取らず、保存もしていません。
    お手元のトークからも「送信取消」で消し、内容は個人情報を除いて文字でお書きください。
consult-media-kind = 相談でお受けできるのは、10MBまでの画像(JPEG・PNG)とPDFだけです。内容を文字でお書きください。
media-refused =
    写真・ファイル・音声はお受けできません。個人情報が写り込むと取り消せないためです。開かず、保存もしていません。
    お手数ですが、内容を文字でお書きください。お手元のトークからは「送信取消」で消せます。
media-for-posts =
    チラシなどは、投稿を作っている間にお受けします。「投稿」と送って作り始めてから、もう一度お送りください。
    いまのものは開かず、保存もしていません。ご相談は文字でお書きください。
location-refused = 位置情報はお受けできません。保存もしていません。必要な場合は「A町」のように文字でお書きください。
sticker-thanks = スタンプをありがとうございます。「使い方」と送ると、できることをご覧いただけます。
sticker-go-on = スタンプをありがとうございます。先ほどの続きをどうぞ。

## Frequently asked questions

faq-alt = よくある質問
faq-topics = よくある質問です。知りたいことの話題をお選びください。
faq-none = よくある質問は、まだありません。センターへのご相談は、いつでもお受けしています。
faq-gone = この質問は、いまは公開していません。
faq-answer =
    【質問】
    { $question }

    【答え】
    { $answer }

    ({ $at }時点の内容です)

## Handing in a post

submit-for-submitters =
    投稿は、職能団体の投稿者として登録した方がご利用いただけます。
    センターからお渡しした招待コードを「招待コード ABCDE-FGHJK」のように送ってください。
submit-begin = 投稿を作ります。順に伺います。途中でやめても下書きは残ります。
submit-parked = 書きかけの下書きがあります。
submit-category = カテゴリをお選びください。
submit-title = タイトルを{ $max }文字以内でお書きください。
submit-body = 本文を{ $max }文字以内でお書きください。
submit-date =
    開催日をお書きください。時刻も一緒に書けます。
    例: 10月5日(月) 18:30〜20:00
submit-time = 時刻をお書きください。例: 18:30〜20:00
submit-venue = 会場をお書きください。オンラインの場合は「オンライン(Zoom)」のようにお書きください。
submit-capacity = 定員をお書きください。例: 30名
submit-apply-by = 申込締切をお書きください。例: 9月30日(水)
submit-fee = 参加費をお書きください。例: 500円
submit-contact = 問い合わせ先をお書きください。個人の携帯電話ではなく、団体・事務局の連絡先にしてください。
submit-hosts = 共催・後援をお書きください。
submit-no-attachments = このアカウントでは、まだ写真・PDFの添付をお届けできません。チラシの内容は本文に、詳しいページはリンクにお書きください。
submit-attachments-off = このアカウントでは、まだ写真・PDFの添付をお届けできないため、添付を外しました。チラシの内容は本文に、詳しいページはリンクにお書きください。
submit-attachment =
    チラシなどの画像(JPEG・PNG)かPDFを送ってください。{ $max }つまで付けられます。
    人の顔や氏名、個人の連絡先が写っていないことをご確認ください。
submit-attachment-words = 画像かPDFを送ってください。付けない場合は「スキップ」と送ってください。
submit-alt =
    画像を見られない方のために、何が書かれているかを1行でお書きください。
    提案: { $proposal }
submit-alt-proposal = 「{ $title }」の案内チラシ。内容は本文と同じです。
submit-link = 詳しいページのアドレス(https:// で始まるもの)をお書きください。
submit-link-problem = https:// で始まるアドレスを1つだけお書きください。
submit-capacity-problem = 人数を数字でお書きください。例: 30名
submit-date-problem =
    日付・時刻をご確認ください。
    { $problems }
submit-date-partly =
    「{ $read }」と読み取りました。これでよければ「この日付にする」をお選びください。違う場合は、もう一度お書きください。
    このほかに書かれた日や時刻は入りません。必要なときは本文にお書きください。
submit-apply-by-late = 申込締切が開催日より後になっています。開催日までの日付をお書きください。
submit-needed = { $field }は省略できません。
field-alt = 画像の説明
submit-too-long = { $max }文字以内でお書きください(いまは{ $length }文字です)。
submit-masked =
    個人情報と思われる部分({ $kinds })があったため、受け取っていません。団体・事務局の公開情報に直して、もう一度お書きください。
    お手元のトークからは「送信取消」で消せます。
    ――
    { $text }
submit-choose = 次の中からお選びください。
submit-preview = 会員の皆さまには、次のように届きます。
submit-ready = この内容でよければ「提出する」を押してください。センターが確認してから配信します。
submit-ready-hints =
    提出できます。次の点をご確認ください。
    { $hints }
submit-not-ready =
    まだ提出できません。「直す」から次の点を直してください。
    { $hints }
submit-blocked = ・{ $field }: 個人情報({ $kind })と思われる記載があります。
submit-warned = ・{ $field }: { $kind }の記載があります。公表してよいものか、ご確認ください。
submit-problem = ・{ $field }: { $sentence }
submit-which = どの項目を直しますか。
submit-discarded = 下書きを消しました。
submit-done =
    「{ $title }」を提出しました。センターが確認し、結果をこのトークでお知らせします。
    状況は「自分の投稿」で見られます。
attachment-taken = 受け取りました。
attachment-early = ファイルをお預かりしました。説明は、あとで伺います。
attachment-full = 添付は{ $max }つまでです。いまのファイルは受け取っていません。入れ替える場合は「添付をすべて外す」をお選びください。
attachment-name = 画像
attachment-too-large = ファイルが大きすぎます。10MBまでにしてください。
attachment-gone = ファイルを受け取れませんでした。もう一度送ってください。
attachment-personal =
    PDFの中に、個人情報と思われる記載({ $kinds })がありました。このファイルは受け取らず、保存もしていません。
    記載を消したPDFを送り直すか、付けずに進めてください。お手元のトークからは「送信取消」で消せます。
attachment-kind = お受けできるのは、画像(JPEG・PNG)とPDFだけです。

## One's own posts

posts-none = まだ投稿はありません。
posts-alt = 自分の投稿
posts-changed = 更新: { $at }
posts-state = 現在の状態: { $state }
posts-not-editable = この投稿は現在「{ $state }」のため、直せません。
post-whole = 全体
mend-comment =
    センターからのコメント({ $field }):
    { $comment }
withdraw-ask = 「{ $title }」を取り下げます。理由をお書きください。
withdraw-usual-reason = 都合により取り下げます
withdraw-done = 「{ $title }」を取り下げました。
post-taken = 「{ $title }」の確認を始めました。
post-returned =
    「{ $title }」が差し戻されました。
    直すところ: { $field }
    { $comment }
    「自分の投稿」から直して、もう一度提出できます。
post-rejected =
    「{ $title }」は配信しないことになりました。
    理由: { $reason }
post-approved = 「{ $title }」が承認されました。
post-scheduled = 「{ $title }」は{ $at }に配信します。
post-withdrawn =
    「{ $title }」は取り下げられました。
    理由: { $reason }
post-unscheduled = 「{ $title }」の配信予約は、センターの都合でいったん取り消されました。新しい日時が決まりましたらお知らせします。
post-expired = 「{ $title }」は、配信の時刻に開催日時または掲載期限を過ぎていたため、配信されませんでした。センターにお問い合わせください。
post-altered = 「{ $title }」は、承認された内容と一致しなかったため、配信されませんでした。センターで確認しています。
post-incomplete = 「{ $title }」は、一部の方に届けられませんでした。センターで確認しています。
post-failed = 「{ $title }」は配信できませんでした。センターで確認しています。
post-nobody = 「{ $title }」は、配信先に当てはまる方がいなかったため、どなたにも届いていません。センターにお問い合わせください。
post-cancelled = 「{ $title }」の配信を、センターが途中で中止しました。届いていない方がいます。詳しくはセンターにお問い合わせください。
post-sent = 「{ $title }」を{ $recipients }名に配信しました。

## A post as members see it

mark-test = 【テスト】
mark-drill = 【訓練】
mark-correction = 【訂正】
row-sender = 発信
row-date = 日時
row-place = 会場
row-online = オンライン
row-people = { $count }名
post-open-link = 詳しいページを開く
post-open-file = { $kind }: { $name }
kind-pdf = PDF
kind-picture = 画像
kind-file = ファイル
post-picture = 画像の説明: { $alt }

## What is held

mine =
    【登録内容】
    会員番号: { $number }
    職種: { $profession }
    所属: { $organisation }
    圏域: { $area }
    受け取る情報: { $topics }
    投稿できる団体: { $body }
    友だち追加: { $joined }
    ルールへの同意: { $consent }(第{ $version }版)
    ご相談: { $consultations }件
    投稿: { $posts }件
    受け取った配信: { $deliveries }件

    LINEのお名前・アイコンは保存していません。内容はいつでも変えたり消したりできます。
mine-none = なし
leave-ask =
    退会すると、登録内容とご相談の記録を消し、お知らせが届かなくなります。元に戻せません。
    よろしければ「すべて消して退会する」を、続ける場合は「やめる」をお選びください。
left =
    登録と記録を消しました。ご利用ありがとうございました。
    このアカウントを表示したくない場合は、ブロックもお願いします。また参加するときは「参加」と送ってください。

## Submitters

invite-ask =
    センターからお渡しした招待コードを送ってください。
    例: 招待コード ABCDE-FGHJK
invite-malformed = 招待コードを確認できませんでした。「ABCDE-FGHJK」のような10文字を送ってください。
invite-done = 「{ $body }」の投稿者として登録しました。「投稿する」から情報を届けられます。

code-unknown = この招待コードは確認できませんでした。入力内容をお確かめください。
code-used = この招待コードは使用済みです。新しいコードの発行をセンターにご依頼ください。
code-expired = この招待コードは有効期限を過ぎています。新しいコードの発行をセンターにご依頼ください。
code-revoked = この招待コードは無効になりました。センターにお問い合わせください。
link-done =
    このLINEを、{ $name } さんの職員アカウントに結び付けました。テスト配信と、確認・承認の督促がここに届きます。
    このトークからの送信は、これまでどおり会員としての相談や投稿になります。職員の操作は管理画面で行ってください。
link-expired = このコードは有効期限を過ぎています。管理画面の「自分の設定」で、新しいコードを発行してください。
link-linked = このLINEか、この職員アカウントは、すでに結び付いています。替えるときは、管理画面の「自分の設定」で先に解除してください。
link-inactive = この職員アカウントは停止中です。管理者にお問い合わせください。
step-reminder = 投稿(番号 { $number })が、あなたの確認または承認を待っています。管理画面の「やること」を開いてください。このお知らせは「自分の設定」で止められます。
link-undone =
    このLINEと職員アカウントの結び付けを解除しました。テスト配信と督促は届かなくなります。会員としての登録はそのままです。
    心当たりがないときは、管理者に知らせてください。

code-too-many = 招待コードの入力が続けて一致しなかったため、しばらく受け付けできません。1時間ほどおいてお試しください。

## What does not fit

problem-no-title = 題名をお書きください。
problem-long-title = 60文字以内でお書きください。
problem-broken-title = 1行でお書きください。
problem-no-body = 本文をお書きください。
problem-long-body = 2,000文字以内でお書きください。
problem-many-attachments = 3つまでにしてください。
problem-wordless-attachment = 何が書かれているかの説明が必要です。
problem-unchecked-attachment = 個人が分かる顔・氏名・連絡先が写っていないことを確かめて、「写っていないと確認した」をお選びください。
problem-unserved-attachment = このアカウントでは、まだ添付をお届けできません。添付を外してください。
problem-bad-link = https:// で始まるアドレス(1,000文字以内)にしてください。
problem-no-date = 開催日をお書きください。
problem-long-line = 200文字以内でお書きください。
problem-ends-before-start = 終了時刻は開始時刻より後にしてください。
problem-no-seats = 1名以上にしてください。
problem-late-deadline = 開催日までの日付にしてください。
problem-past = すでに過ぎています。これからの日時にしてください。
problem-deadline-past = すでに過ぎています。これからの日付にするか、省略してください。
problem-expired = 開催日時または掲載の期限を過ぎています。
date-weekday = { $date }は{ $written }ではなく{ $actual }です。
date-era = { $written }ではなく{ $actual }です。
date-none = 日付を読み取れませんでした。「10月5日」のようにお書きください。
date-no-day = { $month }月{ $day }日という日はありません。
date-no-time = 時刻を読み取れませんでした。「14:00」のようにお書きください。
date-past = { $date }はすでに過ぎています。
refused-post-now = いまの状態では、この操作はできません。状況は「自分の投稿」でご確認ください。
refused-edited = ご覧になったあとに内容が変わりました。「自分の投稿」から、もう一度開いてください。
refused-reason = 理由をお書きください。
refused-personal = 個人情報と思われる記載があります。その箇所を直してから提出してください。
refused-revisions = 修正できる回数を超えました。新しい投稿としてお作りください。
refused-drafts = 作成中の投稿が多いため、これ以上は作れません。「自分の投稿」で不要なものを取り下げてください。
refused-long = { $max }文字以内でお書きください。
refused-consultation-now = このご相談は、いまはこの操作ができません。
refused-window = 終了から日数が経っています。お手数ですが「相談」と送って、新しくご相談ください。
refused-full = このご相談に書ける件数を超えました。「解決した」と送ってから、新しくご相談ください。

## Categories

category-training = 研修・講演会
category-initiative = 取組紹介
category-resource = 情報サイト紹介
category-vacancy = 受入状況・空き情報
category-case-study = 事例検討会
category-networking = 交流会・カフェ
category-notice = 制度・通知
category-safety-alert = 医薬品・機器の注意
category-infection = 感染症
category-emergency = 災害・緊急
category-survey = 調査・アンケート依頼
category-form-update = 様式・連携シート改定
category-meeting = 会議開催
category-contact-change = 窓口・担当変更
category-other = その他

## Whether it helped

rating-good = 😊 役に立った
rating-fair = どちらともいえない
rating-poor = 役に立たなかった

## Topics of consultations

topic-resources = 社会資源の紹介
topic-discharge = 入退院連携
topic-find-physician = 医療機関・往診医探し
topic-home-services = 訪問看護・訪問系サービス
topic-medication = 薬
topic-oral = 口腔
topic-nutrition = 栄養・嚥下
topic-rehab-equipment = リハビリ・福祉用具
topic-dementia = 認知症
topic-end-of-life = 看取り・ACP
topic-no-relatives = 身寄りのない方
topic-procedures = 制度・手続
topic-coordination = 多職種間の調整
topic-training-help = 研修・講師
topic-privacy = 個人情報の扱い
topic-how-to = システムの使い方
topic-feedback = 意見・苦情
topic-other = その他

## Fields of a post

field-category = カテゴリ
field-title = タイトル
field-body = 本文
field-date = 開催日
field-time = 時刻
field-venue = 会場
field-capacity = 定員
field-apply-by = 申込締切
field-fee = 参加費
field-contact = 問い合わせ先
field-hosts = 共催・後援
field-attachment = 添付
field-link = リンク

## States of a post

state-draft = 下書き
state-submitted = 提出済み
state-in-review = 確認中
state-returned = 差戻し
state-rejected = 却下
state-withdrawn = 取下げ
state-approved = 承認済み
state-scheduled = 配信予約
state-sending = 配信中
state-sent = 配信済み
state-failed = 配信失敗

## Kinds of personal information

kind-person-name = 氏名
kind-professional-name = 専門職氏名
kind-phone = 電話番号
kind-email = メールアドレス
kind-address = 住所
kind-postal-code = 郵便番号
kind-birth-date = 生年月日
kind-my-number = マイナンバー
kind-care-insurance-no = 介護保険番号
kind-health-insurance-no = 健康保険番号
kind-late-elderly-no = 後期高齢者医療番号
kind-public-expense-no = 公費受給者番号
kind-pension-no = 基礎年金番号
kind-drivers-license-no = 運転免許証番号
kind-passport-no = 旅券番号
kind-residence-card-no = 在留カード番号
kind-resident-code = 住民票コード
kind-bank-account = 口座番号
kind-card-no = カード番号
kind-social-id = SNSのID
kind-patient-id = 患者番号
kind-car-plate = 車両番号
kind-city-word = 指定された語
kind-age = 年齢
kind-org-name = 団体名
kind-org-phone = 団体の電話番号
kind-org-email = 団体のメールアドレス
kind-org-address = 団体の住所
kind-org-postal = 団体の郵便番号
kind-org-url = 団体のURL
kind-org-id = 団体の番号

## Other

help =
    【使い方】({ $centre })
    下のボタンでも、文字の入力でも操作できます。
    ・相談 … センターに相談する
    ・解決した … 相談を終える
    ・よくある質問 … ほかの方の質問と答えを読む
    ・マイページ … 登録内容を見る・変える・消す
    ・ルール … 利用ルールを見る
    ・投稿者登録 … 招待コードで投稿者になる
    ・やめる … 途中の操作をやめる
    ・退会 … 登録を消す
help-submitter =
    投稿者の方は次もお使いいただけます。
    ・投稿 … お知らせを作って提出する
    ・自分の投稿 … 状況を見る・直す・取り下げる
cancelled = わかりました。ご用のときは、いつでもお声かけください。
cancelled-draft = わかりました。下書きは残しています。続きを書くときは「投稿」と送ってください。
cancelled-mending = わかりました。直しかけの内容は残しています。続けるときは「自分の投稿」と送ってください。
cancelled-withdrawing = わかりました。投稿は取り下げず、そのままにしています。
not-found = 見つかりませんでした。削除されたか、すでに終わっている可能性があります。
not-allowed = この操作はご利用いただけません。
failed = 申し訳ありません。いまのメッセージをうまく処理できませんでした。少し時間をおいて、もう一度お送りください。
