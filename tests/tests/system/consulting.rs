//! Consultations: the rule first, an answer in the same chat, and nothing personal kept.

use std::time::Duration;

use lupinus_core::consultation::State;
use lupinus_emulator::Author;
use lupinus_tests::{City, Desk, Kept, eventually};

async fn asks(city: &City, user: &str, text: &str) -> String {
    city.talk(user, "相談").await;
    city.talk(user, text).await
}

async fn a_question_is_answered_on(kept: Kept) {
    // R5 R24 R38
    let city = City::start(kept).await;
    let nurse = city.member("看護師").await;
    let before = city.had(&nurse).len();
    city.talk(&nurse, "相談").await;
    let rule = city.said_since(&nurse, before);
    assert!(
        rule.contains("患者さん・利用者さん・ご家族の氏名、住所、電話番号などは書かないでください"),
        "{rule}"
    );
    city.tap(&nurse, "consult/topic/discharge").await;
    let before = city.had(&nurse).len();
    city.talk(&nurse, "退院前カンファレンスの日程調整は、どこに連絡すればよいですか。").await;
    let first = city.said_since(&nurse, before);
    assert!(first.contains("ご相談を受け付けました") && first.contains("書かないでください"), "{first}");
    assert!(!first.contains("閉庁"), "it is Monday at ten: {first}");

    // The consultant sees it; a checker need not (R24).
    let (consultant, checker) =
        (Desk::sign_in(&city, "consultant").await, Desk::sign_in(&city, "checker").await);
    let consultation = city.consultations(&nurse).await.remove(0);
    let path = format!("/consultations/{}", consultation.id);
    assert_eq!(checker.get(&path).await.status, 403);
    assert_eq!(Desk::opened(&city).get(&path).await.status, 303, "nobody is signed in there");
    let page = consultant.get(&path).await;
    assert!(page.status == 200 && page.shows("退院前カンファレンス"), "{}", page.html);

    // First taken, then answered; what holds something personal is not sent (R7).
    let early = consultant.post(&format!("{path}/answer"), &[("text", "少しお待ちください。")]).await;
    assert_eq!(early.status, 409, "{}", early.html);
    consultant.does(&format!("{path}/take"), &[]).await;
    let personal = "患者の佐藤花子様の電話番号は 090-4827-1639 です。";
    let refused = consultant.post(&format!("{path}/answer"), &[("text", personal)]).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    let answer = "地域連携室の代表窓口にお電話ください。日程は連携室がまとめます。";
    city.pass(Duration::from_mins(10));
    consultant.does(&format!("{path}/answer"), &[("text", answer)]).await;
    city.drain().await;
    let had = city.said(&nurse);
    assert_eq!(had.iter().filter(|text| text.contains(answer)).count(), 1, "{had:?}");
    assert!(!had.iter().any(|text| text.contains("4827")), "{had:?}");
    let consultation = city.consultations(&nurse).await.remove(0);
    assert!(matches!(consultation.state, State::AwaitingMember { to } if to == city.team.consultant));
    let hours = &city.centre.policy().hours;
    assert!(consultation.time_to_first_answer(hours).is_some_and(|spent| spent >= Duration::from_mins(10)));
}

#[tokio::test]
async fn a_question_is_answered_in_the_console_and_the_answer_arrives() {
    a_question_is_answered_on(Kept::InMemory).await;
}

#[tokio::test]
async fn a_question_is_answered_from_the_embedded_store() {
    a_question_is_answered_on(Kept::OnDisk).await;
}

#[tokio::test]
async fn a_question_is_answered_from_a_database() {
    a_question_is_answered_on(Kept::InDatabase).await;
}

