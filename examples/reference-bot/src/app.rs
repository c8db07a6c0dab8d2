//! Puts centre, bot and console together.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use lupinus_bot::{Blobs, Bot, Language, Texts};
use lupinus_console::{Console, OpenIdSettings, report::DataFlow};
use lupinus_core::{
    blob::Blob,
    clock::Clock,
    ids::IdSource,
    policy::Policy,
    post::{Approvers, Obstacle, Route, RouteId, RouteStep, Routes, Urgency},
    service::Centre,
    staff::Staff,
    store::{Entity, Scan, Store, StoreExt},
};
use lupinus_line::client::Retry;
use lupinus_line::{ChannelSecret, Client};
use secrecy::SecretString;

use crate::{
    doctor,
    preview::BotPreview,
    settings::{CityFile, LanguageSetting, LineSettings, NamedRoute, NormalRoute, Settings, StepApprovers},
};

/// How many accounts are looked through for the names in a route.
const MAX_STAFF: usize = 10_000;

/// Everything that serves.
#[derive(Clone, Debug)]
pub struct App {
    /// The rules and the records.
    pub centre: Centre,
    /// The LINE side.
    pub bot: Bot,
    /// The staff's side.
    pub console: Console,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The records.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub ids: Arc<dyn IdSource>,
    /// Pictures and files.
    pub files: Blobs,
    /// LINE's API.
    pub line: Client,
    /// Signs webhooks.
    pub secret: ChannelSecret,
    /// Whether browsers reach the console by https.
    pub https: bool,
    /// Where the records are, as the usage report says it. No password.
    pub kept_at: String,
    /// Where data is and goes.
    pub data_flow: DataFlow,
    /// What the provider of `[sign_in.oidc]` knows the console by.
    pub oidc_secret: Option<SecretString>,
}

/// The centre over these records, with the city's rules.
///
/// # Errors
/// When a route names somebody who has no account, or the words of `[screening]` cannot be used.
pub async fn centre(
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    city: &CityFile,
) -> anyhow::Result<Centre> {
    let mut policy: Policy = city.policy();
    policy.routes = routes(city, store.as_ref()).await?;
    policy.posts.serves_attachments = city.public_base.is_some();
    let wrong = |(key, problem)| anyhow::anyhow!("{key}: {problem}");
    policy.screening = city.screening.policy().map_err(wrong)?;
    let screen = city.screening.screen().map_err(wrong)?;
    let centre = Centre::new(store, clock, ids, screen, policy).reading_with(crate::pdf::reader());
    centre.reload_words().await.context("cannot read the accepted words")?;
    centre.reload_settings().await.context("cannot read the settings")?;
    Ok(centre)
}

/// What to tell whoever starts the program when posts would not get to the end of an approval route. Nothing while nobody has an
/// account.
///
/// # Errors
/// When the accounts cannot be read.
pub async fn route_warning(centre: &Centre) -> anyhow::Result<Option<String>> {
    let staff = centre.staff_list().await.context("cannot read the accounts")?;
    let obstacle = centre.policy().routes.obstacle(&staff).filter(|_| !staff.is_empty());
    Ok(obstacle.map(|Obstacle { urgency, step, why }| {
        let key = match urgency {
            Urgency::Normal => "normal",
            Urgency::Emergency => "emergency",
        };
        format!("route {key:?}, step {}: {why}. Posts stop there; mend the accounts or the route", step + 1)
    }))
}

/// Whether LINE is played on this very machine.
fn is_played_here(line: &LineSettings) -> bool {
    let played = line.api_base.as_deref().and_then(|base| base.strip_prefix("http://"));
    let loopback = ["127.", "localhost:", "[::1]"];
    played.is_some_and(|host| loopback.iter().any(|loopback| host.starts_with(loopback)))
}

