//! The demonstration: six months of a made-up city, played through the real path in about a minute.
//!
//! People on the emulated LINE platform tap and write; the platform signs webhooks and posts them to the bot's address; staff
//! decide through the console's services; the dispatcher sends over HTTP. Only the time is moved by hand, the centre's and the
//! platform's together.

mod cast;
mod clock;
mod consulting;
mod marker;
mod phone;
mod posting;
mod proof;
mod report;
mod scenario;
mod stage;
mod timeline;

use std::{
    collections::{BTreeMap, HashMap},
    io::IsTerminal,
    net::SocketAddr,
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use lupinus_bot::RandomIds;
use lupinus_console::hash_password;
use lupinus_core::{
    body::InvitationCode,
    ids::{IdSource, StaffId},
    service::{By, Centre},
};
use lupinus_emulator::{Emulator, Quota};
use lupinus_line::client::{Pacing, Retry};
use lupinus_line::{ChannelSecret, ChannelToken, Client};
use lupinus_store_wrappers::Keys;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::{
    cast::{FIRST_DAY, Lots},
    clock::{StageClock, StageIds},
    marker::Marker,
    scenario::{SETTINGS, StaffScript, instant},
    stage::Stage,
};
pub use self::{
    proof::Proof,
    report::{ConsultationFigures, Figures, MemberFigures, Month},
    scenario::Scenario,
};
use crate::{
    accounts,
    app::{self, App, Parts},
    cli::Demonstration,
    data_flow,
    serve::{self, Half},
    settings::{CityFile, LineSettings, LogFormat, Settings, StoreUrl},
    stores,
};

/// Where the emulator is looked for first.
const USUAL_EMULATOR: &str = "127.0.0.1:9090";
/// The plan of the made-up city's account: messages a month.
const PLAN: u64 = 5_000;

/// A staff account that the visitor may use.
struct Account {
    name: String,
    login: String,
    password: String,
}

/// What a play came to.
#[derive(Clone, Debug)]
pub struct Played {
    /// Counted from the store.
    pub figures: Figures,
    /// Compared on the phones.
    pub proof: Proof,
    /// How long it took.
    pub took: Duration,
}

/// The demonstration as a program: plays it, or takes one up that was played, and serves it until it is stopped.
///
/// # Errors
/// What keeps it from playing or serving.
pub async fn run(settings: &Settings, options: &Demonstration, half: Half) -> anyhow::Result<ExitCode> {
    ensure!(
        half == Half::All,
        "the demonstration is served whole; --serve {} needs LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN",
        if half == Half::Webhook { "webhook" } else { "console" }
    );
    if settings.city.path.is_some() {
        eprintln!("体験版は架空の藤波市の設定で動きます(LUPINUS_CONFIGは使いません)。");
    }
    let store = options.data.clone().map_or_else(|| settings.store.clone(), StoreUrl::Sled);
    let marker = Marker::beside(&store)?;
    if marker.as_ref().is_some_and(|marker| marker.apart_ms.is_none()) {
        remove_unfinished(&store, settings.keys.as_ref()).await?;
    }
    let marker = marker.filter(|marker| marker.apart_ms.is_some());
    let figures = serve::metrics()?;
    let mut demonstration = Running::start(
        &store,
        settings.keys.as_ref(),
        marker.clone(),
        settings.listen,
        options,
        Some(figures),
    )
    .await?;
    let outcome = demonstration.show(&store, marker, options).await;
    match outcome {
        Ok(()) if options.until_played => {
            demonstration.finish().await?;
            Ok(ExitCode::SUCCESS)
        }
        Ok(()) => {
            demonstration.live_on();
            serve::told_to_stop().await;
            demonstration.finish().await?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            // The folder keeps its marker of an unfinished play: the next start begins anew.
            let _ = demonstration.finish().await;
            Err(error.context("the demonstration did not go as it should"))
        }
    }
}

/// Plays the scenario with so many members on this store and ends: for tests.
///
/// # Errors
/// What went otherwise than the scenario says.
pub async fn play_once(store: &StoreUrl, seed: u64, members: usize) -> anyhow::Result<Played> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options =
        Demonstration { data: None, seed, members: Some(members), emulator: None, until_played: true };
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = Demonstration { emulator: Some(any), ..options };
    let mut demonstration = Running::start(store, None, None, any, &options, None).await?;
    let played = demonstration.play(store, &options, |_, _| ()).await;
    demonstration.finish().await?;
    played
}

