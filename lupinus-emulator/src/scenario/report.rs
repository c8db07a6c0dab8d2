//! What came of a scenario.

use serde::Serialize;
use serde_json::Value;

/// What came of a scenario, step by step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScenarioReport {
    /// Whether every step was done and every expectation met.
    pub ok: bool,
    /// The steps up to the first one that failed.
    pub steps: Vec<StepReport>,
    /// How many steps were left after it.
    pub left: usize,
}

/// What came of one step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StepReport {
    /// Its place in the scenario, from 0.
    pub step: usize,
    /// What was to be done.
    #[serde(rename = "do")]
    pub act: String,
    /// Whether it was done, or met.
    pub ok: bool,
    /// When it was over, in Unix milliseconds of the emulator's clock.
    pub at: i64,
    /// The webhook that followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_event_id: Option<String>,
    /// For an expectation the messages of the account that came, up to the one that fits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Value>,
    /// What was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}
