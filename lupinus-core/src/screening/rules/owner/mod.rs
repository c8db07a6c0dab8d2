//! Whose a contact is: what stands around it decides.

mod names;
mod words;

use std::ops::Range;

use super::learned::{Bag, ONE, OWNER, letter, pairs, step};
use super::normalise::View;
use super::text::Text;
use words::{NONE, STRONG, Words, numbers, weigh, weight};

/// How much speaks for a private owner of the contact at `range` of `view`: above zero it is a person's.
///
/// What labelled texts taught counts most: what stands around the contact, who is named beside it, what the text says elsewhere. The
/// words of its line, up to the end of the sentence before and a few words after, have a say of their own.
pub(super) fn private_score(text: &Text, view: &View, range: &Range<usize>) -> i32 {
    let said = said_of(text, view, range);
    let mut learned = 0;
    gather(text, view, range, said, |feature| learned += OWNER.of(feature));
    let score = said * 3 / 10 + learned * LEARNED / ONE;
    // Where a chat says nothing else, as in 「電話は…です」, a message before it may have said whose it is.
    let alone = !text.is_post()
        && said >= UNTOLD
        && view.text().len().saturating_sub(range.len()) <= LITTLE
        && text.colleagues.is_empty();
    if alone { score.max(1) } else { score }
}

/// What is said of a contact in a chat of which nothing is said.
const UNTOLD: i32 = 3;
/// Up to so many bytes beside a contact a message says little.
const LITTLE: usize = 30;

/// What one of the logarithm of the learned odds counts.
const LEARNED: i32 = 6;

/// What the words around say.
fn said_of(text: &Text, view: &View, range: &Range<usize>) -> i32 {
    let start = match text.is_post() {
        true if text.is_beside_a_person(&view.origin(range)) => 1,
        true => -3,
        false => UNTOLD,
    };
    let mut score = start + weigh(sentence_before(view, range.start), true);
    score += weigh(view.after(range.end, 16), false) / 2;
    if let Some(heading) = line_above(view, range.start) {
        score += (weigh(heading, true) / 2).min(0);
    }
    score
}

/// The features by which the owner of a contact is told.
fn gather(text: &Text, view: &View, range: &Range<usize>, said: i32, into: impl FnMut(u32)) {
    let mut bag = Bag(into);
    let post = u32::from(text.is_post());
    let beside = u32::from(text.is_beside_a_person(&view.origin(range)));
    let before: Vec<u32> = view.before(range.start, 24).chars().rev().map(letter).collect();
    let behind: Vec<u32> = view.after(range.end, 14).chars().map(letter).collect();
    let written = view.text().get(range.clone()).unwrap_or_default();
    let sort = match written.as_bytes() {
        _ if written.contains('@') => MAIL,
        [b'0', b'6'..=b'9', b'0', ..] => 2,
        [b'0' | b'(' | b'+', ..] => 3,
        [b'0'..=b'9', ..] => 4,
        _ => 5,
    };
    bag.add(0, &[]);
    bag.add(1, &[post, sort]);
    bag.add(2, &[post, beside, sort]);
    let said = step(said, &[-12, -8, -5, -3, -1, 1, 3, 5, 8, 12]);
    bag.add(3, &[post, said]);
    bag.add(4, &[sort, said]);
    for (tag, n) in (10..).zip(1..=4) {
        bag.add(tag, before.get(..n).unwrap_or(&before));
        bag.add(tag + 10, behind.get(..n).unwrap_or(&behind));
    }
    for pair in before.windows(2) {
        bag.add(30, pair);
        bag.add(31, &[post, pair[0], pair[1]]);
    }
    for pair in behind.windows(2) {
        bag.add(32, pair);
    }
    let words = Words {
        left: numbers(sentence_before(view, range.start)),
        right: numbers(view.after(range.end, 16)),
    };
    gather_words(view, range, &words, post, sort, &mut bag);
    names::gather(text, &view.origin(range), (post, sort, said), &words, &mut bag);
    if sort == MAIL {
        let local: Vec<u32> = written.split('@').next().unwrap_or_default().chars().map(letter).collect();
        for three in local.windows(3) {
            bag.add(60, three);
        }
        for four in local.windows(4) {
            bag.add(61, four);
        }
    }
    let around = view.text().get(stretch(view.text(), range, TEXT)).unwrap_or_default();
    for [one, two] in pairs(around.chars().map(letter)) {
        bag.add(73, &[post, one, two]);
    }
    if let Some(above) = line_above(view, range.start) {
        let above: Vec<u32> = above.chars().take(30).map(letter).collect();
        for pair in above.windows(2) {
            bag.add(33, pair);
        }
    }
}

