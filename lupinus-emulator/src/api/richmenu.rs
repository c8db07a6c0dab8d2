//! Rich menus: making them, their images, the default one, one person's.

use http::StatusCode;
use imagesize::ImageType;
use serde_json::{Value, json};

use super::{
    Call, Outcome,
    call::Expects,
    operation::{Operation, delete, get, post},
};
use crate::{
    answer::{Answer, Refusal},
    ids,
    richmenu::{Image, MAX_MENUS, RichMenu},
    state::{Rate, State},
    validate,
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        post("createRichMenu", "/v2/bot/richmenu", create).rate(Rate::per_hour(100)),
        post("validateRichMenuObject", "/v2/bot/richmenu/validate", validate),
        get("getRichMenuList", "/v2/bot/richmenu/list", list).rate(Rate::per_second(10)),
        get("getRichMenu", "/v2/bot/richmenu/{richMenuId}", read),
        delete("deleteRichMenu", "/v2/bot/richmenu/{richMenuId}", remove).rate(Rate::per_hour(100)),
        get("getRichMenuImage", "/v2/bot/richmenu/{richMenuId}/content", image),
        post("setRichMenuImage", "/v2/bot/richmenu/{richMenuId}/content", set_image).expects(Expects::Image),
        post("setDefaultRichMenu", "/v2/bot/user/all/richmenu/{richMenuId}", set_default)
            .expects(Expects::Nothing),
        get("getDefaultRichMenuId", "/v2/bot/user/all/richmenu", default),
        delete("cancelDefaultRichMenu", "/v2/bot/user/all/richmenu", cancel_default),
        post("linkRichMenuIdToUser", "/v2/bot/user/{userId}/richmenu/{richMenuId}", link)
            .expects(Expects::Nothing),
        get("getRichMenuIdOfUser", "/v2/bot/user/{userId}/richmenu", of_user),
        delete("unlinkRichMenuIdFromUser", "/v2/bot/user/{userId}/richmenu", unlink),
    ]
}

/// The largest image, in bytes.
const MAX_IMAGE: usize = 1024 * 1024;

fn find<'s>(state: &'s mut State, call: &Call<'_>) -> Result<&'s mut RichMenu, Refusal> {
    state.rich_menus.menus.get_mut(call.param("richMenuId")).ok_or_else(Refusal::not_found)
}

/// The id of a menu that may be applied: it is there and has an image.
pub(super) fn usable(state: &State, id: &str) -> Result<String, Refusal> {
    if !state.rich_menus.menus.contains_key(id) {
        return Err(Refusal::not_found());
    }
    if !state.rich_menus.is_usable(id) {
        return Err(Refusal::bad("must upload richmenu image before applying it to user"));
    }
    Ok(id.to_owned())
}

fn user_id<'c>(call: &'c Call<'_>) -> Result<&'c str, Refusal> {
    let user_id = call.param("userId");
    if ids::is_user_id(user_id) {
        Ok(user_id)
    } else {
        Err(Refusal::bad("The value for the 'userId' parameter is invalid"))
    }
}

/// `POST /v2/bot/richmenu`
fn create(state: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.json()?;
    validate::rich_menu(&body)?;
    if state.rich_menus.menus.len() >= MAX_MENUS {
        return Err(Refusal::bad("The maximum number of richmenus has been reached"));
    }
    Ok(Answer::json(json!({"richMenuId": state.rich_menus.create(body)})))
}

/// `POST /v2/bot/richmenu/validate`
fn validate(_: &mut State, call: &Call<'_>) -> Outcome {
    validate::rich_menu(&call.json()?)?;
    Ok(Answer::empty())
}

/// `GET /v2/bot/richmenu/list`
fn list(state: &mut State, _: &Call<'_>) -> Outcome {
    let menus: Vec<&Value> = state.rich_menus.menus.values().map(|menu| &menu.object).collect();
    Ok(Answer::json(json!({"richmenus": menus})))
}

/// `GET /v2/bot/richmenu/{richMenuId}`
fn read(state: &mut State, call: &Call<'_>) -> Outcome {
    Ok(Answer::json(find(state, call)?.object.clone()))
}

