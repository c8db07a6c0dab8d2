//! Weighs a candidate: what speaks for a name, as numbers that labelled texts gave.

use std::ops::Range;

use super::super::dictionary::{Class, Dictionary};
use super::super::learned::{self, Bag, step};
use super::around::{Left, honorific, left, right};
use super::candidate::Candidate;
use super::chars::{Chars, Script};
use super::lattice::Word;
use super::stop::is_like_a_role;
use super::themes::Themes;

/// How much must speak for a name, in thousandths of the logarithm of the odds: less than even, since a name that gets
/// through cannot be called back.
pub(super) const NEEDED: i32 = -1_500;

/// What is known of the text around.
pub(super) struct Judge<'a> {
    pub(super) words: &'a Dictionary,
    pub(super) chars: &'a Chars<'a>,
    pub(super) post: bool,
    /// The words of the sentences' best readings, in order.
    pub(super) path: &'a [Word],
    pub(super) themes: &'a Themes,
}

const MARGINS: &[i32] = &[
    -12_000, -9_000, -7_000, -5_500, -4_500, -3_500, -2_500, -1_500, -500, 500, 1_500, 2_500, 3_500, 4_500,
    5_500, 7_000, 9_000, 12_000,
];
const EXTRAS: &[i32] = &[1, 500, 1_500, 2_500, 3_500, 5_000, 7_000, 9_000, 12_000];
const COSTS: &[i32] = &[3_000, 4_500, 5_500, 6_500, 7_500, 8_500, 9_500, 10_500, 11_500, 13_000];
const DIFFERENCES: &[i32] = &[-4_000, -3_000, -2_000, -1_000, 0, 1_000, 2_000, 3_000];
const LEFT: &[i32] = &[-4_000, -2_000, -1_000, -300, 0, 200, 400, 600, 1_500, 2_500, 3_500];
const RIGHT: &[i32] = &[-8_000, -4_000, -2_000, -1_000, 0, 300, 1_000, 2_000, 2_800, 3_500, 4_500, 5_500];
const LEFT_ROUGHLY: &[i32] = &[-2_000, 0, 600, 1_500, 2_500];
const RIGHT_ROUGHLY: &[i32] = &[-4_000, -1_000, 0, 1_000, 2_000, 2_800, 4_500];

