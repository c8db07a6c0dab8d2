//! The emulator against LINE's own OpenAPI files: every operation is there, every good answer fits its schema, and every
//! breach of a schema or of a limit on LINE's pages is refused with the property named.
//!
//! The files are not part of this repository: `LINE_OPENAPI_DIR` says where they are. Without them nothing is checked.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test file")]

mod bodies;
mod description;
mod limits;
#[path = "../support/mod.rs"]
mod support;
mod tour;
mod violations;

use std::collections::BTreeMap;

use lupinus_emulator::Emulator;
use serde_json::Value;
use support::{Answer, Api};

/// Sent by LINE to the bot; the tour looks at what arrives there.
const OF_THE_BOT: &str = "callback";

/// Not served yet.
const NOT_YET: &[&str] = &[
    "issueStatelessChannelToken",
    "getsAllValidChannelAccessTokenKeyIds",
    "issueChannelTokenByJWT",
    "verifyChannelTokenByJWT",
    "revokeChannelTokenByJWT",
    "issueChannelToken",
    "verifyChannelToken",
    "revokeChannelToken",
    "getAllLIFFApps",
    "addLIFFApp",
    "updateLIFFApp",
    "deleteLIFFApp",
    "issueLinkToken",
];

/// A path with something in place of each parameter.
fn filled(path: &str) -> String {
    let steps: Vec<&str> =
        path.split('/').map(|step| if step.starts_with('{') { "0" } else { step }).collect();
    steps.join("/")
}

#[tokio::test]
async fn every_operation_is_routed() {
    let Some(description) = description::read() else { return };
    let line = Emulator::start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (mut routed, mut missing) = (0, Vec::new());
    for operation in &description.operations {
        if operation.id == OF_THE_BOT {
            continue;
        }
        let method = operation.method.parse().unwrap();
        // Without a token: what is there refuses, what is not there is not found.
        let answer =
            http.request(method, format!("{}{}", line.url(), filled(&operation.path))).send().await.unwrap();
        if answer.status() == 404 { missing.push(operation.id.as_str()) } else { routed += 1 }
    }
    println!("operations routed: {routed} of {}", description.operations.len() - 1);
    assert_eq!(missing, NOT_YET);
}

#[tokio::test]
async fn every_good_answer_fits_its_schema() {
    let Some(description) = description::read() else { return };
    let tour = tour::take(&description).await;
    let answers: usize = tour.checked.values().sum();
    println!("good answers checked: {answers}, of {} operations", tour.checked.len());
    let called = |id: &str| tour.checked.contains_key(id) || NOT_YET.contains(&id);
    let missed: Vec<&str> = description
        .operations
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| !called(id))
        .collect();
    assert!(missed.is_empty(), "never called: {missed:?}");
}

/// The properties an answer names: in its details, or in its message.
fn named(answer: &Answer) -> Vec<&str> {
    let details = answer.body["details"].as_array().into_iter().flatten();
    let mut named: Vec<&str> = details.filter_map(|detail| detail["property"].as_str()).collect();
    if let Some(rest) = answer.message().strip_prefix("The property, ") {
        named.extend(rest.split(", in the request body").next());
    }
    named
}

/// What LINE says in words of its own, without naming a property.
fn said(operation: &str, property: &str, rule: &str) -> Option<&'static str> {
    match (operation, property) {
        ("setWebhookEndpoint" | "testWebhookEndpoint", "endpoint") => Some("Invalid webhook endpoint URL"),
        ("validatePush", property) if property.contains(".substitution.") && rule == "enum" => None,
        _ => None,
    }
}

async fn send(api: &Api, description: &description::Description, operation: &str, body: &Value) -> Answer {
    let operation = description.operation(operation);
    api.send(api.request(&operation.method, &filled(&operation.path)).json(body)).await
}

#[tokio::test]
async fn every_breach_of_a_schema_is_refused_by_the_name_of_its_property() {
    let Some(description) = description::read() else { return };
    let (_line, api, known) = tour::with_menu().await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (operation, body) in bodies::all(&known) {
        let schema = description.body_schema(description.operation(operation), &body);
        for violation in violations::of(&schema, &body) {
            *counts.entry(violation.rule).or_default() += 1;
            let answer = send(&api, &description, operation, &violation.body).await;
            let right = answer.status == 400
                && match said(operation, &violation.property, violation.rule) {
                    Some(words) if violation.rule != "required" => answer.message() == words,
                    _ => named(&answer).contains(&violation.property.as_str()),
                };
            if !right {
                let violation = format!("{operation} {} {}", violation.rule, violation.property);
                wrong.push(format!("{violation}: {} {}", answer.status, answer.body));
            }
        }
    }
    let required = counts.remove("required").unwrap();
    println!("required properties removed: {required}");
    println!("limits of the schemas violated: {} {counts:?}", counts.values().sum::<usize>());
    assert!(wrong.is_empty(), "{} are not refused rightly:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn every_limit_on_the_pages_is_kept_to_the_last_sign() {
    let Some(description) = description::read() else { return };
    let (_line, api, known) = tour::with_menu().await;
    let mut wrong = Vec::new();
    let all = limits::all(&known);
    println!("limits of LINE's pages violated: {}", all.len());
    for limit in all {
        let fits = send(&api, &description, limit.operation, &limit.fitting).await;
        let breaks = send(&api, &description, limit.operation, &limit.breaking).await;
        let right =
            fits.status < 300 && breaks.status == 400 && named(&breaks).contains(&limit.property.as_str());
        if !right {
            let (operation, property) = (limit.operation, limit.property);
            wrong.push(format!(
                "{operation} {property}: {} {} / {} {}",
                fits.status, fits.body, breaks.status, breaks.body
            ));
        }
    }
    assert!(wrong.is_empty(), "{} are not kept:\n{}", wrong.len(), wrong.join("\n"));
}
