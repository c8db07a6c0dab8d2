//! Posts as submitters hand them in.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    audience::Audience,
    blob::Blob,
    post::{Command, Field, Post, PostState, Venue},
    service::By,
    store::{Entity, Scan, StoreExt},
};
use support::Town;

async fn posts(town: &Town) -> Vec<Post> {
    let all = town.store.all::<Post>(Scan::keys(Post::KIND), 1_000).await.unwrap();
    all.into_iter().map(|stored| stored.value).collect()
}

async fn staff(town: &Town, by: By, post: &Post, command: Command) -> Post {
    let (id, command) = (post.id, &command);
    let post = town
        .centre
        .transact(|mut work| async move {
            let post = work.post_command(by, id, command.clone()).await?;
            work.done(post)
        })
        .await
        .unwrap();
    town.bot.drain().await.unwrap();
    post
}

/// Writes a training up to the preview.
async fn write(town: &Town, user: &str) {
    town.say(user, "投稿").await;
    town.say(user, "研修・講演会").await;
    town.say(user, "褥瘡ケア研修会").await;
    town.say(user, "在宅での褥瘡の予防と評価について学びます。").await;
    town.say(user, "10月15日(木) 18:30〜20:00").await;
    town.say(user, "市民会館 第2会議室").await;
    town.say(user, "３０名").await;
    town.say(user, "10月9日").await;
    town.say(user, "無料").await;
    town.say(user, "訪問看護連絡会事務局").await;
    town.say(user, "スキップ").await; // attachment
    town.say(user, "スキップ").await; // link
}

#[tokio::test]
async fn a_training_is_written_by_typing_alone_previewed_and_handed_in() {
    // R44, R5
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    assert!(town.last(&user, 1).contains("訪問看護連絡会"));
    town.say(&user, "投稿").await;
    town.say(&user, "やめる").await;
    town.say(&user, "投稿").await;
    town.say(&user, "新しく作る").await;
    write_rest(&town, &user).await;
    let told = town.told(&user);
    let card = &told[told.len() - 2];
    assert_eq!(card["type"], "flex");
    let alt = card["altText"].as_str().unwrap();
    assert!(
        alt.starts_with("【研修・講演会】褥瘡ケア研修会") && alt.contains("10月15日(木) 18:30〜20:00"),
        "{alt}"
    );
    assert!(town.offered(&user).contains(&"提出する".to_owned()), "{:?}", town.last(&user, 1));
    town.say(&user, "提出する").await;
    let handed_in = posts(&town).await;
    assert_eq!(handed_in.len(), 1);
    assert_eq!(handed_in[0].state, PostState::Submitted);
    assert_eq!(handed_in[0].body, Some(town.body));
    let event = handed_in[0].revision().unwrap().content.event.clone().unwrap();
    assert_eq!(event.capacity, Some(30));
    assert_eq!(event.venue, Some(Venue::Place("市民会館 第2会議室".to_owned())));
    assert_eq!(event.contact.as_deref(), Some("訪問看護連絡会事務局"));

    town.say(&user, "自分の投稿").await;
    assert!(town.last(&user, 1).contains("提出済み 褥瘡ケア研修会"), "{}", town.last(&user, 1));
}

async fn write_rest(town: &Town, user: &str) {
    town.tap(user, "draft/category/training").await;
    for answer in [
        "褥瘡ケア研修会",
        "在宅での褥瘡の予防と評価について学びます。",
        "10月15日(木) 18:30〜20:00",
        "市民会館 第2会議室",
        "30名",
        "10月9日(金)",
        "無料",
        "訪問看護連絡会事務局",
        "スキップ",
        "スキップ",
    ] {
        town.say(user, answer).await;
    }
}

#[tokio::test]
async fn a_weekday_that_does_not_fit_the_date_is_said_and_asked_again() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/training").await;
    town.say(&user, "研修会").await;
    town.say(&user, "本文です。").await;
    town.say(&user, "10月5日(土) 18:30").await;
    let told = town.last(&user, 2);
    assert!(told.contains("土曜日ではなく月曜日です"), "{told}");
    town.say(&user, "10月5日(月) 18:30").await;
    assert!(town.last(&user, 1).contains("会場"), "{}", town.last(&user, 1));
}

