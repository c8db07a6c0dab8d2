//! Becoming a submitter by the code that the centre gave to a body; or being known as one of the staff, by the code that the
//! console showed.

use lupinus_core::{
    body::InvitationCode,
    service::{Redemption, ServiceError},
};

use super::{state::Step, turn::Turn};
use crate::incoming::Words;

/// They want to become a submitter.
pub(super) fn ask(turn: &mut Turn<'_>) {
    if super::join::stands_in_the_way(turn) {
        return;
    }
    turn.go(Step::Code);
    turn.say("invite-ask");
    turn.offer("button-cancel", "menu/cancel");
}

/// They wrote something where a code is expected.
pub(super) async fn typed(turn: &mut Turn<'_>, words: &Words) -> Result<(), ServiceError> {
    if InvitationCode::parse(&words.text).is_some() {
        return redeem(turn, &words.text).await;
    }
    turn.say("invite-malformed");
    turn.offer("button-cancel", "menu/cancel");
    Ok(())
}

/// They wrote a code.
pub(super) async fn redeem(turn: &mut Turn<'_>, code: &str) -> Result<(), ServiceError> {
    if super::join::stands_in_the_way(turn) {
        return Ok(());
    }
    let Some(code) = InvitationCode::parse(code) else {
        turn.say("invite-malformed");
        return Ok(());
    };
    let by = turn.by();
    let redemption = turn.work.redeem_code(by, &code).await?;
    match redemption {
        Redemption::Submitter(body) => {
            turn.member.submits_for = Some(body.id);
            turn.leave_step();
            turn.say_with("invite-done", &[("body", &body.name)]);
            turn.offer_menu();
        }
        // R26: this is all that it changes on LINE; what they write stays any member's.
        Redemption::Linked(staff) => {
            turn.leave_step();
            turn.say_with("link-done", &[("name", &staff.name)]);
            turn.offer_menu();
        }
        refused => {
            let sentence = super::refusal::of_code(&refused, &turn.bot.texts);
            turn.say_words(&sentence.unwrap_or_default());
            turn.offer("button-cancel", "menu/cancel");
        }
    }
    Ok(())
}
