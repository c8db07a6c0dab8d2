//! Consultations, invitations, accounts.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::City;
use lupinus_core::{
    actor::Role,
    consultation::State,
    hash::Sha256Hash,
    store::{Kind, Scan, Store},
};

// R7
#[tokio::test]
async fn an_answer_with_somebodys_name_is_refused_marked_and_kept() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "週末に輸液ポンプを借りられる業者を教えてください。").await;
    let mut desk = city.desk("staff-c").await;
    let page = desk.get(&format!("/consultations/{id}")).await;
    assert!(page.has("先に「担当する」を押してください"));
    desk.post(&format!("/consultations/{id}/take"), &[]).await;
    let answer = "患者の連絡先は090-1234-5678です。";
    let path = format!("/consultations/{id}/answer");
    let page = desk.post(&path, &[("text", answer)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.has("個人情報と思われる記載") && page.has("<mark class=\"mark-block\">090-1234-5678"),
        "{}",
        page.text
    );
    assert!(page.has(&format!("required>{answer}</textarea>")), "what was typed is still there");
    // Only what stands in the way is marked: an office's number may be given.
    let both = "地域連携室は0790-00-1820、患者の連絡先は090-1234-5678です。";
    let page = desk.post(&path, &[("text", both)]).await;
    assert!(
        page.has("mark-block\">090-1234-5678") && !page.has("mark-block\">0790-00-1820"),
        "{}",
        page.text
    );
    let page = desk.post(&path, &[("text", "市内の2社が対応しています。一覧をご覧ください。")]).await;
    assert_eq!(page.location(), format!("/console/consultations/{id}?done=consultation-answer"));
    let page = desk.get(&format!("/consultations/{id}")).await;
    assert!(page.has("返信待ち") && page.has("市内の2社が対応しています"));
}

// R2
#[tokio::test]
async fn while_the_channel_takes_no_consultations_the_desk_says_why_and_since_when() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    city.staff("staff-k", "確認 係子", &[Role::Checker]).await;
    let mut desk = city.desk("staff-c").await;
    let says = "相談の受付を停止しています";
    assert!(!desk.get("").await.has(says), "nothing is known yet");
    city.centre.note_reception(false).await.unwrap();
    for path in ["", "/consultations"] {
        let page = desk.get(path).await;
        assert!(page.has(says) && page.has("「チャット」をオフ"), "{}", page.text);
    }
    assert!(!city.desk("staff-k").await.get("").await.has(says), "no matter of a checker's");
    city.centre.note_reception(true).await.unwrap();
    assert!(!desk.get("").await.has(says));
}

// R8
#[tokio::test]
async fn a_masked_message_is_shown_as_masked() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "利用者の電話は090-1234-5678です。訪問入浴を探しています。").await;
    let mut desk = city.desk("staff-c").await;
    let page = desk.get(&format!("/consultations/{id}")).await;
    assert!(page.has("██電話番号██") && page.has("を伏せて保存しました") && !page.has("090-1234"));
    assert!(desk.get("").await.has("伏せた記載あり"));
}

#[tokio::test]
async fn a_waiting_time_is_counted_in_opening_hours() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    city.clock.set(kit::at("2026-10-05T17:05:00+09:00"));
    city.asks(member, "質問です。").await;
    city.clock.set(kit::at("2026-10-06T08:34:00+09:00"));
    let mut desk = city.desk("staff-c").await;
    assert!(desk.get("/consultations").await.has("回答待ち 14分"));
}

