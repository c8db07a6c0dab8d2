//! Values drawn at random: names, numbers, addresses.

/// A small generator of random numbers (SplitMix64): texts, not secrets, are made of it.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))).collect()
    }
}

pub(crate) struct Values {
    random: Random,
    surnames: Vec<&'static str>,
    given: Vec<&'static str>,
    foreign: Vec<&'static str>,
    /// Readings of a surname and a given name, joined by `=`.
    readings: Vec<&'static str>,
}

const TOWNS: &[&str] = &[
    "島根県松江市学園南",
    "雲南市三刀屋町三刀屋",
    "出雲市多伎町久村",
    "仁多郡奥出雲町三成",
    "邑智郡邑南町矢上",
    "益田市乙吉町",
    "隠岐郡隠岐の島町西町",
    "岡山県倉敷市中庄",
    "大阪府堺市北区百舌鳥梅町",
    "京都市左京区田中門前町",
    "札幌市中央区南一条西",
    "さいたま市浦和区常盤",
    "千葉県船橋市前原西",
    "福岡市博多区博多駅前",
    "名古屋市千種区今池",
    "境港市上道町",
    "知井宮町",
    "神西沖町",
    "矢野町",
    "古志原",
    "東出雲町揖屋",
    "宍道町佐々布",
    "出雲市今市町",
    "出雲市塩冶町",
    "大津町",
    "松江市西津田",
    "島根県出雲市斐川町直江",
    "平田町",
    "大社町杵築東",
    "雲南市木次町里方",
    "安来市飯島町",
    "大田市大田町",
    "鳥取県米子市皆生",
    "広島市南区段原",
    "浜田市殿町",
    "東京都大田区蒲田",
    "横浜市港北区日吉",
    "渡橋町",
];

