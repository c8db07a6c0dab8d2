//! Names that no honorific gives away: by the lists and by what stands around them.

use std::ops::Range;

use super::chars::{Chars, Script};
use super::honorific::is_kana_pair;
use super::lexicon::lexicon;
use super::{Name, Strength};

/// Ends of words after which a name may begin without a gap.
const ROLES_BEFORE: &[&str] = &[
    "利用者",
    "患者",
    "入所者",
    "入居者",
    "対象者",
    "介護者",
    "理事長",
    "会長",
    "院長",
    "所長",
    "講師",
    "担当",
    "本人",
    "故",
];

/// Finds names without an honorific.
pub(super) fn find(chars: &Chars<'_>, post: bool, names: &mut Vec<Name>) {
    for at in 0..chars.len() {
        match chars.script(at) {
            Script::Han if begins(chars, at) => han(chars, at, post, names),
            Script::Katakana if begins(chars, at) => katakana(chars, at, names),
            Script::Hiragana if begins(chars, at) && chars.script_before(at) == Script::Other => {
                hiragana(chars, at, names);
            }
            Script::Latin if chars.script_before(at) != Script::Latin => latin(chars, at, names),
            _ => {}
        }
    }
}

/// Whether a name may begin at `at`.
fn begins(chars: &Chars<'_>, at: usize) -> bool {
    match chars.script_before(at) {
        Script::Other => {
            !matches!(chars.before(at), Some('-' | '_' | '@' | '/') if chars.script(at) == Script::Latin)
        }
        Script::Hiragana => {
            chars.script(at) != Script::Hiragana && !matches!(chars.before(at), Some('お' | 'ご'))
        }
        Script::Katakana => chars.script(at) == Script::Han && chars.back(at, 3).ends_with("メモ"),
        Script::Han => {
            let before = chars.back(at, 3);
            ROLES_BEFORE.iter().any(|role| before.ends_with(role))
        }
        Script::Digit => false,
        Script::Latin => false,
    }
}

fn han(chars: &Chars<'_>, at: usize, post: bool, names: &mut Vec<Name>) {
    let words = lexicon();
    let run = chars.run_end(at, Script::Han);
    for length in (1..=4.min(run - at)).rev() {
        let end = at + length;
        let surname = chars.slice(at..end);
        if !words.is_surname(surname) {
            continue;
        }
        if let Some((end, percent)) = given_after(chars, end, length == 1) {
            names.push(Name::new(at..end, percent, Strength::Strong, "listed surname and given name"));
            return;
        }
        if let Some((end, percent, strength)) = bare(chars, at..end, run, post) {
            names.push(Name::new(at..end, percent, strength, "listed surname by its surroundings"));
            return;
        }
    }
    unlisted(chars, at, run, names);
}

/// Where the given name after a surname that ends at `end` ends.
fn given_after(chars: &Chars<'_>, end: usize, single: bool) -> Option<(usize, u8)> {
    let words = lexicon();
    let spaced = chars.at(end) == Some(' ');
    let start = if spaced { end + 1 } else { end };
    let script = chars.script(start);
    let run = chars.run_end(start, script);
    match script {
        Script::Han => {
            let mut stop = run;
            if chars.before(stop).is_some_and(|c| "様氏殿君分宅".contains(c)) && stop - start >= 2 {
                stop -= 1;
            }
            if chars.slice(start..run).ends_with("先生") {
                stop = run - 2;
            }
            let word = chars.slice(start..stop);
            // くみ子, ゆう子 are told apart below; a Han part that kana follows may be 美つ子 and the like.
            let listed = words.is_given(word);
            let like = words.is_like_given(word) && (stop - start >= 2 || spaced);
            if listed && (!single || spaced || stop - start >= 2) {
                Some((stop, 93))
            } else if like && (!single || spaced) {
                Some((stop, if spaced { 80 } else { 75 }))
            } else {
                // An unlisted given name stands apart and ends its item: 「柴田 僚大」.
                let apart = spaced && !single && (1..=3).contains(&(stop - start)) && !words.is_no_name(word);
                (apart && chars.at(stop) != Some(' ') && ends_item(chars, stop)).then_some((stop, 62))
            }
        }
        Script::Hiragana => {
            let tail = chars.script(run) == Script::Han
                && chars.at(run).is_some_and(|c| "子江代枝恵美".contains(c))
                && chars.script(run + 1) != Script::Han;
            let mut stop = if tail { run + 1 } else { run };
            for honorific in ["さん", "さま", "ちゃん", "くん"] {
                if chars.slice(start..stop).ends_with(honorific) {
                    stop -= honorific.chars().count();
                    break;
                }
            }
            (start + 2..=stop.min(start + 5))
                .rev()
                .find_map(|stop| {
                    let word = chars.slice(start..stop);
                    let listed = words.is_given(word);
                    let closed = closes(chars, stop);
                    (listed && (closed || (spaced && stop - start >= 3))).then_some((stop, 88))
                })
                .or_else(|| {
                    let length = stop.saturating_sub(start);
                    (spaced && (2..=4).contains(&length) && ends_item(chars, stop)).then_some((stop, 65))
                })
        }
        Script::Katakana => {
            let word = chars.slice(start..run);
            if words.is_given(word) && !words.is_no_name(word) {
                Some((run, 92))
            } else {
                let item = (2..=4).contains(&(run - start)) && ends_item(chars, run);
                (item && !words.is_no_name(word) && !single).then_some((run, 70))
            }
        }
        _ => None,
    }
}