#[tokio::test]
async fn a_returned_post_opens_at_its_field_with_the_comment_and_is_handed_in_again() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    write(&town, &user).await;
    town.say(&user, "提出する").await;
    let post = posts(&town).await.remove(0);
    staff(&town, By::Staff(town.checker), &post, Command::Take).await;
    let comment = "事務局の電話番号を入れてください".to_owned();
    let command = Command::Return { comment: comment.clone(), field: Some(Field::Contact) };
    staff(&town, By::Staff(town.checker), &post, command).await;
    let told = town.last(&user, 1);
    assert!(told.contains(&comment) && told.contains("問い合わせ先"), "{told}");
    assert_eq!(town.offered(&user), ["直して再提出"]);

    town.tap(&user, &format!("post/edit/{}", post.id)).await;
    let told = town.last(&user, 2);
    assert!(told.contains(&comment) && told.contains("問い合わせ先をお書きください"), "{told}");
    town.say(&user, "訪問看護連絡会事務局 03-0000-0000").await;
    assert!(town.offered(&user).contains(&"提出する".to_owned()), "{}", town.last(&user, 3));
    town.say(&user, "提出する").await;
    let post = posts(&town).await.remove(0);
    assert_eq!((post.state.name(), post.revisions.len()), ("submitted", 2));
    let contact = post.revision().unwrap().content.event.clone().unwrap().contact.unwrap();
    assert!(contact.contains("03-0000-0000"), "an office's number stays: {contact}");

    // And what was approved is what members get, exactly as previewed.
    let reader = town.member("読").await;
    staff(&town, By::Staff(town.checker), &post, Command::Take).await;
    staff(&town, By::Staff(town.approver), &post, Command::Approve { revision: 2, confirmed: true }).await;
    let at = town.centre.now();
    staff(&town, By::Staff(town.approver), &post, Command::Schedule { at, audience: Audience::Members })
        .await;
    let received = town.told(&reader).pop().unwrap();
    let shown = town
        .bot
        .renderer()
        .post_json(&post.revision().unwrap().content, lupinus_bot::render::Marks::default())
        .unwrap();
    assert_eq!(received, shown);
    assert!(matches!(posts(&town).await[0].state, PostState::Sent { .. }));
}

#[tokio::test]
async fn personal_information_in_a_draft_is_not_taken() {
    // R8
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "お知らせ").await;
    town.say(&user, "患者の佐藤花子様(住所:架空市桜町1丁目2番3号)の件です。").await;
    let told = town.last(&user, 2);
    assert!(told.contains("受け取っていません") && told.contains("本文を"), "{told}");
    let everything = town.everything().await;
    assert!(!everything.contains("佐藤花子") && !everything.contains("桜町1丁目"));
}

#[tokio::test]
async fn a_flyer_is_fetched_kept_and_needs_words_for_those_who_cannot_see_it() {
    // R18, R42
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "お知らせ").await;
    town.say(&user, "本文です。").await;
    let mut picture = b"\xff\xd8\xff\xe0".to_vec();
    picture.extend_from_slice(&[7; 2_000]);
    town.line.send_image(&user, picture.clone(), "image/jpeg").await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.last(&user, 2).contains("画像を見られない方"), "{}", town.last(&user, 2));
    town.say(&user, "研修の案内チラシ").await;
    town.say(&user, "完了").await;
    town.say(&user, "スキップ").await; // link
    let card = town.told(&user).into_iter().rev().find(|message| message["type"] == "flex").unwrap();
    let link = card["contents"]["hero"]["url"].as_str().unwrap().to_owned();
    town.tap(&user, "draft/checked").await;
    town.say(&user, "提出する").await;
    let post = posts(&town).await.remove(0);
    assert_eq!(post.revision().unwrap().content.attachments[0].alt, "研修の案内チラシ");
    let path = link.strip_prefix("https://bot.example.jp").unwrap();
    let answer = reqwest::get(format!("{}{path}", town.url)).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.bytes().await.unwrap(), picture);
    let mut guessed = path.to_owned();
    guessed.replace_range(10..11, if &path[10..11] == "A" { "B" } else { "A" });
    assert_eq!(reqwest::get(format!("{}{guessed}", town.url)).await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_post_is_withdrawn_with_a_reason_and_only_by_its_author() {
    // R16
    let town = Town::new().await;
    let (user, other) = (town.submitter("葵").await, town.submitter("楓").await);
    write(&town, &user).await;
    town.say(&user, "提出する").await;
    let id = posts(&town).await[0].id;
    town.tap(&other, &format!("post/withdraw/{id}")).await;
    assert!(town.last(&other, 1).contains("見つかりませんでした"));
    town.tap(&user, &format!("post/withdraw/{id}")).await;
    town.say(&user, "講師の都合がつかないため").await;
    let post = posts(&town).await.remove(0);
    assert_eq!(post.state, PostState::Withdrawn);
    assert_eq!(post.remarks[0].text, "講師の都合がつかないため");
}

#[tokio::test]
async fn one_who_is_no_submitter_is_told_how_to_become_one_and_wrong_codes_do_not_serve() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "投稿").await;
    assert!(town.last(&user, 1).contains("招待コード"));
    town.say(&user, "招待コード 22222-33333").await;
    assert!(town.last(&user, 1).contains("確認できませんでした"), "{}", town.last(&user, 1));
    town.tap(&user, "draft/submit").await;
    assert_eq!(posts(&town).await.len(), 0);
    assert_eq!(town.member_of(&user).await.submits_for, None);
}