#[tokio::test]
async fn a_question_is_answered_in_real_time_too() {
    let city = City::running(Kept::OnDisk).await;
    let nurse = city.line.create_user("看護師");
    let within = Duration::from_secs(10);
    let says = async |words: &str| {
        eventually(words, within, async || {
            city.said(&nurse).iter().any(|text| text.contains(words)).then_some(())
        })
        .await;
    };
    city.line.follow(&nurse).await.unwrap();
    says("友だち追加ありがとうございます").await;
    city.line.postback(&nurse, "rules/accept").await.unwrap();
    says("登録しました").await;
    city.line.say(&nurse, "相談").await.unwrap();
    says("相談の前に").await;
    city.line.say(&nurse, "入退院支援の手引きはどこで見られますか。").await.unwrap();
    says("ご相談を受け付けました").await;
    let consultant = Desk::sign_in(&city, "consultant").await;
    let path = format!("/consultations/{}", city.consultations(&nurse).await[0].id);
    consultant.does(&format!("{path}/take"), &[]).await;
    consultant.does(&format!("{path}/answer"), &[("text", "センターのページに載せています。")]).await;
    says("センターのページに載せています").await;
    city.close().await;
}

#[tokio::test]
async fn outside_the_hours_one_automatic_answer_names_the_next_opening() {
    let city = City::start(Kept::InMemory).await;
    let nurse = city.member("看護師").await;
    // Friday evening; the Monday after is a public holiday (スポーツの日).
    city.set_time("2026-10-09T20:00:00+09:00".parse().unwrap());
    asks(&city, &nurse, "夜間の急変時の連絡体制について教えてください。").await;
    city.talk(&nurse, "補足です。訪問看護は入っています。").await;
    city.pass(Duration::from_hours(12));
    city.talk(&nurse, "土曜日ですが、もう一つ補足します。").await;
    let closed: Vec<String> =
        city.said(&nurse).into_iter().filter(|text| text.contains("ただいま閉庁時間です")).collect();
    assert_eq!(closed.len(), 1, "once for each closed period: {closed:?}");
    assert!(closed[0].contains("10月13日(火) 8:30"), "{}", closed[0]);
    assert_eq!(city.asked(&nurse).await.len(), 3);

    // Another closed period, another answer.
    city.set_time("2026-10-13T21:00:00+09:00".parse().unwrap());
    city.talk(&nurse, "今日はお返事がなかったので、もう一度書きます。").await;
    let closed = city.said(&nurse).into_iter().filter(|text| text.contains("閉庁")).collect::<Vec<_>>();
    assert_eq!(closed.len(), 2, "{closed:?}");
    assert!(closed[1].contains("10月14日(水) 8:30"), "{}", closed[1]);
}

#[tokio::test]
async fn what_is_personal_is_masked_and_the_member_is_told_at_once() {
    // R8
    let city = City::start(Kept::InMemory).await;
    let nurse = city.member("看護師").await;
    let before = city.had(&nurse).len();
    asks(&city, &nurse, "被保険者番号 0004827163 の方(電話 090-4827-1639)の件です。").await;
    let told = city.said_since(&nurse, before);
    assert!(told.contains("元の文字は保存していません") && told.contains("送信取消"), "{told}");
    let thread = city.asked(&nurse).await;
    assert_eq!(thread.len(), 1);
    assert!(thread[0].contains("██") && thread[0].contains("の件です"), "{thread:?}");
    assert!(!thread[0].contains("4827"), "{thread:?}");
}

#[tokio::test]
async fn a_picture_is_refused_with_the_reason_and_never_fetched() {
    let city = City::start(Kept::InMemory).await;
    let nurse = city.member("看護師").await;
    city.talk(&nurse, "相談").await;
    let before = city.had(&nurse).len();
    city.line.send_image(&nurse, b"\x89PNG\r\n\x1a\n a patient's face", "image/png").await.unwrap();
    city.drain().await;
    let told = city.said_since(&nurse, before);
    assert!(told.contains("写真・ファイル・音声はお受けできません"), "{told}");
    assert!(!city.line.requests().iter().any(|request| request.path.contains("/content")));
    // And the question can still be put.
    city.talk(&nurse, "では文字で書きます。口腔ケアの依頼先を知りたいです。").await;
    assert_eq!(city.asked(&nurse).await.len(), 1);
}

