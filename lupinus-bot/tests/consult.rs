//! Consultations as members have them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    blob::Blob as _,
    consultation::{Command, Consultation, State, Topic},
    service::By,
    store::{Entity, Scan, StoreExt},
};
use support::{Town, local};

async fn all(town: &Town) -> Vec<Consultation> {
    let all = town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 1_000).await.unwrap();
    all.into_iter().map(|stored| stored.value).collect()
}

async fn staff(town: &Town, consultation: &Consultation, command: Command) {
    let (by, id, command) = (By::Staff(town.consultant), consultation.id, &command);
    town.centre
        .transact(|mut work| async move {
            let handled = work.consultation_command(by, id, command.clone()).await?;
            work.done(handled)
        })
        .await
        .unwrap();
    town.bot.drain().await.unwrap();
}

#[tokio::test]
async fn a_question_in_opening_hours_is_taken_answered_and_resolved() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    assert!(town.last(&user, 2).contains("氏名、住所、電話番号などは書かないで")); // R5
    town.tap(&user, "consult/topic/discharge").await;
    town.say(&user, "退院前カンファレンスの進め方を教えてください").await;
    let received = town.last(&user, 1);
    assert!(received.contains("受け付けました") && received.contains("書かないで"), "{received}"); // R5
    assert!(!received.contains("閉庁"));
    let open = all(&town).await;
    assert_eq!((open.len(), open[0].topic), (1, Some(Topic::Discharge)));

    staff(&town, &open[0], Command::Take).await;
    staff(&town, &open[0], Command::Answer { text: "様式をお送りします。".to_owned() }).await;
    assert!(town.last(&user, 1).contains("様式をお送りします。"));
    town.say(&user, "ありがとうございます。届きました").await;
    assert_eq!(all(&town).await[0].thread.len(), 3);
    town.say(&user, "解決した").await;
    assert!(town.last(&user, 1).contains("解決"));
    assert!(matches!(all(&town).await[0].state, State::Resolved { .. }));
    // Every answer to what the member had just done was a reply, free of charge.
    let pushes = town.line.requests().iter().filter(|r| r.path.ends_with("/push")).count();
    assert_eq!(pushes, 1, "the answer alone is a push");
}

#[tokio::test]
async fn skipping_the_topic_is_no_question() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談する").await;
    town.say(&user, "スキップ").await;
    assert!(all(&town).await.is_empty());
    assert!(town.last(&user, 1).contains("ご相談の内容をお書きください"));
    town.say(&user, "土曜日に輸液ポンプを貸してくれる事業者はありますか").await;
    assert_eq!(all(&town).await[0].thread[0].text.as_deref().map(|text| text.chars().count()), Some(25));
}

#[tokio::test]
async fn outside_opening_hours_the_next_opening_is_told_once() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.clock.set(local(2026, 10, 3, 21)); // a Saturday night
    town.say(&user, "相談").await;
    town.say(&user, "福祉用具の相談先は").await;
    let told = town.last(&user, 1);
    assert!(told.contains("閉庁") && told.contains("10月5日(月) 8:30"), "{told}");
    let count = town.told(&user).len();
    town.say(&user, "追加です。車いすです").await;
    assert_eq!(town.told(&user).len(), count, "not said twice");
    assert_eq!(all(&town).await[0].thread.len(), 2);
}

