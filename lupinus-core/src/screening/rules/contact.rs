//! E-mail addresses, web pages and accounts on social networks.

use std::sync::LazyLock;

use regex::Regex;

use super::super::PiiKind;
use super::dictionary::{Class, dictionary, format::shorten};
use super::gate::Gate;
use super::normalise::View;
use super::owner::private_score;
use super::text::{Claims, Text, pattern};

static URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:https?://|www\.)[a-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+|(?:line\.me|lin\.ee|instagram\.com|facebook\.com)/[a-z0-9._~/@-]+",
    )
});
static PROFILE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:instagram|facebook|twitter|tiktok|threads)\.(?:com|net)/@?[a-z0-9._]|youtube\.com/@|ameblo\.jp/|//(?:www\.)?note\.com/|//(?:www\.)?x\.com/|line\.me/ti/p/[^@]",
    )
});
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[a-z0-9][a-z0-9._%+-]*\s?(?:@|\[at\]|\(at\)|\(a\)|\[a\]|[★☆◎]|\(?アット(?:マーク)?\)?|\(?あっと(?:まーく)?\)?)\s?[a-z0-9-]+(?:(?:\.| \. ?|ドット|\(dot\)|\[dot\])[a-z0-9-]+)*(?:\.| \. ?|ドット|\(dot\)|\[dot\])[a-z]{2,}",
    )
});
/// A mail address whose domain is only named: `taro@docomo です`.
static SHORT_MAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[a-z0-9][a-z0-9._%+-]*\s?(?:@|アット(?:マーク)?|あっと(?:まーく)?)\s?(?:gmail|docomo|ezweb|softbank|icloud|yahoo|au|hotmail|outlook|ymobile)",
    )
});
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(LINE|ライン|SNS|インスタ(?:グラム)?|Instagram|Twitter|ツイッター|フェイスブック|Facebook|TikTok|スカイプ|Skype|WeChat|微信|カカオ(?:トーク)?|KakaoTalk|WhatsApp|Messenger|Zalo|Viber|PayPay|(?:さん|様|氏|くん|ちゃん|本人)のアカウント)(?:の|のみ|\s)?(?:ID|アカウント|ユーザー名)?(?:\s?(?:は|:|→|=|で|が|を|も|こちら|これ|から|追加|交換|登録|検索|しといて|してください|お願いします|、))*\s?[「『\x22(]?(@?[a-z0-9][a-z0-9._-]{3,32})",
    )
});
/// An account after the label alone, where a network was named before: 「LINEで送ります。IDは hanako_1940」.
static LABELLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:^|[^a-z])ID\s?(?:は|:|→|=)?\s?[「『]?([a-z][a-z0-9._-]{3,29})"));
/// An account by its sign, in brackets or behind a space: `(@hanako_1940)`.
static HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:^|[\s(「『、:はがで→にを])(@[a-z0-9_][a-z0-9._-]{2,29})(?:$|[^a-z0-9._@-])")
});
/// An account before its network: 「hanako_1940 ←妹さんのインスタ」. Small letters with `_` or two figures in them; what else is written with
/// a sign is a word: 「e-mailかLINEで」, 「COVID-19のguideline」.
static AHEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^A-Za-z0-9._@-])([a-z][a-z0-9.-]*(?:_|[0-9][a-z0-9._-]*[0-9])[a-z0-9._-]*)[」』\x22]?[^。\n@]{0,16}?(?:(?:^|[^A-Za-z])LINE(?:$|[^A-Za-z])|インスタ|からDM|カカオ)",
    )
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
    "Xで",
    "Xの",
    "X @",
    "のX",
    "X(",
    "旧Twitter",
    "ツイート",
    "カカオ",
    "WeChat",
    "WhatsApp",
    "PayPay",
    "Messenger",
    "メッセンジャー",
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

/// Domains of mobile phones: nobody but a person has an address there.
const CARRIERS: &[&str] = &[
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "softbank.jp",
    "vodafone.ne.jp",
    "ymobile.ne.jp",
    "uqmobile.jp",
    "mopera.net",
    "rakumail.jp",
];

const OFFICE_DOMAINS: &[&str] =
    &[".lg.jp", ".or.jp", ".ed.jp", ".go.jp", ".ac.jp", ".co.jp", ".gr.jp", ".example.jp", ".hospital"];
