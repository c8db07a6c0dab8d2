//! All readings of a sentence as words, and what each costs.

use std::ops::Range;

use super::super::dictionary::{Class, Dictionary, Prefixes};
use super::chars::{Script, script};

/// A cost that no reading has.
const NEVER: i32 = i32::MAX / 4;
const NONE: u32 = u32::MAX;
/// A reading so much dearer than the best one up to the same place is given up.
const BEAM: i32 = 10_000;
/// What a word in katakana costs that the dictionary does not have.
const KATAKANA: i32 = 9_461;
/// The same in kanji.
const KANJI: i32 = 11_426;
/// The same in hiragana.
const HIRAGANA: i32 = 13_069;
const UNKNOWN: [i32; 3] = [KATAKANA, KANJI, HIRAGANA];
/// Longest run that is taken for one unknown word.
const LONGEST_UNKNOWN: usize = 24;

/// A word at its place in the sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
    cost: i32,
    /// Where the next word begins: `end`, or behind the spaces that follow.
    next: usize,
    /// Cost of the best reading from the beginning up to the word's end.
    to: i32,
    /// Cost of the best reading from the word's end to the end of the sentence.
    from: i32,
    same_next: u32,
}

impl Node {
    /// Where the next word begins.
    pub(super) fn next(&self) -> usize {
        self.next
    }

    /// What the dictionary says the word costs.
    pub(super) fn cost(&self) -> i32 {
        self.cost
    }

    /// Cost of the best reading of the sentence with this word in it.
    pub(super) fn with(&self) -> i32 {
        self.to.saturating_add(self.from)
    }

    /// Cost of the best reading with `second` directly behind this word.
    pub(super) fn with_next(&self, words: &Dictionary, second: &Self) -> i32 {
        let joint = words.between(self.class, second.class) + second.cost;
        self.to.saturating_add(joint).saturating_add(second.from)
    }

    pub(super) fn is_name(&self) -> bool {
        matches!(
            self.class,
            Class::SURNAME | Class::GIVEN | Class::PERSON | Class::KANA_SURNAME | Class::KANA_GIVEN
        )
    }
}

/// A word of the best reading; its range counts characters of the text.
pub(super) struct Word {
    pub(super) range: Range<usize>,
    pub(super) class: Class,
    /// Whether the dictionary has it.
    pub(super) listed: bool,
}

/// The readings of one sentence. Buffers are kept between sentences.
#[derive(Default)]
pub(super) struct Lattice {
    nodes: Vec<Node>,
    /// For each position, its first node.
    starts: Vec<usize>,
    /// For each position, the last node that leads to it.
    ends: Vec<u32>,
    /// For each position, what the best reading up to it costs.
    best: Vec<i32>,
    length: usize,
    found: Prefixes,
    scratch: Vec<i32>,
    /// For each position, the classes that end there and the least that a reading up to them costs.
    arrivals: Vec<Vec<(Class, i32)>>,
    /// For each position, the classes that begin there and the least that a reading from them on costs.
    departures: Vec<Vec<(Class, i32)>>,
    /// What it costs at the least to come to a class at the position being read, or to go on from one.
    joints: Vec<(Class, i32)>,
}

/// Notes `cost` for `class` if it is the least so far.
fn note(costs: &mut Vec<(Class, i32)>, class: Class, cost: i32) {
    match costs.iter_mut().find(|(known, _)| *known == class) {
        Some((_, least)) => *least = cost.min(*least),
        None => costs.push((class, cost)),
    }
}

/// An empty list for each of so many positions, in the buffers there are.
fn reset(lists: &mut Vec<Vec<(Class, i32)>>, length: usize) {
    lists.iter_mut().take(length).for_each(Vec::clear);
    if lists.len() < length {
        lists.resize_with(length, Vec::new);
    }
}

impl Lattice {
    /// Reads `sentence`.
    pub(super) fn read(&mut self, words: &Dictionary, sentence: &[char]) {
        self.nodes.clear();
        self.starts.clear();
        self.length = sentence.len();
        self.ends.clear();
        self.ends.resize(sentence.len() + 1, NONE);
        self.best.clear();
        self.best.resize(sentence.len() + 1, NEVER);
        reset(&mut self.arrivals, sentence.len() + 1);
        reset(&mut self.departures, sentence.len() + 1);
        let mut found = std::mem::take(&mut self.found);
        words.find(sentence, &mut found);
        let first = sentence.iter().take_while(|c| **c == ' ').count();
        for at in 0..sentence.len() {
            self.starts.push(self.nodes.len());
            let reached = at == first || self.ends.get(at).is_some_and(|end| *end != NONE);
            if reached {
                self.joints.clear();
                self.add_words(words, &found, sentence, at, at == first);
            }
        }
        self.found = found;
        self.starts.push(self.nodes.len());
        self.backwards(words);
    }

