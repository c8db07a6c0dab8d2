//! All of it without a single tap: PC LINE shows neither answers to tap nor a menu (R44). And the rule, wherever somebody writes
//! (R5).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    consultation::{Consultation, Topic},
    member::Profession,
    post::{Category, Post},
    store::{Entity, Scan, StoreExt},
};
use serde_json::Value;
use support::Town;

/// Somebody at a PC: they see texts and cards, and no answers to tap. What is shown since they typed last.
struct Pc<'t> {
    town: &'t Town,
    user: String,
    shown: String,
}

impl<'t> Pc<'t> {
    async fn of(town: &'t Town, user: String) -> Self {
        let mut pc = Self { town, user, shown: String::new() };
        pc.write("使い方").await;
        pc
    }

    /// Types a word that the screen names, or the number of something that it lists.
    async fn choose(&mut self, word: &str) {
        let listed = format!("{word} ");
        let named = self.shown.contains(&format!("「{word}」"))
            || self.shown.contains(&format!("・{word} …"))
            || self.shown.split(['\n', '/']).any(|entry| entry.trim_start().starts_with(&listed));
        assert!(named, "nothing on the screen says that {word} can be typed:\n{}", self.shown);
        self.write(word).await;
    }

    /// Types the number before these words.
    async fn pick(&mut self, label: &str) {
        let entry = self.shown.split(['\n', '/']).map(str::trim).find(|entry| entry.ends_with(label));
        let Some((number, _)) = entry.and_then(|entry| entry.split_once(' ')) else {
            panic!("{label} is not listed:\n{}", self.shown)
        };
        let number = number.to_owned();
        self.write(&number).await;
    }

    /// Types something. Where something is to be written after it, the rule stands (R5).
    async fn write(&mut self, text: &str) {
        let before = self.town.told(&self.user).len();
        self.town.say(&self.user, text).await;
        let count = self.town.told(&self.user).len() - before;
        self.shown = self.town.last(&self.user, count);
        if self.writes().await {
            assert!(self.shown.contains("書かないでください"), "no rule after {text}:\n{}", self.shown);
        }
    }

    /// Whether the dialogue waits for words of theirs.
    async fn writes(&self) -> bool {
        let scan = Scan::keys(lupinus_core::store::Kind::from_name("dialogue"));
        let contact = lupinus_core::ids::ContactId::new(&self.user);
        let member = self.town.centre.member_by_contact(&contact).await.unwrap();
        let Some(id) = member.map(|member| member.value.id.to_string()) else { return false };
        let all = self.town.store.scan(&scan).await.unwrap().records;
        let Some(dialogue) = all.iter().find(|record| record.body.contains(&id)) else { return false };
        let dialogue: Value = serde_json::from_str(&dialogue.body).unwrap();
        match dialogue["step"]["is"].as_str().unwrap() {
            "idle" => false,
            "draft" => !matches!(dialogue["step"]["asking"].as_str(), Some("preview" | "which")),
            _ => true,
        }
    }
}

#[tokio::test]
async fn a_member_at_a_pc_is_shown_everything_that_can_be_typed() {
    // R44, R5
    let town = Town::new().await;
    let user = town.friend("花").await;
    let mut pc = Pc::of(&town, user).await;
    pc.write("参加").await;
    pc.choose("同意して参加する").await;
    pc.write("99").await;
    assert!(pc.shown.contains("一覧にない"), "{}", pc.shown);
    pc.pick("リハビリ").await;
    pc.pick("作業療法士(OT)").await;
    pc.choose("スキップ").await;
    pc.write("どこでも").await;
    assert!(pc.shown.contains("一覧にない"), "{}", pc.shown);
    pc.pick("南部圏域").await;
    pc.pick("感染症").await;
    pc.choose("完了").await;
    pc.choose("マイページ").await;
    pc.pick("圏域を変える").await;
    pc.pick("北部圏域").await;
    pc.choose("マイページ").await;
    pc.pick("職種を消す").await;
    let member = town.member_of(&pc.user).await;
    assert_eq!((member.profession, member.organisation), (None, None));
    assert_eq!(member.area.unwrap().0, "北部圏域");
    assert_eq!(member.topics.into_iter().collect::<Vec<_>>(), [Category::Infection]);

    pc.write("使い方").await;
    pc.choose("相談").await;
    pc.choose("ほかの話題").await;
    pc.choose("やめる").await;
    pc.write("往診医を探しています").await;
    pc.choose("相談として送る").await;
    pc.write("相談").await;
    pc.choose("解決した").await;
    pc.write("まちがえて送りました").await;
    pc.choose("送らずに消す").await;
    pc.write("投稿者登録").await;
    pc.choose("やめる").await;
    pc.write("退会").await;
    pc.choose("すべて消して退会する").await;
    assert!(pc.shown.contains("登録と記録を消しました"), "{}", pc.shown);
}

