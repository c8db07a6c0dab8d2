//! Delivered content equals approved content: checked from LINE's side, message by message.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context as _, ensure};
use lupinus_bot::render::Marks;
use lupinus_core::{
    hash::Sha256Hash,
    outbox::{DeliveryKind, Message, OutboxState, Sort},
    post::Post,
    store::Stored,
};
use lupinus_emulator::{Author, Emulator};
use serde_json::Value;

use super::cast::Person;
use crate::app::App;

/// Most posts that are looked through.
const MAX_POSTS: usize = 10_000;

/// What was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Posts whose every message is the approved one.
    pub posts: usize,
    /// Messages compared.
    pub messages: usize,
    /// Phones on which they were found.
    pub phones: usize,
}

/// Every post in the state of this name.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn posts_in(app: &App, state: &str) -> anyhow::Result<Vec<Stored<Post>>> {
    let mut posts = Vec::new();
    let mut after = None;
    loop {
        let page = app.centre.posts(state, after.take(), 200).await?;
        posts.extend(page.items);
        ensure!(posts.len() <= MAX_POSTS, "more than {MAX_POSTS} posts");
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(posts),
        }
    }
}

/// Compares every message of a delivery that anybody received with the rendering of the approved revision, by the SHA-256 of
/// its canonical JSON. Every recipient has it once, and nobody has anything else.
///
/// # Errors
/// The first difference.
pub(crate) async fn delivered_equals_approved(
    app: &App,
    line: &Emulator,
    cast: &[Person],
) -> anyhow::Result<Proof> {
    // By the request that brought it: who received what.
    let mut received: HashMap<String, Vec<(&str, Sha256Hash)>> = HashMap::new();
    for person in cast {
        for message in line.messages(&person.user) {
            if let (Author::Bot, Some(request)) = (message.from, message.request_id) {
                received.entry(request).or_default().push((&person.user, canonical_hash(&message.message)));
            }
        }
    }
    let mut proof = Proof::default();
    let mut phones = HashSet::new();
    let mut requests = 0;
    for post in posts_in(app, "sent").await? {
        let post = post.value;
        let approved =
            post.approved_revision().with_context(|| format!("{} was sent unapproved", post.id))?;
        let marks = Marks { kind: DeliveryKind::Production, correction: post.corrects.is_some() };
        let rendered = app.bot.renderer().post_json(&approved.content, marks).context("rendering a post")?;
        let expected = canonical_hash(&rendered);
        for delivery in app.centre.deliveries_of(post.id).await? {
            let delivery = delivery.value;
            ensure!(
                delivery.content == approved.hash,
                "{} delivered other content than was approved",
                post.id
            );
            let mut reached = 0;
            for chunk in app.centre.chunks_of(delivery.id).await? {
                let chunk = chunk.value;
                let carries = |message: &Message| matches!(message, Message::Post { hash, .. } if *hash == approved.hash);
                ensure!(chunk.messages.iter().all(carries), "a chunk of {} carries something else", post.id);
                ensure!(
                    matches!(chunk.sort, Sort::Delivery { content, .. } if content == approved.hash),
                    "another hash"
                );
                let OutboxState::Done { request_id: Some(request), .. } = &chunk.state else {
                    anyhow::bail!("a chunk of {} is {:?}", post.id, chunk.state);
                };
                let got = received.get(request.as_str()).map_or(&[][..], Vec::as_slice);
                let people: HashSet<&str> = got.iter().map(|(user, _)| *user).collect();
                ensure!(
                    got.len() == chunk.recipients() && people.len() == got.len(),
                    "{}: {} recipients, and {} messages on {} phones",
                    post.id,
                    chunk.recipients(),
                    got.len(),
                    people.len()
                );
                ensure!(
                    got.iter().all(|(_, hash)| *hash == expected),
                    "{}: somebody received other content than was approved",
                    post.id
                );
                requests += 1;
                reached += got.len();
                phones.extend(people);
            }
            ensure!(reached == delivery.recipients as usize, "{}: the delivery counts otherwise", post.id);
            proof.messages += reached;
        }
        proof.posts += 1;
    }
    let multicasts = line.requests().into_iter().filter(|request| {
        let to_many =
            request.path == "/v2/bot/message/multicast" || request.path == "/v2/bot/message/broadcast";
        to_many && request.status == Some(200)
    });
    ensure!(multicasts.count() == requests, "LINE accepted sendings to many that belong to no approved post");
    proof.phones = phones.len();
    Ok(proof)
}

/// SHA-256 over JSON with the keys of every object in order, so that how a program writes it makes no difference.
pub(crate) fn canonical_hash(value: &Value) -> Sha256Hash {
    Sha256Hash::of(canonical(value).to_string().as_bytes())
}

fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, Value> =
                fields.iter().map(|(key, value)| (key, canonical(value))).collect();
            Value::Object(sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_makes_no_difference_and_everything_else_does() {
        let one: Value = serde_json::from_str(r#"{"a":1,"b":[{"c":2,"d":3}]}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{"b":[{"d":3,"c":2}],"a":1}"#).unwrap();
        assert_eq!(canonical_hash(&one), canonical_hash(&other));
        assert_ne!(canonical_hash(&one), canonical_hash(&json!({"a":1,"b":[{"c":2,"d":4}]})));
        assert_ne!(canonical_hash(&json!([1, 2])), canonical_hash(&json!([2, 1])));
    }
}
