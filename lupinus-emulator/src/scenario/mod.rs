//! Scripted people: a scenario says who there is, and who does what when; playing it reports what was answered.

mod find;
mod report;
mod run;
mod script;

pub(crate) use self::run::play;
pub use self::{
    report::{ScenarioReport, StepReport},
    script::{InvalidScenario, Scenario},
};
