//! What a city decides: hours, routes, ceilings, windows. Data, read once at the start.

use std::{sync::Arc, time::Duration};

use crate::{
    actor::Roles,
    calendar::{OfficeHours, QuietHours},
    choices::{Areas, Professions},
    consultation::ConsultationPolicy,
    delivery::GatePolicy,
    disposal::Retention,
    outbox::RetryPolicy,
    post::{PostPolicy, Routes},
    queue::Patience,
    screening::CityPolicy,
    settings::CityTexts,
};

/// What a city decides about signing in by its provider of identities (OpenID Connect), beside passwords or instead of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SingleSignOn {
    /// Who may sign in with a password.
    pub passwords: Passwords,
    /// Whose second factor is asked for when somebody signs in by the provider.
    pub second_factor: FactorOf,
}

/// Who may sign in with a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passwords {
    /// Everybody.
    #[default]
    Everybody,
    /// Administrators, for the day on which the provider does not answer, and whoever is not linked to anybody there yet.
    Administrators,
}

/// Whose second factor is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactorOf {
    /// The provider's, whatever it asks for.
    #[default]
    Provider,
    /// Ours, as behind a password.
    Ours,
}

/// The city's rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// When the centre is open.
    pub hours: OfficeHours,
    /// When nothing that can wait is sent.
    pub quiet: Option<QuietHours>,
    /// Which approvals a post needs.
    pub routes: Routes,
    /// Posts.
    pub posts: PostPolicy,
    /// What the city decides about findings of personal information otherwise than its screen does.
    pub screening: CityPolicy,
    /// Consultations.
    pub consultations: ConsultationPolicy,
    /// What must hold before anything reaches a phone.
    pub gate: GatePolicy,
    /// When something that waits for the staff is late.
    pub patience: Patience,
    /// How the dispatcher repeats.
    pub retry: RetryPolicy,
    /// For how long records are kept.
    pub retention: Retention,
    /// The areas (圏域) that the city names itself: what a member picks from them is nobody's name, whatever it looks like.
    pub areas: Areas,
    /// The professions that members choose from; they may also write their own.
    pub professions: Professions,
    /// Words that members read otherwise than the city's file and the program have them.
    pub texts: Arc<CityTexts>,
    /// The version of the rules that a member accepts. A new one asks again.
    pub rules_version: String,
    /// How long an invitation for a submitter serves.
    pub invitation_life: Duration,
    /// Who must show a second factor beside the password: whoever has one of these roles.
    pub second_factor: Roles,
    /// Signing in by the city's provider of identities.
    pub single_sign_on: SingleSignOn,
    /// How many failed attempts lock an account, and for how long.
    pub lockout: (u32, Duration),
    /// How many failed attempts, of whomever, pause all signing in until the span that they fell into is over. Far above what
    /// a staff forgets: it is there for one password that is tried on many accounts from many addresses.
    pub sign_in_ceiling: (u32, Duration),
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            hours: OfficeHours::default(),
            quiet: Some(QuietHours::default()),
            routes: Routes::default(),
            posts: PostPolicy::default(),
            screening: CityPolicy::default(),
            consultations: ConsultationPolicy::default(),
            gate: GatePolicy::default(),
            patience: Patience::default(),
            retry: RetryPolicy::default(),
            retention: Retention::default(),
            areas: Areas::default(),
            professions: Professions::default(),
            texts: Arc::default(),
            rules_version: "1".to_owned(),
            invitation_life: Duration::from_hours(14 * 24),
            second_factor: Roles::default(),
            single_sign_on: SingleSignOn::default(),
            lockout: (5, Duration::from_mins(15)),
            sign_in_ceiling: (200, Duration::from_mins(15)),
        }
    }
}
