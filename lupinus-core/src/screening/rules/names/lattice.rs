//! All readings of a sentence as words, and what each costs.

use std::ops::Range;

use super::super::dictionary::{Class, Dictionary, Entry, Prefixes};
use super::chars::{Script, script};

/// A cost that no reading has.
const NEVER: i32 = i32::MAX / 4;
const NONE: usize = usize::MAX;
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
/// Words that begin further before a place are not looked at for whether they reach over it.
const LONGEST_OVER: usize = 12;

/// A word at its place in the sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
    cost: i32,
    /// Where the next word begins: `end`, or behind the spaces that follow.
    next: usize,
    /// Its class among those that lead to `next`.
    arrival: usize,
    /// Cost of the best reading from the beginning up to the word's end.
    to: i32,
    /// Cost of the best reading from the word's end to the end of the sentence.
    from: i32,
    /// The word before it that leads to the same place.
    same_next: usize,
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

/// A class that leads to a position.
struct Arrival {
    class: Class,
    /// The least that a reading up to it costs.
    to: i32,
    /// The least that a reading costs that goes on behind it.
    from: i32,
}

/// A place in the sentence where words meet.
struct Stop {
    /// The classes that lead to it.
    arrivals: Vec<Arrival>,
    /// The last word that leads to it.
    last: usize,
    /// What the best reading up to it costs.
    best: i32,
    /// The first word that begins here or further on.
    first: usize,
}

impl Stop {
    const fn new() -> Self {
        Self { arrivals: Vec::new(), last: NONE, best: NEVER, first: 0 }
    }

    fn clear(&mut self) {
        let arrivals = std::mem::take(&mut self.arrivals);
        *self = Self { arrivals, ..Self::new() };
        self.arrivals.clear();
    }
}

/// The readings of one sentence. Buffers are kept between sentences.
#[derive(Default)]
pub(super) struct Lattice {
    nodes: Vec<Node>,
    /// One for each position of the sentence, and one for its end; more are left over from longer sentences.
    stops: Vec<Stop>,
    length: usize,
    found: Prefixes,
    nameless: Nameless,
}

/// The readings in which no name touches a stretch, for all stretches that begin at one place.
#[derive(Default)]
struct Nameless {
    /// Where the stretches begin; `None` before the first one of a sentence.
    start: Option<usize>,
    /// The first word that begins there.
    first: usize,
    /// What the best such reading up to the end of each word from the first one on costs, as far as that was asked.
    to: Vec<i32>,
    /// For each word that reaches over the place, where the next one begins, and what the best reading with it costs.
    over: Vec<(usize, i32)>,
}

impl Lattice {
    /// Reads `sentence`.
    pub(super) fn read(&mut self, words: &Dictionary, sentence: &[char]) {
        self.nodes.clear();
        self.nameless.start = None;
        self.length = sentence.len();
        self.stops.iter_mut().take(sentence.len() + 1).for_each(Stop::clear);
        if self.stops.len() <= sentence.len() {
            self.stops.resize_with(sentence.len() + 1, Stop::new);
        }
        let first = sentence.iter().take_while(|c| **c == ' ').count();
        if let Some(stop) = self.stops.get_mut(first) {
            stop.arrivals.push(Arrival { class: Class::EDGE, to: 0, from: NEVER });
            stop.best = 0;
        }
        let mut found = std::mem::take(&mut self.found);
        words.find(sentence, &mut found);
        for at in 0..=sentence.len() {
            let Some(stop) = self.stops.get_mut(at) else { break };
            stop.first = self.nodes.len();
            if !stop.arrivals.is_empty() {
                self.add_words(words, &found, sentence, at);
            }
        }
        self.found = found;
        self.backwards(words);
    }