/// A folder in which a play was broken off holds nothing of anybody's: its marker says so. One that is being played elsewhere
/// is in use, and stays.
async fn remove_unfinished(store: &StoreUrl, keys: Option<&Keys>) -> anyhow::Result<()> {
    let StoreUrl::Sled(folder) = store else { return Ok(()) };
    stores::open(store, keys).await?.close().await.context("cannot close the unfinished demonstration")?;
    eprintln!("{} には途中で止まった体験版があります。はじめからやり直します。", folder.display());
    std::fs::remove_dir_all(folder)
        .with_context(|| format!("cannot remove the unfinished demonstration in {}", folder.display()))
}

/// Emulator, bot and console, serving.
struct Running {
    scenario: Scenario,
    line: Emulator,
    app: App,
    clock: Arc<StageClock>,
    ids: Arc<StageIds>,
    address: SocketAddr,
    figures: Option<metrics_exporter_prometheus::PrometheusHandle>,
    stop: CancellationToken,
    serving: JoinHandle<anyhow::Result<()>>,
    working: Option<JoinHandle<anyhow::Result<()>>>,
}

impl Running {
    async fn start(
        store: &StoreUrl,
        keys: Option<&Keys>,
        marker: Option<Marker>,
        listen: SocketAddr,
        options: &Demonstration,
        figures: Option<metrics_exporter_prometheus::PrometheusHandle>,
    ) -> anyhow::Result<Self> {
        let scenario = Scenario::load()?;
        let city = CityFile::parse(Path::new("scenario/lupinus.toml"), SETTINGS)?;
        let city = CityFile { path: None, ..city };
        let records = stores::open(store, keys).await?;
        if marker.is_none() && !stores::is_empty(records.as_ref()).await? {
            bail!(
                "{store} holds records and no demonstration: set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN to serve \
                 them, or choose another folder for the demonstration with --data DIR"
            );
        }
        let zone = city.policy().hours.time_zone().clone();
        let begin = instant(FIRST_DAY.at(8, 0, 0, 0), &zone)?;
        let clock = Arc::new(match marker.and_then(|marker| marker.apart_ms) {
            Some(apart) => StageClock::ticking(apart),
            None => StageClock::standing(begin),
        });
        let ids = Arc::new(StageIds::new(options.seed));
        let line = emulator(options.emulator).await?;
        let listener = serve::listen(listen).await?;
        let address = listener.local_addr().context("cannot tell the address")?;
        let client = Client::builder(ChannelToken::from(line.channel_access_token()))
            .all_bases(line.url())
            .retry(Retry::never())
            .pacing(Pacing::off()) // months pass in minutes here
            .build()
            .context("cannot set up the way to the emulator")?;
        // The visitor's own machine serves the flyers: as links, since LINE shows pictures by https alone.
        let city = CityFile { public_base: Some(format!("http://{address}")), ..city };
        let parts = Parts {
            store: records,
            clock: Arc::clone(&clock) as _,
            ids: Arc::clone(&ids) as _,
            files: stores::files(store, None, keys)?,
            line: client,
            secret: ChannelSecret::from(line.channel_secret()),
            https: false,
            kept_at: store.place_ja(),
            data_flow: data_flow::sheet(&Settings {
                listen: address,
                drain: Duration::ZERO,
                store: store.clone(),
                files: None,
                keys: keys.cloned(),
                keys_file: None,
                city: city.clone(),
                line: Some(LineSettings {
                    secret: ChannelSecret::from(line.channel_secret()),
                    token: ChannelToken::from(line.channel_access_token()),
                    api_base: Some(line.url().to_owned()),
                    data_api_base: None,
                }),
                oidc_secret: None,
                log_format: LogFormat::Human,
            }),
            oidc_secret: None,
        };
        let app = app::assemble(parts, &city).await?;
        let stop = CancellationToken::new();
        let router = serve::router(&app, Half::All, figures.clone(), stop.clone());
        let serving = tokio::spawn(serve::requests(listener, router, stop.clone()));
        Ok(Self { scenario, line, app, clock, ids, address, figures, stop, serving, working: None })
    }