#[tokio::test]
async fn a_secretary_at_a_pc_hands_in_mends_and_withdraws_by_what_the_screen_says() {
    // R44, R5
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    let mut pc = Pc::of(&town, user).await;
    pc.choose("投稿").await;
    pc.choose("ほかのカテゴリ").await;
    pc.choose("やめる").await;
    pc.choose("投稿").await;
    pc.choose("続きを書く").await;
    pc.write("研修").await;
    pc.write("褥瘡ケア研修会").await;
    pc.write("在宅での褥瘡の予防と評価について学びます。").await;
    pc.write("10月15日・16日 18:30").await;
    pc.choose("この日付にする").await;
    for _ in 0..7 {
        pc.choose("スキップ").await; // time, venue, capacity, deadline, fee, contact, attachment
    }
    pc.choose("スキップ").await; // link
    pc.choose("直す").await;
    pc.pick("共催・後援").await;
    pc.choose("確認画面に戻る").await;
    pc.choose("直す").await;
    pc.pick("会場").await;
    pc.choose("オンライン").await;
    pc.choose("提出する").await;
    let posts = async || town.store.all::<Post>(Scan::keys(Post::KIND), 9).await.unwrap();
    let post = posts().await.remove(0).value;
    assert_eq!(post.state.name(), "submitted", "{}", pc.shown);

    let (by, id) = (lupinus_core::service::By::Staff(town.checker), post.id);
    let comment = "会場の詳しい入り方を書いてください".to_owned();
    let field = Some(lupinus_core::post::Field::Venue);
    for command in [lupinus_core::post::Command::Take, lupinus_core::post::Command::Return { comment, field }]
    {
        let command = &command;
        town.centre
            .transact(|mut work| async move {
                work.post_command(by, id, command.clone()).await?;
                work.done(())
            })
            .await
            .unwrap();
    }
    town.bot.drain().await.unwrap();
    pc.shown = town.last(&pc.user, 1);
    pc.choose("自分の投稿").await;
    // The buttons of a card show on a PC, too.
    town.tap(&pc.user, &format!("post/edit/{id}")).await;
    pc.shown = town.last(&pc.user, 2);
    pc.choose("確認画面に戻る").await;
    pc.choose("あとで").await;
    assert!(pc.shown.contains("「自分の投稿」"), "{}", pc.shown);
    town.tap(&pc.user, &format!("post/withdraw/{id}")).await;
    pc.shown = town.last(&pc.user, 1);
    pc.choose("都合により取り下げます").await;
    assert_eq!(posts().await[0].value.state.name(), "withdrawn", "{}", pc.shown);
}

#[tokio::test]
async fn the_end_of_a_silent_consultation_shows_the_rule() {
    // R5: they are asked to write on.
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "相談").await;
    town.say(&user, "車いすの貸出先は").await;
    let id = town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 9).await.unwrap()[0].value.id;
    let by = lupinus_core::service::By::Staff(town.consultant);
    for command in [
        lupinus_core::consultation::Command::Take,
        lupinus_core::consultation::Command::Answer { text: "社会福祉協議会です。".to_owned() },
    ] {
        let command = &command;
        town.centre
            .transact(|mut work| async move {
                work.consultation_command(by, id, command.clone()).await?;
                work.done(())
            })
            .await
            .unwrap();
    }
    town.clock.advance(std::time::Duration::from_hours(24 * 14));
    town.bot.sweep().await.unwrap();
    town.bot.drain().await.unwrap();
    let told = town.last(&user, 1);
    assert!(told.contains("ご相談を終了しました") && told.contains("書かないでください"), "{told}");
}

