//! Posts at the desk: checking, deciding, sending.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{City, training};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    policy::Policy,
    post::{Command, PostState, Routes, Urgency},
    service::By,
};

// R15
#[tokio::test]
async fn an_author_cannot_approve_their_own_post_and_is_told_so() {
    let city = City::new().await;
    let author = city.staff("staff-b", "承認 次郎", &[Role::Checker, Role::Approver]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let mut desk = city.desk("staff-b").await;
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("ご自身が作成した投稿は承認できません"), "the button says why it is grey");
    assert!(!page.has(&format!("/posts/{post}/approve\"")), "and has no form");
    let page = desk.post(&format!("/posts/{post}/approve"), &[("revision", "1")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.has("ご自身が作成した投稿は承認できません"));
}

#[tokio::test]
async fn of_two_who_approve_at_once_one_is_told_who_was_first() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    city.staff("staff-c", "決裁 三郎", &[Role::Approver]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let (mut b, mut c) = (city.desk("staff-b").await, city.desk("staff-c").await);
    let path = format!("/posts/{post}/approve");
    let (one, other) = tokio::join!(b.post(&path, &[("revision", "1")]), c.post(&path, &[("revision", "1")]));
    let (won, lost) = if one.status == StatusCode::SEE_OTHER { (one, other) } else { (other, one) };
    assert_eq!((won.status, lost.status), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
    assert!(lost.has("さんが先に操作しました") && lost.has("承認済み"), "{}", lost.text);
    assert_eq!(city.centre.post(post).await.unwrap().value.approvals.len(), 1);
}

// R16
#[tokio::test]
async fn a_return_needs_a_comment_and_pins_it_to_its_field() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Checker]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    let mut desk = city.desk("staff-b").await;
    assert_eq!(
        desk.post(&format!("/posts/{post}/take"), &[]).await.location(),
        format!("/console/posts/{post}?done=take")
    );
    let path = format!("/posts/{post}/return");
    let page = desk.post(&path, &[("comment", "  "), ("field", "venue")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("理由を入力してください") && page.has("<option value=\"venue\" selected>"));
    let page = desk.post(&path, &[("comment", "会場の住所を加えてください。"), ("field", "venue")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("差戻しコメント:会場の住所を加えてください。"));
}

// R7
#[tokio::test]
async fn a_comment_with_somebodys_number_is_refused_and_kept_in_the_form() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Checker]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    let mut desk = city.desk("staff-b").await;
    desk.post(&format!("/posts/{post}/take"), &[]).await;
    let comment = "患者さんの携帯は090-1234-5678です";
    let page = desk.post(&format!("/posts/{post}/return"), &[("comment", comment)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("個人情報と思われる記載") && page.has(comment));
}

// R14
#[tokio::test]
async fn an_approval_names_the_revision_that_was_seen() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let mut desk = city.desk("staff-b").await;
    let page = desk.post(&format!("/posts/{post}/approve"), &[("revision", "2")]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("ご覧になったあとに内容が変わりました"));
}

// R7
#[tokio::test]
async fn a_named_professional_is_marked_and_the_approval_asks_for_a_tick() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let mut content = training("口腔ケア研修");
    content.body = "講師:歯科医師 山田太郎 先生".to_owned();
    let found = city.centre.check_content(&content).marks;
    assert!(!found.is_empty(), "screening finds a name here");
    let post = city.submitted(author, content).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let mut desk = city.desk("staff-b").await;
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("<mark class=\"mark-warn\">") && page.has("name=\"confirmed\""), "{}", page.text);
    let path = format!("/posts/{post}/approve");
    let page = desk.post(&path, &[("revision", "1")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("「確認しました」を選んでください"));
    assert_eq!(
        desk.post(&path, &[("revision", "1"), ("confirmed", "1")]).await.status,
        StatusCode::SEE_OTHER
    );
}

