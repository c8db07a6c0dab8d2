//! The bytes people sent.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::StatusCode;
use serde_json::json;

use super::{
    Call, Outcome,
    operation::{Operation, get},
};
use crate::{
    answer::{Answer, Refusal},
    state::{Content, ContentKind, State},
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("getMessageContent", "/v2/bot/message/{messageId}/content", content),
        get("getMessageContentPreview", "/v2/bot/message/{messageId}/content/preview", preview),
        get(
            "getMessageContentTranscodingByMessageId",
            "/v2/bot/message/{messageId}/content/transcoding",
            transcoding,
        ),
    ]
}

/// A grey pixel (PNG), which stands for the still of a video.
const STILL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkaGj4DwADBQH/S5GJ1wAAAABJRU5ErkJggg==";

fn find<'s>(state: &'s State, call: &Call<'_>) -> Result<&'s Content, Refusal> {
    let content = state
        .contents
        .get(call.param("messageId"))
        .filter(|content| content.kind != ContentKind::Portrait)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "not found"))?;
    if content.unsent {
        return Err(Refusal::new(StatusCode::GONE, "The content is gone"));
    }
    Ok(content)
}

/// `GET /v2/bot/message/{messageId}/content`
fn content(state: &mut State, call: &Call<'_>) -> Outcome {
    let now = state.clock.now();
    let content = find(state, call)?;
    if content.ready_at > now {
        return Ok(Answer::not_ready());
    }
    Ok(Answer::bytes(&content.media_type, content.data.clone()))
}

/// `GET /v2/bot/message/{messageId}/content/preview`: the picture itself, or a still for a video.
fn preview(state: &mut State, call: &Call<'_>) -> Outcome {
    let content = find(state, call)?;
    match content.kind {
        ContentKind::Image => Ok(Answer::bytes(&content.media_type, content.data.clone())),
        ContentKind::Video => {
            let still =
                STANDARD.decode(STILL).map_err(|_| Refusal::bad("The content can not be previewed"))?;
            Ok(Answer::bytes("image/png", Bytes::from(still)))
        }
        ContentKind::Audio | ContentKind::File | ContentKind::Portrait => {
            Err(Refusal::bad("The content can not be previewed"))
        }
    }
}

/// `GET /v2/bot/message/{messageId}/content/transcoding`
fn transcoding(state: &mut State, call: &Call<'_>) -> Outcome {
    let now = state.clock.now();
    let content = find(state, call)?;
    if !content.kind.is_transcoded() {
        return Err(Refusal::bad("Transcoding status doesn't support this type of content"));
    }
    let status = if content.ready_at > now { "processing" } else { "succeeded" };
    Ok(Answer::json(json!({"status": status})))
}
