//! The members: counted for everybody, opened for a reason, erased when they ask.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use kit::{Browser, City, training};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    audit::Subject,
    ids::{MemberId, PostId},
    member::{Member, MemberState},
    post::{Category, Urgency},
    service::{By, Draft, ProfileChange},
    store::{Entity, IndexEntry, Kind, MAX_PAGE, RecordClass, Scan, Store},
};
use serde::{Deserialize, Serialize};

/// What another crate keeps under a member's id.
#[derive(Serialize, Deserialize)]
struct Place {
    member: MemberId,
    draft: String,
}

impl Entity for Place {
    const KIND: Kind = Kind::new("dialogue");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.member.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }
}

const WORDS: [&str; 4] = ["青空訪問看護", "吸引器の質問です", "U-nurse", "書きかけの文"];

async fn profile(city: &City, member: MemberId, changes: &[ProfileChange]) {
    let changed = city.centre.transact(|mut work| async move {
        work.update_profile(By::Member(member), changes).await?;
        work.done(())
    });
    changed.await.unwrap();
}

/// A member of whom everything is held that can be, and the post that they handed in for their body.
async fn somebody(city: &City) -> (MemberId, PostId) {
    let member = city.member("U-nurse").await;
    let body = city.body("訪問看護連絡会").await;
    let (admin, place) = (By::Staff(city.administrator), &Place { member, draft: "書きかけの文".to_owned() });
    let invited = city.centre.transact(|mut work| async move {
        let (_, code) = work.invite(admin, body).await?;
        work.insert(place)?;
        work.done(code)
    });
    let code = &invited.await.unwrap();
    let redeemed = city.centre.transact(|mut work| async move {
        work.redeem_code(By::Member(member), code).await?;
        work.done(())
    });
    redeemed.await.unwrap();
    profile(city, member, &[ProfileChange::Organisation(Some("青空訪問看護".to_owned()))]).await;
    city.asks(member, "吸引器の質問です。").await;
    let handed_in = city.centre.transact(|mut work| async move {
        let draft = Draft {
            content: training("口腔ケア研修"),
            urgency: Urgency::Normal,
            audience: Audience::Members,
            body: Some(body),
        };
        let post = work.draft_and_submit(By::Member(member), draft).await?;
        work.done(post.id)
    });
    (member, handed_in.await.unwrap())
}

async fn looks(city: &City, member: MemberId) -> Vec<(String, String)> {
    let trail = city.centre.audit_of(&Subject::new(&Member::KIND, member)).await.unwrap();
    let looks = trail
        .into_iter()
        .filter(|entry| entry.action.starts_with("member.looked") || entry.action == "member.exported");
    looks.map(|entry| (entry.action, entry.detail["reason"].as_str().unwrap().to_owned())).collect()
}

/// Whether words stand in any record.
async fn held(city: &City, words: &str) -> bool {
    for kind in city.store.kinds().await.unwrap() {
        let mut scan = Scan::keys(kind).limit(MAX_PAGE);
        loop {
            let page = city.store.scan(&scan).await.unwrap();
            if serde_json::to_string(&page.records).unwrap().contains(words) {
                return true;
            }
            let Some(next) = page.next else { break };
            scan.after = Some(next);
        }
    }
    false
}

// R12
#[tokio::test]
async fn what_is_held_about_a_member_is_shown_to_somebody_with_a_reason_that_is_kept() {
    let city = City::new().await;
    let (member, _) = somebody(&city).await;
    let mut desk = city.desk("admin").await;
    let found = desk.post("/members/find", &[("number", &member.number())]).await;
    assert_eq!(found.location(), format!("/console/members/{member}?done=member-found"));
    let path = format!("/members/{member}");
    let page = desk.get(&path).await;
    let nothing = |page: &kit::Page| WORDS.iter().all(|words| !page.has(words));
    assert!(page.status == StatusCode::OK && nothing(&page), "{}", page.text);
    for command in ["look", "export"] {
        for reason in ["", "curiosity"] {
            let page = desk.post(&format!("{path}/{command}"), &[("reason", reason)]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.has("理由を選んでください") && nothing(&page), "{}", page.text);
        }
    }
    assert_eq!(looks(&city, member).await, []);

    let page = desk.post(&format!("{path}/look"), &[("reason", "disclosure")]).await;
    for words in WORDS.into_iter().chain(["訪問看護連絡会", "口腔ケア研修"]) {
        assert!(page.has(words), "{words}: {}", page.text);
    }
    let file = desk.post(&format!("{path}/export"), &[("reason", "audit")]).await;
    let name = format!("attachment; filename=\"member-{}.json\"", member.number());
    assert_eq!(file.headers["content-disposition"].to_str().unwrap(), name);
    let whole: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(whole["member"]["organisation"], "青空訪問看護");
    assert_eq!(whole["consultations"][0]["thread"][0]["text"], "吸引器の質問です。");
    assert_eq!(whole["others"][0]["record"]["draft"], "書きかけの文");
    assert_eq!(whole["posts"][0]["revisions"][0]["title"], "口腔ケア研修");
    let kept = [("member.looked_at", "disclosure"), ("member.exported", "audit")];
    assert_eq!(looks(&city, member).await, kept.map(|(act, reason)| (act.to_owned(), reason.to_owned())));
    let page = desk.get(&path).await;
    assert!(page.has("会員の記録を閲覧(本人からの開示の求め)") && nothing(&page), "{}", page.text);
}

