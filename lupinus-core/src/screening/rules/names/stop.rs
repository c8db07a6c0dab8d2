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