    fn add_words(&mut self, words: &Dictionary, found: &Prefixes, sentence: &[char], at: usize, opens: bool) {
        let rest = sentence.get(at..).unwrap_or_default();
        let Some(&first) = rest.first() else { return };
        let kind = script(first);
        if matches!(kind, Script::Digit | Script::Latin) {
            let run = rest.iter().take(LONGEST_UNKNOWN).take_while(|c| script(**c) == kind).count();
            let class = if kind == Script::Digit { Class::NUMBER } else { Class::NOUN };
            self.push(words, sentence, at..at + run, class, 4_000, opens);
            return;
        }
        // A name in hiragana begins where the hiragana do, behind a particle, or behind a surname in hiragana.
        let begins = kind != Script::Hiragana
            || at
                .checked_sub(1)
                .and_then(|before| sentence.get(before))
                .is_none_or(|c| script(*c) != Script::Hiragana || "はがをにのとでもや".contains(*c))
            || self.follows_a_surname(at);
        let mut known = false;
        for (length, readings) in words.found(found, at) {
            for entry in readings {
                let reading = matches!(entry.class, Class::KANA_SURNAME | Class::KANA_GIVEN);
                if !matches!(entry.class, Class::LATIN_SURNAME | Class::LATIN_GIVEN) && (begins || !reading) {
                    known = true;
                    self.push(words, sentence, at..at + length, entry.class, entry.cost, opens);
                }
            }
        }
        match kind {
            Script::Katakana => {
                let run = rest.iter().take(LONGEST_UNKNOWN).take_while(|c| script(**c) == kind).count();
                self.push(words, sentence, at..at + run, Class::NOUN, KATAKANA, opens);
            }
            Script::Han => {
                self.push(words, sentence, at..at + 1, Class::NOUN, KANJI, opens);
                if rest.get(1).is_some_and(|c| script(*c) == Script::Han) {
                    self.push(words, sentence, at..at + 2, Class::NOUN, KANJI, opens);
                }
            }
            Script::Hiragana if !known => {
                self.push(words, sentence, at..at + 1, Class::NOUN, HIRAGANA, opens);
            }
            Script::Other if !known => self.push(words, sentence, at..at + 1, Class::SYMBOL, 4_769, opens),
            _ => {}
        }
    }

    fn follows_a_surname(&self, at: usize) -> bool {
        let mut before = self.ends.get(at).copied().unwrap_or(NONE);
        while let Some(left) = self.node(before) {
            if left.class == Class::KANA_SURNAME {
                return true;
            }
            before = left.same_next;
        }
        false
    }

    fn push(
        &mut self,
        words: &Dictionary,
        sentence: &[char],
        range: Range<usize>,
        class: Class,
        cost: i32,
        opens: bool,
    ) {
        let Range { start, end } = range;
        let spaces = sentence.get(end..).unwrap_or_default().iter().take_while(|c| **c == ' ').count();
        let next = end + spaces;
        let known = self.joints.iter().find(|(known, _)| *known == class).map(|(_, cost)| *cost);
        let best = known.unwrap_or_else(|| {
            let begin = if opens { words.between(Class::EDGE, class) } else { NEVER };
            let arrivals = self.arrivals.get(start).map(Vec::as_slice).unwrap_or_default();
            let least = words.least_behind(arrivals, class, begin);
            self.joints.push((class, least));
            least
        });
        let to = best.saturating_add(cost);
        let Ok(index) = u32::try_from(self.nodes.len()) else { return };
        let (Some(slot), Some(least)) = (self.ends.get_mut(next), self.best.get_mut(next)) else { return };
        // No reading that is so much dearer becomes the best, with a name or without.
        if to > least.saturating_add(BEAM) {
            return;
        }
        *least = to.min(*least);
        if let Some(arrivals) = self.arrivals.get_mut(next) {
            note(arrivals, class, to);
        }
        let same_next = std::mem::replace(slot, index);
        self.nodes.push(Node { start, end, class, cost, next, to, from: NEVER, same_next });
    }