#[tokio::test]
async fn what_is_personal_is_masked_before_anything_is_kept_and_the_member_is_told_how_to_unsend() {
    // R8
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    let (phone, number) = ("090-8765-4321", "0123456789");
    let text = format!("電話は{phone}、介護保険の被保険者番号は{number}です。訪問入浴を探しています");
    town.line.say(&user, &text).await.unwrap();
    // Not even in the inbox, before anything was worked on.
    let waiting = town.everything().await;
    assert!(
        waiting.contains("訪問入浴を探しています") && !waiting.contains(phone) && !waiting.contains(number)
    );
    town.bot.drain().await.unwrap();
    let told = town.last(&user, 2);
    assert!(told.contains("送信取消") && told.contains("電話番号"), "{told}");
    let everything = town.everything().await;
    assert!(everything.contains("訪問入浴を探しています"), "the premise: the store is looked through");
    for canary in [phone, number, "8765"] {
        assert!(!everything.contains(canary), "{canary}");
    }
    let text = all(&town).await[0].thread[0].text.clone().unwrap();
    assert!(text.contains("██電話番号██") && text.contains("訪問入浴"), "{text}");
}

#[tokio::test]
async fn who_takes_a_masked_question_back_was_told_that_it_goes_with_it_and_asks_it_again() {
    // R8, R9
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    let masked = town.say(&user, "090-8765-4321の方に合う訪問入浴を探しています").await;
    let told = town.last(&user, 2);
    assert!(told.contains("送信取消") && told.contains("伏せてお預かりした文も消えます"), "{told}");
    assert!(told.contains("もう一度ここにお書きください"), "{told}");
    town.line.unsend(&user, &masked).await.unwrap();
    town.bot.drain().await.unwrap();
    town.say(&user, "80代の方に合う訪問入浴を探しています").await;
    let asked = all(&town).await;
    let texts: Vec<_> = asked[0].thread.iter().map(|entry| entry.text.as_deref()).collect();
    assert_eq!((asked.len(), texts), (1, vec![None, Some("80代の方に合う訪問入浴を探しています")]));
}

#[tokio::test]
async fn a_message_taken_back_is_gone_from_the_consultation_and_the_dialogue() {
    // R9
    let town = Town::new().await;
    let user = town.member("花").await;
    let kept = town.say(&user, "独り言のような質問").await;
    town.line.unsend(&user, &kept).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(!town.everything().await.contains("独り言"));

    town.say(&user, "相談").await;
    let sent = town.say(&user, "取り消したい内容").await;
    town.line.unsend(&user, &sent).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(!town.everything().await.contains("取り消したい"));
    assert_eq!(all(&town).await[0].thread[0].text, None);
}

#[tokio::test]
async fn a_message_taken_back_is_gone_from_the_profile_unless_another_has_taken_its_place() {
    // R9
    let town = Town::new().await;
    let user = town.member("花").await;
    town.tap(&user, "profile/change/organisation").await;
    let first = town.say(&user, "あおぞら訪問看護ステーション").await;
    town.tap(&user, "profile/change/organisation").await;
    let second = town.say(&user, "みどり薬局").await;
    town.line.unsend(&user, &first).await.unwrap();
    town.bot.drain().await.unwrap();
    assert_eq!(town.member_of(&user).await.organisation.as_deref(), Some("みどり薬局"));
    town.line.unsend(&user, &second).await.unwrap();
    town.bot.drain().await.unwrap();
    assert_eq!(town.member_of(&user).await.organisation, None);
    assert!(!town.everything().await.contains("みどり薬局"));

    // Also when they blocked the account in between.
    town.tap(&user, "profile/change/organisation").await;
    let third = town.say(&user, "さくら歯科").await;
    town.line.unfollow(&user).await.unwrap();
    town.bot.drain().await.unwrap();
    town.bot.sweep().await.unwrap();
    town.line.follow(&user).await.unwrap();
    town.line.unsend(&user, &third).await.unwrap();
    town.bot.drain().await.unwrap();
    assert_eq!(town.member_of(&user).await.organisation, None);
}

