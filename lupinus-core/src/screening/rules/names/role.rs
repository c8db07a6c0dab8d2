//! Whether a name is a professional's: what stands before and after it.

use std::sync::LazyLock;

use regex::Regex;

use super::super::text::pattern;
use super::chars::Chars;
use super::cues::PRIVATE_WORDS;

static TITLE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^ ?(?:氏|先生|医師|CM|PT|OT|ST|MSW|PSW|Ns|Dr|ドクター|看護師|保健師|助産師|薬剤師|(?:理学|作業)療法士|言語聴覚士|歯科|管理栄養士|栄養士|社会福祉士|精神保健|ケアマネ|介護支援専門員|相談員|主任|師長|部長|課長|係長|院長|所長|施設長|理事|会長|センター長|教授|准教授|名誉教授|助教|委員|支部長|議員|市長|町長|と申し|(?:様|さん|さま)?(?:から|より|による|を講師|の講演|の講義|が講師|が登壇)|(?:氏|さん|様)?\([^)\n]{0,24}(?:科|病院|医院|クリニック|センター|大学|薬局|ステーション|課|[部院課係所室師会館校園事]長|士|師|医|教授|専門員|推進員|理事|会|訪問看護|ケアマネ|訪看|包括|居宅|社協)[^)\n]{0,8}\))",
    )
});
static ROLE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:事務局|受付|窓口|幹事|文責|挨拶|新任|着任|就任|退任|講師紹介|講師|案内役|聞き手|話し手|講話|ゲスト|コメンテーター|理事|監事|顧問|演者|座長|司会|進行|理事長|会長|副会長|院長|副院長|所長|施設長|センター長|支部長|代表|担当者?|連絡先|お?問い?合わ?せ先?|申込先|申込[:：]|会計|採用係|発表者|報告者|発言者|登壇者?|監修|著者|執筆|指導|助言者|シンポジスト|パネリスト|ファシリテーター|コーディネーター|主任|部長|課長|係長|師長|教授|責任者|医師|看護師|保健師|薬剤師|療法士|栄養士|相談員|専門員|推進員|ケアマネ(?:ジャー)?|Dr\.?|主治医)(?:[はの]|[:： ・・,、/(（「]|TEL)*(?:[^\n。!?、]{0,22}[ ・/、])?$",
    )
});
/// A list of those who speak, however long.
static PANEL_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:パネリスト|シンポジスト|コメンテーター|ファシリテーター|講師|演者|登壇者|発表者|出演|司会|座長)[^\n。!?]{0,80}[ 、,・/)]$",
    )
});
static RELATIVE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:娘|息子|[長次三二四]男|[長次三二四]女|妻|夫|父|母|嫁|婿|孫|姉|妹|兄|弟|姪|甥|家族|本人|名前|氏名|旧姓|隣|近所|友人|方|人|独居|要(?:介護|支援)[1-5]?|[歳才]|認知症|在住|中|暮らし|うち|例|今日|昨日|明日|号室)の$",
    )
});
/// Roles right before a name that make a professional of 「〇〇さん」 in a chat too.
static COLLEAGUE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:ケアマネ(?:ジャー|ージャー)?|CM|包括|訪看|居宅|看護師|師長|保健師|薬剤師|ヘルパー|主治医|医師|相談員|支援員|サ責|療法士|栄養士|衛生士|専門員|推進員|社協|薬局|センター|ステーション|事業所|課|係|PT|OT|ST|MSW|SW|管理者|施設長|院長|所長|民生委員|(?:の|は)担当者?)(?:の|:)? ?$",
    )
});
/// A relative writes, and not a colleague: 「中田です。父がお世話になっています」.
static RELATIVE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[^\n]{0,8}[ 、。](?:うちの)?(?:父|母|夫|妻|主人|家内|祖父|祖母|義父|義母|息子|娘|兄|弟|姉|妹)(?:の|が|は|も|を|に)",
    )
});
/// Whether [`TITLE_AFTER`] may match `after`, by its first letter or the one behind an honorific.
fn may_be_titled(after: &str) -> bool {
    const TITLES: &str =
        "氏先医CPOSMNDド看保助薬理作言歯管栄社精ケ介相主師部課係院所施会セ教准名委支議市町と";
    const SAID: &str = "かよにをのが(";
    let after = after.strip_prefix(' ').unwrap_or(after);
    let honoured = ["さん", "さま", "様", "氏"].iter().find_map(|honorific| after.strip_prefix(honorific));
    after.starts_with(|c| TITLES.contains(c)) || honoured.unwrap_or(after).starts_with(|c| SAID.contains(c))
}

