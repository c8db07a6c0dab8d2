//! Whose a contact is: what stands around it decides.

use std::{ops::Range, sync::LazyLock};

use super::learned::{Bag, ONE, OWNER, step};
use super::normalise::View;
use super::text::Text;
use super::wordlist::Wordlist;

/// Words that speak for an organisation (below zero) or a person (above zero), with their weight.
const WORDS: &[(&str, i32)] = &[
    // An organisation's.
    ("TEL", -1),
    ("Tel", -1),
    ("tel", -1),
    ("FAX", -4),
    ("Fax", -4),
    ("ファックス", -4),
    ("ファクス", -4),
    ("お問い合わせ", -5),
    ("お問合せ", -5),
    ("お問合わせ", -5),
    ("問い合わせ", -4),
    ("問合せ", -4),
    ("問合わせ", -4),
    ("申込", -5),
    ("申し込み", -5),
    ("予約", -2),
    ("代表", -4),
    ("内線", -5),
    ("直通", -4),
    ("ダイヤル", -5),
    ("窓口", -5),
    ("当番携帯", -5),
    ("当番の携帯", -6),
    ("緊急電話", -6),
    ("新しい電話番号", -6),
    ("発見したら", -8),
    ("見かけたら", -8),
    ("事務局携帯", -6),
    ("担当携帯", -5),
    ("緊急携帯", -4),
    ("会社携帯", -6),
    ("担当者携帯", -4),
    ("事業所携帯", -6),
    ("社用携帯", -6),
    ("公用携帯", -6),
    ("業務用携帯", -6),
    ("事務局", -5),
    ("事業所", -5),
    ("センター", -5),
    ("病院", -5),
    ("医院", -5),
    ("クリニック", -5),
    ("診療所", -5),
    ("薬局", -5),
    ("歯科", -4),
    ("医師会", -5),
    ("薬剤師会", -5),
    ("協会", -5),
    ("協議会", -5),
    ("連絡会", -5),
    ("社協", -5),
    ("役所", -5),
    ("役場", -5),
    ("市役所", -6),
    ("福祉課", -5),
    ("保険課", -5),
    ("介護課", -5),
    ("高齢者課", -5),
    ("健康課", -5),
    ("担当課", -4),
    ("本部", -4),
    ("ステーション", -5),
    ("ホーム", -3),
    ("会館", -4),
    ("公民館", -4),
    ("保健所", -5),
    ("包括", -4),
    ("株式会社", -5),
    ("有限会社", -5),
    ("法人", -4),
    ("特養", -4),
    ("老健", -4),
    ("デイサービス", -3),
    ("ケアプラン", -4),
    ("通話無料", -4),
    ("フリーダイヤル", -6),
    ("学校", -3),
    ("大学", -3),
    ("受付", -4),
    ("会場", -5),
    ("場所", -4),
    ("開催", -3),
    ("主催", -5),
    ("当院", -4),
    ("当事業所", -5),
    ("当センター", -5),
    ("連絡先", -1),
    ("弊社", -4),
    ("営業所", -5),
    ("支店", -3),
    ("会費", -4),
    ("参加費", -4),
    ("受講料", -4),
    ("居宅", -4),
    ("訪看", -4),
    ("訪問看護", -5),
    ("訪問介護", -4),
    ("訪問リハ", -4),
    ("訪問入浴", -4),
    ("訪問診療", -4),
    ("通所", -4),
    ("配食", -4),
    ("ショートステイ", -4),
    ("グループホーム", -5),
    ("医療院", -5),
    ("ケアハウス", -5),
    ("サ高住", -4),
    ("看多機", -5),
    ("小規模多機能", -5),
    ("老人ホーム", -5),
    ("デイケア", -4),
    ("リハビリデイ", -4),
    ("高齢者向け住宅", -5),
    ("整形外科", -5),
    ("内科", -4),
    ("外科", -4),
    ("眼科", -5),
    ("耳鼻咽喉科", -5),
    ("皮膚科", -5),
    ("泌尿器科", -5),
    ("福祉用具", -4),
    ("支援施設", -5),
    ("カフェ", -4),
    ("喫茶", -4),
    ("ホール", -3),
    ("NPO", -4),
    ("連盟", -4),
    ("組合", -3),
    ("委員会", -4),
    ("警察署", -5),
    ("消防署", -5),
    ("タクシー", -4),
    ("定期巡回", -4),
    ("緊急用携帯", -5),
    ("専用携帯", -5),
    ("職員携帯", -5),
    ("公用", -4),
    ("24時間対応", -4),
    ("平日", -4),
    ("保健室", -4),
    ("にあります", -6),
    ("にございます", -6),
    ("で合っていますか", -1),
    ("ヘルプデスク", -6),
    ("コールセンター", -6),
    ("会社", -5),
    ("職員", -3),
    ("採用担当", -6),
    ("採用係", -6),
    ("応募先", -5),
    ("詳しくは", -5),
    ("広報", -4),
    ("医事課", -5),
    ("総務", -4),
    ("係", -3),
    ("関係", 0),
    ("夜間窓口", -5),
    ("回線", -3),
    ("各位", -6),
    ("つながりません", -5),
    ("移転", -6),
    ("店", -3),
    ("商店", -5),
    ("当番医", -5),
    ("当番薬局", -6),
    ("署", -3),
    ("保育園", -4),
    ("幼稚園", -4),
    ("教室", -3),
    ("サロン", -3),
    ("研修", -3),
    ("セミナー", -4),
    ("講座", -4),
    ("主任", -2),
    ("送り先", -2),
    ("ご利用者さま", 0),
    ("ご利用者様", 0),
    ("ご家族さま", 0),
    ("ご家族様", 0),
    ("着信", -2),
    ("へ送ったFAX", -8),
    ("FAX番号", -8),
    ("FAXの番号", -8),
    ("提供票", -5),
    ("調査票", -5),
    ("ナンバーディスプレイ", -6),
    ("うちの番号", -6),
    ("事業所の携帯", -11),
    ("営業所の携帯", -11),
    ("ファーマシー", -5),
    ("短期入所", -4),
    ("当センター)", -20),
    ("当事業所)", -20),
    ("プラザ", -3),
    ("会議室", -4),
    ("利用者家族", 5),
    // A person's.
    ("携帯", 5),
    ("自宅", 6),
    ("本人", 6),
    ("ご本人", 6),
    ("御本人", 6),
    ("娘", 6),
    ("息子", 6),
    ("長男", 6),
    ("長女", 6),
    ("次男", 6),
    ("次女", 6),
    ("二男", 6),
    ("二女", 6),
    ("三男", 6),
    ("三女", 6),
    ("妻", 6),
    ("夫", 5),
    ("母", 5),
    ("父", 5),
    ("嫁", 6),
    ("孫", 6),
    ("姪", 6),
    ("甥", 6),
    ("兄", 5),
    ("弟", 6),
    ("姉", 5),
    ("妹", 6),
    ("家族", 5),
    ("家族代表", 8),
    ("隣家", 6),
    ("利用者", 5),
    ("患者", 4),
    ("キーパーソン", 6),
    ("緊急連絡先", 6),
    ("介護者", 5),
    ("世話役", 5),
    ("名乗る", 5),
    ("さん", 3),
    ("さま", 3),
    ("様", 3),
    ("氏", 2),
    ("友人", 5),
    ("知人", 5),
    ("お宅", 5),
    ("独居", 5),
    ("職場", 4),
    ("個人", 4),
    ("民生委員", 2),
    ("生まれ", 4),
    ("面談メモ", 5),
    ("引っ越し", 5),
    ("転居", 5),
    ("住まい", 5),
    ("住所", 0),
    ("在住", 7),
    ("在住の方", 0),
    ("女性", 3),
    ("男性", 3),
    ("症例", 3),
    ("奥様", 6),
    ("奥さん", 6),
    ("旦那", 6),
    ("ご主人", 6),
    ("主人", 4),
    ("祖母", 6),
    ("祖父", 6),
    ("伯母", 6),
    ("叔母", 6),
    ("伯父", 6),
    ("叔父", 6),
    ("親戚", 6),
    ("後見人", 3),
    ("喪主", 6),
    ("遺族", 6),
    ("宅", 4),
    ("在宅", 0),
    ("住宅", 0),
    ("帰宅", 0),
    ("宅配", -3),
    ("高齢者住宅", -4),
    ("自宅直通", 14),
    ("ご自宅", 6),
    ("家電", 6),
    ("実家", 6),
    ("私用", 9),
    ("私物", 9),
    ("個人用", 9),
    ("個人の", 6),
    ("個人LINE", 9),
    ("個人口座", 12),
    ("私の", 9),
    ("自分の", 7),
    ("夜6時", 6),
    ("夜7時", 6),
    ("夜8時", 6),
    ("夜9時", 6),
    ("見守り対象", 4),
    ("行方不明", 6),
    ("入寮", 5),
    ("実在の", 6),
    ("届け先", 4),
    ("お届け先", 4),
    // Words that hold one of the above and mean nothing.
    ("介護者のつどい", -3),
    ("介護者の集い", -3),
    ("家族会", -4),
    ("患者会", -4),
    ("夫婦", 2),
    ("皆さん", 0),
    ("皆様", 0),
    ("利用者様", 4),
    ("医師会様", -5),
    ("丈夫", 0),
    ("大丈夫", 0),
    ("工夫", 0),
    ("様子", 0),
    ("仕様", 0),
    ("様式", 0),
    ("同様", 0),
    ("模様", 0),
    ("氏名", 2),
    ("看護師さん", -2),
    ("先生", -1),
    ("担当者様", -3),
    ("業者さん", -3),
    ("家族介護教室", -4),
    ("(自宅)", 30),
    ("(本人)", 30),
    ("ご自宅(", 14),
    ("自宅(", 12),
];