impl Judge<'_> {
    /// The features of a candidate, of which `readings` are all that the dictionary has for its range.
    pub(super) fn features<'c>(
        &self,
        readings: &'c [Candidate],
        into: impl FnMut(u32),
    ) -> Option<&'c Candidate> {
        let best = readings.iter().min_by_key(|reading| reading.extra)?;
        let mut bag = Bag(into);
        let Range { start, end } = best.range;
        let scripts = self.scripts(start..end);
        let form = form(best);
        let length = u32::try_from(end - start).unwrap_or(9).min(4);
        let post = u32::from(self.post);
        let honoured = u32::from(honorific(self.chars, end) > 0);
        let shape = form << 4 | scripts;
        bag.add(0, &[]);
        bag.add(1, &[shape, length]);
        bag.add(2, &[shape, length, post]);
        bag.add(3, &[honoured, shape]);
        bag.add(4, &[honoured, post, form]);
        let before = [1, 2, 3].map(|n| letter_before(self.chars, start, n));
        let behind = [0, 1, 2].map(|n| letter(self.chars, end + n));
        for (tag, n) in [(11, 1), (12, 2), (13, 3)] {
            bag.add(tag, before.get(..n).unwrap_or_default());
            bag.add(tag + 10, behind.get(..n).unwrap_or_default());
        }
        bag.add(30, &[before[0], behind[0]]);
        bag.add(34, &[shape, before[0], before[1]]);
        bag.add(35, &[shape, behind[0], behind[1]]);
        let (first, last) = (letter(self.chars, start), letter(self.chars, end.saturating_sub(1)));
        bag.add(36, &[first, if length > 1 { scripts } else { 99 }]);
        bag.add(37, &[last, form]);
        let scripts_before = [1, 2, 3].map(|n| self.script(start.checked_sub(n)));
        let scripts_behind = [0, 1, 2].map(|n| self.script(Some(end + n)));
        bag.add(31, &[scripts_before[0], scripts_before[1], scripts_before[2], scripts]);
        bag.add(32, &[scripts_behind[0], scripts_behind[1], scripts_behind[2], scripts]);
        bag.add(33, &[scripts_before[0], scripts_behind[0], shape, honoured]);
        let margin = readings.iter().map(|reading| reading.margin).max().unwrap_or(0);
        let (margin, extra) = (step(margin, MARGINS), step(best.extra, EXTRAS));
        bag.add(40, &[margin]);
        bag.add(41, &[shape, honoured, margin]);
        bag.add(42, &[extra]);
        bag.add(43, &[shape, honoured, extra]);
        bag.add(44, &[form, step(best.cost, COSTS)]);
        let forms = readings.iter().fold(0, |all, reading| all | 1 << form_number(reading));
        bag.add(45, &[forms]);
        let word = self.chars.slice(start..end);
        let mut others: [Option<i32>; 3] = [None; 3];
        for entry in self.words.word(word) {
            let [place, noun, proper] = &mut others;
            let other = match entry.class {
                Class::PLACE => place,
                Class::NOUN | Class::ACT => noun,
                Class::PROPER | Class::ORGANISATION => proper,
                _ => continue,
            };
            *other = Some(other.map_or(entry.cost, |least| least.min(entry.cost)));
        }
        let alone = u32::from(before[0] == 0 && behind[0] == 0);
        for (tag, cost) in (50..).zip(others) {
            let difference = cost.map_or(99, |cost| step(cost.saturating_sub(best.cost), DIFFERENCES));
            bag.add(tag, &[form, honoured, difference]);
            bag.add(tag + 7, &[alone, post, difference]);
        }
        bag.add(55, &[u32::from(is_like_a_role(word)), honoured]);
        if others.iter().any(Option::is_some) {
            let mut letters = [0; 5];
            letters.iter_mut().zip(word.chars()).for_each(|(slot, c)| *slot = u32::from(c));
            bag.add(56, &letters);
        }
        let left = match left(self.chars, start, self.script_of(start)) {
            Left::Office => (90, 90),
            Left::Inside => (91, 91),
            Left::Points(points) => (step(points, LEFT), step(points, LEFT_ROUGHLY)),
        };
        let right = right(self.chars, end, self.script_of(end.saturating_sub(1)));
        let kinds = u32::from(right.honoured) | u32::from(right.place) << 1 | u32::from(right.closed) << 2;
        self.read(&best.range, form, honoured, &mut bag);
        self.themes.gather(self.chars, &best.range, 80, form << 1 | honoured, &mut bag);
        bag.add(60, &[left.0, honoured]);
        bag.add(61, &[step(right.points, RIGHT)]);
        bag.add(62, &[kinds, shape]);
        bag.add(63, &[left.1, step(right.points, RIGHT_ROUGHLY), u32::from(right.closed), form]);
        Some(best)
    }

    /// What the best reading makes of the candidate, and of what stands beside it.
    fn read(&self, range: &Range<usize>, form: u32, honoured: u32, bag: &mut Bag<impl FnMut(u32)>) {
        let first = self.path.partition_point(|word| word.range.end <= range.start);
        let behind = self.path.partition_point(|word| word.range.start < range.end);
        let number = |word: &Word| u32::from(word.class.0) << 1 | u32::from(word.listed);
        let word = |at: Option<usize>| at.and_then(|at| self.path.get(at));
        let begins = word(Some(first)).is_some_and(|word| word.range.start == range.start);
        let ends = word(behind.checked_sub(1)).is_some_and(|word| word.range.end == range.end);
        let aligned = u32::from(begins) | u32::from(ends) << 1;
        let inner = self.path.get(first..behind).unwrap_or_default();
        let mut parts = [0; 7];
        let count = inner.len().min(4);
        parts.iter_mut().zip(inner.iter().take(4)).for_each(|(part, word)| *part = number(word));
        parts.iter_mut().skip(count).zip([aligned, form, honoured]).for_each(|(slot, part)| *slot = part);
        bag.add(70, parts.get(..=count).unwrap_or_default());
        bag.add(71, parts.get(..count + 3).unwrap_or_default());
        let class = |at: Option<usize>| word(at).map_or(0, number);
        let (before, next) = (class(first.checked_sub(1)), class(Some(behind)));
        let beyond = class(Some(behind + 1));
        bag.add(72, &[next, form, honoured]);
        bag.add(73, &[before, form, honoured]);
        bag.add(74, &[before, next]);
        bag.add(75, &[next, beyond]);
        bag.add(76, &[next, beyond, form, honoured]);
        bag.add(77, &[aligned, form]);
    }

    fn scripts(&self, range: Range<usize>) -> u32 {
        range.fold(0, |all, at| {
            all | match self.chars.script(at) {
                Script::Han => 1,
                Script::Hiragana => 2,
                Script::Katakana => 4,
                Script::Latin => 8,
                _ => 0,
            }
        })
    }

    fn script_of(&self, at: usize) -> Script {
        self.chars.script(at)
    }

    fn script(&self, at: Option<usize>) -> u32 {
        let Some(c) = at.and_then(|at| self.chars.at(at)) else { return 9 };
        match self.chars.script(at.unwrap_or(0)) {
            Script::Han => 1,
            Script::Hiragana => 2,
            Script::Katakana => 3,
            Script::Latin => 4,
            Script::Digit => 5,
            Script::Other if c == '\n' => 9,
            Script::Other if c == ' ' => 7,
            Script::Other => 8,
        }
    }
}

/// The letter at `at`: digits are alike, and the ends of lines and of the text.
pub(super) fn letter(chars: &Chars<'_>, at: usize) -> u32 {
    chars.at(at).map_or(0, learned::letter)
}

/// The letter so many places before `at`.
pub(super) fn letter_before(chars: &Chars<'_>, at: usize, count: usize) -> u32 {
    at.checked_sub(count).map_or(0, |at| letter(chars, at))
}

fn form(candidate: &Candidate) -> u32 {
    class(candidate.first) << 3 | class(candidate.second)
}

fn form_number(candidate: &Candidate) -> u32 {
    class(candidate.first) * 5 + class(candidate.second).min(4)
}

fn class(class: Option<Class>) -> u32 {
    match class {
        None => 0,
        Some(Class::SURNAME) => 1,
        Some(Class::GIVEN) => 2,
        Some(Class::KANA_SURNAME) => 3,
        Some(Class::KANA_GIVEN) => 4,
        Some(_) => 5,
    }
}
