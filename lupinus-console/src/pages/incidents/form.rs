//! The form of what is known of an incident: read, filled in, and put together when two people saved.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use lupinus_core::{
    hash::Sha256Hash,
    incident::{Facts, Item},
};

use crate::{fields::Fields, text::Text, view::When};

pub(super) struct ItemView {
    pub(super) number: usize,
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) text: String,
}

const fn hint(item: Item) -> &'static str {
    match item {
        Item::Summary => "いつ・どこで・何が起きたか。発覚の経緯も書きます。",
        Item::Data => "氏名・電話番号などの種類を書きます。内容そのものは書かないでください。",
        Item::Persons => "分かっている人数と、その数え方を書きます。",
        Item::Cause => "なぜ起きたか。調査中ならその旨を書きます。",
        Item::SecondaryHarm => "悪用や問い合わせの有無、そのおそれと内容を書きます。",
        Item::ToPersons => "本人への通知・お詫びをいつ、どのように行ったか、行う予定かを書きます。",
        Item::Publication => "公表の有無、方法、時期を書きます。",
        Item::Prevention => "実施した対策と、これから実施する対策を書きます。",
        Item::Other => "なければ「なし」と書きます。",
    }
}

/// The form of what is known.
pub(super) struct FactsForm {
    pub(super) learned_date: String,
    pub(super) learned_time: String,
    pub(super) persons: String,
    pub(super) special_care: bool,
    pub(super) financial: bool,
    pub(super) malicious: bool,
    pub(super) items: Vec<ItemView>,
    /// A mark of each value as it was kept when the form was filled in: afterwards it says who of two changed what.
    pub(super) was: String,
}

impl FactsForm {
    pub(super) fn of(facts: &Facts, when: &When<'_>) -> Self {
        let learned = when.zone.to_datetime(facts.learned_at);
        let form = Self::filled(
            &facts.items,
            learned.date().to_string(),
            learned.time().strftime("%H:%M").to_string(),
        );
        let form = Self {
            persons: facts.persons.map_or_else(String::new, |persons| persons.to_string()),
            special_care: facts.special_care,
            financial: facts.financial,
            malicious: facts.malicious,
            ..form
        };
        Self { was: form.marks(), ..form }
    }

    fn filled(items: &BTreeMap<Item, String>, learned_date: String, learned_time: String) -> Self {
        let items = (1..).zip(Item::ALL).map(|(number, item)| ItemView {
            number,
            name: item.name(),
            label: item.label_ja(),
            hint: hint(item),
            text: items.get(&item).cloned().unwrap_or_default(),
        });
        Self {
            learned_date,
            learned_time,
            persons: String::new(),
            special_care: false,
            financial: false,
            malicious: false,
            items: items.collect(),
            was: String::new(),
        }
    }

    /// What was typed, whatever can be made of it.
    pub(super) fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            persons: text("persons"),
            special_care: fields.ticked("special_care"),
            financial: fields.ticked("financial"),
            malicious: fields.ticked("malicious"),
            was: text("was"),
            ..Self::filled(&items_of(fields), text("learned_date"), text("learned_time"))
        }
    }

    /// Its fields with their labels and values, always in the same order.
    fn values(&self) -> Vec<(String, &'static str, String)> {
        let tick = |ticked: bool| if ticked { TICKED.to_owned() } else { String::new() };
        let head = [
            ("learned_date", "知った日", self.learned_date.clone()),
            ("learned_time", "知った時刻", self.learned_time.clone()),
            ("persons", "本人の数(人)", self.persons.clone()),
            ("special_care", "要配慮個人情報が含まれる", tick(self.special_care)),
            ("financial", "財産的被害のおそれがある", tick(self.financial)),
            ("malicious", "不正の目的のおそれがある", tick(self.malicious)),
        ];
        let head = head.into_iter().map(|(name, label, value)| (name.to_owned(), label, value));
        let items = self.items.iter();
        head.chain(items.map(|item| (format!("item_{}", item.name), item.label, item.text.clone()))).collect()
    }

    fn marks(&self) -> String {
        self.values().iter().map(|(.., value)| mark(value)).collect::<Vec<_>>().join(",")
    }
}

/// What a box that is ticked is worth, in words.
const TICKED: &str = "はい";

fn mark(value: &str) -> String {
    Sha256Hash::of(value.as_bytes()).short()
}

/// Where two people wrote different things into the same field.
pub(super) struct Differing {
    pub(super) label: &'static str,
    /// What somebody else saved.
    pub(super) kept: Text,
    /// What this one typed.
    pub(super) typed: Text,
}

/// What was typed into a form that is older than the record: with what somebody else saved in the fields that this one left as they
/// were. Where both wrote, what this one typed stays in the form, and both are answered.
pub(super) fn merged(fields: &Fields, kept: &FactsForm) -> (FactsForm, Vec<Differing>) {
    let typed = FactsForm::typed(fields);
    let mut was = fields.text("was").split(',');
    let (mut both, mut differing) = (Fields::default(), Vec::new());
    for ((name, label, mine), (.., theirs)) in typed.values().into_iter().zip(kept.values()) {
        let before = was.next().unwrap_or_default();
        let left_alone = mark(&mine) == before;
        if mine != theirs && !left_alone && mark(&theirs) != before {
            let said = |text: &str| match text {
                "" => Text::from("(空欄)"),
                TICKED => Text::from(TICKED),
                text => Text::given(text),
            };
            differing.push(Differing { label, kept: said(&theirs), typed: said(&mine) });
        }
        both.set(&name, if left_alone { theirs } else { mine });
    }
    (FactsForm { was: kept.was.clone(), ..FactsForm::typed(&both) }, differing)
}

fn items_of(fields: &Fields) -> BTreeMap<Item, String> {
    let text = |item: Item| fields.some_owned(&format!("item_{}", item.name()));
    Item::ALL.into_iter().filter_map(|item| Some((item, text(item)?))).collect()
}

/// What a form says is known; the sentence when it cannot be read.
pub(super) fn facts_of(fields: &Fields, when: &When<'_>) -> Result<Facts, &'static str> {
    let date = fields.text("learned_date").parse::<Date>().ok();
    let time = fields.text("learned_time").parse::<Time>().ok();
    let (Some(date), Some(time)) = (date, time) else {
        return Err("知った日時は 2026-10-05 と 10:30 の形で入力してください。");
    };
    let learned_at = when.zone.to_timestamp(date.to_datetime(time));
    let learned_at = learned_at.map_err(|_| "知った日時を確かめてください。")?;
    let persons = match fields.some("persons") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| "本人の数は数字で入力してください。")?),
    };
    Ok(Facts {
        learned_at,
        persons,
        special_care: fields.ticked("special_care"),
        financial: fields.ticked("financial"),
        malicious: fields.ticked("malicious"),
        items: items_of(fields),
    })
}
