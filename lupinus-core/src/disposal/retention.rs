use std::num::NonZeroU8;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::figures::{FIRST_MONTH, Period};

/// What is kept equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Posts that were sent, with the decisions on them and whom they reached.
    SentPosts,
    /// Posts that were rejected or withdrawn.
    UnsentPosts,
    /// Consultations that are resolved.
    Consultations,
    /// Incidents that are closed.
    Incidents,
    /// Canned answers, and frequently asked questions, that are offered no more.
    CannedAnswers,
}

impl Class {
    /// Every class, in the order of lists.
    pub const ALL: [Self; 5] =
        [Self::SentPosts, Self::UnsentPosts, Self::Consultations, Self::Incidents, Self::CannedAnswers];

    /// Its name in settings and records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SentPosts => "sent_posts",
            Self::UnsentPosts => "unsent_posts",
            Self::Consultations => "consultations",
            Self::Incidents => "incidents",
            Self::CannedAnswers => "canned_answers",
        }
    }

    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::SentPosts => "配信した投稿と決裁",
            Self::UnsentPosts => "配信しなかった投稿",
            Self::Consultations => "相談の記録",
            Self::Incidents => "漏えい等の記録",
            Self::CannedAnswers => "使わなくなった定型文・よくある質問",
        }
    }
}

/// For how long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Years {
    /// For so many years.
    Of(NonZeroU8),
    /// For ever (永年).
    Permanent,
}

impl Years {
    /// The longest that a city sets in years; what is kept longer is kept for ever.
    pub const MAX: u8 = 99;

    /// So many; 0 for ever.
    pub const fn of(years: u8) -> Self {
        match NonZeroU8::new(years) {
            Some(years) => Self::Of(years),
            None => Self::Permanent,
        }
    }

    /// How many; 0 for ever.
    pub const fn number(self) -> u8 {
        match self {
            Self::Of(years) => years.get(),
            Self::Permanent => 0,
        }
    }
}

/// For how long each class is kept. The city's own rules on documents decide; what stands here without them is on the long side of
/// what is usual.
///
/// Years are counted as Japanese offices count them: from 1 April after the fiscal year in which a case was closed
/// ([公文書等の管理に関する法律施行令 第8条](https://laws.e-gov.go.jp/law/422CO0000000250), the model of the rules of cities).
/// Records of care services are kept two years after they are complete by ministerial order, five by the ordinance of many cities:
/// consultations have five, and so have the decisions on what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Posts that were sent.
    pub sent_posts: Years,
    /// Posts that were rejected or withdrawn.
    pub unsent_posts: Years,
    /// Consultations.
    pub consultations: Years,
    /// Incidents.
    pub incidents: Years,
    /// Canned answers, and frequently asked questions, that are offered no more.
    pub canned_answers: Years,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            sent_posts: Years::of(5),
            unsent_posts: Years::of(1),
            consultations: Years::of(5),
            incidents: Years::of(10),
            canned_answers: Years::of(3),
        }
    }
}

impl Retention {
    /// Of one class.
    pub const fn of(&self, class: Class) -> Years {
        match class {
            Class::SentPosts => self.sent_posts,
            Class::UnsentPosts => self.unsent_posts,
            Class::Consultations => self.consultations,
            Class::Incidents => self.incidents,
            Class::CannedAnswers => self.canned_answers,
        }
    }

    /// Sets those of one class.
    pub const fn set(&mut self, class: Class, years: Years) {
        match class {
            Class::SentPosts => self.sent_posts = years,
            Class::UnsentPosts => self.unsent_posts = years,
            Class::Consultations => self.consultations = years,
            Class::Incidents => self.incidents = years,
            Class::CannedAnswers => self.canned_answers = years,
        }
    }

    /// Whether no class has more than [`Years::MAX`].
    pub fn is_sound(&self) -> bool {
        Class::ALL.into_iter().all(|class| self.of(class).number() <= Years::MAX)
    }

    /// The first day on which what was closed on that day may go; `None` when it never may.
    ///
    /// # Examples
    /// ```
    /// use jiff::civil::date;
    /// use lupinus_core::disposal::{Class, Retention};
    ///
    /// let retention = Retention::default();
    /// assert_eq!(retention.due_on(Class::Consultations, date(2027, 3, 31)), Some(date(2032, 4, 1)));
    /// assert_eq!(retention.due_on(Class::Consultations, date(2027, 4, 1)), Some(date(2033, 4, 1)));
    /// ```
    pub fn due_on(&self, class: Class, closed_on: Date) -> Option<Date> {
        let Years::Of(years) = self.of(class) else { return None };
        let begins = Period::fiscal_year_of(closed_on).ok()?.next_first_day();
        Date::new(begins.year() + i16::from(years.get()), FIRST_MONTH, 1).ok()
    }

    /// The day before which something must have been closed to be due; `None` when nothing ever is.
    pub fn due_before(&self, class: Class, today: Date) -> Option<Date> {
        let Years::Of(years) = self.of(class) else { return None };
        let present = Period::fiscal_year_of(today).ok()?.first_day();
        Date::new(present.year() - i16::from(years.get()), FIRST_MONTH, 1).ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// R20: what the search for due records goes by is what is said of each.
        #[test]
        fn what_was_closed_before_that_day_is_due_and_nothing_else(
            closed in 0_i64..12_000, today in 0_i64..12_000, years in 1_u8..40,
        ) {
            let day = |days: i64| date(2010, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let (closed, today) = (day(closed), day(today));
            let retention = Retention { incidents: Years::of(years), ..Retention::default() };
            let due = retention.due_on(Class::Incidents, closed).unwrap() <= today;
            prop_assert_eq!(due, closed < retention.due_before(Class::Incidents, today).unwrap());
        }
    }

    #[test]
    fn what_is_permanent_never_is_due() {
        let retention = Retention { sent_posts: Years::Permanent, ..Retention::default() };
        assert_eq!(retention.due_on(Class::SentPosts, date(2000, 4, 1)), None);
        assert_eq!(retention.due_before(Class::SentPosts, date(2199, 4, 1)), None);
    }
}
