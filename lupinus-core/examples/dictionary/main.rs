//! Makes the dictionary that the detector of personal information embeds, out of IPADIC and UniDic.
//!
//! ```text
//! apt-get download mecab-ipadic unidic-mecab    # Debian's packages, for their CSV files
//! dpkg-deb -x mecab-ipadic_*.deb dictionaries   # and the same for unidic-mecab
//! cargo run --release -p lupinus-core --example dictionary -- \
//!     dictionaries/usr/share/mecab/dic/ipadic dictionaries/usr/share/mecab/dic/unidic/lex_3_1.csv
//! ```
//!
//! It writes `src/screening/rules/dictionary/dictionary.bin`. The same input gives the same bytes. What it keeps:
//!
//! - IPADIC's words with their costs, and the costs of its parts of speech side by side. Conjugated forms of one
//!   kind share a class, so that some 1,300 parts of speech become about 300 and their table a tenth.
//! - UniDic's surnames, given names and common nouns that IPADIC lacks, at a cost of IPADIC's order.
//! - The readings of all names in both kana, and in Latin letters.
//! - The words of care and medicine in `words.txt` beside the output, which neither dictionary has.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use builder::Builder;
use format::{Class, shorten};
use romanise::romanise;
use unicode_normalization::UnicodeNormalization;

mod builder;
#[path = "../../src/screening/rules/dictionary/format.rs"]
mod format;
mod romanise;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Longest word kept, in characters: longer ones fall into their parts.
const LONGEST: usize = 7;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(ipadic), Some(unidic)) = (args.next(), args.next()) else {
        return Err("needs the folder of IPADIC and the lex file of UniDic".into());
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screening/rules/dictionary");
    let mut builder = Builder::new();
    let ids = read_parts_of_speech(Path::new(&ipadic), &mut builder)?;
    let mut known = BTreeSet::new();
    let mut names = Names::default();
    for file in csv_files(Path::new(&ipadic))? {
        for line in decode(&file)?.lines() {
            let fields: Vec<&str> = line.split(',').collect();
            let [surface, left, _, cost, pos @ ..] = fields.as_slice() else { continue };
            let surface = fold(surface);
            let Some(&class) = ids.get(left.parse::<usize>()?).and_then(Option::as_ref) else { continue };
            if !keeps(&surface) {
                continue;
            }
            builder.word(&surface, class, cost.parse()?);
            if let (Class::SURNAME | Class::GIVEN, Some(reading)) = (class, pos.get(7)) {
                names.add(class, reading, cost.parse()?);
            }
            known.insert(surface);
        }
    }
    let lex = fs::read_to_string(&unidic)?;
    let more = fs::read_to_string(folder.join("words.txt"))?;
    let mut surnames: BTreeSet<String> =
        more.split_whitespace().filter_map(|word| word.strip_prefix("姓:")).map(fold).collect();
    let listed = lex
        .lines()
        .filter(|line| line.contains("固有名詞,人名,姓,"))
        .filter_map(|line| line.split(',').next())
        .map(fold);
    surnames.extend(listed);
    for line in lex.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        let [surface, _, _, cost, pos1, pos2, pos3, pos4, _, _, reading, ..] = fields.as_slice() else {
            continue;
        };
        let surface = fold(surface);
        if !keeps(&surface) || surface.chars().any(|c| c.is_ascii()) {
            continue;
        }
        let Some((class, cost)) = unidic_class([pos1, pos2, pos3, pos4], cost.parse().unwrap_or(0)) else {
            continue;
        };
        if matches!(class, Class::SURNAME | Class::GIVEN) {
            names.add(class, reading, cost);
        }
        let kana_only = !surface.chars().any(is_han);
        let person = matches!(class, Class::SURNAME | Class::GIVEN | Class::PERSON);
        let wanted = person || !known.contains(&surface);
        let cost = if surnames.contains(&surface) && !person { 9_500 } else { cost };
        let hiragana = surface.chars().any(|c| ('\u{3041}'..='\u{3096}').contains(&c));
        if wanted
            && !(kana_only && hiragana)
            && (class != Class::PERSON || (kana_only && surface.chars().count() >= 2))
        {
            builder.word(&surface, class, cost);
        }
    }
    names.write(&mut builder);
    for line in more.lines().filter(|line| !line.starts_with('#')) {
        for word in line.split_whitespace() {
            match word.strip_prefix("姓:") {
                Some(surname) => builder.word(&fold(surname), Class::SURNAME, 8_000),
                None => builder.word(&fold(word), Class::NOUN, 2_000),
            }
        }
    }
    let bytes = builder.finish()?;
    println!("{} words, {} bytes", builder.len(), bytes.len());
    fs::write(folder.join("dictionary.bin"), bytes)?;
    Ok(())
}

