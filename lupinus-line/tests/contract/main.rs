//! Every operation of LINE's OpenAPI files: what the client asks is valid against the description, and answers made from it, with
//! unknown properties and unknown names in them, decode. Every message, too.
//!
//! The files are LINE's own (`line/line-openapi`) and not part of this crate. They are looked for in `LINE_OPENAPI_DIR`, or beside
//! the workspace in `../shared/line-openapi`. Without them the test says that it was skipped; with `LUPINUS_REQUIRE_OPENAPI=1` it
//! fails.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod calls;
mod description;
mod generate;
#[path = "../support/layouts.rs"]
mod layouts;
mod login;
mod messages;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use description::Operation;
use generate::SORTS;
use lupinus_line::ChannelToken;
use lupinus_line::client::{Client, Pacing, Retry};
use lupinus_line::endpoint::{self, Host};
use server::Server;

/// LINE's webhook is no call of ours.
const NOT_CALLED: [&str; 1] = ["callback"];

fn described() -> Option<Vec<Operation>> {
    let folder = std::env::var_os("LINE_OPENAPI_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/line-openapi"),
        PathBuf::from,
    );
    if folder.is_dir() {
        let operations = description::read(&folder);
        assert!(operations.len() > 100, "only {} operations: are these the right files?", operations.len());
        return Some(operations);
    }
    assert!(
        std::env::var_os("LUPINUS_REQUIRE_OPENAPI").is_none_or(|value| value != "1"),
        "LUPINUS_REQUIRE_OPENAPI is set, but LINE's OpenAPI files are not in LINE_OPENAPI_DIR"
    );
    // Not by `println!`, which a test that passes does not show.
    let why = "LINE's OpenAPI files are not there; name their folder in LINE_OPENAPI_DIR";
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
    None
}

#[test]
fn every_operation_has_an_endpoint_on_its_host_with_its_opinion_on_retry_keys() {
    let Some(described) = described() else { return };
    let mut wrong = Vec::new();
    for operation in described.iter().filter(|operation| !NOT_CALLED.contains(&operation.id.as_str())) {
        let ours = endpoint::all()
            .find(|ours| ours.method.as_str() == operation.method && ours.path == operation.path);
        match ours {
            Some(ours)
                if (ours.host == Host::Data) == operation.data_host
                    && ours.takes_retry_key == operation.takes_retry_key => {}
            ours => wrong.push(format!("{} {}: {ours:?}", operation.method, operation.path)),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_operation_is_asked_as_described_and_every_answer_decodes() {
    let Some(described) = described() else { return };
    let operations = Arc::new(described);
    let (mut called, mut faults) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    for sort in SORTS {
        let api = Server::start(Arc::clone(&operations), false, sort).await;
        let data = Server::start(Arc::clone(&operations), true, sort).await;
        let client = Client::builder(ChannelToken::from("tok-offline-1"))
            .all_bases(&api.base)
            .data_base(data.base.as_str())
            .retry(Retry::never())
            .pacing(Pacing::off())
            .build()
            .unwrap();
        for (name, outcome) in calls::all(&client).await {
            if let Err(error) = outcome {
                faults.insert(format!("{sort:?} {name}: {error:?}"));
            }
        }
        for seen in [api.seen(), data.seen()] {
            for (id, count) in seen.called {
                *called.entry(id).or_default() += count;
            }
            faults.extend(seen.faults);
        }
    }
    let all: BTreeSet<&str> = operations
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| !NOT_CALLED.contains(id))
        .collect();
    let missing: Vec<_> = all.iter().filter(|id| !called.contains_key(**id)).collect();
    println!("operations covered: {} of {}", all.len() - missing.len(), all.len());
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.into_iter().collect::<Vec<_>>().join("\n")
    );
    assert!(missing.is_empty(), "not called: {missing:?}");
}
