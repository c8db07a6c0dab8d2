//! Consultations (相談).

/// What a city decides about consultations.
#[derive(Clone, Debug, Default)]
pub struct ConsultationPolicy {}

/// Why a consultation does not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {}