#[tokio::test]
async fn a_text_outside_any_dialogue_waits_for_one_tap_and_is_not_lost() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "往診してくれる眼科はありますか").await;
    assert_eq!(all(&town).await.len(), 0);
    assert_eq!(town.offered(&user)[0], "相談として送る");
    town.say(&user, "できれば北部で").await;
    town.say(&user, "マイページ").await; // something else in between
    town.say(&user, "相談として送る").await;
    let opened = all(&town).await;
    assert_eq!(opened.len(), 1);
    let texts: Vec<_> = opened[0].thread.iter().filter_map(|entry| entry.text.as_deref()).collect();
    assert_eq!(texts, ["往診してくれる眼科はありますか", "できれば北部で"]);
    // From now on what they write joins it.
    town.say(&user, "平日の午後が希望です").await;
    assert_eq!(all(&town).await[0].thread.len(), 3);
}

#[tokio::test]
async fn a_text_is_masked_as_a_chat_when_the_draft_it_was_meant_for_is_not_certain() {
    // R8: two texts in one body; the first may end the dialogue that the second was screened for.
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    town.tap(&user, "draft/category/notice").await;
    let event = |id: &str, message: &str, text: &str, at: i64| {
        serde_json::json!({
            "type": "message", "timestamp": town.line.now().as_millisecond() + at, "webhookEventId": id,
            "source": { "type": "user", "userId": user },
            "message": { "id": message, "type": "text", "text": text, "quoteToken": "q" },
        })
    };
    let both = vec![event("01A", "901", "やめる", 1), event("01B", "902", "電話は03-1234-5678です", 2)];
    town.line.send_events(both).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(!town.everything().await.contains("1234-5678"));
}

#[tokio::test]
async fn a_text_that_is_not_to_be_sent_is_deleted_at_a_tap() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "まちがえて送りました").await;
    town.say(&user, "送らずに消す").await;
    assert!(!town.everything().await.contains("まちがえて"));
    assert_eq!(all(&town).await.len(), 0);
}

#[tokio::test]
async fn pictures_places_and_stickers_are_refused_kindly_and_never_fetched() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    town.line.send_image(&user, b"\xff\xd8\xff picture".to_vec(), "image/jpeg").await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.last(&user, 1).contains("お受けできません"));
    assert!(town.line.requests().iter().all(|request| !request.path.contains("/content")));
    let place = serde_json::json!({
        "type": "location", "title": "自宅", "address": "架空市架空町1-2-3", "latitude": 35.0, "longitude": 139.0
    });
    town.line.send_message(&user, place).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.last(&user, 1).contains("位置情報"));
    assert!(!town.everything().await.contains("架空町"));
    // The topics can still be chosen by their names, and the question asked.
    assert!(town.offered(&user).contains(&"薬".to_owned()), "{:?}", town.offered(&user));
    town.say(&user, "薬").await;
    town.say(&user, "改めて質問します").await;
    assert_eq!(all(&town).await.len(), 1);
}

#[tokio::test]
async fn a_new_version_of_the_rules_is_asked_for_before_the_next_consultation() {
    // R6
    let town = Town::new().await;
    let user = town.member("花").await;
    town.accepted_older_rules(&user).await;
    town.say(&user, "相談").await;
    assert!(town.last(&user, 2).contains("利用ルールが新しくなりました"));
    town.say(&user, "参加").await;
    town.tap(&user, "rules/accept").await;
    town.say(&user, "相談").await;
    assert!(town.last(&user, 1).contains("ご相談の内容"));
}

#[tokio::test]
async fn a_held_sentence_does_not_keep_later_texts_from_the_open_consultation() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "独り言です").await;
    town.say(&user, "相談").await;
    town.say(&user, "車いすの貸出先は").await;
    town.say(&user, "週末に使います").await;
    let opened = all(&town).await;
    assert_eq!(opened.len(), 1);
    let texts: Vec<_> = opened[0].thread.iter().filter_map(|entry| entry.text.as_deref()).collect();
    assert_eq!(texts, ["車いすの貸出先は", "週末に使います"]);
}

