//! What the fuzz target looks for, held against the seeds it starts from; needs no fuzzer. Whatever a fuzzer finds is added to
//! `fuzz/seeds` and stays.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[expect(unreachable_pub, reason = "the fuzz target's crate exports it")]
#[path = "../fuzz/src/properties.rs"]
mod properties;

// R8
#[test]
fn every_seed_is_screened_on_characters_and_masked_once_and_for_all() {
    let folder = format!("{}/fuzz/seeds/screen", env!("CARGO_MANIFEST_DIR"));
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display()); // shown if the property fails
        properties::screen(&std::fs::read(path).unwrap());
        seeds += 1;
    }
    assert!(seeds >= 6, "{seeds}");
}

/// A small generator of random numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// What changes the meaning of what stands beside it.
const JOINTS: [&str; 48] = [
    "さん",
    "様",
    "氏",
    "先生",
    "宅",
    "の",
    "は",
    "が",
    "も",
    "、",
    "。",
    "\n",
    " ",
    "　",
    "（",
    ")",
    "「",
    "」",
    "・",
    "→",
    ":",
    "-",
    "ー",
    "―",
    "0",
    "９",
    "〇",
    "一",
    "十",
    "①",
    "⓪",
    "山田",
    "花子",
    "原",
    "ヤマダ",
    "はなこ",
    "ﾔﾏﾀﾞ",
    "です",
    "の件",
    "82歳",
    "昭和",
    "090-1234-5678",
    "██氏名██",
    "██",
    "\u{200b}",
    "𠮷",
    "🏠",
    "@",
];

fn changed(random: &mut Random, texts: &[Vec<char>]) -> Vec<char> {
    let mut text = random.of(texts).clone();
    for _ in 0..=random.below(6) {
        let at = random.below(text.len() + 1);
        let end = (at + random.below(8)).min(text.len());
        match random.below(6) {
            0 => drop(text.drain(at..end)),
            1 => drop(text.splice(at..at, random.of(&JOINTS).chars())),
            2 => drop(text.splice(at..end, random.of(&JOINTS).chars())),
            3 => {
                let piece = text[at..end].to_vec();
                drop(text.splice(at..at, piece));
            }
            4 => {
                let other = random.of(texts);
                let from = random.below(other.len() + 1);
                let to = (from + random.below(20)).min(other.len());
                drop(text.splice(at..at, other[from..to].iter().copied()));
            }
            _ => {
                let wild = u32::try_from(random.below(0x3_0000)).unwrap();
                text.insert(at, char::from_u32(wild).unwrap_or('\u{fffd}'));
            }
        }
    }
    text.truncate(300);
    text
}

// R8
#[test]
#[ignore = "takes minutes; cargo test --release -p lupinus-core --test fuzz_seeds -- --ignored, MUTATIONS and SEED in the environment"]
fn changed_texts_are_screened_on_characters_and_masked_once_and_for_all() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |value| value.parse().unwrap());
    let mut random = Random(number("SEED", 1));
    let lists = [
        include_str!("../examples/generate/texts/dev.txt"),
        include_str!("../examples/generate/texts/bare.txt"),
    ];
    let lines = lists.iter().flat_map(|list| list.lines()).filter(|line| !line.starts_with('#'));
    let fill = |line: &str| {
        line.replace("{sur}", "佐々木").replace("{full}", "山本 花子").replace("{mobile}", "090-1234-5678")
    };
    let texts: Vec<Vec<char>> =
        lines.map(|line| fill(line.get(2..).unwrap_or_default()).chars().collect()).collect();
    for round in 0..number("MUTATIONS", 2_000_000) {
        let text: String = changed(&mut random, &texts).into_iter().collect();
        let data = format!("{}{text}", round % 2);
        let held = std::panic::catch_unwind(|| properties::screen(data.as_bytes()));
        assert!(held.is_ok(), "mutation {round}: {data:?}");
    }
}