    fn add_words(&mut self, words: &Dictionary, found: &Prefixes, sentence: &[char], at: usize) {
        let rest = sentence.get(at..).unwrap_or_default();
        let Some(&first) = rest.first() else { return };
        let kind = script(first);
        let run = || rest.iter().take(LONGEST_UNKNOWN).take_while(|c| script(**c) == kind).count();
        let mut unknown = |length: usize, class: Class, cost: i32| {
            self.add(words, at..at + length, rest, [Entry { class, cost }].into_iter());
        };
        match kind {
            Script::Digit => return unknown(run(), Class::NUMBER, 4_000),
            Script::Latin => return unknown(run(), Class::NOUN, 4_000),
            _ => {}
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
            let readings = readings.filter(|entry| match entry.class {
                Class::LATIN_SURNAME | Class::LATIN_GIVEN => false,
                Class::KANA_SURNAME | Class::KANA_GIVEN => begins,
                _ => true,
            });
            known |= self.add(words, at..at + length, rest, readings);
        }
        let mut unknown = |length: usize, class: Class, cost: i32| {
            self.add(words, at..at + length, rest, [Entry { class, cost }].into_iter());
        };
        match kind {
            Script::Katakana => unknown(run(), Class::NOUN, KATAKANA),
            Script::Han => {
                unknown(1, Class::NOUN, KANJI);
                if rest.get(1).is_some_and(|c| script(*c) == Script::Han) {
                    unknown(2, Class::NOUN, KANJI);
                }
            }
            Script::Hiragana if !known => unknown(1, Class::NOUN, HIRAGANA),
            Script::Other if !known => unknown(1, Class::SYMBOL, 4_769),
            _ => {}
        }
    }

    fn follows_a_surname(&self, at: usize) -> bool {
        let arrivals = self.stops.get(at).map(|stop| stop.arrivals.iter());
        arrivals.into_iter().flatten().any(|arrival| arrival.class == Class::KANA_SURNAME)
    }

    /// Adds the word at `range`, with which `rest` of the sentence begins, in its readings; whether it has any.
    fn add(
        &mut self,
        words: &Dictionary,
        range: Range<usize>,
        rest: &[char],
        readings: impl Iterator<Item = Entry>,
    ) -> bool {
        let Range { start, end } = range;
        let spaces = rest.iter().skip(end - start).take_while(|c| **c == ' ').count();
        let next = end + spaces;
        let Self { nodes, stops, .. } = self;
        let Some((before, behind)) = stops.split_at_mut_checked(start + 1) else { return false };
        let (Some(here), Some(there)) = (before.last(), behind.get_mut(next - start - 1)) else {
            return false;
        };
        let mut any = false;
        for Entry { class, cost } in readings {
            any = true;
            // No reading that is so much dearer becomes the best, with a name or without.
            let most = there.best + BEAM;
            if here.best + words.least_before(class) + cost > most {
                continue;
            }
            let before = words.before(class);
            let joints = here.arrivals.iter().map(|arrival| arrival.to + before.cost(arrival.class));
            let to = joints.fold(NEVER, i32::min) + cost;
            if to > most {
                continue;
            }
            there.best = to.min(there.best);
            let known = there.arrivals.iter().position(|arrival| arrival.class == class);
            let arrival = known.unwrap_or(there.arrivals.len());
            match there.arrivals.get_mut(arrival) {
                Some(arrival) => arrival.to = to.min(arrival.to),
                None => there.arrivals.push(Arrival { class, to, from: NEVER }),
            }
            let same_next = std::mem::replace(&mut there.last, nodes.len());
            nodes.push(Node { start, end, class, cost, next, arrival, to, from: NEVER, same_next });
        }
        any
    }

    /// Finds what it costs to go on behind each word: at each position once for each class.
    fn backwards(&mut self, words: &Dictionary) {
        let Self { nodes, stops, length, .. } = self;
        for arrival in stops.get_mut(*length).into_iter().flat_map(|stop| &mut stop.arrivals) {
            arrival.from = words.between(arrival.class, Class::EDGE);
        }
        for node in nodes.iter_mut().rev() {
            let Some((before, behind)) = stops.split_at_mut_checked(node.start + 1) else { continue };
            let there =
                behind.get(node.next - node.start - 1).and_then(|stop| stop.arrivals.get(node.arrival));
            node.from = there.map_or(NEVER, |arrival| arrival.from);
            let joints = words.before(node.class);
            for arrival in before.last_mut().into_iter().flat_map(|here| &mut here.arrivals) {
                arrival.from = arrival.from.min(node.cost + node.from + joints.cost(arrival.class));
            }
        }
    }

    /// The indices of the words that begin at `position`.
    pub(super) fn indices(&self, position: usize) -> Range<usize> {
        self.first(position)..self.first(position + 1)
    }

