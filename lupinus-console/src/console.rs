//! The console and its settings.

use std::{fmt, sync::Arc, time::Duration};

use lupinus_core::{
    blob::Blob,
    outbox::Channel,
    service::{Centre, ServiceError},
    settings::MemberTexts,
};

use crate::{
    access::RouteInfo,
    address::Attempts,
    examiner::Examiner,
    live::{self, Live},
    networks::Networks,
    oidc::{InvalidProvider, OpenIdSettings, Provider},
    pages::audit::LastCheck,
    phone::{OwnPreview, PostPreview},
    report::DataFlow,
    routes, session,
    view::{CountCache, QuotaCache},
};

/// Where the console stands: on every page, so that nobody sends to the members while they think they are testing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// 本番: the members receive.
    #[default]
    Production,
    /// 試験: what is sent goes to the followers of a test account. The console says so on every page; it marks no message.
    Test,
    /// 体験版: a made-up city.
    Demonstration,
}

impl Environment {
    /// The word that staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Production => "本番",
            Self::Test => "試験",
            Self::Demonstration => "体験版",
        }
    }

    pub(crate) const fn css(self) -> &'static str {
        match self {
            Self::Production => "env-production",
            Self::Test => "env-test",
            Self::Demonstration => "env-demo",
        }
    }
}

/// What all handlers share.
pub(crate) type App = Arc<Settings>;

pub(crate) struct Settings {
    pub(crate) centre: Centre,
    pub(crate) city: String,
    pub(crate) account: String,
    pub(crate) environment: Environment,
    pub(crate) channel: Option<Arc<dyn Channel>>,
    pub(crate) blob: Option<Arc<dyn Blob>>,
    pub(crate) preview: Arc<dyn PostPreview>,
    pub(crate) examiner: Option<Arc<dyn Examiner>>,
    pub(crate) texts: Option<Arc<dyn MemberTexts>>,
    pub(crate) kept_at: Option<String>,
    pub(crate) data_flow: Option<DataFlow>,
    pub(crate) base: String,
    pub(crate) https: bool,
    pub(crate) public_origin: Option<String>,
    pub(crate) idle_limit: Duration,
    pub(crate) session_limit: Duration,
    pub(crate) proxies: usize,
    pub(crate) networks: Option<Networks>,
    pub(crate) provider: Option<Provider>,
    pub(crate) attempts: Attempts,
    pub(crate) quota: QuotaCache,
    pub(crate) counts: CountCache,
    pub(crate) checked: LastCheck,
    pub(crate) live: Live,
    pub(crate) stream_life: Duration,
}

/// The staff's console.
#[derive(Clone)]
pub struct Console(App);

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("base", &self.0.base).finish_non_exhaustive()
    }
}

impl Console {
    /// A console for this centre, to be set up further.
    pub fn builder(centre: Centre) -> ConsoleBuilder {
        ConsoleBuilder(Settings {
            attempts: Attempts::new(&centre),
            proxies: 0,
            networks: None,
            provider: None,
            centre,
            city: String::new(),
            account: String::new(),
            environment: Environment::default(),
            channel: None,
            blob: None,
            preview: Arc::new(OwnPreview),
            examiner: None,
            texts: None,
            kept_at: None,
            data_flow: None,
            base: "/console".to_owned(),
            https: true,
            public_origin: None,
            idle_limit: Duration::from_hours(1),
            session_limit: Duration::from_hours(12),
            quota: QuotaCache::default(),
            counts: CountCache::default(),
            checked: LastCheck::default(),
            live: Live::default(),
            stream_life: live::LIFE,
        })
    }

    /// Its pages, to be nested under [`ConsoleBuilder::base_path`].
    pub fn router(&self) -> axum::Router {
        routes::router(&self.0)
    }

    /// Its pages where they belong, also with a slash at the end: to be merged into the application's router.
    pub fn mounted(&self) -> axum::Router {
        let base = self.0.base.clone();
        if base.is_empty() {
            return self.router();
        }
        let with_slash = format!("{base}/");
        let home = axum::routing::get(async move || axum::response::Redirect::permanent(&base));
        let home = routes::guarded(&self.0, axum::Router::new().route(&with_slash, home));
        axum::Router::new().nest(&self.0.base, self.router()).merge(home)
    }

    /// Every address there is, with what it needs.
    pub fn routes(&self) -> Vec<RouteInfo> {
        routes::list()
    }

    /// Removes sessions that have ended; answers how many. To be called now and then.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sweep_sessions(&self) -> Result<usize, ServiceError> {
        Ok(session::sweep(&self.0.centre).await?)
    }

    /// Ends what open pages listen to, and lets none begin: to be called when the program stops, so that it waits for no page.
    pub fn close(&self) {
        self.0.live.end();
    }
}

