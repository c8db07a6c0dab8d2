//! Joining: the greeting, the rules, one tap.

use lupinus_core::service::ServiceError;

use super::{profile, state::ProfileField, turn::Turn};

/// Somebody added the account, or came back.
pub(super) fn greet(turn: &mut Turn<'_>) {
    turn.leave_step();
    let name = turn.bot.settings.centre_name.clone();
    if turn.member.consent.is_none() {
        turn.say_with("greeting", &[("centre", &name)]);
        show_rules(turn);
        return;
    }
    turn.say_with("welcome-back", &[("centre", &name)]);
    if !stands_in_the_way(turn) {
        turn.offer_menu();
    }
}

/// Somebody asks to join.
pub(super) fn again(turn: &mut Turn<'_>) {
    turn.leave_step();
    if !stands_in_the_way(turn) {
        turn.say("joined-before");
        turn.offer_menu();
    }
}

/// The rules in three lines, with what to tap.
pub(super) fn show_rules(turn: &mut Turn<'_>) {
    turn.say("rules");
    if turn.has_accepted() {
        turn.offer_menu();
    } else {
        turn.offer("button-accept", "rules/accept");
        turn.offer("button-later", "rules/later");
    }
}

/// They answered the rules.
pub(super) async fn rules(turn: &mut Turn<'_>, answer: &str) -> Result<(), ServiceError> {
    if answer != "accept" {
        turn.say("rules-later");
        turn.offer("button-accept", "rules/accept");
        turn.offer("button-help", "menu/help");
        return Ok(());
    }
    if turn.has_accepted() {
        turn.say("joined-before");
        turn.offer_menu();
        return Ok(());
    }
    let first = turn.member.consent.is_none();
    let by = turn.by();
    turn.member = turn.work.accept_rules(by).await?;
    if first && !turn.dialogue.kept.is_empty() {
        // They came with a question: that first.
        turn.say("joined-with-question");
        super::consult::offer_kept(turn);
    } else if first {
        turn.say("joined");
        profile::ask(turn, ProfileField::Profession, true);
    } else {
        turn.leave_step();
        turn.say("rules-accepted-again");
        turn.offer_menu();
    }
    Ok(())
}

/// Asks for the rules to be accepted before anything else; answers whether they still have to.
pub(super) fn stands_in_the_way(turn: &mut Turn<'_>) -> bool {
    if turn.has_accepted() {
        return false;
    }
    // R6: a new version asks again before the next consultation.
    turn.say(if turn.member.consent.is_some() { "rules-new" } else { "rules-first" });
    show_rules(turn);
    true
}
