//! Longer texts.
//!
//! - [`cookbook`]: one recipe for each task
//! - [`from_other_sdks`]: what LINE's official SDKs call it, and what is different

#[doc = include_str!("../docs/cookbook.md")]
pub mod cookbook {}

#[doc = include_str!("../docs/from_other_sdks.md")]
pub mod from_other_sdks {}