#[tokio::test]
async fn a_message_that_was_taken_back_before_it_arrived_is_never_kept() {
    // R9: LINE promises no order, and delivers again what could not be stored.
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    let user_json = serde_json::json!({"type": "user", "userId": user});
    let unsend = serde_json::json!({
        "type": "unsend", "source": user_json, "unsend": {"messageId": "571900000000009999"},
    });
    let message = serde_json::json!({
        "type": "message", "source": user_json,
        "message": {"type": "text", "id": "571900000000009999", "text": "取り消したはずの相談です"},
    });
    town.line.send_events(vec![unsend]).await.unwrap();
    town.bot.drain().await.unwrap();
    town.line.send_events(vec![message]).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(all(&town).await.is_empty());
    assert!(!town.everything().await.contains("取り消したはず"));
    // Another one is heard.
    town.say(&user, "こちらは届く相談です").await;
    assert_eq!(all(&town).await.len(), 1);
    town.clock.advance(std::time::Duration::from_hours(8 * 24));
    town.bot.sweep().await.unwrap();
    assert!(!town.everything().await.contains("571900000000009999"));
}

#[tokio::test]
async fn while_lines_own_chat_is_on_no_new_consultation_is_opened() {
    // R2
    let town = Town::new().await;
    let user = town.member("花").await;
    let settings = |mode: &str| serde_json::from_value(serde_json::json!({ "chatMode": mode })).unwrap();
    town.line.set_settings(settings("chat"));
    town.bot.check_chat_mode().await.unwrap();
    let noted = town.centre.reception().await.unwrap().unwrap();
    assert!(!noted.is_open, "the centre's desk must know");
    town.say(&user, "相談").await;
    assert!(town.last(&user, 1).contains("準備中"), "{}", town.last(&user, 1));
    town.tap(&user, "consult/topic/discharge").await;
    town.say(&user, "往診医を探しています").await;
    assert!(all(&town).await.is_empty());
    assert!(town.last(&user, 1).contains("準備中"), "{}", town.last(&user, 1));
    // Nothing of it is kept, neither for later nor on the disk.
    town.say(&user, "独り言のような質問").await;
    assert!(town.last(&user, 1).contains("お預かりしていません"), "{}", town.last(&user, 1));
    let everything = town.everything().await;
    assert!(!everything.contains("往診医を探しています") && !everything.contains("独り言"), "kept");
    town.line.set_settings(settings("bot"));
    town.bot.check_chat_mode().await.unwrap();
    assert!(town.centre.reception().await.unwrap().unwrap().is_open);
    town.say(&user, "相談").await;
    town.say(&user, "往診医を探しています").await;
    assert_eq!(all(&town).await.len(), 1);
}

#[tokio::test]
async fn an_open_consultation_takes_nothing_more_while_lines_own_chat_is_on_and_what_waits_goes_on_waiting() {
    // R2
    let town = Town::new().await;
    let (asks, waits) = (town.member("花").await, town.member("楓").await);
    town.say(&asks, "相談").await;
    town.say(&asks, "車いすの貸出先は").await;
    town.say(&waits, "往診してくれる眼科はありますか").await;
    let settings = |mode: &str| serde_json::from_value(serde_json::json!({ "chatMode": mode })).unwrap();
    town.line.set_settings(settings("chat"));
    town.bot.check_chat_mode().await.unwrap();
    town.say(&asks, "週末に使います").await;
    assert!(town.last(&asks, 1).contains("準備中"), "{}", town.last(&asks, 1));
    assert_eq!(all(&town).await[0].thread.len(), 1);
    town.say(&waits, "相談として送る").await;
    assert!(town.last(&waits, 1).contains("そのままお預かりしています"), "{}", town.last(&waits, 1));
    assert_eq!(all(&town).await.len(), 1);
    town.line.set_settings(settings("bot"));
    town.bot.check_chat_mode().await.unwrap();
    town.say(&waits, "相談として送る").await;
    town.say(&asks, "週末に使います").await;
    let mut lengths: Vec<_> = all(&town).await.iter().map(|one| one.thread.len()).collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [1, 2]);
}

