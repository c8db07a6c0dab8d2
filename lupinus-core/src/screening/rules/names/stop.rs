//! Words that are no names, however much they look like one.

use super::cues::STOP;

const NOT_NAMES: &str = include_str!("../data/not_names.txt");
const LOANWORDS: &str = include_str!("../data/loanwords.txt");
/// No names either; but what is honoured by a letter before it may be one: 「お列」.
const ALONE: [&str; 10] = ["令和", "平成", "昭和", "大正", "明治", "元", "長", "表", "列", "希望"];

/// All of them, each with zero, or with one if it counts alone only.
pub(super) fn words() -> impl Iterator<Item = (String, i32)> {
    let anywhere = NOT_NAMES.lines().chain(LOANWORDS.lines()).map(|word| (word.trim(), 0));
    let words = anywhere.chain(ALONE.map(|word| (word, 1)));
    words.filter(|(word, _)| !word.is_empty()).map(|(word, alone)| (word.to_owned(), alone))
}

/// Whether `c` at the end of a word makes a role, a body or a place of it.
fn ends_a_role(c: char) -> bool {
    matches!(
        c,
        '師' | '員'
            | '者'
            | '士'
            | '長'
            | '医'
            | '職'
            | '方'
            | '達'
            | '課'
            | '係'
            | '科'
            | '局'
            | '会'
            | '社'
            | '所'
            | '署'
            | '庁'
            | '省'
            | '園'
            | '校'
            | '部'
            | '側'
            | '県'
            | '病'
            | '客'
            | '店'
            | '屋'
            | '院'
            | '堂'
            | '荘'
            | '苑'
            | '館'
            | '団'
            | '隊'
            | '組'
            | '班'
            | '号'
            | '棟'
            | '室'
            | '町'
            | '市'
            | '村'
            | '区'
            | '歳'
    )
}

/// Whether `word` names a role, a relative, a thing or an institution and not a person.
pub(super) fn is_stop_word(word: &str) -> bool {
    let listed = |word: &str| STOP.prefix(word).filter(|(length, _)| *length == word.len());
    listed(word).is_some()
        || word
            .strip_prefix(['お', 'ご', '御'])
            .is_some_and(|bare| bare.is_empty() || listed(bare).is_some_and(|(_, alone)| alone == 0))
}

/// Whether an unknown `word`, which is no stop word, is built like a role's.
pub(super) fn is_like_a_role(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next();
    matches!(first, Some('様' | '氏' | '殿'))
        || letters.next_back().is_some_and(ends_a_role)
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