/// Each with its place in the list.
static MATCHER: LazyLock<Option<Wordlist<u32>>> =
    LazyLock::new(|| Wordlist::new((0..).zip(WORDS).map(|(number, (word, _))| (*word, number))));

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
    let before = view.before(range.start, 40);
    let before = before.rsplit(['。', '!', '?']).next().unwrap_or_default();
    let after = view.after(range.end, 16);
    let mut score = start + weigh(before, true);
    score += weigh(after, false) / 2;
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
    gather_words(view, range, post, sort, &mut bag);
    gather_names(text, view, range, (post, sort, said), &mut bag);
    if sort == MAIL {
        let local: Vec<u32> = written.split('@').next().unwrap_or_default().chars().map(letter).collect();
        for three in local.windows(3) {
            bag.add(60, three);
        }
        for four in local.windows(4) {
            bag.add(61, four);
        }
    }
    let all: Vec<u32> =
        view.text().get(stretch(view.text(), range, TEXT)).unwrap_or_default().chars().map(letter).collect();
    let mut pairs: Vec<&[u32]> = all.windows(2).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for pair in pairs {
        bag.add(73, &[post, pair[0], pair[1]]);
    }
    if let Some(above) = line_above(view, range.start) {
        let above: Vec<u32> = above.chars().take(30).map(letter).collect();
        for pair in above.windows(2) {
            bag.add(33, pair);
        }
    }
}