#[tokio::test]
async fn a_message_taken_back_is_erased_and_the_trail_says_only_that() {
    // R9
    let city = City::start(Kept::InMemory).await;
    let nurse = city.member("看護師").await;
    let message = asks(&city, &nurse, "目印になることばで質問します。").await;
    city.talk(&nurse, "こちらは残します。").await;
    city.pass(Duration::from_secs(1));
    city.line.unsend(&nurse, &message).await.unwrap();
    city.drain().await;
    let consultation = city.consultations(&nurse).await.remove(0);
    assert_eq!(consultation.thread[0].text, None);
    assert_eq!(consultation.thread[1].text.as_deref(), Some("こちらは残します。"));
    for record in city.records().await {
        assert!(!record.body.contains("目印になることば"), "{} still holds it", record.key);
    }
    let subject = lupinus_core::audit::Subject::new(
        &<lupinus_core::consultation::Consultation as lupinus_core::store::Entity>::KIND,
        consultation.id,
    );
    let trail = city.centre.audit_of(&subject).await.unwrap();
    assert!(trail.iter().any(|entry| entry.action == "consultation.unsent"), "{trail:?}");
}

#[tokio::test]
async fn a_consultation_is_resolved_by_a_word_and_taken_up_again_by_another() {
    let city = City::start(Kept::InMemory).await;
    let nurse = city.member("看護師").await;
    asks(&city, &nurse, "ケアプラン点検の様式はありますか。").await;
    city.talk(&nurse, "解決した").await;
    let consultation = city.consultations(&nurse).await.remove(0);
    assert!(consultation.is_resolved());
    assert!(city.said(&nurse).last().unwrap().contains("「解決」にしました"));
    city.pass(Duration::from_hours(24));
    city.talk(&nurse, "すみません、もう一つ教えてください。").await;
    city.tap(&nurse, "consult/free/send").await;
    let again = city.consultations(&nurse).await;
    assert_eq!(again.len(), 1, "it was taken up again, not opened anew");
    assert_eq!((again[0].reopened, again[0].is_resolved()), (1, false));
    assert_eq!(city.asked(&nurse).await.len(), 2);
}

#[tokio::test]
async fn nothing_of_a_consultation_goes_to_line_but_the_members_own_thread() {
    // R1
    let city = City::start(Kept::InMemory).await;
    let (nurse, other) = (city.member("看護師").await, city.member("ケアマネジャー").await);
    asks(&city, &nurse, "目印になることばで質問します。").await;
    let consultant = Desk::sign_in(&city, "consultant").await;
    let path = format!("/consultations/{}", city.consultations(&nurse).await[0].id);
    consultant.does(&format!("{path}/take"), &[]).await;
    consultant.does(&format!("{path}/note"), &[("text", "職員だけの覚え書き。")]).await;
    consultant.does(&format!("{path}/answer"), &[("text", "お答えの目印。")]).await;
    city.drain().await;
    assert!(!format!("{:?}", city.had(&other)).contains("目印"));
    let own = city.line.messages(&nurse);
    let from_bot = |words: &str| {
        own.iter().filter(|m| m.from == Author::Bot && m.message.to_string().contains(words)).count()
    };
    assert_eq!((from_bot("お答えの目印"), from_bot("覚え書き"), from_bot("目印になることば")), (1, 0, 0));
}

#[tokio::test]
async fn a_new_version_of_the_rules_asks_again_before_the_next_consultation() {
    // R6
    let city = City::start(Kept::InMemory).await;
    let stranger = city.line.create_user("まだ同意していない人");
    city.line.follow(&stranger).await.unwrap();
    city.drain().await;
    let before = city.had(&stranger).len();
    city.talk(&stranger, "相談").await;
    assert!(city.said_since(&stranger, before).contains("利用ルール"));
    city.talk(&stranger, "先に質問を書いてしまいました。").await;
    assert!(city.asked(&stranger).await.is_empty(), "a consultation without the rules");
}
