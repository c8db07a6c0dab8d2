//! Weighs whether a name is a professional's, by what labelled texts gave.

use std::ops::Range;

use super::super::learned::{Bag, ONE, ROLE, pairs};
use super::around::honorific;
use super::chars::Chars;
use super::judge::{letter, letter_before};
use super::role;
use super::themes::Themes;

/// From these odds on (in units of the table) a name is a professional's: in a post, where it is pointed out all the same, less than
/// even will do; in a chat nobody sees it again, so that more must speak for it.
fn needed(post: bool) -> i32 {
    if post { -3 * ONE / 8 } else { ONE / 4 }
}

/// How far into a text its letters say of whom it speaks, in characters: most texts whole.
const TEXT: usize = 400;

/// Tells the professionals of one text.
pub(super) struct Calling<'a> {
    chars: &'a Chars<'a>,
    themes: &'a Themes,
    post: bool,
    /// What the text as a whole says, of each of its names alike.
    whole: i32,
}

impl<'a> Calling<'a> {
    pub(super) fn of(chars: &'a Chars<'a>, themes: &'a Themes, post: bool) -> Self {
        let mut whole = 0;
        gather_text(chars, post, |feature| whole += ROLE.of(feature));
        Self { chars, themes, post, whole }
    }

    /// Whether the name in `range` is a professional's.
    pub(super) fn is_professional(&self, range: &Range<usize>) -> bool {
        self.odds(range) >= needed(self.post)
    }

    /// Whether the name in `range` stands in a role so plainly that it is one, too.
    pub(super) fn is_in_a_role(&self, range: &Range<usize>) -> bool {
        self.odds(range) >= 0
    }

    /// The logarithm of the odds that a name is a professional's, in units of the table.
    fn odds(&self, range: &Range<usize>) -> i32 {
        let mut sum = self.whole;
        gather(self.chars, self.themes, range, self.post, |feature| sum += ROLE.of(feature));
        sum
    }
}

/// The features that all names of a text share: which letters stand beside each other in it.
pub(super) fn gather_text(chars: &Chars<'_>, post: bool, into: impl FnMut(u32)) {
    let mut bag = Bag(into);
    for [one, two] in pairs((0..=chars.len().min(TEXT)).map(|at| letter(chars, at))) {
        bag.add(60, &[u32::from(post), one, two]);
    }
}

/// The features of a name that are its own.
pub(super) fn gather(
    chars: &Chars<'_>,
    themes: &Themes,
    range: &Range<usize>,
    post: bool,
    into: impl FnMut(u32),
) {
    let mut bag = Bag(into);
    let post = u32::from(post);
    let Range { start, end } = *range;
    bag.add(0, &[]);
    bag.add(1, &[post]);
    let by_rule = u32::from(role::is_professional(chars, start, end, post == 1));
    bag.add(2, &[post, by_rule]);
    bag.add(5, &[post, u32::from(role::signs_off(chars, start, end))]);
    let length = honorific(chars, end);
    let honorific = letter(chars, end + length.saturating_sub(1)) * u32::from(length > 0);
    bag.add(3, &[post, honorific]);
    bag.add(6, &[post, honorific, letter(chars, end + length)]);
    bag.add(4, &[post, u32::try_from(range.len()).unwrap_or(9).min(5)]);
    let behind: [u32; 16] = std::array::from_fn(|n| letter(chars, end + n));
    let before: [u32; 26] = std::array::from_fn(|n| letter_before(chars, start, n + 1));
    for n in 1..=5 {
        let tag = u32::try_from(n).unwrap_or(0);
        bag.add(10 + tag, before.get(..n).unwrap_or_default());
        bag.add(20 + tag, behind.get(..n).unwrap_or_default());
    }
    themes.gather(chars, range, 40, post << 1 | u32::from(length > 0), &mut bag);
    for pair in before.windows(2) {
        bag.add(30, pair);
        bag.add(31, &[post, pair[0], pair[1]]);
    }
    for pair in behind.windows(2) {
        bag.add(32, pair);
        bag.add(33, &[post, pair[0], pair[1]]);
    }
}