/// Whether [`COLLEAGUE_BEFORE`] may match `before`, by the last letter of the role.
fn may_end_with_a_colleague(before: &str) -> bool {
    let before = before.strip_suffix(' ').unwrap_or(before);
    let role = before.strip_suffix(['の', ':']).unwrap_or(before);
    role.ends_with(|c| "ネーM括看宅師長医員責士協局ン所課係TW者当".contains(c))
}

/// Who is no professional, and what is told of such people.
const PRIVATE: [&str; 13] = [
    "利用者",
    "患者",
    "介護者",
    "対象者",
    "参加者",
    "入賞者",
    "受賞者",
    "本人",
    "家族",
    "お誕生日",
    "入居者",
    "入所者",
    "故",
];

/// Those words, for [`super::cues`].
pub(super) fn private_words() -> impl Iterator<Item = (String, i32)> {
    PRIVATE.iter().map(|word| ((*word).to_owned(), 0))
}

/// How many letters may stand between such a word, honoured or not, and a name.
const NEAR: usize = 14;

/// Whether what stands `before` a name in its sentence speaks of a private person near its end.
fn speaks_of_a_private_person(before: &str) -> bool {
    let letters = before.char_indices().rev().take(NEAR + "お誕生日さん".chars().count());
    letters.filter_map(|(at, _)| before.get(at..)).any(|said| {
        PRIVATE_WORDS.prefix(said).and_then(|(length, _)| said.get(length..)).is_some_and(|rest| {
            let rest = rest.strip_prefix('様').or_else(|| rest.strip_prefix("さん")).unwrap_or(rest);
            rest.chars().count() <= NEAR
        })
    })
}

/// Whether the name at `start..end` (characters) is named in a professional role.
pub(super) fn is_professional(chars: &Chars<'_>, start: usize, end: usize, post: bool) -> bool {
    let after = chars.ahead(end, 36);
    let before = chars.back(start, 40);
    let before = before.rsplit(['。', '!', '?']).next().unwrap_or_default();
    let private = speaks_of_a_private_person(before);
    // 「連絡先：山田花子（090…）」 gives a private person's number.
    let number = after.trim_start_matches([' ', '(', ':', '、']);
    let mobile = ["090", "080", "070", "+81"].iter().any(|prefix| number.starts_with(prefix));
    if post && mobile && before.trim_end_matches([' ', ':', '(', 'は']).ends_with("連絡先") {
        return false;
    }
    let title = if may_be_titled(after) { TITLE_AFTER.find(after) } else { None };
    let title = title.map(|title| title.as_str().trim());
    let treated = |text: &str| {
        ["利用", "入所", "入居", "入院", "通院", "通所中"].iter().any(|word| text.contains(word))
    };
    if let Some(title) = title.filter(|title| !(title.contains('(') && treated(title))) {
        // 「〇〇氏」 and 「〇〇さんより」 are said of anybody; only an announcement makes a speaker of them.
        let weak = title.starts_with('氏')
            || ["様", "さん", "さま", "から", "より"].iter().any(|w| title.starts_with(w));
        if !weak
            || (post && !private && title.starts_with('氏'))
            || title.contains("講")
            || title.contains("登壇")
        {
            return true;
        }
    }
    if !post && signs_off(chars, start, end) {
        return true;
    }
    let at_work = post
        && !private
        && names_an_office(before)
        && !mobile
        && (after.starts_with("(0")
            || ["((0", " TEL", " 電話", " Tel", "TEL", " 0", "(TEL", "(電話", "(内線"]
                .iter()
                .any(|w| after.starts_with(w)));
    if at_work {
        return true;
    }
    let own = !post
        && !private
        && after.starts_with("です")
        && before.chars().count() <= 30
        && !before.contains(['、', '。', 'は', 'が'])
        && names_an_office(before);
    if own {
        return true;
    }
    let introduced =
        after.starts_with("です") || after.starts_with("と申し") || after.starts_with("でござい");
    if introduced
        && !post
        && !private
        && before.ends_with('の')
        && before.chars().count() <= 30
        && !RELATIVE_BEFORE.is_match(before)
    {
        return true;
    }
    // 「ケアプラン青葉の〇〇さん」 works there; of a day service or a home it may as well be a guest.
    let segment = before.rsplit(['、', '。', ',', '\n']).next().unwrap_or_default();
    let there = segment.strip_suffix('の').is_some_and(|office| {
        office.chars().count() <= 24 && WORKPLACES.iter().any(|word| office.contains(word))
    });
    if !private && there && !treated(segment) && !RELATIVE_BEFORE.is_match(before) {
        return true;
    }
    if !private && may_end_with_a_colleague(before) && COLLEAGUE_BEFORE.is_match(before) {
        return true;
    }
    // 「担当が替わりました。旧：〇〇 新：〇〇」
    let on_a_panel = post && PANEL_BEFORE.is_match(before);
    let handed_over = post
        && chars.back(start, 60).contains("担当")
        && before.trim_end_matches([':', ' ']).ends_with(['旧', '新', '前', '後']);
    if !private && (handed_over || on_a_panel) {
        return true;
    }
    !private && (post || !after.starts_with(['さ', '様'])) && ROLE_BEFORE.is_match(before)
}

