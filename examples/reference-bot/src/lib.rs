#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod accounts;
pub mod app;
pub mod cli;
pub mod data_flow;
pub mod demo;
pub mod doctor;
pub mod keys;
pub mod logs;
pub mod pdf;
pub mod preview;
pub mod report;
pub mod serve;
pub mod settings;
pub mod stores;
pub mod transfer;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lupinus_bot::{RandomIds, SystemClock};
use lupinus_core::{service::Centre, store::Store as _};

use crate::{
    app::{App, Parts},
    cli::{AuditCommand, Cli, Command, KeysCommand, StaffCommand},
    doctor::is_red,
    settings::{LineSettings, Settings},
};

/// Does what the command line says.
///
/// # Errors
/// What keeps it from doing so; the chain says what to do.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = Settings::from_env()?;
    // Whoever chose a provider before has chosen for all.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let demonstrates = cli.command.is_none() && settings.line.is_none();
    logs::start(settings.log_format, if demonstrates { "warn" } else { "info" });
    match cli.command {
        None => match &settings.line {
            Some(line) => serve(&settings, line, cli.serve).await,
            None => demo::run(&settings, &cli.demonstration, cli.serve).await,
        },
        Some(Command::Export { file }) => {
            let store = stores::open(&settings.store, settings.keys.as_ref()).await?;
            let bar = bar("records written");
            let written = transfer::export(store.as_ref(), &file, |done, of| show(&bar, done, of)).await;
            bar.finish_and_clear();
            store.close().await.context("cannot close the store")?;
            println!("{} records written to {}", written?, file.display());
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Import { file }) => {
            let store = stores::open(&settings.store, settings.keys.as_ref()).await?;
            let bar = bar("records read");
            let read = transfer::import(store.as_ref(), &file, |done, of| show(&bar, done, of)).await;
            bar.finish_and_clear();
            store.close().await.context("cannot close the store")?;
            println!("{} records read from {} into {}", read?, file.display(), settings.store);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Audit { command: AuditCommand::Verify }) => verify(&settings).await,
        Some(Command::Report { period, csv }) => {
            let centre = centre(&settings).await?;
            let said = report::report(&centre, &settings, period, csv.as_deref()).await;
            centre.store().close().await.context("cannot close the store")?;
            print!("{}", said?);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::DataFlow { json }) => {
            let sheet = data_flow::sheet(&settings);
            if json {
                let text = serde_json::to_string_pretty(&sheet).context("cannot write the sheet")?;
                println!("{text}");
            } else {
                print!("{}", sheet.markdown());
            }
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Keys { command: KeysCommand::New { file, name, behind } }) => {
            println!("{}", keys::draw(&file, name, behind)?);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Keys { command: KeysCommand::Rotate }) => rotate(&settings).await,
        Some(Command::Doctor) => examine(&settings).await,
        Some(Command::Staff { command }) => staff(&settings, command).await,
        // Before there is a runtime and a store: the program sees to it.
        Some(Command::ReadPdf) => Ok(pdf::read()),
    }
}

async fn serve(settings: &Settings, line: &LineSettings, half: serve::Half) -> anyhow::Result<ExitCode> {
    let figures = serve::metrics()?;
    if half != serve::Half::Webhook {
        app::check_console(settings)?;
        if app::addresses_can_be_forged(&settings.city, settings.listen) {
            tracing::warn!(
                "console_addresses holds only if nobody but your console_proxies reaches LUPINUS_LISTEN: see to it with a firewall"
            );
        }
    }
    let listener = serve::listen(settings.listen).await?;
    let parts = Parts {
        store: stores::open(&settings.store, settings.keys.as_ref()).await?,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds::new()),
        files: stores::files(&settings.store, settings.files.as_deref(), settings.keys.as_ref())?,
        line: app::line_client(line)?,
        secret: line.secret.clone(),
        https: settings.city.console_https.unwrap_or(!settings.listen.ip().is_loopback()),
        kept_at: settings.kept_at_ja(),
        data_flow: data_flow::sheet(settings),
        oidc_secret: settings.oidc_secret.clone(),
    };
    let listen = listener.local_addr().unwrap_or(settings.listen);
    let app: App = app::assemble(parts, &app::at_home(&settings.city, line, listen)).await?;
    app::begin(&app.centre, &settings.city, line).await?;
    if let Some(warning) = app::route_warning(&app.centre).await? {
        tracing::warn!("{warning}");
    }
    tracing::info!(%listen, store = %settings.store, serving = ?half, "serving");
    serve::until_stopped(app, listener, half, Some(figures), settings.drain).await?;
    Ok(ExitCode::SUCCESS)
}

