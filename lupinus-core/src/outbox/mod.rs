//! What is to be sent, and what became of it. Nothing is sent except from here.

mod channel;
mod item;
mod message;
mod settle;
mod take;

pub use self::{
    channel::{Channel, Quota, SendOutcome},
    item::{
        Addressee, DeliveryKind, HoldReason, MAX_RECIPIENTS, OutboxItem, OutboxState, PauseReason, Recipient,
        ReplyToken, SAID_DAYS, Sort, UNSAID_DAYS,
    },
    message::{Message, NotSent},
    settle::{RetryPolicy, Settled},
    take::{Found, Recorded},
};
