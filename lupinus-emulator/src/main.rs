//! The emulator as a program.

use std::{
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use lupinus_emulator::{Emulator, Quota, Scenario, Settings};

/// An offline LINE platform on one address: the Messaging API, its webhooks, and a page at / where you play a person.
///
/// Point a bot at it by setting its API base addresses to the printed address, and --webhook-url to the bot.
/// Control calls for tests are under /_emulator; the README lists them.
#[derive(Parser)]
#[command(name = "lupinus-emulator", version)]
struct Arguments {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:9090")]
    listen: SocketAddr,
    /// Channel secret that signs webhooks [default: made up and printed]
    #[arg(long, env = "LINE_CHANNEL_SECRET", hide_env_values = true)]
    channel_secret: Option<String>,
    /// Channel access token that calls must carry [default: made up and printed]
    #[arg(long, env = "LINE_CHANNEL_ACCESS_TOKEN", hide_env_values = true)]
    channel_access_token: Option<String>,
    /// Where webhooks go, such as http://127.0.0.1:8080/webhook (also settable while it runs)
    #[arg(long)]
    webhook_url: Option<String>,
    /// A folder that keeps the state across restarts [default: it is forgotten]
    #[arg(long)]
    data: Option<PathBuf>,
    /// A scenario to play at once; its report is printed as JSON when it is over
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// End when the scenario is over, with 0 if all of it went well, and with 1 otherwise
    #[arg(long, requires = "scenario")]
    exit_when_played: bool,
    /// How long a webhook may take, in milliseconds [default: 2000]
    #[arg(long)]
    webhook_timeout_ms: Option<u64>,
    /// Whether failed webhooks are sent again [default: on]
    #[arg(long, value_enum)]
    redelivery: Option<Switch>,
    /// How often a failed webhook is sent again at most [default: 5]
    #[arg(long)]
    redelivery_tries: Option<u32>,
    /// The wait before the first redelivery in milliseconds; doubled for each further one [default: 1000]
    #[arg(long)]
    redelivery_interval_ms: Option<u64>,
    /// How long a reply token may be used after its delivery, in seconds [default: 60]
    #[arg(long)]
    reply_token_life_s: Option<u64>,
    /// How long a redelivered reply token may be used after the event, in seconds [default: 1200]
    #[arg(long)]
    reply_token_max_s: Option<u64>,
    /// How long an accepted retry key is remembered, in seconds [default: 86400]
    #[arg(long)]
    retry_key_life_s: Option<u64>,
    /// The month's quota: a number of recipients, or "none" [default: none]
    #[arg(long, value_parser = quota)]
    quota: Option<Quota>,
    /// A name with dots under which control calls may be made, besides addresses and local names; may be repeated
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// How long the platform takes over what it does after its answer (narrowcasts, audiences, rich menu batches),
    /// in milliseconds [default: 1000]
    #[arg(long)]
    background_ms: Option<u64>,
    /// Id of the account's channel
    #[arg(long, default_value = "2000000001")]
    channel_id: String,
    /// Id of the LINE Login channel
    #[arg(long, default_value = "2000000002")]
    login_channel_id: String,
    /// Secret of the LINE Login channel [default: made up and printed]
    #[arg(long, env = "LINE_LOGIN_CHANNEL_SECRET", hide_env_values = true)]
    login_channel_secret: Option<String>,
    /// Whether LINE's rate limits are applied [default: on]
    #[arg(long, value_enum)]
    rate_limits: Option<Switch>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

/// The settings that flags have named.
struct Given {
    webhook_timeout_ms: Option<u64>,
    redelivery: Option<bool>,
    redelivery_tries: Option<u32>,
    redelivery_interval_ms: Option<u64>,
    reply_token_life_ms: Option<u64>,
    reply_token_max_ms: Option<u64>,
    retry_key_life_ms: Option<u64>,
    rate_limits: Option<bool>,
    background_ms: Option<u64>,
    hosts: Vec<String>,
}

impl Arguments {
    fn given(&self) -> Given {
        let ms = |seconds: u64| seconds.saturating_mul(1_000);
        let on = |switch: Switch| switch == Switch::On;
        Given {
            webhook_timeout_ms: self.webhook_timeout_ms,
            redelivery: self.redelivery.map(on),
            redelivery_tries: self.redelivery_tries,
            redelivery_interval_ms: self.redelivery_interval_ms,
            reply_token_life_ms: self.reply_token_life_s.map(ms),
            reply_token_max_ms: self.reply_token_max_s.map(ms),
            retry_key_life_ms: self.retry_key_life_s.map(ms),
            rate_limits: self.rate_limits.map(on),
            background_ms: self.background_ms,
            hosts: self.host.clone(),
        }
    }
}

impl Given {
    /// These in place of what `settings` say.
    fn over(&self, settings: Settings) -> Settings {
        Settings {
            webhook_timeout_ms: self.webhook_timeout_ms.unwrap_or(settings.webhook_timeout_ms),
            redelivery: self.redelivery.unwrap_or(settings.redelivery),
            redelivery_tries: self.redelivery_tries.unwrap_or(settings.redelivery_tries),
            redelivery_interval_ms: self.redelivery_interval_ms.unwrap_or(settings.redelivery_interval_ms),
            reply_token_life_ms: self.reply_token_life_ms.unwrap_or(settings.reply_token_life_ms),
            reply_token_max_ms: self.reply_token_max_ms.unwrap_or(settings.reply_token_max_ms),
            retry_key_life_ms: self.retry_key_life_ms.unwrap_or(settings.retry_key_life_ms),
            rate_limits: self.rate_limits.unwrap_or(settings.rate_limits),
            background_ms: self.background_ms.unwrap_or(settings.background_ms),
            hosts: if self.hosts.is_empty() { settings.hosts } else { self.hosts.clone() },
            ..settings
        }
    }
}

fn quota(text: &str) -> Result<Quota, String> {
    if text == "none" {
        return Ok(Quota::none());
    }
    let value = text.parse().map_err(|_| "a number of recipients, or \"none\"".to_owned())?;
    Ok(Quota::Limited { value, used: None })
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let scenario = match arguments.scenario.as_deref().map(read).transpose() {
        Ok(scenario) => scenario,
        Err(problem) => {
            eprintln!("lupinus-emulator: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let made_up = (arguments.channel_secret.is_none(), arguments.channel_access_token.is_none());
    let given = arguments.given();
    let program = Settings { rate_limits: true, background_ms: 1_000, ..Settings::default() };
    let login_is_made_up = arguments.login_channel_secret.is_none();
    let mut builder = Emulator::builder()
        .listen(arguments.listen)
        .settings(given.over(program))
        .quota(arguments.quota.unwrap_or_else(Quota::none))
        .channel_id(arguments.channel_id)
        .login_channel_id(arguments.login_channel_id);
    if let Some(secret) = arguments.channel_secret {
        builder = builder.channel_secret(secret);
    }
    if let Some(token) = arguments.channel_access_token {
        builder = builder.channel_access_token(token);
    }
    if let Some(secret) = arguments.login_channel_secret {
        builder = builder.login_channel_secret(secret);
    }
    if let Some(url) = arguments.webhook_url {
        builder = builder.webhook_url(url);
    }
    if let Some(data) = arguments.data {
        builder = builder.data(data);
    }
    let emulator = match builder.start().await {
        Ok(emulator) => emulator,
        Err(error) => {
            eprintln!("lupinus-emulator: {}", chain(&error));
            return ExitCode::FAILURE;
        }
    };
    // What was said now goes before what a folder has kept.
    emulator.set_settings(given.over(emulator.settings()));
    if let Some(quota) = arguments.quota {
        emulator.set_quota(quota);
    }
    let mut ending = match ending() {
        Ok(ending) => std::pin::pin!(ending),
        Err(error) => {
            eprintln!("lupinus-emulator: cannot wait for signals: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut told = vec![format!("lupinus-emulator listening on {}", emulator.url())];
    if made_up.0 {
        told.push(format!("channel secret: {}", emulator.channel_secret()));
    }
    if made_up.1 {
        told.push(format!("channel access token: {}", emulator.channel_access_token()));
    }
    // Whoever names the other keys reads what is printed, and names this one as well if LINE Login is used.
    if login_is_made_up && made_up.0 {
        told.push(format!("LINE Login channel secret: {}", emulator.login_channel_secret()));
    }
    // All at once, and whether or not it is read: who has read the first line may close the pipe.
    let _ = std::io::stdout().write_all((told.join("\n") + "\n").as_bytes());
    if let Some(scenario) = &scenario {
        let report = tokio::select! {
            report = emulator.play(scenario) => report,
            () = &mut ending => return save(&emulator),
        };
        println!("{}", serde_json::json!(report));
        if arguments.exit_when_played {
            let saved = save(&emulator);
            return if report.ok { saved } else { ExitCode::FAILURE };
        }
    }
    ending.await;
    save(&emulator)
}

fn save(emulator: &Emulator) -> ExitCode {
    match emulator.save() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lupinus-emulator: the last changes are lost: {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}

/// The scenario in a file.
fn read(path: &Path) -> Result<Scenario, String> {
    let name = path.display();
    let json = std::fs::read(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    Scenario::from_json(&json).map_err(|error| format!("{name}: {error}"))
}

/// An error with what it comes from.
fn chain(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(error.source(), |error| error.source());
    sources.fold(error.to_string(), |text, source| format!("{text}: {source}"))
}

/// Listens for ctrl-c and SIGTERM from now on; what it gives ends with the first of them.
#[cfg(unix)]
fn ending() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens for ctrl-c.
#[cfg(not(unix))]
fn ending() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