/// What somebody is told who asks while the bot starts.
async fn told_at_the_start(town: &Town, user: &str) -> String {
    town.line.say(user, "相談").await.unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let (bot, token) = (town.bot.clone(), stop.clone());
    let running = tokio::spawn(async move { bot.run(token).await });
    let answered = async {
        let before = town.told(user).len();
        while town.told(user).len() == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), answered).await.unwrap();
    stop.cancel();
    running.await.unwrap().unwrap();
    town.last(user, 1)
}

#[tokio::test]
async fn whether_lines_own_chat_is_on_is_known_before_the_first_event_is_worked_off() {
    // R2
    let town = Town::new().await;
    let user = town.member("花").await;
    let settings = serde_json::from_value(serde_json::json!({ "chatMode": "chat" })).unwrap();
    town.line.set_settings(settings);
    let told = told_at_the_start(&town, &user).await;
    assert!(told.contains("準備中"), "{told}");
}

#[tokio::test]
async fn what_line_said_of_its_chat_before_the_start_stands_until_it_answers_again() {
    // R2
    let town = Town::new().await;
    let user = town.member("花").await;
    town.centre.note_reception(false).await.unwrap();
    town.line.fault(lupinus_emulator::Fault::new("GET", "/v2/bot/info").status(500).times(99));
    let told = told_at_the_start(&town, &user).await;
    assert!(told.contains("準備中"), "{told}");
}

#[tokio::test]
async fn where_the_city_takes_them_a_picture_is_held_for_a_persons_look_and_leaves_when_taken_back() {
    // R9, R11
    use lupinus_core::{
        consultation::{ConsultationPolicy, MediaState, Verdict},
        policy::Policy,
    };
    let consultations = ConsultationPolicy { holds_media: true, ..ConsultationPolicy::default() };
    let town = Town::under(Policy { consultations, ..Policy::default() }).await;
    let user = town.member("花").await;
    let send = async |bytes: &[u8]| town.send(&user, "image", "photo.jpg", bytes).await;
    send(b"\xff\xd8\xff first").await;
    assert!(
        town.last(&user, 1).contains("お受けできません"),
        "no consultation is open: {}",
        town.last(&user, 1)
    );
    assert!(town.line.requests().iter().all(|request| !request.path.contains("/content")));

    town.say(&user, "相談").await;
    town.say(&user, "この器具の名前を教えてください").await;
    let picture: &[u8] = b"\xff\xd8\xff second";
    let message = send(picture).await;
    assert!(town.last(&user, 1).contains("ほかの職員には見えません"), "{}", town.last(&user, 1));
    let held = |consultation: &Consultation| consultation.thread[1].media.clone().unwrap();
    let hash = lupinus_core::hash::Sha256Hash::of(picture);
    let open = all(&town).await.remove(0);
    assert_eq!(held(&open).state, MediaState::Held { sha256: hash, viewer: None });
    // The sweeper leaves it alone; taking it back removes it.
    town.bot.sweep_files(std::time::Duration::ZERO).await;
    assert!(town.blobs.get(hash).await.unwrap().is_some());
    town.line.unsend(&user, &message).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.blobs.get(hash).await.unwrap().is_none());
    assert!(all(&town).await[0].thread[1].media.is_none());

    send(b"\xff\xd8\xff third").await;
    let open = all(&town).await.remove(0);
    let entry = open.thread[2].id;
    staff(&town, &open, Command::Look { entry, instead_of: None }).await;
    staff(&town, &open, Command::Settle { entry, verdict: Verdict::Remove }).await;
    assert!(town.last(&user, 1).contains("保存せずに消しました"), "{}", town.last(&user, 1));
    town.send(&user, "file", "memo.txt", b"text").await;
    assert!(town.last(&user, 1).contains("画像(JPEG・PNG)とPDFだけ"), "{}", town.last(&user, 1));
}