/// From here on the words make a person's of an address with an office's word in it.
const A_PERSONS: i32 = 4;
/// From here on the words make a person's of an address at a body's domain: a student's, or at work.
const A_PERSONS_AT_WORK: i32 = 9;

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

type Finder = fn(&Text, &mut Claims);

/// In order; each with words of which whatever it finds holds one.
const FINDERS: &[(&[&str], Finder)] = &[
    (&["://", "www.", "line.me/", "lin.ee/", "instagram.com/", "facebook.com/"], web),
    (&["@", "[at]", "(at)", "(a)", "[a]", "★", "☆", "◎", "アット", "あっと"], mail),
    (&["@", "アット", "あっと"], short_mail),
    (
        &[
            "LINE",
            "ライン",
            "インスタ",
            "SNS",
            "Instagram",
            "Twitter",
            "ツイッター",
            "フェイスブック",
            "Facebook",
            "TikTok",
            "スカイプ",
            "Skype",
            "WeChat",
            "微信",
            "カカオ",
            "Kakao",
            "WhatsApp",
            "Messenger",
            "Zalo",
            "Viber",
            "PayPay",
            "のアカウント",
        ],
        accounts,
    ),
    (&["ID"], labelled_accounts),
    (&["LINE", "インスタ", "からDM", "カカオ"], accounts_ahead),
    (&["@"], handles),
    (&["U"], user_ids),
];

static GATE: LazyLock<Gate> = LazyLock::new(|| Gate::new(FINDERS.iter().map(|(words, _)| *words)));

/// Finds contacts of persons and organisations.
pub(super) fn find(text: &Text, claims: &mut Claims) {
    let open = GATE.open(text.plain.text());
    for (_, (_, find)) in FINDERS.iter().enumerate().filter(|(at, _)| open >> at & 1 == 1) {
        find(text, claims);
    }
}

fn web(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in URL.find_iter(view.text()) {
        let before = view.before(found.start(), 16);
        let official = match before.rfind("公式") {
            Some(at) => !is_own(before.get(at..).unwrap_or_default()),
            None => before.contains('当') && !is_own(before),
        };
        let private = PROFILE.is_match(found.as_str()) && !official;
        let kind = if private { PiiKind::SocialId } else { PiiKind::OrgUrl };
        // 「（https://…）」: the bracket is not the address's.
        let bracket = found.as_str().ends_with(')') && !found.as_str().contains('(');
        let range = found.start()..found.end() - usize::from(bracket);
        claims.claim(view.origin(&range), kind, 80, "web address");
    }
}

