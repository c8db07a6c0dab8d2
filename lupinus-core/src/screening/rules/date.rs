//! Dates of birth.

use std::{ops::Range, sync::LazyLock};

use jiff::civil;
use regex::Regex;

use super::super::PiiKind;
use super::text::{Claims, Text, names_before, pattern};

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:(?P<era>明治|大正|昭和|平成|令和|明|大|昭|平|令|[MTSHRmtshr])\.? ?(?P<n>[0-9]{1,2}|元)|(?P<y>(?:18|19|20)[0-9]{2}))",
        r" ?(?:年[ \n]?(?:\([^)\n]{1,10}\))?|\([^)\n]{1,10}\)年?|[./・-]) ?",
        r"(?P<m>[0-9]{1,2}) ?(?:月[ \n]?|[./・-] ?)(?P<d>[0-9]{1,2})(?: ?日)?",
    ))
});
static PLAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:生年月日|誕生日|DOB|生まれ)[^0-9\n]{0,4}(?P<y>(?:18|19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    )
});

static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ ?\([月火水木金土日](?:曜日?|・祝)?\)"));

/// A date before this year is one of birth unless the words around say otherwise: what announcements date, they
/// date later.
const OLD_BEFORE: i16 = 1986;

const NOT_BIRTH: &[&str] = &[
    "以前",
    "以降",
    "以後",
    "より前",
    "まで",
    "建築",
    "建っ",
    "建て",
    "入居",
    "入所",
    "築",
    "施行",
    "改正",
    "制定",
    "創立",
    "設立",
    "開設",
    "開院",
    "創業",
    "竣工",
    "発足",
    "公布",
    "当時",
];

/// What follows the day on which somebody began something.
const STARTS: &[char] = &[
    '入', '着', '就', '採', '開', '設', '付', 'よ', 'か', '~', '〜', '～', '現', '発', '任', '委', '退',
    '没', '卒', '契',
];

/// Finds dates of birth; `names` are the spans of names (of the original).
pub(super) fn find(text: &Text, names: &[Range<usize>], claims: &mut Claims) {
    let view = &text.numeric;
    // Unless it has eight digits in a row.
    if text.digits.together < 8 && !may_hold_a_day(view.text()) {
        return;
    }
    for found in PLAIN.captures_iter(view.text()).chain(DATE.captures_iter(view.text())) {
        let (Some(whole), Some(date)) = (found.get(0), read(&found)) else { continue };
        let start = found.name("era").or(found.name("y")).map_or(whole.start(), |part| part.start());
        let range = start..whole.end();
        let glued = view.before(start, 1).chars().any(|c| c.is_ascii_alphanumeric() || c == '-')
            || view.after(range.end, 1).chars().any(|c| c.is_ascii_digit());
        if glued {
            continue;
        }
        let span = view.origin(&range);
        let (before, after) = (view.before(start, 14), view.after(range.end, 12));
        let not_birth = NOT_BIRTH.iter().any(|word| after.contains(word))
            || ["創立", "設立", "開設", "施行", "改正"].iter().any(|word| before.ends_with(word));
        // Who is meant: all that were born then, in an announcement; 「…から…生まれ」 in any text.
        let from = ["から", "~", "〜"];
        let of_many =
            after.strip_prefix("から").or_else(|| after.strip_prefix(['~', '〜'])).is_some_and(|rest| {
                rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || "昭大平明令STMH".contains(c))
            }) || from.iter().any(|word| before.ends_with(word))
                || (text.is_post() && ["生まれの方", "生まれの人"].iter().any(|word| after.contains(word)));
        // 「誕生日で令和8年11月12日(木)は外出」
        let on_a_weekday = WEEKDAY.is_match(after);
        let not_birth = not_birth || of_many || on_a_weekday;
        let labelled = ["生年月日", "誕生日", "生まれ", "DOB"].iter().any(|word| before.contains(word));
        let born = after.trim_start_matches([' ', '(']).starts_with('生');
        let beside_name = names_before(names, span.start, 16, |name| name).next().is_some();
        let line = view.before(start, 60);
        let of_a_child =
            ["小児", "児", "ちゃん", "くん", "君", "保育", "幼稚園"].iter().any(|word| line.contains(word));
        let of_papers = ["在留", "旅券", "パスポート", "国籍"]
            .iter()
            .any(|word| view.before(start, 30).contains(word) || view.after(range.end, 24).contains(word));
        // A name, a date and no word between.
        let in_a_roster = names_before(names, span.start, 12, |name| name).next().is_some_and(|name| {
            text.between(name.end, span.start)
                .chars()
                .all(|c| " \u{3000}、,，/／(（|｜:：様さん氏".contains(c))
        });
        let percent = match () {
            () if not_birth => continue,
            () if labelled || born => 95,
            // 「S2・3・4領域」
            () if found.name("era").is_some_and(|era| era.as_str().is_ascii())
                && whole.as_str().contains('・')
                && !in_a_roster =>
            {
                continue;
            }
            () if date.year() < OLD_BEFORE => 85,
            () if beside_name && !text.is_post() && date.year() < 2020 => 70,
            // A child's: right behind its name, in brackets or where a child is spoken of.
            () if beside_name && date.year() < 2025 && (after.starts_with([')', '」']) || of_a_child) => 70,
            () if of_papers && date.year() < 2012 => 70,
            () if in_a_roster && date.year() < 2012 && !after.trim_start().starts_with(STARTS) => 70,
            () => continue,
        };
        claims.claim(
            span,
            PiiKind::BirthDate,
            percent,
            "date of birth by its words, its year or a name beside it",
        );
    }
}

