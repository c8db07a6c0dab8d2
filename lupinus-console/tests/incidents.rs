//! Incidents at the desk (R13).
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::time::Duration;

use axum::http::{StatusCode, header};
use kit::City;
use lupinus_core::{actor::Role, incident::Item};

fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("learned_date", "2026-10-05"),
        ("learned_time", "09:30"),
        ("special_care", "1"),
        ("persons", "1"),
    ];
    fields.extend_from_slice(more);
    fields
}

// R13
#[tokio::test]
async fn a_record_is_begun_from_an_answer_kept_reported_printed_and_exported() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "週末に輸液ポンプを借りられる業者を教えてください。").await;
    let mut desk = city.desk("staff-c").await;
    desk.post(&format!("/consultations/{id}/take"), &[]).await;
    desk.post(&format!("/consultations/{id}/answer"), &[("text", "市内の2社が対応しています。")]).await;
    let page = desk.get(&format!("/consultations/{id}")).await;
    let links: Vec<&str> = page
        .text
        .match_indices("/incidents/new?from=consultation/")
        .map(|(at, _)| {
            let rest = &page.text[at..];
            &rest[..rest.find('"').unwrap()]
        })
        .collect();
    assert_eq!(links.len(), 2, "from the question and from the answer: {}", page.text);
    let link = links[1].replace("&amp;", "&");
    let page = desk.get(&link).await;
    assert!(page.has("会員へ送った相談の回答に、個人情報が含まれていた"), "{}", page.text);
    assert!(page.has("value=\"2026-10-05\"") && page.has("name=\"special_care\" value=\"1\" checked"));
    for item in Item::ALL {
        assert!(page.has(item.label_ja()) && page.has(&format!("name=\"item_{}\"", item.name())), "{item:?}");
    }

    let (_, query) = link.split_once('?').unwrap();
    let (from, entry) = query.split_once('&').unwrap();
    let source = [("from", &from["from=".len()..]), ("entry", &entry["entry=".len()..])];
    let named = form(&[source[0], source[1], ("item_summary", "山田花子さんの電話を送った。")]);
    let page = desk.post("/incidents/new", &named).await;
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY && page.has("個人情報と思われる記載"),
        "{}",
        page.text
    );
    assert!(page.has("山田花子さんの電話を送った。</textarea>"), "what was typed is still there");
    let plain = form(&[source[0], source[1], ("item_summary", "回答に氏名を1件含めて送った。")]);
    let page = desk.post("/incidents/new", &plain).await;
    let place = page.location().to_owned();
    assert!(place.ends_with("?done=incident"), "{place} {}", page.text);
    let path = place.strip_prefix("/console").unwrap().strip_suffix("?done=incident").unwrap().to_owned();
    let page = desk.get(&path).await;
    assert!(page.has("速報の期限 10月9日") || page.has("速報の期限まで"), "{}", page.text);
    assert!(page.has("要配慮個人情報が含まれる") && page.has("2026年11月4日"), "{}", page.text);
    assert!(desk.get("").await.has("回答に氏名を1件含めて送った。"), "it stands among the things to do");
    // The same finding leads to the same record.
    let again = desk.get(&link).await;
    assert_eq!(again.location(), format!("/console{path}"));

    assert_eq!(desk.post(&format!("{path}/report_preliminary"), &[]).await.status, StatusCode::SEE_OTHER);
    let refused = desk.post(&format!("{path}/report_final"), &[]).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.has("「個人情報の項目」を入力"),
        "{}",
        refused.text
    );
    let names: Vec<String> = Item::ALL.iter().map(|item| format!("item_{}", item.name())).collect();
    let items: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "記載しました。")).collect();
    let saved = [items.as_slice(), &[("seen", "0")]].concat();
    assert_eq!(desk.post(&format!("{path}/save"), &form(&saved)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.post(&format!("{path}/report_final"), &[]).await.status, StatusCode::SEE_OTHER);

    let sheet = desk.get(&format!("{path}/report")).await;
    for item in Item::ALL {
        assert!(sheet.has(item.label_ja()), "{item:?}: {}", sheet.text);
    }
    let file = desk.post(&format!("{path}/export"), &[]).await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/json");
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    let json: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!((json["state"].as_str(), json["persons"].as_u64()), (Some("final_reported"), Some(1)));
    let page = desk.post(&format!("{path}/close"), &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let page = desk.get(&path).await;
    assert!(page.has("漏えい等の記録の書き出し") && page.has("記録を再開する"), "{}", page.text);
    assert!(!desk.get("/incidents").await.has("記載しました。"));
    assert!(desk.get("/incidents?view=closed").await.has("記載しました。"));
}

// R13
#[tokio::test]
async fn of_two_who_save_one_record_the_second_sees_what_the_first_wrote_and_both_are_kept() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let (mut one, mut other) = (city.desk("admin").await, city.desk("staff-c").await);
    let begun = form(&[("item_summary", "一件が伏せられずに残った。"), ("item_prevention", "研修をする。")]);
    let place = one.post("/incidents/new", &begun).await.location().to_owned();
    let path = place.strip_prefix("/console").unwrap().strip_suffix("?done=incident").unwrap().to_owned();
    let page = other.get(&path).await;
    assert!(page.has("name=\"seen\" value=\"0\""), "{}", page.text);
    let was = page.value_of("was");
    let save = format!("{path}/save");
    let first = form(&[
        ("seen", "0"),
        ("was", &was),
        ("item_summary", "二件が伏せられずに残った。"),
        ("item_prevention", "研修をする。"),
        ("item_cause", "宛先の誤り。"),
    ]);
    assert_eq!(one.post(&save, &first).await.status, StatusCode::SEE_OTHER);
    let second = [
        ("seen", "0"),
        ("was", was.as_str()),
        ("item_summary", "三件が伏せられずに残った。"),
        ("item_prevention", "手順を直す。"),
    ];
    let page = other.post(&save, &form(&second)).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text);
    assert!(page.has("先にこの記録を保存しました") && page.has("・漏えい等の記録を変更・"), "{}", page.text);
    // Of what both wrote, both are there; what one of them left alone is as the other has it.
    assert!(page.has("<div class=\"pre\">二件が伏せられずに残った。</div>"), "{}", page.text);
    assert!(page.has("三件が伏せられずに残った。</textarea>") && page.has("宛先の誤り。</textarea>"));
    assert!(page.has("手順を直す。</textarea>"), "{}", page.text);
    assert!(!page.has("<div class=\"pre\">研修をする。</div>"), "only one of them changed it: {}", page.text);
    assert!(page.has("name=\"seen\" value=\"1\""), "{}", page.text);
    let was = page.value_of("was");
    let third = form(&[
        ("seen", "1"),
        ("was", &was),
        ("item_summary", "三件が伏せられずに残った。"),
        ("item_cause", "宛先の誤り。"),
    ]);
    assert_eq!(other.post(&save, &third).await.status, StatusCode::SEE_OTHER);
    let unread = form(&[("item_summary", "四件")]);
    assert_eq!(other.post(&save, &unread).await.status, StatusCode::BAD_REQUEST, "nobody saves unseen");
}

