//! The bot: made once, shared by its loops and its routes.

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use lupinus_core::{
    blob::Blob,
    outbox::Channel,
    service::{Centre, ServiceError},
    store::Cursor,
};
use lupinus_line::{ChannelSecret, Client};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::{
    Blobs, LineChannel, MediaLinks, MenuError, Settings, Texts,
    chat_mode::{self, LineChat},
    dialogue::Dialogue,
    dispatcher, files,
    in_hand::Hands,
    intake, media, menus,
    render::Renderer,
    sweeper, worker,
};

/// Most bytes of one webhook request.
pub(crate) const MAX_WEBHOOK_BYTES: usize = 2 * 1024 * 1024;

/// Why a bot stopped without being told to, or not in order.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// One of its loops broke off: a fault of ours. Everything is kept; start it again.
    #[error("a loop of the bot broke off")]
    BrokeOff,
    /// The store failed while the rest was worked off. It is kept and goes on at the next start.
    #[error("the rest could not be worked off")]
    Drain(#[source] ServiceError),
}

/// A centre on LINE. Cheap to clone; clones are the same bot.
#[derive(Clone)]
pub struct Bot(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) centre: Centre,
    pub(crate) client: Client,
    pub(crate) secrets: Vec<ChannelSecret>,
    pub(crate) texts: Texts,
    pub(crate) settings: Settings,
    pub(crate) blobs: Arc<dyn Blob>,
    pub(crate) links: MediaLinks,
    pub(crate) render: Renderer,
    pub(crate) channel: Arc<dyn Channel>,
    /// Webhooks that may still be taken in hand.
    pub(crate) receiving: Arc<Semaphore>,
    pub(crate) in_hand: Hands,
    pub(crate) arrived: Notify,
    pub(crate) enqueued: Notify,
    pub(crate) roles_changed: Notify,
    pub(crate) pauses: Mutex<dispatcher::Pauses>,
    pub(crate) menus: Mutex<Option<menus::Menus>>,
    pub(crate) working: Mutex<()>,
    pub(crate) swept: Mutex<Option<Cursor>>,
    /// Whether people can chat on LINE's side in the bot's place: consultations would stay there (R2).
    pub(crate) line_chat: LineChat,
}

impl Inner {
    /// Whether a picture or file of this person is wanted now, and members could open it.
    pub(crate) fn takes_media(&self, dialogue: &Dialogue) -> bool {
        self.links.is_public() && dialogue.takes_media()
    }
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

/// Why a bot cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// There is no channel secret: every webhook would be refused.
    #[error("no channel secret was given")]
    NoSecret,
    /// The store does not answer.
    #[error("cannot prepare the store")]
    Store(#[source] ServiceError),
}

/// Gathers what a bot needs.
pub struct BotBuilder {
    centre: Centre,
    client: Client,
    secrets: Vec<ChannelSecret>,
    texts: Texts,
    settings: Settings,
    blobs: Arc<dyn Blob>,
}

impl fmt::Debug for BotBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl BotBuilder {
    /// What members read; the shipped Japanese by default.
    pub fn texts(mut self, texts: Texts) -> Self {
        self.texts = texts;
        self
    }

    /// The city's settings.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Where pictures and files are kept; in memory by default, so that they are gone with the program.
    pub fn blobs(mut self, blobs: Arc<dyn Blob>) -> Self {
        self.blobs = blobs;
        self
    }

    /// The bot. Makes the key of its media links on the first start.
    ///
    /// # Errors
    /// [`BuildError`].
    pub async fn build(self) -> Result<Bot, BuildError> {
        if self.secrets.is_empty() {
            return Err(BuildError::NoSecret);
        }
        let base = self.settings.public_base.as_deref();
        let links = MediaLinks::of(&self.centre, base).await.map_err(BuildError::Store)?;
        let zone = self.centre.policy().hours.time_zone().clone();
        let texts = self.texts.following(&self.centre);
        let render = Renderer::new(texts.clone(), links.clone(), zone).console(self.settings.console.clone());
        let channel = Arc::new(LineChannel::new(self.client.clone(), render.clone()));
        Ok(Bot(Arc::new(Inner {
            centre: self.centre,
            client: self.client,
            secrets: self.secrets,
            texts,
            settings: self.settings,
            blobs: self.blobs,
            links,
            render,
            channel,
            receiving: Arc::new(Semaphore::new(intake::MOST_AT_ONCE)),
            in_hand: Hands::default(),
            arrived: Notify::new(),
            enqueued: Notify::new(),
            roles_changed: Notify::new(),
            pauses: Mutex::default(),
            menus: Mutex::new(None),
            working: Mutex::new(()),
            swept: Mutex::new(None),
            line_chat: LineChat::default(),
        })))
    }
}

/// What a [`Bot::drain`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Events worked off.
    pub events: usize,
    /// Attempts to send.
    pub sends: usize,
}

/// Wakes a bot's loops: for programs that change something beside it, such as the console. Cheap to clone.
#[derive(Clone)]
pub struct Waker(Arc<Inner>);

impl Waker {
    /// Lets the loops look for work now.
    pub fn wake(&self) {
        self.0.arrived.notify_one();
        self.0.enqueued.notify_one();
        self.0.roles_changed.notify_one();
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waker")
    }
}

/// How long after a word of another program the next one is waited for: what happens meanwhile is in it.
const BETWEEN_WORDS: Duration = Duration::from_millis(100);

