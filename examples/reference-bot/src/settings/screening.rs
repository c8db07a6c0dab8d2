//! `[screening]`: what a city decides about personal information.

use std::{collections::BTreeMap, sync::Arc};

use lupinus_core::screening::{
    Action, AllowList, CityPolicy, CityWords, Context, DefaultPolicy, Detectors, InvalidWord, PiiKind,
    RuleDetector, Screen,
};
use serde::Deserialize;

/// What a city decides about personal information. What it leaves out is as shipped.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScreeningSettings {
    /// Words that are always personal.
    pub personal: Vec<String>,
    /// Words that never are.
    pub allow: AllowSettings,
    /// What follows from findings in posts.
    pub post: BTreeMap<PiiKind, ActionSetting>,
    /// What follows from findings in what members write.
    pub consultation: BTreeMap<PiiKind, ActionSetting>,
    /// What follows from findings in what staff answer and note.
    pub staff_answer: BTreeMap<PiiKind, ActionSetting>,
}

/// Words that are never personal. They work alike; the headings are for the people who keep them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AllowSettings {
    /// Names and contacts of organisations.
    pub organisations: Vec<String>,
    /// Venues.
    pub venues: Vec<String>,
    /// Lecturers and others who are published.
    pub lecturers: Vec<String>,
}

/// What follows from a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionSetting {
    /// It is not taken, or masked.
    Block,
    /// A person confirms it.
    Confirm,
    /// Nothing.
    Allow,
}

impl From<ActionSetting> for Action {
    fn from(setting: ActionSetting) -> Self {
        match setting {
            ActionSetting::Block => Self::Block,
            ActionSetting::Confirm => Self::Warn,
            ActionSetting::Allow => Self::Allow,
        }
    }
}

impl ScreeningSettings {
    fn allowed(&self) -> impl Iterator<Item = &String> {
        let AllowSettings { organisations, venues, lecturers } = &self.allow;
        organisations.iter().chain(venues).chain(lecturers)
    }

    /// The screen that follows, but for what [`ScreeningSettings::policy`] decides.
    ///
    /// # Errors
    /// The key at fault and the sentence.
    pub fn screen(&self) -> Result<Screen, (&'static str, String)> {
        let AllowSettings { organisations, venues, lecturers } = &self.allow;
        let lists = [("organisations", organisations), ("venues", venues), ("lecturers", lecturers)];
        for (key, words) in lists.into_iter().chain([("personal", &self.personal)]) {
            // By its number: a word that is always personal stands in no error.
            for (number, word) in (1..).zip(words) {
                AllowList::check(word).map_err(|problem| (key, format!("word {number}: {problem}")))?;
                if key != "personal" && self.personal.contains(word) {
                    let problem = "stands under \"personal\", too: take it out of one of them";
                    return Err((key, format!("word {number} {problem}")));
                }
            }
        }
        let too_many = |problem: InvalidWord| ("personal", problem.to_string());
        let words = CityWords::new(&self.personal).map_err(too_many)?;
        let detectors = Detectors::new(vec![Arc::new(RuleDetector::new()), Arc::new(words)]);
        let allowed = AllowList::new(self.allowed()).map_err(too_many)?;
        Ok(Screen::new(Arc::new(detectors), Arc::new(DefaultPolicy)).allowing(allowed))
    }

    /// What follows from findings, where the city decides it.
    ///
    /// # Errors
    /// The kind at fault and the sentence.
    pub fn policy(&self) -> Result<CityPolicy, (&'static str, String)> {
        let mut policy = CityPolicy::default();
        for (context, own) in [
            (Context::Post, &self.post),
            (Context::Consultation, &self.consultation),
            (Context::StaffAnswer, &self.staff_answer),
        ] {
            for (kind, action) in own {
                let set = policy.set(context, *kind, (*action).into());
                set.map_err(|refused| (kind.as_str(), refused.to_string()))?;
            }
        }
        Ok(policy)
    }
}
