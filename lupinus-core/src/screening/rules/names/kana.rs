//! Names in kana and in Latin letters, without an honorific.

use super::chars::{Chars, Script};
use super::honorific::is_kana_pair;
use super::lexicon::lexicon;
use super::surroundings::{ends_item, form_follows};
use super::{Name, Strength};

/// A name in katakana that begins at `at`.
pub(super) fn katakana(chars: &Chars<'_>, at: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let run = chars.run_end(at, Script::Katakana);
    let first = chars.slice(at..run);
    let ordinary = words.is_no_name(first);
    // Parts joined by a space or a middle dot.
    let mut end = run;
    let mut parts = 1;
    while matches!(chars.at(end), Some(' ' | '・')) && chars.script(end + 1) == Script::Katakana && parts < 4
    {
        let next = chars.run_end(end + 1, Script::Katakana);
        if words.is_no_name(chars.slice(end + 1..next)) || next - end > 8 {
            break;
        }
        end = next;
        parts += 1;
    }
    let second = if parts > 1 { chars.slice(run + 1..chars.run_end(run + 1, Script::Katakana)) } else { "" };
    let known = words.is_reading(first) || FOREIGN.contains(&first);
    let cue = form_follows(chars, end);
    if ordinary && !(parts > 1 && words.is_reading(first) && words.is_given(second)) {
        return;
    }
    if parts > 1 && (known || (words.is_given(second) && second.chars().count() >= 3) || cue) {
        names.push(Name::new(
            at..end,
            if known { 88 } else { 66 },
            Strength::Strong,
            "two parts in katakana",
        ));
    } else if is_kana_pair(first) || ((4..=9).contains(&(run - at)) && cue) {
        names.push(Name::new(at..run, 80, Strength::Strong, "surname and given name in katakana"));
    } else if FOREIGN.contains(&first) && chars.at(run).is_some_and(|c| "はがのをも".contains(c)) {
        names.push(Name::new(at..run, 58, Strength::Strong, "foreign name by its particle"));
    } else if (2..=5).contains(&(run - at)) && chars.at(run).is_none_or(|c| "、・とは(の:→がを\n".contains(c))
    {
        let listed = words.is_given(first) || words.is_reading(first) || FOREIGN.contains(&first);
        names.push(Name::new(at..run, if listed { 40 } else { 20 }, Strength::Unknown, "item among names"));
    }
}

/// First parts of names that are often met in care, from abroad.
const FOREIGN: &[&str] = &[
    "グエン",
    "チャン",
    "ファム",
    "ホアン",
    "ブイ",
    "マリア",
    "ジョセフ",
    "ジョン",
    "サントス",
    "クルス",
    "デラクルス",
    "レイエス",
    "ガルシア",
    "スリ",
    "シティ",
    "デウィ",
    "アウン",
    "ミャ",
    "キム",
    "パク",
    "チョウ",
    "リー",
    "ワン",
    "チェン",
    "シルバ",
    "ロドリゲス",
    "フェルナンデス",
    "アグス",
    "プトリ",
    "ラム",
    "シュレスタ",
    "タマン",
    "グルン",
];

/// A name in hiragana that begins at `at`.
pub(super) fn hiragana(chars: &Chars<'_>, at: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let run = chars.run_end(at, Script::Hiragana);
    let first = chars.slice(at..run);
    if words.is_reading(first) && chars.at(run) == Some(' ') && chars.script(run + 1) == Script::Hiragana {
        let end = chars.run_end(run + 1, Script::Hiragana);
        let mut stop = end;
        for honorific in ["さん", "さま", "ちゃん"] {
            if chars.slice(run + 1..stop).ends_with(honorific) {
                stop -= honorific.chars().count();
            }
        }
        let listed = words.is_given(chars.slice(run + 1..stop));
        if listed || ((2..=5).contains(&(stop - run - 1)) && ends_item(chars, stop)) {
            names.push(Name::new(
                at..stop,
                if listed { 88 } else { 70 },
                Strength::Strong,
                "two parts in hiragana",
            ));
        }
    } else if run - at >= 4 && (is_kana_pair(first) && ends_item(chars, run)) {
        names.push(Name::new(at..run, 75, Strength::Strong, "surname and given name in hiragana"));
    }
}

/// A name in Latin letters that begins at `at`.
pub(super) fn latin(chars: &Chars<'_>, at: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let first_end = chars.run_end(at, Script::Latin);
    let second_start = first_end + 1;
    if !matches!(chars.at(first_end), Some(' ' | ',')) || chars.script(second_start) != Script::Latin {
        return;
    }
    let end = chars.run_end(second_start, Script::Latin);
    if chars.script(end) == Script::Digit || matches!(chars.at(end), Some('@' | '.' | '_' | '-')) {
        return;
    }
    let (first, second) = (chars.slice(at..first_end), chars.slice(second_start..end));
    let capital = |word: &str| word.len() >= 3 && word.starts_with(|c: char| c.is_ascii_uppercase());
    if capital(first) && capital(second) && (words.is_romanised(first) || words.is_romanised(second)) {
        let both = words.is_romanised(first) && words.is_romanised(second);
        names.push(Name::new(at..end, if both { 90 } else { 72 }, Strength::Strong, "name in Latin letters"));
    }
}
