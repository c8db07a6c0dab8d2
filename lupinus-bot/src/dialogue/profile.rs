//! The profile: profession, organisation, area, topics. Everything can be left out, and changed later.

use lupinus_core::{
    member::{Area, MAX_PROFILE_CHARS, Profession},
    post::Category,
    service::{ProfileChange, ServiceError},
};

use super::{
    state::{ProfileField, Step},
    turn::Turn,
};
use crate::incoming::Words;

impl ProfileField {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Profession, "profession"),
        (Self::Organisation, "organisation"),
        (Self::Area, "area"),
        (Self::Topics, "topics"),
    ];

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(field, _)| field)
    }
}

/// Asks for one part. `walk`: the next follows.
pub(super) fn ask(turn: &mut Turn<'_>, field: ProfileField, walk: bool) {
    turn.go(Step::Profile { field, walk });
    match field {
        ProfileField::Profession => {
            let words = turn.text("profile-profession");
            turn.ask_words(&words);
            let groups: Vec<String> =
                turn.bot.settings.professions.iter().map(|group| group.label.clone()).collect();
            for (number, label) in groups.into_iter().take(10).enumerate() {
                turn.offer_words(label, format!("profile/group/{number}"));
            }
        }
        ProfileField::Organisation => {
            let words = turn.text("profile-organisation");
            turn.ask_words(&words);
        }
        ProfileField::Area => {
            if turn.bot.settings.areas.is_empty() {
                return next(turn, field, walk);
            }
            turn.say("profile-area");
            let areas: Vec<Area> = turn.bot.settings.areas.clone();
            for (number, area) in areas.into_iter().take(11).enumerate() {
                turn.offer_words(area.0, format!("profile/area/{number}"));
            }
        }
        ProfileField::Topics => return ask_topics(turn),
    }
    offer_ways_out(turn, walk);
}

fn offer_ways_out(turn: &mut Turn<'_>, walk: bool) {
    turn.offer("button-skip", "profile/skip");
    if walk {
        turn.offer("button-skip-all", "profile/done");
    }
}

/// Eleven categories are offered; each tap adds or takes away one.
fn ask_topics(turn: &mut Turn<'_>) {
    let texts = turn.bot.texts.clone();
    let chosen: Vec<&str> = turn.member.topics.iter().map(|topic| texts.category(*topic)).collect();
    let chosen = if chosen.is_empty() { texts.get("topics-all") } else { chosen.join("、") };
    turn.say_with("profile-topics", &[("chosen", &chosen)]);
    turn.offer("button-done", "profile/done");
    turn.offer("button-topics-all", "profile/topics-all");
    for category in Category::ALL.into_iter().filter(|category| *category != Category::Other).take(11) {
        let mark = if turn.member.topics.contains(&category) { "✓" } else { "" };
        turn.offer_words(
            format!("{mark}{}", texts.category(category)),
            format!("profile/topic/{}", category.name()),
        );
    }
}

/// The question after `field`, or the end.
fn next(turn: &mut Turn<'_>, field: ProfileField, walk: bool) {
    let after = match field {
        ProfileField::Profession => Some(ProfileField::Organisation),
        ProfileField::Organisation => Some(ProfileField::Area),
        ProfileField::Area => Some(ProfileField::Topics),
        ProfileField::Topics => None,
    };
    match after.filter(|_| walk) {
        Some(field) => ask(turn, field, true),
        None => done(turn),
    }
}

fn done(turn: &mut Turn<'_>) {
    turn.leave_step();
    turn.say("profile-done");
    turn.offer_menu();
}

async fn change(turn: &mut Turn<'_>, changes: &[ProfileChange]) -> Result<(), ServiceError> {
    let by = turn.by();
    turn.member = turn.work.update_profile(by, changes).await?;
    Ok(())
}

/// They tapped an answer, or want to change something.
pub(super) async fn tapped(turn: &mut Turn<'_>, rest: &str) -> Result<(), ServiceError> {
    let (head, value) = rest.split_once('/').unwrap_or((rest, ""));
    if super::join::stands_in_the_way(turn) {
        return Ok(());
    }
    let (field, walk) = match &turn.dialogue.step {
        Step::Profile { field, walk } => (*field, *walk),
        _ => (ProfileField::Topics, false),
    };
    match head {
        "change" => {
            if let Some(field) = ProfileField::from_name(value) {
                ask(turn, field, false);
            }
        }
        "group" => {
            let group =
                value.parse().ok().and_then(|number: usize| turn.bot.settings.professions.get(number));
            let Some(group) = group.cloned() else { return super::stale(turn) };
            turn.go(Step::Profile { field: ProfileField::Profession, walk });
            turn.say_with("profile-profession-which", &[("group", &group.label)]);
            for choice in group.professions.into_iter().take(11) {
                turn.offer_words(choice.label, format!("profile/profession/{}", choice.profession.0));
            }
            offer_ways_out(turn, walk);
        }
        "profession" => {
            change(turn, &[ProfileChange::Profession(Some(Profession(value.to_owned())))]).await?;
            next(turn, ProfileField::Profession, walk);
        }
        "area" => {
            let area = value.parse().ok().and_then(|number: usize| turn.bot.settings.areas.get(number));
            let Some(area) = area.cloned() else { return super::stale(turn) };
            change(turn, &[ProfileChange::Area(Some(area))]).await?;
            next(turn, ProfileField::Area, walk);
        }
        "topic" => {
            let Some(category) = Category::from_name(value) else { return super::stale(turn) };
            let mut topics = turn.member.topics.clone();
            if !topics.remove(&category) {
                topics.insert(category);
            }
            change(turn, &[ProfileChange::Topics(topics)]).await?;
            turn.go(Step::Profile { field: ProfileField::Topics, walk });
            ask_topics(turn);
        }
        "topics-all" => {
            change(turn, &[ProfileChange::Topics(std::collections::BTreeSet::new())]).await?;
            done(turn);
        }
        "clear" => {
            let cleared = match ProfileField::from_name(value) {
                Some(ProfileField::Profession) => ProfileChange::Profession(None),
                Some(ProfileField::Organisation) => ProfileChange::Organisation(None),
                Some(ProfileField::Area) => ProfileChange::Area(None),
                Some(ProfileField::Topics) => ProfileChange::Topics(std::collections::BTreeSet::new()),
                None => return super::stale(turn),
            };
            turn.erases = true;
            change(turn, &[cleared]).await?;
            done(turn);
        }
        "skip" => next(turn, field, walk),
        "done" => done(turn),
        _ => return super::stale(turn),
    }
    Ok(())
}