// R13
#[tokio::test]
async fn a_post_that_was_sent_leads_to_a_record_with_what_is_known() {
    let city = City::new().await;
    city.member("U1").await;
    let post = city.approved().await;
    // A test is none of what went out.
    city.tested(post).await;
    city.clock.advance(Duration::from_hours(1));
    let mut desk = city.desk("staff-b").await;
    let new = format!("/incidents/new?from=post/{post}");
    let page = desk.get(&new).await;
    assert!(page.has("個人情報が含まれていた。会員には配信していない。"), "{}", page.text);
    assert!(!desk.get(&format!("/posts/{post}")).await.has(&new), "nothing was sent yet");
    let fields = [("scope", "members"), ("when", "now"), ("revision", "1")];
    desk.post(&format!("/posts/{post}/send"), &fields).await;
    city.centre.start_due_posts().await.unwrap();
    let page = desk.get(&format!("/posts/{post}")).await;
    assert!(page.has(&new), "{}", page.text);
    let page = desk.get(&new).await;
    let summary = "11:00 から配信した投稿に、個人情報が含まれていた。配信先 2人。";
    assert!(page.has(summary), "{}", page.text);
    // Who reads no posts learns nothing of one in this way.
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let mut consultant = city.desk("staff-c").await;
    let page = consultant.get(&new).await;
    assert!(page.status == StatusCode::FORBIDDEN && !page.has("配信先"), "{}", page.text);
    assert_eq!(consultant.get("/incidents/new").await.status, StatusCode::OK, "the premise");
    let bad = desk.post("/incidents/new", &[("from", "post/x"), ("learned_date", "2026-10-05")]).await;
    assert_eq!(bad.status, StatusCode::NOT_FOUND);
    let post = format!("post/{post}");
    let page = desk.post("/incidents/new", &[("from", post.as_str()), ("learned_date", "きのう")]).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.has("知った日時は"), "{}", page.text);
}