/// A letter as a feature has it: digits are alike.
fn letter(c: char) -> u32 {
    match c {
        '\n' => 0,
        c if c.is_ascii_digit() => u32::from('0'),
        c => u32::from(c),
    }
}

/// The sort of a mail address.
const MAIL: u32 = 1;
/// How far around a contact, lines ended or not, it counts which words stand, in bytes before and behind.
const WIDE: (usize, usize) = (300, 150);
/// How far it counts which letters stand beside each other: most messages whole.
const TEXT: (usize, usize) = (900, 600);
/// From this weight on a word says a lot.
const STRONG: i32 = 3;
/// The number of no word.
const NONE: u32 = u32::MAX;

/// The features of the words around a contact of a `sort`, near it and far.
fn gather_words(view: &View, range: &Range<usize>, post: u32, sort: u32, bag: &mut Bag<impl FnMut(u32)>) {
    let whole = view.text();
    let sentence = view.before(range.start, 40).rsplit(['。', '!', '?']).next().unwrap_or_default();
    let (left, right) = (numbers(sentence), numbers(view.after(range.end, 16)));
    let far = stretch(whole, range, WIDE);
    let far_left = numbers(whole.get(far.start..range.start).unwrap_or_default());
    let far_right = numbers(whole.get(range.end..far.end).unwrap_or_default());
    for (tag, words) in (40..).zip([&left, &right, &far_left, &far_right]) {
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
    bag.add(48, &[post, said(&left), said(&right), said(&far_left), said(&far_right)]);
    let strong = far_left.iter().rev().find(|word| weight(**word).abs() >= STRONG).copied().unwrap_or(NONE);
    bag.add(49, &[strong]);
    bag.add(50, &[strong, sort, post]);
}

/// `range` of `whole` with so many bytes before and behind it.
fn stretch(whole: &str, range: &Range<usize>, (before, behind): (usize, usize)) -> Range<usize> {
    let from = whole.floor_char_boundary(range.start.saturating_sub(before));
    from..whole.ceil_char_boundary((range.end + behind).min(whole.len()))
}

/// The features of who is named around a contact of a `sort`, of which its line says `said`.
fn gather_names(
    text: &Text,
    view: &View,
    range: &Range<usize>,
    (post, sort, said): (u32, u32, u32),
    bag: &mut Bag<impl FnMut(u32)>,
) {
    let span = view.origin(range);
    let (persons, colleagues) = (Named::of(&text.persons, &span), Named::of(&text.colleagues, &span));
    bag.add(62, &[post, sort, u32::from(persons.any), u32::from(colleagues.any)]);
    bag.add(63, &[post, persons.before(), colleagues.before()]);
    bag.add(64, &[post, persons.behind(), colleagues.behind()]);
    bag.add(65, &[sort, persons.before(), colleagues.before(), persons.behind(), colleagues.behind()]);
    // In the same sentence, and the letters right behind the name.
    let sentence = |gap: Option<Range<usize>>, most: usize| {
        let gap = gap.map(|gap| text.between(gap.start, gap.end));
        gap.filter(|gap| gap.chars().count() <= most && !gap.contains(['。', '\n']))
    };
    let [by_person, by_colleague] =
        [&persons, &colleagues].map(|named| sentence(named.last.map(|end| end..span.start), 40));
    let [to_person, to_colleague] =
        [&persons, &colleagues].map(|named| sentence(named.next.map(|start| span.end..start), 20));
    let near = u32::from(by_person.is_some())
        | u32::from(by_colleague.is_some()) << 1
        | u32::from(to_person.is_some()) << 2
        | u32::from(to_colleague.is_some()) << 3;
    bag.add(76, &[post, near, said]);
    bag.add(77, &[post, near, sort]);
    for (tag, gap) in [(78, by_person), (79, by_colleague)] {
        if let Some(gap) = gap {
            let first: Vec<u32> = gap.chars().take(2).map(letter).collect();
            bag.add(tag, &first);
        }
    }
    let left = numbers(view.before(range.start, 40).rsplit(['。', '!', '?']).next().unwrap_or_default());
    let (left, right) = (strongest(&left), strongest(&numbers(view.after(range.end, 16))));
    bag.add(80, &[post, left, right]);
    bag.add(81, &[post, left, near & 3]);
}

/// The names of one sort around a contact.
struct Named {
    any: bool,
    /// Where the last one before it ends, and the next one behind it begins, in bytes of the original.
    last: Option<usize>,
    next: Option<usize>,
    /// How far away those are.
    gaps: [Option<usize>; 2],
}

impl Named {
    fn of(names: &[Range<usize>], span: &Range<usize>) -> Self {
        let middle = names.partition_point(|name| name.start < span.start);
        let before = middle.checked_sub(1).and_then(|at| names.get(at));
        let behind = names.get(middle);
        Self {
            any: !names.is_empty(),
            last: before.map(|name| name.end).filter(|end| *end <= span.start),
            next: behind.map(|name| name.start).filter(|start| *start >= span.end),
            gaps: [
                before.map(|name| span.start.saturating_sub(name.end)),
                behind.map(|name| name.start.saturating_sub(span.end)),
            ],
        }
    }

    fn before(&self) -> u32 {
        nearness(self.gaps[0])
    }

    fn behind(&self) -> u32 {
        nearness(self.gaps[1])
    }
}

/// How near a name is, from so many bytes away: 1 beside it, 5 far away, 0 if there is none.
fn nearness(gap: Option<usize>) -> u32 {
    gap.and_then(|gap| i32::try_from(gap).ok()).map_or(0, |gap| 1 + step(gap, &[7, 16, 46, 121]))
}

/// The word of those that says most.
fn strongest(words: &[u32]) -> u32 {
    words.iter().copied().max_by_key(|word| weight(*word).abs()).unwrap_or(NONE)
}

/// The words in `part`, in order, by their numbers.
fn numbers(part: &str) -> Vec<u32> {
    let found = MATCHER.as_ref().map(|matcher| matcher.find(part));
    found.into_iter().flatten().map(|(_, number)| number).collect()
}

fn weight(word: u32) -> i32 {
    usize::try_from(word).ok().and_then(|at| WORDS.get(at)).map_or(0, |word| word.1)
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
    let before = view.before(at, 40);
    weigh(before.rsplit(['。', '!', '?']).next().unwrap_or_default(), true) <= -3
}

/// The weights of the words in `part`, the one nearest to the contact counting double.
fn weigh(part: &str, before: bool) -> i32 {
    let Some(matcher) = MATCHER.as_ref() else { return 0 };
    let mut weights: Vec<i32> = Vec::new();
    let mut office_end = None;
    for (range, number) in matcher.find(part) {
        let weight = weight(number);
        // 「医院さん」 is the office.
        let polite = office_end == Some(range.start)
            && matches!(part.get(range.clone()), Some("さん" | "さま" | "様"));
        office_end = (weight < 0).then_some(range.end);
        if weight != 0 && !polite {
            weights.push(weight);
        }
    }
    let nearest = if before { weights.last() } else { weights.first() };
    weights.iter().sum::<i32>() + nearest.copied().unwrap_or(0)
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
