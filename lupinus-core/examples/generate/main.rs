//! Makes labelled texts for `score` out of the templates in `texts/`. The same arguments give the same texts.
//!
//! ```text
//! cargo run --release -p lupinus-core --example generate -- dev|bare|holdout ROUNDS > texts.jsonl
//! ```
//!
//! `dev` and `bare` (names without an honorific) are for work on the rules; of `holdout` only the figures are looked at. The halves share next to no
//! template and no Japanese name; they share offices, places, dishes, drugs, and Latin and foreign names, and some of the
//! surnames of `holdout` were later given to the dictionary. Its figures therefore flatter. Everything in the texts is made up: names are put together at random, numbers drawn at random with the
//! check digits of their kinds.

mod values;

use std::{collections::BTreeMap, process::ExitCode};

use serde_json::json;
use values::{Random, Values};

/// A slot's kind, and whose it is.
const SLOTS: &[(&str, &str, &str)] = &[
    ("full", "person_name", "person"),
    ("full_c", "person_name", "person"),
    ("hirafull_sp", "person_name", "person"),
    ("expense", "public_expense_no", "person"),
    ("card", "card_no", "person"),
    ("sur", "person_name", "person"),
    ("given", "person_name", "person"),
    ("kata", "person_name", "person"),
    ("kata_sp", "person_name", "person"),
    ("hira", "person_name", "person"),
    ("hirafull", "person_name", "person"),
    ("latin", "person_name", "person"),
    ("foreign", "person_name", "person"),
    ("pro", "professional_name", "professional"),
    ("pro_full", "professional_name", "professional"),
    ("mobile", "phone", "person"),
    ("fixed", "phone", "person"),
    ("orgtel", "org_phone", "org"),
    ("orgmobile", "org_phone", "org"),
    ("addr", "address", "person"),
    ("orgaddr", "org_address", "org"),
    ("postal", "postal_code", "person"),
    ("orgpostal", "org_postal", "org"),
    ("email", "email", "person"),
    ("orgemail", "org_email", "org"),
    ("orgid", "org_id", "org"),
    ("birth", "birth_date", "person"),
    ("mynumber", "my_number", "person"),
    ("care", "care_insurance_no", "person"),
    ("late", "late_elderly_no", "person"),
    ("health", "health_insurance_no", "person"),
    ("pension", "pension_no", "person"),
    ("licence", "drivers_license_no", "person"),
    ("passport", "passport_no", "person"),
    ("residence", "residence_card_no", "person"),
    ("resident", "resident_code", "person"),
    ("bank", "bank_account", "person"),
    ("social", "social_id", "person"),
    ("patient", "patient_id", "person"),
    ("plate", "car_plate", "person"),
];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (templates, half) = match args.next().as_deref() {
        Some("dev") => (include_str!("texts/dev.txt"), "dev"),
        Some("bare") => (include_str!("texts/bare.txt"), "dev"),
        Some("holdout") => (include_str!("texts/holdout.txt"), "holdout"),
        _ => {
            eprintln!("generate dev|bare|holdout ROUNDS");
            return ExitCode::FAILURE;
        }
    };
    let rounds: usize = args.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(4);
    let mut values = Values::new(half, Random::new(20_260_401));
    let lists = lists(include_str!("texts/things.txt"));
    let mut number = 0;
    for _ in 0..rounds {
        for line in templates.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (context, template) = line.split_at(1);
            let context = if context == "P" { "post" } else { "consultation" };
            let (text, spans) = fill(&template.trim().replace("\\n", "\n"), &mut values, &lists);
            number += 1;
            println!(
                "{}",
                json!({"id": format!("{half}-{number:05}"), "context": context, "text": text, "spans": spans})
            );
        }
    }
    ExitCode::SUCCESS
}

fn lists(source: &str) -> BTreeMap<&str, Vec<&str>> {
    let lines = source.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(what, items)| (what, items.split('|').collect()))
        .collect()
}

fn fill(
    template: &str,
    values: &mut Values,
    lists: &BTreeMap<&str, Vec<&str>>,
) -> (String, Vec<serde_json::Value>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((slot, after)) = after.split_once('}') else { break };
        text.push_str(before);
        rest = after;
        let start = text.chars().count();
        let value = match lists.get(slot) {
            Some(items) => values.one_of(items).to_owned(),
            None => values.slot(slot),
        };
        text.push_str(&value);
        if let Some((_, kind, subject)) = SLOTS.iter().find(|(name, ..)| *name == slot) {
            spans
                .push(json!({"start": start, "end": text.chars().count(), "kind": kind, "subject": subject}));
        }
    }
    text.push_str(rest);
    (text, spans)
}
