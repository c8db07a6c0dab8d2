//! Addresses down to the house, and postal codes.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::super::PiiKind;
use super::digit_run::is_day;
use super::dwelling::{behind_number, building};
use super::normalise::View;
use super::owner::{office_before, private_score};
use super::places::{Stretch, may_hold};
use super::text::{Claims, Text, find_within, names_before, pattern};

/// What stands in hiragana before the last letter of a place: 「緑が」 of 緑が丘, 「竹の」 of 竹の塚, 「つつじヶ」.
static KANA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\p{Han}ヶケノツ]{0,16}(?:\p{Han}[がの]|(?:つつじ|みどり|ひばり|さくら|あさひ|ひかり|みずほ|なぎさ|あおば|さつき|もみじ|あけぼの|いずみ|みなと|わかば|はなぞの|きぼう|すみれ|けやき|かえで|あやめ|うぐいす|せせらぎ|さざなみ|しらゆり)[がヶ]?|[市区町村郡][あ-おさ-ちつたき-くこけぬねひ-ほま-よら-ろわ][ぁ-ん]{1,4})$",
    )
});
/// The streets by which Kyoto tells where a house stands: 「寺町通二条下る」.
static CROSSING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\p{Han}ヶケノツ]{2,24}(?:[上下]る|[東西]入る?|[東西]へ?入)$"));
/// The letters that stand behind it.
const AFTER_KANA: &str = "駅丘原谷浜崎関岡峰宮里浦森台上下内山川本辻塚町野園";

/// Towns that are written in hiragana or katakana.
const KANA_TOWNS: &str = r"(?:さいたま|つくば|つくばみらい|いわき|うるま|ひたちなか|かすみがうら|にかほ|つがる|むつ|みどり|さくら|ふじみ野|いすみ|あきる野|かほく|あわら|いなべ|たつの|南あわじ|さぬき|東かがわ|うきは|隠岐の島|みやま|いちき串木野|えびの|あま|みよし|すさみ|おおい|みやこ|みなかみ|いの|おいらせ|むかわ|新ひだか|せたな|えりも|ニセコ|みなべ|かつらぎ|みやき|さつま|あさぎり|つるぎ|東みよし|まんのう|ときがわ)[市町]";

/// The number of a house; the named group says how much it alone tells.
const HOUSE: &str = concat!(
    r"(?:(?P<sure>[0-9]{1,2}丁目(?: ?[0-9]{1,4}(?:番地?|[-の])? ?(?:の?[0-9]{1,4}(?:-[0-9]{1,4})?号?)?(?:-[0-9]{1,4}(?:号室?)?)?)?|[0-9]{1,5}番地(?:(?:[の-]| の )?[0-9]{1,4})?|[0-9]{1,4}番[0-9]{1,4}(?:-[0-9]{1,4})?号|[0-9]{1,3} ?地割 ?[0-9]{1,4}(?:番地?[0-9]{0,4}|-[0-9]{1,4})?)",
    r"|(?P<three>[0-9]{1,4}[-の][0-9]{1,4}[-の][0-9]{1,4}(?:-[0-9]{1,4})?)|(?P<two>[0-9]{1,5}(?:[-の]| の )[0-9]{1,4}))",
);
/// The last letter of a place, or its last two.
const LAST: &str = r"(?:[\p{Han}ヶケノツ]|\p{Han}[イロハニホ])";

/// Place name and house number.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        &[
            r"(?P<place>(?:(?:[\p{Han}ヶケ]{2,3}[都道府県])?",
            KANA_TOWNS,
            r")?",
            r"[\p{Han}0-9ヶケノツッヱヰァ-ヴー]{0,24}",
            LAST,
            r") ?",
            HOUSE,
        ]
        .concat(),
    )
});
/// The parts of a short one.
static PARTS: LazyLock<Regex> =
    LazyLock::new(|| pattern(&[r"^(?P<place>[^ -]*", LAST, r") ?", HOUSE, "$"].concat()));