#[tokio::test]
async fn drafts_that_were_left_wait_and_a_mended_post_does_not_push_a_new_one_out() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    write(&town, &user).await;
    town.say(&user, "提出する").await;
    let post = posts(&town).await.remove(0);
    staff(&town, By::Staff(town.checker), &post, Command::Take).await;
    let command = Command::Return { comment: "題名を詳しく".to_owned(), field: None };
    staff(&town, By::Staff(town.checker), &post, command).await;

    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "書きかけの題名").await;
    town.tap(&user, &format!("post/edit/{}", post.id)).await;
    town.tap(&user, "draft/edit/title").await;
    town.say(&user, "直した題名").await;
    town.say(&user, "相談").await; // something else comes in between
    town.tap(&user, &format!("post/edit/{}", post.id)).await;
    town.tap(&user, "draft/preview").await;
    assert!(town.last(&user, 2).contains("直した題名"), "{}", town.last(&user, 2));
    town.say(&user, "提出する").await;
    town.say(&user, "投稿").await;
    town.say(&user, "続きを書く").await;
    town.say(&user, "本文です。").await;
    town.tap(&user, "draft/preview").await;
    assert!(town.last(&user, 2).contains("書きかけの題名"), "{}", town.last(&user, 2));
}

#[tokio::test]
async fn a_picture_taken_back_or_discarded_is_removed_but_not_one_that_a_post_holds() {
    // R9
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    let begin = async || {
        town.tap(&user, "draft/new").await;
        town.tap(&user, "draft/category/notice").await;
        town.say(&user, "お知らせ").await;
        town.say(&user, "本文です。").await;
    };
    let send = async |fill: u8| {
        let mut picture = b"\xff\xd8\xff\xe0".to_vec();
        picture.extend_from_slice(&[fill; 500]);
        let hash = lupinus_core::hash::Sha256Hash::of(&picture);
        let message = town.line.send_image(&user, picture, "image/jpeg").await.unwrap();
        town.bot.drain().await.unwrap();
        (message, hash)
    };
    begin().await;
    let (_, handed_in) = send(1).await;
    town.say(&user, "案内チラシ").await;
    town.tap(&user, "draft/preview").await;
    town.tap(&user, "draft/checked").await;
    town.say(&user, "提出する").await;
    assert!(town.blobs.get(handed_in).await.unwrap().is_some(), "{}", town.last(&user, 2));

    begin().await;
    let (message, taken_back) = send(2).await;
    assert!(town.blobs.get(taken_back).await.unwrap().is_some());
    town.line.unsend(&user, &message).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.blobs.get(taken_back).await.unwrap().is_none());

    begin().await;
    let (_, discarded) = send(3).await;
    send(1).await; // the same as in the post, at once with the other
    assert!(town.last(&user, 2).contains("画像を見られない方"), "{}", town.last(&user, 2));
    town.say(&user, "一枚目").await;
    assert!(town.last(&user, 1).contains("画像を見られない方"), "{}", town.last(&user, 1));
    town.say(&user, "二枚目").await;
    town.tap(&user, "draft/preview").await;
    assert!(town.last(&user, 2).contains("一枚目") && town.last(&user, 2).contains("二枚目"));
    town.tap(&user, "draft/discard").await;
    assert!(town.blobs.get(discarded).await.unwrap().is_none());
    assert!(town.blobs.get(handed_in).await.unwrap().is_some());
}

