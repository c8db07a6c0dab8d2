//! What stands around a name, and what it says.

use std::ops::Range;

use super::Strength;
use super::chars::{Chars, Script};
use super::lexicon::lexicon;

/// Whether what stands at `at` ends a name: no letter, a particle, or an honorific.
pub(super) fn closes(chars: &Chars<'_>, at: usize) -> bool {
    match chars.script(at) {
        Script::Other | Script::Digit => true,
        Script::Hiragana => {
            let ahead = chars.ahead(at, 3);
            [
                "さん",
                "さま",
                "ちゃん",
                "くん",
                "は",
                "が",
                "を",
                "に",
                "と",
                "も",
                "の",
                "から",
                "へ",
                "で",
                "より",
            ]
            .iter()
            .any(|w| ahead.starts_with(w))
        }
        Script::Han => chars.at(at).is_some_and(|c| "様氏殿君".contains(c)),
        Script::Katakana | Script::Latin => false,
    }
}

/// Whether an item of a list or a form ends at `at`.
pub(super) fn ends_item(chars: &Chars<'_>, at: usize) -> bool {
    chars.at(at).is_none_or(|c| "\n、。,/(（)）」』】:;→".contains(c))
        || chars.at(at) == Some(' ')
        || chars.ahead(at, 2) == "でし"
        || chars.ahead(at, 2) == "さん"
        || chars.ahead(at, 2) == "さま"
        || chars.at(at) == Some('様')
}

/// What the surroundings say of a listed surname that stands alone.
pub(super) fn bare(
    chars: &Chars<'_>,
    surname: Range<usize>,
    run: usize,
    post: bool,
) -> Option<(usize, u8, Strength)> {
    let words = lexicon();
    let ambiguous = words.is_ambiguous(chars.slice(surname.clone()));
    let end = surname.end;
    if run > end {
        let after = chars.slice(end..run);
        return (BELONGING.contains(&after) && !ambiguous).then_some((end, 75, Strength::Strong));
    }
    let ahead = chars.ahead(end, 6);
    let person = PERSON_CUES.iter().any(|cue| ahead.starts_with(cue))
        || labelled(chars, surname.start)
        || age_follows(chars, end)
        || ["(男", "(女", " 男性", " 女性", "、男性", "、女性"].iter().any(|sex| ahead.starts_with(sex));
    let opens = chars.before(surname.start).is_none_or(|c| matches!(c, '\n' | '。'));
    let base: i16 = match chars.at(end) {
        _ if person => 78,
        Some('が' | 'は' | 'を' | 'も') => 72,
        Some('と') => 66,
        Some('の') if PLACE_CUES.iter().any(|place| ahead.starts_with(place)) => return None,
        Some('の' | 'に' | 'で' | 'へ') => 46,
        Some('か' | 'よ') if ahead.starts_with("から") || ahead.starts_with("より") => 48,
        Some(c) if c.is_ascii_digit() => 45,
        Some(':' | '→') => 66,
        Some(' ') if chars.at(end + 1) == Some(':') => 66,
        Some(c) if "、,".contains(c) && opens => 56,
        Some(c) if "-_@%+&#".contains(c) => return None,
        Some(_) if chars.script(end) == Script::Other => 47,
        None => 52,
        Some(_) => return None,
    };
    let mut percent = base;
    if post {
        percent -= 14;
    }
    if ambiguous {
        percent -= if person && !post { 10 } else { 25 };
    }
    let strength = if percent >= 50 { Strength::Strong } else { Strength::Weak };
    Some((end, u8::try_from(percent.max(0)).unwrap_or(0), strength))
}

/// What stands directly behind a surname: what is the person's, and who belongs to them.
const BELONGING: &[&str] = &[
    "分", "宅", "邸", "夫妻", "夫婦", "母", "父", "母親", "父親", "夫", "妻", "長男", "長女", "次男", "次女",
    "娘", "息子", "本人", "姉", "妹", "家族", "両名", "様宅", "氏宅",
];

