//! What people do: follow, block, write, tap, take back, meet in groups. The control calls and the library share it.

mod change;
mod group;
mod place;
mod say;
mod tap;

use std::sync::Arc;

use serde_json::{Map, Value, json};

pub(crate) use self::{
    change::{Change, display_name},
    group::{NewGroup, account_joins, account_leaves, create_group, members_join, members_leave},
    place::Place,
    say::{edit, is_shown, say, share, unsend},
    tap::{beacon, postback},
};
use crate::{
    ids,
    jwt::RsaPublicKey,
    shared::Shared,
    state::{AssertionKey, Channel, Friendship, Person, State},
    webhook,
};

/// Why a control call did nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// There is no such person, message or event.
    #[error("{0} is unknown")]
    Unknown(&'static str),
    /// The call makes no sense as it stands.
    #[error("{0}")]
    Invalid(String),
    /// The person has blocked the account, and so sends it nothing.
    #[error("this person has blocked the account: let them follow it first")]
    Blocked,
    /// The person is not in the group.
    #[error("this person is not in the group: let them join it first")]
    NoMember,
}

/// The result of a control call.
pub(crate) type Done<T> = Result<T, ControlError>;

/// Whether a control call waits for the first try of its webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    ForFirstTry,
    No,
}

fn invalid(message: impl Into<String>) -> ControlError {
    ControlError::Invalid(message.into())
}

fn person<'s>(state: &'s mut State, user_id: &str) -> Done<&'s mut Person> {
    state.people.get_mut(user_id).ok_or(ControlError::Unknown("this user"))
}

/// The members of an object; none of anything else.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A new person, under `user_id` if one is given, with what else is known of them.
pub(crate) fn create(shared: &Shared, name: &str, user_id: Option<&str>, known: Change) -> Done<String> {
    let mut state = shared.state();
    let id = user_id.map_or_else(ids::user_id, str::to_owned);
    if !ids::is_user_id(&id) {
        return Err(invalid("userId must be U and 32 lower-case hex digits"));
    }
    if state.people.contains_key(&id) {
        return Err(invalid("this userId is taken"));
    }
    let mut person = Person::new(name.to_owned());
    known.apply(&mut person);
    state.people.insert(id.clone(), person);
    Ok(id)
}

/// Registers a public key (JWK) for assertions; gives its `kid`.
pub(crate) fn register_key(shared: &Shared, channel: Channel, jwk: &Value) -> Done<String> {
    let key = RsaPublicKey::of_jwk(jwk).map_err(invalid)?;
    let kid = uuid::Uuid::new_v4().to_string();
    shared.state().channel_tokens.keys.insert(kid.clone(), AssertionKey { channel, key });
    Ok(kid)
}

/// Completes one event and sends it alone; gives its id.
async fn send(shared: &Arc<Shared>, event: Value, wait: Wait) -> String {
    let id = event["webhookEventId"].as_str().unwrap_or_default().to_owned();
    webhook::send(shared, vec![event], wait == Wait::ForFirstTry).await;
    id
}

/// Makes a person a friend; gives the event of it, and `None` when they were one already.
pub(crate) fn befriend(state: &mut State, user_id: &str) -> Done<Option<Value>> {
    let person = person(state, user_id)?;
    let before = std::mem::replace(&mut person.friendship, Friendship::Friend);
    if before == Friendship::Friend {
        return Ok(None);
    }
    state.note_friendship(user_id, Friendship::Friend);
    let unblocked = before == Friendship::Blocked;
    let source = Place::alone(user_id).source(state);
    let event = json!({"type": "follow", "source": source, "follow": {"isUnblocked": unblocked}});
    Ok(Some(webhook::complete(state, object(event))))
}

/// Adds the account; `None` when it was a friend already.
pub(crate) async fn follow(shared: &Arc<Shared>, user_id: &str, wait: Wait) -> Done<Option<String>> {
    let event = befriend(&mut shared.state(), user_id)?;
    match event {
        Some(event) => Ok(Some(send(shared, event, wait).await)),
        None => Ok(None),
    }
}

/// Blocks the account; `None` when it was blocked already.
pub(crate) async fn unfollow(shared: &Arc<Shared>, user_id: &str, wait: Wait) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        let person = person(&mut state, user_id)?;
        let before = std::mem::replace(&mut person.friendship, Friendship::Blocked);
        if before == Friendship::Blocked {
            return Ok(None);
        }
        state.note_friendship(user_id, Friendship::Blocked);
        let source = Place::alone(user_id).source(&state);
        webhook::complete(&mut state, object(json!({"type": "unfollow", "source": source})))
    };
    Ok(Some(send(shared, event, wait).await))
}

/// Sends any events in one body, completed where they lack common properties.
pub(crate) async fn send_events(shared: &Arc<Shared>, events: Vec<Value>, wait: Wait) -> Done<Vec<String>> {
    let events = {
        let mut state = shared.state();
        let mut completed = Vec::with_capacity(events.len());
        for event in events {
            let Value::Object(event) = event else { return Err(invalid("each event must be a JSON object")) };
            if event.get("deliveryContext").is_some_and(|context| !context.is_object()) {
                return Err(invalid("deliveryContext must be a JSON object"));
            }
            completed.push(webhook::complete(&mut state, event));
        }
        completed
    };
    let ids = webhook::event_ids(&events);
    webhook::send(shared, events, wait == Wait::ForFirstTry).await;
    Ok(ids)
}

/// Sends a former event once more, with or without the redelivery flag.
pub(crate) async fn repeat(shared: &Arc<Shared>, event_id: &str, flagged: bool, wait: Wait) -> Done<()> {
    let known = shared.state().events.get(event_id).cloned();
    let mut event = known.ok_or(ControlError::Unknown("this webhookEventId"))?;
    event["deliveryContext"]["isRedelivery"] = json!(flagged);
    webhook::send(shared, vec![event], wait == Wait::ForFirstTry).await;
    Ok(())
}
