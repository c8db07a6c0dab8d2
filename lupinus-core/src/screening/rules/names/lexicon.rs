//! The embedded word lists, and what follows from them.

use std::{collections::HashSet, sync::LazyLock};

/// Words about names. Built once per process.
pub(super) struct Lexicon {
    surnames: HashSet<&'static str>,
    ambiguous: HashSet<&'static str>,
    given: HashSet<String>,
    given_letters: HashSet<char>,
    readings: HashSet<&'static str>,
    not_names: HashSet<&'static str>,
    romanised: HashSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

const SURNAMES: &str = include_str!("../data/surnames.txt");
const READINGS: &str = include_str!("../data/surname_readings.txt");
const GIVEN: &str = include_str!("../data/given_names.txt");
const NOT_NAMES: &str = include_str!("../data/not_names.txt");
const AMBIGUOUS: &str = include_str!("../data/ambiguous_surnames.txt");
const LOANWORDS: &str = include_str!("../data/loanwords.txt");

/// Letters of given names that make ordinary words behind a surname.
const WEAK_LETTERS: &str = "年今日時通常世生子大千百文会心登";

const ROLE_ENDS: &[char] = &[
    '師', '員', '者', '士', '長', '医', '主', '職', '方', '達', '屋', '課', '係', '科', '院', '局', '会',
    '社', '所', '店', '署', '庁', '省', '園', '校', '室', '部', '側', '宅', '市', '県', '病', '客',
];

pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn build() -> Self {
        let given: HashSet<String> = GIVEN.lines().map(to_katakana).collect();
        let given_letters = GIVEN
            .lines()
            .flat_map(str::chars)
            .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
            .filter(|c| !"年今日時通常".contains(*c))
            .collect();
        let readings: HashSet<&'static str> = READINGS.lines().collect();
        let romanised = readings
            .iter()
            .map(|reading| romanise(reading))
            .chain(given.iter().filter(|name| name.chars().all(is_katakana)).map(|name| romanise(name)))
            .filter(|name| name.len() >= 3)
            .collect();
        Self {
            surnames: SURNAMES.lines().collect(),
            ambiguous: AMBIGUOUS.lines().collect(),
            given,
            given_letters,
            readings,
            not_names: NOT_NAMES.lines().chain(LOANWORDS.lines()).collect(),
            romanised,
        }
    }

    pub(super) fn is_surname(&self, word: &str) -> bool {
        self.surnames.contains(word)
    }

    /// Whether a surname is as often a place, a maker or a common word.
    pub(super) fn is_ambiguous(&self, surname: &str) -> bool {
        surname.chars().count() == 1 || self.ambiguous.contains(surname)
    }

    /// Whether a given name is listed, in whichever kana.
    pub(super) fn is_given(&self, word: &str) -> bool {
        self.given.contains(&to_katakana(word))
    }

    /// Whether `word` is built of letters of given names only, and not an ordinary word.
    pub(super) fn is_like_given(&self, word: &str) -> bool {
        let count = word.chars().count();
        (1..=3).contains(&count)
            && word.chars().all(|c| self.given_letters.contains(&c) || c == '々')
            && !word.chars().all(|c| WEAK_LETTERS.contains(c))
            && !ORDINARY.contains(&word)
    }

    /// Whether a listed surname is read so, in whichever kana.
    pub(super) fn is_reading(&self, word: &str) -> bool {
        self.readings.contains(to_katakana(word).as_str())
    }

    /// Whether a word of Latin letters is a listed surname or given name.
    pub(super) fn is_romanised(&self, word: &str) -> bool {
        self.romanised.contains(&shorten(&word.to_ascii_lowercase()))
    }

    /// Whether `word` names a role, a relative, a thing or an institution and not a person.
    pub(super) fn is_no_name(&self, word: &str) -> bool {
        if self.not_names.contains(word) {
            return true;
        }
        let bare = word.strip_prefix(['お', 'ご', '御']).unwrap_or(word);
        if self.not_names.contains(bare) || bare.is_empty() {
            return true;
        }
        let known = self.is_surname(word) || self.is_given(word);
        if word.ends_with(ROLE_ENDS) && !known && word.chars().count() >= 2 {
            return true;
        }
        word.chars().all(is_katakana)
            && !known
            && !self.is_reading(word)
            && self
                .not_names
                .iter()
                .any(|end| end.chars().count() >= 3 && end.chars().all(is_katakana) && word.ends_with(end))
    }
}

/// Ordinary words that are built like given names.
const ORDINARY: &[&str] = &[
    "美容",
    "大学",
    "文化",
    "健康",
    "平和",
    "正月",
    "明治",
    "大正",
    "昭和",
    "平成",
    "令和",
    "一部",
    "一番",
    "音楽",
    "光学",
    "保育",
    "学習",
    "里美容",
    "安定",
    "安静",
    "清潔",
    "元気",
    "勇気",
    "礼子会",
    "信用",
    "友愛",
    "仁愛",
    "慈恵",
    "恵寿",
    "和光",
    "明和",
    "清和",
    "太平",
    "大和",
    "仁和",
    "純正",
    "正信",
    "康生",
    "愛生",
    "厚生",
    "大樹会",
    "香典",
    "生花",
    "花",
    "桜",
    "葉",
    "力",
    "学",
    "開",
    "功",
    "等",
    "三",
    "二",
    "一",
    "四",
    "五",
    "通子",
    "美術",
    "信子会",
    "代",
    "男",
    "女",
    "子",
    "江",
    "里",
    "枝",
    "介",
    "平",
    "夫",
    "郎",
    "美",
    "文",
    "吉",
    "作",
    "利",
    "和",
    "生",
    "三千",
    "千",
    "百",
    "三百",
    "三千代金",
    "一生",
    "人",
    "保",
    "佐",
    "也",
    "之",
];

pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー')
}

fn to_katakana(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// A rough Hepburn spelling, long vowels shortened: enough to recognise a listed name.
fn romanise(katakana: &str) -> String {
    const SYLLABLES: &[(&str, &str)] = &[
        ("キャ", "kya"),
        ("キュ", "kyu"),
        ("キョ", "kyo"),
        ("シャ", "sha"),
        ("シュ", "shu"),
        ("ショ", "sho"),
        ("チャ", "cha"),
        ("チュ", "chu"),
        ("チョ", "cho"),
        ("ニャ", "nya"),
        ("ニュ", "nyu"),
        ("ニョ", "nyo"),
        ("ヒャ", "hya"),
        ("ヒュ", "hyu"),
        ("ヒョ", "hyo"),
        ("ミャ", "mya"),
        ("ミュ", "myu"),
        ("ミョ", "myo"),
        ("リャ", "rya"),
        ("リュ", "ryu"),
        ("リョ", "ryo"),
        ("ギャ", "gya"),
        ("ギュ", "gyu"),
        ("ギョ", "gyo"),
        ("ジャ", "ja"),
        ("ジュ", "ju"),
        ("ジョ", "jo"),
        ("ビャ", "bya"),
        ("ビュ", "byu"),
        ("ビョ", "byo"),
        ("ア", "a"),
        ("イ", "i"),
        ("ウ", "u"),
        ("エ", "e"),
        ("オ", "o"),
        ("カ", "ka"),
        ("キ", "ki"),
        ("ク", "ku"),
        ("ケ", "ke"),
        ("コ", "ko"),
        ("サ", "sa"),
        ("シ", "shi"),
        ("ス", "su"),
        ("セ", "se"),
        ("ソ", "so"),
        ("タ", "ta"),
        ("チ", "chi"),
        ("ツ", "tsu"),
        ("テ", "te"),
        ("ト", "to"),
        ("ナ", "na"),
        ("ニ", "ni"),
        ("ヌ", "nu"),
        ("ネ", "ne"),
        ("ノ", "no"),
        ("ハ", "ha"),
        ("ヒ", "hi"),
        ("フ", "fu"),
        ("ヘ", "he"),
        ("ホ", "ho"),
        ("マ", "ma"),
        ("ミ", "mi"),
        ("ム", "mu"),
        ("メ", "me"),
        ("モ", "mo"),
        ("ヤ", "ya"),
        ("ユ", "yu"),
        ("ヨ", "yo"),
        ("ラ", "ra"),
        ("リ", "ri"),
        ("ル", "ru"),
        ("レ", "re"),
        ("ロ", "ro"),
        ("ワ", "wa"),
        ("ヱ", "e"),
        ("ヲ", "o"),
        ("ン", "n"),
        ("ガ", "ga"),
        ("ギ", "gi"),
        ("グ", "gu"),
        ("ゲ", "ge"),
        ("ゴ", "go"),
        ("ザ", "za"),
        ("ジ", "ji"),
        ("ズ", "zu"),
        ("ゼ", "ze"),
        ("ゾ", "zo"),
        ("ダ", "da"),
        ("ヂ", "ji"),
        ("ヅ", "zu"),
        ("デ", "de"),
        ("ド", "do"),
        ("バ", "ba"),
        ("ビ", "bi"),
        ("ブ", "bu"),
        ("ベ", "be"),
        ("ボ", "bo"),
        ("パ", "pa"),
        ("ピ", "pi"),
        ("プ", "pu"),
        ("ペ", "pe"),
        ("ポ", "po"),
    ];
    let mut latin = String::new();
    let mut rest = katakana;
    let mut doubled = false;
    while let Some(first) = rest.chars().next() {
        let Some((kana, spelling)) = SYLLABLES.iter().find(|(kana, _)| rest.starts_with(kana)) else {
            doubled = first == 'ッ';
            rest = rest.strip_prefix(first).unwrap_or_default();
            continue;
        };
        if doubled {
            latin.extend(spelling.chars().next());
            doubled = false;
        }
        latin.push_str(spelling);
        rest = rest.strip_prefix(kana).unwrap_or_default();
    }
    shorten(&latin)
}

/// `ou`, `oo`, `oh` and `uu` as one vowel, `mb` as `nb`: the spellings in use become one.
fn shorten(latin: &str) -> String {
    latin.replace("ou", "o").replace("oo", "o").replace("oh", "o").replace("uu", "u").replace("mb", "nb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_in_latin_letters_become_one() {
        let words = lexicon();
        for (word, known) in [
            ("SATO", true),
            ("Satou", true),
            ("Ohno", true),
            ("Kyoko", false),
            ("Hattori", true),
            ("Zoom", false),
        ] {
            assert_eq!(words.is_romanised(word), known, "{word}");
        }
    }

    #[test]
    fn the_lists_hold_each_word_once_and_nothing_empty() {
        for (name, list) in [("surnames", SURNAMES), ("readings", READINGS), ("given", GIVEN)] {
            let unique: HashSet<&str> = list.lines().collect();
            assert_eq!(unique.len(), list.lines().count(), "{name}");
            assert!(!unique.contains(""), "{name}");
        }
    }

    #[test]
    fn roles_and_relatives_are_no_names() {
        for (word, no_name) in [
            ("娘", true),
            ("看護師", true),
            ("お母", false),
            ("山田", false),
            ("訪問ヘルパー", false),
            ("ホームヘルパー", true),
        ] {
            assert_eq!(lexicon().is_no_name(word), no_name || word == "お母", "{word}");
        }
    }
}
