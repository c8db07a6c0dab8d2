//! What every request handler and webhook task holds on to.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_util::sync::CancellationToken;

use crate::state::State;

/// The platform: its state, its keys, its way out.
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) channel_secret: String,
    pub(crate) channel_access_token: String,
    pub(crate) bot_user_id: String,
    pub(crate) http: reqwest::Client,
    /// Ends redeliveries and connections.
    pub(crate) stop: CancellationToken,
}

impl Shared {
    pub(crate) fn new(
        state: State,
        channel_secret: String,
        channel_access_token: String,
        http: reqwest::Client,
    ) -> Arc<Self> {
        let bot_user_id = crate::ids::bot_user_id(&channel_secret);
        let stop = CancellationToken::new();
        Arc::new(Self {
            state: Mutex::new(state),
            channel_secret,
            channel_access_token,
            bot_user_id,
            http,
            stop,
        })
    }

    /// The state. Never hold it over an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("bot_user_id", &self.bot_user_id).finish_non_exhaustive()
    }
}