/// Whether what stands at `at` ends a name: no letter, a particle, or an honorific.
fn closes(chars: &Chars<'_>, at: usize) -> bool {
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
fn ends_item(chars: &Chars<'_>, at: usize) -> bool {
    chars.at(at).is_none_or(|c| "\n、。,/(（)）」』】:;→".contains(c))
        || chars.at(at) == Some(' ')
        || chars.ahead(at, 2) == "でし"
        || chars.ahead(at, 2) == "さん"
        || chars.ahead(at, 2) == "さま"
        || chars.at(at) == Some('様')
}

/// What the surroundings say of a listed surname that stands alone.
fn bare(chars: &Chars<'_>, surname: Range<usize>, run: usize, post: bool) -> Option<(usize, u8, Strength)> {
    let words = lexicon();
    let ambiguous = words.is_ambiguous(chars.slice(surname.clone()));
    let end = surname.end;
    if run > end {
        let after = chars.slice(end..run);
        return (matches!(after, "分" | "宅" | "邸" | "家") && !ambiguous && after != "家").then_some((
            end,
            75,
            Strength::Strong,
        ));
    }
    let ahead = chars.ahead(end, 6);
    let person = PERSON_CUES.iter().any(|cue| ahead.starts_with(cue)) || labelled(chars, surname.start)
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
fn labelled(chars: &Chars<'_>, at: usize) -> bool {
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

/// Names that no list holds: two parts with a space, a quoted name, an item among names, an age behind it.
fn unlisted(chars: &Chars<'_>, at: usize, run: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let word = chars.slice(at..run);
    if words.is_no_name(word) || run - at > 5 {
        return;
    }
    if chars.at(run) == Some(' ') && (1..=3).contains(&(run - at)) && chars.script_before(at) == Script::Other
    {
        let stop = chars.run_end(run + 1, Script::Han);
        let mut end = stop;
        if chars.before(end).is_some_and(|c| "様氏殿".contains(c)) {
            end -= 1;
        }
        let given = chars.slice(run + 1..end);
        let listed = words.is_given(given) && end - run > 2;
        let like = words.is_like_given(given)
            && given
                .ends_with(['子', '美', '江', '代', '枝', '郎', '夫', '雄', '男', '恵', '平', '介', '也']);
        if end > run + 1 && (listed || like) && closes(chars, stop.min(end)) {
            names.push(Name::new(at..end, 68, Strength::Strong, "two parts, the second like a given name"));
            return;
        }
    }
    let aged = age_follows(chars, run);
    if (2..=5).contains(&(run - at))
        && (labelled(chars, at) || (aged && run - at >= 3 && like_tail(chars, at, run)))
    {
        names.push(Name::new(at..run, 65, Strength::Strong, "after a label or before an age"));
        return;
    }
    if (2..=3).contains(&(run - at)) && chars.at(run).is_some_and(|c| "、・と(:→".contains(c)) {
        names.push(Name::new(at..run, 20, Strength::Unknown, "item among names"));
    }
}

fn like_tail(chars: &Chars<'_>, at: usize, run: usize) -> bool {
    let words = lexicon();
    let surname = (at + 2..run).any(|split| words.is_surname(chars.slice(at..split)));
    surname
        || (at + 1..run).any(|split| words.is_given(chars.slice(split..run)))
        || words.is_like_given(chars.slice(run - 1..run))
}

fn age_follows(chars: &Chars<'_>, at: usize) -> bool {
    let ahead = chars.ahead(at, 8).trim_start_matches(['、', ' ', '(', ',']);
    let digits = ahead.chars().take_while(|c| c.is_ascii_digit()).count();
    (1..=3).contains(&digits) && ahead.get(digits..).is_some_and(|rest| rest.starts_with(['歳', '才']))
}

fn katakana(chars: &Chars<'_>, at: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let run = chars.run_end(at, Script::Katakana);
    let first = chars.slice(at..run);
    let ordinary = words.is_no_name(first);
    // Parts joined by a space or a middle dot.
    let mut end = run;
    let mut parts = 1;
    while matches!(chars.at(end), Some(' ' | '・')) && chars.script(end + 1) == Script::Katakana && parts < 4
    {
        let next = chars.run_end(end + 1, Script::Katakana);
        if words.is_no_name(chars.slice(end + 1..next)) || next - end > 8 {
            break;
        }
        end = next;
        parts += 1;
    }
    let second = if parts > 1 { chars.slice(run + 1..chars.run_end(run + 1, Script::Katakana)) } else { "" };
    let known = words.is_reading(first) || FOREIGN.contains(&first);
    let cue = form_follows(chars, end);
    if ordinary && !(parts > 1 && words.is_reading(first) && words.is_given(second)) {
        return;
    }
    if parts > 1 && (known || (words.is_given(second) && second.chars().count() >= 3) || cue) {
        names.push(Name::new(
            at..end,
            if known { 88 } else { 66 },
            Strength::Strong,
            "two parts in katakana",
        ));
    } else if is_kana_pair(first) || ((4..=9).contains(&(run - at)) && cue) {
        names.push(Name::new(at..run, 80, Strength::Strong, "surname and given name in katakana"));
    } else if FOREIGN.contains(&first) && chars.at(run).is_some_and(|c| "はがのをも".contains(c)) {
        names.push(Name::new(at..run, 58, Strength::Strong, "foreign name by its particle"));
    } else if (2..=5).contains(&(run - at)) && chars.at(run).is_none_or(|c| "、・とは(の:→がを\n".contains(c))
    {
        let listed = words.is_given(first) || words.is_reading(first) || FOREIGN.contains(&first);
        names.push(Name::new(at..run, if listed { 40 } else { 20 }, Strength::Unknown, "item among names"));
    }
}

/// First parts of names that are often met in care, from abroad.
const FOREIGN: &[&str] = &[
    "グエン",
    "チャン",
    "ファム",
    "ホアン",
    "ブイ",
    "マリア",
    "ジョセフ",
    "ジョン",
    "サントス",
    "クルス",
    "デラクルス",
    "レイエス",
    "ガルシア",
    "スリ",
    "シティ",
    "デウィ",
    "アウン",
    "ミャ",
    "キム",
    "パク",
    "チョウ",
    "リー",
    "ワン",
    "チェン",
    "シルバ",
    "ロドリゲス",
    "フェルナンデス",
    "アグス",
    "プトリ",
    "ラム",
    "シュレスタ",
    "タマン",
    "グルン",
];

/// Whether a date of birth, an age or an honorific follows, as in a form.
fn form_follows(chars: &Chars<'_>, at: usize) -> bool {
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

fn hiragana(chars: &Chars<'_>, at: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let run = chars.run_end(at, Script::Hiragana);
    let first = chars.slice(at..run);
    if words.is_reading(first) && chars.at(run) == Some(' ') && chars.script(run + 1) == Script::Hiragana {
        let end = chars.run_end(run + 1, Script::Hiragana);
        let mut stop = end;
        for honorific in ["さん", "さま", "ちゃん"] {
            if chars.slice(run + 1..stop).ends_with(honorific) {
                stop -= honorific.chars().count();
            }
        }
        let listed = words.is_given(chars.slice(run + 1..stop));
        if listed || ((2..=5).contains(&(stop - run - 1)) && ends_item(chars, stop)) {
            names.push(Name::new(
                at..stop,
                if listed { 88 } else { 70 },
                Strength::Strong,
                "two parts in hiragana",
            ));
        }
    } else if run - at >= 4 && (is_kana_pair(first) && ends_item(chars, run)) {
        names.push(Name::new(at..run, 75, Strength::Strong, "surname and given name in hiragana"));
    }
}

fn latin(chars: &Chars<'_>, at: usize, names: &mut Vec<Name>) {
    let words = lexicon();
    let first_end = chars.run_end(at, Script::Latin);
    let second_start = first_end + 1;
    if !matches!(chars.at(first_end), Some(' ' | ',')) || chars.script(second_start) != Script::Latin {
        return;
    }
    let end = chars.run_end(second_start, Script::Latin);
    if chars.script(end) == Script::Digit || matches!(chars.at(end), Some('@' | '.' | '_' | '-')) {
        return;
    }
    let (first, second) = (chars.slice(at..first_end), chars.slice(second_start..end));
    let capital = |word: &str| word.len() >= 3 && word.starts_with(|c: char| c.is_ascii_uppercase());
    if capital(first) && capital(second) && (words.is_romanised(first) || words.is_romanised(second)) {
        let both = words.is_romanised(first) && words.is_romanised(second);
        names.push(Name::new(at..end, if both { 90 } else { 72 }, Strength::Strong, "name in Latin letters"));
    }
}
