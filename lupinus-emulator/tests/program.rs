//! The program itself.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test file")]
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lupinus-emulator");

#[test]
fn it_prints_its_address_and_ends_with_success_on_sigterm() {
    let mut program = Command::new(PROGRAM)
        .args(["--listen", "127.0.0.1:0", "--channel-secret", "S", "--channel-access-token", "T"])
        .args(["--login-channel-secret", "L"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("lupinus-emulator listening on http://127.0.0.1:"), "{first}");
    let killed = Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(program.wait().unwrap().success());
    assert!(lines.next().is_none(), "keys that were given are not printed");
}

#[test]
fn it_says_what_is_wrong_when_it_cannot_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Command::new(PROGRAM).args(["--listen", &address]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains(&format!("cannot listen on {address}")));
    let output = Command::new(PROGRAM).args(["--quota", "many"]).output().unwrap();
    assert!(!output.status.success());
}
