//! What stands behind a house number: building, room, and with whom somebody lives.

use std::sync::LazyLock;

use regex::Regex;

use super::normalise::View;
use super::text::pattern;

/// The rest of a house number: 「の二」, 「号室」.
static BRANCH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:(?:の[一二三四五六七八九十]{1,3}号?)+|号室?)"));
/// What may follow: a building and a room or a floor.
static BUILDING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<gap>[ 、\n]{0,2})(?P<name>(?:第[0-9])?[\p{Han}\p{Hiragana}\p{Katakana}ーA-Za-z・]{2,16}?(?:[0-9]{1,2} | ?(?:(?:[0-9]{1,2}号?|[東西南北A-Z]|[A-Z]-[0-9]{1,2})棟|[0-9]{1,2}号館) ?)?)(?P<room>[の ]?(?:[A-Z] [0-9]{2,4}(?:号室?)?|[0-9]{1,2}(?:階|F) ?(?:[東西南北左右]側?|奥|端|つきあたり|突き?当た?り)?(?:[0-9]{2,4})?|[A-Z](?:号室|号|棟[0-9]{0,3})|[0-9]-[A-Z]|(?:[0-9]{1,2}-|[A-Z]-?)?[0-9]{1,4}(?:号室|号棟|号)?))|^[- ](?P<bare>[0-9]{2,4}号室)|^ ?(?P<floor>(?:の ?)?[0-9]{1,2}(?:階|F) ?(?:[東西南北左右]側?|奥|端|つきあたり|突き?当た?り)?)|^(?P<block> ?[0-9]?号?棟 ?[0-9]{1,4}(?:号室?)?)",
    )
});
/// A house that is named, without a room: 「メゾン若草」, 「グリーンハイツ日の出」, 「光荘」.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<house> ?(?:[\p{Katakana}ー]{0,10}(?:ハイツ|コーポ|マンション|アパート|レジデンス|ハイム|メゾン|シャトー|パレス|ロイヤル|ヴィラ|ビラ|コート|カーサ|グランド|サニー|プラージュ|パークサイド|サンライズ|フラット|テラス)(?:[\p{Katakana}ー]{1,10}|\p{Han}(?:の\p{Han}|\p{Han}){0,3}|さくら|ひまわり|すみれ|わかば|あおば|みどり|つばき|もみじ|けやき|かえで|こすもす|なのはな|やまぶき)?|\p{Han}{1,4}(?:の\p{Han}{1,2})?(?:ハイツ|コーポ|マンション|アパート|ハイム|メゾン|荘)|(?:県営|市営|町営|村営|公営|都営|府営|道営)\p{Han}{0,6}(?:住宅|団地)(?:さくら|ひまわり|すみれ|わかば|あおば|みどり|つばき|もみじ|[\p{Katakana}ー]{2,8})?))(?:$|[ 、。\n()「」にへでのがはを])",
    )
});
/// A house that no word tells for one, with its room: 「第二若草 707」.
static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<house> [\p{Han}\p{Hiragana}\p{Katakana}ー]{2,8} [0-9]{3})(?:$|[ 、。\n()「」にへでのがはを])",
    )
});
/// The part of a plot on which somebody lives: 「裏の平屋」, 「離れ」.
static CORNER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^ ?(?:(?:の|西隣の|東隣の|南隣の|北隣の|裏の|奥の)?(?:離れ|平屋|裏手|裏|奥|隠居屋|母屋|一軒家|貸家|納屋)){1,2}(?:$|[ 、。\n()にへで])",
    )
});
/// With whom somebody lives: 「小泉方」, 「梶谷様方」.
static CARE_OF: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^ ?(?P<who>[\p{Han}\p{Katakana}]{1,6}?)様?方(?:$|[ 、。\n()にへで])"));
/// Words that end so and mean nobody.
const NO_ONES: &[&str] = &[
    "夕", "地", "両", "他", "一", "行", "味", "先", "上", "下", "平", "裏", "奥", "朝", "前", "後", "双",
    "当", "貴",
];
/// Names of buildings that no list holds.
static KATAKANA: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\p{Katakana}[\p{Katakana}ー]{2}"));

