//! Who a narrowcast is for, and how far it may go.

use serde_json::Value;

use super::{
    field::Object,
    finding::{Findings, Path},
};
use crate::{answer::Refusal, ids};

/// How many audiences and redeliveries a recipient may hold, and how many filters a demographic.
const MAX_OBJECTS: usize = 10;

/// The ages that LINE tells apart.
pub(crate) const AGES: [&str; 12] = [
    "age_15", "age_20", "age_25", "age_30", "age_35", "age_40", "age_45", "age_50", "age_55", "age_60",
    "age_65", "age_70",
];
const PERIODS: [&str; 5] = ["day_7", "day_30", "day_90", "day_180", "day_365"];

/// Checks `recipient`, `filter` and `limit` of a narrowcast.
pub(crate) fn narrowcast(body: &Value) -> Result<(), Refusal> {
    super::body(body, |findings, body| {
        if let Some(value) = body.value("recipient") {
            let path = body.path.key("recipient");
            let leaves = recipient(findings, value, &path);
            at_most_ten(findings, &path, leaves);
        }
        if let Some(value) = body.value("filter") {
            let path = body.path.key("filter");
            if let Some(filter) = Object::of(value, &path, findings)
                && let Some(value) = filter.value("demographic")
            {
                let path = path.key("demographic");
                let leaves = demographic(findings, value, &path);
                at_most_ten(findings, &path, leaves);
            }
        }
        if let Some(value) = body.value("limit") {
            let path = body.path.key("limit");
            if let Some(limit) = Object::of(value, &path, findings) {
                self::limit(findings, &limit);
            }
        }
    })?;
    let limit = &body["limit"];
    if limit["forbidPartialDelivery"] == true && limit["upToRemainingQuota"] != true {
        return Err(Refusal::bad("The option forbidPartialDelivery must be used with upToRemainingQuota."));
    }
    Ok(())
}

fn at_most_ten(findings: &mut Findings, path: &Path<'_>, leaves: usize) {
    if leaves > MAX_OBJECTS {
        findings.note(path, format!("Size must be between 1 and {MAX_OBJECTS}"));
    }
}

fn limit(findings: &mut Findings, limit: &Object<'_, '_>) {
    if limit.value("max").is_some() {
        limit.needed_integer(findings, "max", 1);
    }
    limit.boolean(findings, "upToRemainingQuota");
    limit.boolean(findings, "forbidPartialDelivery");
}

/// Checks an operator of `recipient` or `demographic`: exactly one of `and`, `or`, `not`, none of them empty. Gives the
/// number of leaves below it.
fn operator(
    findings: &mut Findings,
    object: &Object<'_, '_>,
    each: fn(&mut Findings, &Value, &Path<'_>) -> usize,
) -> usize {
    let given: Vec<&str> =
        ["and", "or", "not"].into_iter().filter(|key| object.value(key).is_some()).collect();
    let [key] = given.as_slice() else {
        findings.note(object.path, "must have exactly one of and, or, not");
        return 0;
    };
    let path = object.path.key(key);
    if *key == "not" {
        return object.value("not").map_or(0, |value| each(findings, value, &path));
    }
    let Some(items) = object.array(findings, key) else { return 0 };
    if items.is_empty() {
        object.note(findings, key, "May not be empty");
    }
    items.iter().enumerate().map(|(index, value)| each(findings, value, &path.index(index))).sum()
}

fn recipient(findings: &mut Findings, value: &Value, path: &Path<'_>) -> usize {
    let Some(object) = Object::of(value, path, findings) else { return 0 };
    object.needed_string(findings, "type");
    match object.one_of(findings, "type", &["operator", "audience", "redelivery"]) {
        Some("operator") => return operator(findings, &object, recipient),
        Some("audience") => drop(object.needed_integer(findings, "audienceGroupId", 0)),
        Some(_) => drop(object.needed_string(findings, "requestId")),
        None => {}
    }
    1
}

fn demographic(findings: &mut Findings, value: &Value, path: &Path<'_>) -> usize {
    let Some(object) = Object::of(value, path, findings) else { return 0 };
    object.needed_string(findings, "type");
    let kinds = ["operator", "gender", "age", "appType", "area", "subscriptionPeriod"];
    match object.one_of(findings, "type", &kinds) {
        Some("operator") => return operator(findings, &object, demographic),
        Some("gender") => one_of(findings, &object, |word| matches!(word, "male" | "female")),
        Some("appType") => one_of(findings, &object, |word| matches!(word, "ios" | "android")),
        Some("area") => one_of(findings, &object, is_area),
        Some("age") => range(findings, &object, &AGES),
        Some(_) => range(findings, &object, &PERIODS),
        None => {}
    }
    1
}

fn one_of(findings: &mut Findings, object: &Object<'_, '_>, known: fn(&str) -> bool) {
    let Some(words) = object.needed_array(findings, "oneOf", 1, usize::MAX) else { return };
    let path = object.path.key("oneOf");
    for (index, word) in words.iter().enumerate() {
        if !word.as_str().is_some_and(known) {
            findings.note(&path.index(index), "invalid value");
        }
    }
}

/// Prefectures of Japan, and the areas of Taiwan, Thailand and Indonesia.
pub(crate) fn is_area(word: &str) -> bool {
    let Some((country, number)) = word.split_once('_') else { return false };
    let most = match country {
        "jp" => 47,
        "tw" => 22,
        "th" => 8,
        "id" => 12,
        _ => return false,
    };
    number.len() == 2 && ids::number::<u8>(number).is_some_and(|number| (1..=most).contains(&number))
}

fn range(findings: &mut Findings, object: &Object<'_, '_>, steps: &[&str]) {
    let step = |findings: &mut Findings, key: &str| {
        let word = object.one_of(findings, key, steps)?;
        steps.iter().position(|known| *known == word)
    };
    let (from, to) = (step(findings, "gte"), step(findings, "lt"));
    if object.value("gte").is_none() && object.value("lt").is_none() {
        findings.note(object.path, "must have gte or lt");
    }
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        object.note(findings, "lt", "must be greater than gte");
    }
}