    /// Plays, or takes up what was played, and says so.
    async fn show(
        &mut self,
        store: &StoreUrl,
        marker: Option<Marker>,
        options: &Demonstration,
    ) -> anyhow::Result<()> {
        let zone = self.zone();
        if let Some(marker) = marker {
            self.take_up(&marker).await?;
            let figures = report::figures(&self.app, &[], &zone).await?;
            println!("{}", figures.tables());
            println!(
                "{store} にある体験版の続きです。記録はそのまま、電話の画面の履歴だけが新しくなっています。"
            );
        } else {
            let progress = Progress::new();
            let played = self.play(store, options, |at, share| progress.show(at, share)).await?;
            progress.done();
            println!("{}", played.figures.tables());
            println!("{}", played.figures.plan());
            println!(
                "承認された内容と届いた内容の照合: {}件の投稿、{}通、{}台の電話ですべて一致(SHA-256)",
                played.proof.posts, played.proof.messages, played.proof.phones
            );
            let memory =
                peak_memory().map_or_else(String::new, |mebibytes| format!("、メモリ最大 {mebibytes} MiB"));
            println!("6か月を {:.1}秒で再生しました{memory}。", played.took.as_secs_f64());
        }
        self.let_go(store, options.seed)?;
        if !options.until_played {
            self.say_where().await?;
        }
        Ok(())
    }

    fn zone(&self) -> TimeZone {
        self.app.centre.policy().hours.time_zone().clone()
    }

    /// Plays the six months and checks what came of them.
    async fn play(
        &mut self,
        store: &StoreUrl,
        options: &Demonstration,
        progress: impl Fn(&jiff::civil::DateTime, f64),
    ) -> anyhow::Result<Played> {
        let began = Instant::now();
        let lots = Lots::new(options.seed);
        let members = options.members.unwrap_or_else(|| self.scenario.members());
        let hours = self.app.centre.policy().hours.clone();
        let zone = self.zone();
        let cast =
            cast::cast(&self.scenario, lots, members, self.app.centre.policy().areas.offered.len(), &hours)?;
        let marker = Marker::playing(options.seed, &cast);
        marker.put(store)?;
        for person in &cast {
            self.line.create_user_with_id(&person.name, &person.user).context("a phone")?;
        }
        self.line.set_quota(Quota::limited(PLAN, 0));
        self.line.set_webhook_url(format!("http://{}/webhook", self.address));
        self.line.freeze(self.app.centre.now());
        self.app.bot.prepare_menus().await.context("making the menus")?;
        let staff = hire(&self.app.centre, &self.scenario.people.staff).await?;
        let scenes = timeline::timeline(&self.scenario, &cast, lots, &hours)?;
        let mut stage = Stage {
            scenario: &self.scenario,
            cast: &cast,
            line: &self.line,
            app: &self.app,
            clock: Arc::clone(&self.clock),
            zone: zone.clone(),
            staff,
            bodies: Vec::new(),
            posts: HashMap::new(),
            asked: HashMap::new(),
            handlers: HashMap::new(),
            usage: Vec::new(),
        };
        let count = scenes.len();
        for (number, (at, scene)) in scenes.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a share for a bar")]
            progress(&zone.to_datetime(*at), number as f64 / count.max(1) as f64);
            stage.play(*at, scene).await?;
        }
        let usage = std::mem::take(&mut stage.usage);
        let figures = report::figures(&self.app, &usage, &zone).await?;
        let proof = proof::delivered_equals_approved(&self.app, &self.line, &cast).await?;
        let took = began.elapsed();
        ensure!(
            figures.members.registered == members,
            "the store holds {} members, and {members} joined",
            figures.members.registered
        );
        let sent = self.scenario.sent();
        ensure!(
            usize::try_from(figures.sent)? == sent && proof.posts == sent,
            "the store holds {} sent posts, {} were compared, and the scenario has {sent}",
            figures.sent,
            proof.posts
        );
        let attention = self.app.centre.outbox_attention(10).await?.len();
        ensure!(attention == 0, "{attention} messages were held, failed, or are of unknown fate");
        Ok(Played { figures, proof, took })
    }

    /// Gives the people of an earlier play their phones again. Nothing is sent: they are friends already.
    async fn take_up(&self, marker: &Marker) -> anyhow::Result<()> {
        self.line.set_time(self.app.centre.now());
        for phone in &marker.people {
            self.line.create_user_with_id(&phone.name, &phone.user).context("a phone")?;
            if phone.friend {
                self.line.follow(&phone.user).await.context("a friend")?;
            }
        }
        self.line.set_quota(Quota::limited(PLAN, 0));
        self.line.set_webhook_url(format!("http://{}/webhook", self.address));
        Ok(())
    }

    /// The visitor's time begins: clocks tick on, and nobody can compute the secrets any more.
    fn let_go(&self, store: &StoreUrl, seed: u64) -> anyhow::Result<()> {
        self.ids.let_go();
        let apart = self.clock.let_go();
        self.line.set_time(self.app.centre.now());
        self.line.unfreeze();
        self.line.set_time(self.app.centre.now());
        if let Some(marker) = Marker::beside(store)? {
            Marker { seed, apart_ms: Some(apart), ..marker }.put(store)?;
        }
        Ok(())
    }

    /// Says where everything is, and who may sign in.
    async fn say_where(&self) -> anyhow::Result<()> {
        let logins = passwords(&self.app.centre, &self.scenario.people.staff).await?;
        let address = self.address;
        println!();
        println!("ボット      http://{address}/readyz (Webhookは /webhook)");
        println!("コンソール  http://{address}/console");
        println!("LINEの代役  {}/", self.line.url());
        println!();
        println!("コンソールにサインインできる架空の職員(合言葉は起動のたびに変わります):");
        for login in &logins {
            println!("  {}  {:<11} {}", login.name, login.login, login.password);
        }
        let now = self.zone().to_datetime(self.app.centre.now());
        println!();
        println!(
            "体験版の時計は {} {:02}:{:02} から進みます。止めるには Ctrl-C。",
            lupinus_core::calendar::date_year_ja(now.date()),
            now.hour(),
            now.minute()
        );
        Ok(())
    }

    /// Starts the loops.
    fn live_on(&mut self) {
        let loops = serve::loops(self.app.clone(), Half::All, self.figures.clone(), self.stop.clone());
        self.working = Some(tokio::spawn(loops));
    }

    async fn finish(self) -> anyhow::Result<()> {
        let working = self.working.unwrap_or_else(|| tokio::spawn(async { Ok(()) }));
        serve::finish(&self.app, &self.stop, self.serving, working).await
    }
}

