//! Names that no honorific gives away: by the lists and by what stands around them.

use super::chars::{Chars, Script};
use super::kana::{hiragana, katakana, latin};
use super::lexicon::lexicon;
use super::surroundings::{age_follows, bare, closes, ends_item, labelled};
use super::{Name, Strength};

/// Ends of words after which a name may begin without a gap.
const ROLES_BEFORE: &[&str] = &[
    "利用者",
    "患者",
    "入所者",
    "入居者",
    "対象者",
    "介護者",
    "理事長",
    "会長",
    "院長",
    "所長",
    "講師",
    "担当",
    "本人",
    "故",
];

/// Finds names without an honorific.
pub(super) fn find(chars: &Chars<'_>, post: bool, names: &mut Vec<Name>) {
    for at in 0..chars.len() {
        if let Some(end) = relative(chars, at) {
            names.push(Name::new(at..end, 70, Strength::Strong, "given name after a relative's label"));
        }
        match chars.script(at) {
            Script::Han if begins(chars, at) => han(chars, at, post, names),
            Script::Katakana if begins(chars, at) => katakana(chars, at, names),
            Script::Hiragana if begins(chars, at) && chars.script_before(at) == Script::Other => {
                hiragana(chars, at, names);
            }
            Script::Latin if chars.script_before(at) != Script::Latin => latin(chars, at, names),
            _ => {}
        }
    }
}

/// Where the given name ends that begins at `at` after 「母:」 and the like.
fn relative(chars: &Chars<'_>, at: usize) -> Option<usize> {
    if chars.before(at) != Some(':') {
        return None;
    }
    let before = chars.back(at, 4);
    let relative =
        ["父:", "母:", "夫:", "妻:", "男:", "女:", "娘:", "息子:", "孫:", "嫁:", "姉:", "妹:", "兄:", "弟:"];
    let script = chars.script(at);
    if !relative.iter().any(|label| before.ends_with(label)) || script == Script::Latin {
        return None;
    }
    let run = chars.run_end(at, script);
    let words = lexicon();
    [run, run + 1].into_iter().rev().find(|&end| {
        let word = chars.slice(at..end.min(chars.len()));
        end <= chars.len() && words.is_given(word) && chars.script(end) != Script::Han
    })
}

/// Whether a name may begin at `at`.
fn begins(chars: &Chars<'_>, at: usize) -> bool {
    match chars.script_before(at) {
        Script::Other => {
            !matches!(chars.before(at), Some('-' | '_' | '@' | '/') if chars.script(at) == Script::Latin)
        }
        Script::Hiragana => {
            chars.script(at) != Script::Hiragana && !matches!(chars.before(at), Some('お' | 'ご'))
        }
        Script::Katakana => chars.script(at) == Script::Han && chars.back(at, 3).ends_with("メモ"),
        Script::Han => {
            let before = chars.back(at, 3);
            ROLES_BEFORE.iter().any(|role| before.ends_with(role))
        }
        Script::Digit => false,
        Script::Latin => false,
    }
}

fn han(chars: &Chars<'_>, at: usize, post: bool, names: &mut Vec<Name>) {
    let words = lexicon();
    let run = chars.run_end(at, Script::Han);
    for length in (1..=4.min(run - at)).rev() {
        let end = at + length;
        let surname = chars.slice(at..end);
        if !words.is_surname(surname) {
            continue;
        }
        if let Some((end, percent)) = given_after(chars, end, length == 1) {
            names.push(Name::new(at..end, percent, Strength::Strong, "listed surname and given name"));
            return;
        }
        if let Some((end, percent, strength)) = bare(chars, at..end, run, post) {
            names.push(Name::new(at..end, percent, strength, "listed surname by its surroundings"));
            return;
        }
    }
    unlisted(chars, at, run, names);
}

