//! Words between programs over one database: "something was committed", by `NOTIFY`, so that nobody has to look all the time.
//!
//! A hint, sent after the commit and off its way: a `NOTIFY` within a transaction makes all commits of the database wait for each
//! other.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{
    PgConnection,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{
    sync::{Notify, watch},
    task::AbortHandle,
};

use crate::{error::Place, server::Server};

/// How long after a word the next one waits: what happens meanwhile is in it.
const PAUSE: Duration = Duration::from_millis(20);
/// How long after a failure.
const AGAIN: Duration = Duration::from_secs(1);

/// What a program says and hears. Nothing is said before something was committed, and nobody listens before somebody waits.
#[derive(Debug)]
pub(crate) struct News {
    server: Server,
    /// This program, so that it does not hear itself.
    own: String,
    due: Arc<Notify>,
    telling: OnceLock<Ends>,
    hearing: OnceLock<(watch::Receiver<u64>, Ends)>,
}

/// A task that ends with whoever holds this.
#[derive(Debug)]
struct Ends(AbortHandle);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl News {
    pub(crate) fn new(server: Server) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        // The address of something of our own tells the stores of one process apart.
        let due = Arc::new(Notify::new());
        let own = format!("{} {now} {:p}", std::process::id(), Arc::as_ptr(&due));
        Self { server, own, due, telling: OnceLock::new(), hearing: OnceLock::new() }
    }

    /// Something was committed here.
    pub(crate) fn tell(&self) {
        self.telling.get_or_init(|| {
            let told = tell(self.server.clone(), self.own.clone(), Arc::clone(&self.due));
            Ends(tokio::spawn(told).abort_handle())
        });
        self.due.notify_one();
    }

    /// Waits for a number other than `seen`.
    pub(crate) async fn heard(&self, seen: u64) -> u64 {
        let (numbers, _) = self.hearing.get_or_init(|| {
            let (count, numbers) = watch::channel(0);
            let heard = hear(self.server.clone(), self.own.clone(), count);
            (numbers, Ends(tokio::spawn(heard).abort_handle()))
        });
        let mut numbers = numbers.clone();
        let heard = numbers.wait_for(|number| *number != seen).await.map(|number| *number);
        match heard {
            Ok(number) => number,
            // Whoever counts has ended: the store is closed.
            Err(_) => std::future::pending().await,
        }
    }

    /// Nothing is said or heard any more.
    pub(crate) fn close(&self) {
        if let Some(Ends(task)) = self.telling.get() {
            task.abort();
        }
        if let Some((_, Ends(task))) = self.hearing.get() {
            task.abort();
        }
    }
}

async fn tell(server: Server, own: String, due: Arc<Notify>) {
    let mut connection: Option<PgConnection> = None;
    loop {
        due.notified().await;
        if let Err(error) = say(&server, &own, &mut connection).await {
            tracing::debug!(%error, "the others could not be told; they look by themselves");
            connection = None;
            tokio::time::sleep(AGAIN).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn say(
    server: &Server,
    own: &str,
    connection: &mut Option<PgConnection>,
) -> Result<(), crate::DatabaseError> {
    let open = match connection.take() {
        Some(open) => open,
        None => server.connect().await?,
    };
    let open = connection.insert(open);
    let said = sqlx::query("SELECT pg_notify($1, $2)").bind(server.place.schema()).bind(own).execute(open);
    match tokio::time::timeout(server.patience, said).await {
        Ok(said) => said.map(drop).map_err(|error| server.place.explain(error)),
        Err(_) => Err(server.place.slow()),
    }
}

async fn hear(server: Server, own: String, count: watch::Sender<u64>) {
    loop {
        if let Err(error) = listen(&server, &own, &count).await {
            tracing::debug!(%error, "the others cannot be heard; looking without being told");
        }
        tokio::time::sleep(AGAIN).await;
        // Whatever was said meanwhile.
        count.send_modify(|count| *count += 1);
    }
}

async fn listen(server: &Server, own: &str, count: &watch::Sender<u64>) -> Result<(), crate::DatabaseError> {
    let place: &Place = &server.place;
    let explain = |error| place.explain(error);
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(server.patience);
    let pool = pool.connect_lazy_with(server.options().clone());
    let mut listener = PgListener::connect_with(&pool).await.map_err(explain)?;
    listener.listen(place.schema()).await.map_err(explain)?;
    loop {
        match listener.try_recv().await.map_err(explain)? {
            Some(word) if word.payload() == own => {}
            // `None`: the connection was lost and is there again; words may have been lost with it.
            _ => count.send_modify(|count| *count += 1),
        }
    }
}
