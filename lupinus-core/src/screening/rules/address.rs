//! Addresses down to the house, and postal codes.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::super::PiiKind;
use super::normalise::View;
use super::owner::{office_before, private_score};
use super::text::{Claims, Text, names_before, pattern};

/// Place name and house number; the named group says how much the number alone tells.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<place>(?:(?:[\p{Han}ヶケ]{2,3}[都道府県])?(?:さいたま|つくば|つくばみらい|いわき|うるま|ひたちなか|かすみがうら|にかほ|つがる|むつ|みどり|さくら|ふじみ野|いすみ|あきる野|かほく|あわら|いなべ|たつの|南あわじ|さぬき|東かがわ|うきは|隠岐の島|みやま|いちき串木野|えびの|あま|みよし|すさみ|おおい|みやこ|みなかみ)[市町])?",
        r"[\p{Han}0-9ヶケノツッヱヰァ-ヴー]{0,24}(?:[\p{Han}ヶケノツ]|\p{Han}[イロハニホ])) ?",
        r"(?:(?P<sure>[0-9]{1,2}丁目(?: ?[0-9]{1,4}(?:番地?|[-の])?(?:の?[0-9]{1,4}(?:-[0-9]{1,4})?号?)?(?:-[0-9]{1,4})?)?|[0-9]{1,5}番地(?:[の-]?[0-9]{1,4})?|[0-9]{1,4}番[0-9]{1,4}号)",
        r"|(?P<three>[0-9]{1,4}-[0-9]{1,4}-[0-9]{1,4})|(?P<two>[0-9]{1,5}[-の][0-9]{1,4}))",
    ))
});
/// A place in two levels and one number: 松江市西川津町1060.
static SINGLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<place>[\p{Han}ヶケノツ]{2,24}[イロハニホ]?) ?(?P<one>[0-9]{1,5})"));
/// What may follow: a building and a room.
static BUILDING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[ 、]?(?P<name>[\p{Han}\p{Hiragana}\p{Katakana}ーA-Za-z・]{2,14}?(?: ?[0-9]{1,2}号?棟 ?)?)(?P<room> ?(?:[0-9]{1,2}-|[A-Z]-?)?[0-9]{2,4}(?:号室|号)?)|^[- ](?P<bare>[0-9]{2,4}号室)",
    )
});
static POSTAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(〒 ?)?([0-9]{3}-?[0-9]{4})"));

const BUILDINGS: &[&str] = &[
    "ハイツ",
    "コーポ",
    "マンション",
    "アパート",
    "荘",
    "住宅",
    "団地",
    "ビル",
    "レジデンス",
    "パーク",
    "ハイム",
    "メゾン",
    "寮",
    "シャルム",
    "グリーン",
    "コート",
    "ヴィラ",
    "ビラ",
    "シティ",
    "タウン",
    "ハウス",
    "プラザ",
    "サン",
    "棟",
    "館",
];

/// Ends of words before a number that is no house number.
const NOT_PLACES: &[&str] = &[
    "番号",
    "型番",
    "品番",
    "記号",
    "電話",
    "携帯",
    "内線",
    "代表",
    "金額",
    "第",
    "約",
    "全",
    "各",
    "毎週",
    "平日",
    "午前",
    "午後",
    "血圧",
    "体温",
    "脈",
    "定員",
    "先着",
    "年",
    "月",
    "日",
    "時",
    "室",
    "階",
    "病棟",
    "介護",
    "支援",
    "枝番",
    "証",
    "回",
    "得点",
    "点",
    "計",
    "税込",
    "直通",
    "室番",
    "号",
    "口座",
    "普通",
    "当座",
    "受給者",
    "国道",
    "県道",
    "図",
    "表",
    "別紙",
    "様式",
    "問",
    "薬",
    "錠",
];

