//! What is held about a person: shown, changed, erased.

use lupinus_core::service::ServiceError;

use super::turn::Turn;

/// Shows everything that is held.
pub(super) async fn show(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    if turn.member.consent.is_none() {
        super::join::stands_in_the_way(turn);
        return Ok(());
    }
    turn.leave_step();
    let held = turn.bot.centre.held_about(turn.id()).await?;
    let (texts, policy, zone) = (&turn.bot.texts, turn.bot.centre.policy(), turn.bot.render.zone());
    let none = texts.get("mine-none");
    let profession = held.member.profession.as_ref().map(|profession| policy.professions.label(profession));
    let topics: Vec<String> = held.member.topics.iter().map(|topic| texts.category(*topic)).collect();
    let topics = if topics.is_empty() { texts.get("topics-all") } else { topics.join("、") };
    let consent = held.member.consent.as_ref();
    let words = texts.with(
        "mine",
        &[
            ("number", &held.member.id.number()),
            ("profession", profession.unwrap_or(&none)),
            ("organisation", held.member.organisation.as_deref().unwrap_or(&none)),
            ("area", held.member.area.as_ref().map_or(none.as_str(), |area| area.0.as_str())),
            ("topics", &topics),
            ("body", held.body.as_ref().map_or(none.as_str(), |body| body.name.as_str())),
            ("joined", &texts.moment(held.member.joined_at, zone)),
            ("consent", &consent.map_or_else(|| none.clone(), |consent| texts.moment(consent.at, zone))),
            ("version", consent.map_or(none.as_str(), |consent| consent.rules_version.as_str())),
            ("consultations", &held.consultations.len().to_string()),
            ("posts", &held.posts.to_string()),
            ("deliveries", &held.deliveries.to_string()),
        ],
    );
    turn.say_words(&words);
    turn.offer_words(turn.text("button-profession"), "profile/change/profession");
    turn.offer_words(turn.text("button-organisation"), "profile/change/organisation");
    if !turn.bot.centre.policy().areas.offered.is_empty() {
        turn.offer_words(turn.text("button-area"), "profile/change/area");
    }
    turn.offer_words(turn.text("button-topics"), "profile/change/topics");
    if turn.member.profession.is_some() {
        turn.offer_words(turn.text("button-clear-profession"), "profile/clear/profession");
    }
    if turn.member.organisation.is_some() {
        turn.offer_words(turn.text("button-clear-organisation"), "profile/clear/organisation");
    }
    if turn.member.area.is_some() {
        turn.offer_words(turn.text("button-clear-area"), "profile/clear/area");
    }
    turn.offer("button-rules", "menu/rules");
    turn.offer_words(turn.text("button-leave"), "mine/erase");
    Ok(())
}

/// Asks whether everything is to be erased.
pub(super) fn ask_erase(turn: &mut Turn<'_>) {
    turn.leave_step();
    turn.say("leave-ask");
    turn.offer("button-leave-yes", "mine/erase-yes");
    turn.offer("button-cancel", "menu/cancel");
}

/// They tapped something on this page.
pub(super) async fn tapped(turn: &mut Turn<'_>, rest: &str) -> Result<(), ServiceError> {
    match rest {
        "erase" => {
            ask_erase(turn);
            Ok(())
        }
        "erase-yes" => {
            let by = turn.by();
            turn.work.leave(by).await?;
            turn.gone = true;
            turn.say("left");
            Ok(())
        }
        _ => super::stale(turn),
    }
}
