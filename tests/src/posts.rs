//! Posts through the services, for tests that are about what comes after.

use std::time::Duration;

use lupinus_core::{
    audience::Audience,
    hash::Sha256Hash,
    ids::PostId,
    outbox::{OutboxItem, Sort},
    policy::Policy,
    post::{Category, Command, Content, Post, Urgency},
    service::{By, Draft},
};
use serde_json::Value;

use crate::City;

/// A notice with this title.
pub fn content(title: &str) -> Content {
    Content {
        category: Category::Notice,
        title: title.to_owned(),
        body: format!("{title}をお知らせします。詳しくは各事業所にお配りした資料をご覧ください。"),
        event: None,
        attachments: Vec::new(),
        link: None,
        expires_at: None,
        sender: None,
    }
}

/// The one way to write a JSON value: the keys in order, no space.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            let pairs: Vec<String> = pairs
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// The hash of a JSON value's one way to be written.
pub fn hash_of(value: &Value) -> Sha256Hash {
    Sha256Hash::of(canonical(value).as_bytes())
}

impl City {
    /// A command on a post.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn command(&self, by: By, id: PostId, command: Command) -> Post {
        let done = self.centre.transact(|mut work| {
            let command = command.clone();
            async move {
                let post = work.post_command(by, id, command).await?;
                work.done(post)
            }
        });
        done.await.unwrap()
    }

    /// A post of the checker, approved by the approver.
    pub async fn approved(&self, title: &str) -> PostId {
        let draft = Draft {
            content: content(title),
            urgency: Urgency::Normal,
            audience: Audience::Members,
            body: None,
        };
        let (writer, approver) = (By::Staff(self.team.checker), By::Staff(self.team.approver));
        let submitted = self.centre.transact(|mut work| {
            let draft = draft.clone();
            async move {
                let post = work.draft_and_submit(writer, draft).await?;
                work.done(post.id)
            }
        });
        let id = submitted.await.unwrap();
        self.command(approver, id, Command::Take).await;
        self.command(approver, id, Command::Approve { revision: 1, confirmed: true }).await;
        id
    }

    /// A post approved and told to go to all members now. The bot has not seen it yet.
    pub async fn scheduled(&self, title: &str) -> PostId {
        let id = self.approved(title).await;
        let now = Command::Schedule { at: self.centre.now(), audience: Audience::Members };
        self.command(By::Staff(self.team.approver), id, now).await;
        id
    }

    /// How a post stands, by name.
    pub async fn state_of(&self, id: PostId) -> &'static str {
        self.centre.post(id).await.unwrap().value.state.name()
    }

    /// Everything that was ever put into the outbox.
    pub async fn outbox(&self) -> Vec<OutboxItem> {
        self.all().await
    }

    /// The chunks of all deliveries, in the order in which they were made.
    pub async fn chunks(&self) -> Vec<OutboxItem> {
        let items = self.outbox().await.into_iter();
        items.filter(|item| matches!(item.sort, Sort::Delivery { .. })).collect()
    }
}

/// Rules under which nothing holds a sending up, and an item that a dead process held is taken over soon: for tests in real
/// time.
pub fn unhindered() -> Policy {
    let mut policy = Policy { quiet: None, ..Policy::default() };
    policy.gate.per_person_per_hour = u32::MAX;
    policy.gate.per_account_per_hour = u64::MAX;
    policy.posts.max_drafts_per_author = 10_000;
    policy.retry.lease = Duration::from_secs(1);
    policy.retry.first_wait = Duration::from_millis(40);
    policy.retry.longest_wait = Duration::from_millis(200);
    policy.retry.pause = Duration::from_millis(100);
    policy
}
