//! What stands to the left and to the right of a candidate.

use super::beside::{
    ends_a_clause, ends_with_a_number, ends_with_a_time, is_age_or_birth, is_measured, is_of_places, is_time,
};
use super::chars::{Chars, Script};
use super::cues::{BELONGS, FOLLOWS, HONORIFIC, LEADS, OFFICE, PLACES, is_part_of_a_word};

/// What stands before a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// A kind of office, of which the candidate is the name.
    Office,
    /// Something that a name may follow, and how far it speaks for one.
    Points(i32),
    /// Part of the same word.
    Inside,
}

/// What stands behind a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Right {
    pub(super) points: i32,
    /// An honorific or a title follows: what is before it is a person whatever else it may be.
    pub(super) honoured: bool,
    /// The candidate belongs to a place, an office or a thing.
    pub(super) place: bool,
    /// No letter of the same word follows.
    pub(super) closed: bool,
}

fn before(text: &str) -> Option<(usize, i32)> {
    LEADS.suffix(text)
}

fn office(text: &str) -> Option<usize> {
    OFFICE.suffix(text).map(|found| found.0)
}

/// The left side of a candidate that begins at `at` in letters of `script`.
pub(super) fn left(chars: &Chars<'_>, at: usize, script: Script) -> Left {
    if let Some((_, left)) = chars.around(at).left.filter(|(known, _)| *known == script) {
        return left;
    }
    let left = look_left(chars, at, script);
    chars.note(at, |around| around.left = Some((script, left)));
    left
}

fn look_left(chars: &Chars<'_>, at: usize, script: Script) -> Left {
    let back = chars.back(at, 14);
    let Some(last) = back.chars().next_back() else { return Left::Points(500) };
    let before_script = chars.script_before(at);
    if script == Script::Katakana && (before_script == Script::Katakana) {
        return Left::Inside;
    }
    if script == Script::Latin && before_script == Script::Latin {
        return Left::Inside;
    }
    match (before(back), office(back)) {
        (Some((lead, _)), Some(office)) if office > lead => return Left::Office,
        (Some((_, points)), _) => return Left::Points(points),
        (None, Some(_)) => return Left::Office,
        (None, None) => {}
    }
    if matches!(last, 'お' | 'ご' | '御') {
        return Left::Points(-5000);
    }
    let joint = back.trim_end_matches([' ', '「', '『', '"', '“', '・', '【', '《', '<']);
    if joint.len() < back.len()
        && let Some(length) = office(joint)
        && before(joint).is_none_or(|(other, _)| length > other)
    {
        return Left::Office;
    }
    let colon = back.trim_end_matches([' ', ':', '=', '→']);
    let kana = matches!(script, Script::Katakana | Script::Hiragana);
    if kana && colon.len() < back.len() && office(colon).is_some() {
        return Left::Office;
    }
    let said = back.trim_end_matches([' ', ':', '=', '→', '(', '「', '、', ',', '/', '・', '<', '[', '【']);
    let said = said.strip_suffix(['の', 'は', 'で', 'が', '名']).unwrap_or(said);
    let said = said.strip_suffix("さん").or_else(|| said.strip_suffix('様')).unwrap_or(said);
    if said.len() < back.len()
        && let Some((_, points)) = before(said)
    {
        return Left::Points(points);
    }
    if script != Script::Hiragana && ends_with_a_number(back.trim_end_matches([' ', '(', ':', '→'])) {
        return Left::Points(2_500);
    }
    // A round of visits: 「9:00 〇〇」, a line each.
    if script == Script::Han
        && ends_with_a_time(back)
        && matches!(chars.at(chars.run_end(at, Script::Han)), None | Some('\n' | ' '))
    {
        return Left::Points(3_000);
    }
    if script == Script::Han && ends_a_clause(back) {
        return Left::Points(if is_of_places(back) { -2_500 } else { 1_500 });
    }
    Left::Points(match before_script {
        Script::Other => match last {
            '-' | '_' | '@' | '#' | '+' | '&' | '%' => -4000,
            '\n' => 500,
            '、' | ',' | '・' | '/' | '(' | '「' => 200,
            ':' => 300,
            _ => 400,
        },
        Script::Hiragana if script == Script::Hiragana => -1500,
        Script::Hiragana => 100,
        Script::Han if script == Script::Han => -1200,
        Script::Han => -1000,
        Script::Katakana => -1200,
        Script::Digit => -300,
        Script::Latin => -300,
    })
}

