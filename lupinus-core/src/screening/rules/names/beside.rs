//! What gives a bare name away: a number, a measure or an age beside it, or a clause before it.

/// Whether `text` ends with a telephone number, or with the label that stands for one.
pub(super) fn ends_with_a_number(text: &str) -> bool {
    let run = text.rsplit(|c: char| !(c.is_ascii_digit() || "-.() +".contains(c))).next().unwrap_or_default();
    run.bytes().filter(u8::is_ascii_digit).count() >= 9 || text.ends_with("電話番号██")
}

/// Whether `text` ends with a time of day and a space.
pub(super) fn ends_with_a_time(text: &str) -> bool {
    let Some(time) = text.strip_suffix(' ') else { return false };
    let time = time.rsplit(|c: char| !(c.is_ascii_digit() || c == ':')).next().unwrap_or_default();
    time.split_once(':').is_some_and(|(hour, minute)| (1..=2).contains(&hour.len()) && minute.len() == 2)
}

/// Whether `text` ends with a verb that says something of what follows: 「担当してる」, 「前に相談した」.
pub(super) fn ends_a_clause(text: &str) -> bool {
    let verb = [
        "した", "った", "いた", "きた", "えた", "けた", "げた", "せた", "てた", "ねた", "べた", "めた",
        "れた", "続く", "ちた", "みた", "んだ", "てる", "でる", "いる", "れる", "てた", "なる", "する",
        "くる", "ける", "める",
    ];
    text.ends_with(['た', 'だ', 'る']) && verb.iter().any(|verb| text.ends_with(verb))
}

/// Whether a clause is about where one lives, goes or is.
pub(super) fn is_of_places(text: &str) -> bool {
    let of_places = [
        "住ん",
        "住む",
        "引っ越",
        "行っ",
        "行く",
        "行き",
        "通っ",
        "通う",
        "生まれ",
        "あった",
        "できた",
        "開い",
        "開か",
        "離れ",
        "面した",
        "越した",
        "移った",
        "泊ま",
        "向かっ",
        "着いた",
        "帰っ",
        "戻っ",
        "転居",
        "移転",
        "開催",
        "育った",
        "過ごし",
        "旅行",
    ];
    of_places.iter().any(|word| text.contains(word))
}

/// Whether a time of day stands at the beginning of `text`.
pub(super) fn is_time(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or_default();
    (1..=2).contains(&digits) && (rest.starts_with('時') || rest.starts_with([':']))
}

/// Whether what is measured of a person, or how much one ate, stands at the beginning of `text`.
pub(super) fn is_measured(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit() || ".全半少完一自拒○×△◎".contains(c)) {
        return false;
    }
    let number = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let rest = text.get(number..).unwrap_or_default();
    let measured = (1..=5).contains(&number)
        && ["L", "kg", "キロ", "度", "℃", "°C", "%", "mL", "ml", "cc", "単位"]
            .iter()
            .any(|unit| rest.starts_with(unit));
    let eaten = ["全量", "半量", "少量", "完食", "全介助", "一部介助", "自立", "拒否"]
        .iter()
        .any(|word| text.starts_with(word));
    measured || eaten || text.starts_with(['○', '×', '△', '◎'])
}

/// Whether an age, a sex or a date of birth stands at the beginning of `text`.
pub(super) fn is_age_or_birth(text: &str) -> bool {
    let begins = |c: char| c.is_ascii_digit() || "〇一二三四五六七八九十百STMH昭大明平男女".contains(c);
    if !text.starts_with(begins) {
        return false;
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or_default();
    let aged = (1..=3).contains(&digits)
        && (rest.starts_with(['歳', '才', '代', ')']) || rest.starts_with("M)") || rest.starts_with("F)"));
    let kanji: usize =
        text.chars().take_while(|c| "〇一二三四五六七八九十百".contains(*c)).map(char::len_utf8).sum();
    let kanji_aged = kanji > 0 && text.get(kanji..).is_some_and(|rest| rest.starts_with(['歳', '才']));
    let era = ["S", "T", "M", "H", "昭", "大正", "明治", "平成"].iter().any(|era| {
        text.strip_prefix(era).is_some_and(|rest| {
            rest.trim_start_matches(['和', '.', ' '])
                .starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十元".contains(c))
        })
    });
    let year = (text.starts_with("19") || text.starts_with("18")) && digits == 4;
    aged || kanji_aged
        || era
        || year
        || text.starts_with("男性")
        || text.starts_with("女性")
        || text.starts_with("男)")
        || text.starts_with("女)")
}
