//! Canned answers: kept by those who answer, put into an answer, never sent half filled.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::City;
use lupinus_core::actor::Role;

const TEXT: &str = "受付は{受付時間}です。{職種}の方は窓口へどうぞ。";

/// A desk of one who answers, and the address of a canned answer of theirs.
async fn written(city: &City) -> (kit::Browser, String) {
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let mut desk = city.desk("staff-c").await;
    let page = desk.post("/answers/new", &[("title", "受付時間の案内"), ("text", TEXT)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let address = page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    (desk, address)
}

#[tokio::test]
async fn a_canned_answer_goes_below_what_was_typed_and_nothing_is_sent() {
    let city = City::new().await;
    let (mut desk, address) = written(&city).await;
    let value = address.trim_start_matches('/');
    let member = city.member("U1").await;
    let asked = city.asks(member, "受付はいつですか。").await;
    desk.post(&format!("/consultations/{asked}/take"), &[]).await;
    let path = format!("/consultations/{asked}/canned");
    let page = desk.post(&path, &[("text", "こんにちは。"), ("canned", value)]).await;
    assert_eq!(page.status, StatusCode::OK);
    let expected = "required>こんにちは。\n\n受付は月〜金 8:30〜17:15(祝日、12月29日〜1月3日は休み)です。{職種}の方は窓口へどうぞ。</textarea>";
    assert!(page.has(expected), "{}", page.text);
    let page = desk.post(&path, &[("text", "書きかけ"), ("canned", "")]).await;
    assert!(page.has("required>書きかけ</textarea>") && page.has("入れるものを選んでから"), "{}", page.text);
    let thread = desk.get(&format!("/consultations/{asked}")).await;
    assert!(thread.has("対応中") && !thread.has("こんにちは"), "nothing was stored");
}

#[tokio::test]
async fn an_answer_with_an_open_placeholder_is_refused_and_kept() {
    let city = City::new().await;
    let (mut desk, _) = written(&city).await;
    let member = city.member("U1").await;
    let asked = city.asks(member, "受付はいつですか。").await;
    desk.post(&format!("/consultations/{asked}/take"), &[]).await;
    let answer = "{職種}の方は窓口へどうぞ。";
    let page = desk.post(&format!("/consultations/{asked}/answer"), &[("text", answer)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("差込み項目が残っています") && page.has(&format!("required>{answer}</textarea>")));
}

// R19
#[tokio::test]
async fn a_canned_answer_is_changed_taken_back_and_retired_and_each_step_stands_in_the_trail() {
    let city = City::new().await;
    let (mut desk, address) = written(&city).await;
    let change = [("title", "受付時間"), ("text", "新しい文です。"), ("seen", "1")];
    assert_eq!(desk.post(&format!("{address}/change"), &change).await.status, StatusCode::SEE_OTHER);
    let revert = [("to", "1"), ("seen", "2")];
    assert_eq!(desk.post(&format!("{address}/revert"), &revert).await.status, StatusCode::SEE_OTHER);
    let page = desk.get(&address).await;
    assert!(page.has("第3版") && page.has("value=\"受付時間の案内\""), "{}", page.text);
    desk.post(&format!("{address}/retire"), &[]).await;
    let member = city.member("U1").await;
    let asked = city.asks(member, "受付はいつですか。").await;
    desk.post(&format!("/consultations/{asked}/take"), &[]).await;
    assert!(!desk.get(&format!("/consultations/{asked}")).await.has("受付時間の案内"));
    let acts: Vec<String> =
        city.desk("admin").await.get("/audit").await.text.lines().map(str::to_owned).collect();
    for act in ["定型文の作成", "定型文の変更", "定型文を前の版に戻す", "定型文の利用停止"]
    {
        assert!(acts.iter().any(|line| line.contains(act)), "{act}");
    }
    assert!(city.centre.verify_audit(|_| ()).await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn of_two_who_change_a_canned_answer_the_second_is_told_and_loses_no_words() {
    let city = City::new().await;
    let (mut desk, address) = written(&city).await;
    let path = format!("{address}/change");
    let first = [("title", "受付時間"), ("text", "先の文です。"), ("seen", "1")];
    assert_eq!(desk.post(&path, &first).await.status, StatusCode::SEE_OTHER);
    let second = [("title", "受付時間"), ("text", "後の文です。"), ("seen", "1")];
    let page = desk.post(&path, &second).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("ほかの方が変更しました") && page.has("required>後の文です。</textarea>"));
    assert!(page.has("先の文"), "what the other wrote is there to read");
}

// R7, R24
#[tokio::test]
async fn a_canned_answer_with_a_name_is_refused_and_only_those_who_answer_write_one() {
    let city = City::new().await;
    let (mut desk, address) = written(&city).await;
    let named = [("title", "案内"), ("text", "患者の連絡先は090-1234-5678です。")];
    let page = desk.post("/answers/new", &named).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("mark-block\">090-1234-5678") && page.has("required>患者の連絡先は090-1234-5678です。"));
    let unknown = [("title", "案内"), ("text", "{天気}です。")];
    assert!(desk.post("/answers/new", &unknown).await.has("決まった差込み項目だけ"));
    city.staff("staff-k", "確認 係子", &[Role::Checker]).await;
    let mut checker = city.desk("staff-k").await;
    assert_eq!(checker.get("/answers").await.status, StatusCode::FORBIDDEN);
    assert_eq!(checker.post(&format!("{address}/retire"), &[]).await.status, StatusCode::FORBIDDEN);
}