#[tokio::test]
async fn a_member_joins_chooses_by_number_and_asks_by_typing_alone() {
    // R44
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.say(&user, "同意する").await;
    let asked = town.last(&user, 1);
    assert!(asked.contains("1 医療") && asked.contains("「スキップ」"), "{asked}");
    town.say(&user, "１").await;
    let which = town.last(&user, 1);
    assert!(which.contains("1 医師"), "{which}");
    town.say(&user, "1").await;
    town.say(&user, "スキップ").await;
    let areas = town.last(&user, 1);
    assert!(areas.contains("1 北部圏域"), "{areas}");
    town.say(&user, "1").await;
    let topics = town.last(&user, 1);
    assert!(topics.contains("1 研修・講演会") && topics.contains("「完了」"), "{topics}");
    town.say(&user, "1").await;
    town.say(&user, "完了").await;
    let member = town.member_of(&user).await;
    assert_eq!(member.profession, Some(Profession("Physician".to_owned())));
    assert_eq!(member.area.unwrap().0, "北部圏域");
    assert_eq!(member.topics.into_iter().collect::<Vec<_>>(), [Category::Training]);

    town.say(&user, "相談").await;
    let topics = town.last(&user, 1);
    assert!(topics.contains("2 入退院連携") && topics.contains("「ほかの話題」"), "{topics}");
    town.say(&user, "2").await;
    town.say(&user, "退院前カンファレンスの進め方を教えてください").await;
    let all = town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 9).await.unwrap();
    assert_eq!(all[0].value.topic, Some(Topic::Discharge));
}

#[tokio::test]
async fn a_secretary_hands_in_a_notice_by_typing_alone() {
    // R44
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    town.say(&user, "投稿").await;
    let categories = town.last(&user, 1);
    let number = categories
        .split(" / ")
        .find_map(|entry| entry.trim().strip_suffix("制度・通知")?.trim().rsplit(char::is_whitespace).next())
        .unwrap_or_else(|| panic!("{categories}"))
        .to_owned();
    town.say(&user, &number).await;
    town.say(&user, "様式の変更について").await;
    town.say(&user, "連携シートの様式が新しくなりました。").await;
    for _ in 0..4 {
        town.say(&user, "スキップ").await;
    }
    town.say(&user, "提出する").await;
    let posts = town.store.all::<Post>(Scan::keys(Post::KIND), 9).await.unwrap();
    let states: Vec<_> = posts.iter().map(|post| post.value.state.name()).collect();
    assert_eq!(states, ["submitted"], "{}", town.last(&user, 3));
}

#[tokio::test]
async fn the_rule_stands_wherever_somebody_is_asked_to_write() {
    // R5
    let town = Town::new().await;
    let user = town.member("花").await;
    let mut bare = Vec::new();
    let screens = [
        ("menu/consult", None),
        ("consult/topics/1", None),
        ("consult/topic/discharge", None),
        ("profile/change/profession", None),
        ("profile/change/organisation", None),
        ("profile/change/organisation", Some("あ".repeat(300))),
    ];
    for (tap, then) in screens {
        town.tap(&user, tap).await;
        if let Some(words) = &then {
            town.say(&user, words).await;
        }
        let shown = town.last(&user, 2);
        if !shown.contains("書かないでください") {
            bare.push(format!("{tap} {}: {shown}", then.is_some()));
        }
        town.say(&user, "やめる").await;
    }
    for sent in [
        serde_json::json!({"type": "image", "content": "AAAA", "contentType": "image/png"}),
        serde_json::json!({"type": "location", "title": "x", "address": "y", "latitude": 1.0, "longitude": 2.0}),
    ] {
        town.line.send_message(&user, sent.clone()).await.unwrap();
        town.bot.drain().await.unwrap();
        if !town.last(&user, 1).contains("書かないでください") {
            bare.push(sent["type"].to_string());
        }
    }
    assert!(bare.is_empty(), "without the rule:\n{}", bare.join("\n"));
}
