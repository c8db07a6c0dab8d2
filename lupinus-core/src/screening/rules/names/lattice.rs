//! All readings of a sentence as words, and what each costs.

use std::ops::Range;

use super::super::dictionary::{Before, Class, Dictionary, Entry, Prefixes, Rank};
use super::chars::{Script, script};

/// A cost that no reading has.
const NEVER: i32 = i32::MAX / 4;
/// The index of no word.
const NONE: u32 = u32::MAX;
/// A reading so much dearer than the best one up to the same place is given up.
const BEAM: i32 = 5_000;
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
    start: u16,
    end: u16,
    /// Where the next word begins: `end`, or behind the spaces that follow.
    next: u16,
    pub(super) class: Class,
    rank: Rank,
    cost: i32,
    /// Cost of the best reading from the beginning up to the word's end.
    to: i32,
    /// Cost of the best reading from the word's end to the end of the sentence.
    from: i32,
    /// The word before it that leads to the same place.
    same_next: u32,
}

impl Node {
    /// Where it begins.
    pub(super) fn start(&self) -> usize {
        usize::from(self.start)
    }

    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        usize::from(self.end)
    }

    /// Where the next word begins.
    pub(super) fn next(&self) -> usize {
        usize::from(self.next)
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
        let joint = words.before(second.rank).cost(self.rank) + second.cost;
        self.to.saturating_add(joint).saturating_add(second.from)
    }

    #[inline]
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

/// A place in the sentence where words meet.
#[derive(Clone, Copy)]
struct Stop {
    /// The last word that leads to it.
    last: u32,
    /// What the best reading up to it costs.
    best: i32,
    /// The first word that begins here or further on.
    first: u32,
}

impl Stop {
    const NONE: Self = Self { last: NONE, best: NEVER, first: 0 };
}

/// The readings of one sentence. Buffers are kept between sentences.
#[derive(Default)]
pub(super) struct Lattice {
    nodes: Vec<Node>,
    /// One for each position of the sentence, and one for its end.
    stops: Vec<Stop>,
    found: Prefixes,
    /// What leads to the position that is looked at, and what it costs up to there.
    here: Vec<(Rank, i32)>,
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
    /// The words that reach over the place and are no names.
    over: Vec<Over>,
}

/// A word that reaches over a place.
struct Over {
    start: usize,
    /// Where the next word begins.
    next: usize,
    /// What the best reading with it costs.
    with: i32,
}

impl Lattice {
    /// Reads `sentence`, of no more than [`u16::MAX`] letters.
    pub(super) fn read(&mut self, words: &Dictionary, sentence: &[char]) {
        self.nodes.clear();
        self.nameless.start = None;
        self.stops.clear();
        self.stops.resize(sentence.len() + 1, Stop::NONE);
        words.find(sentence, &mut self.found);
        let begin = sentence.iter().take_while(|c| **c == ' ').count();
        if let Some(stop) = self.stops.get_mut(begin) {
            stop.best = 0;
        }
        for at in 0..=sentence.len() {
            let first = number(self.nodes.len());
            let Some(stop) = self.stops.get_mut(at) else { break };
            stop.first = first;
            let last = stop.last;
            self.here.clear();
            self.here.extend(leading(&self.nodes, last).map(|(_, node)| (node.rank, node.to)));
            if at == begin {
                self.here.push((words.rank(Class::EDGE), 0));
            }
            if !self.here.is_empty() {
                self.add_words(words, sentence, at);
            }
        }
        self.backwards(words);
    }

