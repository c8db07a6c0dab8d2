//! The parts of the settings as people read them, and as their forms have them.

use lupinus_core::{
    calendar::{OfficeHours, QuietHours},
    disposal::{Class, Years},
    screening::Screen,
    settings::{Ceilings, Deadlines, Part, Value},
};
use serde_json::{Value as Json, json};

use super::{choices, routes, screening, texts};
use crate::{
    console::Settings,
    fields::Fields,
    pages::disposals,
    text::{Text, say},
    view::{Names, figure},
};

/// The days of the week, as the settings name them and as people do.
pub(super) const DAYS: [(&str, &str); 7] = [
    ("mon", "月曜日"),
    ("tue", "火曜日"),
    ("wed", "水曜日"),
    ("thu", "木曜日"),
    ("fri", "金曜日"),
    ("sat", "土曜日"),
    ("sun", "日曜日"),
];

/// What values are read with.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) screen: &'a Screen,
    pub(super) names: &'a Names,
}

/// The names of a part's fields, for what is carried between forms and for labels. [`screening`], [`routes`], [`choices`] and [`texts`] have their
/// own.
pub(super) fn labels(part: Part) -> Vec<(&'static str, &'static str)> {
    match part {
        Part::Hours => DAYS
            .into_iter()
            .chain([("open_on_holidays", "祝日"), ("new_year", "年末年始の休み"), ("closing_days", "閉庁日")])
            .collect(),
        Part::Quiet => vec![("hours", "配信しない時間帯"), ("closing_days", "閉庁日")],
        Part::Ceilings => vec![
            ("repeat_days", "同じ内容を同じ方に送らない期間(日)"),
            ("per_person_per_hour", "1人あたり1時間の上限(件)"),
            ("per_account_per_hour", "全体で1時間の上限(人)"),
        ],
        Part::Deadlines => vec![
            ("take_hours", "投稿を受け付けるまで(時間)"),
            ("decide_hours", "受け付けた投稿を決めるまで(時間)"),
            ("mend_hours", "差し戻した投稿が直って戻るまで(時間)"),
            ("schedule_hours", "承認した投稿の配信日時を決めるまで(時間)"),
            ("answer_hours", "相談に答えるまで(時間)"),
            ("days_before", "締切や開催日の何日前から急ぐか(日)"),
            ("failed_days", "失敗した配信を一覧に残す期間(日)"),
        ],
        Part::Areas => vec![("areas", "選べる圏域")],
        Part::Retention => Class::ALL.map(|class| (class.name(), class.label_ja())).into(),
        Part::Screening | Part::Routes | Part::Professions | Part::Texts => Vec::new(),
    }
}

/// What its form has for a value, field by field.
pub(super) fn filled(value: &Value) -> Vec<(&'static str, String)> {
    let written = match value {
        Value::Hours(hours) => serde_json::to_value(hours),
        Value::Quiet(quiet) => serde_json::to_value(quiet),
        Value::Ceilings(ceilings) => serde_json::to_value(ceilings),
        Value::Deadlines(deadlines) => serde_json::to_value(deadlines),
        Value::Areas(areas) => Ok(json!({ "areas": areas.offered })),
        Value::Retention(retention) => {
            return Class::ALL.map(|class| (class.name(), retention.of(class).number().to_string())).into();
        }
        Value::Screening(_) | Value::Routes(_) | Value::Professions(_) | Value::Texts(_) => {
            return Vec::new();
        }
    };
    let written = written.unwrap_or_default();
    labels(value.part()).into_iter().map(|(name, _)| (name, text_of(&written[name]))).collect()
}

fn text_of(written: &Json) -> String {
    match written {
        Json::Array(several) => several.iter().map(text_of).collect::<Vec<_>>().join("\n"),
        Json::String(text) if text == "none" => String::new(),
        Json::String(text) => text.clone(),
        Json::Bool(yes) => if *yes { "1" } else { "" }.to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Null | Json::Object(_) => String::new(),
    }
}

/// From when to when.
fn range(text: &str, between: char) -> Text {
    Text::list(" 〜 ", text.split(between).map(str::to_owned))
}

/// A value in words, field by field.
pub(super) fn words(value: &Value, by: Reader<'_>) -> Vec<(Text, Text)> {
    match value {
        Value::Screening(decided) => return screening::words(decided, by.screen),
        Value::Routes(routes) => return routes::words(routes, by.names),
        Value::Areas(areas) => return choices::words_of_areas(areas),
        Value::Professions(professions) => return choices::words(professions),
        Value::Texts(texts) => return texts::words(texts),
        Value::Retention(retention) => {
            let row = |class: Class| (Text::from(class.label_ja()), disposals::years(retention.of(class)));
            return Class::ALL.map(row).into();
        }
        _ => {}
    }
    let said = |name: &str, text: &str| match (value.part(), name) {
        (Part::Hours, "open_on_holidays") => if text.is_empty() { "休み" } else { "開ける" }.into(),
        (Part::Hours, "closing_days" | "new_year") if text.is_empty() => Text::from("なし"),
        (Part::Hours, "new_year") => range(text, '/'),
        (Part::Hours, "closing_days") => Text::list("、", text.lines().map(str::to_owned)),
        (Part::Hours, _) if text.is_empty() => Text::from("休み"),
        (Part::Hours, _) => Text::list("、", text.lines().map(str::to_owned)),
        (Part::Quiet, "closing_days") => {
            if text.is_empty() { "配信する" } else { "終日配信しない" }.into()
        }
        (Part::Quiet, _) if text.is_empty() => Text::from("なし"),
        (Part::Quiet, _) => range(text, '-'),
        _ => text.parse::<u64>().map_or_else(|_| Text::given(text), figure),
    };
    let labels = labels(value.part());
    filled(value)
        .into_iter()
        .zip(labels)
        .map(|((name, text), (_, label))| (Text::from(label), said(name, &text)))
        .collect()
}