/// Whether a month and a day may stand side by side somewhere in a text.
fn may_hold_a_day(text: &str) -> bool {
    text.match_indices(['月', '.', '・', '/', '-']).any(|(at, mark)| {
        let before = text.get(..at).unwrap_or_default().trim_end();
        let behind = text.get(at + mark.len()..).unwrap_or_default().trim_start();
        before.ends_with(|c: char| c.is_ascii_digit()) && behind.starts_with(|c: char| c.is_ascii_digit())
    })
}

fn read(found: &regex::Captures<'_>) -> Option<civil::Date> {
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
    let year = match found.name("era").map(|era| era.as_str()) {
        None => number("y")?,
        Some(era) => {
            let n = found.name("n").map(|n| if n.as_str() == "元" { "1" } else { n.as_str() })?;
            let first = match era {
                "明治" | "明" | "M" | "m" => 1868,
                "大正" | "大" | "T" | "t" => 1912,
                "昭和" | "昭" | "S" | "s" => 1926,
                "平成" | "平" | "H" | "h" => 1989,
                _ => 2019,
            };
            first + n.parse::<i16>().ok()? - 1
        }
    };
    civil::Date::new(year, i8::try_from(number("m")?).ok()?, i8::try_from(number("d")?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::Context::{Consultation, Post};
    use super::super::super::PiiKind;
    use super::super::tests::{finds, finds_nothing_private};

    // R8
    #[test]
    fn in_a_roster_a_date_of_birth_stands_beside_its_name() {
        finds(Post, PiiKind::BirthDate, &[("参加者名簿\n山田花子様 1990年4月6日", "1990年4月6日")]);
        finds(Consultation, PiiKind::BirthDate, &[("山田花子（昭4・1・22）", "昭4・1・22")]);
        finds_nothing_private(
            Post,
            &[
                "理事長 山田花子 2005年4月1日 就任",
                "T8・9・10圧迫骨折",
                "S2・3・4領域",
                "医師会 2005年4月1日",
            ],
        );
    }

    // R8
    #[test]
    fn a_childs_date_of_birth_stands_behind_its_name() {
        finds(
            Consultation,
            PiiKind::BirthDate,
            &[
                ("医療的ケア児の山田花子（2020年12月12日）、栄養剤の件", "2020年12月12日"),
                ("小児の新規です。山田花子ちゃん、2020年8月28日、気管切開", "2020年8月28日"),
                ("資格確認 PARK／1996/12/04／在留カードの件", "1996/12/04"),
                ("s22.11.4と昭和10年\n7月24日", "昭和10年\n7月24日"),
            ],
        );
        finds_nothing_private(Consultation, &["山田病院 2024/08/28 受診", "在留期限 2026/12/04 です"]);
    }
}