async fn emulator(address: Option<SocketAddr>) -> anyhow::Result<Emulator> {
    let settings = lupinus_emulator::Settings {
        bot_name: "ルピナスセンター".to_owned(),
        ..lupinus_emulator::Settings::default()
    };
    let builder = |address| Emulator::builder().listen(address).settings(settings.clone());
    if let Some(address) = address {
        return builder(address).start().await.with_context(|| format!("cannot listen on {address}"));
    }
    let usual: SocketAddr = USUAL_EMULATOR.parse().context("an address")?;
    if let Ok(line) = builder(usual).start().await {
        return Ok(line);
    }
    builder(SocketAddr::from(([127, 0, 0, 1], 0))).start().await.context("no free port")
}

/// Makes the staff's accounts.
async fn hire(centre: &Centre, scripts: &[StaffScript]) -> anyhow::Result<BTreeMap<String, StaffId>> {
    let mut staff = BTreeMap::new();
    let mut scripts: Vec<&StaffScript> = scripts.iter().collect();
    scripts.sort_by_key(|script| !script.roles.contains(&lupinus_core::actor::Role::Administrator));
    for script in scripts {
        let password = password();
        let made =
            accounts::create(centre, &script.login, &script.name, &script.roles, &password, None).await?;
        staff.insert(script.key.clone(), made.id);
    }
    Ok(staff)
}

/// Gives the staff fresh passwords.
async fn passwords(centre: &Centre, scripts: &[StaffScript]) -> anyhow::Result<Vec<Account>> {
    let mut logins = Vec::new();
    for script in scripts {
        let staff =
            centre.staff_by_login(&script.login).await?.context("an account of the scenario is gone")?;
        let (id, password) = (staff.value.id, password());
        let hash = &hash_password(&password).await.context("a password")?;
        centre
            .transact(|mut work| async move {
                work.set_password(By::Staff(id), id, hash.clone()).await?;
                work.done(())
            })
            .await
            .context("setting a password")?;
        logins.push(Account { login: script.login.clone(), name: script.name.clone(), password });
    }
    Ok(logins)
}

/// A password that nobody guesses and everybody can type.
fn password() -> String {
    let random = RandomIds::new();
    let code = || InvitationCode::from_random(&random.secret()).reveal().to_lowercase();
    format!("{}-{}", code(), code())
}

/// The most memory that the process has had, in MiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes / 1024)
}

/// A bar at a terminal, a line a month elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    month: std::sync::Mutex<Option<i8>>,
}

impl Progress {
    fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(1_000);
            let style = ProgressStyle::with_template("{bar:40} {percent:>3}% {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, month: std::sync::Mutex::new(None) }
    }

    fn show(&self, at: &jiff::civil::DateTime, share: f64) {
        let day = lupinus_core::calendar::date_year_ja(at.date());
        if let Some(bar) = &self.bar {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 1000"
            )]
            bar.set_position((share * 1_000.0) as u64);
            bar.set_message(day);
            return;
        }
        let mut month = self.month.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if month.replace(at.month()) != Some(at.month()) {
            eprintln!("{}年{}月 …", at.year(), at.month());
        }
    }

    fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
