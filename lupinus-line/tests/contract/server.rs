//! A server that recognises each operation, checks what was asked against LINE's description, and answers from it.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::description::Operation;
use crate::generate::{self, Sort};

/// What was seen, operation by operation.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) called: BTreeMap<String, usize>,
    pub(crate) faults: Vec<String>,
}

pub(crate) struct Server {
    pub(crate) base: String,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Serves one of LINE's hosts with answers of one sort.
    pub(crate) async fn start(operations: Arc<Vec<Operation>>, data_host: bool, sort: Sort) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let log = Arc::clone(&seen);
        let app = Router::new().fallback(move |request: Request| {
            let (operations, log) = (Arc::clone(&operations), Arc::clone(&log));
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 64 << 20).await.unwrap();
                let path = head.uri.path().to_owned();
                let query = head.uri.query().unwrap_or_default().to_owned();
                let mut log = log.lock().unwrap();
                let Some(operation) = find(&operations, &head.method, &path, data_host) else {
                    log.faults
                        .push(format!("no operation {} {path} here (data host: {data_host})", head.method));
                    return answer(404, None);
                };
                *log.called.entry(operation.id.clone()).or_default() += 1;
                let faults = check(operation, &head.headers, &query, &body);
                log.faults.extend(faults.into_iter().map(|fault| format!("{}: {fault}", operation.id)));
                let made =
                    operation.answer.as_ref().map(|schema| generate::value(operation, schema, "", sort));
                answer(operation.status, made)
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, seen }
    }

    pub(crate) fn seen(self) -> Seen {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

fn answer(status: u16, body: Option<Value>) -> Response {
    let mut response = Response::new(match body {
        Some(body) => Body::from(body.to_string()),
        None => Body::from("{}"),
    });
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert("x-line-request-id", "0b1d9f6a".parse().unwrap());
    response.headers_mut().insert("content-type", "application/json".parse().unwrap());
    response
}

fn fits(template: &str, path: &str) -> bool {
    let (wanted, got) = (template.split('/'), path.split('/'));
    wanted.clone().count() == got.clone().count()
        && wanted.zip(got).all(|(wanted, got)| wanted == got || wanted.starts_with('{') && !got.is_empty())
}

fn find<'a>(
    operations: &'a [Operation],
    method: &Method,
    path: &str,
    data_host: bool,
) -> Option<&'a Operation> {
    let known = operations.iter().filter(|operation| {
        operation.method == method.as_str() && operation.data_host == data_host && fits(&operation.path, path)
    });
    // Literal parts go before placeholders.
    known.min_by_key(|operation| operation.path.matches('{').count())
}

fn check(operation: &Operation, headers: &HeaderMap, query: &str, body: &Bytes) -> Vec<String> {
    let mut faults = Vec::new();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if header("x-line-retry-key").is_some() != operation.takes_retry_key {
        faults.push("a retry key where none is taken, or none where one is".to_owned());
    }
    let expected = match operation.security.as_deref() {
        Some("userToken") => Some("Bearer ut-offline-1"),
        Some("Bearer" | "channelToken") => Some("Bearer tok-offline-1"),
        Some("basicAuth") => header("authorization").filter(|header| header.starts_with("Basic ")),
        Some(other) => panic!("no such scheme: {other}"),
        None => None,
    };
    if header("authorization") != expected {
        faults.push("authorised by something else".to_owned());
    }
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    for (name, required, _) in &operation.query {
        if *required && !pairs.iter().any(|(given, _)| given == name) {
            faults.push(format!("without the query parameter {name}"));
        }
    }
    for (given, value) in &pairs {
        let Some((_, _, schema)) = operation.query.iter().find(|(name, _, _)| name == given) else {
            faults.push(format!("with an unknown query parameter {given}"));
            continue;
        };
        let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
        let typed = match schema["type"].as_str() {
            Some("integer") => value.parse::<i64>().map_or(Value::Null, |number| json!(number)),
            Some("boolean") => value.parse::<bool>().map_or(Value::Null, |on| json!(on)),
            _ => json!(value),
        };
        faults.extend(
            operation.faults(schema, &typed).into_iter().map(|fault| format!("query {given}{fault}")),
        );
    }
    let Some(kind) = header("content-type") else {
        if !operation.body.is_empty() {
            faults.push("without a body".to_owned());
        }
        return faults;
    };
    let kind = kind.split(';').next().unwrap().trim();
    let Some(schema) = operation.body.get(kind).or_else(|| operation.body.get("*/*")) else {
        let known: Vec<_> = operation.body.keys().collect();
        faults.push(format!("a body of type {kind}, known are {known:?}"));
        return faults;
    };
    let value = match kind {
        "application/json" => serde_json::from_slice(body).unwrap_or(Value::Null),
        "application/x-www-form-urlencoded" => {
            let fields = url::form_urlencoded::parse(body).into_owned();
            Value::Object(fields.map(|(name, value)| (name, Value::String(value))).collect())
        }
        "multipart/form-data" => multipart(&String::from_utf8_lossy(body)),
        _ => return faults,
    };
    faults.extend(operation.faults(schema, &value));
    faults
}

/// The fields of a multipart body, as JSON of the types that LINE's description gives them.
fn multipart(body: &str) -> Value {
    let mut fields = Map::new();
    for part in body.split("\r\n--").chain(body.split("--").take(1)) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else { continue };
        let Some(name) = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        let value = value.trim_end_matches("\r\n");
        let typed = match value {
            "true" => json!(true),
            "false" => json!(false),
            _ if name == "audienceGroupId" => json!(value.parse::<i64>().unwrap()),
            _ => json!(value),
        };
        fields.insert(name.to_owned(), typed);
    }
    Value::Object(fields)
}
