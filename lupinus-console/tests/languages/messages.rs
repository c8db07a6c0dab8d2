//! The catalogue against the sources: nothing is missing, left over, or filled in otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use regex::Regex;

use super::is_japanese;

/// What is a record in Japanese, or says nothing to staff.
const RECORDS: [&str; 7] = [
    "templates/sheet.html",
    "templates/incident_report.html",
    "templates/disposal_register.html",
    "src/pages/posts/sheet.rs",
    "src/pages/disposals/register.rs",
    "src/report/",
    "src/phone.rs",
];

/// What stands in Japanese in the sources and is no message: what is written into a record, names, signs that are looked for.
const NO_MESSAGES: &[&str] = &[
    "日本語",
    "看護師",
    "確認",
    "{sent} から配信した投稿に、個人情報が含まれていた。配信先 {reached}人。",
    "投稿に、個人情報が含まれていた。会員には配信していない。",
    "{} に会員へ送った相談の回答に、個人情報が含まれていた。",
    "{} に届いた相談の文章に、個人情報が伏せられずに残っていた。",
    "相談の中に、個人情報が伏せられずに残っていた。",
    "{} から会員に公開しているよくある質問に、個人情報が含まれていた。",
    "よくある質問の文面に、個人情報が含まれていた。",
    "センター名",
    "次に開く日時",
    "投稿の題名",
    "文字数",
    "支援センター",
    "10月5日(月) 8:30",
    "口腔ケア研修会",
    "{}年{}月",
    "{}月{}日",
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files below a folder with this ending, each with its path from here and its text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(here(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.ends_with(ending) && !RECORDS.iter().any(|record| path.starts_with(record)) {
                found.push((path, std::fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    found
}

/// What a program says in Japanese: its literals, without its tests and what is written about it.
fn literals(source: &str) -> Vec<String> {
    let literal = Regex::new(r#"(?s)"((?:[^"\\]|\\.)*)""#).unwrap();
    let code: Vec<&str> = source
        .split("#[cfg(test)]")
        .next()
        .unwrap()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    literal
        .captures_iter(&code.join("\n"))
        .map(|found| found[1].replace("\\n", "\n").replace("\\\"", "\""))
        .filter(|words| words.contains(is_japanese) && !NO_MESSAGES.contains(&words.as_str()))
        .collect()
}

/// What core says in whole sentences and labels; where it puts something in, the console says it itself (`words.rs`).
fn of_core() -> BTreeSet<String> {
    let says = Regex::new(r"(?s)fn (?:label|state_label|sentence)_ja\(.*?\n {0,4}\}\n").unwrap();
    let mut found = BTreeSet::new();
    for (path, source) in files("../lupinus-core/src", ".rs") {
        let parts = if path.ends_with("calendar/holidays.rs") {
            vec![source.clone()]
        } else if path.ends_with("screening/kind.rs") {
            vec![source.rsplit_once("kinds! {").unwrap().1.to_owned()]
        } else {
            says.find_iter(&source).map(|part| part.as_str().to_owned()).collect()
        };
        found.extend(parts.iter().flat_map(|part| literals(part)));
    }
    found.retain(|words| !words.contains('{') && !words.contains(['█', '〔', '〕']));
    found
}

/// Every message of the console, and where it is said.
fn said() -> BTreeMap<String, String> {
    let message = Regex::new(r#""((?:[^"\\]|\\.)*)"\|t\b"#).unwrap();
    let mut said = BTreeMap::new();
    for (path, text) in files("templates", ".html") {
        said.extend(message.captures_iter(&text).map(|found| (found[1].to_owned(), path.clone())));
        let rest = message.replace_all(&text, "");
        let bare: String = rest.chars().filter(|c| is_japanese(*c)).collect();
        assert!(bare.is_empty() || path.ends_with("outbox.html"), "{path} says without |t: {bare}");
    }
    for (path, source) in files("src", ".rs") {
        said.extend(literals(&source).into_iter().map(|words| (words, path.clone())));
    }
    said.extend(of_core().into_iter().map(|words| (words, "lupinus-core".to_owned())));
    said
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum English {
    Always(String),
    Counted { one: String, other: String },
}

fn catalogue() -> BTreeMap<String, English> {
    toml::from_str(&std::fs::read_to_string(here("texts/en.toml")).unwrap()).unwrap()
}

/// The places of a sentence that are filled.
fn places(words: &str) -> BTreeSet<String> {
    let place = Regex::new(r"\{([a-z_0-9]+)\}").unwrap();
    place.captures_iter(words).map(|found| found[1].to_owned()).collect()
}

// R43
#[test]
fn every_message_has_its_english_and_none_is_left_over() {
    let (said, catalogue) = (said(), catalogue());
    let missing: Vec<_> = said.iter().filter(|(words, _)| !catalogue.contains_key(*words)).collect();
    if let Ok(file) = std::env::var("MISSING") {
        let list: Vec<String> = missing.iter().map(|(words, path)| format!("{path}\t{words}")).collect();
        std::fs::write(file, list.join("\n")).unwrap();
    }
    assert!(missing.is_empty(), "no English in texts/en.toml for {missing:#?}");
    let unused: Vec<_> =
        catalogue.keys().filter(|words| words.contains(is_japanese) && !said.contains_key(*words)).collect();
    assert!(unused.is_empty(), "nobody says {unused:#?}");
}

// R43
#[test]
fn a_message_and_its_english_have_the_same_places_and_the_english_is_english() {
    let quoted = Regex::new(r"“[^”]*”|\{[^}]*\}").unwrap();
    for (words, english) in catalogue() {
        let forms = match english {
            English::Always(form) => vec![form],
            English::Counted { one, other } => {
                assert!(words.contains("{n}"), "{words} counts nothing");
                vec![one, other]
            }
        };
        for form in forms {
            let (mut of, mut in_english) = (places(&words), places(&form));
            // One alone need not be told as a figure.
            of.remove("n");
            in_english.remove("n");
            assert_eq!(of, in_english, "{words} / {form}");
            // What stands in these marks or braces may be what somebody has to write.
            let own = quoted.replace_all(&form, "").into_owned();
            assert!(!own.contains(is_japanese), "{form}");
        }
    }
}