/// The length in characters of the honorific at `at`, a space before it included; zero if there is none.
pub(super) fn honorific(chars: &Chars<'_>, at: usize) -> usize {
    if let Some(length) = chars.around(at).honorific {
        return usize::from(length);
    }
    let length = look_for_honorific(chars, at);
    chars.note(at, |around| around.honorific = u8::try_from(length).ok());
    length
}

fn look_for_honorific(chars: &Chars<'_>, at: usize) -> usize {
    let spaces = usize::from(chars.at(at) == Some(' '));
    // 仕様, 同様, 模様
    if chars.at(at) == Some('様') && chars.before(at).is_some_and(|c| "仕同多異模一各左右".contains(c))
    {
        return 0;
    }
    let ahead = chars.ahead(at + spaces, 5);
    let Some((bytes, _)) = HONORIFIC.prefix(ahead) else { return 0 };
    let word = ahead.get(..bytes).unwrap_or_default();
    let length = word.chars().count();
    if is_part_of_a_word(word, chars.at(at + spaces + length)) { 0 } else { length + spaces }
}

/// The right side of a candidate of `script` that ends at `at`.
pub(super) fn right(chars: &Chars<'_>, at: usize, script: Script) -> Right {
    if let Some((_, right)) = chars.around(at).right.filter(|(known, _)| *known == script) {
        return right;
    }
    let right = look_right(chars, at, script);
    chars.note(at, |around| around.right = Some((script, right)));
    right
}

fn look_right(chars: &Chars<'_>, at: usize, script: Script) -> Right {
    let none = Right { points: 0, honoured: false, place: false, closed: true };
    if chars.at(at).is_none() {
        return Right { points: 400, ..none };
    }
    let honoured = honorific(chars, at);
    if honoured > 0 && is_called(chars.ahead(at + honoured, 8)) {
        return Right { points: -9000, place: true, ..none };
    }
    if honoured > 0 {
        return Right { points: 6000, honoured: true, ..none };
    }
    let next = chars.script(at);
    let ahead = chars.ahead(at, 12);
    if next == script && script != Script::Han {
        let particle =
            script == Script::Hiragana && FOLLOWS.prefix(ahead).is_some_and(|(_, points)| points > 0);
        if !particle {
            return Right { points: -4000, closed: false, ..none };
        }
    }
    // 「山田から川本まで」
    let from = ahead.strip_prefix("から");
    if from.is_some_and(|rest| rest.chars().take(7).collect::<String>().contains("まで")) {
        return Right { points: -9000, place: true, ..none };
    }
    let place = office_behind(chars, at).or_else(|| PLACES.prefix(ahead));
    let belongs = BELONGS.prefix(ahead);
    let cue = FOLLOWS.prefix(ahead);
    let person = belongs.max_by_length(cue);
    let home = ahead.starts_with("の家")
        && ["の家族", "の家に", "の家へ", "の家の", "の家は", "の家で", "の家が", "の家から", "の家内"]
            .iter()
            .any(|w| ahead.starts_with(w));
    if let Some((length, _)) = place
        && person.is_none_or(|(other, _)| other < length)
        && !home
    {
        return Right { points: -9000, place: true, closed: false, ..none };
    }
    if ahead.starts_with("の家") && !home {
        return Right { points: -5000, place: true, ..none };
    }
    let spaced = ahead.trim_start_matches([' ', '、', '(', ',', '/', ':', '→']);
    let mut points = person.map_or(-1500, |(_, points)| points);
    let titled = belongs
        .is_some_and(|(length, points)| points >= 4500 && cue.is_none_or(|(other, _)| other <= length));
    if spaced.len() < ahead.len() {
        points = points.max(200);
        if is_age_or_birth(spaced) {
            points = points.max(3500);
        } else if is_time(spaced) {
            points = points.max(2800);
        } else if let Some((_, more)) =
            FOLLOWS.prefix(spaced).max_by_length(BELONGS.prefix(spaced)).filter(|c| c.1 >= 2000)
        {
            points = points.max(more - 500);
        }
    } else if is_age_or_birth(ahead) {
        points = points.max(3500);
    } else if is_time(ahead) {
        points = points.max(2800);
    }
    // 「お問い合わせは〇〇まで　電話…」
    let number = ahead.strip_prefix("まで").map(|rest| rest.trim_start_matches([' ', '(', '、', '。', '→']));
    if number.is_some_and(|rest| {
        ["電話", "TEL", "Tel", "tel", "0", "内線"].iter().any(|word| rest.starts_with(word))
    }) {
        points = points.max(3_000);
    }
    if is_measured(spaced) {
        points = points.max(2_800);
    }
    let closed = match next {
        Script::Han => belongs.is_some() || cue.is_some(),
        Script::Katakana => belongs.is_some() || cue.is_some(),
        Script::Hiragana => cue.is_some(),
        Script::Latin => cue.is_some() || belongs.is_some(),
        _ => true,
    };
    if !closed {
        points = points.min(match next {
            Script::Han => -2500,
            Script::Katakana => -2500,
            _ => -1500,
        });
    }
    Right { points, honoured: titled, place: false, closed }
}

