//! Findings that staff let pass with a reason, and the words that come of it.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{City, training};
use lupinus_core::{
    actor::Role,
    consultation,
    post::Command,
    screening,
    service::{By, Vetting},
};

/// The value of an attribute's first place after these words.
fn after<'a>(page: &'a str, before: &str) -> &'a str {
    let start = page.find(before).unwrap_or_else(|| panic!("{before} is missing:\n{page}")) + before.len();
    &page[start..start + page[start..].find('"').unwrap()]
}

// R7, R10
#[tokio::test]
async fn what_was_let_pass_in_one_revision_is_shown_as_such_in_the_next() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let checker = city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let mut content = training("口腔ケア研修");
    content.body = "講師：佐々木健一先生。口腔ケアについて学びます。".to_owned();
    let post = city.submitted(author, content.clone()).await;
    city.post_command(By::Staff(checker), post, Command::Take).await.unwrap();
    let mut desk = city.desk("staff-b").await;
    let page = desk.get(&format!("/posts/{post}")).await;
    let names = ["field", "nth", "start", "end"];
    let place = names.map(|name| page.value_of(name));
    let mut fields: Vec<(&str, &str)> = names.into_iter().zip(place.iter().map(String::as_str)).collect();
    fields.extend([("revision", "1"), ("reason_kind", "published"), ("comment", "チラシで公表済み")]);
    desk.post(&format!("/posts/{post}/allow"), &fields).await;
    let back = Command::Return { comment: "定員を確かめてください。".to_owned(), field: None };
    city.post_command(By::Staff(checker), post, back).await.unwrap();

    // Written otherwise, it is the same.
    content.body = "講師：佐々木 健一先生。口腔ケアについて学びます。定員は40名です。".to_owned();
    let edited = city.centre.transact(|mut work| {
        let content = content.clone();
        async move {
            work.edit_and_submit(By::Staff(author), post, content).await?;
            work.done(())
        }
    });
    edited.await.unwrap();
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("前の版で許可済み") && page.has("「佐々木 健一」"), "{}", page.text);
    assert!(page.has("公表されている講師・関係者の氏名。チラシで公表済み(承認 次郎・"), "{}", page.text);
    assert!(!page.has("この記載を許可する") && !page.has("公表して差し支えありません"), "{}", page.text);
    // Who is named for the first time is nobody that was let pass.
    city.post_command(By::Staff(checker), post, Command::Take).await.unwrap();
    let back = Command::Return { comment: "講師を確かめてください。".to_owned(), field: None };
    city.post_command(By::Staff(checker), post, back).await.unwrap();
    content.body = "講師：鈴木健一先生。口腔ケアについて学びます。".to_owned();
    let edited = city.centre.transact(|mut work| {
        let content = content.clone();
        async move {
            work.edit_and_submit(By::Staff(author), post, content).await?;
            work.done(())
        }
    });
    edited.await.unwrap();
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("確認が必要") && !page.has("前の版で許可済み"), "{}", page.text);
}

// R7, R10
#[tokio::test]
async fn a_finding_in_a_post_is_let_pass_with_a_reason_and_an_administrator_decides_on_the_word() {
    let city = City::new().await;
    let author = city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    city.staff("staff-b", "承認 次郎", &[Role::Approver]).await;
    let mut content = training("口腔ケア研修");
    content.body = "講師：佐々木健一先生。口腔ケアについて学びます。".to_owned();
    let post = city.submitted(author, content.clone()).await;
    city.post_command(By::Staff(author), post, Command::Take).await.unwrap();

    let own = city.desk("staff-a").await.get(&format!("/posts/{post}")).await;
    assert!(own.has("佐々木健一") && !own.has("この記載を許可する"), "not for one's own: {}", own.text);
    let mut desk = city.desk("staff-b").await;
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has("この記載を許可する") && page.has("公表して差し支えありません"), "{}", page.text);
    let value = |name: &str| after(&page.text, &format!("name=\"{name}\" value=\"")).to_owned();
    let place = ["revision", "field", "nth", "start", "end"].map(|name| (name, value(name)));
    let fields = |more: &[(&'static str, &'static str)]| -> Vec<(&'static str, String)> {
        let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
        place.clone().into_iter().chain(more).collect()
    };
    let path = format!("/posts/{post}/allow");
    let sent = |fields: &[(&'static str, String)]| -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    };
    let none = sent(&fields(&[("reason_kind", "other")]));
    let none: Vec<(&str, &str)> = none.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refused = desk.post(&path, &none).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.has("理由を"), "{}", refused.text);
    let given = sent(&fields(&[("reason_kind", "published"), ("comment", "チラシで公表済み")]));
    let given: Vec<(&str, &str)> =
        given.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let allowed = desk.post(&path, &given).await;
    assert_eq!(allowed.location(), format!("/console/posts/{post}?done=allow"), "{}", allowed.text);

    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(
        page.has("許可済み") && page.has("公表されている講師・関係者の氏名。チラシで公表済み"),
        "{}",
        page.text
    );
    assert!(page.has("個人情報の検出を許可"), "the trail says so");
    assert!(!page.has("公表して差し支えありません"), "nothing is left to confirm");
    let approved = desk.post(&format!("/posts/{post}/approve"), &[("revision", "1")]).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);

    // The administrator sees the suggestion; from their yes on it counts.
    assert_eq!(desk.get("/words").await.status, StatusCode::FORBIDDEN);
    let found = || city.centre.check_content(&content).marks.len();
    assert_eq!(found(), 1);
    let mut admin = city.desk("admin").await;
    let page = admin.get("/words").await;
    assert!(page.has("佐々木健一") && page.has("チラシで公表済み") && page.has("承認 次郎"), "{}", page.text);
    let accept = after(&page.text, "action=\"/console").to_owned();
    let accept = if accept.contains("/words/") {
        accept
    } else {
        let at = page.text.find("/words/").unwrap();
        page.text[at..at + page.text[at..].find('"').unwrap()].to_owned()
    };
    let done = admin.post(&accept, &[]).await;
    assert_eq!(done.location(), "/console/words?done=word-accept", "{}", done.text);
    assert_eq!(found(), 0);
    let page = admin.get("/words").await;
    let remove = {
        let end = page.text.find("/remove\"").unwrap() + "/remove".len();
        let start = page.text[..end].rfind("/words/").unwrap();
        page.text[start..end].to_owned()
    };
    admin.post(&remove, &[]).await;
    assert_eq!(found(), 1, "taken off it counts no more");
}

