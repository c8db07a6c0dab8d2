//! How an index is let go of without being waited for.
//!
//! sled writes on threads of its own, and its `Drop` waits, without a bound, until all is written. On a full disk that may be for
//! ever, in two ways: an error of a write is noted without waking whoever waits for it; and a page that did not fit (those over
//! 128 KiB are files of their own) leaves a buffer that nobody will ever write. Meanwhile it holds a lock of the whole process,
//! so that no other index can be written either. So what sled has to write is written while somebody looks on, and an index that
//! cannot come to its end is forgotten, with its memory, but without its room on the disk.

use std::{
    fs::File,
    mem::ManuallyDrop,
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use super::{IndexError, guarded};
use crate::watch::Pulse;

/// How long sled may take to say that a write failed: it writes every half second.
const SAYS_SO: Duration = Duration::from_millis(1_500);
/// How long the end of an index is waited for. It goes on without anybody.
const WAITED_FOR: Duration = Duration::from_secs(3);
/// How long writing the rest may take before the index is forgotten.
const WRITES: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(2);

/// The last handle on an index. Dropping it lets go of it: as a rule at once, else on a thread of its own.
pub(super) struct End {
    db: Option<sled::Db>,
    /// sled's own, for one that must be forgotten.
    file: Option<File>,
    /// Told of one that is.
    pulse: Arc<Pulse>,
    /// It refused a group.
    pub(super) has_failed: bool,
}

impl End {
    pub(super) fn of(db: &sled::Db, path: &Path, pulse: Arc<Pulse>) -> Self {
        let file = File::options().write(true).open(path.join("db")).ok();
        Self { db: Some(db.clone()), file, pulse, has_failed: false }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let Some(db) = self.db.take() else { return };
        // A thread that cannot be had lets go of what it was to do: without this, of the index, here, and without a bound.
        let db = ManuallyDrop::new(db);
        let (file, has_failed, pulse) = (self.file.take(), self.has_failed, Arc::clone(&self.pulse));
        let (done, ended) = mpsc::channel::<()>();
        let ends = move || {
            let _done = done;
            end(ManuallyDrop::into_inner(db), file, has_failed, &pulse);
        };
        match thread::Builder::new().name("lupinus-index".to_owned()).spawn(ends) {
            Ok(_) => drop(ended.recv_timeout(WAITED_FOR)),
            Err(error) => {
                self.pulse.forgets();
                tracing::error!(%error, "there is no thread to close an index with: it is forgotten");
            }
        }
    }
}

fn end(db: sled::Db, file: Option<File>, has_failed: bool, pulse: &Pulse) {
    let comes_to_its_end = if has_failed { has_noted(&db) } else { writes_the_rest(&db) };
    if !comes_to_its_end {
        pulse.forgets();
        return forget(db, file);
    }
    // sled panics where other libraries return an error.
    let _ = guarded(|| {
        drop(db);
        Ok::<_, IndexError>(())
    });
}

/// Whether sled has noted that it failed: it then writes nothing any more, and ends without waiting.
fn has_noted(db: &sled::Db) -> bool {
    let since = Instant::now();
    while db.context.global_error().is_ok() {
        if since.elapsed() > SAYS_SO {
            return false;
        }
        thread::sleep(LOOK);
    }
    true
}

/// Whether sled has written what it held back, or noted that it cannot.
fn writes_the_rest(db: &sled::Db) -> bool {
    if db.context.global_error().is_err() {
        return true;
    }
    let handle = db.clone();
    let writes = thread::Builder::new().name("lupinus-index".to_owned()).spawn(move || {
        let _ = guarded(|| handle.flush().map_err(IndexError::from));
    });
    let Ok(writes) = writes else { return false };
    let since = Instant::now();
    while !writes.is_finished() {
        if db.context.global_error().is_err() {
            // Ends at once, and wakes the other.
            let _ = guarded(|| db.flush().map_err(IndexError::from));
        }
        if since.elapsed() > WRITES {
            return false;
        }
        thread::sleep(LOOK);
    }
    true
}

fn forget(db: sled::Db, file: Option<File>) {
    tracing::error!("an index cannot be closed, and is forgotten: it holds memory until the program ends");
    #[expect(
        clippy::mem_forget,
        reason = "its drop would wait for ever, and hold up every other index meanwhile"
    )]
    std::mem::forget(db);
    // It is open for as long as the program runs, and would keep its room on the disk.
    if let Some(file) = file {
        let _ = file.set_len(0);
    }
}