/// `DELETE /v2/bot/richmenu/{richMenuId}`
fn remove(state: &mut State, call: &Call<'_>) -> Outcome {
    let id = call.param("richMenuId");
    state.rich_menus.menus.shift_remove(id).ok_or_else(Refusal::not_found)?;
    if state.rich_menus.default.as_deref() == Some(id) {
        state.rich_menus.default = None;
    }
    for person in state.people.values_mut() {
        if person.rich_menu.as_deref() == Some(id) {
            person.rich_menu = None;
        }
    }
    Ok(Answer::empty())
}

/// `GET /v2/bot/richmenu/{richMenuId}/content`
fn image(state: &mut State, call: &Call<'_>) -> Outcome {
    let image = find(state, call)?.image.clone().ok_or_else(Refusal::not_found)?;
    Ok(Answer::bytes(image.content_type, image.data))
}

/// `POST /v2/bot/richmenu/{richMenuId}/content`
fn set_image(state: &mut State, call: &Call<'_>) -> Outcome {
    let menu = find(state, call)?;
    if menu.image.is_some() {
        return Err(Refusal::bad("An image has already been uploaded to the richmenu"));
    }
    if call.body.len() > MAX_IMAGE {
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large"));
    }
    if !has_right_size(call.body) {
        return Err(Refusal::bad("The image size is not allowed for richmenu"));
    }
    menu.image = Some(Image { content_type: call.media_type(), data: call.body.clone() });
    Ok(Answer::empty())
}

/// PNG or JPEG, whatever its header says; width 800 to 2,500, height at least 250, at least 1.45 times as wide as high.
fn has_right_size(data: &[u8]) -> bool {
    let is_known = matches!(imagesize::image_type(data), Ok(ImageType::Png | ImageType::Jpeg));
    is_known
        && imagesize::blob_size(data).is_ok_and(|size| {
            (800..=2500).contains(&size.width) && size.height >= 250 && size.width * 100 >= size.height * 145
        })
}

/// `POST /v2/bot/user/all/richmenu/{richMenuId}`
fn set_default(state: &mut State, call: &Call<'_>) -> Outcome {
    let id = usable(state, call.param("richMenuId"))?;
    state.rich_menus.default = Some(id);
    Ok(Answer::empty())
}

/// `GET /v2/bot/user/all/richmenu`
fn default(state: &mut State, _: &Call<'_>) -> Outcome {
    match &state.rich_menus.default {
        Some(id) => Ok(Answer::json(json!({"richMenuId": id}))),
        None => Err(Refusal::new(StatusCode::NOT_FOUND, "no default richmenu")),
    }
}

/// `DELETE /v2/bot/user/all/richmenu`
fn cancel_default(state: &mut State, _: &Call<'_>) -> Outcome {
    state.rich_menus.default = None;
    Ok(Answer::empty())
}

/// `POST /v2/bot/user/{userId}/richmenu/{richMenuId}`
fn link(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = user_id(call)?;
    let id = usable(state, call.param("richMenuId"))?;
    state.link_menu(user_id, &id);
    Ok(Answer::empty())
}

/// `GET /v2/bot/user/{userId}/richmenu`
fn of_user(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = user_id(call)?;
    match state.people.get(user_id).and_then(|person| person.rich_menu.as_ref()) {
        Some(id) => Ok(Answer::json(json!({"richMenuId": id}))),
        None => Err(Refusal::new(StatusCode::NOT_FOUND, "the user has no richmenu")),
    }
}

/// `DELETE /v2/bot/user/{userId}/richmenu`
fn unlink(state: &mut State, call: &Call<'_>) -> Outcome {
    let user_id = user_id(call)?.to_owned();
    if let Some(person) = state.people.get_mut(&user_id) {
        person.rich_menu = None;
    }
    Ok(Answer::empty())
}

impl State {
    /// Links a menu to a friend; for everybody else nothing happens, as on the platform.
    pub(super) fn link_menu(&mut self, user_id: &str, menu: &str) {
        if let Some(person) = self.people.get_mut(user_id)
            && person.is_target()
        {
            person.rich_menu = Some(menu.to_owned());
        }
    }
}