    fn backwards(&mut self, words: &Dictionary) {
        for position in (0..self.length).rev() {
            for index in self.indices(position) {
                let Some(node) = self.nodes.get(index).copied() else { continue };
                let from = if node.next >= self.length {
                    words.between(node.class, Class::EDGE)
                } else {
                    self.onward(words, node.next, node.class)
                };
                if let Some(node) = self.nodes.get_mut(index) {
                    node.from = from.min(NEVER);
                }
                if let Some(departures) = self.departures.get_mut(position) {
                    note(departures, node.class, node.cost.saturating_add(from));
                }
            }
        }
    }

    /// The least that a reading costs that goes on at `position` behind a word of `class`.
    fn onward(&self, words: &Dictionary, position: usize, class: Class) -> i32 {
        let departures = self.departures.get(position).map(Vec::as_slice).unwrap_or_default();
        words.least_before(class, departures, NEVER)
    }

    fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(usize::try_from(index).unwrap_or(usize::MAX))
    }

    fn indices(&self, position: usize) -> Range<usize> {
        let start = self.starts.get(position).copied().unwrap_or(self.nodes.len());
        start..self.starts.get(position + 1).copied().unwrap_or(self.nodes.len())
    }

    /// The indices of the words that begin at `position`.
    pub(super) fn range_at(&self, position: usize) -> (usize, usize) {
        let range = self.indices(position);
        (range.start, range.end)
    }

    /// The words that begin at `position`.
    pub(super) fn at(&self, position: usize) -> std::slice::Iter<'_, Node> {
        self.nodes.get(self.indices(position)).unwrap_or_default().iter()
    }

    /// All words, by where they begin.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Cost of the best reading of all.
    pub(super) fn best(&self, words: &Dictionary) -> i32 {
        let last = self.nodes.iter().filter(|node| node.next >= self.length);
        last.map(|node| node.to.saturating_add(words.between(node.class, Class::EDGE))).min().unwrap_or(NEVER)
    }

    /// Adds the words of the best reading of the sentence, which begins at character `base` of the text.
    pub(super) fn path(&self, words: &Dictionary, base: usize, into: &mut Vec<Word>) {
        let from = into.len();
        let last = self.nodes.iter().filter(|node| node.next >= self.length);
        let mut here = last.min_by_key(|node| node.to.saturating_add(words.between(node.class, Class::EDGE)));
        while let Some(node) = here {
            let range = node.start + base..node.end + base;
            into.push(Word { range, class: node.class, listed: !UNKNOWN.contains(&node.cost) });
            let mut before = self.ends.get(node.start).copied().unwrap_or(NONE);
            let mut best: Option<(&Node, i32)> = None;
            while let Some(left) = self.node(before) {
                let cost = left.to.saturating_add(words.between(left.class, node.class));
                if best.is_none_or(|(_, least)| cost < least) {
                    best = Some((left, cost));
                }
                before = left.same_next;
            }
            here = best.map(|(left, _)| left);
        }
        if let Some(path) = into.get_mut(from..) {
            path.reverse();
        }
    }

    /// Cost of the best reading in which no name touches `range`.
    pub(super) fn without_names(&mut self, words: &Dictionary, range: &Range<usize>) -> i32 {
        let first = self.indices(range.start).start;
        let last = self.indices(range.end).start;
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let mut best = NEVER;
        // Words that reach into the range from before it.
        let mut position = range.start.saturating_sub(12);
        while position < range.start {
            for node in self.at(position).filter(|node| !node.is_name() && node.next >= range.end) {
                best = best.min(node.with());
            }
            position += 1;
        }
        for index in first..last {
            let Some(node) = self.nodes.get(index) else { break };
            let mut to = NEVER;
            if !node.is_name() {
                if node.start == range.start && self.ends.get(node.start) == Some(&NONE) {
                    to = words.between(Class::EDGE, node.class);
                }
                let mut before = self.ends.get(node.start).copied().unwrap_or(NONE);
                while let Some(left) = self.node(before) {
                    let left_index = usize::try_from(before).unwrap_or(usize::MAX);
                    let left_to = if left.start >= range.start {
                        left_index.checked_sub(first).and_then(|at| scratch.get(at)).copied().unwrap_or(NEVER)
                    } else if left.is_name() && left.next > range.start {
                        NEVER
                    } else {
                        left.to
                    };
                    to = to.min(left_to.saturating_add(words.between(left.class, node.class)));
                    before = left.same_next;
                }
                to = to.saturating_add(node.cost).min(NEVER);
                if node.next >= range.end {
                    best = best.min(to.saturating_add(node.from));
                }
            }
            scratch.push(to);
        }
        self.scratch = scratch;
        best
    }
}
