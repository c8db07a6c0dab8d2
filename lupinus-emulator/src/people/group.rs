//! Groups and rooms: who meets there, and whether the account is one of them.

use std::sync::Arc;

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::{ControlError, Done, Wait, invalid, object, send};
use crate::{
    ids,
    shared::Shared,
    state::{Group, GroupKind, State},
    webhook,
};

/// A group or room to be made.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewGroup {
    #[serde(rename = "type", default)]
    kind: GroupKind,
    group_id: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    members: Vec<String>,
}

fn source(kind: GroupKind, group_id: &str) -> Value {
    match kind {
        GroupKind::Group => json!({"type": "group", "groupId": group_id}),
        GroupKind::Room => json!({"type": "room", "roomId": group_id}),
    }
}

fn user_sources<'a>(user_ids: impl IntoIterator<Item = &'a String>) -> Vec<Value> {
    user_ids.into_iter().map(|id| json!({"type": "user", "userId": id})).collect()
}

fn all_known(state: &State, user_ids: &[String]) -> Done<()> {
    let known = user_ids.iter().all(|id| state.people.contains_key(id));
    if known { Ok(()) } else { Err(ControlError::Unknown("one of these users")) }
}

fn group<'s>(state: &'s mut State, group_id: &str) -> Done<&'s mut Group> {
    state.groups.get_mut(group_id).ok_or(ControlError::Unknown("this group"))
}

/// A new group or room without the account; gives its id.
pub(crate) fn create_group(shared: &Shared, new: NewGroup) -> Done<String> {
    let mut state = shared.state();
    all_known(&state, &new.members)?;
    let id = new.group_id.unwrap_or_else(|| ids::group_id(new.kind.head()));
    if !ids::is_recipient_id(&id) || !id.starts_with(new.kind.head()) {
        let head = new.kind.head();
        return Err(invalid(format!("groupId must be {head} and 32 lower-case hex digits")));
    }
    if state.groups.contains_key(&id) {
        return Err(invalid("this groupId is taken"));
    }
    state.groups.insert(id.clone(), Group::new(new.kind, new.name, new.members.into_iter().collect()));
    Ok(id)
}

/// The account is invited; `None` when it was in already.
pub(crate) async fn account_joins(shared: &Arc<Shared>, group_id: &str, wait: Wait) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        let group = group(&mut state, group_id)?;
        if std::mem::replace(&mut group.has_account, true) {
            return Ok(None);
        }
        let source = source(group.kind, group_id);
        webhook::complete(&mut state, object(json!({"type": "join", "source": source})))
    };
    Ok(Some(send(shared, event, wait).await))
}

/// The account is removed; `None` when it was not in.
pub(crate) async fn account_leaves(shared: &Arc<Shared>, group_id: &str, wait: Wait) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        let group = group(&mut state, group_id)?;
        if !std::mem::replace(&mut group.has_account, false) {
            return Ok(None);
        }
        let source = source(group.kind, group_id);
        webhook::complete(&mut state, object(json!({"type": "leave", "source": source})))
    };
    Ok(Some(send(shared, event, wait).await))
}

/// People join; `None` when all were in already, or the account is not in.
pub(crate) async fn members_join(
    shared: &Arc<Shared>,
    group_id: &str,
    user_ids: &[String],
    wait: Wait,
) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        all_known(&state, user_ids)?;
        let group = group(&mut state, group_id)?;
        let new: IndexSet<&String> = user_ids.iter().filter(|id| !group.members.contains(*id)).collect();
        group.members.extend(new.iter().map(|id| (*id).clone()));
        if new.is_empty() || !group.has_account {
            return Ok(None);
        }
        let (source, members) = (source(group.kind, group_id), user_sources(new));
        let event = json!({"type": "memberJoined", "source": source, "joined": {"members": members}});
        webhook::complete(&mut state, object(event))
    };
    Ok(Some(send(shared, event, wait).await))
}

/// People leave; `None` when none was in, or the account is not in.
pub(crate) async fn members_leave(
    shared: &Arc<Shared>,
    group_id: &str,
    user_ids: &[String],
    wait: Wait,
) -> Done<Option<String>> {
    let event = {
        let mut state = shared.state();
        all_known(&state, user_ids)?;
        let group = group(&mut state, group_id)?;
        let gone: Vec<&String> = user_ids.iter().filter(|id| group.members.shift_remove(*id)).collect();
        if gone.is_empty() || !group.has_account {
            return Ok(None);
        }
        let (source, members) = (source(group.kind, group_id), user_sources(gone));
        let event = json!({"type": "memberLeft", "source": source, "left": {"members": members}});
        webhook::complete(&mut state, object(event))
    };
    Ok(Some(send(shared, event, wait).await))
}
