//! The profile: profession, organisation, area, topics. Everything can be left out, and changed later.

use lupinus_core::{
    member::{Area, MAX_PROFILE_CHARS, Profession},
    post::Category,
    service::{ProfileChange, ServiceError},
};

use super::{
    commands::{means, named, plain},
    state::{ProfileField, Step, Told},
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
            let policy = turn.bot.centre.policy();
            for group in &policy.professions.groups {
                turn.offer_words(group.label.as_str(), format!("profile/group/{}", group.label));
            }
        }
        ProfileField::Organisation => {
            let words = turn.text("profile-organisation");
            turn.ask_words(&words);
        }
        ProfileField::Area => {
            let areas = &turn.bot.centre.policy().areas.offered;
            if areas.is_empty() {
                return next(turn, field, walk);
            }
            turn.say("profile-area");
            for area in areas {
                turn.offer_words(area.0.as_str(), format!("profile/area/{}", area.0));
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
    let chosen: Vec<String> = turn.member.topics.iter().map(|topic| texts.category(*topic)).collect();
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

async fn change(turn: &mut Turn<'_>, field: ProfileField, to: ProfileChange) -> Result<(), ServiceError> {
    let by = turn.by();
    turn.member = turn.work.update_profile(by, &[to]).await?;
    turn.dialogue.told.retain(|told| told.field != field);
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
            let groups = &turn.bot.centre.policy().professions.groups;
            let Some(group) = groups.iter().find(|group| group.label == value) else {
                return super::stale(turn);
            };
            turn.go(Step::Profile { field: ProfileField::Profession, walk });
            turn.say_with("profile-profession-which", &[("group", &group.label)]);
            for choice in &group.professions {
                turn.offer_words(
                    choice.label.as_str(),
                    format!("profile/profession/{}", choice.profession.0),
                );
            }
            offer_ways_out(turn, walk);
        }
        "profession" => {
            let profession = Profession(value.to_owned());
            if !turn.bot.centre.policy().professions.offers(&profession) {
                return super::stale(turn);
            }
            change(turn, ProfileField::Profession, ProfileChange::Profession(Some(profession))).await?;
            next(turn, ProfileField::Profession, walk);
        }
        "area" => {
            let area = Area(value.to_owned());
            if !turn.bot.centre.policy().areas.offers(&area) {
                return super::stale(turn);
            }
            change(turn, ProfileField::Area, ProfileChange::Area(Some(area))).await?;
            next(turn, ProfileField::Area, walk);
        }
        "topic" => {
            let Some(category) = Category::from_name(value) else { return super::stale(turn) };
            let mut topics = turn.member.topics.clone();
            if !topics.remove(&category) {
                topics.insert(category);
            }
            change(turn, ProfileField::Topics, ProfileChange::Topics(topics)).await?;
            turn.go(Step::Profile { field: ProfileField::Topics, walk });
            ask_topics(turn);
        }
        "topics-all" => {
            change(turn, ProfileField::Topics, ProfileField::Topics.cleared()).await?;
            done(turn);
        }
        "clear" => {
            let Some(field) = ProfileField::from_name(value) else { return super::stale(turn) };
            turn.erases = true;
            change(turn, field, field.cleared()).await?;
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
    let text = words.text.trim();
    // What we offered comes first: then nothing hangs on how it is said.
    let name = name_in(text);
    if let Some(data) = offered(turn, field, name.unwrap_or(text)) {
        return Box::pin(tapped(turn, &data)).await;
    }
    if means(&turn.bot.texts, "words-skip", name.unwrap_or(text)) {
        next(turn, field, walk);
        return Ok(());
    }
    let Some(name) = name else {
        // They write to us in the middle of our questions: what they say counts more than what we asked.
        turn.leave_step();
        return super::consult::free(turn, words).await;
    };
    if name.chars().count() > MAX_PROFILE_CHARS {
        let words = turn.text_with("profile-too-long", &[("max", &MAX_PROFILE_CHARS.to_string())]);
        turn.ask_words(&words);
        offer_ways_out(turn, walk);
        return Ok(());
    }
    let written = match field {
        ProfileField::Profession if plain(name).parse::<u32>().is_err() => {
            ProfileChange::Profession(Some(Profession(name.to_owned())))
        }
        ProfileField::Organisation => ProfileChange::Organisation(Some(name.to_owned())),
        // An area is one of the city's, or the audience could not be told by it; a topic is one of ours.
        ProfileField::Profession | ProfileField::Area | ProfileField::Topics => {
            turn.say("choices-unknown");
            ask(turn, field, walk);
            return Ok(());
        }
    };
    change(turn, field, written).await?;
    turn.dialogue.told.push(Told { field, message: words.message.clone() });
    next(turn, field, walk);
    Ok(())
}

/// What a written answer names among what can be chosen, as the tap would say it.
fn offered(turn: &Turn<'_>, field: ProfileField, name: &str) -> Option<String> {
    let policy = turn.bot.centre.policy();
    match field {
        ProfileField::Profession => {
            let professions: Vec<_> = policy.professions.offered().collect();
            let labels = professions.iter().map(|choice| choice.label.as_str());
            if let Some(choice) = named(labels, name).and_then(|place| professions.get(place)) {
                return Some(format!("profession/{}", choice.profession.0));
            }
            let groups = || policy.professions.groups.iter().map(|group| group.label.as_str());
            Some(format!("group/{}", groups().nth(named(groups(), name)?)?))
        }
        ProfileField::Organisation => None,
        ProfileField::Area => {
            let areas = || policy.areas.offered.iter().map(|area| area.0.as_str());
            // 北部 is enough for 北部圏域, where no other area begins so.
            let mut beginning = areas().filter(|area| area.starts_with(name));
            let known = named(areas(), name).and_then(|place| areas().nth(place));
            let area = known.or_else(|| match (beginning.next(), beginning.next()) {
                (Some(area), None) if name.chars().count() > 1 => Some(area),
                _ => None,
            });
            Some(format!("area/{}", area?))
        }
        ProfileField::Topics => {
            let labels = Category::ALL.into_iter().map(|category| turn.bot.texts.category(category));
            let category = Category::ALL.get(named(labels, name)?)?;
            Some(format!("topic/{}", category.name()))
        }
    }
}

/// The name of a profession, an office or an area in an answer, without what politeness adds to it; `None` for a sentence to us:
/// a question, a request, something that tells more.
fn name_in(text: &str) -> Option<&str> {
    const SENTENCES: [&str; 8] =
        ["ます", "ません", "ました", "ください", "下さい", "たい", "ですか", "でしょうか"];
    const POLITE: [&str; 8] = [
        "でございます",
        "に所属しています",
        "に勤務しています",
        "に勤めています",
        "で働いています",
        "をしております",
        "をしています",
        "です",
    ];
    // 「退院の件です」 names a matter, and nobody.
    const MATTERS: [&str; 15] = [
        "件",
        "こと",
        "ところ",
        "相談",
        "質問",
        "お願い",
        "必要",
        "希望",
        "心配",
        "不安",
        "予定",
        "状況",
        "大丈夫",
        "の",
        "ん",
    ];
    let plain = text.trim().trim_end_matches(['。', '.', '!', '！']);
    if plain.contains(['?', '？', '。', '\n']) {
        return None;
    }
    let Some(name) = POLITE.iter().find_map(|end| plain.strip_suffix(end)) else {
        let is_sentence = SENTENCES.iter().any(|end| plain.ends_with(end));
        return (!is_sentence).then_some(plain);
    };
    let is_matter = name.chars().count() > 30 || MATTERS.iter().any(|end| name.ends_with(end));
    (!is_matter && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn an_answer_is_told_from_a_sentence_to_us() {
        for message in [
            "往診医を探しています",
            "ストーマの相談はできますか？",
            "急ぎ。退院の件",
            "空きは?",
            "退院の件です",
            "吸引器の貸出のことです。",
            "困っているんです",
            "よろしくお願いします",
        ] {
            assert_eq!(name_in(message), None, "{message}");
        }
        for (answer, name) in [
            ("訪問看護師", "訪問看護師"),
            ("看護師です", "看護師"),
            ("ケアマネジャーです。", "ケアマネジャー"),
            ("薬剤師をしております！", "薬剤師"),
            ("あおぞら訪問看護ステーション", "あおぞら訪問看護ステーション"),
            ("かがやき薬局に勤めています", "かがやき薬局"),
            ("訪問看護ひだか", "訪問看護ひだか"),
        ] {
            assert_eq!(name_in(answer), Some(name), "{answer}");
        }
    }
}
