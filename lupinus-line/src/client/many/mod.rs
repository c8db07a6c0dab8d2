//! Multicast to any number of users.

mod plan;
mod run;

pub use plan::{Chunk, ChunkIndex, InvalidPlan, MulticastPlan, PlanId};
pub use run::{CHUNKS_AT_ONCE, ChunkReport, ChunkStream, MulticastRun, OnError, Progress, Summary};