/// Whether what was named with an honorific turns out to be an office: 「のぞみさんという事業所」.
fn is_called(after: &str) -> bool {
    let rest = after.strip_prefix("という").or_else(|| after.strip_prefix("って"));
    rest.is_some_and(|rest| {
        [
            "事業所",
            "施設",
            "デイ",
            "居宅",
            "訪看",
            "訪問",
            "薬局",
            "病院",
            "クリニック",
            "会社",
            "グループ",
            "サロン",
            "カフェ",
            "ところ",
            "お店",
            "店",
        ]
        .iter()
        .any(|word| rest.starts_with(word))
    })
}

/// The letters directly behind `at` if they end as a kind of office does: 「|リハビリテーション病院」.
fn office_behind(chars: &Chars<'_>, at: usize) -> Option<(usize, i32)> {
    // 「|こどもクリニック」, but not 「|がクリニックに」.
    let kana = chars.run_end(at, Script::Hiragana);
    let named = kana >= at + 3 && !chars.at(at).is_some_and(|c| "はがをにのともでやかへ".contains(c));
    let letters = |i: usize| matches!(chars.script(i), Script::Han | Script::Katakana) || (named && i < kana);
    let end = (at..at + 18).find(|at| !letters(*at)).unwrap_or(at + 18);
    let run = chars.slice(at..end.min(chars.len()));
    // What is said of a person may end so too: 「山田様宅訪問介護」 has its honorific, 「山田入院」 no office.
    (end > at && OFFICE.suffix(run).is_some_and(|(length, _)| length >= 6)).then_some((run.len(), 0))
}

trait Longer {
    fn max_by_length(self, other: Self) -> Self;
}

impl Longer for Option<(usize, i32)> {
    fn max_by_length(self, other: Self) -> Self {
        match (self, other) {
            (Some(one), Some(two)) => Some(if two.0 > one.0 { two } else { one }),
            (one, two) => one.or(two),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_left_side_tells_offices_from_roles() {
        for (text, expected) in [
            ("居宅介護支援 ", Left::Office),
            ("デイサービス「", Left::Office),
            ("訪問看護ステーションの", Left::Points(100)),
            ("利用者の", Left::Points(3500)),
            ("", Left::Points(500)),
            ("お", Left::Points(-5000)),
        ] {
            let text = format!("{text}山田");
            let chars = Chars::new(&text);
            assert_eq!(left(&chars, chars.len() - 2, Script::Han), expected, "{text}");
        }
    }

    #[test]
    fn the_right_side_tells_persons_from_places() {
        for (text, honoured, place) in [
            ("さん", true, false),
            (" 様", true, false),
            ("病院", false, true),
            ("の里", false, true),
            ("の家族", false, false),
            ("様子", false, false),
            ("医師", true, false),
        ] {
            let text = format!("山田{text}");
            let found = right(&Chars::new(&text), 2, Script::Han);
            assert_eq!((found.honoured, found.place), (honoured, place), "{text}: {found:?}");
        }
    }
}