/// No address is short that has more letters: of those [`ADDRESS`] knows better what is the place.
const SHORT: usize = 24;
/// A place in two levels and one number: 松江市西川津町1060.
static SINGLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        &[r"(?:", KANA_TOWNS, r")?[\p{Han}ヶケノツ]{2,24}[イロハニホ]? ?(?:[0-9]{3,4}番|[0-9]{1,5})"]
            .concat(),
    )
});
/// The parts of one.
static SINGLE_PARTS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?P<place>[^ ]*[^0-9 ]) ?(?P<one>[0-9]{1,5})番?$"));
/// 「団地3棟405号」: a home of itself.
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<place>[\p{Han}ヶケノ]{2,10}(?:団地|住宅)) ?(?P<sure>[0-9]{1,2}(?:号棟|棟|-) ?[0-9]{2,4}(?:号室?)?)",
    )
});
/// A greater place before the lesser one, with what may stand between them.
static GREATER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<place>[\p{Han}ヶケノツ]{1,10}[都道府県市区町村郡])[ \n、の]{0,2}$"));
/// The quarter before its number: 「久手町刺鹿、二丁目」.
static QUARTER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<place>[\p{Han}ヶケノツ]{2,12})[、 ]?[0-9]{1,2}$"));
static POSTAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(〒 ?|郵便番号(?:は|[ :])*)?([0-9]{3}(?:-\n?| )?[0-9]{4})"));

/// Ends of words before a number that is no house number.
pub(super) const NOT_PLACES: &[&str] = &[
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
    "号線",
    "号館",
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

/// What a level's letter begins when it ends no place.
const PUBLIC: &[&str] =
    &["市民", "市立", "市営", "町民", "町立", "町内", "村民", "区民", "区分", "区域", "県民", "県立", "都度"];
/// How what is no home ends.
const NO_HOMES: [char; 12] = ['院', '会', '校', '園', '館', '所', '課', '局', '税', '費', '線', '駅'];

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
    "本籍地",
    "本籍",
    "お宅",
    "居所",
    "入寮先",
    "訪問先",
    "往診先",
    "送付先",
    "お届け先",
    "届け先",
    "送り先",
    "搬入先",
    "引越先",
    "避難先",
    "連絡先",
];

/// What places of each level end with.
const LEVELS: [char; 8] = ['都', '府', '県', '市', '区', '郡', '町', '村'];

