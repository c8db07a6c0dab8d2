//! Joining, the profile, leaving.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    consultation::Consultation,
    member::{MemberState, Profession},
    post::Category,
    store::{Entity, Scan, StoreExt},
};
use support::Town;

#[tokio::test]
async fn joining_takes_one_tap_and_every_question_after_it_can_be_skipped() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    let greeting = town.last(&user, 2);
    assert!(greeting.contains("試験センター") && greeting.contains("【利用ルール】"), "{greeting}");
    assert_eq!(town.offered(&user), ["同意して参加する", "あとで"]);
    assert!(!town.member_of(&user).await.is_registered());

    town.tap(&user, "rules/accept").await;
    let member = town.member_of(&user).await;
    assert!(member.is_registered());
    assert_eq!(member.consent.as_ref().unwrap().rules_version, "1");
    assert_eq!(member.consent.unwrap().at, support::thursday()); // R6
    for _ in 0..3 {
        town.say(&user, "スキップ").await;
    }
    town.say(&user, "完了").await;
    assert!(town.last(&user, 1).contains("マイページ"));
    let member = town.member_of(&user).await;
    assert_eq!((member.profession, member.organisation, member.area), (None, None, None));
}

#[tokio::test]
async fn the_profile_can_be_given_by_tapping_and_by_typing_and_changed_later() {
    // R44
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.say(&user, "参加").await;
    town.say(&user, "同意して参加する").await;
    town.say(&user, "医療").await;
    assert!(town.offered(&user).contains(&"訪問看護師".to_owned()));
    town.say(&user, "訪問看護師").await;
    town.say(&user, "あおぞら訪問看護ステーション").await;
    town.say(&user, "北部圏域").await;
    town.tap(&user, "profile/topic/training").await;
    town.tap(&user, "profile/topic/infection").await;
    town.tap(&user, "profile/topic/infection").await;
    town.say(&user, "完了").await;
    let member = town.member_of(&user).await;
    assert_eq!(member.profession, Some(Profession("HomeVisitNurse".to_owned())));
    assert_eq!(member.organisation.as_deref(), Some("あおぞら訪問看護ステーション"));
    assert_eq!(member.area.unwrap().0, "北部圏域");
    assert_eq!(member.topics.into_iter().collect::<Vec<_>>(), [Category::Training]);

    let number = town.member_of(&user).await.id.number();
    town.say(&user, "マイページ").await;
    let page = town.last(&user, 1);
    for held in ["訪問看護師", "あおぞら訪問看護ステーション", "北部圏域", "研修・講演会", number.as_str()]
    {
        assert!(page.contains(held), "{held}: {page}");
    }
    town.say(&user, "所属を消す").await;
    town.tap(&user, "profile/change/area").await;
    town.say(&user, "南部圏域").await;
    let member = town.member_of(&user).await;
    assert_eq!(member.organisation, None);
    assert_eq!(member.area.unwrap().0, "南部圏域", "{}", town.last(&user, 3));
}

#[tokio::test]
async fn leaving_erases_what_was_held_and_one_can_come_back() {
    // R12
    let town = Town::new().await;
    let user = town.member("花").await;
    town.tap(&user, "profile/change/organisation").await;
    town.say(&user, "かがやき薬局").await;
    town.say(&user, "相談").await;
    town.say(&user, "配薬カレンダーの入手先").await;
    let id = town.member_of(&user).await.id;
    let before = town.everything().await;
    for held in ["かがやき薬局", "配薬カレンダー", user.as_str()] {
        assert!(before.contains(held), "the premise: {held}");
    }
    town.say(&user, "退会").await;
    assert!(town.last(&user, 1).contains("元に戻せません"));
    town.say(&user, "すべて消して退会する").await;
    assert!(town.last(&user, 1).contains("登録と記録を消しました"));
    let member = town.centre.member(id).await.unwrap().value;
    assert_eq!((member.state, member.contact, member.organisation), (MemberState::Left, None, None));
    let all = town.everything().await;
    for gone in ["かがやき薬局", "配薬カレンダー", user.as_str()] {
        assert!(!all.contains(gone), "{gone}");
    }
    town.say(&user, "参加").await;
    town.tap(&user, "rules/accept").await;
    let again = town.member_of(&user).await;
    assert!(again.is_registered());
    assert_ne!(again.id, id);
}

#[tokio::test]
async fn nothing_goes_to_one_who_blocked_and_the_registration_waits_for_them() {
    let town = Town::new().await;
    let user = town.member("花").await;
    town.line.unfollow(&user).await.unwrap();
    town.bot.drain().await.unwrap();
    assert_eq!(town.member_of(&user).await.state, MemberState::Blocked);
    assert!(!town.member_of(&user).await.is_registered());
    town.line.follow(&user).await.unwrap();
    town.bot.drain().await.unwrap();
    assert!(town.member_of(&user).await.is_registered());
    assert!(town.last(&user, 1).contains("おかえりなさい"));
}

#[tokio::test]
async fn a_consultation_before_the_rules_are_accepted_is_kept_and_asked_about_again() {
    // R6
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.say(&user, "相談").await;
    assert!(town.last(&user, 2).contains("【利用ルール】"));
    town.say(&user, "夜間の往診について知りたい").await;
    assert!(town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 9).await.unwrap().is_empty());
    town.tap(&user, "rules/accept").await;
    town.tap(&user, "consult/free/send").await;
    let all = town.store.all::<Consultation>(Scan::keys(Consultation::KIND), 9).await.unwrap();
    assert_eq!(all[0].value.thread[0].text.as_deref(), Some("夜間の往診について知りたい"));
}