/// What follows a surname that stands for a person.
const PERSON_CUES: &[&str] = &[
    "の件",
    "の番号",
    "の身内",
    "の家族",
    "の娘",
    "の息子",
    "の長男",
    "の長女",
    "の次男",
    "の次女",
    "の妻",
    "の夫",
    "の母",
    "の父",
    "の孫",
    "の嫁",
    "の兄",
    "の弟",
    "の姉",
    "の妹",
    "の奥",
    "の旦那",
    "の受診",
    "の様子",
    "の状態",
    "の状況",
    "の薬",
    "の自宅",
    "のお宅",
    "の主治医",
    "の担当",
    "の送迎",
    "の退院",
    "の入院",
    "の転倒",
    "の認定",
    "の更新",
    "の契約",
    "の体調",
    "の血圧",
    "の食事",
    "の希望",
    "の鍵",
    "の保険証",
    "のケアプラン",
    "の計画",
    "の返事",
    "の意向",
    "の住所",
    "の電話",
    "の生年月日",
    "の年齢",
    "の病状",
    "の容態",
    "の介護",
    "から虐待",
    "から電話",
    "から連絡",
    "から苦情",
    "から相談",
    "から依頼",
    "から聞",
    "に電話",
    "に連絡",
    "に訪問",
    "に確認",
    "に説明",
    "に聞",
    "へ連絡",
    "へ電話",
    "へ訪問",
    "より電話",
    "より連絡",
    "が転倒",
    "は転倒",
    "が入院",
    "は入院",
    "が退院",
    "は退院",
    "が亡",
    "は独居",
    "は認知",
    "は明日",
    "が今",
    "と申しま",
    "でござい",
    "宅に",
    "は要介護",
    "は昨",
];

/// What follows a surname that is part of a place's or a facility's name.
const PLACE_CUES: &[&str] = &[
    "の郷",
    "の里",
    "の家",
    "の苑",
    "の園",
    "の丘",
    "の森",
    "の湯",
    "の杜",
    "の館",
    "の会",
    "の木",
    "の花",
    "の町",
    "の街",
    "の海",
    "の宿",
    "の泉",
    "の地",
    "の駅",
    "の方",
    "のワ",
    "の病",
    "の施設",
    "の事業所",
    "の薬局",
    "の訪問看護",
    "のデイ",
    "の市",
    "の研修",
    "の事例",
    "の店",
];

/// Whether a label before `at` says that a name follows.
pub(super) fn labelled(chars: &Chars<'_>, at: usize) -> bool {
    let before = chars.back(at, 8);
    let before = before.strip_suffix(' ').unwrap_or(before);
    [
        "氏名:",
        "氏名",
        "名前:",
        "利用者:",
        "利用者様:",
        "患者:",
        "対象者:",
        "介護者:",
        "本人:",
        "名義:",
        "名義人:",
        "キーパーソン:",
        "相談対象:",
    ]
    .iter()
    .any(|label| before.ends_with(label))
}

/// Whether an age follows at `at`.
pub(super) fn age_follows(chars: &Chars<'_>, at: usize) -> bool {
    let ahead = chars.ahead(at, 8).trim_start_matches(['、', ' ', '(', ',']);
    let digits = ahead.chars().take_while(char::is_ascii_digit).count();
    (1..=3).contains(&digits) && ahead.get(digits..).is_some_and(|rest| rest.starts_with(['歳', '才']))
}

/// Whether a date of birth, an age or an honorific follows, as in a form.
pub(super) fn form_follows(chars: &Chars<'_>, at: usize) -> bool {
    let ahead = chars.ahead(at, 8);
    let rest = ahead.trim_start_matches([' ', '、', '/', '(']);
    let mut next = rest.chars();
    let era = match next.next() {
        Some('M' | 'T' | 'S' | 'H' | '昭' | '大' | '明' | '平') => {
            next.next().is_some_and(|c| c.is_ascii_digit() || "和正治成.".contains(c))
        }
        Some('1') => rest.starts_with("19") || rest.starts_with("18"),
        _ => false,
    };
    (era && rest.len() < ahead.len())
        || age_follows(chars, at)
        || ahead.starts_with("様")
        || ahead.starts_with("さま")
}
