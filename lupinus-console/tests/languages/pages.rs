//! Every page and every state of a page, read by somebody who reads English.

use std::collections::BTreeSet;

use lupinus_core::choices::Professions;
use regex::Regex;

use super::{
    is_japanese,
    kit::{READ_IN, world::World},
    states, walk,
};

/// The pages that are records, in Japanese for everybody.
const RECORDS: [&str; 3] = ["/posts/{id}/sheet", "/incidents/{id}/report", "/disposals/{id}/register"];

/// What people wrote in these cities: every Japanese word of the tests' own sources.
fn written() -> Vec<String> {
    let literal = Regex::new(r#""((?:[^"\\]|\\.)*)""#).unwrap();
    let place = Regex::new(r"\{[^}]*\}|\\n").unwrap();
    let sources = [
        include_str!("../kit/mod.rs"),
        include_str!("../kit/world.rs"),
        include_str!("../kit/provider.rs"),
        include_str!("../browser/states.rs"),
        include_str!("../browser/walk.rs"),
    ];
    // With the names of the routes and steps that settings have by default, what the other language calls itself, and what a member
    // wrote around a mask.
    let mut words: BTreeSet<String> =
        ["緊急配信", "緊急承認", "承認のみ", "承認", "日本語", "さん(82歳)は"].map(str::to_owned).into();
    // The professions that a city has by default.
    let shipped = Professions::default();
    words.extend(shipped.groups.iter().map(|group| group.label.clone()));
    words.extend(shipped.offered().map(|choice| choice.label.clone()));
    // A quotation mark on its own would open a literal.
    let sources = sources.map(|source| source.replace("'\"'", ""));
    for found in sources.iter().flat_map(|source| literal.captures_iter(source)) {
        words.extend(place.split(&found[1]).map(str::to_owned).filter(|words| words.contains(is_japanese)));
    }
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort_by_key(|words| std::cmp::Reverse(words.len()));
    words
}

// R43
#[tokio::test(flavor = "multi_thread")]
async fn no_page_in_english_says_anything_of_ours_in_japanese() {
    let seen = READ_IN
        .scope("en-GB,en;q=0.9", async {
            let mut world = World::new().await;
            let mut seen = walk::everywhere(&mut world).await;
            seen.extend(states::others(&mut world).await);
            seen
        })
        .await;
    assert!(seen.len() > 400, "only {} pages", seen.len());
    if let Ok(folder) = std::env::var("DUMP") {
        std::fs::create_dir_all(&folder).unwrap();
        for (n, (name, page)) in seen.iter().enumerate() {
            std::fs::write(format!("{folder}/{n:03} {}.html", name.replace('/', "_")), &page.text).unwrap();
        }
    }
    let written = written();
    // What stays Japanese says so; in braces stand the names of placeholders, in these marks what members write
    // on LINE; a mask is a part of what they wrote.
    let kept = Regex::new(r"(?s) lang=ja>.*?</section>|\{[^}<]*\}|“[^”<]*”|██[^█]*██").unwrap();
    let mut faults = Vec::new();
    for (name, page) in &seen {
        if page.text.contains("<html lang=\"ja\">") {
            if !RECORDS.iter().any(|record| name.contains(record)) {
                faults.push(format!("{name}: all of it"));
            }
            continue;
        }
        let mut rest = kept.replace_all(&page.text, "").into_owned();
        for words in &written {
            rest = rest.replace(words.as_str(), "");
        }
        for line in rest.lines().filter(|line| line.contains(is_japanese)) {
            let about: String = line.chars().skip_while(|c| !is_japanese(*c)).take(60).collect();
            faults.push(format!("{name}: {about}"));
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{} places: {faults:#?}", faults.len());
}
