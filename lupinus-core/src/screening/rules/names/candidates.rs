//! Names that the dictionary knows, weighed by what the sentence costs with and without them.

use std::ops::Range;

use super::super::dictionary::{Class, Dictionary};
use super::around::{Left, Right, honorific, left, right};
use super::chars::{Chars, Script};
use super::lattice::{Lattice, Node};
use super::places::is_medical;
use super::stop::{is_like_a_role, is_rather_a_word, is_stop_word};
use super::{Form, Name};

/// A reading that costs so much more than the best is none.
const UNLIKELY: i32 = 14_000;
/// What the dictionary alone can say, for or against.
const MOST: i32 = 5_000;

/// Weighs the names in one sentence, which begins at character `base` of the text.
pub(super) struct Weigher<'a> {
    pub(super) words: &'a Dictionary,
    pub(super) chars: &'a Chars<'a>,
    pub(super) base: usize,
    pub(super) post: bool,
    /// Cost of the sentence's best reading.
    pub(super) best: i32,
}

impl Weigher<'_> {
    /// Adds the names in `lattice` to `names`.
    pub(super) fn find(&self, lattice: &mut Lattice, names: &mut Vec<Name>) {
        for index in 0..lattice.nodes().len() {
            let Some(node) = lattice.nodes().get(index).copied().filter(Node::is_name) else { continue };
            let with = node.with();
            if with.saturating_sub(self.best) > UNLIKELY {
                continue;
            }
            let (mut second, end) = lattice.range_at(node.next());
            while second < end {
                if let Some(given) =
                    lattice.nodes().get(second).copied().filter(|second| is_pair(&node, second))
                {
                    let with = node.with_next(self.words, &given);
                    self.pair(lattice, &node, &given, with, names);
                }
                second += 1;
            }
            self.single(lattice, &node, with, names);
        }
    }

    fn script_of(&self, range: &Range<usize>) -> Script {
        let first = self.chars.script(range.start);
        if range.clone().all(|at| self.chars.script(at) == first || self.chars.at(at) == Some(' ')) {
            first
        } else {
            Script::Han
        }
    }

    fn margin(&self, lattice: &mut Lattice, range: &Range<usize>, with: i32) -> i32 {
        (lattice.without_names(self.words, range).saturating_sub(with)).clamp(-9_000, 9_000)
    }

    fn pair(&self, lattice: &mut Lattice, first: &Node, second: &Node, with: i32, names: &mut Vec<Name>) {
        let local = first.start..second.end;
        let listed = second.end + self.base;
        let end = if first.end - first.start >= 2 {
            self.with_tail(second.start + self.base..listed)
        } else {
            listed
        };
        let known = end > listed && self.is_a_word(local.start + self.base..end);
        let range = local.start + self.base..if known { listed } else { end };
        let script = self.script_of(&range);
        if with.saturating_sub(self.best) > UNLIKELY {
            return;
        }
        let end_script = self.script_of(&(second.start + self.base..range.end));
        let start_script = self.script_of(&(range.start..first.end + self.base));
        let left = left(self.chars, range.start, start_script);
        let right = right(self.chars, range.end, end_script);
        let spaced = second.start > first.end;
        let inside = self.chars.script_before(range.start) == Script::Han
            && start_script == Script::Han
            && !matches!(left, Left::Points(points) if points >= 500);
        if (inside && with.saturating_sub(self.best) > 2_000)
            || is_honorific(self.chars.slice(second.start + self.base..range.end))
            || is_stop_word(self.chars.slice(range.clone()))
            || with.saturating_sub(self.best) > if spaced { 8_000 } else { 3_500 }
            || (!right.honoured && self.ends_with_a_particle(&range))
            || (end_script != Script::Han && !right.closed && !right.honoured)
            || (start_script != Script::Han && end_script == Script::Han && !right.honoured)
            || (first.end - first.start == 1 && start_script != end_script && !spaced && !right.honoured)
        {
            return;
        }
        let Left::Points(before) = left else {
            // 「デイサービス 山田花子」 is a person all the same, 「デイサービス なごみ」 is not.
            let listed = range.end == second.end + self.base;
            if left == Left::Office && script == Script::Han && range.len() >= 4 && listed && right.points > 0
            {
                names.push(Name::new(range, 2_000, Form::Full, "surname and given name behind an office"));
            }
            return;
        };
        if (right.place && !right.honoured) || is_medical(self.chars, &range) {
            return;
        }
        let letters = range.len() - usize::from(spaced);
        let margin = self.margin(lattice, &local, with);
        let short_kana =
            end_script == Script::Hiragana && start_script == Script::Han && second.end - second.start <= 2;
        let short_kana = if short_kana && !spaced && !right.honoured { -2_500 } else { 0 };
        let like_a_place =
            !spaced && !right.honoured && self::right(self.chars, first.end + self.base, start_script).place;
        let named = self.chars.slice(second.start + self.base..second.end + self.base);
        if like_a_place && ["神楽", "温泉", "神社", "大社", "中央", "小学校", "体操"].contains(&named)
        {
            return;
        }
        let like_a_place = if like_a_place { -1_500 } else { 0 };
        let (base, weight) = match (script, start_script) {
            (Script::Han, Script::Han) => {
                let length = [-2_500, -2_500, -1_500, 1_000, 2_500][letters.min(4)];
                (length + if spaced { 1_500 } else { 0 }, 10)
            }
            (Script::Katakana, _) if letters >= 4 => (1_200 + if spaced { 2_000 } else { 0 }, 6),
            (Script::Hiragana, _) if letters >= 5 => {
                if !spaced && !right.honoured && (before < 200 || !right.closed) {
                    return;
                }
                (2_600 + if spaced { 2_500 } else { 0 }, 4 + i32::from(margin < -MOST) * 3)
            }
            _ => return,
        };
        if script == Script::Hiragana && spaced && !right.closed {
            return;
        }
        let around = before.clamp(-3_000, 5_000) / 2 + right.points.clamp(-2_500, 6_000) / 2;
        let most = if script == Script::Hiragana { 9_000 } else { MOST };
        let score = base + like_a_place + short_kana + margin.clamp(-most, MOST) * weight / 10 + around;
        names.push(Name::new(range, score, Form::Full, "surname and given name"));
    }

    /// Whether the dictionary has the whole for something else.
    fn is_a_word(&self, range: Range<usize>) -> bool {
        let classes = [Class::NOUN, Class::ACT, Class::PLACE, Class::ORGANISATION, Class::PROPER];
        self.words.cost_as(self.chars.slice(range), &classes).is_some()
    }

    /// Whether the given name is one in kanji with a particle behind it: 「志の」.
    fn ends_with_a_particle(&self, range: &Range<usize>) -> bool {
        self.chars.before(range.end).is_some_and(|c| "のはがとにをもへで".contains(c))
            && range.end >= 2
            && self.chars.script(range.end - 2) == Script::Han
    }

    /// Where a given name ends that goes on behind its listed part: 「圭|造」, 「沙季|子」.
    fn with_tail(&self, given: Range<usize>) -> usize {
        let run = self.chars.run_end(given.end, Script::Han);
        let end = (given.end..=run).find(|at| honorific(self.chars, *at) > 0).unwrap_or(run);
        let tail = end - given.end;
        if self.chars.script(given.start) != Script::Han || tail == 0 || tail > 2 || end - given.start > 3 {
            return given.end;
        }
        if right(self.chars, given.start, Script::Han).place {
            return given.end;
        }
        let here = right(self.chars, given.end, Script::Han);
        let there = right(self.chars, end, Script::Han);
        let open = !here.closed && !here.honoured && !here.place;
        let word = self.chars.slice(given.end..end);
        let common = tail == 2
            && self.words.word(word).any(|entry| !matches!(entry.class, Class::GIVEN | Class::SURNAME));
        let role = is_stop_word(word) || is_like_a_role(self.chars.slice(given.start..end));
        if open && !common && !role && !there.place && (there.closed || there.honoured) {
            end
        } else {
            given.end
        }
    }

    fn single(&self, lattice: &mut Lattice, node: &Node, with: i32, names: &mut Vec<Name>) {
        let local = node.start..node.end;
        let range = local.start + self.base..local.end + self.base;
        let script = self.script_of(&range);
        let right = right(self.chars, range.end, script);
        if !right.closed && !right.honoured && script != Script::Han {
            return;
        }
        let left = left(self.chars, range.start, script);
        let word = self.chars.slice(range.clone());
        if (range.len() >= 2 && word.starts_with(['様', '氏', '殿']))
            || (script == Script::Han && self.is_rather_a_place(node, &range, left, right))
            || is_medical(self.chars, &range)
        {
            return;
        }
        if right.place || is_stop_word(word) || is_honorific(word) {
            return;
        }
        let inner = match self.chars.script_before(range.start) {
            Script::Han => true,
            Script::Hiragana if script == Script::Han && range.len() >= 2 => false,
            Script::Hiragana => {
                !self.chars.before(range.start).is_some_and(|c| "はがをにのとでもや".contains(c))
            }
            _ => false,
        };
        // 「利用者川口」: a role glued to its name.
        let led = range.len() >= 2 && matches!(left, Left::Points(points) if points >= 3_000);
        if inner && with.saturating_sub(self.best) > if led { 7_000 } else { 2_500 } {
            return;
        }
        let inner = inner && !led;
        let behind_letters = matches!(self.chars.script_before(range.start), Script::Han | Script::Katakana);
        if range.len() == 1
            && ((behind_letters && !matches!(left, Left::Points(points) if points >= 500))
                || (!right.honoured
                    && self.chars.before(range.start) == Some('の')
                    && !matches!(left, Left::Points(points) if points >= 1_500))
                || (!right.honoured && word.chars().all(is_rather_a_word)))
        {
            return;
        }
        let before = match left {
            Left::Points(points) => points,
            Left::Office if script != Script::Han => return,
            Left::Office if is_in_charge(self.chars.back(range.start, 40)) && right.closed => 800,
            Left::Office
                if right.honoured
                    && node.class == Class::SURNAME
                    && !is_company(self.chars.back(range.start, 24)) =>
            {
                0
            }
            Left::Office
                if script == Script::Han && right.points >= if self.post { 2_000 } else { 2_500 } =>
            {
                -500
            }
            Left::Office | Left::Inside => return,
        };
        let margin = self.margin(lattice, &local, with);
        let common = node.class == Class::GIVEN && margin < -4_000;
        if common && !right.honoured && script == Script::Han && before < 2_500 {
            return;
        }
        let margin = margin.clamp(-MOST, MOST);
        let surname = matches!(node.class, Class::SURNAME | Class::KANA_SURNAME);
        let context = if self.post { -1_300 } else { 0 };
        let score = match script {
            Script::Han => {
                let cued = right.points >= 3_000 || before >= 3_000;
                let short = if range.len() == 1 && !cued { -1_500 } else { 0 };
                let place = self
                    .words
                    .cost_as(word, &[Class::PLACE])
                    .is_some_and(|place| place - node.cost() < 2_000);
                let (weight, base) = match (cued, place) {
                    (true, _) => (35, -2_100),
                    (false, true) => (60, -2_300),
                    (false, false) => (75, -2_100),
                };
                let bracketed = matches!(self.chars.before(range.start), Some('【' | '「' | '『' | '('))
                    && matches!(self.chars.at(range.end), Some('】' | '」' | '』' | ')'));
                let base = if bracketed { base + 1_300 } else { base };
                let alone = range.len() == self.chars.len() && !place;
                let base = if alone { base + 1_500 } else { base };
                let short = if inner && range.len() == 1 { -3_500 } else { short };
                let short = if before >= 1_500 && right.points >= 2_500 { short + 1_000 } else { short };
                let given = if surname { 0 } else { -600 };
                if right.honoured {
                    margin * 6 / 10 + right.points + before.clamp(-2_500, 500) - 2_500 + short / 3
                } else {
                    let score =
                        margin * weight / 100 + right.points + before + base + short + given + context;
                    if range.len() >= 2 && range.len() < self.chars.len() && right.closed && !inner {
                        self.balanced(node, &range, score, margin, right, before)
                            + if bracketed { 400 } else { 0 }
                    } else {
                        score
                    }
                }
            }
            Script::Katakana => {
                self.kana(&range, margin, before, right, -2_600) + if surname { 300 } else { 0 }
            }
            Script::Hiragana => self.kana(&range, margin, before, right, -3_600),
            _ => return,
        };
        let form = if surname { Form::Surname } else { Form::Given };
        names.push(Name::new(range, score, form, "name by the dictionary and its surroundings"));
    }

    fn kana(&self, range: &Range<usize>, margin: i32, before: i32, right: Right, base: i32) -> i32 {
        let hiragana = self.chars.script(range.start) == Script::Hiragana;
        if !right.closed && !right.honoured {
            return -9_000;
        }
        if right.honoured {
            let free = before > -1_500
                || self.chars.before(range.start).is_some_and(|c| "はがをにのとも、".contains(c));
            return if hiragana {
                if free && range.len() >= 2 { 900 + margin / 5 + 800 } else { -2_000 + margin / 5 }
            } else {
                right.points + margin * 6 / 10 + before.clamp(-2_000, 500) - 2_500
            };
        }
        if hiragana && before < 2_500 {
            return -9_000;
        }
        let context = if self.post { -2_000 } else { 0 };
        margin * 5 / 10 + right.points + before + base + context
    }
}

/// Whether `second` can be the given name to the surname `first`.
fn is_pair(first: &Node, second: &Node) -> bool {
    let surname = matches!(first.class, Class::SURNAME | Class::KANA_SURNAME);
    surname && matches!(second.class, Class::GIVEN | Class::KANA_GIVEN) && second.start - first.end <= 1
}

fn is_honorific(word: &str) -> bool {
    ["さん", "さま", "ちゃん", "くん", "サン"].iter().any(|honorific| word.starts_with(honorific))
}

/// Whether the line is about who is in charge, speaks or answers.
fn is_in_charge(before: &str) -> bool {
    ["担当", "講師", "座長", "司会", "演者", "問合", "問い合わせ", "連絡先", "進行"]
        .iter()
        .any(|word| before.contains(word))
}

/// Whether a company or a corporation is being named.
fn is_company(before: &str) -> bool {
    ["株式会社", "有限会社", "合同会社", "法人", "(株)", "(有)"].iter().any(|word| before.contains(word))
}
