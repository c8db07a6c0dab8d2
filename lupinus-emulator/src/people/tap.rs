//! Tapping actions that send a postback.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Done, Place, Wait, invalid, object, send};
use crate::{
    shared::Shared,
    state::{Author, ChatEntry, State},
    webhook,
};

/// Taps something: `tap` as the control call takes it.
pub(crate) async fn postback(
    shared: &Arc<Shared>,
    place: Place<'_>,
    tap: Value,
    wait: Wait,
) -> Done<Option<String>> {
    let data = tap["data"].as_str().ok_or_else(|| invalid("data must be a string"))?.to_owned();
    let event = {
        let mut state = shared.state();
        let heard = place.is_heard(&state)?;
        let mut postback = json!({"data": data});
        if !tap["params"].is_null() {
            postback["params"] = tap["params"].clone();
        }
        if let Some(alias) = tap["richMenuAliasId"].as_str() {
            postback["params"] = switch_menu(&mut state, place.user_id, alias);
        }
        if let Some(words) = tap["displayText"].as_str() {
            let message_id = state.new_message_id();
            let message = json!({"type": "text", "id": message_id, "text": words}).to_string().into();
            let at = state.clock.now();
            let sender = place.group_id.map(|_| place.user_id.into());
            let entry = ChatEntry { from: Author::User, at, message_id, message, request_id: None, sender };
            state.append(place.chat_id(), entry);
        }
        if !heard {
            return Ok(None);
        }
        let event = json!({"type": "postback", "source": place.source(&state), "postback": postback});
        webhook::complete(&mut state, object(event))
    };
    Ok(Some(send(shared, event, wait).await))
}

/// Comes near a beacon: `beacon` as the control call takes it.
pub(crate) async fn beacon(shared: &Arc<Shared>, user_id: &str, beacon: Value, wait: Wait) -> Done<String> {
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let hwid = beacon["hwid"].as_str().filter(|id| id.len() == 10 && is_hex(id));
    let hwid = hwid.ok_or_else(|| invalid("hwid must be 10 lower-case hex digits"))?;
    let kind = beacon["type"].as_str().unwrap_or("enter");
    if !matches!(kind, "enter" | "banner" | "stay") {
        return Err(invalid("type must be enter, banner or stay"));
    }
    let mut shown = json!({"hwid": hwid, "type": kind});
    if !beacon["dm"].is_null() {
        let message = beacon["dm"].as_str().filter(|message| is_hex(message));
        shown["dm"] = json!(message.ok_or_else(|| invalid("dm must be lower-case hex digits"))?);
    }
    let event = {
        let mut state = shared.state();
        let place = Place::alone(user_id);
        place.is_heard(&state)?;
        let event = json!({"type": "beacon", "source": place.source(&state), "beacon": shown});
        webhook::complete(&mut state, object(event))
    };
    Ok(send(shared, event, wait).await)
}

/// Switches the person's rich menu by alias; gives the parameters of the postback.
fn switch_menu(state: &mut State, user_id: &str, alias: &str) -> Value {
    let Some(menu) = state.rich_menus.alias(alias).map(str::to_owned) else {
        return json!({"status": "RICHMENU_ALIAS_ID_NOTFOUND"});
    };
    if !state.rich_menus.is_usable(&menu) {
        return json!({"newRichMenuAliasId": alias, "status": "RICHMENU_NOTFOUND"});
    }
    if let Some(person) = state.people.get_mut(user_id) {
        person.rich_menu = Some(menu);
    }
    json!({"newRichMenuAliasId": alias, "status": "SUCCESS"})
}
