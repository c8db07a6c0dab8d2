//! What waits for the staff: one list over posts, consultations, frequently asked questions and deliveries, each with how long it waits and who is on it.

mod claim;
mod reminding;
mod waiting;

pub use self::{
    claim::{CLAIM_LIFE, Claim, HeldBy},
    reminding::{Reminded, is_asked_of, is_to_be_reminded, reminded},
    waiting::{
        Matter, Patience, Pressing, Sight, Waiting, in_order, of_consultation, of_faq, of_item, of_post,
    },
};
