//! Every endpoint of this crate is in LINE's OpenAPI files, on the same host, with the same opinion on retry keys.
//!
//! The files are LINE's own (`line/line-openapi`) and not part of this crate. They are looked for in
//! `LINE_OPENAPI_DIR`, or beside the workspace in `../shared/line-openapi`. Without them the test says that it was
//! skipped; with `LUPINUS_REQUIRE_OPENAPI=1` it fails.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use lupinus_line::endpoint::{self, Host};

#[derive(Debug, Default, PartialEq)]
struct Documented {
    data_host: bool,
    takes_retry_key: bool,
}

/// Reads `paths:` by indentation: a path at two spaces, its methods at four, what they say at six and more.
fn operations(yaml: &str) -> BTreeMap<String, Documented> {
    let mut found = BTreeMap::new();
    let (mut in_paths, mut path, mut operation) = (false, String::new(), String::new());
    for line in yaml.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        let word = line.trim().trim_end_matches(':').trim_matches(['"', '\'']);
        match indent {
            0 => in_paths = line.starts_with("paths:"),
            2 if in_paths && word.starts_with('/') => {
                word.clone_into(&mut path);
                operation.clear();
            }
            4 if in_paths && ["get", "post", "put", "delete"].contains(&word) => {
                operation = format!("{} {path}", word.to_uppercase());
                found.insert(operation.clone(), Documented::default());
            }
            6.. if in_paths => {
                if let Some(documented) = found.get_mut(&operation) {
                    documented.data_host |= line.contains("https://api-data.line.me");
                    documented.takes_retry_key |= line.trim() == "- name: X-Line-Retry-Key";
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_endpoint_is_in_lines_own_description() {
    let folder = std::env::var_os("LINE_OPENAPI_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/line-openapi"),
        PathBuf::from,
    );
    let Ok(files) = std::fs::read_dir(&folder) else {
        assert!(
            std::env::var_os("LUPINUS_REQUIRE_OPENAPI").is_none_or(|value| value != "1"),
            "LUPINUS_REQUIRE_OPENAPI is set, but LINE's OpenAPI files are not in LINE_OPENAPI_DIR"
        );
        println!("skipped: LINE's OpenAPI files are not there; name their folder in LINE_OPENAPI_DIR");
        return;
    };
    let mut documented = BTreeMap::new();
    for file in files {
        let file = file.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "yml") {
            documented.extend(operations(&std::fs::read_to_string(file).unwrap()));
        }
    }
    assert!(
        documented.len() > 100,
        "only {} operations were found: are these the right files?",
        documented.len()
    );

    let mut wrong = Vec::new();
    let ours: Vec<_> = endpoint::all().collect();
    for endpoint in &ours {
        let name = format!("{} {}", endpoint.method, endpoint.path);
        let ours =
            Documented { data_host: endpoint.host == Host::Data, takes_retry_key: endpoint.takes_retry_key };
        match documented.get(&name) {
            Some(theirs) if *theirs == ours => {}
            theirs => wrong.push(format!("{name}: {ours:?} here, {theirs:?} there")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("endpoints covered: {} of {} documented operations", ours.len(), documented.len());
}

#[test]
fn the_reader_of_the_description_reads_what_it_should() {
    let yaml = "servers:\n  - url: \"https://api.line.me\"\npaths:\n  # note\n  \"/a/{b}\":\n    get:\n      servers:\n        - url: \"https://api-data.line.me\"\n    post:\n      parameters:\n        - name: X-Line-Retry-Key\n  /c:\n    delete:\n      tags:\n        - x\ncomponents:\n  schemas:\n    get:\n      type: object\n";
    let found = operations(yaml);
    assert_eq!(
        found.keys().map(String::as_str).collect::<Vec<_>>(),
        ["DELETE /c", "GET /a/{b}", "POST /a/{b}"]
    );
    assert_eq!(found["GET /a/{b}"], Documented { data_host: true, takes_retry_key: false });
    assert_eq!(found["POST /a/{b}"], Documented { data_host: false, takes_retry_key: true });
    assert_eq!(found["DELETE /c"], Documented::default());
}
