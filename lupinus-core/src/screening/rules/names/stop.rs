//! Words that are no names, however much they look like one.

use std::{collections::HashSet, sync::LazyLock};

const NOT_NAMES: &str = include_str!("../data/not_names.txt");
const LOANWORDS: &str = include_str!("../data/loanwords.txt");

static STOP: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| NOT_NAMES.lines().chain(LOANWORDS.lines()).map(str::trim).collect());

/// Ends of words for roles, bodies and places.
const ENDS: &[char] = &[
    '師', '員', '者', '士', '長', '医', '職', '方', '達', '課', '係', '科', '局', '会', '社', '所', '署',
    '庁', '省', '園', '校', '部', '側', '県', '病', '客', '店', '屋', '院', '堂', '荘', '苑', '園', '館',
    '団', '隊', '組', '班', '号', '棟', '室', '町', '市', '村', '区', '歳',
];

/// Whether `word` names a role, a relative, a thing or an institution and not a person.
pub(super) fn is_stop_word(word: &str) -> bool {
    ["令和", "平成", "昭和", "大正", "明治", "元", "長", "表", "列", "希望"].contains(&word)
        || STOP.contains(word)
        || word.strip_prefix(['お', 'ご', '御']).is_some_and(|bare| bare.is_empty() || STOP.contains(bare))
}

/// Letters that are surnames too, but without an honorific nearly always a word.
const WORDS: &str = "門間元表長列館風科屋達司僚所荘園庭水土木金火日月山川海空花草葉枝実鳥虫犬牛馬魚貝米麦豆茶酒塩油糸紙筆墨本机床壁窓戸柱車船道橋町村里市国都線面点円色音声文字式図行段節目次物者人男女子父母兄姉妹夫妻孫親友客主王民兵士師薬病校寺社宮城台場前後左右上下中内外方口手足耳鼻首腰腹背骨血肉皮心気力光愛幸和正実進清明静";

/// Whether a letter that stands alone is rather a word than a surname.
pub(super) fn is_rather_a_word(letter: char) -> bool {
    WORDS.contains(letter)
}

/// Whether an unknown `word` is built like a role's.
pub(super) fn is_like_a_role(word: &str) -> bool {
    is_stop_word(word)
        || word.starts_with(['様', '氏', '殿'])
        || (word.chars().count() >= 2 && word.ends_with(ENDS))
        || word.contains(['〇', '○', '△', '×'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_relatives_are_no_names() {
        for (word, stop) in [("娘", true), ("お客", true), ("看護師", true), ("山田", false), ("花子", false)]
        {
            assert_eq!(is_stop_word(word), stop, "{word}");
        }
        assert!(is_like_a_role("保護司会") && !is_like_a_role("蠣崎"));
    }
}
