//! Names before an honorific.

use std::ops::Range;

use super::chars::{Chars, Script};
use super::lexicon::lexicon;
use super::{Name, Strength};

/// Honorifics, and whether they alone make a name of unknown letters.
const HONORIFICS: &[(&str, bool)] = &[
    ("さん", true),
    ("さま", true),
    ("様", true),
    ("氏", true),
    ("先生", true),
    ("ちゃん", false),
    ("くん", false),
    ("君", false),
    ("殿", false),
    ("医師", false),
    ("看護師", false),
    ("保健師", false),
    ("薬剤師", false),
    ("ケアマネ", false),
    ("相談員", false),
    ("宅", false),
];

/// Finds the names that an honorific or a title follows.
pub(super) fn find(chars: &Chars<'_>, names: &mut Vec<Name>) {
    for at in 1..chars.len() {
        let ahead = chars.ahead(at, 4);
        let Some((honorific, alone)) = HONORIFICS.iter().find(|(word, _)| ahead.starts_with(word)) else {
            continue;
        };
        let next = chars.at(at + honorific.chars().count());
        let part_of_a_word = match *honorific {
            "様" => next.is_some_and(|c| "子式々態相".contains(c)),
            "氏" => next.is_some_and(|c| "名子神".contains(c)),
            "殿" => next.is_some_and(|c| "町堂様下".contains(c)),
            "ちゃん" => next.is_some_and(|c| "とで".contains(c)),
            _ => false,
        };
        if part_of_a_word {
            continue;
        }
        let end = if chars.before(at) == Some(' ') { at - 1 } else { at };
        if let Some((range, percent)) = name_before(chars, end, *alone) {
            let whole = with_surname(chars, range);
            names.push(Name::new(whole, percent, Strength::Strong, "name before an honorific"));
        }
    }
}

fn name_before(chars: &Chars<'_>, end: usize, alone: bool) -> Option<(Range<usize>, u8)> {
    match chars.script_before(end) {
        Script::Han => han_before(chars, end, alone),
        Script::Hiragana => hiragana_before(chars, end),
        Script::Katakana => katakana_before(chars, end, alone),
        // A slip of the keyboard between name and honorific.
        Script::Latin
            if end >= 2
                && chars.script(end - 2) == Script::Han
                && chars.at(end - 1).is_some_and(|c| c.is_ascii_lowercase()) =>
        {
            han_before(chars, end - 1, alone)
        }
        Script::Latin => latin_before(chars, end, alone),
        Script::Digit | Script::Other => None,
    }
}

fn han_before(chars: &Chars<'_>, end: usize, alone: bool) -> Option<(Range<usize>, u8)> {
    let words = lexicon();
    let start = chars.run_start(end, Script::Han);
    let whole = chars.slice(start..end);
    let count = end - start;
    // くみ子さん: the run is the tail of a name in kana.
    if count == 1 && "子江代枝恵美".contains(whole) && chars.script_before(start) == Script::Hiragana {
        let kana = chars.run_start(start, Script::Hiragana);
        for from in kana.max(start.saturating_sub(3))..start {
            if words.is_given(chars.slice(from..end)) {
                return Some((from..end, 90));
            }
        }
    }
    if words.is_no_name(whole) {
        return None;
    }
    // The longest tail that begins with a listed surname: 利用者高村さん, 山田花子さん.
    for from in start.max(end.saturating_sub(7))..end {
        for length in (1..=4.min(end - from)).rev() {
            let given = chars.slice(from + length..end);
            let single = length == 1 && from > start;
            if !single
                && words.is_surname(chars.slice(from..from + length))
                && (given.is_empty() || words.is_given(given) || words.is_like_given(given))
                && (from == start || !given.is_empty() || length >= 2)
            {
                return Some((from..end, if given.is_empty() { 92 } else { 96 }));
            }
        }
    }
    if words.is_given(whole) {
        return Some((start..end, 85));
    }
    // 「お世話様」, 「20名様」
    let polite = matches!(chars.before(start), Some('お' | 'ご'));
    if !alone || polite || whole.contains('〇') {
        return None;
    }
    match count {
        1 if chars.script_before(start) == Script::Digit => None,
        // 渡り鳥さん
        1 if chars.before(start).is_some_and(|c| {
            chars.script_before(start) == Script::Hiragana && !"はがをにのとでもや".contains(c)
        }) =>
        {
            None
        }
        1 => Some((start..end, 60)),
        2..=5 => {
            let tail = chars.slice(end - 2..end);
            let percent =
                if count <= 3 || words.is_given(tail) || words.is_like_given(tail) { 75 } else { 45 };
            (!words.is_no_name(tail)).then_some((start..end, percent))
        }
        // Something long and unknown: the last letters are the likeliest name.
        _ => (!words.is_no_name(chars.slice(end - 2..end))).then_some((end - 2..end, 55)),
    }
}