const NOT_AFTER: &[&str] = &[
    "日",
    "月",
    "時",
    "名",
    "人",
    "回",
    "円",
    "歳",
    "才",
    "階",
    "度",
    "点",
    "ヶ月",
    "か月",
    "週",
    "年",
    "分",
    "%",
    "mg",
    "ml",
    "cm",
    "kg",
    "g",
    "割",
    "件",
    "個",
    "本",
    "枚",
    "倍",
    "単位",
    "号車",
    "団地",
    "地区",
    "自治会",
    "町内会",
    "祭",
    "公園",
    "商店街",
    "サロン",
    "集会所",
];

/// Words that may stand right before an address.
const LABELS: &[&str] = &[
    "自宅住所",
    "自宅",
    "現住所",
    "新住所",
    "旧住所",
    "住所地",
    "住所",
    "転居先",
    "転居",
    "会場",
    "場所",
    "所在地",
    "在住",
    "実家",
    "本籍",
];

/// Finds addresses and the postal codes before them; `names` are the spans of private names (of the original).
pub(super) fn find(text: &Text, names: &[Range<usize>], claims: &mut Claims) {
    let view = &text.numeric;
    let mut addresses: Vec<(Range<usize>, bool)> = Vec::new();
    for found in ADDRESS.captures_iter(view.text()).chain(SINGLE.captures_iter(view.text())) {
        let (Some(whole), Some(place)) = (found.get(0), found.name("place")) else { continue };
        if !is_house(view, &found, place.as_str(), whole.end()) {
            continue;
        }
        let start = place.start() + place.as_str().find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let written = view.text().get(start..place.end()).unwrap_or_default();
        let label = LABELS
            .iter()
            .find_map(|label| written.strip_prefix(label))
            .map_or(0, |rest| written.len() - rest.len());
        let start = start + label;
        let range = start..whole.end() + building(view, whole.end());
        let span = view.origin(&range);
        if !claims.is_free(&span) {
            continue;
        }
        let private = is_private(text, view, &range, &span, names);
        let sure = found.name("sure").is_some() || found.name("three").is_some();
        let percent = if sure { 88 } else { 75 };
        let (kind, reason) = if private {
            (PiiKind::Address, "house number in private surroundings")
        } else {
            (PiiKind::OrgAddress, "house number of an office or a venue")
        };
        claims.claim(span, kind, percent, reason);
        addresses.push((range, private));
    }
    addresses.sort_by_key(|(range, _)| range.start);
    for found in POSTAL.captures_iter(view.text()) {
        let Some(code) = found.get(2) else { continue };
        let next = addresses.get(addresses.partition_point(|(range, _)| range.start < code.end())).filter(
            |(range, _)| {
                range.start - code.end() <= 8
                    && view.text().get(code.end()..range.start).is_some_and(|gap| gap.trim().is_empty())
            },
        );
        let private = match (next, found.get(1)) {
            (Some((_, private)), _) => *private,
            (None, Some(_)) => private_score(text, view, &code.range()) > 0,
            (None, None) => continue,
        };
        let kind = if private { PiiKind::PostalCode } else { PiiKind::OrgPostal };
        claims.claim(view.origin(&code.range()), kind, 85, "postal code");
    }
}

