//! The city: everything started, and stopped when it is dropped.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use lupinus_bot::{Bot, Settings};
use lupinus_console::{Console, Environment};
use lupinus_core::{
    actor::{Role, Roles},
    clock::{Clock, ManualClock},
    ids::{IdSource, SeededIds, StaffId},
    policy::Policy,
    screening::Screen,
    service::{By, Centre, NewStaff},
    store::{Entity, Record, Scan, Store, StoreExt},
    testkit::Faulty,
};
use lupinus_emulator::Emulator;
use lupinus_line::client::{Pacing, Retry};
use lupinus_line::{ChannelSecret, ChannelToken, Client};
use lupinus_store_postgres::testkit::Schema;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    desk, guard,
    kept::{Kept, Place},
};

/// How a city is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the records are kept.
    pub kept: Kept,
    /// What the clocks of the centre and of the emulator show; both stand still until they are moved. `None`: the real time,
    /// and the bot's loops run.
    pub at: Option<Timestamp>,
    /// The city's rules.
    pub policy: Policy,
    /// How long the bot waits for LINE.
    pub patience: Duration,
    /// How long the running bot leaves alone what one person did.
    pub settle: Duration,
}

impl Default for Plan {
    /// A Monday at ten in the morning, the shipped rules.
    fn default() -> Self {
        Self {
            kept: Kept::InMemory,
            at: Some("2026-10-05T10:00:00+09:00".parse().unwrap()),
            policy: Policy::default(),
            patience: Duration::from_secs(20),
            settle: Settings::default().settle,
        }
    }
}

/// The centre's staff.
#[derive(Clone, Copy, Debug)]
pub struct Team {
    /// Login `admin`.
    pub administrator: StaffId,
    /// Login `checker`.
    pub checker: StaffId,
    /// Login `approver`.
    pub approver: StaffId,
    /// Login `approver2`.
    pub second_approver: StaffId,
    /// Login `consultant`.
    pub consultant: StaffId,
    /// Login `consultant2`.
    pub second_consultant: StaffId,
}

/// A city with its centre, on an emulated LINE.
#[derive(Debug)]
pub struct City {
    /// LINE.
    pub line: Emulator,
    /// The services.
    pub centre: Centre,
    /// The bot.
    pub bot: Bot,
    /// The staff.
    pub team: Team,
    /// Breaks the store on purpose.
    pub faulty: Faulty,
    /// Where bot and console are served, without a slash at the end.
    pub url: String,
    clock: Option<Arc<ManualClock>>,
    folder: Option<TempDir>,
    schema: Option<Schema>,
    stop: CancellationToken,
    running: Option<JoinHandle<()>>,
}

impl Drop for City {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl City {
    /// A city with the shipped rules whose clock stands still.
    pub async fn start(kept: Kept) -> Self {
        Self::planned(Plan { kept, ..Plan::default() }).await
    }

    /// A city in real time, with the bot's loops running.
    pub async fn running(kept: Kept) -> Self {
        Self::planned(Plan { kept, at: None, ..Plan::default() }).await
    }