/// What people live in, whatever stands between: a line may end before it.
const HOUSES: &[&str] =
    &["ハイツ", "コーポ", "マンション", "アパート", "荘", "団地", "レジデンス", "ハイム", "メゾン", "寮"];

const BUILDINGS: &[&str] = &[
    "住宅",
    "ビル",
    "パーク",
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
    "ホームズ",
    "会館",
    "棟",
    "館",
    "パレス",
    "アーバン",
    "シャトー",
    "ロイヤル",
    "グランド",
    "テラス",
    "県営",
    "市営",
    "町営",
    "村営",
    "都営",
];

/// How many bytes behind a house number at `at` belong to the address: its rest, building and room, the corner of the plot, and
/// with whom somebody lives.
pub(super) fn behind_number(view: &View, at: usize) -> usize {
    let mut end = at + BRANCH.find(view.after(at, 8)).map_or(0, |branch| branch.len());
    end += match building(view, end) {
        0 => house(view, end),
        building => building,
    };
    for part in [corner, care_of] {
        end += part(view, end);
    }
    end - at
}

/// How many bytes at `at` name a house without a room, or one that no word tells for a house: what only an address has behind it.
fn house(view: &View, at: usize) -> usize {
    let near = view.text().ceil_char_boundary((at + 96).min(view.text().len()));
    let after = view.text().get(at..near).unwrap_or_default();
    let named = NAMED.captures(after).or_else(|| UNKNOWN.captures(after));
    named.and_then(|found| found.name("house")).map_or(0, |house| house.end())
}

/// How many bytes say at `at` with whom somebody lives.
fn care_of(view: &View, at: usize) -> usize {
    let found = CARE_OF.captures(view.after(at, 12));
    let who = found.as_ref().and_then(|found| found.name("who"));
    let who = who.filter(|who| !NO_ONES.contains(&who.as_str()));
    who.map_or(0, |who| {
        view.after(who.end() + at, 2).find('方').map_or(0, |way| who.end() + way + '方'.len_utf8())
    })
}

/// How many bytes at `at` say on which part of the plot.
fn corner(view: &View, at: usize) -> usize {
    let found = CORNER.find(view.after(at, 12)).map_or("", |found| found.as_str());
    found.trim_end_matches(|c| " 、。\n()にへで".contains(c)).len()
}

/// How many bytes of building and room follow at `at`.
pub(super) fn building(view: &View, at: usize) -> usize {
    let near = view.text().ceil_char_boundary((at + 96).min(view.text().len()));
    let after = view.text().get(at..near).unwrap_or_default();
    let Some(found) = BUILDING.captures(after) else { return 0 };
    let whole = found.get(0).map_or(0, |m| m.end());
    if ["bare", "floor", "block"].iter().any(|part| found.name(part).is_some()) {
        return whole;
    }
    let name = found.name("name").map_or("", |m| m.as_str());
    let room = found.name("room").map_or("", |m| m.as_str());
    let tail = after.get(whole..).unwrap_or_default();
    let counted = tail.starts_with([
        '月', '日', '時', '年', '円', '名', '人', '回', '分', '件', '個', '本', '枚', '度', '番', '泊', '-',
        ':', '歳', '才', '%', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
    ]);
    let digits = room.bytes().filter(u8::is_ascii_digit).count();
    let a_house = HOUSES.iter().any(|word| name.contains(word));
    let named = a_house
        || (digits != 1 && BUILDINGS.iter().any(|word| name.contains(word)))
        || (digits >= 2 && room.ends_with(['号', '室']))
        || room.ends_with('F')
        || (KATAKANA.is_match(name) && digits >= 3);
    let broken = found.name("gap").is_some_and(|gap| gap.as_str().contains('\n'));
    let numbered = digits >= 2 || room.ends_with(['号', '室']);
    let goes_on = a_house && numbered && HOUSES.iter().any(|word| name.trim_end().ends_with(word));
    if named && !counted && (goes_on || !broken) { whole } else { 0 }
}
