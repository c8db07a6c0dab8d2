//! Frequently asked questions as members read them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use lupinus_core::{
    consultation::{self, Topic},
    faq::{Command, Seen, Why, Words},
    ids::FaqId,
    service::{By, Vetting},
};
use support::Town;

const ANSWER: &str = "市の福祉用具の窓口で借りられます。https://example.jp/kyuin";

fn question(number: usize) -> String {
    format!("吸引器を{number}日だけ借りられますか。")
}

/// A question that somebody asked and the centre answered, as a draft.
async fn drafted(town: &Town, number: usize, topic: Topic) -> FaqId {
    let user = town.member(&format!("花{number}")).await;
    town.say(&user, "相談").await;
    town.say(&user, &question(number)).await;
    let member = town.member_of(&user).await.id;
    let asked = town.centre.unresolved_consultation_of(member).await.unwrap().unwrap().value.id;
    let by = By::Staff(town.consultant);
    let words = &Words { question: question(number), answer: ANSWER.to_owned(), topic };
    let made = town.centre.transact(|mut work| async move {
        work.consultation_command(by, asked, consultation::Command::Take).await?;
        work.done(())
    });
    made.await.unwrap();
    let answer = &consultation::Command::Answer { text: "窓口へどうぞ。".to_owned() };
    let made = town.centre.transact(|mut work| async move {
        work.consultation_command(by, asked, answer.clone()).await?;
        work.done(())
    });
    made.await.unwrap();
    let (_, seen) = town.centre.suggested_faq(by, asked).await.unwrap();
    let made = town.centre.transact(|mut work| async move {
        let entry = work.draft_faq(by, asked, words, seen, &Vetting::default()).await?;
        work.done(entry.id)
    });
    let id = made.await.unwrap();
    town.bot.drain().await.unwrap();
    id
}

async fn command(town: &Town, id: FaqId, command: Command) {
    let (by, command) = (By::Staff(town.colleague), &command);
    let done = town.centre.transact(|mut work| async move {
        work.faq_command(by, id, command.clone(), &Vetting::default()).await?;
        work.done(())
    });
    done.await.unwrap();
}

async fn published(town: &Town, number: usize, topic: Topic) -> FaqId {
    let id = drafted(town, number, topic).await;
    let confirmed = Seen { nobody_named: true, nobody_told_by_all_together: true };
    town.clock.advance(std::time::Duration::from_mins(1));
    command(town, id, Command::Publish { seen: 1, confirmed }).await;
    id
}

#[tokio::test]
async fn a_member_reads_what_is_published_and_nothing_before_or_after() {
    let town = Town::new().await;
    let id = drafted(&town, 1, Topic::RehabEquipment).await;
    let user = town.member("葵").await;
    town.say(&user, "よくある質問").await;
    assert!(town.last(&user, 1).contains("まだありません"), "{}", town.last(&user, 1));
    assert_eq!(town.offered(&user), ["相談する"]);
    town.tap(&user, &format!("faq/show/{id}")).await;
    assert!(!town.last(&user, 1).contains("吸引器"), "whoever guesses an address reads no draft");
    town.say(&user, "使い方").await;
    assert!(!town.offered(&user).contains(&"よくある質問".to_owned()), "nothing leads to nothing");

    let confirmed = Seen { nobody_named: true, nobody_told_by_all_together: true };
    command(&town, id, Command::Publish { seen: 1, confirmed }).await;
    town.say(&user, "使い方").await;
    assert!(town.offered(&user).contains(&"よくある質問".to_owned()));
    town.say(&user, "FAQ").await;
    let card = town.told(&user).pop().unwrap().to_string();
    assert!(card.contains(&question(1)) && card.contains("答えを読む") && !card.contains(ANSWER), "{card}");
    town.tap(&user, &format!("faq/show/{id}")).await;
    let read = town.last(&user, 1);
    assert!(read.contains(&question(1)) && read.contains(ANSWER) && read.contains("時点の内容"), "{read}");
    assert_eq!(town.offered(&user), ["よくある質問", "相談する"]);
    town.say(&user, "相談する").await;
    assert!(town.last(&user, 2).contains("書かないで"), "the next step is to ask");
    assert!(town.offered(&user).contains(&"よくある質問".to_owned()), "before somebody asks the same");

    command(&town, id, Command::Withdraw { why: Why::Recognisable }).await;
    town.tap(&user, &format!("faq/show/{id}")).await;
    let read = town.last(&user, 1);
    assert!(read.contains("いまは公開していません") && !read.contains("吸引器"), "{read}");
}

#[tokio::test]
async fn many_entries_are_found_by_their_topic_a_page_at_a_time() {
    let town = Town::new().await;
    for number in 1..=11 {
        published(&town, number, Topic::RehabEquipment).await;
    }
    published(&town, 12, Topic::Oral).await;
    let user = town.member("葵").await;
    town.say(&user, "よくある質問").await;
    let (equipment, oral) = ("リハビリ・福祉用具", "口腔");
    assert_eq!(town.offered(&user), [oral, equipment, "相談する"].map(str::to_owned));
    // R44: by its number, where nothing can be tapped.
    town.say(&user, "1").await;
    assert!(town.last(&user, 1).contains(&question(12)) && !town.last(&user, 1).contains(&question(11)));
    town.tap(&user, "faq/topic/rehab_equipment/0").await;
    let first = town.last(&user, 2);
    assert!(first.contains(&question(11)) && !first.contains(&question(1)), "{first}");
    town.say(&user, "続きを見る").await;
    assert!(town.last(&user, 1).contains(&question(1)) && !town.last(&user, 1).contains(&question(11)));
    for nothing in ["faq/topic/weather/0", "faq/show/1", "faq"] {
        town.tap(&user, nothing).await;
        assert!(town.last(&user, 1).contains("いまは使えません"), "{nothing}: {}", town.last(&user, 1));
    }
    // What was withdrawn meanwhile, or was never there, leads to what else there is.
    let far = usize::MAX;
    for page in
        [format!("faq/topic/oral/{far}"), "faq/topic/nutrition/0".to_owned(), format!("faq/topics/{far}")]
    {
        town.tap(&user, "menu/help").await;
        town.tap(&user, &page).await;
        assert_eq!(town.offered(&user), [oral, equipment, "相談する"].map(str::to_owned), "{page}");
    }
}

/// R6: members alone.
#[tokio::test]
async fn whoever_has_not_accepted_the_rules_is_asked_to_first() {
    let town = Town::new().await;
    let id = published(&town, 1, Topic::Oral).await;
    let user = town.friend("葵").await;
    for word in ["よくある質問".to_owned(), String::new()] {
        if word.is_empty() {
            town.tap(&user, &format!("faq/show/{id}")).await;
        } else {
            town.say(&user, &word).await;
        }
        let said = town.last(&user, 2);
        assert!(said.contains("利用ルール") && !said.contains("吸引器"), "{said}");
    }
}