/// Sets a [`Console`] up.
pub struct ConsoleBuilder(Settings);

impl fmt::Debug for ConsoleBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleBuilder").field("base", &self.0.base).finish_non_exhaustive()
    }
}

impl ConsoleBuilder {
    /// The city's name, shown on every page.
    pub fn city(mut self, name: impl Into<String>) -> Self {
        self.0.city = name.into();
        self
    }

    /// The account's name as members know it, shown on every page.
    pub fn account(mut self, name: impl Into<String>) -> Self {
        self.0.account = name.into();
        self
    }

    /// Production or not, shown on every page.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.0.environment = environment;
        self
    }

    /// The channel: asked for the month's quota and nothing else.
    pub fn channel(mut self, channel: Arc<dyn Channel>) -> Self {
        self.0.channel = Some(channel);
        self
    }

    /// Where attachments are. Without it none are shown or taken.
    pub fn blob(mut self, blob: Arc<dyn Blob>) -> Self {
        self.0.blob = Some(blob);
        self
    }

    /// How a post will look on a phone.
    pub fn preview(mut self, preview: Arc<dyn PostPreview>) -> Self {
        self.0.preview = preview;
        self
    }

    /// Who looks at the channel before the members are sent to. Without it nobody leaves the trial.
    pub fn examiner(mut self, examiner: Arc<dyn Examiner>) -> Self {
        self.0.examiner = Some(examiner);
        self
    }

    /// Who says the texts that members read: administrators change them, and look at them before the members are sent to. Without
    /// it they do neither.
    pub fn texts(mut self, texts: Arc<dyn MemberTexts>) -> Self {
        self.0.texts = Some(texts);
        self
    }

    /// Where records are kept, for the usage report. No password: it is shown to all staff.
    pub fn kept_at(mut self, place: impl Into<String>) -> Self {
        self.0.kept_at = Some(place.into());
        self
    }

    /// Where data is and goes, as whoever put the program together made it of the configuration.
    pub fn data_flow(mut self, sheet: DataFlow) -> Self {
        self.0.data_flow = Some(sheet);
        self
    }

    /// Where the router is nested; `/console` unless said otherwise.
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        path.into().trim_end_matches('/').clone_into(&mut self.0.base);
        self
    }

    /// Whether browsers reach it by https; cookies are `Secure` then. `true` unless said otherwise.
    pub fn https(mut self, https: bool) -> Self {
        self.0.https = https;
        self
    }

    /// The origin that browsers see (`https://console.example.jp`), where a proxy does not pass the `Host` on.
    pub fn public_origin(mut self, origin: impl Into<String>) -> Self {
        self.0.public_origin = Some(origin.into().trim_end_matches('/').to_owned());
        self
    }

    /// How many proxies of the city's own stand in front: where a visitor comes from is then what the outermost of them wrote into
    /// `X-Forwarded-For`. Attempts to sign in are counted by it. 0 unless said otherwise: the peer, which axum tells with
    /// `into_make_service_with_connect_info`.
    pub fn behind_proxies(mut self, proxies: usize) -> Self {
        self.0.proxies = proxies;
        self
    }

    /// The networks that it opens from; whoever comes from elsewhere, or nobody knows from where, gets one page that says so. From
    /// everywhere unless said otherwise. Where a visitor comes from is what [`ConsoleBuilder::behind_proxies`] says.
    pub fn networks(mut self, networks: Networks) -> Self {
        self.0.networks = Some(networks);
        self
    }

    /// The city's provider of identities (OpenID Connect), by which staff sign in beside passwords or instead of them
    /// (`Policy::single_sign_on`), and the origin that browsers see, as for [`ConsoleBuilder::public_origin`]: the provider leads
    /// back to `/sign-in/provider/back` there, and knows that address. No account is made by it.
    ///
    /// # Errors
    /// [`InvalidProvider`].
    pub fn single_sign_on(
        mut self,
        settings: OpenIdSettings,
        origin: impl Into<String>,
    ) -> Result<Self, InvalidProvider> {
        let origin = origin.into().trim_end_matches('/').to_owned();
        self.0.provider = Some(Provider::new(settings, &origin)?);
        Ok(self.public_origin(origin))
    }

    /// After how long without a click a session ends; an hour unless said otherwise, 12 hours in any case.
    pub fn idle_limit(mut self, limit: Duration) -> Self {
        self.0.idle_limit = limit;
        self
    }

    /// How long an open page listens before it asks anew (server-sent events); 25 seconds unless said otherwise. Shorter than what
    /// a proxy in front allows an answer.
    pub fn stream_life(mut self, life: Duration) -> Self {
        self.0.stream_life = life;
        self
    }

    /// The console.
    pub fn build(self) -> Console {
        Console(Arc::new(self.0))
    }
}