    /// A city as planned.
    pub async fn planned(plan: Plan) -> Self {
        guard::no_real_line().unwrap();
        let line = Emulator::start().await.unwrap();
        if let Some(at) = plan.at {
            line.freeze(at);
        }
        let Place { store, folder, schema } = Place::of(plan.kept).await;
        let faulty = Faulty::new(store);
        let clock = plan.at.map(|at| Arc::new(ManualClock::new(at)));
        let time: Arc<dyn Clock> = match &clock {
            Some(clock) => clock.clone(),
            None => Arc::new(lupinus_bot::SystemClock),
        };
        let ids: Arc<dyn IdSource> = match &clock {
            Some(_) => Arc::new(SeededIds::new(7)),
            None => Arc::new(lupinus_bot::RandomIds::default()),
        };
        let store: Arc<dyn Store> = Arc::new(faulty.clone());
        let centre = Centre::new(store, time, ids, Screen::default(), plan.policy);
        let team = Team::hired(&centre).await;

        let client = Client::builder(ChannelToken::from(line.channel_access_token()))
            .all_bases(guard::loopback(line.url()).unwrap())
            .timeout(plan.patience)
            .retry(Retry::never())
            .pacing(Pacing::off())
            .build()
            .unwrap();
        let poll = Duration::from_millis(50);
        let settings = Settings { rich_menus: false, poll, settle: plan.settle, ..Settings::default() };
        let bot = Bot::builder(centre.clone(), client, vec![ChannelSecret::from(line.channel_secret())])
            .settings(settings)
            .build()
            .await
            .unwrap();
        let console = Console::builder(centre.clone())
            .city("ルピナス市")
            .account("ルピナスセンター")
            .environment(Environment::Test)
            .channel(bot.channel())
            .texts(Arc::new(bot.texts().clone()))
            .https(false)
            .build();
        let app = bot.router().nest("/console", console.router());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, app).with_graceful_shutdown(stopped).await });
        line.set_webhook_url(format!("{url}/webhook"));
        let running = plan.at.is_none().then(|| {
            let (bot, stop) = (bot.clone(), stop.clone());
            tokio::spawn(async move { bot.run(stop).await.unwrap() })
        });
        Self { line, centre, bot, team, faulty, url, clock, folder, schema, stop, running }
    }

    /// Moves all clocks forwards.
    ///
    /// # Panics
    /// In real time.
    pub fn pass(&self, by: Duration) {
        let clock = self.clock.as_ref().expect("the clocks of this city are not moved by hand");
        clock.advance(by);
        self.line.set_time(clock.now());
    }

    /// Whether the clocks stand still until they are moved.
    pub(crate) fn is_timeless(&self) -> bool {
        self.clock.is_some()
    }

    /// Sets all clocks.
    ///
    /// # Panics
    /// In real time.
    pub fn set_time(&self, at: Timestamp) {
        let clock = self.clock.as_ref().expect("the clocks of this city are not moved by hand");
        clock.set(at);
        self.line.set_time(at);
    }

    /// Lets the bot do all it can do now.
    pub async fn drain(&self) {
        self.bot.drain().await.unwrap();
    }

    /// Lets the bot do all it can do now, and then again after each of `pauses` steps of `by`: for what is tried again.
    pub async fn drain_for(&self, pauses: u32, by: Duration) {
        for _ in 0..pauses {
            self.drain().await;
            self.pass(by);
        }
        self.drain().await;
    }

    /// Every record of a kind.
    pub async fn all<T: Entity>(&self) -> Vec<T> {
        let stored = self.centre.store().all::<T>(Scan::keys(T::KIND), 100_000).await.unwrap();
        stored.into_iter().map(|stored| stored.value).collect()
    }

    /// Every record, as an export reads it.
    pub async fn records(&self) -> Vec<Record> {
        lupinus_core::testkit::everything(&**self.centre.store(), 500).await
    }

    /// The folder in which everything is kept.
    ///
    /// # Panics
    /// When the records are kept in memory.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.as_ref().expect("this city keeps nothing on disk").path()
    }

    /// The database's schema in which everything is kept; `None` when it is elsewhere.
    pub fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref()
    }

    /// Stops everything, closes the store and hands over its folder.
    ///
    /// # Panics
    /// When the records were kept in memory.
    pub async fn close(mut self) -> TempDir {
        self.stop.cancel();
        if let Some(running) = self.running.take() {
            running.await.unwrap();
        }
        self.centre.store().close().await.unwrap();
        self.folder.take().expect("this city keeps nothing on disk")
    }
}

impl Team {
    /// Makes the accounts. All have the same password, [`desk::PASSWORD`].
    pub async fn hired(centre: &Centre) -> Self {
        let account = async |login: &str, name: &str, roles: &[Role]| NewStaff {
            login: login.to_owned(),
            name: name.to_owned(),
            roles: roles.iter().copied().collect::<Roles>(),
            password: desk::password_hash().await,
        };
        let first = account("admin", "管理者", &[]).await;
        let administrator = centre
            .transact(|mut work| {
                let first = first.clone();
                async move {
                    let staff = work.create_first_administrator(first).await?;
                    work.done(staff.id)
                }
            })
            .await
            .unwrap();
        let hire = async |login: &str, name: &str, role: Role| {
            let account = account(login, name, &[role]).await;
            let hired = centre.transact(|mut work| {
                let account = account.clone();
                async move {
                    let staff = work.create_staff(By::Staff(administrator), account).await?;
                    work.done(staff.id)
                }
            });
            hired.await.unwrap()
        };
        Self {
            administrator,
            checker: hire("checker", "確認係", Role::Checker).await,
            approver: hire("approver", "承認係", Role::Approver).await,
            second_approver: hire("approver2", "承認係二", Role::Approver).await,
            consultant: hire("consultant", "相談係", Role::Consultant).await,
            second_consultant: hire("consultant2", "相談係二", Role::Consultant).await,
        }
    }
}