/// The sort of a mail address.
const MAIL: u32 = 1;
/// How far around a contact, lines ended or not, it counts which words stand, in bytes before and behind.
const WIDE: (usize, usize) = (300, 150);
/// How far it counts which letters stand beside each other: most messages whole.
const TEXT: (usize, usize) = (900, 600);
/// The features of the words around a contact of a `sort`, near it and far.
fn gather_words(
    view: &View,
    range: &Range<usize>,
    Words { left, right }: &Words,
    post: u32,
    sort: u32,
    bag: &mut Bag<impl FnMut(u32)>,
) {
    let whole = view.text();
    let far = stretch(whole, range, WIDE);
    let far_left = numbers(whole.get(far.start..range.start).unwrap_or_default());
    let far_right = numbers(whole.get(range.end..far.end).unwrap_or_default());
    for (tag, words) in (40..).zip([left, right, &far_left, &far_right]) {
        for word in words {
            bag.add(tag, &[*word]);
        }
    }
    let nearest = (left.last().copied().unwrap_or(NONE), right.first().copied().unwrap_or(NONE));
    bag.add(44, &[nearest.0, post]);
    bag.add(45, &[nearest.0, sort]);
    bag.add(46, &[nearest.1, post]);
    let any = |words: &[u32], is: fn(i32) -> bool| u32::from(words.iter().any(|word| is(weight(*word))));
    let said =
        |words: &[u32]| any(words, |weight| weight <= -STRONG) << 1 | any(words, |weight| weight >= STRONG);
    bag.add(47, &[post, sort, said(&far_left)]);
    bag.add(48, &[post, said(left), said(right), said(&far_left), said(&far_right)]);
    let strong = far_left.iter().rev().find(|word| weight(**word).abs() >= STRONG).copied().unwrap_or(NONE);
    bag.add(49, &[strong]);
    bag.add(50, &[strong, sort, post]);
}

/// `range` of `whole` with so many bytes before and behind it.
fn stretch(whole: &str, range: &Range<usize>, (before, behind): (usize, usize)) -> Range<usize> {
    let from = whole.floor_char_boundary(range.start.saturating_sub(before));
    from..whole.ceil_char_boundary((range.end + behind).min(whole.len()))
}

/// The features of the contacts at `ranges`, bytes of the original.
#[cfg(feature = "training")]
pub(super) fn features(text: &Text, ranges: &[Range<usize>]) -> Vec<Vec<u32>> {
    let view = &text.numeric;
    let gather = |range: &Range<usize>| {
        let range = view.standing_for(range);
        let mut features = Vec::new();
        gather(text, view, &range, said_of(text, view, &range), |feature| features.push(feature));
        features
    };
    ranges.iter().map(gather).collect()
}

/// Whether what stands before `at` in its sentence speaks of an office.
pub(super) fn office_before(view: &View, at: usize) -> bool {
    weigh(sentence_before(view, at), true) <= -3
}

/// The sentence up to `at`, as far as it counts.
fn sentence_before(view: &View, at: usize) -> &str {
    view.before(at, 40).rsplit(['。', '!', '?']).next().unwrap_or_default()
}

fn line_above(view: &View, at: usize) -> Option<&str> {
    // Nearer than a screenful, and no more of it than counts.
    let near = view.text().floor_char_boundary(at.saturating_sub(600));
    view.text().get(near..at)?.rsplit('\n').map(str::trim).skip(1).find(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::super::Context::{Consultation, Post};
    use super::super::super::PiiKind;
    use super::super::tests::{finds, finds_nothing_private};

    // R9
    #[test]
    fn an_office_spoken_of_politely_stays_an_office() {
        finds_nothing_private(
            Consultation,
            &[
                "石川医院さんの電話は0853-61-6046でしたか",
                "会社(0852-28-1288)にかけてよいと本人から",
                "ステーションの緊急携帯はこちら→080-4525-1560（個人のではない）",
            ],
        );
        finds_nothing_private(
            Post,
            &[
                "ご利用者さま、ご家族さま各位　工事のため0853-50-5261がつながりません",
                "つながらない時はヘルプデスク050-3521-6178",
            ],
        );
    }

    // R9
    #[test]
    fn a_contact_is_an_offices_by_more_than_the_words_of_its_line() {
        finds_nothing_private(
            Consultation,
            &[
                "さきほど090-1119-1867からかけたのは私どもの事務所携帯です。登録しておいてください。",
                "返送先は大垣市光が丘2828番地、（株）みなと介護用品宛です。切手は不要です。",
                "TEL欲しいです。0852-49-1856（午前11時まで）",
                "研修の申込書をお願いします。\n〒794-0023\n今治市松原町92の4\n秋山歯科医院\n0898-84-3429",
            ],
        );
        finds(
            Consultation,
            PiiKind::Phone,
            &[
                ("電話は03-1234-5678です", "03-1234-5678"),
                ("折り返しは0283-83-4857（ご自宅）へ。昼は訪看です。", "0283-83-4857"),
                ("松尾スミさん、転倒です。0852-49-1856に電話をお願いします。", "0852-49-1856"),
                ("娘さんが気づいて、さきほど090-1119-1867からかけてくれました。", "090-1119-1867"),
            ],
        );
    }

    // R8
    #[test]
    fn in_a_post_a_contact_is_private_where_the_words_say_so() {
        finds(
            Post,
            PiiKind::Phone,
            &[
                ("当番医の変更→自宅直通011-571-3835（奥様が出られます）", "011-571-3835"),
                ("連絡は代表立脇宅　0853260967（夜8時まで）", "0853260967"),
                ("記入例に実在の方の03.5502.9768が使われていました", "03.5502.9768"),
            ],
        );
    }
}
