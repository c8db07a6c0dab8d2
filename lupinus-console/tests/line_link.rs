//! The LINE account of one of the staff, at the console.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::City;
use lupinus_core::{
    actor::Role,
    body::InvitationCode,
    service::{By, Redemption},
};

/// R25: the code stands on one page, once; what it did stands on the account's own page and on the administrators'.
#[tokio::test]
async fn a_code_is_shown_once_and_the_link_on_both_pages() {
    let city = City::new().await;
    let staff = city.staff("kakunin", "確認 一郎", &[Role::Checker]).await;
    let mut desk = city.desk("kakunin").await;
    assert!(desk.get("/account").await.has("結び付けを始める"));
    let page = desk.post("/account/line/begin", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let shown = page.text.split("class=\"code\" role=\"status\">").nth(1).unwrap().split('<').next().unwrap();
    let code = InvitationCode::parse(shown).unwrap();
    let account = desk.get("/account").await;
    assert!(!account.has(shown) && account.has("コードを待っています"));

    let member = city.member("Ustaff").await;
    let code = &code;
    let taken = city.centre.transact(|mut work| async move {
        let taken = work.redeem_code(By::Member(member), code).await?;
        work.done(taken)
    });
    assert!(matches!(taken.await.unwrap(), Redemption::Linked(known) if known.id == staff));
    let number = member.number();
    assert!(desk.get("/account").await.has(&number));
    let again = desk.post("/account/line/begin", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.has("先に解除してください"));

    let mut administrator = city.desk("admin").await;
    let page = administrator.get(&format!("/staff/{staff}")).await;
    assert!(
        page.has("に結び付けました。") && !page.has(&number),
        "whose number it is, is nobody else's business"
    );
    let done = administrator.post(&format!("/staff/{staff}/unlink"), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(desk.get("/account").await.has("結び付けを始める"));
}