/// The city's settings, as they hold where LINE is played on this very machine: pictures and files are served there too, as links,
/// since LINE shows pictures by https alone.
pub fn at_home(city: &CityFile, line: &LineSettings, listen: SocketAddr) -> CityFile {
    let own = (is_played_here(line) && listen.ip().is_loopback()).then(|| format!("http://{listen}"));
    CityFile { public_base: city.public_base.clone().or(own), ..city.clone() }
}

/// What the console needs and neither file nor environment shows alone: somebody who can be seen to come from where it opens (a peer
/// on this very machine that is no proxy is nobody's), and the secret of the provider.
///
/// # Errors
/// When it is missing, with what to do.
pub fn check_console(settings: &Settings) -> anyhow::Result<()> {
    let Settings { city, listen, oidc_secret, .. } = settings;
    anyhow::ensure!(
        oidc_secret.is_some() || city.sign_in.oidc.is_none(),
        "[sign_in.oidc] is set, but LUPINUS_OIDC_CLIENT_SECRET is not: write what the provider knows the console by, or name a \
         file that holds it in LUPINUS_OIDC_CLIENT_SECRET_FILE"
    );
    let unseen = city.console_addresses.is_some() && city.console_proxies == 0 && listen.ip().is_loopback();
    anyhow::ensure!(
        !unseen,
        "console_addresses lets nobody in: only this machine reaches {listen}; set console_proxies to the number of your \
         proxies in front, or let LUPINUS_LISTEN be an address that the office reaches"
    );
    Ok(())
}

/// Whether anybody who reaches the program past the proxies can write down themselves where they come from.
pub fn addresses_can_be_forged(city: &CityFile, listen: SocketAddr) -> bool {
    city.console_addresses.is_some() && city.console_proxies > 0 && !listen.ip().is_loopback()
}

async fn routes(city: &CityFile, store: &dyn Store) -> anyhow::Result<Routes> {
    let normal = match &city.routes.normal {
        NormalRoute::Named(NamedRoute::OneStep) => Route::one_step(),
        NormalRoute::Named(NamedRoute::CheckerThenApprover) => Route::checker_then_approver(),
        NormalRoute::Steps(steps) => {
            let mut own = Vec::new();
            for step in steps {
                own.push(RouteStep {
                    name: step.name.clone(),
                    approvers: approvers(&step.approvers, store).await?,
                    required: step.required,
                });
            }
            let id = RouteId("own".to_owned());
            Route { id, name: "市の承認経路".to_owned(), steps: own, review_afterwards: false }
        }
    };
    let mut emergency = Route::emergency();
    if let Some(own) = &city.routes.emergency {
        let own = approvers(own, store).await?;
        for step in &mut emergency.steps {
            step.approvers = own.clone();
        }
    }
    Ok(Routes { normal, emergency })
}

async fn approvers(written: &StepApprovers, store: &dyn Store) -> anyhow::Result<Approvers> {
    let logins = match written {
        StepApprovers::Role(role) => return Ok(Approvers::Role(*role)),
        StepApprovers::Logins(logins) => logins,
    };
    let everyone =
        store.all::<Staff>(Scan::keys(Staff::KIND), MAX_STAFF).await.context("cannot read the accounts")?;
    let mut named = std::collections::BTreeSet::new();
    for login in logins {
        let known = everyone.iter().find(|staff| staff.value.login == *login);
        let known = known.with_context(|| {
            format!("routes name {login:?}, who has no account: make it (reference-bot staff create) or name another")
        })?;
        named.insert(known.value.id);
    }
    Ok(Approvers::Staff(named))
}