fn is_house(view: &View, found: &regex::Captures<'_>, place: &str, end: usize) -> bool {
    let after = view.after(end, 6);
    let goes_on = after.starts_with(|c: char| c.is_ascii_digit())
        || (after.starts_with('.') && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    if goes_on || NOT_AFTER.iter().any(|word| after.starts_with(word)) {
        return false;
    }
    if NOT_PLACES.iter().any(|word| place.ends_with(word)) {
        return false;
    }
    let letters = place.chars().filter(|c| !c.is_ascii_digit()).count();
    let region = place.contains(['都', '府', '県', '市', '区', '町', '村', '郡', '字']);
    if found.name("one").is_some() {
        // 松江市西川津町1060: only with two levels of place before it and the end of a phrase behind it.
        let levels = place.matches(['都', '府', '県', '市', '区', '郡', '町', '村']).count();
        let ends = after.chars().next().is_none_or(|c| " \n、。)」のにでへはがかをと・(".contains(c));
        // 「〇〇さん(高岡町512)」: a guest's, though of one level.
        let at = found.get(0).map_or(0, |m| m.start());
        let in_brackets = ["さん(", "様(", "宅("].iter().any(|end| view.before(at, 4).ends_with(end));
        let guest = in_brackets && after.starts_with(')') && levels >= 1 && letters >= 2;
        return (levels >= 2 && letters >= 5 && ends) || guest;
    }
    if let Some(sure) = found.name("sure") {
        // 「3丁目」 alone names a quarter, not a house.
        return letters >= 2 && !sure.as_str().ends_with("丁目");
    }
    if found.name("three").is_some() {
        return letters >= 2;
    }
    letters >= 2 && (region || has_address_label(view, found.get(0).map_or(0, |m| m.start())))
}

fn has_address_label(view: &View, at: usize) -> bool {
    let before = view.before(at, 16);
    ["住所", "自宅", "住まい", "転居先", "在住", "独居", "〒"].iter().any(|word| before.contains(word))
}

/// How many bytes of building and room follow at `at`.
fn building(view: &View, at: usize) -> usize {
    let after = view.after(at, 32);
    let Some(found) = BUILDING.captures(after) else { return 0 };
    let whole = found.get(0).map_or(0, |m| m.end());
    if found.name("bare").is_some() {
        return whole;
    }
    let name = found.name("name").map_or("", |m| m.as_str());
    let room = found.name("room").map_or("", |m| m.as_str());
    let tail = after.get(whole..).unwrap_or_default();
    let counted = tail.starts_with([
        '月', '日', '時', '年', '円', '名', '人', '-', ':', '歳', '才', '%', '0', '1', '2', '3', '4', '5',
        '6', '7', '8', '9',
    ]);
    let named = BUILDINGS.iter().any(|word| name.contains(word)) || room.ends_with(['号', '室']);
    if named && !counted { whole } else { 0 }
}

fn is_private(
    text: &Text,
    view: &View,
    range: &Range<usize>,
    span: &Range<usize>,
    names: &[Range<usize>],
) -> bool {
    let next = names.get(names.partition_point(|name| name.start < span.end));
    let of_somebody = ["生年月日", "氏名", "病名", "患者", "利用者"];
    // The lines above count here: a record has a line for each item.
    let above = view.text().floor_char_boundary(range.start.saturating_sub(200));
    let record = view.text().get(above..range.start).unwrap_or_default();
    let on_a_record = !office_before(view, range.start)
        && of_somebody.iter().any(|word| record.contains(word))
        && view.before(range.start, 8).contains("住所");
    let beside_name = names_before(names, span.start, 16, |name| name).next().is_some()
        || next.is_some_and(|name| name.start - span.end <= 6);
    let before = view.before(range.start, 20);
    let venue =
        ["会場", "場所", "開催地", "集合", "所在地", "事務局"].iter().any(|word| before.contains(word));
    let after = view.after(range.end, 24);
    let office = [
        "センター",
        "病院",
        "医院",
        "クリニック",
        "薬局",
        "市役所",
        "役所",
        "役場",
        "庁",
        "会館",
        "公民館",
        "消防",
        "医師会",
        "薬剤師会",
        "協会",
        "協議会",
        "課 ",
    ]
    .iter()
    .any(|word| after.contains(word));
    if venue || (office && !beside_name) {
        return false;
    }
    // In a chat an address with its label is a client's, unless an office stands before it.
    let labelled = !text.is_post()
        && ["住所", "自宅", "お住まい", "転居先"].iter().any(|word| before.contains(word))
        && !office_before(view, range.start);
    beside_name || labelled || on_a_record || private_score(text, view, range) > 0
}
