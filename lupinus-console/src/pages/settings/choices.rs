//! Professions and areas: as people read them, as forms have them, how members see them, and whom a change concerns.

use lupinus_core::{
    choices::{
        Areas, MAX_CHOICES, MAX_LABEL_CHARS, MAX_RETIRED, ProfessionChoice, ProfessionGroup, Professions,
        Unsound, Usage, Used,
    },
    member::{Area, Profession},
    settings::Value,
};

use crate::{
    fields::Fields,
    phone::Phone,
    text::{Text, say},
};

/// How many empty rows a group has for professions to come.
const NEW_ROWS: usize = 3;

/// Professions of one group in the form; the last one is empty.
pub(super) struct GroupForm {
    /// The field of its name.
    pub(super) field: String,
    pub(super) number: usize,
    pub(super) label: String,
    pub(super) rows: Vec<RowForm>,
    /// Fields for professions to come, with what was typed.
    pub(super) new: Vec<(String, String)>,
}

/// A profession in the form.
pub(super) struct RowForm {
    pub(super) id: String,
    /// What it is called now.
    pub(super) known_as: String,
    pub(super) label: String,
    pub(super) order: String,
    /// Where it can stand: value, words, and whether it does.
    pub(super) places: Vec<(String, Text, bool)>,
}

