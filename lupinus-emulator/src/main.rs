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
    /// How long a webhook may take, in milliseconds
    #[arg(long, default_value_t = 2_000)]
    webhook_timeout_ms: u64,
    /// Whether failed webhooks are sent again
    #[arg(long, value_enum, default_value_t = Switch::On)]
    redelivery: Switch,
    /// How often a failed webhook is sent again at most
    #[arg(long, default_value_t = 5)]
    redelivery_tries: u32,
    /// The wait before the first redelivery in milliseconds; doubled for each further one
    #[arg(long, default_value_t = 1_000)]
    redelivery_interval_ms: u64,
    /// How long a reply token may be used after its delivery, in seconds
    #[arg(long, default_value_t = 60)]
    reply_token_life_s: u64,
    /// How long a redelivered reply token may be used after the event, in seconds
    #[arg(long, default_value_t = 1_200)]
    reply_token_max_s: u64,
    /// How long an accepted retry key is remembered, in seconds
    #[arg(long, default_value_t = 86_400)]
    retry_key_life_s: u64,
    /// The month's quota: a number of recipients, or "none"
    #[arg(long, default_value = "none", value_parser = quota)]
    quota: Quota,
    /// How long the platform takes over what it does after its answer (narrowcasts, audiences, rich menu batches),
    /// in milliseconds
    #[arg(long, default_value_t = 1_000)]
    background_ms: u64,
    /// Id of the account's channel
    #[arg(long, default_value = "2000000001")]
    channel_id: String,
    /// Id of the LINE Login channel
    #[arg(long, default_value = "2000000002")]
    login_channel_id: String,
    /// Secret of the LINE Login channel [default: made up and printed]
    #[arg(long, env = "LINE_LOGIN_CHANNEL_SECRET", hide_env_values = true)]
    login_channel_secret: Option<String>,
    /// Whether LINE's rate limits are applied
    #[arg(long, value_enum, default_value_t = Switch::On)]
    rate_limits: Switch,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

fn quota(text: &str) -> Result<Quota, String> {
    if text == "none" {
        return Ok(Quota::none());
    }
    let value = text.parse().map_err(|_| "a number of recipients, or \"none\"".to_owned())?;
    Ok(Quota::limited(value, 0))
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
    let settings = Settings {
        webhook_timeout_ms: arguments.webhook_timeout_ms,
        redelivery: arguments.redelivery == Switch::On,
        redelivery_tries: arguments.redelivery_tries,
        redelivery_interval_ms: arguments.redelivery_interval_ms,
        reply_token_life_ms: arguments.reply_token_life_s.saturating_mul(1_000),
        reply_token_max_ms: arguments.reply_token_max_s.saturating_mul(1_000),
        retry_key_life_ms: arguments.retry_key_life_s.saturating_mul(1_000),
        rate_limits: arguments.rate_limits == Switch::On,
        background_ms: arguments.background_ms,
        ..Settings::default()
    };
    let login_is_made_up = arguments.login_channel_secret.is_none();
    let mut builder = Emulator::builder()
        .listen(arguments.listen)
        .settings(settings)
        .quota(arguments.quota)
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