/// Whether the name at `start..end` is a member's own sign-off: 「中田です。」 at the start of a line.
pub(super) fn signs_off(chars: &Chars<'_>, start: usize, end: usize) -> bool {
    let after = chars.ahead(end, 36);
    let before = chars.back(start, 40);
    let said = ["です。", "です、", "と申し", "でござい", "です\u{20}", "です!"];
    (after == "です" || said.iter().any(|said| after.starts_with(said)))
        && before.rsplit(['。', '!', '?']).next().is_none_or(str::is_empty)
        && opens_or_greets(before)
        && !RELATIVE_AFTER.is_match(after)
}

/// Whether nothing stands before a sign-off on its line, or what is said in greeting.
fn opens_or_greets(before: &str) -> bool {
    let said = before.trim_end_matches(['。', '!', '?', ' ']);
    let said = said.rsplit(['。', '!', '?']).next().unwrap_or_default();
    said.is_empty()
        || [
            "世話",
            "疲れ",
            "おはよう",
            "こんにち",
            "こんばん",
            "失礼",
            "ありがと",
            "はじめ",
            "初め",
            "申し訳",
            "すみません",
            "恐れ入",
            "よろしく",
            "了解",
            "承知",
        ]
        .iter()
        .any(|word| said.contains(word))
}

/// Offices that people work at and nobody lives at or is treated in.
const WORKPLACES: &[&str] = &[
    "居宅",
    "訪看",
    "訪問看護",
    "訪問介護",
    "訪問リハ",
    "包括",
    "ケアプラン",
    "薬局",
    "社協",
    "社会福祉協議会",
    "支援センター",
    "クリニック",
    "医院",
    "歯科",
    "診療所",
    "市役所",
    "役場",
    "保健所",
    "連携室",
    "福祉用具",
    "ヘルパーステーション",
    "看護協会",
    "医師会",
    "事務局",
];

/// Whether a kind of office is named.
fn names_an_office(before: &str) -> bool {
    [
        "居宅",
        "訪看",
        "訪問",
        "包括",
        "センター",
        "ステーション",
        "事業所",
        "病院",
        "医院",
        "クリニック",
        "薬局",
        "デイ",
        "ホーム",
        "特養",
        "老健",
        "施設",
        "社協",
        "課",
        "ケアプラン",
        "リハ",
        "歯科",
        "眼科",
        "内科",
        "外科",
        "法人",
        "NPO",
        "会館",
        "苑",
        "荘",
        "園",
    ]
    .iter()
    .any(|word| before.contains(word))
}