#[tokio::test]
async fn a_deadline_after_the_event_is_said_at_once_and_the_link_can_be_changed() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/training").await;
    for answer in ["研修会", "本文です。", "10月15日(木) 18:30", "市民会館", "30名", "10月20日"]
    {
        town.say(&user, answer).await;
    }
    let told = town.last(&user, 2);
    assert!(told.contains("開催日より後") && told.contains("申込締切をお書き"), "{told}");
    town.say(&user, "10月9日").await;
    assert!(town.last(&user, 1).contains("参加費"), "{}", town.last(&user, 1));
    town.tap(&user, "draft/which").await;
    assert!(town.offered(&user).contains(&"リンク".to_owned()), "{:?}", town.offered(&user));
}

#[tokio::test]
async fn a_word_for_skipping_is_never_the_text_of_a_field() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "お知らせ").await;
    for word in ["スキップ", "次へ"] {
        town.say(&user, word).await;
        let told = town.last(&user, 2);
        assert!(told.contains("本文は省略できません") && told.contains("本文を"), "{word}: {told}");
    }
}

#[tokio::test]
async fn what_is_written_where_a_code_is_expected_is_no_consultation() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "投稿者登録").await;
    for wrong in ["わかりません", "2 2 2 2 2 3 3 3 3 3", "ＡＢＣＤＥＦＧＨＪＫ"] {
        town.say(&user, wrong).await;
        assert!(town.last(&user, 1).contains("確認できませんでした"), "{wrong}: {}", town.last(&user, 1));
        assert_eq!(town.offered(&user), ["やめる"], "{wrong}");
    }
}

#[tokio::test]
async fn that_an_event_is_called_off_is_a_reason_for_withdrawing_and_no_change_of_mind() {
    // R16
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    write(&town, &user).await;
    town.say(&user, "提出する").await;
    let id = posts(&town).await[0].id;
    for word in ["やめる", "キャンセル", "戻る"] {
        town.tap(&user, &format!("post/withdraw/{id}")).await;
        town.say(&user, word).await;
        assert_eq!(posts(&town).await[0].state, PostState::Submitted, "{word}");
    }
    town.tap(&user, &format!("post/withdraw/{id}")).await;
    town.say(&user, "中止").await;
    let post = posts(&town).await.remove(0);
    assert_eq!(post.state, PostState::Withdrawn, "{}", town.last(&user, 1));
    assert_eq!(post.remarks[0].text, "中止");
}

#[tokio::test]
async fn the_words_for_a_picture_are_taken_back_with_their_message_and_asked_for_again() {
    // R9
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "お知らせ").await;
    town.say(&user, "本文です。").await;
    let mut hashes = Vec::new();
    let mut messages = Vec::new();
    for fill in [1, 2] {
        let mut picture = b"\xff\xd8\xff\xe0".to_vec();
        picture.extend_from_slice(&[fill; 500]);
        hashes.push(lupinus_core::hash::Sha256Hash::of(&picture));
        messages.push(town.line.send_image(&user, picture, "image/jpeg").await.unwrap());
        town.bot.drain().await.unwrap();
    }
    town.say(&user, "一枚目の説明").await;
    let words = town.say(&user, "取り消したい説明").await;
    town.line.unsend(&user, &words).await.unwrap();
    town.bot.drain().await.unwrap();
    let all = town.everything().await;
    assert!(!all.contains("取り消したい説明") && all.contains("一枚目の説明"));
    town.say(&user, "完了").await;
    assert!(town.last(&user, 1).contains("画像を見られない方"), "{}", town.last(&user, 1));
    town.say(&user, "書き直した説明").await;

    // And a picture taken back takes only itself.
    town.line.unsend(&user, &messages[0]).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.blobs.get(hashes[0]).await.unwrap().is_none());
    assert!(town.blobs.get(hashes[1]).await.unwrap().is_some());
    town.say(&user, "完了").await;
    town.say(&user, "スキップ").await; // link
    town.tap(&user, "draft/checked").await;
    town.say(&user, "提出する").await;
    let post = posts(&town).await.remove(0);
    let attachments = &post.revision().unwrap().content.attachments;
    assert_eq!(attachments.iter().map(|a| a.alt.as_str()).collect::<Vec<_>>(), ["書き直した説明"]);
}

