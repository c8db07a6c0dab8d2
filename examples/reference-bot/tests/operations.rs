//! What `operations/` says of the program is true of the program: figures, commands, alerts.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use clap::Parser as _;
use lupinus_emulator::Emulator;
use reference_bot::cli::Cli;
use support::Running;

const DASHBOARD: &str = include_str!("../operations/dashboard.json");
const ALERTS: &str = include_str!("../operations/alerts.yml");
const RUNBOOKS: [&str; 2] =
    [include_str!("../operations/RUNBOOK.ja.md"), include_str!("../operations/RUNBOOK.md")];
const SERVICE: &str = include_str!("../operations/lupinus.service");
/// Where the figures are made: nothing is exported that does not stand here.
const SOURCES: [&str; 3] = [
    include_str!("../../../lupinus-bot/src/figures.rs"),
    include_str!("../../../lupinus-store-wrappers/src/metered.rs"),
    include_str!("../../../lupinus-console/src/networks.rs"),
];
/// Exported once a member has written something that was masked, and once somebody was turned away from the console.
const LATER: [&str; 2] = ["lupinus_masked_messages_total", "lupinus_console_refused_total"];

/// The figures that a text names, a histogram by its own name.
fn figures(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    text.split(|c: char| !is_name(c))
        .filter_map(|word| word.strip_prefix("lupinus_"))
        .map(|word| word.strip_suffix("_bucket").unwrap_or(word))
        .filter(|word| !word.is_empty())
        .map(|word| format!("lupinus_{word}"))
        .collect()
}

/// The figures that the sources make: those are whole string literals.
fn made() -> BTreeSet<String> {
    let literals = SOURCES.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    literals.filter(|literal| figures(literal).contains(*literal)).map(str::to_owned).collect()
}

/// The values that rules and panels ask labels for.
fn labels(text: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut labels = BTreeMap::<_, BTreeSet<_>>::new();
    for label in ["outcome", "answer", "operation"] {
        for part in text.split(label).skip(1) {
            let value = part.trim_start_matches(['=', '~']);
            if value.len() < part.len() {
                let value = value.trim_start_matches(['\\', '"']).split(['"', '\\']).next().unwrap();
                labels.entry(label).or_default().extend(value.split('|'));
            }
        }
    }
    labels
}

// R45
#[test]
fn dashboard_and_alerts_name_the_figures_that_the_program_makes_and_the_dashboard_all_of_them() {
    let made = made();
    assert!(
        LATER.iter().all(|figure| made.contains(*figure)) && made.contains("lupinus_store_seconds"),
        "{made:?}"
    );
    assert_eq!(figures(DASHBOARD), made);
    assert!(figures(ALERTS).is_subset(&made), "{:?}", figures(ALERTS).difference(&made));
    let words = [
        include_str!("../../../lupinus-bot/src/channel.rs"),
        include_str!("../../../lupinus-bot/src/intake.rs"),
        include_str!("../../../lupinus-bot/src/worker.rs"),
        SOURCES[1],
    ]
    .concat();
    let asked = labels(ALERTS);
    assert!(asked["outcome"].contains("set_aside") && asked["answer"].len() == 1, "{asked:?}");
    for value in asked.into_values().flatten() {
        assert!(words.contains(&format!("\"{value}\"")), "no label has the value {value:?}");
    }
}

// R45
#[tokio::test]
async fn a_program_that_has_greeted_a_friend_exports_every_figure_of_dashboard_and_alerts() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let running = Running::started(&line, folder.path(), "all");
    line.set_webhook_url(format!("{}/webhook", running.base));
    let user = line.create_user("友だち");
    line.follow(&user).await.unwrap();
    let mut missing = BTreeSet::new();
    for _ in 0..200 {
        let page = running.get("/metrics").await.1;
        let exported: BTreeSet<String> = page
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE "))
            .filter_map(|line| line.split(' ').next())
            .map(str::to_owned)
            .collect();
        missing = &(&figures(DASHBOARD) | &figures(ALERTS)) - &exported;
        missing.retain(|figure| !LATER.contains(&figure.as_str()));
        if missing.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// The commands of the runbook's blocks, without remarks.
fn commands(runbook: &str) -> Vec<&str> {
    let lines = runbook.lines().map(|line| line.split('#').next().unwrap().trim());
    lines
        .filter_map(|line| {
            line.strip_prefix("lupinus-command ").or_else(|| line.strip_prefix("reference-bot "))
        })
        .collect()
}

// R45
#[test]
fn every_command_of_the_runbooks_exists_and_both_languages_give_the_same() {
    let [japanese, english] = RUNBOOKS.map(commands);
    assert_eq!(japanese, english);
    assert!(japanese.len() >= 8, "{japanese:?}");
    for command in japanese {
        let words =
            std::iter::once("reference-bot").chain(command.split(' ').filter(|word| !word.is_empty()));
        if let Err(error) = Cli::try_parse_from(words) {
            panic!("{command}: {error}");
        }
    }
}

// R45
#[test]
fn both_runbooks_say_what_to_do_about_every_alert() {
    let alerts: Vec<&str> = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    for alert in alerts {
        assert!(RUNBOOKS.iter().all(|runbook| runbook.contains(&format!("`{alert}`"))), "{alert}");
    }
}

// R45
#[test]
fn the_unit_sets_what_the_program_reads_and_waits_longer_than_an_orderly_stop_takes() {
    let read = include_str!("../src/settings/environment.rs");
    let set: Vec<&str> = SERVICE
        .lines()
        .filter_map(|line| line.strip_prefix("Environment="))
        .filter_map(|line| line.split('=').next())
        .collect();
    assert!(set.len() >= 6, "{set:?}");
    for name in set {
        assert!(read.contains(name), "{name}");
    }
    let wait = SERVICE.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")).unwrap();
    // The notice that the unit speaks of, a call of LINE, what is drained, and as much again for closing the store.
    assert!(wait.parse::<u64>().expect("seconds") >= 2 * (30 + 20 + 10));
}
