//! Pictures and files for a draft.

use lupinus_core::{
    post::{Attachment, Field, MAX_ATTACHMENTS, MAX_LINE_CHARS},
    service::{LookedInto, ServiceError},
};

use super::ask::show;
use crate::{
    dialogue::{
        form::{Asking, Fetched, Form},
        state::Step,
        turn::Turn,
    },
    incoming::MediaSort,
};

/// They sent a picture or file for the draft.
pub(in crate::dialogue) async fn attach(
    turn: &mut Turn<'_>,
    message: &str,
    name: Option<&str>,
    fetched: Fetched,
) -> Result<(), ServiceError> {
    let Step::Draft(form) = turn.dialogue.step.clone() else {
        turn.say("media-refused");
        return Ok(());
    };
    let mut form = *form;
    let (bytes, looked) = match fetched {
        Fetched::Bytes(bytes, looked) => (bytes, looked),
        Fetched::TooLarge => {
            turn.say("attachment-too-large");
            show(turn, form);
            return Ok(());
        }
        Fetched::Gone => {
            turn.say("attachment-gone");
            show(turn, form);
            return Ok(());
        }
    };
    let Some((media_type, looked)) = looked else {
        turn.say("attachment-kind");
        show(turn, form);
        return Ok(());
    };
    let look = match looked {
        LookedInto::Taken(look) => look,
        LookedInto::Refused(kinds) => {
            crate::figures::masked();
            let kinds = turn.bot.texts.kinds(&kinds);
            turn.say_with("attachment-personal", &[("kinds", &kinds)]);
            show(turn, form);
            return Ok(());
        }
    };
    let size_bytes = bytes.len() as u64;
    let Ok(sha256) = turn.bot.blobs.put(bytes).await else {
        return Err(ServiceError::Busy);
    };
    let number = form.attachments.len() + 1;
    let extension = match media_type {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        _ => "pdf",
    };
    let name = name.map_or_else(
        || format!("{}{number}.{extension}", turn.text("attachment-name")),
        |name| name.chars().take(MAX_LINE_CHARS).collect(),
    );
    form.attachments.push(Attachment {
        name,
        media_type: media_type.to_owned(),
        size_bytes,
        sha256,
        alt: String::new(),
        look: Some(look),
        checked: false,
    });
    form.pictures.insert(message.to_owned(), sha256);
    match form.asking {
        Asking::Field(Field::Attachment) | Asking::Alt | Asking::Preview => {
            form.asking = Asking::Alt;
            turn.say("attachment-taken");
        }
        // Its words are asked for when its turn has come.
        Asking::Field(_) | Asking::Which => turn.say("attachment-early"),
    }
    show(turn, form);
    Ok(())
}

/// Says why something cannot be attached, and asks again what was asked.
pub(in crate::dialogue) fn refuse_attachment(turn: &mut Turn<'_>, form: Form, sort: MediaSort) {
    match sort {
        _ if !turn.bot.links.is_public() => turn.say("submit-no-attachments"),
        MediaSort::Video | MediaSort::Audio => turn.say("attachment-kind"),
        MediaSort::Image | MediaSort::File => {
            turn.say_with("attachment-full", &[("max", &MAX_ATTACHMENTS.to_string())]);
        }
    }
    let full = form.attachments.len() >= MAX_ATTACHMENTS && form.asking != Asking::Field(Field::Attachment);
    show(turn, form);
    if full {
        turn.offer("button-no-attachments", "draft/clear/attachment");
    }
}