    fn add_words(&mut self, words: &Dictionary, sentence: &[char], at: usize) {
        let rest = sentence.get(at..).unwrap_or_default();
        let Some((first, behind)) = rest.split_first() else { return };
        let kind = script(*first);
        let run = || 1 + behind.iter().take(LONGEST_UNKNOWN - 1).take_while(|c| script(**c) == kind).count();
        let Self { nodes, stops, found, here, .. } = self;
        let best = stops.get(at).map_or(NEVER, |stop| stop.best);
        let mut place = Place { words, nodes, here, best, at, rest };
        match kind {
            Script::Digit => return place.add_unknown(stops, run(), Class::NUMBER, 4_000),
            Script::Latin => return place.add_unknown(stops, run(), Class::NOUN, 4_000),
            _ => {}
        }
        // A name in hiragana begins where the hiragana do, behind a particle, or behind a surname in hiragana.
        let begins = kind != Script::Hiragana
            || at
                .checked_sub(1)
                .and_then(|before| sentence.get(before))
                .is_none_or(|c| script(*c) != Script::Hiragana || is_particle(*c))
            || here.iter().any(|(rank, _)| *rank == words.rank(Class::KANA_SURNAME));
        let suits = |class: Class| match class {
            Class::LATIN_SURNAME | Class::LATIN_GIVEN => false,
            Class::KANA_SURNAME | Class::KANA_GIVEN => begins,
            _ => true,
        };
        let mut known = false;
        for (length, readings) in words.found(found, at) {
            let word = place.word(length);
            let Some(there) = stops.get_mut(word.next()) else { continue };
            readings.each(|entry| {
                if suits(entry.class) {
                    known = true;
                    place.add(&word, there, entry);
                }
            });
        }
        match kind {
            Script::Katakana => place.add_unknown(stops, run(), Class::NOUN, KATAKANA),
            Script::Han => {
                place.add_unknown(stops, 1, Class::NOUN, KANJI);
                if behind.first().is_some_and(|c| script(*c) == Script::Han) {
                    place.add_unknown(stops, 2, Class::NOUN, KANJI);
                }
            }
            Script::Hiragana if !known => place.add_unknown(stops, 1, Class::NOUN, HIRAGANA),
            Script::Other if !known => place.add_unknown(stops, 1, Class::SYMBOL, 4_769),
            _ => {}
        }
    }

    /// Finds what it costs to go on behind each word.
    fn backwards(&mut self, words: &Dictionary) {
        let Self { nodes, stops, .. } = self;
        let mut end = nodes.len();
        for (at, stop) in stops.iter().enumerate().rev() {
            let Some((before, behind)) = nodes.split_at_mut_checked(index(stop.first)) else { continue };
            let starting = behind.get(..end - before.len()).unwrap_or_default();
            end = before.len();
            let mut go_on = |joints: &Before, cost: i32| {
                let mut last = stop.last;
                while let Some(node) = before.get_mut(index(last)) {
                    node.from = node.from.min(cost + joints.cost(node.rank));
                    last = node.same_next;
                }
            };
            if at + 1 == stops.len() {
                go_on(words.before(words.rank(Class::EDGE)), 0);
            }
            for node in starting {
                go_on(words.before(node.rank), node.cost + node.from);
            }
        }
    }

    /// The indices of the words that begin at `position`.
    pub(super) fn indices(&self, position: usize) -> Range<usize> {
        self.first(position)..self.first(position + 1)
    }

    /// The index of the first word that begins at `position` or behind it.
    fn first(&self, position: usize) -> usize {
        self.stops.get(position).map_or(self.nodes.len(), |stop| index(stop.first))
    }

    /// All words, by where they begin.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Cost of the best reading of all.
    pub(super) fn best(&self) -> i32 {
        self.leading_to_the_end().map(Node::with).min().unwrap_or(NEVER)
    }

    /// The words that lead to `position`, the last one first.
    fn leading_to(&self, position: usize) -> impl Iterator<Item = (usize, &Node)> {
        leading(&self.nodes, self.stops.get(position).map_or(NONE, |stop| stop.last))
    }

    fn leading_to_the_end(&self) -> impl Iterator<Item = &Node> {
        leading(&self.nodes, self.stops.last().map_or(NONE, |stop| stop.last)).map(|(_, node)| node)
    }