#[tokio::test]
async fn a_date_with_something_after_it_is_asked_about_and_nothing_of_it_is_lost_silently() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/training").await;
    town.say(&user, "研修会").await;
    town.say(&user, "本文です。").await;
    town.say(&user, "10月5日・12日").await;
    let told = town.last(&user, 1);
    assert!(told.contains("10月5日(月)") && told.contains("「この日付にする」"), "{told}");
    town.say(&user, "10月5日(月)18:30開場 19:00開演").await;
    let told = town.last(&user, 1);
    assert!(told.contains("10月5日(月) 18:30") && told.contains("「この日付にする」"), "{told}");
    town.say(&user, "この日付にする").await;
    assert!(town.last(&user, 1).contains("会場"), "{}", town.last(&user, 1));
    town.say(&user, "市民会館").await;
    for unclear in ["30〜40名", "会場20名、オンライン10名"] {
        town.say(&user, unclear).await;
        assert!(town.last(&user, 2).contains("人数を数字で"), "{unclear}: {}", town.last(&user, 2));
    }
    town.say(&user, "1,000名").await;
    // A deadline is a day: its hour is said back, and not dropped.
    town.say(&user, "9月30日(水)17:00まで").await;
    assert!(town.last(&user, 2).contains("すでに過ぎています"), "{}", town.last(&user, 2));
    town.say(&user, "10月2日(金)17:00まで").await;
    let told = town.last(&user, 1);
    assert!(told.contains("「10月2日(金)」") && told.contains("「この日付にする」"), "{told}");
    town.say(&user, "この日付にする").await;
    town.say(&user, "無料").await;
    for _ in 0..3 {
        town.say(&user, "スキップ").await;
    }
    town.say(&user, "提出する").await;
    let event = posts(&town).await[0].revision().unwrap().content.event.clone().unwrap();
    assert_eq!(event.date, jiff::civil::date(2026, 10, 5));
    assert_eq!(event.starts, Some(jiff::civil::time(18, 30, 0, 0)));
    assert_eq!(event.apply_by, Some(jiff::civil::date(2026, 10, 2)));
    assert_eq!(event.capacity, Some(1_000));
}

#[tokio::test]
async fn a_flyer_sent_before_it_is_asked_for_is_kept_for_the_draft() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    let flyer = async || town.send(&user, "file", "flyer.pdf", b"%PDF-1.7 flyer").await;
    // Outside of a draft it is told where it belongs, and not taken.
    flyer().await;
    let told = town.last(&user, 1);
    assert!(told.contains("「投稿」") && told.contains("保存もしていません"), "{told}");
    assert!(town.line.requests().iter().all(|request| !request.path.contains("/content")));

    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    flyer().await;
    let told = town.last(&user, 2);
    assert!(told.contains("お預かりしました") && told.contains("タイトルを"), "{told}");
    town.say(&user, "お知らせ").await;
    town.say(&user, "本文です。").await;
    assert!(town.last(&user, 1).contains("画像を見られない方"), "{}", town.last(&user, 1));
    town.say(&user, "案内チラシ").await;
    town.say(&user, "完了").await;
    town.say(&user, "スキップ").await; // link
    town.tap(&user, "draft/checked").await;
    town.say(&user, "提出する").await;
    let post = posts(&town).await.remove(0);
    assert_eq!(post.revision().unwrap().content.attachments[0].alt, "案内チラシ");
}