async fn centre(settings: &Settings) -> anyhow::Result<Centre> {
    let store = stores::open(&settings.store, settings.keys.as_ref()).await?;
    app::centre(store, Arc::new(SystemClock), Arc::new(RandomIds::new()), &settings.city).await
}

async fn verify(settings: &Settings) -> anyhow::Result<ExitCode> {
    let centre = centre(settings).await?;
    let bar = ProgressBar::new_spinner();
    let report = centre.verify_audit(|chains| bar.set_message(format!("{chains} chains checked"))).await;
    bar.finish_and_clear();
    centre.store().close().await.context("cannot close the store")?;
    let report = report.context("cannot read the audit trail")?;
    for fault in &report.faults {
        println!("BROKEN: {fault}");
    }
    println!("{} chains, {} entries, {} faults", report.subjects, report.entries, report.faults.len());
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn rotate(settings: &Settings) -> anyhow::Result<ExitCode> {
    let keys = settings.keys.as_ref().context(
        "there are no keys: set LUPINUS_KEYS_FILE to the file that holds them (reference-bot keys new FILE makes one)",
    )?;
    let store = stores::open_encrypted(&settings.store, keys).await?;
    let files = stores::files(&settings.store, settings.files.as_deref(), Some(keys))?;
    let bar = bar("records and files looked at");
    let said = keys::rotate(&store, &files, keys, |done, of| show(&bar, done, of)).await;
    bar.finish_and_clear();
    store.close().await.context("cannot close the store")?;
    let (said, is_done) = said?;
    println!("{said}");
    Ok(if is_done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn examine(settings: &Settings) -> anyhow::Result<ExitCode> {
    let line = settings.line.as_ref().context(
        "there is no LINE account to check: set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN (or ..._FILE)",
    )?;
    let mut findings = doctor::examine(&app::line_client(line)?).await;
    let city = app::at_home(&settings.city, line, settings.listen);
    findings.push(doctor::files(city.public_base.as_deref()));
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let keys_file = settings.keys_file.as_deref();
    findings.push(doctor::encryption(settings.keys.as_ref(), keys_file, credentials.as_deref()));
    for finding in &findings {
        println!("{finding}");
    }
    Ok(if is_red(&findings) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn staff(settings: &Settings, command: StaffCommand) -> anyhow::Result<ExitCode> {
    let StaffCommand::Create { login, name, roles, password_file, by } = command;
    let password = accounts::read_password(password_file.as_deref())?;
    let centre = centre(settings).await?;
    let roles: Vec<_> = roles.into_iter().map(Into::into).collect();
    let made = accounts::create(&centre, &login, &name, &roles, &password, by.as_deref()).await;
    centre.store().close().await.context("cannot close the store")?;
    let made = made?;
    let roles: Vec<&str> = made.roles.iter().map(lupinus_core::actor::Role::label_ja).collect();
    println!("{} ({}) may sign in as {}", made.name, roles.join("、"), made.login);
    Ok(ExitCode::SUCCESS)
}

fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(5));
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(what)
}

fn show(bar: &ProgressBar, done: u64, of: u64) {
    bar.set_length(of);
    bar.set_position(done);
}
