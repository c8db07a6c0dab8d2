//! What waits for the staff: one list over posts, consultations and deliveries, each with how long it waits and who is on it.

mod claim;
mod waiting;

pub use self::{
    claim::{CLAIM_LIFE, Claim, HeldBy},
    waiting::{Matter, Patience, Pressing, Sight, Waiting, in_order, of_consultation, of_item, of_post},
};