fn mail(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in EMAIL.find_iter(view.text()) {
        // 「X @hanako_1940」, 「ID @yoko.mas05」: an account behind its network or its label.
        let account = found.as_str().split_once(' ').is_some_and(|(label, _)| {
            let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_';
            label.len() == 1
                || label.eq_ignore_ascii_case("ID")
                || view.after(found.end(), 1).starts_with(goes_on)
        });
        if account {
            continue;
        }
        let address = plainly(found.as_str());
        let (kind, percent, reason) = if is_office_mail(&address)
            && (is_office_box(&address) || private_score(text, view, &found.range()) < A_PERSONS_AT_WORK)
        {
            (PiiKind::OrgEmail, 85, "mail address of an office")
        } else if is_free_mail(&address) {
            // Small bodies do use free mail, which says so in its words, and not on a telephone.
            let named = is_named(&address) || (!text.is_post() && has_a_persons_word(&address));
            let own = named || CARRIERS.iter().any(|domain| address.ends_with(domain));
            let surely = is_surely_an_offices(&address);
            let office = surely || words(&address).any(|word| OFFICES.contains(&word));
            let least = if surely {
                A_PERSONS_AT_WORK
            } else if office {
                A_PERSONS
            } else {
                -8
            };
            if (text.is_post() || office) && !own && private_score(text, view, &found.range()) < least {
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

fn short_mail(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in SHORT_MAIL.find_iter(view.text()) {
        let ends = !view.after(found.end(), 1).starts_with(|c: char| c.is_ascii_alphanumeric());
        if ends {
            claims.claim(
                view.origin(&found.range()),
                PiiKind::Email,
                80,
                "mail address with a carrier's name",
            );
        }
    }
}

/// What stands for the sign of a mail address, the longer ones first.
const SIGNS: [&str; 15] = [
    "[at]",
    "(at)",
    "(a)",
    "[a]",
    "(アットマーク)",
    "(アット)",
    "アットマーク",
    "アット",
    "(あっとまーく)",
    "(あっと)",
    "あっとまーく",
    "あっと",
    "★",
    "☆",
    "◎",
];

/// A mail address as machines write it.
fn plainly(written: &str) -> String {
    let mut address: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    address.make_ascii_lowercase();
    for dot in ["ドット", "(dot)", "[dot]"] {
        address = address.replace(dot, ".");
    }
    for sign in SIGNS {
        address = address.replace(sign, "@");
    }
    address
}

fn is_katakana(letter: char) -> bool {
    ('ァ'..='ー').contains(&letter)
}

/// Whether the domain is one on which anybody has an address.
fn is_free_mail(address: &str) -> bool {
    address.ends_with(".ne.jp") || FREE_MAIL.iter().any(|domain| address.ends_with(domain))
}

/// What is in the address of an office that uses free mail.
const OFFICES: [&str; 22] = [
    "kai", "care", "kango", "houkan", "renkei", "clinic", "office", "center", "jimu", "net", "npo", "club",
    "station", "shien", "yakkyoku", "kyotaku", "houmon", "helper", "reha", "pharm", "rental", "dental",
];
/// Words of an address that are an office's and nothing else.
const SURELY_OFFICES: [&str; 6] = ["houkan", "clinic", "jimukyoku", "yakkyoku", "kyotaku", "houmon"];

/// Whether a word of what stands before the sign is an office's, and none a person's: 「himawari.yakkyoku」, not 「yamada.kyotaku」.
fn is_surely_an_offices(address: &str) -> bool {
    words(address).any(|word| SURELY_OFFICES.contains(&word)) && !has_a_persons_word(address)
}

/// Whether a word of what stands before the sign may be a person's name: 「yamada.kango」.
fn has_a_persons_word(address: &str) -> bool {
    let names = [Class::LATIN_SURNAME, Class::LATIN_GIVEN];
    let persons = |word: &str| word.len() >= 4 && dictionary().cost_as(&shorten(word), &names).is_some();
    words(address).any(|word| !SURELY_OFFICES.contains(&word) && persons(word))
}

/// What stands before the sign.
fn local(address: &str) -> &str {
    address.split('@').next().unwrap_or_default()
}

/// The words of what stands before the sign.
fn words(address: &str) -> impl Iterator<Item = &str> {
    local(address).split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty())
}

/// Whether what stands before the sign reads as a Japanese name and not as an office's box.
fn is_named(address: &str) -> bool {
    let local = local(address);
    let cost = |word: &str, class| dictionary().cost_as(&shorten(word), &[class]).is_some();
    let words: Vec<&str> = words(address).filter(|word| word.len() >= 4).take(4).collect();
    let surname = words.iter().any(|word| cost(word, Class::LATIN_SURNAME));
    let given = words.iter().filter(|word| cost(word, Class::LATIN_GIVEN)).count();
    !OFFICES.iter().any(|office| local.contains(office)) && (surname || given >= 2)
}

/// Whether an address is an office's by what stands before its sign.
fn is_office_box(address: &str) -> bool {
    let first = local(address).split(['.', '-', '_']).next().unwrap_or_default();
    OFFICE_BOXES.iter().any(|word| first.trim_end_matches(|c: char| c.is_ascii_digit()) == *word)
}

fn is_office_mail(address: &str) -> bool {
    let (_, domain) = address.split_once('@').unwrap_or((address, ""));
    let free = FREE_MAIL.iter().any(|free| domain.ends_with(free));
    is_office_box(address) || (!free && OFFICE_DOMAINS.iter().any(|office| domain.ends_with(office)))
}

fn accounts(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in ACCOUNT.captures_iter(view.text()) {
        let (Some(network), Some(id)) = (found.get(1), found.get(2)) else { continue };
        // 「ガイドライン p.35」
        if network.as_str() == "ライン" && view.before(network.start(), 1).chars().any(is_katakana) {
            continue;
        }
        let official = view.before(id.start(), 16).contains("公式") || is_called_official(view, id.end());
        let word = id.as_str().chars().all(|c| c.is_ascii_alphabetic()) && !has_id_label(&found);
        let number = id.as_str().chars().all(|c| c.is_ascii_digit() || c == '-' || c == '.');
        if !official && !word && !number {
            claims.claim(
                view.origin(&id.range()),
                PiiKind::SocialId,
                80,
                "account beside the network's name",
            );
        }
    }
}

fn labelled_accounts(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in LABELLED.captures_iter(view.text()) {
        let Some(id) = found.get(1) else { continue };
        let before = near(view, found.get(0).map_or(0, |whole| whole.start()));
        let on_a_network = NETWORKS.iter().any(|network| before.contains(network));
        let word = id.as_str().chars().all(|c| c.is_ascii_alphabetic());
        if on_a_network && !word && !before.contains("公式") {
            claims.claim(view.origin(&id.range()), PiiKind::SocialId, 75, "account behind its label");
        }
    }
}

fn accounts_ahead(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    let found = (!text.is_post()).then(|| AHEAD.captures_iter(view.text()));
    for id in found.into_iter().flatten().filter_map(|found| found.get(1)) {
        let official = near(view, id.start()).contains("公式") || is_called_official(view, id.end());
        if !official && id.len() >= 5 {
            let reason = "account before the network's name";
            claims.claim(view.origin(&id.range()), PiiKind::SocialId, 75, reason);
        }
    }
}

fn handles(text: &Text, claims: &mut Claims) {
    let view = &text.plain;
    for found in HANDLE.captures_iter(view.text()) {
        let Some(id) = found.get(1) else { continue };
        let before = near(view, id.start());
        // In a chat letters with a figure or a sign in them are an account, though no network is named.
        let signed = id.as_str().contains(|c: char| c.is_ascii_digit() || "._".contains(c));
        let lettered = id.as_str().contains(|c: char| c.is_ascii_alphabetic());
        let chosen = !text.is_post() && signed && lettered;
        let on_a_network = chosen || NETWORKS.iter().any(|network| before.contains(network));
        let official = before.contains("公式") || is_called_official(view, id.end());
        // In an announcement an account is the organiser's, unless a person is spoken of.
        let private = !text.is_post() || private_score(text, view, &id.range()) > 0;
        if on_a_network && !official && private {
            claims.claim(view.origin(&id.range()), PiiKind::SocialId, 75, "account on a network");
        }
    }
}

fn user_ids(text: &Text, claims: &mut Claims) {
    for found in USER_ID.find_iter(text.plain.text()) {
        claims.claim(text.plain.origin(&found.range()), PiiKind::SocialId, 95, "LINE user id");
    }
}

/// Whether words before a page say that it is somebody's own.
fn is_own(before: &str) -> bool {
    let before = before.replace("皆さん", "");
    ["理事", "代表", "会長", "個人", "本人", "さん", "私の"].iter().any(|word| before.contains(word))
}

/// Whether an account that ends at `end` is said to be an official one, before its sentence ends.
fn is_called_official(view: &View, end: usize) -> bool {
    view.after(end, 8).split(['。', ')']).next().is_some_and(|after| after.contains("公式"))
}

/// What stands before `at`, in its line and the one above.
fn near(view: &View, at: usize) -> &str {
    let from = view.text().floor_char_boundary(at.saturating_sub(150));
    let before = view.text().get(from..at).unwrap_or_default();
    let lines = before.rmatch_indices('\n').nth(1).map_or(0, |(end, _)| end);
    before.get(lines..).unwrap_or_default()
}

/// Whether something between the network's name and the account says that an account follows.
fn has_id_label(found: &regex::Captures<'_>) -> bool {
    let whole = found.get(0).map_or("", |m| m.as_str());
    let name = found.get(1).map_or(0, |m| m.len());
    let id = found.get(2).map_or(0, |m| m.len());
    let between = whole.len().checked_sub(id).and_then(|end| whole.get(name..end)).unwrap_or_default();
    between.contains("ID") || between.contains("id") || between.contains(['「', '『', ':', '→'])
}

#[cfg(test)]
mod tests {
    use super::super::super::Context::{Consultation, Post};
    use super::super::super::PiiKind;
    use super::super::tests::{finds, finds_nothing_private};

    #[test]
    fn whatever_its_sign_what_stands_before_it_is_the_same() {
        for sign in super::SIGNS {
            let address = super::plainly(&format!("Kango.Sato {sign} So-netドットne.jp"));
            assert_eq!(address, "kango.sato@so-net.ne.jp");
            assert_eq!(super::words(&address).collect::<Vec<_>>(), ["kango", "sato"], "{sign}");
        }
    }

    // R8
    #[test]
    fn a_mail_address_is_found_however_its_sign_is_written() {
        finds(
            Consultation,
            PiiKind::Email,
            &[
                ("hanako1940アットマークgmail.com まで", "hanako1940アットマークgmail.com"),
                ("hanako1940 @ docomo . ne . jp です", "hanako1940 @ docomo . ne . jp"),
                ("taro.y(a)ezweb.ne.jp へ", "taro.y(a)ezweb.ne.jp"),
                ("アドレスは taro-y@docomo だそうです", "taro-y@docomo"),
                ("hanako1940@\ngmail.com です", "hanako1940@\ngmail.com"),
            ],
        );
        finds_nothing_private(Consultation, &["単価@1200 円", "@home の件", "会場はアットホームな店です"]);
    }

    // R8
    #[test]
    fn in_a_post_free_mail_that_reads_as_a_name_is_a_persons_unless_an_office_claims_it_aloud() {
        finds(
            Post,
            PiiKind::Email,
            &[
                (
                    "連絡会・新年会の幹事です。出欠は maki.tanaka17@yahoo.co.jp に",
                    "maki.tanaka17@yahoo.co.jp",
                ),
                (
                    "問い合わせは tanaka_h6u04 @ icloud.com（事務長の私用アドレス）",
                    "tanaka_h6u04 @ icloud.com",
                ),
            ],
        );
        finds_nothing_private(
            Post,
            &["申込先 連絡会事務局 caremane.kai@gmail.com", "お問い合わせ 事務局 tanaka.renkei@gmail.com"],
        );
    }

    // R8
    #[test]
    fn an_account_is_found_behind_what_is_said_of_it() {
        finds(
            Consultation,
            PiiKind::SocialId,
            &[
                ("LINE追加しといて→ kageyama_35 長男", "kageyama_35"),
                ("ご家族のWeChat: chen_xiaoli49 です", "chen_xiaoli49"),
                ("Xで@obaachan_33て人が書いています", "@obaachan_33"),
                ("「LINEで」とのこと、ID は hanako.oku_55 です", "hanako.oku_55"),
                ("インスタ @_mei.flower55_さんから", "@_mei.flower55_"),
                ("@daichi.k_runner に既読がつきません", "@daichi.k_runner"),
                ("息子さんconcertina_88てLINE IDで検索してくれって", "concertina_88"),
                ("kaori-no-heya_0312 ←妹さんのインスタ。ここしか", "kaori-no-heya_0312"),
                ("IDはU0123456789abcdef0123456789abcdef", "U0123456789abcdef0123456789abcdef"),
            ],
        );
        finds(
            Post,
            PiiKind::SocialId,
            &[
                ("勉強会に入れない方は私のLINE（kazuko-3d9h）へ", "kazuko-3d9h"),
                ("幹事の個人LINE tsubasa-55）。協会の公式は @mie-kai", "tsubasa-55"),
                ("幹事の個人LINEでも受け付けます\nID：mame_shiba.77", "mame_shiba.77"),
                ("Xで患者さん本人（@iizuka_01）が褒めて", "@iizuka_01"),
                (
                    "当会理事のページ（https://www.facebook.com/saotome.kf91）",
                    "https://www.facebook.com/saotome.kf91",
                ),
            ],
        );
        finds_nothing_private(
            Consultation,
            &[
                "Wi-FiでLINEがつながらない",
                "e-mailかLINEでください",
                "COVID-19のguidelineです",
                "HbA1c7.5とLINEで聞きました",
                "ok_123はセンター公式のLINEです",
                "古いMCSのIDでLINE連携",
                "単価は@1980円です",
            ],
        );
        finds_nothing_private(
            Post,
            &[
                "皆さん、公式インスタはこちら https://www.instagram.com/shakyo",
                "協会代表の公式 https://www.instagram.com/kyokai",
                "LINEで申込 2026-05-12 まで",
                "公式LINEはこちら lupinus_city",
                "LINE登録は 10:00-12:00",
            ],
        );
    }
}
