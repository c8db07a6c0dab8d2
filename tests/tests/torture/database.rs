//! A PostgreSQL server of this test's own, which it may restart, behind a proxy.

use std::{io::Write as _, path::Path, process::Command};

use lupinus_tests::{Proxy, Target};
use tempfile::TempDir;

#[derive(Debug)]
pub(crate) struct Database {
    folder: TempDir,
    /// Its address, past the proxy.
    pub(crate) address: String,
    /// Between it and the bots.
    pub(crate) proxy: Proxy,
}

fn script(what: &str, folder: &Path) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/postgres");
    let done = Command::new(script).arg(what).arg(folder).output().ok()?;
    done.status.success().then(|| String::from_utf8(done.stdout).unwrap().trim().to_owned())
}

impl Database {
    /// `None` where there is no PostgreSQL.
    ///
    /// # Panics
    /// Where one is demanded.
    pub(crate) async fn started() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let Some(address) = script("start", folder.path()) else {
            assert!(std::env::var_os("LUPINUS_REQUIRE_POSTGRES").is_none(), "no PostgreSQL can be started");
            // Not by `eprintln!`, which a test that passes does not show.
            let _ = writeln!(std::io::stderr(), "skipped: no PostgreSQL can be started");
            return None;
        };
        let socket = folder.path().join(".s.PGSQL.5432");
        let proxy = Proxy::started(vec![Target::Socket(socket)]).await;
        Some(Self { folder, address, proxy })
    }

    /// Its address through the proxy.
    pub(crate) fn through_proxy(&self) -> String {
        format!("postgres://postgres@{}/postgres?sslmode=disable", self.proxy.address)
    }

    /// It dies in the middle of whatever it does, recovers from its own log, and serves again.
    pub(crate) async fn restarted(&self) {
        let folder = self.folder.path().to_owned();
        let again = tokio::task::spawn_blocking(move || script("restart", &folder)).await.unwrap();
        again.expect("the server does not start again");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        script("stop", self.folder.path());
    }
}
