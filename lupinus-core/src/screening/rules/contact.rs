//! E-mail addresses, web pages and accounts on social networks.

use std::sync::LazyLock;

use regex::Regex;

use super::super::PiiKind;
use super::owner::private_score;
use super::text::{Claims, Text, pattern};

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
static USER_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u:\b)U[0-9a-f]{32}(?-u:\b)"));
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