fn hiragana_before(chars: &Chars<'_>, end: usize) -> Option<(Range<usize>, u8)> {
    let words = lexicon();
    let start = chars.run_start(end, Script::Hiragana);
    // 橋元よしたださん: hiragana directly behind a listed surname.
    if chars.script_before(start) == Script::Han && (2..=4).contains(&(end - start)) {
        let han = chars.run_start(start, Script::Han);
        let given = chars.slice(start..end);
        for from in han.max(start.saturating_sub(4))..start {
            let known = words.is_surname(chars.slice(from..start)) && start - from >= 2;
            if known && !given.starts_with(['の', 'は', 'が', 'を', 'に', 'と', 'も']) {
                return Some((from..end, 85));
            }
        }
    }
    for length in (2..=7.min(end - start)).rev() {
        let from = end - length;
        let word = chars.slice(from..end);
        let free = from == start || chars.before(from).is_some_and(|c| "はがをにのともでや".contains(c));
        if free
            && !words.is_no_name(word)
            && (words.is_given(word) || words.is_reading(word) || is_kana_pair(word))
        {
            return Some((from..end, 82));
        }
    }
    let spaced = chars.before(start) == Some(' ') && chars.script_before(start - 1) != Script::Other;
    let word = chars.slice(start..end);
    (spaced && (2..=4).contains(&(end - start)) && !words.is_no_name(word)).then_some((start..end, 60))
}

/// Whether `word` is a listed surname's reading and a listed given name, in kana, without a space.
pub(super) fn is_kana_pair(word: &str) -> bool {
    let words = lexicon();
    word.char_indices().skip(2).any(|(at, _)| {
        let (surname, given) = word.split_at(at);
        words.is_reading(surname) && words.is_given(given)
    })
}

fn katakana_before(chars: &Chars<'_>, end: usize, alone: bool) -> Option<(Range<usize>, u8)> {
    let words = lexicon();
    let start = chars.run_start(end, Script::Katakana);
    let word = chars.slice(start..end);
    if words.is_no_name(word) || !(2..=10).contains(&(end - start)) {
        return None;
    }
    let known = words.is_given(word) || words.is_reading(word) || is_kana_pair(word);
    if !known && !alone {
        return None;
    }
    if chars.script_before(start) == Script::Han {
        let han = chars.run_start(start, Script::Han);
        for from in han.max(start.saturating_sub(4))..start {
            if words.is_surname(chars.slice(from..start)) {
                return Some((from..end, 92));
            }
        }
        return known.then_some((start..end, 80));
    }
    Some((start..end, if known { 90 } else { 70 }))
}

fn latin_before(chars: &Chars<'_>, end: usize, alone: bool) -> Option<(Range<usize>, u8)> {
    let start = chars.run_start(end, Script::Latin);
    let capital = chars.at(start).is_some_and(|c| c.is_ascii_uppercase());
    let word = chars.slice(start..end);
    let known = lexicon().is_romanised(word);
    (alone && capital && end - start >= 3 && (known || word.chars().skip(1).all(|c| c.is_ascii_lowercase())))
        .then_some((start..end, if known { 85 } else { 55 }))
}

/// `given` with the surname before it, if a space or a middle dot parts the two.
fn with_surname(chars: &Chars<'_>, given: Range<usize>) -> Range<usize> {
    let words = lexicon();
    let Some(gap) = chars.before(given.start).filter(|c| matches!(c, ' ' | '・')) else { return given };
    let end = given.start - 1;
    let script = chars.script_before(end);
    let start = chars.run_start(end, script);
    let word = chars.slice(start..end);
    if words.is_no_name(word) {
        return given;
    }
    let complete =
        words.is_surname(chars.slice(given.clone())) && !words.is_given(chars.slice(given.clone()));
    let take = match script {
        Script::Han if gap == ' ' => {
            words.is_surname(word)
                || (end - start <= 3 && !complete && words.is_like_given(chars.slice(given.clone())))
        }
        Script::Katakana => (2..=8).contains(&(end - start)) && chars.script(given.start) == Script::Katakana,
        Script::Hiragana if gap == ' ' => words.is_reading(word),
        Script::Latin => end - start >= 3,
        _ => false,
    };
    if take { start..given.end } else { given }
}