/// Finds addresses and the postal codes before them; `names` are the spans of private names (of the original).
pub(super) fn find(text: &Text, names: &[Range<usize>], claims: &mut Claims) {
    let view = &text.numeric;
    let mut addresses: Vec<(Range<usize>, bool)> = Vec::new();
    let stretches = may_hold(view.text(), &text.digits.runs);
    let among = |pattern: &'static Regex, may_hold: fn(&Stretch) -> bool| {
        let stretches = stretches.iter().filter(move |stretch| may_hold(stretch));
        find_within(pattern, view.text(), stretches.map(|stretch| stretch.range.clone()))
    };
    let houses = among(&ADDRESS, |stretch| stretch.house).map(|found| {
        let short = found.as_str().chars().nth(SHORT).is_none();
        (found, if short { &PARTS } else { &ADDRESS })
    });
    // With a bare number a place needs its level.
    let levelled = !stretches.is_empty() && view.text().contains(LEVELS);
    let singles = levelled.then(|| among(&SINGLE, |stretch| stretch.single)).into_iter().flatten();
    let blocks = !stretches.is_empty() && ["団地", "住宅"].iter().any(|word| view.text().contains(word));
    let blocks = blocks.then(|| among(&BLOCK, |_| true)).into_iter().flatten();
    let others = singles.map(|found| (found, &SINGLE_PARTS)).chain(blocks.map(|found| (found, &BLOCK)));
    for (whole, parts) in houses.chain(others) {
        let Some(found) = parts.captures(whole.as_str()) else { continue };
        let Some(place) = found.name("place") else { continue };
        let start = whole.start() - in_kana(view, whole.start(), place.as_str());
        let place = view.text().get(start..whole.start() + place.end()).unwrap_or_default();
        if !is_house(text, view, &found, place, start, whole.end()) {
            continue;
        }
        let start = beginning(view, start, place);
        let range = start..whole.end() + behind_number(view, whole.end());
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
    if text.digits.count < 7 || (addresses.is_empty() && !view.text().contains(['〒', '郵'])) {
        return;
    }
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

fn is_house(
    text: &Text,
    view: &View,
    found: &regex::Captures<'_>,
    place: &str,
    at: usize,
    end: usize,
) -> bool {
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
        let levels = place.matches(LEVELS).count();
        let ends = after.chars().next().is_none_or(|c| " \n、。)」のにでへはがかをと・(".contains(c));
        // 「〇〇さん(高岡町512)」: a guest's, though of one level.
        let in_brackets = ["さん(", "様(", "宅("].iter().any(|end| view.before(at, 4).ends_with(end));
        let guest = in_brackets && after.starts_with(')') && levels >= 1 && letters >= 2;
        // Of one level: where the words say that somebody lives there.
        let near_it =
            ["のあたり", "付近", "の近く", "辺り"].iter().any(|word| after.trim_start().starts_with(word));
        let lived_in = has_address_label(view, at) || near_it;
        let listed = after.trim().is_empty() && text.is_beside_a_person(&view.origin(&(at..end)));
        let home = levels >= 1
            && letters >= 3
            && (ends || near_it)
            && (lived_in || listed || building(view, end) > 0);
        // In a chat somebody lives there: 「古志町 902 和田さん」. Not where the level begins or ends in a word (「市民税」, 「町内会」), in an
        // office (「市立病院」), or where an office stands before it.
        let level = place.char_indices().skip(2).find(|(_, c)| LEVELS.contains(c)).map(|(at, _)| at);
        let quarter = level.and_then(|at| place.get(at..)).unwrap_or_default();
        let public = place.ends_with(NO_HOMES) || PUBLIC.iter().any(|word| quarter.contains(word));
        let chat = !text.is_post()
            && level.is_some()
            && ends
            && !after.starts_with("から")
            && !public
            && (3..=4).contains(&found.name("one").map_or(0, |one| one.len()))
            && !office_before(view, at);
        return (levels >= 2 && letters >= 5 && ends && !public) || guest || home || chat;
    }
    if let Some(sure) = found.name("sure") {
        // 「3丁目」 alone names a quarter, not a house.
        return letters >= 2 && !sure.as_str().ends_with("丁目");
    }
    if let Some(three) = found.name("three") {
        return letters >= 2 && !is_day(three.as_str());
    }
    // In a list of persons the town alone is enough: 「佐藤花枝 戸塚13-12 携帯090…」.
    let listed = || {
        let span = view.origin(&(at..end));
        let behind = view.after(end, 12);
        text.is_beside_a_person(&span)
            && (behind.contains("携帯") || behind.contains("自宅") || behind.contains('0'))
    };
    letters >= 2
        && (region
            || has_address_label(view, at)
            || is_lived_at(text, view, end)
            || (!text.is_post() && building(view, end) > 0)
            || listed())
}

/// How many bytes before `at`, in hiragana and before it, belong to the name of `place`.
fn in_kana(view: &View, at: usize, place: &str) -> usize {
    let before = view.before(at, 24);
    let kana = before.ends_with(|c| ('\u{3041}'..='\u{309f}').contains(&c) || c == 'ヶ');
    if before.ends_with('る')
        && let Some(crossing) = CROSSING.find(view.before(at, 40))
    {
        return crossing.len();
    }
    if !kana || !place.starts_with(|c| AFTER_KANA.contains(c)) {
        return 0;
    }
    KANA.find(before).map_or(0, |kana| kana.len())
}

/// Where the address begins whose last part is `place`, at `at`: behind its label, with the greater places before it.
fn beginning(view: &View, at: usize, place: &str) -> usize {
    let skipped = place.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let mut start = at + skipped;
    let mut first = place.get(skipped..).unwrap_or_default();
    let line =
        |start: usize| view.text().get(view.text().floor_char_boundary(start.saturating_sub(60))..start);
    if first.starts_with("丁目")
        && let Some(quarter) =
            line(start).and_then(|before| QUARTER.captures(before)).and_then(|q| q.name("place"))
    {
        let before = line(start).map_or(0, str::len);
        start = start - before + quarter.start();
        first = view.text().get(start..at + place.len()).unwrap_or_default();
    }
    let unlabelled = |written: &str| {
        let label = LABELS.iter().find_map(|label| written.strip_prefix(label));
        label.map_or(0, |rest| written.len() - rest.len())
    };
    let label = unlabelled(first);
    if label > 0 {
        return start + label;
    }
    for _ in 0..3 {
        let Some(before) = line(start) else { break };
        let Some(greater) = GREATER.captures(before).and_then(|greater| greater.name("place")) else { break };
        let label = unlabelled(greater.as_str());
        start = start - before.len() + greater.start() + label;
        if label > 0 {
            break;
        }
    }
    start
}