// R12
#[tokio::test]
async fn a_member_is_erased_after_a_second_confirmation_and_the_decision_stays_readable() {
    let city = City::new().await;
    let (member, post) = somebody(&city).await;
    let mut desk = city.desk("admin").await;
    let path = format!("/members/{member}/erase");
    let page = desk.post(&path, &[]).await;
    assert!(page.has("相談 1件の中身") && page.has("訪問看護連絡会"), "{}", page.text);
    let number = member.number();
    let (right, mut asked) = (number.rsplit('-').next().unwrap(), vec![("asked", "1")]);
    for wrong in [&[("confirmed", "1"), ("end", "zzzz")][..], &[("end", right)], &[("confirmed", "1")]] {
        let page = desk.post(&path, &[&asked[..], wrong].concat()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(page.has("消去していません"), "{}", page.text);
    }
    assert!(held(&city, "吸引器の質問です").await && held(&city, "U-nurse").await);

    asked.extend([("confirmed", "1"), ("end", right)]);
    let page = desk.post(&path, &asked).await;
    assert_eq!(page.location(), format!("/console/members/{member}?done=member-erased"));
    assert_eq!(city.centre.member(member).await.unwrap().value.state, MemberState::Left);
    // What the bot keeps of the dialogue is the bot's to sweep.
    for words in WORDS.into_iter().filter(|words| *words != "書きかけの文") {
        assert!(!held(&city, words).await, "{words}");
    }
    assert_eq!(desk.get(&format!("/posts/{post}")).await.status, StatusCode::OK);
    let page = desk.get(&format!("/members/{member}")).await;
    assert!(page.has("退会・消去済み") && !page.has("消去の確認へ進む"), "{}", page.text);
    assert_eq!(desk.post(&path, &asked).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_number_of_nobody_and_one_of_two_lead_to_nobody() {
    let city = City::new().await;
    let (one, _) = (city.member("U1").await, city.member("U2").await);
    let mut desk = city.desk("admin").await;
    for (number, said) in [
        ("ffff-ffff-ffff-ffff-ffff", "見つかりません"),
        ("山田太郎", "見つかりません"),
        (&one.number()[..14], "2人以上"),
    ] {
        let page = desk.post("/members/find", &[("number", number)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has(said), "{number}: {}", page.text);
    }
}

async fn numbers(desk: &mut Browser) -> String {
    let page = desk.get("/members").await;
    assert_eq!(page.status, StatusCode::OK);
    page.text
}

#[tokio::test]
async fn members_are_counted_by_what_they_want_and_named_nowhere() {
    let city = City::new().await;
    for (number, topics) in [
        (1, [Category::Training].into_iter().collect::<BTreeSet<_>>()),
        (2, [Category::Training, Category::Notice].into_iter().collect()),
        (3, BTreeSet::new()),
    ] {
        let member = city.member(&format!("U{number}")).await;
        let said =
            [ProfileChange::Topics(topics), ProfileChange::Organisation(Some("青空訪問看護".to_owned()))];
        profile(&city, member, &said).await;
    }
    city.staff("reader", "監査 四郎", &[Role::Auditor]).await;
    let text = numbers(&mut city.desk("reader").await).await;
    for (name, count) in [("研修・講演会", 2), ("制度・通知", 1), ("指定なし(すべて受け取る)", 1)]
    {
        assert!(text.contains(&format!("<th scope=\"row\">{name}</th><td>{count}</td>")), "{name}: {text}");
    }
    assert!(!text.contains("青空訪問看護") && !text.contains("会員番号から探す"));
    assert!(numbers(&mut city.desk("admin").await).await.contains("会員番号から探す"));
}