#[tokio::test]
async fn what_cannot_be_attached_is_said_and_the_answers_stay_on_the_screen() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "お知らせ").await;
    town.say(&user, "本文です。").await;
    for kind in ["video", "audio"] {
        town.send(&user, kind, "x", b"moving").await;
        let told = town.last(&user, 2);
        assert!(told.contains("画像(JPEG・PNG)とPDFだけ") && !told.contains("相談"), "{kind}: {told}");
        assert!(town.offered(&user).contains(&"スキップ".to_owned()), "{kind}");
    }
    for fill in 1..=4 {
        let mut picture = b"\xff\xd8\xff\xe0".to_vec();
        picture.extend_from_slice(&[fill; 500]);
        town.line.send_image(&user, picture, "image/jpeg").await.unwrap();
        town.bot.drain().await.unwrap();
        if fill < 4 {
            town.say(&user, &format!("{fill}枚目")).await;
        }
    }
    let told = town.last(&user, 2);
    assert!(told.contains("添付は3つまで") && told.contains("画像(JPEG・PNG)かPDFを"), "{told}");
    assert!(town.offered(&user).contains(&"完了".to_owned()), "{:?}", town.offered(&user));
    let sticker = serde_json::json!({ "type": "sticker", "packageId": "1", "stickerId": "1" });
    town.line.send_message(&user, sticker).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.offered(&user).contains(&"完了".to_owned()), "{:?}", town.offered(&user));
    town.say(&user, "完了").await;
    town.say(&user, "スキップ").await; // link
    town.tap(&user, "draft/checked").await;
    town.say(&user, "提出する").await;
    assert_eq!(posts(&town).await[0].revision().unwrap().content.attachments.len(), 3);
}

#[tokio::test]
async fn a_file_that_members_could_not_open_is_not_asked_for_not_taken_and_never_dropped_silently() {
    // R18
    let town = Town::at(None).await;
    let user = town.submitter("葵").await;
    let said = "まだ写真・PDFの添付をお届けできません";
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.send(&user, "file", "flyer.pdf", b"%PDF-1.7 flyer").await;
    let told = town.last(&user, 2);
    assert!(told.contains(said) && told.contains("タイトルを"), "{told}");
    assert!(town.line.requests().iter().all(|request| !request.path.contains("/content")));
    town.say(&user, "お知らせ").await;
    town.say(&user, "本文です。").await;
    let told = town.last(&user, 2);
    assert!(told.contains(said) && told.contains("https://"), "the link is asked for: {told}");

    // One that comes another way is refused, and one that was approved before is not sent without its file.
    let attachment = lupinus_core::post::Attachment {
        name: "flyer.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 1,
        sha256: lupinus_core::hash::Sha256Hash::of(b"flyer"),
        alt: "案内".to_owned(),
        look: None,
        checked: true,
    };
    let content = lupinus_core::post::Content {
        category: lupinus_core::post::Category::Notice,
        title: "お知らせ".to_owned(),
        body: "本文です。".to_owned(),
        event: None,
        attachments: vec![attachment],
        link: None,
        expires_at: None,
        sender: None,
    };
    let problems = town.centre.check_content(&content).problems;
    assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), [Field::Attachment]);
    let draft = lupinus_core::service::Draft {
        content: content.clone(),
        urgency: lupinus_core::post::Urgency::Normal,
        audience: Audience::Members,
        body: None,
    };
    let (by, draft) = (By::Member(town.member_of(&user).await.id), &draft);
    let refused = town
        .centre
        .transact(|mut work| async move {
            let post = work.draft_and_submit(by, draft.clone()).await?;
            work.done(post)
        })
        .await;
    assert!(refused.is_err(), "{refused:?}");
    let shown = town.bot.renderer().post_json(&content, lupinus_bot::render::Marks::default());
    assert!(matches!(shown, Err(lupinus_bot::render::RenderError::NoLink)), "{shown:?}");
}
#[tokio::test]
async fn where_the_bot_has_an_address_without_https_a_picture_is_a_link() {
    let town = Town::at(Some("http://127.0.0.1:8080")).await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    town.say(&user, "お知らせ").await;
    town.say(&user, "本文です。").await;
    town.send(&user, "image", "x.jpg", b"\xff\xd8\xff\xe0 picture").await;
    town.say(&user, "案内チラシ").await;
    town.say(&user, "完了").await;
    town.say(&user, "スキップ").await; // link
    let card = town.told(&user).into_iter().rev().find(|message| message["type"] == "flex").unwrap();
    assert!(card["contents"].get("hero").is_none(), "LINE shows pictures by https alone");
    let button = &card["contents"]["footer"]["contents"][0]["action"];
    let path = button["uri"].as_str().unwrap().strip_prefix("http://127.0.0.1:8080").unwrap();
    assert_eq!(reqwest::get(format!("{}{path}", town.url)).await.unwrap().status(), 200);
}