    /// The index of the first word that begins at `position` or behind it.
    fn first(&self, position: usize) -> usize {
        let stop = self.stops.get(position).filter(|_| position <= self.length);
        stop.map_or(self.nodes.len(), |stop| stop.first)
    }

    /// All words, by where they begin.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Cost of the best reading of all.
    pub(super) fn best(&self) -> i32 {
        let last = self.stops.get(self.length).into_iter().flat_map(|stop| &stop.arrivals);
        last.map(|arrival| arrival.to.saturating_add(arrival.from)).min().unwrap_or(NEVER)
    }

    /// The words that lead to `position`, the last one first.
    fn leading_to(&self, position: usize) -> impl Iterator<Item = (usize, &Node)> {
        let mut next = self.stops.get(position).map_or(NONE, |stop| stop.last);
        std::iter::from_fn(move || {
            let index = next;
            let node = self.nodes.get(index)?;
            next = node.same_next;
            Some((index, node))
        })
    }

    /// Adds the words of the best reading of the sentence, which begins at character `base` of the text.
    pub(super) fn path(&self, words: &Dictionary, base: usize, into: &mut Vec<Word>) {
        let from = into.len();
        let cost = |node: &Node, next| node.to.saturating_add(words.between(node.class, next));
        // Of words that cost the same, the first at the end of the sentence, and the last before another word.
        let ends = self.leading_to(self.length).map(|(_, node)| node);
        let mut here =
            ends.reduce(
                |best, node| if cost(node, Class::EDGE) <= cost(best, Class::EDGE) { node } else { best },
            );
        while let Some(node) = here {
            let range = node.start + base..node.end + base;
            into.push(Word { range, class: node.class, listed: !UNKNOWN.contains(&node.cost) });
            let before = self.leading_to(node.start).map(|(_, left)| left);
            here = before.min_by_key(|left| cost(left, node.class));
        }
        if let Some(path) = into.get_mut(from..) {
            path.reverse();
        }
    }

    /// Cost of the best reading in which no name touches `range`.
    pub(super) fn without_names(&mut self, words: &Dictionary, range: &Range<usize>) -> i32 {
        let mut nameless = std::mem::take(&mut self.nameless);
        if nameless.start != Some(range.start) {
            self.begin(range.start, &mut nameless);
        }
        let first = nameless.first;
        let last = self.first(range.end);
        while first + nameless.to.len() < last {
            let to = self
                .nodes
                .get(first + nameless.to.len())
                .map_or(NEVER, |node| self.to_without_names(words, node, &nameless));
            nameless.to.push(to);
        }
        let over = nameless.over.iter().filter(|(next, _)| *next >= range.end).map(|(_, with)| *with);
        let inside = self.nodes.get(first..last).unwrap_or_default().iter().zip(&nameless.to);
        let inside =
            inside.filter(|(node, _)| node.next >= range.end).map(|(node, to)| to.saturating_add(node.from));
        let best = over.chain(inside).fold(NEVER, i32::min);
        self.nameless = nameless;
        best
    }

    /// Begins to look at stretches from `start` on.
    fn begin(&self, start: usize, nameless: &mut Nameless) {
        nameless.start = Some(start);
        nameless.first = self.first(start);
        nameless.to.clear();
        nameless.over.clear();
        let before = self.first(start.saturating_sub(LONGEST_OVER));
        let over = self.nodes.get(before..nameless.first).unwrap_or_default().iter();
        let over = over.filter(|node| node.next > start && !node.is_name());
        nameless.over.extend(over.map(|node| (node.next, node.with())));
    }

    /// What the best reading up to the end of `node` costs in which no name touches what begins where `nameless` does.
    fn to_without_names(&self, words: &Dictionary, node: &Node, nameless: &Nameless) -> i32 {
        let start = nameless.start.unwrap_or(0);
        if node.is_name() {
            return NEVER;
        }
        if node.start == start {
            return node.to;
        }
        let before = self.leading_to(node.start).map(|(index, left)| {
            let to = if left.start >= start {
                let at = index.checked_sub(nameless.first);
                at.and_then(|at| nameless.to.get(at)).copied().unwrap_or(NEVER)
            } else if left.is_name() {
                NEVER
            } else {
                left.to
            };
            to.saturating_add(words.between(left.class, node.class))
        });
        before.fold(NEVER, i32::min).saturating_add(node.cost).min(NEVER)
    }
}
