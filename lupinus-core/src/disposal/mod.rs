//! Disposal (廃棄): records go when their years of retention are over, two administrators have said so, and a certificate stays.
//!
//! [`Disposal::decide`] is the whole workflow, a pure function; [`due`] says of one closed record whether it goes. What is decided is
//! carried out by [`Centre::carry_out_disposals`](crate::service::Centre::carry_out_disposals), a few records at a time, which may be
//! killed at any point. The trail of a record stays; it holds no person's words.

mod decide;
mod due;
mod entity;
mod retention;

pub use self::{
    decide::{Command, Context, Decision, Refusal},
    due::{Closed, Kept, Ties, due},
    entity::{Disposal, Extension, Item, MAX_ITEMS, MAX_REASON_CHARS, State},
    retention::{Class, Retention, Years},
};