/// Whether the words of a chat behind a house number say that somebody lives there: 「国見1732-10に引っ越されました」.
fn is_lived_at(text: &Text, view: &View, end: usize) -> bool {
    let after = view.after(end, 6);
    !text.is_post()
        && ["に引っ越", "に引越", "に転居", "に住", "にお住", "在住"]
            .iter()
            .any(|word| after.starts_with(word))
}

fn has_address_label(view: &View, at: usize) -> bool {
    let before = view.before(at, 16);
    ["住所", "自宅", "お宅", "住", "家は", "実家", "本籍", "転居先", "引っ越し先", "独居", "〒", "番地"]
        .iter()
        .any(|word| before.contains(word))
}

fn is_private(
    text: &Text,
    view: &View,
    range: &Range<usize>,
    span: &Range<usize>,
    names: &[Range<usize>],
) -> bool {
    let next = names.get(names.partition_point(|name| name.start < span.end));
    let of_somebody =
        ["生年月日", "氏名", "病名", "患者", "利用者", "被保険者", "保険証", "割合証", "診察券"];
    // The lines above count here: a record has a line for each item.
    let above = view.text().floor_char_boundary(range.start.saturating_sub(200));
    let record = view.text().get(above..range.start).unwrap_or_default();
    let on_a_record = !office_before(view, range.start)
        && of_somebody.iter().any(|word| record.contains(word))
        && view.before(range.start, 16).contains("住所");
    let beside_name = names_before(names, span.start, 16, |name| name).next().is_some()
        || next.is_some_and(|name| name.start - span.end <= 6);
    let before = view.before(range.start, 20);
    let venue =
        ["会場", "場所", "開催地", "集合", "所在地", "事務局"].iter().any(|word| before.contains(word));
    // 「→ 高橋病院」: where somebody goes from there.
    let after = view.after(range.end, 24).split(['→', '。', '、']).next().unwrap_or_default();
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
    // 「場所はご自宅(松江市…)」, 「会場 今市町1-2(和田さん宅)」
    let host =
        after.trim_start().strip_prefix('(').and_then(|inner| inner.split(')').next()).unwrap_or_default();
    let at_home = before.trim_end_matches(['(', ':', ' ']).ends_with("自宅")
        || ["さん宅", "様宅", "氏宅", "さま宅", "さん方"].iter().any(|home| host.contains(home));
    if !at_home && (venue || (office && !beside_name)) {
        return false;
    }
    // In a chat an address with its label is a client's, unless an office stands before it.
    let labelled = !text.is_post()
        && ["住所", "自宅", "お住まい", "転居先"].iter().any(|word| before.contains(word))
        && !office_before(view, range.start);
    // 「自宅0853…」 in the same entry, 「に住んでいます」.
    let home = ["自宅", "携帯", "に住", "にお住まい", "の自宅", "のお宅", "の実家", "に引っ越"]
        .iter()
        .any(|word| after.trim_start().starts_with(word));
    let behind = text.persons.get(text.persons.partition_point(|person| person.start < span.end));
    let behind = text.is_post()
        && behind.is_some_and(|next| next.start - span.end <= 36 && text.same_line(span.end, next.start));
    // 「末吉7丁目3番16号 北沢方」
    let lives_with = view.text().get(range.clone()).is_some_and(|written| written.ends_with('方'));
    let score =
        private_score(text, view, range) + if behind { 4 } else { 0 } + if lives_with { 12 } else { 0 };
    beside_name || labelled || on_a_record || at_home || home || score > 0
}

#[cfg(test)]
mod tests {
    use super::super::super::Context::{Consultation, Post};
    use super::super::super::PiiKind;
    use super::super::tests::{finds, finds_nothing_private};