#[tokio::test]
async fn every_suggestion_can_be_reached_page_by_page() {
    let city = City::new().await;
    let consultant = city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "連絡先を教えてください。").await;
    city.desk("staff-c").await.post(&format!("/consultations/{id}/take"), &[]).await;
    let numbers: Vec<String> = (0..70).map(|number| format!("090-1234-56{number:02}")).collect();
    let allowed = numbers.iter().map(|number| screening::Allowance {
        kind: screening::PiiKind::Phone,
        text: number.clone(),
        reason: screening::AllowReason::Organisation,
        comment: None,
    });
    let vetting = &Vetting { allowed: allowed.collect(), confirmed: true };
    let answer =
        &consultation::Command::Answer { text: format!("連絡先は{}です。", numbers.join("、")) };
    let answered = city.centre.transact(|mut work| async move {
        work.vetted_consultation_command(By::Staff(consultant), id, answer.clone(), vetting).await?;
        work.done(())
    });
    answered.await.unwrap();
    let mut admin = city.desk("admin").await;
    let (mut path, mut seen) = ("/words".to_owned(), Vec::new());
    for _ in 0..5 {
        let page = admin.get(&path).await;
        assert!(page.has("70件"), "{}", page.text);
        seen.extend(numbers.iter().filter(|number| page.has(&format!("「{number}」を許可する語に加える"))));
        let Some(at) = page.text.find("/words?view=suggested&amp;after=") else { break };
        let rest = &page.text[at..];
        path = rest[..rest.find('"').unwrap()].replace("&amp;", "&");
    }
    seen.sort();
    assert_eq!(seen, numbers.iter().collect::<Vec<_>>(), "each once");
}

#[tokio::test]
async fn an_administrator_writes_a_word_down_and_is_told_what_is_none() {
    let city = City::new().await;
    let mut admin = city.desk("admin").await;
    let refused = admin.post("/words", &[("word", "原"), ("sort", "venue")]).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.has("2文字以上"),
        "{}",
        refused.text
    );
    assert!(refused.has("value=\"原\""), "what was typed is still there");
    let text = "連絡は090-1234-5678へ";
    let blocks = || city.centre.screen().check(text, screening::Context::Consultation).blocks();
    assert!(blocks(), "the premise");
    let done =
        admin.post("/words", &[("word", "０９０ー１２３４ー５６７８"), ("sort", "organisation")]).await;
    assert_eq!(done.location(), "/console/words?done=word-add", "{}", done.text);
    assert!(!blocks());
    let page = admin.get("/audit?date=2026-10-05").await;
    assert!(page.has("許可する語に追加") && !page.has("1234"), "{}", page.text);
}

// R7
#[tokio::test]
async fn an_answer_with_a_finding_goes_out_once_its_reason_is_given() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "連絡先を教えてください。").await;
    let mut desk = city.desk("staff-c").await;
    desk.post(&format!("/consultations/{id}/take"), &[]).await;
    let path = format!("/consultations/{id}/answer");
    let text = "相談員の連絡先は090-1234-5678です。";
    let page = desk.post(&path, &[("text", text)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("name=\"found_text_0\" value=\"090-1234-5678\""), "{}", page.text);
    assert!(page.has("回答の欄の下で理由を選ぶと送れます"), "{}", page.text);
    let fields = |reason, comment| {
        [
            ("text", text),
            ("found_kind_0", "phone"),
            ("found_text_0", "090-1234-5678"),
            ("reason_kind_0", reason),
            ("comment_0", comment),
        ]
    };
    let page = desk.post(&path, &fields("other", "")).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.has("理由を選び"), "{}", page.text);
    assert!(page.has("<option value=\"other\" selected>"), "what was chosen is still there: {}", page.text);
    let page = desk.post(&path, &fields("organisation", "")).await;
    assert_eq!(
        page.location(),
        format!("/console/consultations/{id}?done=consultation-answer"),
        "{}",
        page.text
    );
    assert!(desk.get(&format!("/consultations/{id}")).await.has(text));
    assert!(city.desk("admin").await.get("/words").await.has("090-1234-5678"));
}

// R8
#[tokio::test]
async fn staff_see_where_something_was_masked_and_where_a_person_should_look() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "利用者の電話は090-1234-5678です。").await;
    let mut desk = city.desk("staff-c").await;
    let page = desk.get(&format!("/consultations/{id}")).await;
    assert!(page.has("<mark class=\"mark-masked\">██電話番号██</mark>"), "{}", page.text);
    assert!(page.has("伏せて保存しました"), "{}", page.text);
    // Taken back, nothing of it is kept.
    let forgotten = city.centre.transact(|mut work| async move {
        work.leave(By::Member(member)).await?;
        work.done(())
    });
    forgotten.await.unwrap();
    let page = desk.get(&format!("/consultations/{id}")).await;
    assert!(page.has("消去されました") && !page.has("伏せて保存しました"), "{}", page.text);
}
