//! Groups and rooms the account is in.

use serde_json::json;

use super::{
    Call, Outcome,
    call::{Expects, invalid_parameter},
    operation::{Operation, get, post},
    users::{Shows, shown_profile},
};
use crate::{
    answer::{Answer, Refusal},
    ids, people,
    state::{Group, GroupKind, State},
    webhook,
};

/// How many members a page shows.
const PAGE: usize = 100;

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("getGroupSummary", "/v2/bot/group/{groupId}/summary", summary),
        get("getGroupMemberCount", "/v2/bot/group/{groupId}/members/count", count),
        get("getRoomMemberCount", "/v2/bot/room/{roomId}/members/count", count),
        get("getGroupMembersIds", "/v2/bot/group/{groupId}/members/ids", members),
        get("getRoomMembersIds", "/v2/bot/room/{roomId}/members/ids", members),
        get("getGroupMemberProfile", "/v2/bot/group/{groupId}/member/{userId}", profile),
        get("getRoomMemberProfile", "/v2/bot/room/{roomId}/member/{userId}", profile),
        post("leaveGroup", "/v2/bot/group/{groupId}/leave", leave_group).expects(Expects::Nothing),
        post("leaveRoom", "/v2/bot/room/{roomId}/leave", leave_room).expects(Expects::Nothing),
    ]
}

/// The group or room of the path: its id, once that is well formed.
fn chat_id<'c>(call: &'c Call<'_>) -> Result<&'c str, Refusal> {
    let (name, head) = if call.param("roomId").is_empty() { ("groupId", 'C') } else { ("roomId", 'R') };
    let id = call.param(name);
    let right = ids::is_recipient_id(id) && id.starts_with(head);
    if right { Ok(id) } else { Err(invalid_parameter(name)) }
}

/// The group or room of the path, if the account is in it.
fn joined<'s>(state: &'s State, call: &Call<'_>) -> Result<&'s Group, Refusal> {
    let group = state.groups.get(chat_id(call)?).filter(|group| group.has_account);
    group.ok_or_else(Refusal::not_found)
}

/// `GET /v2/bot/group/{groupId}/summary`
fn summary(state: &mut State, call: &Call<'_>) -> Outcome {
    let group = joined(state, call)?;
    Ok(Answer::json(json!({"groupId": call.param("groupId"), "groupName": group.name})))
}

/// `GET /v2/bot/group/{groupId}/members/count`, and of rooms. The account does not count.
fn count(state: &mut State, call: &Call<'_>) -> Outcome {
    Ok(Answer::json(json!({"count": joined(state, call)?.members.len()})))
}

/// `GET /v2/bot/group/{groupId}/members/ids`, and of rooms: those who let accounts see their profile.
fn members(state: &mut State, call: &Call<'_>) -> Outcome {
    if !state.settings.verified {
        return Err(Refusal::not_entitled());
    }
    let start = state.page_start(call.query("start"))?;
    let group = joined(state, call)?;
    let ids: Vec<&String> = group.members.iter().skip(start).take(PAGE).collect();
    let more = group.members.len() > start + ids.len();
    let shown =
        ids.into_iter().filter(|id| state.people.get(*id).is_some_and(|person| !person.hides_profile));
    let mut body = json!({"memberIds": shown.collect::<Vec<_>>()});
    if more {
        body["next"] = json!(state.page_token(start + PAGE));
    }
    Ok(Answer::json(body))
}

/// `GET /v2/bot/group/{groupId}/member/{userId}`, and of rooms: friend or not.
fn profile(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = call.param("userId");
    if !ids::is_user_id(user_id) {
        return Err(invalid_parameter("userId"));
    }
    let is_member = joined(state, call)?.members.contains(user_id);
    let person =
        state.people.get(user_id).filter(|person| is_member && !person.hides_profile && !person.deleted);
    let person = person.ok_or_else(Refusal::not_found)?;
    Ok(Answer::json(shown_profile(user_id, person, Shows::NameAndPicture)))
}

/// Takes the account out and tells the bot so, as LINE does.
fn leave(state: &mut State, chat_id: &str) {
    let Some(group) = state.groups.get_mut(chat_id) else { return };
    if std::mem::replace(&mut group.has_account, false) {
        let source = match group.kind {
            GroupKind::Group => json!({"type": "group", "groupId": chat_id}),
            GroupKind::Room => json!({"type": "room", "roomId": chat_id}),
        };
        let event = webhook::complete(state, people::object(json!({"type": "leave", "source": source})));
        state.to_send.push(event);
    }
}

/// `POST /v2/bot/group/{groupId}/leave`
fn leave_group(state: &mut State, call: &Call<'_>) -> Outcome {
    joined(state, call)?;
    leave(state, call.param("groupId"));
    Ok(Answer::empty())
}

/// `POST /v2/bot/room/{roomId}/leave`: 200 even if the account is not in it.
fn leave_room(state: &mut State, call: &Call<'_>) -> Outcome {
    leave(state, chat_id(call)?);
    Ok(Answer::empty())
}