    /// Adds the words of the best reading of the sentence, which begins at character `base` of the text.
    pub(super) fn path(&self, words: &Dictionary, base: usize, into: &mut Vec<Word>) {
        let from = into.len();
        let edge = words.rank(Class::EDGE);
        let cost = |node: &Node, next| node.to.saturating_add(words.before(next).cost(node.rank));
        // Of words that cost the same, the first at the end of the sentence, and the last before another word.
        let mut here = self
            .leading_to_the_end()
            .reduce(|best, node| if cost(node, edge) <= cost(best, edge) { node } else { best });
        while let Some(node) = here {
            let range = node.start() + base..node.end() + base;
            into.push(Word { range, class: node.class, listed: !UNKNOWN.contains(&node.cost) });
            let before = self.leading_to(node.start()).map(|(_, left)| left);
            here = before.min_by_key(|left| cost(left, node.rank));
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
        let over = nameless.over.iter().filter(|over| over.next >= range.end).map(|over| over.with);
        let inside = self.nodes.get(first..last).unwrap_or_default().iter().zip(&nameless.to);
        let inside = inside
            .filter(|(node, _)| node.next() >= range.end)
            .map(|(node, to)| to.saturating_add(node.from));
        let best = over.chain(inside).fold(NEVER, i32::min);
        self.nameless = nameless;
        best
    }

    /// Begins to look at stretches from `start` on, further on than those before.
    fn begin(&self, start: usize, nameless: &mut Nameless) {
        let first = self.first(start);
        if nameless.start.is_none() {
            nameless.first = 0;
            nameless.over.clear();
        }
        let nearer = self.nodes.get(nameless.first..first).unwrap_or_default().iter();
        let nearer = nearer.filter(|node| node.next() > start && !node.is_name());
        nameless.over.retain(|over| over.next > start);
        nameless.over.extend(nearer.map(|node| Over {
            start: node.start(),
            next: node.next(),
            with: node.with(),
        }));
        nameless.over.retain(|over| over.start + LONGEST_OVER >= start);
        nameless.start = Some(start);
        nameless.first = first;
        nameless.to.clear();
    }

    /// What the best reading up to the end of `node` costs in which no name touches what begins where `nameless` does.
    fn to_without_names(&self, words: &Dictionary, node: &Node, nameless: &Nameless) -> i32 {
        let start = nameless.start.unwrap_or(0);
        if node.is_name() {
            return NEVER;
        }
        if node.start() == start {
            return node.to;
        }
        let joints = words.before(node.rank);
        let before = self.leading_to(node.start()).map(|(index, left)| {
            let to = if left.start() >= start {
                let at = index.checked_sub(nameless.first);
                at.and_then(|at| nameless.to.get(at)).copied().unwrap_or(NEVER)
            } else if left.is_name() {
                NEVER
            } else {
                left.to
            };
            to.saturating_add(joints.cost(left.rank))
        });
        before.fold(NEVER, i32::min).saturating_add(node.cost).min(NEVER)
    }
}

/// A place in a sentence at which words are added.
struct Place<'l> {
    words: &'l Dictionary,
    nodes: &'l mut Vec<Node>,
    /// What leads to the place, and what it costs up to there.
    here: &'l [(Rank, i32)],
    /// The least of that.
    best: i32,
    at: usize,
    rest: &'l [char],
}

impl Place<'_> {
    /// Adds a reading of `word`, which begins here and leads to `there`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "called once for each reading of each word")]
    fn add(&mut self, word: &Node, there: &mut Stop, Entry { class, cost }: Entry) {
        // No reading that is so much dearer becomes the best, with a name or without.
        let most = there.best + BEAM - cost;
        let rank = self.words.rank(class);
        let joints = self.words.before(rank);
        if self.best + joints.least() > most {
            return;
        }
        let to = self.here.iter().fold(NEVER, |least, (left, to)| least.min(to + joints.cost(*left)));
        if to > most {
            return;
        }
        let to = to + cost;
        there.best = to.min(there.best);
        let same_next = std::mem::replace(&mut there.last, number(self.nodes.len()));
        self.nodes.push(Node { class, rank, cost, to, same_next, ..*word });
    }

    /// Adds a word that the dictionary does not have.
    fn add_unknown(&mut self, stops: &mut [Stop], length: usize, class: Class, cost: i32) {
        let word = self.word(length);
        if let Some(there) = stops.get_mut(word.next()) {
            self.add(&word, there, Entry { class, cost });
        }
    }

    /// The word of so many letters that begins here, without a reading.
    fn word(&self, length: usize) -> Node {
        let spaces = match self.rest.get(length) {
            Some(' ') => self.rest.iter().skip(length).take_while(|c| **c == ' ').count(),
            _ => 0,
        };
        let end = self.at + length;
        let [start, end, next] =
            [self.at, end, end + spaces].map(|place| u16::try_from(place).unwrap_or(u16::MAX));
        Node {
            start,
            end,
            next,
            class: Class::EDGE,
            rank: Rank::default(),
            cost: 0,
            to: NEVER,
            from: NEVER,
            same_next: NONE,
        }
    }
}

/// The words that lead to the same place as the one at `last`, that one first.
fn leading(nodes: &[Node], last: u32) -> impl Iterator<Item = (usize, &Node)> {
    let mut next = last;
    std::iter::from_fn(move || {
        let at = index(next);
        let node = nodes.get(at)?;
        next = node.same_next;
        Some((at, node))
    })
}

fn is_particle(c: char) -> bool {
    matches!(c, 'は' | 'が' | 'を' | 'に' | 'の' | 'と' | 'で' | 'も' | 'や')
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}
