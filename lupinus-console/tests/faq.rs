//! Frequently asked questions at the console: from an answered consultation to what members read, by two people.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod kit;

use axum::http::StatusCode;
use kit::{Browser, City};
use lupinus_core::{actor::Role, ids::ConsultationId};

const QUESTION: &str = "週末に吸引器を借りられる所はありますか。";
const ANSWER: &str = "市の福祉用具の窓口で借りられます。";
const CONFIRMED: [(&str, &str); 3] =
    [("seen", "1"), ("nobody_named", "1"), ("nobody_told_by_all_together", "1")];

/// Two who answer, and a consultation that the first has answered.
struct Desks {
    city: City,
    one: Browser,
    other: Browser,
    asked: ConsultationId,
}

impl Desks {
    async fn new(question: &str) -> Self {
        let city = City::new().await;
        let one = city.staff("one", "相談 一郎", &[Role::Consultant]).await;
        city.staff("other", "相談 花子", &[Role::Consultant]).await;
        let member = city.member("U1").await;
        let asked = city.asks(member, question).await;
        city.answered(one, asked, ANSWER).await;
        let (one, other) = (city.desk("one").await, city.desk("other").await);
        Self { city, one, other, asked }
    }

    /// The address of a draft that the first saved.
    async fn drafted(&mut self) -> String {
        let draft = format!("/consultations/{}/faq", self.asked);
        let seen = self.one.get(&draft).await.value_of("seen");
        let words =
            [("question", QUESTION), ("answer", ANSWER), ("topic", "rehab_equipment"), ("seen", &seen)];
        let page = self.one.post(&draft, &words).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        page.location().trim_start_matches("/console").split('?').next().unwrap().to_owned()
    }
}

/// R7: what a draft begins with is masked, and two people see to the rest.
#[tokio::test]
async fn an_answered_consultation_becomes_what_members_read_by_two_people() {
    let mut desks = Desks::new("山田太郎さんに吸引器を借りたいです。").await;
    let asked = desks.asked;
    let page = desks.one.get(&format!("/consultations/{asked}")).await;
    assert!(
        page.has(&format!("href=\"/console/consultations/{asked}/faq\">よくある質問にする")),
        "{}",
        page.text
    );
    let form = desks.one.get(&format!("/consultations/{asked}/faq")).await;
    assert!(form.has(">██氏名██さんに吸引器を借りたいです。</textarea>"), "{}", form.text);
    assert!(form.has(&format!(">{ANSWER}</textarea>")));

    let path = desks.drafted().await;
    let own = desks.one.get(&path).await;
    assert!(own.has("あなたが書いた文面です") && !own.has("確認して公開する"), "{}", own.text);
    let refused = desks.one.post(&format!("{path}/publish"), &CONFIRMED).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.has("下書きした方とこの文面を書いた方は公開できません"), "{}", refused.text);
    assert!(!desks.one.get("").await.has(&format!("{path}\"")), "it waits for others");
    assert!(desks.other.get("").await.has(&format!("/console{path}\"")), "it waits for this one");

    let page = desks.other.get(&path).await;
    assert!(page.has("年齢と町名とまれな病気"), "weak attributes are asked for: {}", page.text);
    let half = desks.other.post(&format!("{path}/publish"), &CONFIRMED[..2]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        half.has("両方に印") && half.has("name=\"nobody_named\" value=\"1\" required checked"),
        "{}",
        half.text
    );
    let published = desks.other.post(&format!("{path}/publish"), &CONFIRMED).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text);
    let page = desks.one.get(&path).await;
    assert!(page.has("公開中") && page.has("<dt>確認と公開</dt><dd>相談 花子"), "{}", page.text);
    let page = desks.one.get(&format!("/consultations/{asked}")).await;
    assert!(page.has("よくある質問を見る") && !page.has("よくある質問にする"));

    let withdrawn = desks.one.post(&format!("{path}/withdraw"), &[("why", "recognisable")]).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER, "one person is enough");
    assert!(desks.city.centre.published_faqs(None, 10).await.unwrap().is_empty());
    let trail = desks.city.desk("admin").await.get("/audit").await;
    for act in ["よくある質問の下書きを作成", "よくある質問の公開", "よくある質問の取下げ"]
    {
        assert!(trail.has(act), "{act}");
    }
    assert!(!trail.has("吸引器"), "the trail holds no words");
}

#[tokio::test]
async fn a_published_entry_is_taken_up_into_an_answer_and_a_draft_is_not() {
    let mut desks = Desks::new(QUESTION).await;
    let path = desks.drafted().await;
    let value = path.trim_start_matches('/').to_owned();
    let member = desks.city.member("U2").await;
    let asked = desks.city.asks(member, "吸引器はどこにありますか。").await;
    desks.other.post(&format!("/consultations/{asked}/take"), &[]).await;
    let thread = format!("/consultations/{asked}");
    assert!(!desks.other.get(&thread).await.has(&value));
    let put_in = [("text", "こんにちは。"), ("canned", value.as_str())];
    let page = desks.other.post(&format!("{thread}/canned"), &put_in).await;
    assert!(page.has("required>こんにちは。</textarea>"), "nobody has looked at it: {}", page.text);
    desks.other.post(&format!("{path}/publish"), &CONFIRMED).await;
    assert!(desks.other.get(&thread).await.has(&format!("<option value=\"{value}\">{QUESTION}</option>")));
    let page = desks.other.post(&format!("{thread}/canned"), &put_in).await;
    assert!(page.has(&format!("required>こんにちは。\n\n{ANSWER}</textarea>")), "{}", page.text);
    assert!(!desks.other.get(&thread).await.has("こんにちは"), "nothing was stored");
}

