//! Incidents (漏えい等): personal information that got through, from the moment somebody learns of it to the final report.
//!
//! One record holds the nine items of the report to the Personal Information Protection Commission (個人情報保護委員会), says
//! whether the law asks for it, and shows how much time is left. It holds no personal information itself: what was leaked is named
//! by its kind.

mod decide;
mod duty;
mod entity;

pub use self::{
    decide::{Command, Context, Decision, Refusal},
    duty::{Deadlines, Due, Ground, MANY_PERSONS, Report},
    entity::{Facts, Incident, IncidentState, Item, MAX_ITEM_CHARS, Reported, Source},
};