/// Where the given name after a surname that ends at `end` ends.
fn given_after(chars: &Chars<'_>, end: usize, single: bool) -> Option<(usize, u8)> {
    let words = lexicon();
    let spaced = chars.at(end) == Some(' ');
    let start = if spaced { end + 1 } else { end };
    let script = chars.script(start);
    let run = chars.run_end(start, script);
    match script {
        Script::Han => {
            let mut stop = run;
            if chars.before(stop).is_some_and(|c| "様氏殿君分宅".contains(c)) && stop - start >= 2 {
                stop -= 1;
            }
            if chars.slice(start..run).ends_with("先生") {
                stop = run - 2;
            }
            let word = chars.slice(start..stop);
            // くみ子, ゆう子 are told apart below; a Han part that kana follows may be 美つ子 and the like.
            let listed = words.is_given(word);
            let like = words.is_like_given(word) && (stop - start >= 2 || spaced);
            if listed && (!single || spaced || stop - start >= 2) {
                Some((stop, 93))
            } else if like && (!single || spaced) {
                Some((stop, if spaced { 80 } else { 75 }))
            } else {
                // An unlisted given name stands apart and ends its item: 「柴田 僚大」.
                let apart = spaced && !single && (1..=3).contains(&(stop - start)) && !words.is_no_name(word);
                (apart && chars.at(stop) != Some(' ') && ends_item(chars, stop)).then_some((stop, 62))
            }
        }
        Script::Hiragana => {
            let tail = chars.script(run) == Script::Han
                && chars.at(run).is_some_and(|c| "子江代枝恵美".contains(c))
                && chars.script(run + 1) != Script::Han;
            let mut stop = if tail { run + 1 } else { run };
            for honorific in ["さん", "さま", "ちゃん", "くん"] {
                if chars.slice(start..stop).ends_with(honorific) {
                    stop -= honorific.chars().count();
                    break;
                }
            }
            (start + 2..=stop.min(start + 5))
                .rev()
                .find_map(|stop| {
                    let word = chars.slice(start..stop);
                    let listed = words.is_given(word);
                    let closed = closes(chars, stop);
                    (listed && (closed || (spaced && stop - start >= 3))).then_some((stop, 88))
                })
                .or_else(|| {
                    let length = stop.saturating_sub(start);
                    (spaced && (2..=4).contains(&length) && ends_item(chars, stop)).then_some((stop, 65))
                })
        }
        Script::Katakana => {
            let word = chars.slice(start..run);
            if words.is_given(word) && !words.is_no_name(word) {
                Some((run, 92))
            } else {
                let item = (2..=4).contains(&(run - start)) && ends_item(chars, run);
                (item && !words.is_no_name(word) && !single).then_some((run, 70))
            }
        }
        _ => None,
    }
}

/// Names that no list holds: two parts with a space, a quoted name, an item among names, an age behind it.
fn unlisted(chars: &Chars<'_>, at: usize, run: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let word = chars.slice(at..run);
    if words.is_no_name(word) || run - at > 5 {
        return;
    }
    if chars.at(run) == Some(' ') && (1..=3).contains(&(run - at)) && chars.script_before(at) == Script::Other
    {
        let stop = chars.run_end(run + 1, Script::Han);
        let mut end = stop;
        if chars.before(end).is_some_and(|c| "様氏殿".contains(c)) {
            end -= 1;
        }
        let given = chars.slice(run + 1..end);
        let listed = words.is_given(given) && end - run > 2;
        let like = words.is_like_given(given)
            && given
                .ends_with(['子', '美', '江', '代', '枝', '郎', '夫', '雄', '男', '恵', '平', '介', '也']);
        if end > run + 1 && (listed || like) && closes(chars, stop.min(end)) {
            names.push(Name::new(at..end, 68, Strength::Strong, "two parts, the second like a given name"));
            return;
        }
    }
    let aged = age_follows(chars, run);
    if (2..=5).contains(&(run - at))
        && (labelled(chars, at) || (aged && run - at >= 3 && like_tail(chars, at, run)))
    {
        names.push(Name::new(at..run, 65, Strength::Strong, "after a label or before an age"));
        return;
    }
    if (2..=3).contains(&(run - at)) && chars.at(run).is_some_and(|c| "、・と(:→".contains(c)) {
        names.push(Name::new(at..run, 20, Strength::Unknown, "item among names"));
    }
}

fn like_tail(chars: &Chars<'_>, at: usize, run: usize) -> bool {
    let words = lexicon();
    let surname = (at + 2..run).any(|split| words.is_surname(chars.slice(at..split)));
    surname
        || (at + 1..run).any(|split| words.is_given(chars.slice(split..run)))
        || words.is_like_given(chars.slice(run - 1..run))
}