#[tokio::test]
async fn consent_and_leaving_are_understood_as_they_are_typed() {
    // R44
    let town = Town::new().await;
    for words in ["同意", "同意する", "同意して参加する。", " はい！", "ＯＫ", "わかりました", "参加する"]
    {
        let user = town.friend("花").await;
        town.say(&user, words).await;
        assert!(town.member_of(&user).await.is_registered(), "{words}");
    }
    let later = town.friend("楓").await;
    town.say(&later, "あとで").await;
    town.say(&later, "わかりました").await;
    assert!(!town.member_of(&later).await.is_registered(), "a yes to nothing accepts nothing");
    town.say(&later, "あとで").await;
    town.say(&later, "同意します").await;
    assert!(town.member_of(&later).await.is_registered());
    let user = town.member("葵").await;
    let id = town.member_of(&user).await.id;
    town.say(&user, "退会").await;
    town.say(&user, "いいえ").await;
    town.say(&user, "はい").await;
    assert!(town.member_of(&user).await.is_registered(), "a yes to nothing erases nothing");
    town.say(&user, "退会").await;
    town.say(&user, "はい。").await;
    assert_eq!(town.centre.member(id).await.unwrap().value.state, MemberState::Left);
}

#[tokio::test]
async fn every_part_of_the_profile_can_be_erased_by_its_owner() {
    // R12
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.tap(&user, "rules/accept").await;
    town.tap(&user, "profile/profession/Nurse").await;
    town.say(&user, "かがやき病院").await;
    town.say(&user, "南部圏域").await;
    town.tap(&user, "profile/topic/training").await;
    town.say(&user, "完了").await;
    for clear in ["職種を消す", "所属を消す", "圏域を消す"] {
        town.say(&user, "マイページ").await;
        town.say(&user, clear).await;
    }
    let member = town.member_of(&user).await;
    assert_eq!((member.profession, member.organisation, member.area), (None, None, None));
    town.say(&user, "マイページ").await;
    let offered = town.offered(&user);
    assert!(
        !offered.iter().any(|label| label.contains("消す") && label != "退会する(登録を消す)"),
        "{offered:?}"
    );
}

#[tokio::test]
async fn a_polite_answer_is_an_answer_and_the_walk_goes_on() {
    let town = Town::new().await;
    let user = town.friend("花").await;
    town.tap(&user, "rules/accept").await;
    town.say(&user, "看護師です。").await;
    assert!(town.last(&user, 1).contains("(2/4)"), "{}", town.last(&user, 1));
    town.say(&user, "あおぞら訪問看護に勤めています").await;
    assert!(town.last(&user, 1).contains("(3/4)"), "{}", town.last(&user, 1));
    town.say(&user, "北部です").await;
    town.say(&user, "研修です！").await;
    town.say(&user, "完了").await;
    let member = town.member_of(&user).await;
    assert_eq!(member.profession, Some(Profession("Nurse".to_owned())));
    assert_eq!(member.organisation.as_deref(), Some("あおぞら訪問看護"));
    assert_eq!(member.area.unwrap().0, "北部圏域");
    assert_eq!(member.topics.into_iter().collect::<Vec<_>>(), [Category::Training]);

    // What is no answer is kept and asked about, as everywhere.
    town.tap(&user, "profile/change/profession").await;
    town.say(&user, "退院の件です").await;
    assert!(town.last(&user, 1).contains("まだセンターに届いていません"), "{}", town.last(&user, 1));
    // And none is a skip, as a word for it is.
    town.tap(&user, "profile/change/organisation").await;
    town.say(&user, "特にありません").await;
    assert!(town.last(&user, 1).contains("マイページ"), "{}", town.last(&user, 1));
    assert_eq!(town.member_of(&user).await.organisation.as_deref(), Some("あおぞら訪問看護"));
}

#[tokio::test]
async fn joining_again_thanks_nobody_for_adding_the_account_twice() {
    // R6
    let town = Town::new().await;
    let user = town.member("花").await;
    town.say(&user, "参加").await;
    assert!(town.last(&user, 1).contains("登録はお済みです"), "{}", town.last(&user, 1));
    town.accepted_older_rules(&user).await;
    town.say(&user, "参加").await;
    let told = town.last(&user, 2);
    assert!(told.contains("利用ルールが新しくなりました") && !told.contains("友だち追加"), "{told}");
    town.say(&user, "同意する").await;
    assert!(town.last(&user, 1).contains("続けてご利用いただけます"), "{}", town.last(&user, 1));

    town.accepted_older_rules(&user).await;
    town.line.unfollow(&user).await.unwrap();
    town.bot.drain().await.unwrap();
    town.line.follow(&user).await.unwrap();
    town.bot.drain().await.unwrap();
    let told = town.last(&user, 3);
    assert!(told.contains("おかえりなさい") && told.contains("利用ルールが新しくなりました"), "{told}");

    let undecided = town.friend("楓").await;
    town.say(&undecided, "あとで").await;
    town.say(&undecided, "参加").await;
    let told = town.last(&undecided, 2);
    assert!(told.contains("はじめに、利用ルール") && !told.contains("友だち追加"), "{told}");
}

#[tokio::test]
async fn stopping_says_what_became_of_what_was_begun() {
    let town = Town::new().await;
    let user = town.submitter("葵").await;
    for begun in ["相談", "投稿者登録", "退会"] {
        town.say(&user, begun).await;
        town.say(&user, "やめる").await;
        let told = town.last(&user, 1);
        assert!(!told.contains("下書き") && !told.contains("取り下げ"), "{begun}: {told}");
    }
    town.say(&user, "投稿").await;
    town.say(&user, "やめる").await;
    let told = town.last(&user, 1);
    assert!(told.contains("下書きは残しています") && told.contains("「投稿」"), "{told}");
}
