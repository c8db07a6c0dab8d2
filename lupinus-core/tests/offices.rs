//! Offices, venues and whole announcements are nobody's name: those of the demonstration's scenario, and many more.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::{fs, path::Path};

use lupinus_core::screening::{Action, Context, Screen};

fn scenario(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/reference-bot/scenario");
    fs::read_to_string(folder.join(file)).unwrap()
}

/// What stands in quotes, triple ones too, after `key =` in a file of settings.
fn values<'t>(source: &'t str, key: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(key) {
        let Some(rest) = source[at + key.len()..].strip_prefix(" = ") else { continue };
        let (quote, rest) = match rest.strip_prefix("\"\"\"") {
            Some(rest) => ("\"\"\"", rest),
            None => ("\"", rest.trim_start_matches('"')),
        };
        found.extend(rest.split_once(quote).map(|(value, _)| value.trim()));
    }
    found
}

#[track_caller]
fn blocked(texts: impl IntoIterator<Item = String>, context: Context) -> Vec<(String, String)> {
    let screen = Screen::default();
    let checked = texts.into_iter().map(|text| (screen.check(&text, context), text));
    checked
        .filter(|(screened, _)| screened.strictest() == Action::Block)
        .map(|(screened, text)| (text, screened.into_masked()))
        .collect()
}

/// Ways in which people speak of an office.
fn spoken_of(office: &str) -> Vec<String> {
    vec![
        office.to_owned(),
        format!("{office}に相談しました"),
        format!("{office}の空き状況を教えてください"),
        format!("{office}は土曜も開いていますか"),
        format!("「{office}」へ紹介したいです"),
        format!("{office}、満床でした。"),
        format!("お問い合わせ：{office}"),
        format!("会場　{office}"),
        format!("主催\n{office}\n共催\n{office}"),
    ]
}

// R8
#[test]
fn the_offices_of_the_scenario_are_no_persons() {
    let people = scenario("people.toml");
    let mut offices: Vec<&str> = people
        .lines()
        .filter_map(|line| line.strip_prefix("organisations = ["))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .chain(values(&people, "name"))
        .collect();
    offices.sort_unstable();
    offices.dedup();
    assert!(offices.len() >= 40, "{}", offices.len());
    for context in [Context::Consultation, Context::Post] {
        let texts = offices.iter().flat_map(|office| spoken_of(office));
        assert_eq!(blocked(texts, context), []);
    }
}

// R8
#[test]
fn the_scenarios_announcements_come_through_and_of_its_consultations_what_is_clean() {
    let posts = scenario("posts.toml");
    let texts: Vec<&str> = values(&posts, "\ntext").into_iter().chain(values(&posts, "\ntitle")).collect();
    assert!(texts.len() >= 60, "{}", texts.len());
    assert_eq!(blocked(texts.into_iter().map(str::to_owned), Context::Post), []);

    let consultations = scenario("consultations.toml");
    let said: Vec<&str> =
        ["say", "answer", "note"].iter().flat_map(|key| values(&consultations, key)).collect();
    assert!(said.len() >= 80, "{}", said.len());
    let masked = blocked(said.into_iter().map(str::to_owned), Context::Consultation);
    // Two people of the scenario write a patient's name, which is there to be masked.
    let names: Vec<bool> =
        masked.iter().map(|(text, _)| text.contains("藤波花子") || text.contains("藤川一郎")).collect();
    assert_eq!(names, [true, true], "{masked:?}");
}

// R8
#[test]
fn offices_venues_and_streets_of_many_kinds_are_no_persons() {
    let things = include_str!("../examples/generate/texts/things.txt");
    let of = |what: &str| -> Vec<&'static str> {
        let line = things.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(' '));
        line.unwrap_or_default().split('|').collect()
    };
    let mut wrong = Vec::new();
    let mut all = 0;
    for what in ["office", "shop", "event", "thing", "dish", "drug"] {
        for name in of(what) {
            for context in [Context::Consultation, Context::Post] {
                let texts = spoken_of(name);
                all += texts.len();
                wrong.extend(blocked(texts, context).into_iter().map(|(text, _)| text));
            }
        }
    }
    for town in of("town") {
        for text in [
            format!("{town}の方でデイを探しています"),
            format!("{town}から大社まで送迎できますか"),
            format!("{town}地区の皆さまへ"),
            format!("{town}に住んでいます"),
            format!("{town}で開催します"),
            town.to_owned(),
        ] {
            all += 2;
            for context in [Context::Consultation, Context::Post] {
                wrong.extend(blocked([text.clone()], context).into_iter().map(|(text, _)| text));
            }
        }
    }
    // Some can be either, for whoever reads no more than this.
    assert!(all > 3_000 && wrong.len() * 100 < all, "{} of {all}: {wrong:#?}", wrong.len());
}