/// Wakes the loops when another program over the same store may have left them something.
async fn listen(waker: Waker, shutdown: CancellationToken) {
    let store = waker.0.centre.store();
    let mut seen = 0;
    while !shutdown.is_cancelled() {
        tokio::select! {
            heard = store.changed_elsewhere(seen) => seen = heard,
            () = shutdown.cancelled() => return,
        }
        waker.wake();
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_WORDS) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

impl Bot {
    /// Begins a bot for `centre` that calls LINE through `client` and takes webhooks signed with one of `secrets`.
    pub fn builder(centre: Centre, client: Client, secrets: Vec<ChannelSecret>) -> BotBuilder {
        BotBuilder {
            centre,
            client,
            secrets,
            texts: Texts::japanese(),
            settings: Settings::default(),
            blobs: Arc::new(Blobs::in_memory()),
        }
    }

    /// `POST /webhook` for LINE, and `GET /media/{token}` for the pictures and files of posts.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/webhook", post(intake::webhook))
            .layer(DefaultBodyLimit::max(MAX_WEBHOOK_BYTES))
            .route("/media/{token}", get(media::serve))
            .with_state(self.0.clone())
    }

    /// The way out to LINE: for the quota, say.
    pub fn channel(&self) -> Arc<dyn Channel> {
        self.0.channel.clone()
    }

    /// What makes LINE messages of posts: for previews.
    pub fn renderer(&self) -> &Renderer {
        &self.0.render
    }

    /// What it says to members, as the settings have it at each moment.
    pub fn texts(&self) -> &Texts {
        &self.0.texts
    }

    /// The centre that it serves.
    pub fn centre(&self) -> &Centre {
        &self.0.centre
    }

    /// Wakes its loops from elsewhere.
    pub fn waker(&self) -> Waker {
        Waker(self.0.clone())
    }

    /// Works until nothing is left that could be done now: events, posts that are due, sends that are due. For tests, and for
    /// a clock that is moved by hand.
    ///
    /// # Errors
    /// [`ServiceError`], from the store.
    pub async fn drain(&self) -> Result<Drained, ServiceError> {
        let mut drained = Drained::default();
        loop {
            let worked = worker::pass(&self.0, worker::Arrivals::Complete).await?;
            let sent = dispatcher::pass(&self.0).await?;
            drained.events += worked.done;
            drained.sends += sent;
            if worked.done == 0 && sent == 0 {
                return Ok(drained);
            }
        }
    }

    /// What is due now and then: old traces and dialogues go, silent consultations end, the gauges are set.
    ///
    /// # Errors
    /// [`ServiceError`], from the store.
    pub async fn sweep(&self) -> Result<(), ServiceError> {
        sweeper::pass(&self.0).await
    }

    /// Removes the pictures and files that were kept at least so long ago and belong to no post and no draft: what was kept just
    /// before a crash, or for a form that was refused. [`run`](Self::run) does it every hour for those of a day ago.
    pub async fn sweep_files(&self, at_least: Duration) {
        files::sweep(&self.0, at_least).await;
    }

    /// Asks LINE whether its own chat is on. While it is, consultations are closed: what members write would stay on LINE's side,
    /// too. [`run`](Self::run) asks at the start and every few minutes.
    ///
    /// # Errors
    /// Any error of the call; what was known before then stands.
    pub async fn check_chat_mode(&self) -> Result<(), lupinus_line::ApiError> {
        chat_mode::check(&self.0).await
    }

    /// Makes the rich menus if they are not there, and links the submitters' menu to whom it belongs. Calling it again changes
    /// nothing.
    ///
    /// # Errors
    /// [`MenuError`].
    pub async fn prepare_menus(&self) -> Result<(), MenuError> {
        menus::reconcile(&self.0).await
    }

    /// Runs the worker, the dispatcher, the sweeper and the menus until `shutdown`, then finishes what is under way, at most
    /// for [`Settings::drain_limit`].
    ///
    /// # Errors
    /// [`RunError`] when a loop broke off, or the store fails while draining. Failures before are logged and tried again.
    pub async fn run(&self, shutdown: CancellationToken) -> Result<(), RunError> {
        let mut loops = tokio::task::JoinSet::new();
        let bot = &self.0;
        let next = tokio::select! {
            next = chat_mode::first(bot) => next,
            () = shutdown.cancelled() => Duration::MAX,
        };
        loops.spawn(chat_mode::run(bot.clone(), next, shutdown.clone()));
        loops.spawn(worker::run(bot.clone(), shutdown.clone()));
        loops.spawn(dispatcher::run(bot.clone(), shutdown.clone()));
        loops.spawn(sweeper::run(bot.clone(), shutdown.clone()));
        loops.spawn(listen(self.waker(), shutdown.clone()));
        if bot.settings.rich_menus {
            loops.spawn(menus::run(bot.clone(), shutdown.clone()));
        }
        let mut is_whole = true;
        while let Some(ended) = loops.join_next().await {
            if ended.is_err() {
                tracing::error!("a loop of the bot broke off; stopping");
                is_whole = false;
                shutdown.cancel();
            }
        }
        let finished = self.finish().await.map_err(RunError::Drain);
        if is_whole { finished } else { finished.and(Err(RunError::BrokeOff)) }
    }

    async fn finish(&self) -> Result<(), ServiceError> {
        let bot = &self.0;
        let Ok(drained) = tokio::time::timeout(bot.settings.drain_limit, self.drain()).await else {
            tracing::warn!("stopped before everything was drained; it is kept and goes on at the next start");
            return Ok(());
        };
        let drained = drained?;
        tracing::info!(events = drained.events, sends = drained.sends, "drained");
        Ok(())
    }
}
