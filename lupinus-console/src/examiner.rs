//! Looking at the channel from the console, as the doctor of the command line does.

use lupinus_core::launch::ChannelFinding;

/// Asks the channel everything that must be right before members are let in.
#[async_trait::async_trait]
pub trait Examiner: std::fmt::Debug + Send + Sync + 'static {
    /// What was found, in the words that staff read; nothing of it a secret.
    async fn examine(&self) -> Vec<ChannelFinding>;
}
