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
    assert!(missing.is_empty(), "not routed: {missing:?}");
}

#[tokio::test]
async fn every_good_answer_fits_its_schema() {
    let Some(description) = description::read() else { return };
    let tour = tour::take(&description).await;
    let answers: usize = tour.checked.values().sum();
    println!("good answers checked: {answers}, of {} operations", tour.checked.len());
    let called = |id: &str| tour.checked.contains_key(id);
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

async fn send(
    apis: [&Api; 2],
    description: &description::Description,
    operation: &str,
    body: &Value,
) -> Answer {
    let operation = description.operation(operation);
    let [account, login] = apis;
    let api = if operation.path.starts_with("/liff/") { login } else { account };
    api.send(api.request(&operation.method, &filled(&operation.path)).json(body)).await
}

#[tokio::test]
async fn every_breach_of_a_schema_is_refused_by_the_name_of_its_property() {
    let Some(description) = description::read() else { return };
    let (line, api, known) = tour::with_menu().await;
    let login = tour::login_channel(&line).await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (operation, body) in bodies::all(&known) {
        let schema = description.body_schema(description.operation(operation), &body);
        for violation in violations::of(&schema, &body) {
            *counts.entry(violation.rule).or_default() += 1;
            let answer = send([&api, &login], &description, operation, &violation.body).await;
            let right = answer.status == 400
                && match said(operation, &violation.property, violation.rule) {
                    Some(words) if !matches!(violation.rule, "required" | "type") => {
                        answer.message() == words
                    }
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
    let (line, api, known) = tour::with_menu().await;
    let login = tour::login_channel(&line).await;
    let mut wrong = Vec::new();
    let all = limits::all(&known);
    println!("limits of LINE's pages violated: {}", all.len());
    for limit in all {
        let fits = send([&api, &login], &description, limit.operation, &limit.fitting).await;
        let breaks = send([&api, &login], &description, limit.operation, &limit.breaking).await;
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

/// A form or query that is good but for what it names, and so reaches the check of each field.
fn good_fields(operation: &str) -> Vec<(&'static str, &'static str)> {
    let assertion = [("client_assertion_type", "x"), ("client_assertion", "x")];
    let secret = [("client_id", "1"), ("client_secret", "x")];
    let grant = ("grant_type", "client_credentials");
    match operation {
        "issueStatelessChannelToken" => [&[grant][..], &assertion].concat(),
        "issueChannelTokenByJWT" => [&[grant][..], &assertion].concat(),
        "issueChannelToken" => [&[grant][..], &secret].concat(),
        "revokeChannelTokenByJWT" => [&secret[..], &[("access_token", "x")]].concat(),
        "verifyChannelToken" | "revokeChannelToken" | "verifyChannelTokenByJWT" => {
            vec![("access_token", "x")]
        }
        "attachModule" => vec![("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "x")],
        "getsAllValidChannelAccessTokenKeyIds" => assertion.into(),
        "getMessageEvent" | "getNarrowcastProgress" | "getRichMenuBatchProgress" => vec![("requestId", "x")],
        "getStatisticsPerUnit" => {
            vec![("customAggregationUnit", "a"), ("from", "20261001"), ("to", "20261002")]
        }
        "getRichMenuInsightSummary" | "getRichMenuInsightDaily" => {
            vec![("from", "20261001"), ("to", "20261002")]
        }
        "getAudienceGroups" => {
            vec![("page", "1"), ("size", "2"), ("status", "READY"), ("createRoute", "POINT_AD")]
        }
        "getSharedAudienceGroups" => vec![("page", "1"), ("size", "2"), ("status", "READY")],
        "listCoupon" => vec![("limit", "5"), ("status", "RUNNING")],
        "getFollowers" | "getJoinedMembershipUsers" | "getModules" => vec![("limit", "5")],
        _ => vec![("date", "20261001")],
    }
}

#[tokio::test]
async fn every_field_of_forms_and_queries_is_looked_at() {
    let Some(description) = description::read() else { return };
    let (line, api, _) = tour::with_menu().await;
    let (mut required, mut limits, mut wrong) = (0, 0, Vec::new());
    for operation in &description.operations {
        let is_form = operation.body.as_ref().is_some_and(|(kind, _)| kind.ends_with("urlencoded"));
        let good = good_fields(&operation.id);
        let mut breaches: Vec<(&str, Option<String>)> = Vec::new();
        for (name, schema, is_required) in description.fields(operation) {
            let Some((name, _)) = good.iter().find(|(known, _)| *known == name) else {
                assert!(!is_required, "{} needs {name}", operation.id);
                continue;
            };
            if is_required {
                breaches.push((name, None));
                required += 1;
            }
            let broken = violations::broken_field(&schema);
            limits += broken.len();
            breaches.extend(broken.into_iter().map(|value| (*name, Some(value))));
        }
        for (name, value) in breaches {
            let mut fields: Vec<(&str, &str)> =
                good.iter().filter(|(known, _)| *known != name).copied().collect();
            fields.extend(value.as_deref().map(|value| (name, value)));
            let answer = if is_form {
                api.form(&operation.path, &fields).await
            } else {
                api.send(api.request(&operation.method, &filled(&operation.path)).query(&fields)).await
            };
            let text = answer.body.to_string();
            let names_it = text.contains(name) || text.contains("client_credentials");
            if answer.status != 400 || !names_it {
                wrong.push(format!("{} {name} {value:?}: {} {text}", operation.id, answer.status));
            }
        }
    }
    drop(line);
    println!("required fields of forms and queries removed: {required}, their limits violated: {limits}");
    assert!(wrong.is_empty(), "{} are not refused rightly:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn every_kind_of_message_goes_by_every_call_it_may() {
    let Some(description) = description::read() else { return };
    let (line, api, _) = tour::with_menu().await;
    let login = tour::login_channel(&line).await;
    let mut judged = 0;
    for verb in
        ["validateReply", "validatePush", "validateMulticast", "validateNarrowcast", "validateBroadcast"]
    {
        let to_one_chat = matches!(verb, "validateReply" | "validatePush");
        for (name, message) in bodies::messages() {
            let body = serde_json::json!({"messages": [message]});
            let answer = send([&api, &login], &description, verb, &body).await;
            let expected = if name == "mention" && !to_one_chat { 400 } else { 200 };
            assert_eq!(answer.status, expected, "{verb} {name}: {}", answer.body);
            judged += 1;
        }
    }
    println!("messages accepted by each call they may go by: {judged}");
}
