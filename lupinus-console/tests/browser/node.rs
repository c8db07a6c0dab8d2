//! Scripts that drive a browser, and whether they can run.

use std::{io::Write as _, path::Path, process::Stdio};

use tokio::{io::AsyncWriteExt as _, process::Command};

fn missing(folder: &Path) -> Option<String> {
    let version = std::process::Command::new("node").arg("--version").output();
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let places = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&places).any(|place| browsers.iter().any(|name| place.join(name).exists()));
    if !found && std::env::var_os("CHROME").is_none() {
        Some("there is no Chromium".to_owned())
    } else if version.is_err() {
        Some("there is no node".to_owned())
    } else if !folder.join("node_modules/playwright-core").exists() {
        Some(format!("run `npm ci` in {}", folder.display()))
    } else {
        None
    }
}

/// Whether the scripts can run whose packages belong into this folder; says so when they cannot.
pub(crate) fn is_there(folder: &Path) -> bool {
    let Some(why) = missing(folder) else { return true };
    assert!(std::env::var_os("LUPINUS_REQUIRE_BROWSER").is_none(), "no browser: {why}");
    // Not by `println!`, which a test that passes does not show.
    let _ = writeln!(std::io::stderr(), "skipped: no browser: {why}");
    false
}

/// Runs a script with this on its standard input; answers its last line.
pub(crate) async fn run(script: &Path, input: &serde_json::Value) -> String {
    let mut child = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}\n{said}", script.display());
    let last = said.lines().last().unwrap_or_default();
    println!("{last}");
    last.to_owned()
}