    // R8
    #[test]
    fn an_address_is_masked_from_its_greatest_place_to_its_room() {
        for (text, address) in [
            ("上田さんは愛媛県今治市\n下古志町5ー12ー25です", "愛媛県今治市\n下古志町5ー12ー25"),
            ("住所は大分県 日田市 田島1-30-11", "大分県 日田市 田島1-30-11"),
            (
                "住所 大田市の久手町刺鹿、二丁目十六番十号、レジデンス神門の305 です",
                "大田市の久手町刺鹿、二丁目十六番十号、レジデンス神門の305",
            ),
            ("住所は大田市美ノ郷町三成三六三番地の二です", "大田市美ノ郷町三成三六三番地の二"),
            ("受取人の番地 山波町2625-5 レオネクスト桜302", "山波町2625-5 レオネクスト桜302"),
            ("弟さんは広島市安佐南区祇園4丁目22番6-501号に", "広島市安佐南区祇園4丁目22番6-501号"),
            ("弟さんは東京都足立区竹の塚5の8の14に", "東京都足立区竹の塚5の8の14"),
            ("自宅 横手市緑が丘557番地1", "横手市緑が丘557番地1"),
            ("訪問先は浜山団地3棟405号です", "浜山団地3棟405号"),
            ("東林木町 412 コーポ日の出 203号室ってどこですか", "東林木町 412 コーポ日の出 203号室"),
            ("お宅は斐川町学頭5385、道が細いです", "斐川町学頭5385"),
            ("多伎町久村177の28ってどの辺ですか", "多伎町久村177の28"),
            ("八木町623のあたりで保護されました", "八木町623"),
            ("弟さんは松江市殿町4-18-3-502に", "松江市殿町4-18-3-502"),
            ("訪問先は松江市殿町1-2 コーポ日の出 2F右です", "松江市殿町1-2 コーポ日の出 2F右"),
            ("自宅 松江市殿町1-2-3\n日の出荘 5号室", "松江市殿町1-2-3\n日の出荘 5号室"),
            ("自宅 うるま市与那城照間455 です", "うるま市与那城照間455"),
            ("宛名は松江市殿町2-17 小泉方 です", "松江市殿町2-17 小泉方"),
            ("妹さんは岩手県岩泉町小本12地割33に", "岩手県岩泉町小本12地割33"),
            ("紙に今市町 854とだけ", "今市町 854"),
            ("湖陵町差海 318 の大家さん", "湖陵町差海 318"),
            ("訪問先は松江市殿町1-2 裏の平屋です", "松江市殿町1-2 裏の平屋"),
            ("玉出中1-14-9 あけぼの荘2階奥 ここ搬入できません", "玉出中1-14-9 あけぼの荘2階奥"),
        ] {
            finds(Consultation, PiiKind::Address, &[(text, address)]);
        }
        finds(Consultation, PiiKind::PostalCode, &[("〒692 8863 今市町1-2-3 の自宅", "692 8863")]);
    }

    // R8
    #[test]
    fn in_a_post_an_address_beside_a_person_is_that_persons() {
        for (text, address) in [
            ("症例：山田花子、91才、女性。独居。米子市皆生2479-7。", "米子市皆生2479-7"),
            ("氏名　山田花子\n住所　松江市殿町1-2-3", "松江市殿町1-2-3"),
            ("14:30　山田花子様　米子市皆生8-25-8 → 高橋病院", "米子市皆生8-25-8"),
            ("「松江市殿町401番地に住んでいます」とのこと", "松江市殿町401番地"),
        ] {
            finds(Post, PiiKind::Address, &[(text, address)]);
        }
        finds(
            Consultation,
            PiiKind::Address,
            &[("自宅 松江市殿町1-2-3\n住宅改修は2回目です", "松江市殿町1-2-3")],
        );
        finds_nothing_private(
            Consultation,
            &[
                "古志町 300円のバスです",
                "事務局は今市町 854 です",
                "市民税 3500 が引かれます",
                "出雲市民病院 305 に入りました",
                "今市町内会費 500 と聞きました",
                "区分支給限度 1200 を超えます",
                "大津町 130から始まります",
            ],
        );
        finds_nothing_private(
            Post,
            &[
                "会場は今市町 854 です",
                "訪問看護ステーションなぎが移転しました\n新住所　692-8417　出雲市駅南町4丁目20-6 青木ビル3F",
                "会場 松江市学園南4丁目3-7 3階",
                "申込先 出雲市今市町81番地 広報係",
            ],
        );
    }
}
