//! Somebody who looks at whether the store still answers. sled may wait for ever, and then holds locks of the whole process: no
//! thread of ours can be called back from it, and only a new start of the program helps. That is found out here, said to
//! everybody who waits, and told to whoever can start the program anew.

use std::{
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::{index::forgotten, shared::Shared};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(500);
/// More indexes than this are not forgotten before the program is to be started anew: each holds memory until then.
const MOST_FORGOTTEN: usize = 3;

/// When the writer gave its last sign of life.
#[derive(Debug)]
pub(crate) struct Pulse {
    since: Instant,
    /// Milliseconds, and one; 0 while it waits for something to do.
    at: AtomicU64,
    lost: watch::Sender<bool>,
    why: OnceLock<&'static str>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            since: Instant::now(),
            at: AtomicU64::new(0),
            lost: watch::Sender::new(false),
            why: OnceLock::new(),
        }
    }
}

impl Pulse {
    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// It works.
    pub(crate) fn beats(&self) {
        self.at.store(self.now(), Ordering::Release);
    }

    /// It waits for something to do.
    pub(crate) fn rests(&self) {
        self.at.store(0, Ordering::Release);
    }

    fn silent_for(&self) -> Duration {
        match self.at.load(Ordering::Acquire) {
            0 => Duration::ZERO,
            at => Duration::from_millis(self.now().saturating_sub(at)),
        }
    }

    pub(crate) fn is_lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Why nothing is answered any more; `None` while it is.
    pub(crate) fn why_lost(&self) -> Option<&'static str> {
        self.why.get().copied().filter(|_| self.is_lost())
    }

    /// Nothing is answered from now on. Answers whether it was until now.
    pub(crate) fn lose(&self, why: &'static str) -> bool {
        let first = self.why.set(why).is_ok();
        self.lost.send_replace(true);
        first
    }

    /// Returns when nothing is answered any more.
    pub(crate) async fn until_lost(&self) {
        let mut lost = self.lost.subscribe();
        // Its sender is ours: it does not end.
        let _ = lost.wait_for(|lost| *lost).await;
    }
}

/// What is done when nothing helps but a new start.
pub(crate) type OnLost = Arc<dyn Fn() + Send + Sync>;

/// Begins to look at the store, until the sender of `stop` is gone.
pub(crate) fn begins(
    shared: &Arc<Shared>,
    patience: Duration,
    on_lost: Option<OnLost>,
    stop: mpsc::Receiver<()>,
) -> std::io::Result<()> {
    let shared = Arc::downgrade(shared);
    let looks = move || while looks(&shared, patience, on_lost.as_ref(), &stop) {};
    thread::Builder::new().name("lupinus-watch".to_owned()).spawn(looks).map(drop)
}

fn looks(
    shared: &Weak<Shared>,
    patience: Duration,
    on_lost: Option<&OnLost>,
    stop: &mpsc::Receiver<()>,
) -> bool {
    if stop.recv_timeout(LOOK.min(patience)) != Err(mpsc::RecvTimeoutError::Timeout) {
        return false;
    }
    let Some(shared) = shared.upgrade() else { return false };
    if shared.pulse.silent_for() > patience {
        shared.pulse.lose("the index does not answer");
    } else if forgotten() > MOST_FORGOTTEN {
        shared.pulse.lose("too many indexes could not be closed");
    }
    let Some(why) = shared.pulse.why_lost() else { return true };
    tracing::error!(
        why,
        "the store is lost to this process: only a new start of the program helps, and loses nothing"
    );
    if let Some(on_lost) = on_lost {
        on_lost();
    }
    false
}
