use serde::{Deserialize, Serialize};

use super::{MAX_CHOICES, MAX_LABEL_CHARS, MAX_RETIRED, Unsound, shipped, wrong_words};
use crate::member::{MAX_PROFILE_CHARS, Profession};

/// One profession that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfessionChoice {
    /// How it is stored: never changed, and never another's, since members hold it.
    pub profession: Profession,
    /// What people read: 1 to [`MAX_LABEL_CHARS`].
    pub label: String,
}

/// Professions that are offered together, since LINE shows few at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfessionGroup {
    /// What people read: 1 to [`MAX_LABEL_CHARS`].
    pub label: String,
    /// The professions in it, in their order: 1 to [`MAX_CHOICES`].
    pub professions: Vec<ProfessionChoice>,
}

/// The professions that members choose from; they may also write their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Professions {
    /// Those that can be chosen, in groups, in their order: 1 to [`MAX_CHOICES`].
    pub groups: Vec<ProfessionGroup>,
    /// Those that could be chosen once.
    #[serde(default)]
    pub retired: Vec<ProfessionChoice>,
}

impl Default for Professions {
    /// Those of the field, grouped as the field groups them.
    fn default() -> Self {
        Self::offering(shipped::groups())
    }
}

impl Professions {
    /// These, and none that could be chosen once.
    pub const fn offering(groups: Vec<ProfessionGroup>) -> Self {
        Self { groups, retired: Vec::new() }
    }

    /// Those that can be chosen, group by group.
    pub fn offered(&self) -> impl Iterator<Item = &ProfessionChoice> {
        self.groups.iter().flat_map(|group| &group.professions)
    }

    /// Those that can be chosen, and those that could be.
    pub fn all(&self) -> impl Iterator<Item = &ProfessionChoice> {
        self.offered().chain(&self.retired)
    }

    /// Whether it can be chosen.
    pub fn offers(&self, profession: &Profession) -> bool {
        self.offered().any(|choice| choice.profession == *profession)
    }

    /// What people read for it: its label; where the list does not know it, what the shipped list calls it, of which a city's file may
    /// have been made; or a member's own words as they are.
    pub fn label<'a>(&'a self, profession: &'a Profession) -> &'a str {
        let known = self.all().find(|choice| choice.profession == *profession);
        let known = known.map(|choice| choice.label.as_str());
        known.or_else(|| shipped::label(&profession.0)).unwrap_or(&profession.0)
    }

    /// Every profession that has a name: of this list, and of the shipped one what this does not know.
    pub fn named(&self) -> Vec<ProfessionChoice> {
        let mut named: Vec<_> = self.all().cloned().collect();
        for choice in shipped::groups().into_iter().flat_map(|group| group.professions) {
            if named.iter().all(|known| known.profession != choice.profession) {
                named.push(choice);
            }
        }
        named
    }

    /// What is wrong with it, if anything.
    pub fn unsound(&self) -> Option<Unsound> {
        let is_empty = |group: &ProfessionGroup| group.professions.is_empty();
        if self.groups.is_empty() || self.groups.iter().any(is_empty) {
            return Some(Unsound::Nothing);
        }
        let has_many = |group: &ProfessionGroup| group.professions.len() > MAX_CHOICES;
        if self.groups.len() > MAX_CHOICES || self.groups.iter().any(has_many) {
            return Some(Unsound::TooMany);
        }
        if self.retired.len() > MAX_RETIRED {
            return Some(Unsound::TooManyRetired);
        }
        // What was retired may be called as something else is called now.
        wrong_words(self.groups.iter().map(|group| group.label.as_str()), MAX_LABEL_CHARS)
            .or_else(|| wrong_words(self.offered().map(|choice| choice.label.as_str()), MAX_LABEL_CHARS))
            .or_else(|| wrong_words(self.all().map(|choice| choice.profession.0.as_str()), MAX_PROFILE_CHARS))
    }

    /// What it is in the place of `before`: what that offers and this does not is retired, and what is retired already stays so where
    /// it `is_used`.
    pub(crate) fn keeping(mut self, before: &Self, is_used: impl Fn(&Profession) -> bool) -> Self {
        let mut retired = std::mem::take(&mut self.retired);
        retired.extend(before.all().cloned());
        for choice in retired {
            let is_known = self.all().any(|known| known.profession == choice.profession);
            if !is_known && (before.offers(&choice.profession) || is_used(&choice.profession)) {
                self.retired.push(choice);
            }
        }
        self
    }
}
