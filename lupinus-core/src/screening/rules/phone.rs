//! Telephone numbers: whose they are, and what only looks like one.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::super::PiiKind;
use super::loose;
use super::normalise::View;
use super::owner::private_score;
use super::text::{Claims, Text, find_within, names_before, pattern};

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\+81[-. ]?\(?0?\)?|\(?0)[0-9]{1,4}\)?(?:[-.・ (]{0,2}|\s?-\s?|の)[0-9]{1,4}\)?(?:[-.・ ]{0,2}|\s?-\s?|の)[0-9]{3,4}",
    )
});

static LOCAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:電話|家電|自宅|実家|お宅|宅|TEL|Tel|tel|番号|連絡先|市外局番)(?:番号)?(?:なし)?(?:の|は|が|で|へ|に|[ :→)(]){0,3}([0-9]{2,4}-[0-9]{4})",
    )
});

/// How many digits a telephone number has at the least.
const SHORTEST: usize = 6;

/// How many digits and dashes a number without its area code has at the least.
const LOCAL_SHORTEST: usize = 7;

/// The stretches that may hold a telephone number: digits with no more between them than one may have.
fn may_hold(text: &Text) -> impl Iterator<Item = Range<usize>> {
    let written = text.numeric.text();
    let joined = |one: &Range<usize>, next: &Range<usize>| {
        let gap = written.get(one.end..next.start).unwrap_or_default();
        gap.len() <= 12 && gap.chars().all(|c| c.is_whitespace() || "-.・()+の".contains(c))
    };
    let chains = text.digits.runs.chunk_by(joined);
    let chains = chains.filter(|chain| chain.iter().map(Range::len).sum::<usize>() >= SHORTEST);
    chains.filter_map(|chain| {
        let (first, last) = (chain.first()?, chain.last()?);
        let before = written.get(..first.start).is_some_and(|before| before.ends_with(['(', '+']));
        Some(first.start - usize::from(before)..last.end)
    })
}

/// Finds telephone numbers. Runs after the labelled numbers, which can look alike.
///
/// `names` are the spans of names (of the original), and whether each is a professional's.
pub(super) fn find(text: &Text, names: &[(Range<usize>, bool)], claims: &mut Claims) {
    let view = &text.numeric;
    if text.digits.count < SHORTEST {
        return;
    }
    for found in find_within(&PHONE, view.text(), may_hold(text)) {
        let mut range = found.range();
        // 「（0853-22-3333）」: the bracket is not the number's.
        if found.as_str().starts_with('(')
            && found.as_str().matches('(').count() > found.as_str().matches(')').count()
        {
            range.start += 1;
        }
        let span = view.origin(&range);
        if touches_digits(text, &range) || loose::goes_on(view, &range) || !claims.is_free(&span) {
            continue;
        }
        let written = view.text().get(range.clone()).unwrap_or_default();
        if let Some((kind, percent)) = telephone_kind(text, &range, written) {
            let (kind, percent) = beside_a_name(text, (&range, &span), kind, percent, written, names);
            claims.claim(span, kind, percent, "telephone number in its surroundings");
        }
    }
    loose::find_mobiles(text, claims);
    if text.digits.together >= LOCAL_SHORTEST {
        find_local(text, claims);
    }
}

/// Finds numbers without the area code, which need their label: 「家電は73-0143」.
fn find_local(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    for found in LOCAL.captures_iter(view.text()).filter_map(|found| found.get(1)) {
        let span = view.origin(&found.range());
        let postal = view.before(found.start(), 8).trim_end_matches(['は', ':', ' ']).ends_with("郵便番号");
        if postal || touches_digits(text, &found.range()) || !claims.is_free(&span) {
            continue;
        }
        let private = private_score(text, view, &found.range()) > 0;
        let kind = if private { PiiKind::Phone } else { PiiKind::OrgPhone };
        claims.claim(span, kind, 75, "telephone number without its area code");
    }
}

/// Words that make an office's of a mobile number.
const OFFICE_MOBILES: [&str; 12] = [
    "事業所携帯",
    "当番携帯",
    "公用携帯",
    "社用携帯",
    "会社携帯",
    "業務用",
    "事務局携帯",
    "担当携帯",
    "担当者携帯",
    "緊急携帯",
    "緊急用",
    "専用携帯",
];

/// Whether an office is named in the line of a number.
fn names_an_office(view: &View, range: &Range<usize>) -> bool {
    const OFFICES: [&str; 18] = [
        "事務局",
        "センター",
        "事業所",
        "病院",
        "医院",
        "クリニック",
        "薬局",
        "ステーション",
        "居宅",
        "包括",
        "協会",
        "協議会",
        "連絡会",
        "法人",
        "会社",
        "課",
        "施設",
        "社協",
    ];
    let (before, after) = (view.before(range.start, 40), view.after(range.end, 20));
    OFFICES.iter().any(|word| before.contains(word) || after.contains(word))
}

