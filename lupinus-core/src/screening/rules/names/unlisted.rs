//! Names, or parts of names, that the dictionary does not hold.

use std::ops::Range;

use super::super::dictionary::{Class, Dictionary};
use super::around::{Left, honorific, left, right};
use super::beside::is_age_or_birth;
use super::chars::{Chars, Script};
use super::cues::LEADS;
use super::stop::{is_like_a_role, is_rather_a_word};
use super::{Form, Name};

/// Letters that given names often end with.
const GIVEN_ENDS: &str = "子美江代枝郎夫雄男恵平介也太斗輝翔香奈乃菜花音央希紀樹彦治司次朗一二三吉蔵造作助之真人哉幸弘浩博裕宏信行義正和明子世穂里理沙";

/// Letters that given names are made of.
const GIVEN_LETTERS: &str = "一乃也之予事二三五亜京享亮人介代令以任伊伍会伝伯伴伸佐佑佳侑依侃信修俊倫健偉優元充光克全公六其具典冬冴凌凛凪凱初利則剛創力功加助勇勉勝勤勲匠千升卓南博占卯厚友叡史司吉君吾周和咲哉哲唯啓喜嗣嘉四圭城基堅堯塁壮夏多大天太央奈奏契好妃妙姫娃子孔孝季孟学宇守安宏宗定宜実宣宥容宵密寅富寛寧寿将小尚尭展岬岳峻峰崇嵐嵩嶺州巧己希常平年幸広庚康庸廉弓弘弥強彌彦彩彪彬彰律徳徹心志忍忠快怜恒恭恵悌悟悠惇惟愛慈慎慧慶憲應成拓拳捷振揮操政敏敦文斉斎斗於旦旬旭昂昇昌明昭昴是晃晋晏晟晴晶智暁暉暖曙曜月有朋望朔朗未杏杜来東果枝柊柚柾栄栞桂桃桐桔桜梅梓梢梨梧椋椎椛楓楠楽樹橘欣次歌正武歩歳毅毬民永汀沙治泉波泰洋洲浄浩海涼淑淳深渉清渚温湊満源準滉漣潔潤澄瀬灯為烈然煌照爽玄玉玖玲珠理琉琢琳琴瑚瑛瑞瑠瑶璃環生由甫留登百皐盛直真睦瞬瞭知矢碧磨礼祐祥禄禎福秀秋稀稔穂積空竜章童竣笑笙節範篤築粋糸紀紅純紗紘素紫紬絃統絢絵絹継綜綱綾緋総緒縁繁織羅美義羽翁翔翠翼耀考耕聖聡肇育臣至興舜舞良艶芙芳芹芽若英茂茉茜草莉莞菊菖菜華萌萬葉董葵蒔蒼蓉蓮蔵蕗蕾薫藍藤蘭虎虹蛍衛衣裕要詠詢詩誉誠諒諭諄謙譲護讃豊貞貢貫貴賀賢赳起輔輝辰迪迅逸進道遙達遥遼邦郁郎都里重野鈴鉄銀錦鏡開雄雅雛雪雫雲零霞露青靖静鞠音韻響順頌頼顕風飛香馨駆駒駿高魁鮎鳳鴻鷹鶴麗麟麻麿黎黛鼓剣絵矩瑳穣圀晄湶眞惠榮廣實禮澤國德榮寿龍瀧彅洸珀琥結碩祢稜笠簾絆縫茅茄莱蓬裟諏轟迦醇釉錬鎮阿隼霄颯騎髙鳩鵬";

const COMMON: &[Class] =
    &[Class::NOUN, Class::ACT, Class::SUFFIX, Class::ORGANISATION, Class::PLACE_SUFFIX, Class::COUNTER];

/// Looks for names that are not listed whole, beside what gives them away.
pub(super) struct Unlisted<'a> {
    pub(super) words: &'a Dictionary,
    pub(super) chars: &'a Chars<'a>,
}