/// R9: whoever saves a draft after its member took something back is told, and what they typed stays with them.
#[tokio::test]
async fn a_draft_is_not_saved_once_the_consultation_says_something_else() {
    let mut desks = Desks::new(QUESTION).await;
    let draft = format!("/consultations/{}/faq", desks.asked);
    let seen = desks.one.get(&draft).await.value_of("seen");
    let mut words = vec![
        ("question", QUESTION),
        ("answer", ANSWER),
        ("topic", "rehab_equipment"),
        ("seen", seen.as_str()),
    ];
    desks
        .one
        .post(&format!("/consultations/{}/answer", desks.asked), &[("text", "追って連絡します。")])
        .await;
    let page = desks.one.post(&draft, &words).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text);
    assert!(
        page.has("相談の内容が変わりました") && page.has(&format!(">{ANSWER}</textarea>")),
        "{}",
        page.text
    );
    let now = page.value_of("seen");
    words[3].1 = now.as_str();
    assert_eq!(desks.one.post(&draft, &words).await.status, StatusCode::SEE_OTHER);
}

/// R13: whoever sees a person in what members read begins a record of it from there.
#[tokio::test]
async fn a_record_of_a_leak_begins_from_what_members_read() {
    let mut desks = Desks::new(QUESTION).await;
    let path = desks.drafted().await;
    desks.other.post(&format!("{path}/publish"), &CONFIRMED).await;
    let new = format!("/incidents/new?from={}", path.trim_start_matches('/'));
    assert!(desks.other.get(&path).await.has(&format!("href=\"/console{new}\"")));
    let page = desks.other.get(&new).await;
    assert!(page.has("から会員に公開しているよくある質問に、個人情報が含まれていた。"), "{}", page.text);
    assert!(page.has(&format!("/console{path}\"")), "it leads back: {}", page.text);
}

/// R7: what is found is shown where it stands, and passes with a reason that the trail keeps.
#[tokio::test]
async fn what_screening_finds_in_a_draft_is_shown_and_passes_with_a_reason() {
    let mut desks = Desks::new(QUESTION).await;
    let draft = format!("/consultations/{}/faq", desks.asked);
    let name = "山田太郎";
    let answer = format!("利用者会の{name}さんの著書をご覧ください。");
    let seen = desks.one.get(&draft).await.value_of("seen");
    let words = [
        ("question", QUESTION),
        ("answer", answer.as_str()),
        ("topic", "rehab_equipment"),
        ("seen", seen.as_str()),
    ];
    let page = desks.one.post(&draft, &words).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("<mark class=\"mark-block\">山田太郎") && page.has("を残してよい場合"), "{}", page.text);
    assert!(page.has(&format!(">{answer}</textarea>")), "what was typed is kept");
    let reason = [("found_kind_0", "person_name"), ("found_text_0", name), ("reason_kind_0", "published")];
    let saved = desks.one.post(&draft, &[&words[..], &reason].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let path = saved.location().trim_start_matches("/console").split('?').next().unwrap().to_owned();
    let page = desks.other.get(&path).await;
    assert!(
        page.has("<mark class=\"mark-allow\">山田太郎"),
        "whoever looks sees what was let pass: {}",
        page.text
    );
}

#[tokio::test]
async fn of_two_who_change_an_entry_the_second_is_told_and_loses_no_words() {
    let mut desks = Desks::new(QUESTION).await;
    let path = desks.drafted().await;
    let change = |question: &'static str| {
        [("question", question), ("answer", ANSWER), ("topic", "oral"), ("seen", "1")]
    };
    let first = desks.one.post(&format!("{path}/change"), &change("先の質問ですか。")).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let second = desks.other.post(&format!("{path}/change"), &change("後の質問ですか。")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(
        second.has("ほかの方が変更しました") && second.has(">後の質問ですか。</textarea>"),
        "{}",
        second.text
    );
    let stale = desks.other.post(&format!("{path}/publish"), &CONFIRMED).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "nobody publishes what they have not read");
    let page = desks.other.get(&path).await;
    assert!(page.has("<ins>先"), "{}", page.text);
    let back = desks.other.post(&format!("{path}/revert"), &[("to", "1"), ("seen", "2")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    assert!(desks.other.get(&path).await.has("あなたが書いた文面です"), "whoever took it back wrote it");
}

/// What somebody looks for stands in no address.
#[tokio::test]
async fn entries_are_found_by_state_topic_and_words() {
    let mut desks = Desks::new(QUESTION).await;
    desks.drafted().await;
    for (fields, found) in [
        (vec![], true),
        (vec![("state", "draft"), ("topic", "rehab_equipment"), ("words", "きゅういんき 窓口")], false),
        (vec![("state", "draft"), ("topic", "rehab_equipment"), ("words", "吸引器 窓口")], true),
        (vec![("state", "published")], false),
        (vec![("topic", "oral")], false),
    ] {
        assert_eq!(desks.other.post("/faq", &fields).await.has(QUESTION), found, "{fields:?}");
    }
}