// R26, R33
#[tokio::test]
async fn the_confirmation_shows_city_account_environment_size_cost_and_preview() {
    let city = City::new().await;
    for number in 0..3 {
        city.member(&format!("U{number}")).await;
    }
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let page = desk.get(&format!("/posts/{post}/send")).await;
    assert!(page.has("登録会員全員(現在 3人。会員が選んだ"));
    let page =
        desk.post(&format!("/posts/{post}/send/confirm"), &[("scope", "members"), ("when", "now")]).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "<dt>自治体</dt><dd>ルピナス市",
        "<dt>アカウント</dt><dd>ルピナスセンター",
        "試験</span></dd>",
        "<dt>配信先</dt><dd>登録会員全員",
        "<dt>人数</dt><dd><strong class=\"figure\">3</strong>人",
        "<dt>今月の残り</dt><dd><strong class=\"figure\">139</strong>通",
        "配信後の残り 136通",
        "この配信を含めた月末の見込み",
        "承認 次郎",
        "class=\"phone\"",
        "口腔ケア研修",
    ] {
        assert!(page.has(words), "{words} is missing:\n{}", page.text);
    }
    assert_eq!(city.centre.post(post).await.unwrap().value.state, PostState::Approved, "nothing was sent");
    let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
    let page = desk.post(&format!("/posts/{post}/send"), &fields).await;
    assert_eq!(page.location(), format!("/console/posts/{post}?done=sent"));
    let state = city.centre.post(post).await.unwrap().value.state;
    assert!(matches!(state, PostState::Scheduled { audience: Audience::Members, .. }), "{state:?}");
}

#[tokio::test]
async fn nobody_is_shown_a_confirmation_of_what_they_cannot_send() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    let fields = [("scope", "members"), ("when", "now")];
    let path = format!("/posts/{post}/send/confirm");
    let early = city.desk("staff-b").await.post(&path, &fields).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
    let other = city.desk("staff-a").await.post(&path, &fields).await;
    assert!(other.status.is_client_error() && !other.has("この内容で配信します"), "{}", other.text);
}

#[tokio::test]
async fn a_time_for_sending_is_read_in_the_citys_own_time() {
    let city = City::new().await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let fields = [
        ("scope", "members"),
        ("when", "later"),
        ("date", "2026-10-08"),
        ("time", "12:00"),
        ("revision", "1"),
    ];
    let page = desk.post(&format!("/posts/{post}/send"), &fields).await;
    assert_eq!(page.location(), format!("/console/posts/{post}?done=scheduled"));
    let state = city.centre.post(post).await.unwrap().value.state;
    assert!(matches!(state, PostState::Scheduled { at, .. } if at == kit::at("2026-10-08T12:00:00+09:00")));
}

#[tokio::test]
async fn a_time_after_the_event_is_refused_on_the_confirmation_itself() {
    let city = City::new().await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let fields = [
        ("scope", "members"),
        ("when", "later"),
        ("date", "2026-10-21"),
        ("time", "12:00"),
        ("revision", "1"),
    ];
    let page = desk.post(&format!("/posts/{post}/send"), &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("配信内容の確認") && page.has("配信日時は、現在より後で"));
}