/// A mobile number in an announcement that stands beside a private person's name is that person's; beside a
/// professional's it is pointed out.
fn beside_a_name(
    text: &Text,
    (range, span): (&Range<usize>, &Range<usize>),
    kind: PiiKind,
    percent: u8,
    written: &str,
    names: &[(Range<usize>, bool)],
) -> (PiiKind, u8) {
    let mobile = classify(written) == Some(Class::Mobile);
    if kind != PiiKind::OrgPhone || !text.is_post() {
        return (kind, percent);
    }
    let near = names_before(names, span.start, 24, |(name, _)| name).next();
    // 「2 永原重信 0853-62-1381」: a line of a list of people.
    let begins = |at: usize| {
        text.line_before(at).trim().chars().all(|c| c.is_ascii_digit() || "-.・)〇○●".contains(c))
    };
    let listed = near.is_some_and(|(name, professional)| {
        !professional
            && span.start - name.end <= 3
            && text.same_line(name.end, span.start)
            && begins(name.start)
    });
    if !mobile {
        return if listed { (PiiKind::Phone, 80) } else { (kind, percent) };
    }
    match near.filter(|(name, _)| text.same_line(name.end, span.start)) {
        _ if OFFICE_MOBILES.iter().any(|word| text.line_before(span.start).contains(word)) => (kind, percent),
        Some((_, false)) => (PiiKind::Phone, 85),
        // Among an office's words it may well be the office's.
        Some((_, true)) if names_an_office(&text.numeric, range) => (PiiKind::Phone, 45),
        Some((_, true)) => (PiiKind::Phone, 60),
        None => (kind, percent),
    }
}

/// Whose the telephone number `written` at `range` is, and how surely; `None` if it cannot be one.
pub(super) fn telephone_kind(text: &Text, range: &Range<usize>, written: &str) -> Option<(PiiKind, u8)> {
    let class = classify(written)?;
    if class == Class::Toll {
        return Some((PiiKind::OrgPhone, 95));
    }
    // Offices seldom publish a mobile number without saying whose it is.
    let mobile = if class == Class::Mobile { 4 } else { 0 };
    let private = private_score(text, &text.numeric, range) + mobile > 0;
    Some(if private { (PiiKind::Phone, 90) } else { (PiiKind::OrgPhone, 80) })
}

/// Whether `written` can be a telephone number.
pub(super) fn is_telephone(written: &str) -> bool {
    written.starts_with(['0', '+', '(']) && classify(written).is_some()
}

fn touches_digits(text: &Text, range: &Range<usize>) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric();
    let before = text.numeric.before(range.start, 2);
    let after = text.numeric.after(range.end, 2);
    let mut back = before.chars().rev();
    let glued = match back.next() {
        Some('-') => back.next().is_some_and(inner),
        Some(c) => c.is_ascii_digit(),
        None => false,
    };
    let mut on = after.chars();
    glued
        || match on.next() {
            Some('-') => on.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => c.is_ascii_digit(),
            None => false,
        }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Mobile,
    Fixed,
    Toll,
}

/// What sort of number this is; `None` if it cannot be one.
fn classify(written: &str) -> Option<Class> {
    let mut digits: String = written.chars().filter(char::is_ascii_digit).collect();
    if written.starts_with('+') {
        let rest = digits.strip_prefix("81")?;
        digits = if rest.starts_with('0') { rest.to_owned() } else { format!("0{rest}") };
    }
    let groups: Vec<usize> =
        written.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(str::len).collect();
    let second = digits.get(1..2)?;
    if second == "0" {
        return None;
    }
    let toll = ["0120", "0570", "0990"].iter().any(|p| digits.starts_with(p)) && digits.len() == 10
        || digits.starts_with("0800") && digits.len() == 11 && matches!(groups.as_slice(), [11] | [4, ..]);
    if toll {
        return Some(Class::Toll);
    }
    match digits.len() {
        11 if ["060", "070", "080", "090", "050"].iter().any(|p| digits.starts_with(p)) => {
            Some(Class::Mobile)
        }
        // Area code and exchange make six digits, the rest four.
        10 if groups.len() != 3 || written.starts_with('+') => Some(Class::Fixed),
        10 => match groups.as_slice() {
            [area, exchange, 4] if area + exchange == 6 && *area >= 2 => Some(Class::Fixed),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Context::{Consultation, Post};
    use super::super::super::PiiKind;
    use super::super::tests::{finds, finds_nothing_private};

    // R8
    #[test]
    fn a_telephone_number_is_found_over_lines_aloud_and_without_its_area_code() {
        finds(
            Consultation,
            PiiKind::Phone,
            &[
                ("携帯 0709597\n1339 長男嫁", "0709597\n1339"),
                ("電話\n090\n8534\n5291", "090\n8534\n5291"),
                ("奥様の番号いいますね080の3848の2816です", "080の3848の2816"),
                ("家電は73-0143（市外局番なし）", "73-0143"),
            ],
        );
        finds_nothing_private(Consultation, &["090\n12\n345", "包括の電話 21-4827", "TEL会議 12-10 時"]);
    }

    // R9
    #[test]
    fn an_account_in_a_post_is_a_persons_when_a_person_holds_it() {
        finds(
            Post,
            PiiKind::BankAccount,
            &[
                ("連絡会の会費振替ができなかった方：普通口座 7388232（ｱｻﾉﾘｭｳﾀﾛｳ）", "普通口座 7388232"),
                ("会費は会計の個人口座 普通預金 No.4932571 へ", "普通預金 No.4932571"),
            ],
        );
        finds_nothing_private(Post, &["会費振込先 事務局 普通 7388232（ｲｽﾞﾓﾚﾝﾗｸｶｲ）"]);
    }
}
