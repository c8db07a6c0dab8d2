//! Telephone numbers, e-mail addresses, web pages and accounts on social networks.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::super::PiiKind;
use super::loose;
use super::normalise::View;
use super::owner::private_score;
use super::text::{Claims, Text, names_before, pattern};

static URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:https?://|www\.)[a-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+|(?:line\.me|lin\.ee|instagram\.com|facebook\.com)/[a-z0-9._~/@-]+",
    )
});
static PROFILE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:instagram|facebook|twitter|tiktok|threads)\.(?:com|net)/@?[a-z0-9._]|//(?:www\.)?x\.com/|line\.me/ti/p/[^@]",
    )
});
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)[a-z0-9][a-z0-9._%+-]*\s?(?:@|\[at\]|\(at\)|★)\s?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
});
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(LINE|ライン|インスタ(?:グラム)?|Instagram|Twitter|ツイッター|フェイスブック|Facebook|TikTok|スカイプ|Skype)(?:の|\s)?(?:ID|アカウント|ユーザー名)?\s?(?:は|:|→|=|で|が)?\s?[「『\x22]?(@?[a-z0-9][a-z0-9._-]{3,29})",
    )
});
/// An account after the label alone, where a network was named before: 「LINEで送ります。IDは hanako_1940」.
static LABELLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:^|[^a-z])ID(?:は|:|→|=)?\s?[「『]?([a-z][a-z0-9._-]{3,29})"));
/// An account by its sign, in brackets or behind a space: `(@hanako_1940)`.
static HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:^|[\s(「『、:は])(@[a-z0-9][a-z0-9._]{2,29})(?:$|[\s)」』、。がのはでを])")
});
/// Networks on which an account is a person's or an organisation's own.
const NETWORKS: &[&str] = &[
    "LINE",
    "ライン",
    "インスタ",
    "nstagram",
    "NSTAGRAM",
    "Twitter",
    "ツイッター",
    "フェイスブック",
    "Facebook",
    "TikTok",
    "SNS",
    "DM",
    "アカウント",
    "Threads",
    "YouTube",
];
static USER_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bU[0-9a-f]{32}\b"));
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\+81[-. ]?\(?0?\)?|\(?0)[0-9]{1,4}\)?(?:[-.・ (]{0,2}|\s?-\s?)[0-9]{1,4}\)?(?:[-.・ ]{0,2}|\s?-\s?)[0-9]{3,4}",
    )
});

const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "yahoo.co.jp",
    "yahoo.ne.jp",
    "icloud.com",
    "me.com",
    "outlook.jp",
    "outlook.com",
    "hotmail.com",
    "hotmail.co.jp",
    "live.jp",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "i.softbank.jp",
    "vodafone.ne.jp",
    "ymobile.ne.jp",
    "nifty.com",
    "biglobe.ne.jp",
    "ocn.ne.jp",
    "so-net.ne.jp",
    "plala.or.jp",
    "dion.ne.jp",
    "rakuten.jp",
    "uqmobile.jp",
    "excite.co.jp",
    "ybb.ne.jp",
    "infoseek.jp",
    "mopera.net",
    "googlemail.com",
    "proton.me",
    "asahi-net.or.jp",
    "hi-ho.ne.jp",
    "wakwak.com",
    "aol.com",
    "msn.com",
];

const OFFICE_DOMAINS: &[&str] =
    &[".lg.jp", ".or.jp", ".ed.jp", ".go.jp", ".ac.jp", ".co.jp", ".gr.jp", ".example.jp", ".hospital"];

const OFFICE_BOXES: &[&str] = &[
    "info",
    "kaigo",
    "soumu",
    "jimu",
    "renkei",
    "office",
    "contact",
    "support",
    "madoguchi",
    "houkatsu",
    "hokatsu",
    "zaitaku",
    "fukushi",
    "kenkou",
    "kensyu",
    "kenshu",
    "seminar",
    "event",
    "koho",
    "kouhou",
    "toiawase",
    "inquiry",
    "shakyo",
    "desk",
    "admin",
    "center",
    "helper",
    "houmon",
    "yakkyoku",
    "staff",
    "recruit",
    "saiyo",
];

/// Finds contacts of persons and organisations.
pub(super) fn find(text: &Text, claims: &mut Claims) {
    web(text, claims);
    mail(text, claims);
    accounts(text, claims);
}

fn web(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in URL.find_iter(view.text()) {
        let private = PROFILE.is_match(found.as_str())
            && !view.before(found.start(), 12).contains("公式")
            && !view.before(found.start(), 12).contains("当");
        let kind = if private { PiiKind::SocialId } else { PiiKind::OrgUrl };
        claims.claim(view.origin(&found.range()), kind, 80, "web address");
    }
}