impl Values {
    pub(crate) fn new(half: &str, random: Random) -> Self {
        let source = include_str!("texts/names.txt");
        let list = |what: String, by: char| -> Vec<&'static str> {
            let line = source.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == what);
            line.map(|(_, items)| items.split(by).collect()).unwrap_or_default()
        };
        Self {
            random,
            surnames: list(format!("surnames.{half}"), ' '),
            given: list(format!("given.{half}"), ' '),
            foreign: list("foreign".to_owned(), '|'),
            readings: list(format!("readings.{half}"), ' '),
        }
    }

    pub(crate) fn one_of<'t>(&mut self, items: &[&'t str]) -> &'t str {
        items.get(self.random.below(items.len())).copied().unwrap_or_default()
    }

    fn surname(&mut self) -> &'static str {
        let at = self.random.below(self.surnames.len());
        self.surnames.get(at).copied().unwrap_or_default()
    }

    fn given(&mut self) -> &'static str {
        let at = self.random.below(self.given.len());
        self.given.get(at).copied().unwrap_or_default()
    }

    fn reading(&mut self) -> (&'static str, &'static str) {
        let at = self.random.below(self.readings.len());
        self.readings.get(at).and_then(|pair| pair.split_once('=')).unwrap_or_default()
    }

    pub(crate) fn slot(&mut self, slot: &str) -> String {
        match slot {
            "full" | "pro_full" => {
                let gap = ["", "", " ", "\u{3000}"][self.random.below(4)];
                format!("{}{gap}{}", self.surname(), self.given())
            }
            "full_c" => format!("{}{}", self.surname(), self.given()),
            "hirafull_sp" => {
                let (surname, given) = self.reading();
                format!("{} {}", hiragana(surname), hiragana(given))
            }
            "expense" => self.random.digits(7),
            "card" => self.card(),
            "sur" | "pro" => self.surname().to_owned(),
            "given" => self.given().to_owned(),
            "kata" => self.reading().0.to_owned(),
            "kata_sp" => {
                let (surname, given) = self.reading();
                if self.random.below(3) == 0 {
                    half_width(surname) + " " + &half_width(given)
                } else {
                    format!("{surname} {given}")
                }
            }
            "hira" => hiragana(self.reading().0),
            "hirafull" => {
                let (surname, given) = self.reading();
                hiragana(surname) + &hiragana(given)
            }
            "latin" => ["Yamada Hanako", "TANAKA Ichiro", "Kenji Watanabe", "Nakamura Fumiko"]
                [self.random.below(4)]
            .to_owned(),
            "foreign" => self.foreign[self.random.below(self.foreign.len())].to_owned(),
            "age" => (65 + self.random.below(38)).to_string(),
            "mobile" | "orgmobile" => self.mobile(),
            "fixed" | "orgtel" => self.fixed(),
            "addr" | "orgaddr" => self.address(slot == "addr"),
            "postal" | "orgpostal" => format!("69{}-{}", self.random.digits(1), self.random.digits(4)),
            "email" => {
                let local = ["yamako", "t.sato", "kiyo", "happy", "neko.love"][self.random.below(5)];
                let domain = [
                    "gmail.com",
                    "docomo.ne.jp",
                    "yahoo.co.jp",
                    "icloud.com",
                    "ezweb.ne.jp",
                    "softbank.ne.jp",
                ][self.random.below(6)];
                format!("{local}{}@{domain}", self.random.digits(3))
            }
            "orgemail" => {
                let local =
                    ["info", "kaigo", "renkei", "soudan", "jimukyoku", "houkatsu"][self.random.below(6)];
                let domain = [
                    "city.izumo.example.lg.jp",
                    "kaigo-net.or.jp",
                    "hikari-care.co.jp",
                    "clinic-mori.jp",
                    "npo-tasukeai.org",
                ][self.random.below(5)];
                format!("{local}@{domain}")
            }
            "birth" => self.birth(),
            "mynumber" => {
                let digits = self.individual_number();
                match self.random.below(3) {
                    0 => format!("{} {} {}", &digits[..4], &digits[4..8], &digits[8..]),
                    1 => full_width(&digits),
                    _ => digits,
                }
            }
            "care" => format!("00{}", self.random.digits(8)),
            "late" => self.random.digits(8),
            "health" if self.random.below(2) == 0 => {
                format!("{}-{}", 10 + self.random.below(90), 1000 + self.random.below(9_000))
            }
            "health" => {
                format!("記号{} 番号{}", 10 + self.random.below(900), 100 + self.random.below(99_000))
            }
            "pension" => format!("{}-{}", self.random.digits(4), self.random.digits(6)),
            "licence" => format!("30{}", self.random.digits(10)),
            "passport" => format!("TK{}", self.random.digits(7)),
            "residence" => format!("AB{}CD", self.random.digits(8)),
            "resident" => format!("{}{}", 1 + self.random.below(8), self.random.digits(10)),
            "bank" => format!("普通{}", self.random.digits(7)),
            "social" => {
                format!("{}{}", ["hana_", "taro-", "mimi."][self.random.below(3)], self.random.digits(4))
            }
            "patient" => format!("{}", 10_000 + self.random.below(900_000)),
            "plate" => format!(
                "島根5{}{} あ {}-{}",
                self.random.below(10),
                self.random.below(10),
                10 + self.random.below(89),
                10 + self.random.below(89)
            ),
            "orgid" => format!("32{}", self.random.digits(8)),
            _ => String::new(),
        }
    }

    fn mobile(&mut self) -> String {
        let prefix = ["090", "080", "070"][self.random.below(3)];
        let (a, b) = (self.random.digits(4), self.random.digits(4));
        match self.random.below(11) {
            6 => format!("{prefix}.{a}.{b}"),
            7 => format!("{prefix}({a}){b}"),
            8 => format!("{prefix}−{a}−{b}"),
            9 => format!("+81-{}-{a}-{b}", &prefix[1..]),
            10 => full_width(&format!("{prefix}{a}{b}")),
            0 => format!("{prefix}{a}{b}"),
            1 => full_width(&format!("{prefix}-{a}-{b}")),
            2 => format!("{prefix} {a} {b}"),
            3 => format!("{prefix}ー{a}ー{b}"),
            _ => format!("{prefix}-{a}-{b}"),
        }
    }

    fn fixed(&mut self) -> String {
        let rest = self.random.digits(4);
        let middle = 20 + self.random.below(70);
        match self.random.below(5) {
            0 => format!("(0853){middle}-{rest}"),
            1 => format!("0852({middle}){rest}"),
            2 => format!("0853{middle}{rest}"),
            3 => full_width(&format!("0854-{middle}-{rest}")),
            _ => format!("0853-{middle}-{rest}"),
        }
    }

    fn address(&mut self, home: bool) -> String {
        let town = self.one_of(TOWNS).to_owned();
        let (a, b, c) = (1 + self.random.below(40), 1 + self.random.below(30), 1 + self.random.below(20));
        let number = match self.random.below(10) {
            6 => format!("{a}丁目{b}-{c}"),
            7 => format!("{a}番{c}号"),
            8 => format!("{}番地の{c}", 100 + a * b),
            9 => format!("{a}ー{b}ー{c}"),
            0 => format!("{a}丁目{b}番{c}号"),
            1 => format!("{}番地", 100 + a * b),
            2 => format!("{}番地{c}", 100 + a * b),
            3 => full_width(&format!("{a}-{b}-{c}")),
            4 => format!("{}-{c}", 100 + a * b),
            _ => format!("{a}-{b}-{c}"),
        };
        let building = [
            " グリーンハイツ３０１",
            "サンライズ塩冶B-102",
            " 大津団地5-302",
            " シャトレ今市 203号",
            "コーポ大島201号室",
            " メゾン桜102",
            " 県営住宅3棟405号",
            "",
        ];
        let building = if home { building[self.random.below(14).min(7)] } else { "" };
        format!("{town}{number}{building}")
    }

    fn birth(&mut self) -> String {
        let (year, month, day) =
            (2 + self.random.below(38), 1 + self.random.below(12), 1 + self.random.below(28));
        match self.random.below(11) {
            6 => format!("昭和{year}年{month:02}月{day:02}日"),
            7 => format!("S{year}/{month}/{day}"),
            8 => format!("S{year}年{month}月{day}日"),
            9 => format!("{}-{month:02}-{day:02}", 1925 + year),
            10 => format!("{}年（昭和{year}年）{month}月{day}日", 1925 + year),
            0 => format!("S{year}.{month}.{day}"),
            1 => format!("{}年{month}月{day}日", 1925 + year),
            2 => format!("{}/{month:02}/{day:02}", 1925 + year),
            3 => full_width(&format!("S{year}.{month}.{day}")),
            4 => format!("昭{year}.{month}.{day}"),
            _ => format!("昭和{year}年{month}月{day}日"),
        }
    }

    /// Sixteen digits that pass the Luhn formula.
    fn card(&mut self) -> String {
        let body = format!("4{}", self.random.digits(14));
        let sum: usize = body
            .bytes()
            .rev()
            .map(|b| usize::from(b - b'0'))
            .enumerate()
            .map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }

    /// Twelve digits of which the last is the check digit of the individual number.
    fn individual_number(&mut self) -> String {
        let body = self.random.digits(11);
        let digits = body.bytes().rev().map(|b| usize::from(b - b'0'));
        let sum: usize =
            digits.zip(1_usize..).map(|(digit, n)| digit * if n <= 6 { n + 1 } else { n - 5 }).sum();
        let check = match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        };
        format!("{body}{check}")
    }
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c) } else { c })
        .collect()
}

fn hiragana(text: &str) -> String {
    let fold = |c| match c {
        '\u{30a1}'..='\u{30f6}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    };
    text.chars().map(fold).collect()
}

/// Katakana in half width, voiced marks apart.
fn half_width(text: &str) -> String {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンーッャュョ";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｰｯｬｭｮ";
    let one = |c: char| FULL.chars().position(|full| full == c).and_then(|at| HALF.chars().nth(at));
    text.chars()
        .flat_map(|c| {
            let plain = char::from_u32(u32::from(c).saturating_sub(1)).and_then(one);
            one(c)
                .map(|half| vec![half])
                .or_else(|| plain.map(|half| vec![half, 'ﾞ']))
                .unwrap_or_else(|| vec![c])
        })
        .collect()
}
