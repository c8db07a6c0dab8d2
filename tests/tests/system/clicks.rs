//! Two people at two desks, at the same moment.

use lupinus_core::{delivery::Delivery, service::By};
use lupinus_tests::{City, Desk, Kept, Page, content};

/// One won; the other is told who was first, and has lost nothing else.
fn one_won(first: &Page, second: &Page, other: [&str; 2]) {
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{}\n{}", first.html, second.html);
    let (loser, winner) = if first.status == 409 { (first, other[1]) } else { (second, other[0]) };
    assert!(loser.shows("先に操作しました") && loser.shows(winner), "{winner} was first: {}", loser.html);
}

async fn clicks(kept: Kept) {
    let city = City::start(kept).await;
    let members = city.members(3).await;
    let approver = Desk::sign_in(&city, "approver").await;
    let second = Desk::sign_in(&city, "approver2").await;
    for round in 0..5 {
        let title = format!("{}回目のお知らせ", ["一", "二", "三", "四", "五"][round]);
        let draft = lupinus_core::service::Draft {
            content: content(&title),
            urgency: lupinus_core::post::Urgency::Normal,
            audience: lupinus_core::audience::Audience::Members,
            body: None,
        };
        let by = By::Staff(city.team.checker);
        let handed_in = city.centre.transact(|mut work| {
            let draft = draft.clone();
            async move {
                let post = work.draft_and_submit(by, draft).await?;
                work.done(post.id)
            }
        });
        let id = handed_in.await.unwrap();
        let path = format!("/posts/{id}");

        // Both take it.
        let take = format!("{path}/take");
        let (a, b) = tokio::join!(approver.post(&take, &[]), second.post(&take, &[]));
        one_won(&a, &b, ["承認係", "承認係二"]);

        // One approves while the other returns it.
        let (approve, returns) = (format!("{path}/approve"), format!("{path}/return"));
        let yes = [("revision", "1"), ("confirmed", "1")];
        let no = [("comment", "日付を確かめてください。")];
        let (a, b) = tokio::join!(approver.post(&approve, &yes), second.post(&returns, &no));
        one_won(&a, &b, ["承認係", "承認係二"]);
        if a.status != 303 {
            continue;
        }

        // Both send it.
        let send = format!("{path}/send");
        let now = [("scope", "members"), ("when", "now"), ("revision", "1")];
        let (a, b) = tokio::join!(approver.post(&send, &now), second.post(&send, &now));
        one_won(&a, &b, ["承認係", "承認係二"]);
        tokio::join!(city.drain(), city.drain());
        for member in &members {
            assert_eq!(city.copies(member, &title), 1);
        }
        // The hourly ceiling of a person is not what this is about.
        city.pass(std::time::Duration::from_secs(1_801));
    }
    let sent = city.all::<Delivery>().await.len();
    assert!(
        city.all::<lupinus_core::post::Post>().await.iter().filter(|p| p.state.name() == "sent").count()
            == sent
    );
}

#[tokio::test]
async fn of_two_clicks_at_once_one_wins_and_the_other_is_told() {
    Box::pin(clicks(Kept::InMemory)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_clicks_at_once_one_wins_on_the_embedded_store_too() {
    Box::pin(clicks(Kept::OnDisk)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_clicks_at_once_one_wins_in_a_database_too() {
    Box::pin(clicks(Kept::InDatabase)).await;
}

#[tokio::test]
async fn of_two_consultants_who_take_a_question_at_once_one_has_it() {
    let city = City::start(Kept::InMemory).await;
    let (a, b) = (Desk::sign_in(&city, "consultant").await, Desk::sign_in(&city, "consultant2").await);
    for person in city.members(5).await {
        city.talk(&person, "相談").await;
        city.talk(&person, "訪問リハビリの空き状況を知りたいです。").await;
        let take = format!("/consultations/{}/take", city.consultations(&person).await[0].id);
        let (first, second) = tokio::join!(a.post(&take, &[]), b.post(&take, &[]));
        one_won(&first, &second, ["相談係", "相談係二"]);
    }
}

#[tokio::test]
async fn an_answer_sent_by_a_double_click_arrives_once() {
    let city = City::start(Kept::InMemory).await;
    let consultant = Desk::sign_in(&city, "consultant").await;
    let nurse = city.member("看護師").await;
    city.talk(&nurse, "相談").await;
    city.talk(&nurse, "訪問リハビリの空き状況を知りたいです。").await;
    let path = format!("/consultations/{}", city.consultations(&nurse).await[0].id);
    consultant.does(&format!("{path}/take"), &[]).await;
    let (answer, text) = (format!("{path}/answer"), [("text", "一覧表をお渡しします。")]);
    let (first, second) = tokio::join!(consultant.post(&answer, &text), consultant.post(&answer, &text));
    assert!(first.status == 303 || second.status == 303);
    city.drain().await;
    let copies = city.said(&nurse).iter().filter(|said| said.contains("一覧表をお渡しします")).count();
    assert_eq!(copies, 1, "{} {}", first.status, second.status);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let city = City::start(Kept::InMemory).await;
    let id = city.approved("お知らせ").await;
    let stranger = Desk::opened(&city);
    let path = format!("/posts/{id}/withdraw");
    let refused = stranger.post(&path, &[("reason", "いたずら")]).await;
    assert_eq!(refused.status, 401, "{}", refused.html);
    let approver = Desk::sign_in(&city, "approver").await;
    let http = approver.post(&path, &[("csrf", "forged"), ("reason", "いたずら")]).await;
    assert_eq!(http.status, 403, "{}", http.html);
    assert_eq!(city.state_of(id).await, "approved");
}
