//! Puts the dictionary together.

use std::{collections::BTreeMap, error::Error};

use crate::format::{Class, MAGIC, STEP};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) struct Builder {
    classes: BTreeMap<String, Class>,
    matrix: Vec<i16>,
    words: BTreeMap<String, BTreeMap<Class, i32>>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let classes = (0..).zip(Class::FIXED).map(|(n, name)| ((*name).to_owned(), Class(n))).collect();
        Self { classes, matrix: Vec::new(), words: BTreeMap::new() }
    }

    /// The class of a part of speech, new or known.
    pub(crate) fn class(&mut self, part_of_speech: &str) -> Class {
        let next = Class(u16::try_from(self.classes.len()).unwrap_or(u16::MAX));
        *self.classes.entry(part_of_speech.to_owned()).or_insert(next)
    }

    /// A word of a class; of several costs the lowest counts.
    pub(crate) fn word(&mut self, surface: &str, class: Class, cost: i32) {
        let known = self.words.entry(surface.to_owned()).or_default().entry(class).or_insert(cost);
        *known = cost.min(*known);
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The table of costs: of two classes the mean over their parts of speech, those bound to one word left out
    /// where there are others.
    pub(crate) fn matrix(&mut self, table: &str, ids: &[Option<Class>], generic: &[bool]) -> Result<()> {
        let count = self.classes.len();
        let mut has_generic = vec![false; count];
        for (class, free) in ids.iter().zip(generic) {
            if let (Some(class), true) = (class, free) {
                has_generic[usize::from(class.0)] = true;
            }
        }
        let counts = |id: usize| {
            let class = ids.get(id).copied().flatten()?;
            (generic[id] || !has_generic[usize::from(class.0)]).then_some(usize::from(class.0))
        };
        let mut sums = vec![(0_i64, 0_i64); count * count];
        for line in table.lines().skip(1) {
            let mut fields = line.split_whitespace();
            let (Some(right), Some(left), Some(cost)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            if let (Some(right), Some(left)) = (counts(right.parse()?), counts(left.parse()?)) {
                let sum = &mut sums[right * count + left];
                *sum = (sum.0 + cost.parse::<i64>()?, sum.1 + 1);
            }
        }
        self.matrix = sums.iter().map(|(sum, n)| i16::try_from(sum / n.max(&1)).unwrap_or(0)).collect();
        let alias = [
            (Class::KANA_SURNAME, Class::SURNAME),
            (Class::KANA_GIVEN, Class::GIVEN),
            (Class::LATIN_SURNAME, Class::SURNAME),
            (Class::LATIN_GIVEN, Class::GIVEN),
        ];
        for (to, from) in alias.map(|(to, from)| (usize::from(to.0), usize::from(from.0))) {
            for other in 0..count {
                self.matrix[to * count + other] = self.matrix[from * count + other];
            }
        }
        for (to, from) in alias.map(|(to, from)| (usize::from(to.0), usize::from(from.0))) {
            for other in 0..count {
                self.matrix[other * count + to] = self.matrix[other * count + from];
            }
        }
        Ok(())
    }

    /// The dictionary: its head, the table, the words' classes and costs, the trie that leads to them.
    pub(crate) fn finish(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut entries: Vec<u32> = Vec::new();
        let mut keys: Vec<(&str, u32)> = Vec::new();
        for (surface, classes) in &self.words {
            keys.push((surface, u32::try_from(entries.len())?));
            for (at, (class, cost)) in (1..).zip(classes) {
                let steps = u32::try_from((cost / STEP).clamp(-2048, 2047) + 2048)?;
                let last = u32::from(at == classes.len());
                entries.push(u32::from(class.0) << 16 | steps << 1 | last);
            }
        }
        let trie = crawdad::Trie::from_records(keys).map_err(|e| e.to_string())?;
        bytes.extend(u32::try_from(self.classes.len())?.to_le_bytes());
        bytes.extend(u32::try_from(entries.len())?.to_le_bytes());
        bytes.extend(self.matrix.iter().flat_map(|cost| cost.to_le_bytes()));
        bytes.extend(entries.iter().flat_map(|entry| entry.to_le_bytes()));
        bytes.extend(trie.serialize_to_vec());
        println!(
            "{} classes, {} entries, trie of {} bytes; {} bytes in all before compression",
            self.classes.len(),
            entries.len(),
            trie.io_bytes(),
            bytes.len()
        );
        let mut file = MAGIC.to_vec();
        file.extend(lz4_flex::block::compress_prepend_size(&bytes));
        Ok(file)
    }
}