/// Puts everything together.
///
/// # Errors
/// When the texts cannot be read, a route names nobody, or the store does not answer.
pub async fn assemble(parts: Parts, city: &CityFile) -> anyhow::Result<App> {
    let centre = centre(parts.store, parts.clock, parts.ids, city).await?;
    let files: Arc<dyn Blob> = Arc::new(parts.files);
    let settings = bot_settings(city);
    let examiner = doctor::AtTheConsole(parts.line.clone());
    let bot = Bot::builder(centre.clone(), parts.line, vec![parts.secret])
        .texts(texts(city)?)
        .settings(settings)
        .blobs(Arc::clone(&files))
        .build()
        .await
        .context("cannot make the bot")?;
    let mut console = Console::builder(centre.clone())
        .city(city.city.clone().unwrap_or_default())
        .account(city.account_name())
        .environment(city.environment.into())
        .channel(bot.channel())
        .examiner(Arc::new(examiner))
        .texts(Arc::new(bot.texts().clone()))
        .preview(Arc::new(BotPreview::of(&bot)))
        .blob(files)
        .kept_at(parts.kept_at)
        .data_flow(parts.data_flow)
        .https(parts.https)
        .behind_proxies(city.console_proxies);
    if let Some(networks) = &city.console_addresses {
        console = console.networks(networks.clone());
    }
    if let Some(origin) = &city.console_origin {
        console = console.public_origin(origin.clone());
        if let (Some(oidc), Some(client_secret)) = (&city.sign_in.oidc, parts.oidc_secret) {
            let settings = OpenIdSettings {
                issuer: oidc.issuer.clone(),
                client_id: oidc.client_id.clone(),
                client_secret,
                label: oidc.label.clone(),
            };
            console =
                console.single_sign_on(settings, origin.clone()).context("[sign_in.oidc] cannot be used")?;
        }
    }
    Ok(App { centre, bot, console: console.build() })
}

/// Whether a store without members begins in trial: where there are people to be spared, wherever LINE is not played on this very
/// machine, unless the file says it.
pub fn begins_in_trial(city: &CityFile, line: &LineSettings) -> bool {
    city.trial.unwrap_or_else(|| !is_played_here(line))
}

/// Begins the trial, where one is to begin.
///
/// # Errors
/// When the store does not answer.
pub async fn begin(centre: &Centre, city: &CityFile, line: &LineSettings) -> anyhow::Result<()> {
    if !begins_in_trial(city, line) {
        return Ok(());
    }
    let begun = centre.transact(|mut work| async move {
        let begun = work.begin_trial().await?;
        work.done(begun)
    });
    if begun.await.context("cannot begin the trial")? {
        tracing::info!("a trial begins: posts go to linked staff alone until two administrators go live");
    }
    Ok(())
}

/// LINE's API as the settings say.
///
/// # Errors
/// When the HTTP client cannot be set up.
pub fn line_client(line: &LineSettings) -> anyhow::Result<Client> {
    // The outbox keeps the retry keys and decides what is repeated, and when.
    let mut client =
        Client::builder(line.token.clone()).timeout(Duration::from_secs(20)).retry(Retry::never());
    match (&line.api_base, &line.data_api_base) {
        (Some(api), Some(data)) => client = client.api_base(api.as_str()).data_base(data.as_str()),
        (Some(api), None) => client = client.api_base(api.as_str()).data_base(api.as_str()),
        (None, Some(data)) => client = client.data_base(data.as_str()),
        (None, None) => {}
    }
    client.build().context("cannot set up the way to LINE's API: check the access token (one word), LINE_API_BASE and LINE_DATA_API_BASE")
}

fn texts(city: &CityFile) -> anyhow::Result<Texts> {
    let language = match city.texts.language {
        LanguageSetting::Ja => Language::Japanese,
        LanguageSetting::En => Language::English,
    };
    match (city.overrides(), language) {
        (Some(path), language) => Texts::load(language, path).context("cannot use the city's texts"),
        (None, Language::Japanese) => Ok(Texts::japanese()),
        (None, Language::English) => Ok(Texts::english()),
    }
}

/// The bot's settings in the city's words.
pub fn bot_settings(city: &CityFile) -> lupinus_bot::Settings {
    lupinus_bot::Settings {
        centre_name: city.account_name(),
        public_base: city.public_base.clone(),
        console: city
            .console_origin
            .as_ref()
            .map(|origin| format!("{}/console", origin.trim_end_matches('/'))),
        ..lupinus_bot::Settings::default()
    }
}
