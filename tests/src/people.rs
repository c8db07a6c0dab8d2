//! What people do on their phones, and what they see there.

use std::time::Duration;

use futures::future::join_all;
use lupinus_core::{consultation::Consultation, ids::MemberId, service::By};
use lupinus_emulator::Author;
use serde_json::Value;

use crate::City;

/// The LINE user id with this number.
pub fn user_id(number: usize) -> String {
    format!("U{number:032x}")
}

impl City {
    /// Somebody adds the account, accepts the rules and skips the questions.
    pub async fn member(&self, name: &str) -> String {
        let user = self.line.create_user(name);
        self.line.follow(&user).await.unwrap();
        self.drain().await;
        for tap in ["rules/accept", "profile/done"] {
            self.tap(&user, tap).await;
        }
        user
    }

    /// Many join, all at once.
    pub async fn members(&self, count: usize) -> Vec<String> {
        let users: Vec<String> =
            (0..count).map(|number| self.line.create_user(&format!("会員{number}"))).collect();
        for followed in join_all(users.iter().map(|user| self.line.follow(user))).await {
            followed.unwrap();
        }
        self.drain().await;
        for tap in ["rules/accept", "profile/done"] {
            self.second();
            for tapped in join_all(users.iter().map(|user| self.line.postback(user, tap))).await {
                tapped.unwrap();
            }
            self.drain().await;
        }
        users
    }

    /// A code with which somebody may hand in posts for a new body.
    pub async fn invitation(&self, body: &str) -> String {
        let by = By::Staff(self.team.administrator);
        let made = self.centre.transact(|mut work| async move {
            let body = work.create_body(by, body).await?;
            work.done(body.id)
        });
        let body = made.await.unwrap();
        let invited = self.centre.transact(|mut work| async move {
            let invited = work.invite(by, body).await?;
            work.done(invited)
        });
        let (_, code) = invited.await.unwrap();
        code.reveal().clone()
    }

    /// A member who may hand in posts for a new body: by a code of the centre, typed.
    pub async fn submitter(&self, body: &str) -> String {
        let user = self.member(&format!("{body}事務局")).await;
        let code = self.invitation(body).await;
        self.talk(&user, &format!("招待コード {code}")).await;
        assert!(self.said(&user).iter().any(|text| text.contains("投稿者として登録しました")));
        user
    }

    /// Time goes on by a second, where it stands still otherwise.
    pub(crate) fn second(&self) {
        if self.is_timeless() {
            self.pass(Duration::from_secs(1));
        }
    }

    /// Somebody writes, a second after what was before, and the bot does what it can. Gives LINE's id of the message.
    pub async fn talk(&self, user: &str, text: &str) -> String {
        self.second();
        let message = self.line.say(user, text).await.unwrap();
        self.drain().await;
        message
    }

    /// Somebody taps, a second after what was before, and the bot does what it can.
    pub async fn tap(&self, user: &str, data: &str) {
        self.second();
        self.line.postback(user, data).await.unwrap();
        self.drain().await;
    }

    /// The messages that somebody had from the account, oldest first.
    pub fn had(&self, user: &str) -> Vec<Value> {
        let chat = self.line.messages(user).into_iter();
        chat.filter(|entry| entry.from == Author::Bot).map(|entry| entry.message).collect()
    }

    /// The texts that somebody had from the account, oldest first.
    pub fn said(&self, user: &str) -> Vec<String> {
        self.had(user).iter().filter_map(|message| message["text"].as_str().map(str::to_owned)).collect()
    }

    /// What the account said to somebody since they had `before` messages, in one piece.
    pub fn said_since(&self, user: &str, before: usize) -> String {
        let since: Vec<String> =
            self.had(user).into_iter().skip(before).map(|message| message.to_string()).collect();
        since.join("\n")
    }

    /// How often somebody had a post with this title.
    pub fn copies(&self, user: &str, title: &str) -> usize {
        let is_post = |message: &&Value| message["type"] == "flex" && message.to_string().contains(title);
        self.had(user).iter().filter(is_post).count()
    }

    /// Our id of somebody.
    pub async fn id_of(&self, user: &str) -> MemberId {
        let contact = lupinus_core::ids::ContactId::new(user);
        self.centre.member_by_contact(&contact).await.unwrap().expect("they are known").value.id
    }

    /// The consultations of somebody, the latest first.
    pub async fn consultations(&self, user: &str) -> Vec<Consultation> {
        let id = self.id_of(user).await;
        let page = self.centre.consultations_of(id, None, 100).await.unwrap();
        page.items.into_iter().map(|stored| stored.value).collect()
    }

    /// What somebody said in all their consultations, in order.
    pub async fn asked(&self, user: &str) -> Vec<String> {
        let mut all = self.consultations(user).await;
        all.reverse();
        let entries = all.into_iter().flat_map(|consultation| consultation.thread);
        entries
            .filter(|entry| entry.from == lupinus_core::consultation::Voice::Member)
            .map(|entry| entry.text.unwrap_or_default())
            .collect()
    }
}
