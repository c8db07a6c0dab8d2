//! Sums of weights that labelled texts gave: `examples/train` makes them.

/// How many weights a table has, a power of two.
pub(super) const WEIGHTS: usize = 1 << 18;
/// What counts as one in a table: the odds of a thing are `e` to the sum of its weights over this.
pub(super) const ONE: i32 = 32;

/// A table of weights.
pub(super) struct Weights(&'static [u8; WEIGHTS]);

/// Whether a letter is one of a name.
pub(super) static GLANCE: Weights = Weights(include_bytes!("glance.weights"));
/// Whether a stretch is a name.
pub(super) static NAME: Weights = Weights(include_bytes!("name.weights"));
/// Whether a name is a professional's.
pub(super) static ROLE: Weights = Weights(include_bytes!("role.weights"));
/// Whether a contact is a person's and not an organisation's.
pub(super) static OWNER: Weights = Weights(include_bytes!("owner.weights"));

impl Weights {
    /// What a feature adds to the logarithm of the odds, in units of [`ONE`].
    #[inline]
    pub(super) fn of(&self, feature: u32) -> i32 {
        let weight = usize::try_from(feature).ok().and_then(|feature| self.0.get(feature));
        weight.map_or(0, |weight| i32::from(weight.cast_signed()))
    }

    /// The weights from a place on.
    #[inline]
    pub(super) fn row<const N: usize>(&self, place: usize) -> Option<&[u8; N]> {
        self.0.get(place..)?.first_chunk()
    }
}

/// Features as they come, each a place in a table, for whoever gathers or sums them.
pub(super) struct Bag<F>(pub(super) F);

impl<F: FnMut(u32)> Bag<F> {
    /// Adds what `tag` says of `parts`.
    #[inline]
    pub(super) fn add(&mut self, tag: u32, parts: &[u32]) {
        let mix = |hash: u64, part: u32| {
            (hash.rotate_left(23) ^ u64::from(part)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        };
        let hash = parts.iter().fold(mix(0, tag + 1), |hash, part| mix(hash, *part));
        (self.0)(u32::try_from(hash >> 46).unwrap_or(0));
    }
}

/// A letter as a feature has it: digits are alike, and the ends of lines.
pub(super) fn letter(c: char) -> u32 {
    match c {
        '\n' => 0,
        c if c.is_ascii_digit() => u32::from('0'),
        c => u32::from(c),
    }
}

/// Which letters stand beside each other, each pair once.
pub(super) fn pairs(letters: impl Iterator<Item = u32>) -> Vec<[u32; 2]> {
    let letters: Vec<u32> = letters.collect();
    let mut pairs: Vec<[u32; 2]> = letters.windows(2).filter_map(|two| two.try_into().ok()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// In which of the stretches between `edges`, which rise, a number lies.
#[inline]
pub(super) fn step(number: i32, edges: &[i32]) -> u32 {
    u32::try_from(edges.partition_point(|edge| number >= *edge)).unwrap_or(0)
}