#[tokio::test]
async fn all_friends_are_reached_only_when_it_is_ticked_twice() {
    let city = City::new().await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let path = format!("/posts/{post}/send/confirm");
    let page = desk.post(&path, &[("scope", "all_friends")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("確認の欄にもチェック"));
    let page = desk.post(&path, &[("scope", "all_friends"), ("all_friends_ok", "1")]).await;
    assert!(page.has("友だち全員(登録していない人を含む)"));
}

#[tokio::test]
async fn a_deputy_approves_in_anothers_name_and_both_are_shown() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let head = city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    city.staff("staff-c", "代理 三郎", &[Role::Checker]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let mut deputy = city.desk("staff-c").await;
    let path = format!("/posts/{post}/approve");
    let head_id = head.to_string();
    let fields = [("revision", "1"), ("as", head_id.as_str())];
    assert_eq!(deputy.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "not named yet");
    let id = city.centre.staff_by_login("staff-c").await.unwrap().unwrap().value.id.to_string();
    let mut head_desk = city.desk("staff-b").await;
    assert_eq!(head_desk.post("/account/deputies", &[("deputy", &id)]).await.status, StatusCode::SEE_OTHER);
    let page = deputy.get(&format!("/posts/{post}")).await;
    assert!(page.has("承認 次郎さんの代わりに(代決)"));
    assert_eq!(deputy.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    let page = head_desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("代理 三郎(承認 次郎の代決)") && page.has("後閲待ち:承認 次郎"));
    assert!(head_desk.get("").await.has("あなたの代わりに決裁されました"));
    assert_eq!(head_desk.post(&format!("/posts/{post}/seen"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!head_desk.get("").await.has("あなたの代わりに決裁されました"));
}

// R17
#[tokio::test]
async fn an_emergency_nags_until_a_second_person_has_signed() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let approver = city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    city.staff("staff-c", "決裁 三郎", &[Role::Approver]).await;
    let post = city.submitted_as(author, training("停電のお知らせ"), Urgency::Emergency).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();
    let approve = Command::Approve { revision: 1, confirmed: false };
    city.post_command(By::Staff(approver), post, approve).await.unwrap();
    let mut other = city.desk("staff-c").await;
    assert!(other.get("").await.has("もう一人の署名が必要です"));
    let mut own = city.desk("staff-b").await;
    let page = own.post(&format!("/posts/{post}/sign"), &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "who approved cannot sign too");
    assert_eq!(other.post(&format!("/posts/{post}/sign"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!other.get("").await.has("もう一人の署名が必要です"));
}

#[tokio::test]
async fn two_steps_are_walked_by_two_people() {
    let policy = Policy {
        routes: Routes { normal: lupinus_core::post::Route::checker_then_approver(), ..Routes::default() },
        ..Policy::default()
    };
    let city = City::with(policy, |console| console).await;
    let author = city.staff("staff-a", "起案 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "確認 次郎", &[Role::Checker]).await;
    city.staff("staff-c", "承認 三郎", &[Role::Approver]).await;
    let post = city.submitted(author, training("口腔ケア研修")).await;
    let (mut checker, mut approver) = (city.desk("staff-b").await, city.desk("staff-c").await);
    checker.post(&format!("/posts/{post}/take"), &[]).await;
    let path = format!("/posts/{post}/approve");
    assert_eq!(
        approver.post(&path, &[("revision", "1")]).await.status,
        StatusCode::FORBIDDEN,
        "not their step yet"
    );
    assert_eq!(checker.post(&path, &[("revision", "1")]).await.status, StatusCode::SEE_OTHER);
    let page = approver.get(&format!("/posts/{post}")).await;
    assert!(page.has("確認(1/1人)(済)") && page.has("承認(0/1人)(いまここ)"), "{}", page.text);
    assert_eq!(approver.post(&path, &[("revision", "1")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(city.centre.post(post).await.unwrap().value.state, PostState::Approved);
}

fn written<'a>(over: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("category", "training"),
        ("title", "褥瘡ケア研修"),
        ("body", "体位変換の実技を行います。"),
        ("date", "2026-10-20"),
        ("starts", "18:30"),
        ("venue", "市民会館"),
        ("venue_kind", "place"),
    ];
    fields.retain(|(name, _)| !over.iter().any(|(other, _)| other == name));
    fields.extend_from_slice(over);
    fields
}

#[tokio::test]
async fn staff_write_a_post_and_problems_stand_at_their_fields() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("staff-a").await;
    let page = desk.post("/posts/new", &written(&[("date", ""), ("starts", ""), ("venue", "")])).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("<a href=\"#f-date\">開催日を入力してください。</a>") && page.has("褥瘡ケア研修"));
    let page =
        desk.post("/posts/new", &written(&[("body", "連絡は利用者の山田花子さん(090-1234-5678)へ")])).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("電話番号と思われる記載があります") && page.has("090-1234-5678"), "{}", page.text);
    let page = desk.post("/posts/new", &written(&[])).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(desk.get("").await.has("褥瘡ケア研修"));
}

#[tokio::test]
async fn a_draft_is_seen_by_its_author_alone() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let mut author = city.desk("staff-a").await;
    let page = author.post("/posts/new", &written(&[("then", "draft")])).await;
    let path = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    assert!(author.get(&path).await.has("褥瘡ケア研修"));
    assert_eq!(city.desk("staff-b").await.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_edit_makes_a_revision_whose_changes_are_shown() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let mut author = city.desk("staff-a").await;
    let page = author.post("/posts/new", &written(&[("then", "draft")])).await;
    let path = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    let form = author.get(&format!("{path}/edit")).await;
    assert!(form.has("value=\"褥瘡ケア研修\"") && form.has("value=\"18:30\""), "{}", form.text);
    let page =
        author.post(&format!("{path}/edit"), &written(&[("capacity", "40"), ("then", "submit")])).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = author.get(&path).await;
    assert!(page.has("第2版") && page.has("<ins>40名</ins>"), "{}", page.text);
}

// R32
#[tokio::test]
async fn a_correction_begins_with_the_content_it_corrects() {
    let city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
    desk.post(&format!("/posts/{post}/send"), &fields).await;
    assert_eq!(desk.get(&format!("/posts/{post}/correct")).await.status, StatusCode::OK);
    let early = desk.post(&format!("/posts/{post}/correct"), &written(&[])).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "it has not been sent yet");
    city.centre.start_due_posts().await.unwrap();
    for leased in city.centre.lease_due(10).await.unwrap() {
        let accepted = lupinus_core::outbox::SendOutcome::Accepted { request_id: None };
        city.centre.settle(&leased, accepted).await.unwrap();
    }
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("配信済み") && page.has(&format!("/posts/{post}/correct\"")), "{}", page.text);
    let form = desk.get(&format!("/posts/{post}/correct")).await;
    assert!(form.has("value=\"口腔ケア研修\"") && form.has("市民会館 大会議室"));
    let page = desk.post(&format!("/posts/{post}/correct"), &written(&[("venue", "保健センター")])).await;
    assert!(page.location().ends_with("done=corrected"), "{} {}", page.status, page.text);
    let path = page.location().trim_start_matches("/console").to_owned();
    let page = desk.get(&path).await;
    assert!(page.has("元の配信が届いた方") && page.has("【訂正】"), "{}", page.text);
}

#[tokio::test]
async fn what_was_held_back_is_dropped_by_a_person_who_says_that_they_are_sure() {
    let city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
    desk.post(&format!("/posts/{post}/send"), &fields).await;
    city.centre.start_due_posts().await.unwrap();
    city.clock.set(kit::at("2026-10-21T10:00:00+09:00")); // the event has begun
    assert!(city.centre.lease_due(10).await.unwrap().is_empty());
    let mut desk = city.desk("staff-b").await;
    let page = desk.get("/outbox").await;
    assert!(
        page.has("期限切れ") && !page.has("/release\""),
        "what expired cannot be released:\n{}",
        page.text
    );
    let item = city.centre.outbox_attention(10).await.unwrap().first().unwrap().value.id;
    let path = format!("/outbox/{item}/drop");
    assert_eq!(desk.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.post(&path, &[("sure", "1")]).await.location(), "/console/outbox?done=drop");
    assert!(desk.get("/outbox").await.has("保留や失敗はありません"));
}

// R24
#[tokio::test]
async fn every_command_asks_for_what_the_permission_table_says() {
    use lupinus_core::actor::Permission as P;
    let city = City::new().await;
    let author = city.staff("author", "起案 一郎", &[Role::Checker]).await;
    let helper = city.staff("helper", "補助 二郎", &[Role::Approver]).await;
    let approve = || Command::Approve { revision: 1, confirmed: false };
    let at = kit::at("2026-10-08T12:00:00+09:00");
    let schedule = || Command::Schedule { at, audience: Audience::Members };
    for (number, role) in Role::ALL.into_iter().enumerate() {
        let login = format!("role-{number}");
        city.staff(&login, role.label_ja(), &[role]).await;
        let mut desk = city.desk(&login).await;
        for (command, needs, before) in [
            ("take", P::CheckPost, vec![]),
            ("return", P::CheckPost, vec![Command::Take]),
            ("reject", P::DecidePost, vec![Command::Take]),
            ("withdraw", P::DecidePost, vec![Command::Take]),
            ("unschedule", P::DecidePost, vec![Command::Take, approve(), schedule()]),
            ("send", P::DecidePost, vec![Command::Take, approve()]),
        ] {
            let post = city.submitted(author, training("口腔ケア研修")).await;
            for step in before {
                city.post_command(By::Staff(helper), post, step).await.unwrap();
            }
            let fields = [
                ("comment", "直してください"),
                ("reason", "中止のため"),
                ("scope", "members"),
                ("revision", "1"),
            ];
            let page = desk.post(&format!("/posts/{post}/{command}"), &fields).await;
            let expected = if role.permits(needs) { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
            assert_eq!(page.status, expected, "{role:?} {command}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn the_way_to_sending_is_open_to_those_who_may_send_and_in_its_time() {
    let city = City::new().await;
    let post = city.approved().await;
    let path = format!("/posts/{post}/send");
    let refused = city.desk("staff-a").await.get(&path).await;
    assert!(refused.status == StatusCode::FORBIDDEN && refused.has("権限がありません"), "{}", refused.text);
    let author = city.staff("author", "起案 一郎", &[Role::Checker]).await;
    let early = city.submitted(author, training("別の研修")).await;
    let page = city.desk("staff-b").await.get(&format!("/posts/{early}/send")).await;
    assert!(page.status == StatusCode::CONFLICT && page.has("提出済み"), "{}", page.text);
}

#[tokio::test]
async fn what_line_refused_is_shown_with_lines_own_words_and_the_property() {
    let city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
    desk.post(&format!("/posts/{post}/send"), &fields).await;
    city.centre.start_due_posts().await.unwrap();
    for leased in city.centre.lease_due(10).await.unwrap().into_iter().filter(|leased| leased.post.is_some())
    {
        let refused = lupinus_core::outbox::SendOutcome::Refused {
            status: 400,
            message: "The request body has 1 error(s)".to_owned(),
            property: Some("messages[0].altText".to_owned()),
        };
        city.centre.settle(&leased, refused).await.unwrap();
    }
    let page = desk.get("/outbox").await;
    for words in ["応答 400", "messages[0].altText", "LINEの説明: The request body has 1 error(s)"] {
        assert!(page.has(words), "{words} is missing:\n{}", page.text);
    }
}

#[tokio::test]
async fn what_waits_of_a_sending_is_stopped_by_who_may() {
    let city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    let mut desk = city.desk("staff-b").await;
    let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
    desk.post(&format!("/posts/{post}/send"), &fields).await;
    city.centre.start_due_posts().await.unwrap();
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("配信を止める"), "{}", page.text);
    let mut other = city.desk("staff-a").await;
    let refused = other.post(&format!("/posts/{post}/stop"), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let stopped = desk.post(&format!("/posts/{post}/stop"), &[]).await;
    assert_eq!(stopped.status, StatusCode::SEE_OTHER, "{}", stopped.text);
    assert!(city.centre.lease_due(10).await.unwrap().iter().all(|leased| leased.post.is_none()));
    let page = desk.get("/outbox").await;
    assert!(page.has("職員が止めました"), "{}", page.text);
}