/// They wrote an answer in their own words.
pub(super) async fn written(
    turn: &mut Turn<'_>,
    field: ProfileField,
    walk: bool,
    words: &Words,
) -> Result<(), ServiceError> {
    if !words.masked.is_empty() {
        let kinds = turn.bot.texts.kinds(&words.masked);
        turn.say_with("personal-refused", &[("kinds", &kinds)]);
        ask(turn, field, walk);
        return Ok(());
    }
    let text = without_politeness(words.text.trim());
    if is_a_message(&text) {
        // They write to us in the middle of our questions: what they say counts more than what we asked.
        turn.leave_step();
        return super::consult::free(turn, words).await;
    }
    if text.chars().count() > MAX_PROFILE_CHARS || text.contains('\n') {
        let words = turn.text_with("profile-too-long", &[("max", &MAX_PROFILE_CHARS.to_string())]);
        turn.ask_words(&words);
        offer_ways_out(turn, walk);
        return Ok(());
    }
    let settings = &turn.bot.settings;
    let written = match field {
        ProfileField::Profession => {
            let known = settings.professions.iter().flat_map(|group| &group.professions);
            let known = known.into_iter().find(|choice| same_name(&choice.label, &text));
            let profession = known.map_or(Profession(text), |choice| choice.profession.clone());
            ProfileChange::Profession(Some(profession))
        }
        ProfileField::Organisation => ProfileChange::Organisation(Some(text)),
        ProfileField::Area => {
            // An area is one of the city's, or the audience could not be told by it.
            let Some(area) = settings.areas.iter().find(|area| same_name(&area.0, &text)).cloned() else {
                ask(turn, field, walk);
                return Ok(());
            };
            ProfileChange::Area(Some(area))
        }
        ProfileField::Topics => {
            let texts = turn.bot.texts.clone();
            let named =
                Category::ALL.into_iter().find(|category| same_name(texts.category(*category), &text));
            let Some(category) = named else {
                ask_topics(turn);
                return Ok(());
            };
            return tapped_topic(turn, category, walk).await;
        }
    };
    change(turn, &[written]).await?;
    next(turn, field, walk);
    Ok(())
}

/// A short answer without the polite ending that people give it: 「看護師です。」 is 看護師. A longer one stays a sentence.
fn without_politeness(text: &str) -> String {
    const MOST: usize = 15;
    let plain = text.trim_end_matches(['。', '!', '！']);
    match plain.strip_suffix("です").filter(|name| !name.is_empty()) {
        Some(name) if name.chars().count() <= MOST && !name.ends_with(['件', 'の', 'い']) => {
            name.to_owned()
        }
        _ => text.to_owned(),
    }
}

/// Whether somebody means this name: width and spaces do not count.
fn same_name(name: &str, typed: &str) -> bool {
    let plain = |text: &str| super::commands::plain(text);
    plain(name) == plain(typed)
}

/// Whether a text is a sentence to us rather than the name of a profession, an office or an area.
fn is_a_message(text: &str) -> bool {
    const ENDINGS: [&str; 9] =
        ["です", "ます", "ません", "ください", "下さい", "たい", "ですか", "ますか", "でしょうか"];
    let plain = text.trim_end_matches(['。', '!', '！', '?', '？']);
    plain.len() != text.len()
        || plain.contains(['。', '\n'])
        || ENDINGS.iter().any(|end| plain.ends_with(end))
}

async fn tapped_topic(turn: &mut Turn<'_>, category: Category, walk: bool) -> Result<(), ServiceError> {
    let mut topics = turn.member.topics.clone();
    if !topics.remove(&category) {
        topics.insert(category);
    }
    change(turn, &[ProfileChange::Topics(topics)]).await?;
    turn.go(Step::Profile { field: ProfileField::Topics, walk });
    ask_topics(turn);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_a_message, without_politeness};

    #[test]
    fn a_polite_name_is_a_name_and_a_sentence_stays_one() {
        for (text, expected) in [
            ("看護師です。", "看護師"),
            ("北部圏域です", "北部圏域"),
            ("退院の件です", "退院の件です"),
            ("お願いしたいです", "お願いしたいです"),
            ("です", "です"),
            ("ケアマネジャー", "ケアマネジャー"),
        ] {
            assert_eq!(without_politeness(text), expected);
        }
    }

    #[test]
    fn a_question_is_not_taken_for_a_profession() {
        for message in ["往診医を探しています", "ストーマの相談はできますか？", "急ぎ。退院の件", "空きは?"]
        {
            assert!(is_a_message(message), "{message}");
        }
        for name in ["訪問看護師", "あおぞら訪問看護ステーション", "ケアマネジャー", "訪問看護ひだか"]
        {
            assert!(!is_a_message(name), "{name}");
        }
    }
}
