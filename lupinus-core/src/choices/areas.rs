use serde::{Deserialize, Serialize};

use super::{MAX_CHOICES, MAX_LABEL_CHARS, MAX_RETIRED, Unsound, wrong_words};
use crate::member::Area;

/// The areas of the city. An area is its name: another name is another area.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Areas {
    /// Those that can be chosen, in their order: at most [`MAX_CHOICES`], or none at all.
    pub offered: Vec<Area>,
    /// Those that could be chosen once.
    #[serde(default)]
    pub retired: Vec<Area>,
}

impl Areas {
    /// These, and none that could be chosen once.
    pub const fn offering(offered: Vec<Area>) -> Self {
        Self { offered, retired: Vec::new() }
    }

    /// Whether it can be chosen.
    pub fn offers(&self, area: &Area) -> bool {
        self.offered.contains(area)
    }

    /// Those that can be chosen, and those that could be.
    pub fn all(&self) -> impl Iterator<Item = &Area> {
        self.offered.iter().chain(&self.retired)
    }

    /// What is wrong with it, if anything.
    pub fn unsound(&self) -> Option<Unsound> {
        if self.offered.len() > MAX_CHOICES {
            return Some(Unsound::TooMany);
        }
        if self.retired.len() > MAX_RETIRED {
            return Some(Unsound::TooManyRetired);
        }
        wrong_words(self.all().map(|area| area.0.as_str()), MAX_LABEL_CHARS)
    }

    /// What it is in the place of `before`: what that offers and this does not is retired, and what is retired already stays so where
    /// it `is_used`.
    pub(crate) fn keeping(mut self, before: &Self, is_used: impl Fn(&Area) -> bool) -> Self {
        let mut retired = std::mem::take(&mut self.retired);
        retired.extend(before.all().cloned());
        for area in retired {
            let is_known = self.all().any(|known| *known == area);
            if !is_known && (before.offers(&area) || is_used(&area)) {
                self.retired.push(area);
            }
        }
        self
    }
}