fn mail(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in EMAIL.find_iter(view.text()) {
        let address = found.as_str().to_ascii_lowercase();
        let (kind, percent, reason) = if is_office_mail(&address) {
            (PiiKind::OrgEmail, 85, "mail address of an office")
        } else if FREE_MAIL.iter().any(|domain| address.ends_with(domain)) {
            // Small bodies do use free mail; in an announcement their own words have to say so.
            let office = text.is_post() && private_score(text, view, &found.range()) < -8;
            if office {
                (PiiKind::OrgEmail, 60, "mail address given as an office's")
            } else {
                (PiiKind::Email, 95, "private mail address")
            }
        } else if private_score(text, view, &found.range()) > 0 {
            (PiiKind::Email, 75, "mail address in private surroundings")
        } else {
            (PiiKind::OrgEmail, 60, "mail address in an office's surroundings")
        };
        claims.claim(view.origin(&found.range()), kind, percent, reason);
    }
}

fn is_office_mail(address: &str) -> bool {
    let (local, domain) = address.split_once(['@', ']', ')', '★']).unwrap_or((address, ""));
    let free = FREE_MAIL.iter().any(|free| domain.trim().ends_with(free));
    let first = local.split(['.', '-', '_', '[', '(']).next().unwrap_or_default();
    let role = OFFICE_BOXES.iter().any(|word| first.trim_end_matches(|c: char| c.is_ascii_digit()) == *word);
    role || (!free && OFFICE_DOMAINS.iter().any(|office| domain.ends_with(office)))
}

fn accounts(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in ACCOUNT.captures_iter(view.text()) {
        let Some(id) = found.get(2) else { continue };
        let official =
            view.before(id.start(), 16).contains("公式") || view.after(id.end(), 8).contains("公式");
        let word = id.as_str().chars().all(|c| c.is_ascii_alphabetic()) && !has_id_label(&found);
        if !official && !word {
            claims.claim(
                view.origin(&id.range()),
                PiiKind::SocialId,
                80,
                "account beside the network's name",
            );
        }
    }
    for found in LABELLED.captures_iter(view.text()) {
        let Some(id) = found.get(1) else { continue };
        let before = view.before(found.get(0).map_or(0, |whole| whole.start()), 60);
        let on_a_network = NETWORKS.iter().any(|network| before.contains(network));
        let word = id.as_str().chars().all(|c| c.is_ascii_alphabetic());
        if on_a_network && !word && !before.contains("公式") {
            claims.claim(view.origin(&id.range()), PiiKind::SocialId, 75, "account behind its label");
        }
    }
    for found in HANDLE.captures_iter(view.text()) {
        let Some(id) = found.get(1) else { continue };
        let before = view.before(id.start(), 40);
        let on_a_network = NETWORKS.iter().any(|network| before.contains(network));
        let official = before.contains("公式") || view.after(id.end(), 8).contains("公式");
        // In an announcement an account is the organiser's, unless a person is spoken of.
        let private = !text.is_post() || private_score(text, view, &id.range()) > 0;
        if on_a_network && !official && private {
            claims.claim(view.origin(&id.range()), PiiKind::SocialId, 75, "account on a network");
        }
    }
    for found in USER_ID.find_iter(view.text()) {
        claims.claim(view.origin(&found.range()), PiiKind::SocialId, 95, "LINE user id");
    }
}

/// Whether something between the network's name and the account says that an account follows.
fn has_id_label(found: &regex::Captures<'_>) -> bool {
    let whole = found.get(0).map_or("", |m| m.as_str());
    let name = found.get(1).map_or(0, |m| m.len());
    let id = found.get(2).map_or(0, |m| m.len());
    let between = whole.len().checked_sub(id).and_then(|end| whole.get(name..end)).unwrap_or_default();
    between.contains("ID") || between.contains("id") || between.contains(['「', '『', ':', '→'])
}

/// Finds telephone numbers. Runs after the labelled numbers, which can look alike.
///
/// `names` are the spans of names (of the original), and whether each is a professional's.
pub(super) fn find_phones(text: &Text, names: &[(Range<usize>, bool)], claims: &mut Claims) {
    let view = &text.numeric;
    for found in PHONE.find_iter(view.text()) {
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
    if kind != PiiKind::OrgPhone || !text.is_post() || !mobile {
        return (kind, percent);
    }
    let near = names_before(names, span.start, 24, |(name, _)| name).next();
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
        || digits.starts_with("0800") && digits.len() == 11 && groups.first() == Some(&4);
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