/// The readings of names, to be written in kana and in Latin letters.
#[derive(Default)]
struct Names {
    /// The cost of the most frequent name that is read so.
    readings: BTreeMap<(String, Class), i32>,
}

impl Names {
    fn add(&mut self, class: Class, reading: &str, cost: i32) {
        let length = reading.chars().count();
        if (2..=7).contains(&length) && reading.chars().all(is_katakana) {
            let known = self.readings.entry((reading.to_owned(), class)).or_insert(cost);
            *known = cost.min(*known);
        }
    }

    fn write(&self, builder: &mut Builder) {
        for ((reading, class), cost) in &self.readings {
            let (kana, latin) = match *class {
                Class::SURNAME => (Class::KANA_SURNAME, Class::LATIN_SURNAME),
                _ => (Class::KANA_GIVEN, Class::LATIN_GIVEN),
            };
            let hiragana: String = reading.chars().map(to_hiragana).collect();
            builder.word(reading, kana, cost + 2_000);
            builder.word(&hiragana, kana, cost + 4_000);
            builder.word(&shorten(&romanise(reading)), latin, *cost);
        }
    }
}

fn unidic_class(pos: [&str; 4], cost: i32) -> Option<(Class, i32)> {
    // UniDic's costs run from about 4,000 for what is frequent to 8,000 and more.
    let rare = (cost - 5_000).clamp(0, 3_000) / 4;
    Some(match pos {
        ["名詞", "固有名詞", "人名", "姓"] => (Class::SURNAME, 8_300 + rare),
        ["名詞", "固有名詞", "人名", "名"] => (Class::GIVEN, 8_900 + rare),
        ["名詞", "固有名詞", "人名", _] => (Class::PERSON, 9_000),
        ["名詞", "固有名詞", "地名", _] => (Class::PLACE, 8_500),
        ["名詞", "固有名詞", ..] => (Class::PROPER, 7_000),
        ["名詞", "普通名詞", "サ変可能" | "サ変形状詞可能", _] => (Class::ACT, 6_000),
        ["名詞", "普通名詞", ..] => (Class::NOUN, 6_200),
        ["形状詞", ..] => (Class::NOUN, 6_200),
        _ => return None,
    })
}

fn keeps(surface: &str) -> bool {
    let count = surface.chars().count();
    (1..=LONGEST).contains(&count) && !surface.contains(char::is_whitespace)
}

/// IPADIC's parts of speech by their id, as classes; the table of costs goes into the builder.
fn read_parts_of_speech(folder: &Path, builder: &mut Builder) -> Result<Vec<Option<Class>>> {
    let mut ids: Vec<Option<Class>> = Vec::new();
    let mut generic: Vec<bool> = Vec::new();
    for line in decode(&folder.join("left-id.def"))?.lines() {
        let (id, feature) = line.split_once(' ').ok_or("a part of speech without its id")?;
        let id: usize = id.parse()?;
        let f: Vec<&str> = feature.split(',').collect();
        let part = |at: usize| f.get(at).copied().unwrap_or("*");
        let key = match (part(0), part(1)) {
            ("名詞", _) => [part(0), part(1), part(2), part(3)].join(","),
            ("動詞" | "形容詞", _) => [part(0), part(1), part(5)].join(","),
            ("助動詞", _) => [part(0), part(4), part(5)].join(","),
            ("助詞", _) if part(2) == "連語" => "助詞,連語".to_owned(),
            ("助詞", "終助詞" | "副助詞") => [part(0), part(1)].join(","),
            ("助詞", _) => [part(0), part(1), part(2), part(6)].join(","),
            _ => [part(0), part(1)].join(","),
        };
        ids.resize(ids.len().max(id + 1), None);
        generic.resize(ids.len(), false);
        if let (Some(slot), Some(free)) = (ids.get_mut(id), generic.get_mut(id)) {
            *slot = Some(builder.class(&key));
            *free = part(6) == "*";
        }
    }
    builder.matrix(&decode(&folder.join("matrix.def"))?, &ids, &generic)?;
    Ok(ids)
}

fn csv_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "csv"))
        .collect();
    files.sort();
    Ok(files)
}

fn decode(path: &Path) -> Result<String> {
    Ok(encoding_rs::EUC_JP.decode(&fs::read(path)?).0.into_owned())
}

fn fold(surface: &str) -> String {
    surface.nfkc().collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{2fa1f}' | '々')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー')
}

fn to_hiragana(c: char) -> char {
    match c {
        '\u{30a1}'..='\u{30f6}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}
