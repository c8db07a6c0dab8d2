//! Names in Latin letters.

use std::ops::Range;

use super::super::dictionary::{Class, Dictionary, format::shorten};
use super::around::{Left, left};
use super::beside::is_age_or_birth;
use super::chars::{Chars, Script};
use super::{Form, Name};

/// Finds `Yamada Hanako`, `HANAKO YAMADA`, `Yamada-san`.
pub(super) fn find(words: &Dictionary, chars: &Chars<'_>, names: &mut Vec<Name>) {
    let mut at = 0;
    while at < chars.len() {
        if chars.script(at) != Script::Latin {
            at += 1;
            continue;
        }
        let first = at..chars.run_end(at, Script::Latin);
        at = first.end;
        let glued = matches!(chars.before(first.start), Some('@' | '.' | '/' | '_' | '-' | ':' | '#'))
            && chars.before(first.start) != Some(':');
        if glued || chars.script_before(first.start) == Script::Digit {
            continue;
        }
        let comma = usize::from(chars.at(first.end) == Some(',') || chars.at(first.end) == Some('・'));
        let space = usize::from(chars.at(first.end + comma) == Some(' '));
        let start = first.end + comma + space;
        let second = start..chars.run_end(start, Script::Latin);
        let paired = start > first.end && chars.script(start) == Script::Latin;
        if paired && ends(chars, second.end) {
            let (a, b) = (rank(words, chars, &first), rank(words, chars, &second));
            if is_capital(chars, &first)
                && is_capital(chars, &second)
                && a.is_some()
                && b.is_some()
                && first.len() + second.len() >= 6
            {
                names.push(Name::new(
                    first.start..second.end,
                    3_000,
                    Form::Full,
                    "two names in Latin letters",
                ));
                at = second.end;
                continue;
            }
            let one = a.is_some() || b.is_some();
            let cue = is_cued(chars, first.start, second.end);
            if cue && one && is_capital(chars, &first) && first.len() >= 2 && second.len() >= 2 {
                names.push(Name::new(
                    first.start..second.end,
                    1_200,
                    Form::Full,
                    "name in Latin letters by its surroundings",
                ));
                at = second.end;
                continue;
            }
        }
        let san = ["-san", "さん", "様", "氏", " san", "-sama"]
            .iter()
            .any(|word| chars.ahead(first.end, 5).starts_with(word));
        let short = first.len() <= 4 && chars.slice(first.clone()).chars().all(|c| c.is_ascii_uppercase());
        if san && is_capital(chars, &first) && first.len() >= 3 && !short {
            let score = if rank(words, chars, &first).is_some() { 2_500 } else { 600 };
            let start = first_of_words(chars, first.start);
            names.push(Name::new(
                start..first.end,
                score,
                Form::Surname,
                "Latin letters before an honorific",
            ));
        }
    }
}

/// Where the capitalised words begin of which the one at `start` is the last, at most four.
fn first_of_words(chars: &Chars<'_>, start: usize) -> usize {
    let mut start = start;
    for _ in 0..3 {
        if chars.before(start) != Some(' ') || start < 2 {
            break;
        }
        let end = start - 1;
        let begin =
            (end.saturating_sub(15)..end).rev().take_while(|at| chars.script(*at) == Script::Latin).last();
        match begin.filter(|begin| end - begin >= 2 && is_capital(chars, &(*begin..end))) {
            Some(begin) => start = begin,
            None => break,
        }
    }
    start
}

fn ends(chars: &Chars<'_>, at: usize) -> bool {
    !matches!(chars.script(at), Script::Digit) && !matches!(chars.at(at), Some('@' | '.' | '_' | '/'))
}

fn is_cued(chars: &Chars<'_>, start: usize, end: usize) -> bool {
    let ahead = chars.ahead(end, 8);
    let after = ahead.trim_start_matches([' ', '(', '、', ',']);
    ["さん", "様", "氏", "の在留", "の件", "-san"].iter().any(|word| after.starts_with(word))
        || is_age_or_birth(after)
        || matches!(left(chars, start, Script::Latin), Left::Points(points) if points >= 2_500)
}

fn is_capital(chars: &Chars<'_>, range: &Range<usize>) -> bool {
    chars.at(range.start).is_some_and(|c| c.is_ascii_uppercase())
}

fn rank(words: &Dictionary, chars: &Chars<'_>, range: &Range<usize>) -> Option<i32> {
    if range.len() < 2 {
        return None;
    }
    let word = shorten(&chars.slice(range.clone()).to_ascii_lowercase());
    words.cost_as(&word, &[Class::LATIN_SURNAME, Class::LATIN_GIVEN])
}
