//! Names that are places, too: which of the two a bare one is.

use std::ops::Range;

use super::super::dictionary::Class;
use super::around::{Left, Right};
use super::candidates::Weigher;
use super::chars::Chars;
use super::lattice::Node;

impl Weigher<'_> {
    /// How much speaks for a bare name of two letters or more: what it is more often, a place or a name, counts, too. The weights are
    /// those of a logistic regression over the development texts.
    pub(super) fn balanced(
        &self,
        node: &Node,
        range: &Range<usize>,
        score: i32,
        margin: i32,
        right: Right,
        before: i32,
    ) -> i32 {
        let place = self.words.cost_as(self.chars.slice(range.clone()), &[Class::PLACE]);
        let rather =
            place.map_or(0, |place| (place.min(12_000) - node.cost().min(9_000)).clamp(-2_500, 2_500));
        let given = if node.class == Class::GIVEN { 360 } else { 0 };
        // What was said of before, and who is spoken of now: 「前にも相談した千葉ですが」.
        let spoken_of = if before >= 1_500 && right.points >= 2_500 { 900 } else { 0 };
        let weighed = 22 * score.clamp(-5_000, 4_000)
            + 47 * margin
            + 51 * right.points.min(4_500)
            + 80 * before.clamp(-2_500, 4_500)
            + 19 * rather;
        weighed / 100 + given + spoken_of - if self.post { 1_300 } else { 700 }
    }

    /// Whether `node` is more often a place, and stands where a place may stand.
    pub(super) fn is_rather_a_place(
        &self,
        node: &Node,
        range: &Range<usize>,
        left: Left,
        right: Right,
    ) -> bool {
        let word = self.chars.slice(range.clone());
        let place = self.words.cost_as(word, &[Class::PLACE]).unwrap_or(i32::MAX);
        let ahead = self.chars.ahead(range.end, 8);
        // 「平田のデイ」, 「東の部屋」: what places have.
        let side = ["東", "西", "南", "北", "中", "上", "下"].contains(&word);
        let has = [
            "の施設",
            "の特養",
            "の老健",
            "の病院",
            "のデイに",
            "のデイで",
            "のデイを",
            "のサロン",
            "の会場",
            "のグループホーム",
            "のスーパー",
            "の方で",
            "の方に",
            "の方へ",
            "のほう",
            "の実家",
        ];
        if !right.honoured
            && ((side
                && ["の部屋", "の棟", "の窓", "の空", "の庭", "の角", "の方"]
                    .iter()
                    .any(|w| ahead.starts_with(w)))
                || (place < i32::MAX && has.iter().any(|w| ahead.starts_with(w))))
        {
            return true;
        }
        if ["です", "でし", "でしょ"].iter().any(|w| ahead.starts_with(w)) {
            return false;
        }
        let whither = ["の", "から", "に", "へ", "で", "まで", "より", "在", "方面"]
            .iter()
            .any(|w| ahead.starts_with(w));
        !right.honoured
            && whither
            && node.cost().saturating_sub(place)
                >= match left {
                    Left::Points(points) if points >= 1_500 => 3_000,
                    _ if right.points >= 2_000 => 1_800,
                    _ => 700,
                }
    }
}

/// Whether the name and what follows it are rather a shorter name and a branch of medicine: 「小山内科」.
pub(super) fn is_medical(chars: &Chars<'_>, range: &Range<usize>) -> bool {
    range.len() >= 3
        && ["内科", "外科", "歯科", "眼科", "産科", "医院", "病院", "小児科", "薬局"].iter().any(|word| {
            (range.start + 1..range.end)
                .any(|at| at + word.chars().count() >= range.end && chars.ahead(at, 4).starts_with(word))
        })
}
