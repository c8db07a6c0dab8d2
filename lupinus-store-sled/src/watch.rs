//! Somebody who looks at whether the store still answers. sled may wait for ever, and then holds locks of the whole process: no
//! thread of ours can be called back from it, and only a new start of the program helps. That is found out here, said to
//! everybody who waits, and told to whoever can start the program anew.

use std::{
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use tokio::sync::watch;

use crate::shared::Shared;

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(500);
/// More indexes than this are not forgotten before the program is to be started anew: each holds memory until then.
const MOST_FORGOTTEN: usize = 3;

/// The writer's signs of life, as it works with sled: nothing else can fail to come back.
#[derive(Debug)]
pub(crate) struct Pulse {
    beats: AtomicU64,
    /// It waits for something to do, or for a disk.
    rests: AtomicBool,
    /// It waits until reads are done.
    waits: AtomicBool,
    /// How many indexes of the store could not be closed: each holds its cache, a thread and a file until the program ends.
    forgotten: AtomicUsize,
    lost: watch::Sender<bool>,
    why: OnceLock<&'static str>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            beats: AtomicU64::new(0),
            rests: AtomicBool::new(true),
            waits: AtomicBool::new(false),
            forgotten: AtomicUsize::new(0),
            lost: watch::Sender::new(false),
            why: OnceLock::new(),
        }
    }
}

impl Pulse {
    /// It works.
    pub(crate) fn beats(&self) {
        self.beats.fetch_add(1, Ordering::AcqRel);
        self.rests.store(false, Ordering::Release);
    }

    /// It waits for something to do.
    pub(crate) fn rests(&self) {
        self.rests.store(true, Ordering::Release);
    }

    /// Does what asks a disk and not sled: it may take any time, and a new start would not help.
    pub(crate) fn pauses<T>(&self, work: impl FnOnce() -> T) -> T {
        self.rests();
        let done = work();
        self.beats();
        done
    }

    /// Waits until reads are done. Meanwhile their signs of life count as the writer's.
    pub(crate) fn waits_for_reads<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.waits.store(true, Ordering::Release);
        let done = wait();
        self.waits.store(false, Ordering::Release);
        self.beats.fetch_add(1, Ordering::AcqRel);
        done
    }

    /// A read goes on.
    pub(crate) fn reads(&self) {
        if self.waits.load(Ordering::Acquire) {
            self.beats.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// How many signs of life there were.
    #[cfg(test)]
    pub(crate) fn signs(&self) -> u64 {
        self.beats.load(Ordering::Acquire)
    }

    /// An index could not be closed.
    pub(crate) fn forgets(&self) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
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

/// What was seen of a pulse so far.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    beats: u64,
    silent: Duration,
}

impl Looks {
    /// Looks once more, and answers why the store is lost. Looks are counted, not the time between them: a process that was
    /// stopped, or a machine that slept, comes back to a writer that did not.
    pub(crate) fn finds(&mut self, pulse: &Pulse, patience: Duration) -> Option<&'static str> {
        let beats = pulse.beats.load(Ordering::Acquire);
        let is_alive = pulse.rests.load(Ordering::Acquire) || beats != self.beats;
        self.silent = if is_alive { Duration::ZERO } else { self.silent + every(patience) };
        self.beats = beats;
        if self.silent > patience {
            Some("the index does not answer")
        } else if pulse.forgotten.load(Ordering::Acquire) > MOST_FORGOTTEN {
            Some("too many indexes could not be closed")
        } else {
            None
        }
    }
}

/// How often it is looked.
fn every(patience: Duration) -> Duration {
    LOOK.min(patience)
}

/// Begins to look at the store, until the sender of `stop` is gone.
pub(crate) fn begins(
    shared: &Arc<Shared>,
    patience: Duration,
    on_lost: Option<OnLost>,
    stop: mpsc::Receiver<()>,
) -> std::io::Result<()> {
    let shared = Arc::downgrade(shared);
    let mut seen = Looks::default();
    let looks = move || while looks(&mut seen, &shared, patience, on_lost.as_ref(), &stop) {};
    thread::Builder::new().name("lupinus-watch".to_owned()).spawn(looks).map(drop)
}

fn looks(
    seen: &mut Looks,
    shared: &Weak<Shared>,
    patience: Duration,
    on_lost: Option<&OnLost>,
    stop: &mpsc::Receiver<()>,
) -> bool {
    if stop.recv_timeout(every(patience)) != Err(mpsc::RecvTimeoutError::Timeout) {
        return false;
    }
    let Some(shared) = shared.upgrade() else { return false };
    if let Some(why) = seen.finds(&shared.pulse, patience) {
        shared.pulse.lose(why);
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

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);
    const SILENT: Option<&str> = Some("the index does not answer");

    /// What so many looks find of it.
    fn found(pulse: &Pulse, looks: usize) -> Option<&'static str> {
        let mut seen = Looks::default();
        (0..looks).find_map(|_| seen.finds(pulse, PATIENCE))
    }

    #[test]
    fn a_writer_is_silent_after_half_a_minute_of_looks_whatever_the_clock_says() {
        let pulse = Pulse::default();
        assert_eq!(found(&pulse, 1_000), None);
        pulse.beats();
        assert_eq!(found(&pulse, 61), None);
        assert_eq!(found(&pulse, 62), SILENT);
        pulse.pauses(|| assert_eq!(found(&pulse, 1_000), None));
    }

    #[test]
    fn a_writer_that_waits_for_reads_is_as_alive_as_they_are() {
        let pulse = Pulse::default();
        pulse.beats();
        let mut seen = Looks::default();
        let mut looks = |is_read: bool| {
            let look = |_| {
                if is_read {
                    pulse.reads();
                }
                seen.finds(&pulse, PATIENCE)
            };
            (0..100).find_map(look)
        };
        pulse.waits_for_reads(|| {
            assert_eq!(looks(true), None);
            assert_eq!(looks(false), SILENT);
        });
        // Reads go on beside a writer that sled does not answer.
        assert_eq!(looks(true), SILENT);
    }

    #[test]
    fn what_one_store_could_not_close_is_not_held_against_another() {
        let (one, other) = (Pulse::default(), Pulse::default());
        (0..=MOST_FORGOTTEN).for_each(|_| one.forgets());
        assert!(found(&one, 1).is_some());
        assert_eq!(found(&other, 1), None);
    }
}
