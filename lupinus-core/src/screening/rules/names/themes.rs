//! What a text speaks of around a name: work, family, illness, an event, a place.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use super::super::dictionary::trie::Trie;
use super::super::learned::Bag;
use super::chars::Chars;

/// How far from a name words are looked for, in characters.
const FAR: usize = 24;
/// No more themes than this.
const MOST: usize = 16;

/// The words with a theme.
struct List {
    words: Trie,
    /// Of each word how many letters it has, and the number of its theme.
    themes: Vec<(usize, u8)>,
}

#[expect(clippy::expect_used, reason = "the list is a constant, and read by the tests")]
static LIST: LazyLock<List> = LazyLock::new(|| {
    let lines = include_str!("../data/themes.txt").lines().filter(|line| !line.starts_with('#'));
    let mut words: BTreeMap<&str, u8> = BTreeMap::new();
    for (theme, line) in (0..).zip(lines) {
        for word in line.split(' ').skip(1) {
            words.entry(word).or_insert(theme);
        }
    }
    let themes = words.iter().map(|(word, theme)| (word.chars().count(), *theme)).collect();
    List { words: Trie::of(words.keys()).expect("a list of words"), themes }
});

impl List {
    /// The longest word that `letters` begin with: how many letters it has, and its theme.
    fn longest(&self, letters: &[char]) -> Option<(usize, u8)> {
        let word = self.words.longest(letters.iter().copied())?;
        self.themes.get(usize::try_from(word).ok()?).copied()
    }
}

/// A word with a theme; its range counts characters.
struct Word {
    range: Range<usize>,
    theme: usize,
}

/// The words of a text that have a theme.
pub(super) struct Themes {
    words: Vec<Word>,
    /// Which themes the text has at all.
    all: [bool; MOST],
}

impl Themes {
    pub(super) fn of(chars: &Chars<'_>) -> Self {
        let (mut words, mut all) = (Vec::new(), [false; MOST]);
        let (list, mut at) = (&*LIST, 0);
        while let letters @ [_, ..] = chars.letters(at..chars.len()) {
            let Some((length, theme)) = list.longest(letters) else {
                at += 1;
                continue;
            };
            let theme = usize::from(theme);
            all.get_mut(theme).into_iter().for_each(|has| *has = true);
            words.push(Word { range: at..at + length, theme });
            at += length;
        }
        Self { words, all }
    }

    /// Adds what the text speaks of before and behind `range`, with tags from `tag` on; `kind` is the kind of name.
    pub(super) fn gather(
        &self,
        chars: &Chars<'_>,
        range: &Range<usize>,
        tag: u32,
        kind: u32,
        bag: &mut Bag<impl FnMut(u32)>,
    ) {
        let middle = self.words.partition_point(|word| word.range.end <= range.start);
        let before = self.words.get(..middle).unwrap_or_default().iter().rev();
        let before = before.take_while(|word| word.range.end + FAR >= range.start);
        let before = before.map(|word| (word.theme, nearness(chars, word.range.end..range.start)));
        let behind = self.words.get(middle..).unwrap_or_default().iter();
        let behind = behind.skip_while(|word| word.range.start < range.end);
        let behind = behind.take_while(|word| word.range.start < range.end + FAR);
        let behind = behind.map(|word| (word.theme, nearness(chars, range.end..word.range.start)));
        let left = side(before, tag, bag);
        let right = side(behind, tag + 1, bag);
        bag.add(tag + 2, &[left.0, right.0, kind]);
        bag.add(tag + 3, &[left.0, left.1, right.0, right.1]);
        for (theme, _) in (0..).zip(self.all).filter(|(_, has)| *has) {
            bag.add(tag + 4, &[theme, kind]);
        }
    }
}

/// Adds each theme of one side once, as near as it comes; the nearest with its nearness.
fn side(words: impl Iterator<Item = (usize, u32)>, tag: u32, bag: &mut Bag<impl FnMut(u32)>) -> (u32, u32) {
    let mut nearest = None;
    let mut themes = [0; MOST];
    for (theme, near) in words {
        nearest.get_or_insert((u32::try_from(theme + 1).unwrap_or(0), near));
        themes.get_mut(theme).into_iter().for_each(|slot| *slot = near.max(*slot));
    }
    for (theme, near) in (0..).zip(themes).filter(|(_, near)| *near > 0) {
        bag.add(tag, &[theme, near]);
    }
    nearest.unwrap_or((0, 0))
}

/// How near what is on the other side of `gap` is: 4 beside it, 1 in another sentence.
fn nearness(chars: &Chars<'_>, gap: Range<usize>) -> u32 {
    let length = gap.len();
    if chars.ends_between(&gap) {
        return 1;
    }
    match length {
        0..=1 => 4,
        2..=5 => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MOST;

    #[test]
    fn every_word_has_one_theme() {
        let lines: Vec<&str> =
            include_str!("../data/themes.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() <= MOST, "{}", lines.len());
        let mut seen = BTreeSet::new();
        let words = lines.iter().flat_map(|line| line.split(' ').skip(1));
        let twice: Vec<&str> = words.filter(|word| !seen.insert(*word)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