#[tokio::test]
async fn of_two_who_take_a_consultation_one_is_told_who_has_it() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    city.staff("staff-d", "応対 太郎", &[Role::Consultant]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "質問です。").await;
    let (mut c, mut d) = (city.desk("staff-c").await, city.desk("staff-d").await);
    assert_eq!(c.post(&format!("/consultations/{id}/take"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = d.post(&format!("/consultations/{id}/take"), &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has("相談 員子さんが先に操作しました"), "{}", page.text);
}

#[tokio::test]
async fn notes_tags_transfer_and_resolution_work_from_the_thread() {
    let city = City::new().await;
    city.staff("staff-c", "相談 員子", &[Role::Consultant]).await;
    let other = city.staff("staff-d", "応対 太郎", &[Role::Consultant]).await.to_string();
    let member = city.member("U1").await;
    let id = city.asks(member, "質問です。").await;
    let mut desk = city.desk("staff-c").await;
    let path = |command: &str| format!("/consultations/{id}/{command}");
    desk.post(&path("take"), &[]).await;
    desk.post(&path("note"), &[("text", "去年も同じ質問あり")]).await;
    desk.post(&path("tag"), &[("tag", "FAQ候補")]).await;
    let page = desk.get(&format!("/consultations/{id}")).await;
    assert!(page.has("去年も同じ質問あり") && page.has("FAQ候補"));
    desk.post(&path("untag"), &[("tag", "FAQ候補")]).await;
    assert_eq!(desk.post(&path("transfer"), &[("to", &other)]).await.status, StatusCode::SEE_OTHER);
    let state = || async {
        city.centre.consultation(lupinus_core::service::By::Member(member), id).await.unwrap().value
    };
    assert!(matches!(state().await.state, State::Assigned { to } if to.to_string() == other));
    assert_eq!(desk.post(&path("resolve"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(state().await.is_resolved() && state().await.tags.is_empty());
}

// R24
#[tokio::test]
async fn a_checker_sees_no_consultation_anywhere() {
    let city = City::new().await;
    city.staff("staff-a", "確認 一郎", &[Role::Checker]).await;
    let member = city.member("U1").await;
    let id = city.asks(member, "週末の輸液ポンプについて").await;
    let mut desk = city.desk("staff-a").await;
    for path in ["/consultations".to_owned(), format!("/consultations/{id}")] {
        assert_eq!(desk.get(&path).await.status, StatusCode::FORBIDDEN);
    }
    let page = desk.get("").await;
    assert!(!page.has("輸液ポンプ") && !page.has("回答待ちの相談"));
}

#[tokio::test]
async fn an_invitation_code_is_shown_once_and_stored_as_a_hash_alone() {
    let city = City::new().await;
    let body = city.body("訪問看護連絡会").await;
    let mut desk = city.desk("admin").await;
    let page = desk.post(&format!("/bodies/{body}/invite"), &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let start =
        page.text.find("class=\"code\" role=\"status\">").unwrap() + "class=\"code\" role=\"status\">".len();
    let code = page.text[start..start + 11].to_owned();
    assert_eq!(code.as_bytes()[5], b'-', "{code}");
    let again = desk.get(&format!("/bodies/{body}")).await;
    assert!(!again.has(&code) && again.has("有効"));
    let bare = code.replace('-', "");
    let mut hashes = 0;
    for kind in city.store.kinds().await.unwrap() {
        let page = city.store.scan(&Scan::keys(kind).limit(1_000)).await.unwrap();
        let text = serde_json::to_string(&page.records).unwrap();
        assert!(!text.contains(&code) && !text.contains(&bare));
        let hash = lupinus_core::body::InvitationCode::parse(&code).unwrap().hash();
        hashes += usize::from(text.contains(&hash.to_hex()));
        assert_ne!(hash, Sha256Hash::ZERO);
    }
    assert!(hashes > 0, "the hash is there");
    let invitation = city.centre.invitations(body).await.unwrap()[0].id;
    let page = desk.post(&format!("/bodies/{body}/invitations/{invitation}/revoke"), &[]).await;
    assert_eq!(page.location(), format!("/console/bodies/{body}?done=revoked"));
    assert!(desk.get(&format!("/bodies/{body}")).await.has("取消し済み"));
}

// R23
#[tokio::test]
async fn the_last_administrator_but_one_goes_only_when_somebody_says_so() {
    let city = City::new().await;
    let second = city.staff("admin2", "管理 次郎", &[Role::Administrator]).await;
    let mut desk = city.desk("admin").await;
    let path = format!("/staff/{second}/deactivate");
    let page = desk.post(&path, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("管理者が1人だけになります") && page.has("name=\"sole_ok\""), "{}", page.text);
    assert_eq!(desk.post(&path, &[("sole_ok", "1")]).await.status, StatusCode::SEE_OTHER);
    assert!(desk.get("/staff").await.has("管理者が1人だけです"));
}

#[tokio::test]
async fn an_account_made_at_the_console_can_sign_in() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    let short = [("login", "new"), ("name", "新人 一子"), ("password", "short"), ("role", "checker")];
    let page = desk.post("/staff", &short).await;
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY
            && page.has("新人 一子")
            && !page.has("value=\"short\"")
    );
    let password = "はじめての長いパスワード";
    let fields = [("login", "new"), ("name", "新人 一子"), ("password", password), ("role", "checker")];
    assert_eq!(desk.post("/staff", &fields).await.location(), "/console/staff?done=staff");
    assert_eq!(city.browser().sign_in("new", password).await.status, StatusCode::SEE_OTHER);
    let twice = desk.post("/staff", &fields).await;
    assert!(twice.status == StatusCode::UNPROCESSABLE_ENTITY && twice.has("このログイン名は使われています"));
}

// R19
#[tokio::test]
async fn the_trail_of_a_day_names_what_was_done_and_by_whom() {
    let city = City::new().await;
    city.staff("staff-x", "監査 役子", &[Role::Auditor]).await;
    let mut administrator = city.desk("admin").await;
    administrator.post("/bodies", &[("name", "薬剤師会")]).await;
    let mut desk = city.desk("staff-x").await;
    let page = desk.get("/audit?date=2026-10-05").await;
    assert!(page.has("団体の登録") && page.has("管理 花子") && page.has("監査 役子"), "{}", page.text);
    assert!(!page.has("薬剤師会"), "the trail holds nobody's words");
    assert!(desk.get("/audit?date=2026-10-04").await.has("この日の記録はありません"));
}

#[tokio::test]
async fn no_record_of_a_session_holds_what_people_typed() {
    let city = City::new().await;
    let mut desk = city.desk("admin").await;
    desk.post("/bodies", &[("name", "秘密の団体名")]).await;
    let page = city.store.scan(&Scan::keys(Kind::new("session"))).await.unwrap();
    assert!(!serde_json::to_string(&page.records).unwrap().contains("秘密"));
}
