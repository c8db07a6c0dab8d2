//! A day of the centre's two staff, in a browser: the program and an emulated LINE, people at phones, staff at their desks.
//!
//! The day is told in `day/day.mjs`; it is lived with a mouse, on a phone, and by the keyboard alone. What it needs is what
//! `lupinus-console/tests/browser` needs.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

#[path = "../../../lupinus-console/tests/browser/node.rs"]
mod node;
mod support;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use lupinus_emulator::{Emulator, Quota};
use serde_json::json;
use support::Running;

/// Open around the clock, so that the day can be lived at any hour; two people decide, and show codes.
const CITY: &str = r#"
city = "ルピナス市"
account = "ルピナスセンター"
environment = "test"
areas = ["東部圏域", "西部圏域"]

[hours]
mon = ["00:00-24:00"]
tue = ["00:00-24:00"]
wed = ["00:00-24:00"]
thu = ["00:00-24:00"]
fri = ["00:00-24:00"]
sat = ["00:00-24:00"]
sun = ["00:00-24:00"]
open_on_holidays = true

[quiet]
hours = "none"
closing_days = false

[routes]
normal = "checker_then_approver"

[sign_in]
second_factor = ["administrator", "approver", "consultant"]
"#;

const PASSWORD: &str = "紫のルピナスが咲く丘の上のセンター";

/// Who works there: sign-in name, name, roles.
const STAFF: [(&str, &str, &[&str]); 3] = [
    ("kanri", "管理 千秋", &["administrator", "approver", "auditor"]),
    ("aoki", "青木 みどり", &["checker", "consultant"]),
    ("bando", "坂東 学", &["checker", "approver", "consultant"]),
];

fn hire(folder: &Path, login: &str, name: &str, roles: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reference-bot"));
    command.args(["staff", "create", "--login", login, "--name", name, "--password-file", "password"]);
    for role in roles {
        command.args(["--role", role]);
    }
    let store = format!("sled:{}", folder.join("data").display());
    let made = command.current_dir(folder).env("LUPINUS_STORE", store).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

async fn lived(how: &str) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let browser: PathBuf = tests.join("../../../lupinus-console/tests/browser");
    if !node::is_there(&browser) {
        return;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let line = Emulator::start().await.unwrap();
    line.set_quota(Quota::limited(200, 61));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lupinus.toml"), CITY).unwrap();
    std::fs::write(folder.path().join("password"), PASSWORD).unwrap();
    for (login, name, roles) in STAFF {
        hire(folder.path(), login, name, roles);
    }
    let running = Running::started(&line, folder.path(), "all");
    line.set_webhook_url(format!("{}/webhook", running.base));
    let input = json!({ "base": running.base, "line": line.url(), "password": PASSWORD, "how": how });
    node::run(&tests.join("day/day.mjs"), &input).await;
    assert_eq!(running.told_to_stop().await.code(), Some(0));
}

// R24 R32 R33 R41
#[tokio::test(flavor = "multi_thread")]
async fn the_day_at_a_desk_with_a_mouse() {
    lived("desktop").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_on_a_phone() {
    lived("phone").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_by_the_keyboard_alone() {
    lived("keyboard").await;
}