/// One field that says something else.
pub(super) struct Change {
    pub(super) label: Text,
    pub(super) before: Text,
    pub(super) after: Text,
}

/// What is different between two values of a part, field by field.
pub(super) fn changes(before: &Value, after: &Value, by: Reader<'_>) -> Vec<Change> {
    let absent = match before.part() {
        Part::Screening => "標準のとおり",
        Part::Texts => "もとの文のとおり",
        _ => "なし",
    };
    let (before, mut after) = (words(before, by), words(after, by));
    let mut changes = Vec::new();
    for (label, before) in before {
        let place = after.iter().position(|(known, _)| *known == label);
        let after = place.map_or_else(|| Text::from(absent), |place| after.remove(place).1);
        changes.push(Change { label, before, after });
    }
    let added = after.into_iter();
    changes.extend(added.map(|(label, after)| Change { label, before: Text::from(absent), after }));
    changes.retain(|change| change.before != change.after);
    changes
}

/// The value that a form describes, beside what it leaves as it is in the one in force.
/// `version` is the number that it would have.
pub(super) fn read(fields: &Fields, present: &Value, version: u32, app: &Settings) -> Result<Value, Text> {
    let part = present.part();
    let lines = |name: &str| -> Vec<String> {
        let parts = fields.text(name).split(['\n', ',', '、', ' ', '　']);
        parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let number = |name: &'static str| -> Result<u64, Text> {
        let label = labels(part).into_iter().find(|(known, _)| *known == name);
        let label = label.map_or("", |(_, label)| label);
        let typed = fields.text(name).trim().parse();
        typed.map_err(|_| say!("{label}は半角の数で入力してください。", label))
    };
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    match present {
        Value::Hours(hours) => {
            let mut written = serde_json::to_value(hours).unwrap_or_default();
            for (day, _) in DAYS {
                written[day] = json!(lines(day));
            }
            written["open_on_holidays"] = json!(fields.ticked("open_on_holidays"));
            written["new_year"] = json!(fields.some("new_year").unwrap_or("none"));
            written["closing_days"] = json!(lines("closing_days"));
            let hours = serde_json::from_value::<OfficeHours>(written);
            hours.map(|hours| Value::Hours(Box::new(hours))).map_err(|error| wrong(part, &error.to_string()))
        }
        Value::Quiet(_) => {
            let written = json!({
                "hours": fields.some("hours").unwrap_or("none"),
                "closing_days": fields.ticked("closing_days"),
            });
            let quiet = serde_json::from_value::<QuietHours>(written);
            quiet.map(Value::Quiet).map_err(|error| wrong(part, &error.to_string()))
        }
        Value::Ceilings(_) => Ok(Value::Ceilings(Ceilings {
            repeat_days: small(number("repeat_days")?),
            per_person_per_hour: small(number("per_person_per_hour")?),
            per_account_per_hour: number("per_account_per_hour")?,
        })),
        Value::Deadlines(_) => Ok(Value::Deadlines(Deadlines {
            take_hours: small(number("take_hours")?),
            decide_hours: small(number("decide_hours")?),
            mend_hours: small(number("mend_hours")?),
            schedule_hours: small(number("schedule_hours")?),
            answer_hours: small(number("answer_hours")?),
            days_before: small(number("days_before")?),
            failed_days: small(number("failed_days")?),
        })),
        Value::Retention(present) => {
            let mut retention = *present;
            for class in Class::ALL {
                let years = u8::try_from(number(class.name())?).unwrap_or(u8::MAX);
                retention.set(class, Years::of(years));
            }
            Ok(Value::Retention(retention))
        }
        Value::Screening(_) => screening::read(fields, app.centre.screen()),
        Value::Routes(present) => routes::read(fields, present),
        Value::Areas(_) => choices::read_areas(fields),
        Value::Professions(present) => choices::read(fields, present, version),
        Value::Texts(present) => texts::read(app, fields, present),
    }
}

pub(super) const UNREADABLE: &str = "入力した内容を読み取れません。";

/// What is wrong, by the field that core names at the head of what it says.
fn wrong(part: Part, said: &str) -> Text {
    let name = said.split(':').next().unwrap_or_default();
    let label = labels(part).into_iter().find(|(known, _)| *known == name).map(|(_, label)| label);
    match (label, name) {
        (_, "new_year") => Text::from("年末年始の休みは「12-29/01-03」の形で入力してください。"),
        (_, "closing_days") => {
            Text::from("閉庁日は「2026-11-02」の形で、1行に1日ずつ入力してください(1,000日まで)。")
        }
        (Some(label), _) => say!(
            "{label}の時刻を読み取れません。「08:30-17:15」の形で、始まりより後の終わりを、重ならないように入力してください。",
            label
        ),
        (None, _) if said.contains("no weekday") => {
            Text::from("少なくとも1つの曜日に受付時間を入力してください。")
        }
        (None, _) => UNREADABLE.into(),
    }
}