/// The whole form.
pub(super) struct Form {
    pub(super) groups: Vec<GroupForm>,
    pub(super) retired: Vec<RowForm>,
    pub(super) max: usize,
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> Text {
    let words: Vec<Text> = words.map(Text::given).collect();
    if words.is_empty() { Text::from("なし") } else { Text::list("、", words) }
}

/// The areas in words.
pub(super) fn words_of_areas(areas: &Areas) -> Vec<(Text, Text)> {
    let mut rows = vec![(Text::from("選べる圏域"), list(areas.offered.iter().map(|area| area.0.as_str())))];
    if !areas.retired.is_empty() {
        rows.push((Text::from("廃止した圏域"), list(areas.retired.iter().map(|area| area.0.as_str()))));
    }
    rows
}

/// The professions in words, group by group.
pub(super) fn words(professions: &Professions) -> Vec<(Text, Text)> {
    let labels = |choices: &[ProfessionChoice]| list(choices.iter().map(|choice| choice.label.as_str()));
    let groups = professions.groups.iter();
    let mut rows: Vec<(Text, Text)> =
        groups.map(|group| (Text::given(&group.label), labels(&group.professions))).collect();
    if !professions.retired.is_empty() {
        rows.push((Text::from("廃止した職種"), labels(&professions.retired)));
    }
    rows
}

fn group_key(number: usize) -> String {
    format!("g{number}")
}

/// How many groups a form that came has.
fn groups_of(fields: &Fields) -> usize {
    let came = |number: &usize| fields.all(&format!("{}.label", group_key(*number))).next().is_some();
    (1..=MAX_CHOICES).filter(came).max().unwrap_or_default()
}

/// The form of professions, filled with what was typed, and with what is in force where nothing came.
pub(super) fn form(professions: &Professions, typed: Option<&Fields>) -> Form {
    let places = (professions.groups.len() + 1).max(typed.map_or(0, groups_of)).min(MAX_CHOICES);
    let text = |field: &str, known: &str| {
        typed.and_then(|typed| typed.all(field).next()).unwrap_or(known).to_owned()
    };
    let group_name = |number: usize| {
        let known = professions.groups.get(number - 1).map_or("", |group| group.label.as_str());
        text(&format!("{}.label", group_key(number)), known)
    };
    let row = |choice: &ProfessionChoice, group: Option<usize>, order: usize| {
        let id = choice.profession.0.clone();
        let place = text(&format!("group.{id}"), &group.map(group_key).unwrap_or_default());
        let groups = (1..=places).map(|number| {
            let name = group_name(number);
            let words =
                if name.is_empty() { say!("グループ{n}", n = number) } else { Text::given(&name) };
            (group_key(number), words)
        });
        let all = groups.chain(std::iter::once((String::new(), Text::from("廃止(選べなくする)"))));
        RowForm {
            label: text(&format!("label.{id}"), &choice.label),
            order: text(&format!("order.{id}"), &(10 * order).to_string()),
            places: all
                .map(|(value, words)| {
                    let is_here = value == place;
                    (value, words, is_here)
                })
                .collect(),
            known_as: choice.label.clone(),
            id,
        }
    };
    let group = |number: usize| {
        let known = professions.groups.get(number - 1);
        let choices = known.map_or(&[][..], |group| &group.professions);
        let new = (1..=NEW_ROWS).map(|place| {
            let field = format!("new.{}.{place}", group_key(number));
            let typed = text(&field, "");
            (field, typed)
        });
        GroupForm {
            field: format!("{}.label", group_key(number)),
            number,
            label: group_name(number),
            rows: (1..).zip(choices).map(|(order, choice)| row(choice, Some(number), order)).collect(),
            new: new.collect(),
        }
    };
    Form {
        groups: (1..=places).map(group).collect(),
        retired: (1..).zip(&professions.retired).map(|(order, choice)| row(choice, None, order)).collect(),
        max: MAX_LABEL_CHARS,
    }
}

/// The professions that a form describes, and nothing that is offered no more: that is for core to keep. `number` is the version
/// that they would be: no other one makes the same ids.
pub(super) fn read(fields: &Fields, present: &Professions, number: u32) -> Result<Value, Text> {
    let mut places: Vec<(String, Vec<(u32, ProfessionChoice)>)> = Vec::new();
    let count = groups_of(fields);
    for number in 1..=count {
        places.push((fields.text(&format!("{}.label", group_key(number))).trim().to_owned(), Vec::new()));
    }
    let place_of = |key: &str| (1..=count).find(|number| group_key(*number) == key);
    for choice in present.all() {
        let id = &choice.profession.0;
        let (group, label) = (format!("group.{id}"), fields.text(&format!("label.{id}")).trim());
        // A row that did not come is not one that somebody took off the list.
        let group = fields.all(&group).next().ok_or_else(|| Text::from(super::forms::UNREADABLE))?;
        let Some((_, there)) = place_of(group).and_then(|number| places.get_mut(number - 1)) else {
            continue;
        };
        let order = fields.text(&format!("order.{id}")).trim().parse().map_err(|_| {
            say!("「{label}」の順番は半角の数で入力してください。", label = Text::given(label))
        })?;
        let choice = ProfessionChoice { profession: choice.profession.clone(), label: label.to_owned() };
        there.push((order, choice));
    }
    let mut groups = Vec::new();
    let mut made = 0;
    for (place, (label, mut choices)) in (1..).zip(places) {
        choices.sort_by_key(|(order, _)| *order);
        let mut professions: Vec<_> = choices.into_iter().map(|(_, choice)| choice).collect();
        for row in 1..=NEW_ROWS {
            let Some(label) = fields.some(&format!("new.{}.{row}", group_key(place))) else { continue };
            made += 1;
            let profession = Profession(format!("own-{number}-{made}"));
            professions.push(ProfessionChoice { profession, label: label.to_owned() });
        }
        match (label.is_empty(), professions.is_empty()) {
            (true, true) => {}
            (true, false) => return Err(say!("グループ{n}の名前を入力してください。", n = place)),
            (false, true) => {
                return Err(say!(
                    "グループ「{label}」に職種がありません。なくすときは、グループの名前も空にしてください。",
                    label
                ));
            }
            (false, false) => groups.push(ProfessionGroup { label, professions }),
        }
    }
    let professions = Professions::offering(groups);
    match professions.unsound() {
        Some(unsound) => Err(sentence(unsound)),
        None => Ok(Value::Professions(professions)),
    }
}

/// The areas that a form describes, one in each line.
pub(super) fn read_areas(fields: &Fields) -> Result<Value, Text> {
    let lines = fields.text("areas").lines().map(str::trim).filter(|line| !line.is_empty());
    let areas = Areas::offering(lines.map(|line| Area(line.to_owned())).collect());
    match areas.unsound() {
        Some(unsound) => Err(sentence(unsound)),
        None => Ok(Value::Areas(areas)),
    }
}

fn sentence(unsound: Unsound) -> Text {
    match unsound {
        Unsound::Nothing => Text::from("少なくとも1つの職種が必要です。"),
        Unsound::TooMany => say!("LINEに並べられるのは{max}までです。減らしてください。", max = MAX_CHOICES),
        Unsound::TooManyRetired => say!("廃止したものは{max}まで残せます。", max = MAX_RETIRED),
        Unsound::Length(word) => {
            say!("「{word}」は1〜{max}文字で入力してください。", word, max = MAX_LABEL_CHARS)
        }
        Unsound::Twice(word) => say!("「{word}」が2回あります。", word),
    }
}

/// How members see what they choose from.
pub(super) fn phone(value: &Value) -> Option<Phone> {
    match value {
        Value::Areas(areas) if !areas.offered.is_empty() => Some(Phone::of_areas(areas)),
        Value::Professions(professions) => Some(Phone::of_professions(professions)),
        _ => None,
    }
}

/// What becomes of what is used, or was offered: in words, each with how far it is used.
pub(super) fn concerned(before: &Value, after: &Value, usage: &Usage) -> Vec<Text> {
    match (before, after) {
        (Value::Areas(before), Value::Areas(after)) => before
            .offered
            .iter()
            .filter(|area| !after.offers(area))
            .map(|area| gone(&area.0, usage.of_area(area)))
            .collect(),
        (Value::Professions(before), Value::Professions(after)) => {
            let mut concerned = Vec::new();
            for choice in before.offered() {
                let used = usage.of_profession(&choice.profession);
                let now = after.label(&choice.profession);
                if !after.offers(&choice.profession) {
                    concerned.push(gone(&choice.label, used));
                } else if now != choice.label {
                    concerned.push(say!(
                        "「{before}」は「{after}」と表示されます(会員{n}人、投稿{posts}件)。",
                        before = choice.label,
                        after = Text::given(now),
                        n = used.members,
                        posts = used.posts
                    ));
                }
            }
            concerned
        }
        _ => Vec::new(),
    }
}

fn gone(label: &str, used: Used) -> Text {
    let label = Text::given(label);
    if used.is_any() {
        say!(
            "「{label}」は新しく選べなくなります。選んでいる会員{n}人と、配信先にした投稿{posts}件では、そのまま表示され数えられます。",
            label,
            n = used.members,
            posts = used.posts
        )
    } else {
        say!(
            "「{label}」は新しく選べなくなります。選んでいる会員も、配信先にした投稿もないため、次に変更したときに一覧から消えます。",
            label
        )
    }
}
