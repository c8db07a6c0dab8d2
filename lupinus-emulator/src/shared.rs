//! What every request handler and webhook task holds on to.

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{jwt::SigningKey, state::State};

/// Ids and secrets of the two channels: the account's own, and that of LINE Login. Both belong to one provider, so that
/// people have the same ids in both.
pub(crate) struct Keys {
    pub(crate) channel_id: String,
    pub(crate) channel_secret: String,
    /// The long-lived channel access token.
    pub(crate) channel_access_token: String,
    pub(crate) login_channel_id: String,
    pub(crate) login_channel_secret: String,
    /// Signs ID tokens of LIFF apps.
    pub(crate) signing_key: SigningKey,
}

/// The platform: its state, its keys, its way out.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Counts what may have changed the state.
    changes: watch::Sender<u64>,
    pub(crate) keys: Keys,
    pub(crate) bot_user_id: String,
    pub(crate) http: reqwest::Client,
    /// Ends redeliveries and connections.
    pub(crate) stop: CancellationToken,
}

impl Shared {
    pub(crate) fn new(state: State, keys: Keys, http: reqwest::Client) -> Arc<Self> {
        let bot_user_id = crate::ids::bot_user_id(&keys.channel_secret);
        let stop = CancellationToken::new();
        Arc::new(Self {
            state: Mutex::new(state),
            changes: watch::Sender::new(0),
            keys,
            bot_user_id,
            http,
            stop,
        })
    }

    /// The state, after what is due by its clock has happened. Never hold it over an await.
    pub(crate) fn state(&self) -> StateGuard<'_> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let touched = state.settle();
        StateGuard { state, touched, changes: &self.changes }
    }

    /// Lets what is due happen in time, so that it shows although nobody asks; until the platform is stopped.
    pub(crate) async fn settle_in_time(self: Arc<Self>) {
        let mut changes = self.changes();
        loop {
            changes.mark_unchanged();
            let left = self.state().until_due();
            let due = async {
                match left {
                    Some(left) => tokio::time::sleep(left).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => {}
                changed = changes.changed() => if changed.is_err() { return },
                () = self.stop.cancelled() => return,
            }
        }
    }

    /// Tells whenever the state may have changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// The locked state. Whoever borrowed it mutably is taken to have changed it.
pub(crate) struct StateGuard<'a> {
    state: MutexGuard<'a, State>,
    touched: bool,
    changes: &'a watch::Sender<u64>,
}

impl Deref for StateGuard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.touched = true;
        &mut self.state
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        if self.touched {
            self.changes.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("bot_user_id", &self.bot_user_id).finish_non_exhaustive()
    }
}