impl Unlisted<'_> {
    pub(super) fn find(&self, names: &mut Vec<Name>) {
        let mut at = 0;
        while at < self.chars.len() {
            let script = self.chars.script(at);
            let end = self.chars.run_end(at, script);
            match script {
                Script::Han => {
                    self.han(at..end, names);
                    if let Some(start) = self.behind_a_role(&(at..end)) {
                        self.han(start..end, names);
                    }
                }
                Script::Katakana => self.katakana(at..end, names),
                _ => {}
            }
            at = end.max(at + 1);
        }
    }

    /// Where a name may begin behind the role that is glued to it: 「利用者|小宮」, 「妻|渡辺」.
    fn behind_a_role(&self, run: &Range<usize>) -> Option<usize> {
        let splits = (run.start + 1..(run.start + 5).min(run.end.saturating_sub(1))).rev();
        let split = splits.into_iter().find(|split| {
            let role = self.chars.slice(run.start..*split);
            LEADS.suffix(role).is_some_and(|(length, points)| length == role.len() && points >= 2_500)
        })?;
        self.is(&(split..split + 2), &[Class::SURNAME]).then_some(split)
    }

    fn is(&self, range: &Range<usize>, classes: &[Class]) -> bool {
        self.words.cost_as(self.chars.slice(range.clone()), classes).is_some()
    }

    fn han(&self, run: Range<usize>, names: &mut Vec<Name>) {
        self.two_parts(&run, names);
        let honoured = (run.start + 1..=run.end).rev().find(|end| {
            *end + 3 > run.end
                && honorific(self.chars, *end) > 0
                && (*end == run.end || self.chars.at(*end).is_some_and(|c| "様氏殿君先翁".contains(c)))
        });
        if let Some(end) = honoured {
            self.before_honorific(run.start..end, names);
        }
        self.cued(&run, names);
        let length = run.len();
        let word = self.chars.slice(run.clone());
        if (2..=5).contains(&length) && !is_like_a_role(word) && !self.is(&run, COMMON) {
            let ahead = self.chars.ahead(run.end, 8);
            let spaced = ahead.trim_start_matches([' ', '、', '(', ',']);
            let labelled = matches!(left(self.chars, run.start, Script::Han), Left::Points(points) if points >= 3_500)
                && right(self.chars, run.end, Script::Han).points > 0
                && matches!(self.chars.before(run.start), Some(':' | ' ' | '(' | '、'));
            let aged = is_age_or_birth(spaced)
                && length >= 3
                && GIVEN_ENDS.contains(self.chars.before(run.end).unwrap_or(' '));
            if labelled || aged {
                names.push(Name::new(run, 1_200, Form::Full, "after a label or before an age"));
            }
        }
    }

    /// Two or three letters that make no known word, where only a person can be meant.
    fn cued(&self, run: &Range<usize>, names: &mut Vec<Name>) {
        if !(2..=3).contains(&run.len()) || self.is_known(run) {
            return;
        }
        let inner = (run.start + 1..run.end).any(|at| {
            let (head, tail) = (run.start..at, at..run.end);
            let longer = if head.len() > 1 { &head } else { &tail };
            longer.len() > 1 && self.is_known(longer)
        });
        let right = right(self.chars, run.end, Script::Han);
        let Left::Points(before) = left(self.chars, run.start, Script::Han) else { return };
        let enough = if run.len() == 2 { 2_500 } else { 3_000 };
        if !inner && !right.place && right.closed && before > -1_000 && right.points.max(before) >= enough {
            names.push(Name::new(run.clone(), 500, Form::Surname, "unknown letters where a person is meant"));
        }
    }

    /// Whether unknown letters are such as given names are made of.
    fn is_like_given(&self, range: &Range<usize>) -> bool {
        let word = self.chars.slice(range.clone());
        range.len() >= 2 && !self.is_known(range) && word.chars().all(|c| GIVEN_LETTERS.contains(c))
    }

    /// Whether the dictionary has a word that is no name and no place.
    fn is_known(&self, range: &Range<usize>) -> bool {
        let word = self.chars.slice(range.clone());
        is_like_a_role(word)
            || self.words.word(word).any(|entry| {
                entry.class == Class::PLACE && entry.cost < 8_500
                    || !matches!(
                        entry.class,
                        Class::PLACE | Class::SURNAME | Class::GIVEN | Class::PERSON | Class::PROPER
                    )
            })
    }

    /// A surname and a given name of which only one is listed.
    fn two_parts(&self, run: &Range<usize>, names: &mut Vec<Name>) {
        let spaced = self.chars.at(run.end) == Some(' ') && self.chars.script(run.end + 1) == Script::Han;
        if spaced && (1..=4).contains(&run.len()) {
            let start = run.end + 1;
            let mut end = self.chars.run_end(start, Script::Han);
            if end - start >= 2 && honorific(self.chars, end - 1) > 0 {
                end -= 1;
            }
            let given = start..end;
            let surname = self.is(run, &[Class::SURNAME]);
            let listed = self.is(&given, &[Class::GIVEN]);
            let right = right(self.chars, end, Script::Han);
            let good_left =
                matches!(left(self.chars, run.start, Script::Han), Left::Points(points) if points > -1_000);
            let ends = self.chars.before(end).is_some_and(|c| GIVEN_ENDS.contains(c));
            let common = self.is(&given, COMMON) || is_like_a_role(self.chars.slice(given.clone()));
            let common_first = self.is(run, COMMON) || is_like_a_role(self.chars.slice(run.clone()));
            let whole = run.start..end;
            if !good_left || right.place || !(right.closed || right.honoured) || end - start > 3 {
            } else if surname
                && !common
                && run.len() >= 2
                && (ends || right.honoured || self.is_like_given(&given))
            {
                names.push(Name::new(whole, 2_000, Form::Full, "surname, space, unlisted given name"));
            } else if listed
                && !common
                && !common_first
                && run.len() <= 3
                && run.len() + given.len() >= 3
                && (ends || right.honoured)
            {
                names.push(Name::new(whole, 1_500, Form::Full, "unlisted surname, space, given name"));
            }
        }
        // 「高橋僚大」: a surname, then letters of given names, then an end.
        for split in run.start + 2..=(run.start + 3).min(run.end) {
            let surname = run.start..split;
            let mut end = run.end;
            if end > split + 1 && honorific(self.chars, end - 1) > 0 {
                end -= 1;
            }
            let given = split..end;
            if !(1..=3).contains(&given.len()) || !self.is(&surname, &[Class::SURNAME]) {
                continue;
            }
            let right = right(self.chars, end, Script::Han);
            let word = self.chars.slice(given.clone());
            let ends = given.len() >= 2 && word.chars().next_back().is_some_and(|c| GIVEN_ENDS.contains(c));
            let common = self.is(&given, COMMON)
                || self.is(&given, &[Class::PLACE, Class::PROPER, Class::NUMBER])
                || is_like_a_role(word)
                || (given.len() >= 2 && self.is_known(&given));
            let free =
                matches!(left(self.chars, run.start, Script::Han), Left::Points(points) if points > -1_000);
            let unknown = self.is_like_given(&given) && right.points > -1_000;
            if !right.honoured && self::right(self.chars, split, Script::Han).place {
                continue;
            }
            if free
                && !common
                && !right.place
                && (right.honoured || (right.closed && (unknown || ends && right.points > 300)))
            {
                let score = if right.honoured { 2_500 } else { 500 };
                names.push(Name::new(run.start..end, score, Form::Full, "surname and unlisted given name"));
            }
        }
    }

    /// Something unknown before an honorific.
    fn before_honorific(&self, run: Range<usize>, names: &mut Vec<Name>) {
        let whole = self.chars.slice(run.clone());
        if is_like_a_role(whole) || whole.starts_with('様') {
            return;
        }
        // The longest known word that ends here is what the honorific is said of.
        let known = (run.start.max(run.end.saturating_sub(12))..run.end.saturating_sub(1))
            .find(|from| self.is(&(*from..run.end), COMMON));
        let polite = matches!(self.chars.before(run.start), Some('お' | 'ご' | '御'));
        if known.is_some() || polite {
            return;
        }
        let tail = (run.end.saturating_sub(4).max(run.start)..run.end).find(|from| {
            // What stands before is a word of its own.
            *from == run.start || (run.end - from >= 2 && self.is(&(run.start..*from), COMMON))
        });
        let Some(start) = tail.or_else(|| (run.len() > 4).then(|| run.end - 2)) else { return };
        let range = start..run.end;
        let single = range.len() == 1;
        let inner = single
            && matches!(self.chars.script_before(start), Script::Hiragana | Script::Digit)
            && !self.chars.before(start).is_some_and(|c| "はがをにのとでもやてた".contains(c));
        let word = self.chars.slice(range.clone()).chars().next().is_some_and(is_rather_a_word);
        let rather_a_word =
            single && self.is(&range, COMMON) && (word || !self.is(&range, &[Class::SURNAME]));
        if inner || is_like_a_role(self.chars.slice(range.clone())) || rather_a_word {
            return;
        }
        if left(self.chars, start, Script::Han) == Left::Inside {
            return;
        }
        names.push(Name::new(range, 1_000, Form::Surname, "unlisted name before an honorific"));
    }

    fn katakana(&self, run: Range<usize>, names: &mut Vec<Name>) {
        let mut parts = vec![run.clone()];
        while let Some(last) = parts.last()
            && parts.len() < 4
            && matches!(self.chars.at(last.end), Some('・' | ' ' | '='))
            && self.chars.script(last.end + 1) == Script::Katakana
        {
            let start = last.end + 1;
            parts.push(start..self.chars.run_end(start, Script::Katakana));
        }
        let end = parts.last().map_or(run.end, |part| part.end);
        let dotted = self.chars.at(run.end) == Some('・');
        let left = left(self.chars, run.start, Script::Katakana);
        let Left::Points(before) = left else { return };
        let right = right(self.chars, end, Script::Katakana);
        if right.place || self.chars.before(run.start) == Some('・') {
            return;
        }
        let common = parts.iter().filter(|part| self.is_loanword(part)).count();
        let person = self.is(&run, &[Class::PERSON]);
        let name = parts
            .iter()
            .filter(|part| self.is(part, &[Class::PERSON, Class::KANA_SURNAME, Class::KANA_GIVEN]))
            .count();
        if parts.len() > 1 && parts.iter().all(|part| part.len() <= 10) {
            let score = right.points / 2 + before / 2 - 3_000 * i32::try_from(common).unwrap_or(0)
                + if person { 2_000 } else { 0 }
                + 700 * i32::try_from(name).unwrap_or(0)
                + if dotted { 500 } else { 0 };
            let score = if right.honoured && dotted { score.max(2_500) } else { score };
            let person = person || name > 0 || right.honoured || before >= 2_500;
            if person && common < parts.len() && (right.closed || right.honoured) {
                names.push(Name::new(run.start..end, score, Form::Full, "parts in katakana"));
            }
        } else if parts.len() == 1 && common == 0 && (2..=9).contains(&run.len()) {
            if right.honoured && self.chars.script_before(run.start) != Script::Han {
                names.push(Name::new(run, 800, Form::Given, "unlisted name in katakana before an honorific"));
            } else if run.len() >= 3 && (before >= 3_500 || right.points >= 3_500) && right.closed {
                names.push(Name::new(run, 300, Form::Full, "katakana in a form"));
            }
        }
    }

    /// Whether a run of katakana is, or ends with, a listed word that is no name.
    fn is_loanword(&self, run: &Range<usize>) -> bool {
        let word = self.chars.slice(run.clone());
        let listed = |range: &Range<usize>| self.is(range, COMMON) || self.is(range, &[Class::PROPER]);
        if self.is(run, &[Class::PERSON, Class::GIVEN, Class::SURNAME, Class::KANA_SURNAME])
            && !is_like_a_role(word)
        {
            return false;
        }
        is_like_a_role(word)
            || listed(run)
            || (run.start + 1..run.end.saturating_sub(2)).any(|from| {
                let tail = from..run.end;
                self.is(&tail, &[Class::NOUN, Class::ACT]) && (from - run.start >= 2)
            })
    }
}
