//! The program, started as a city starts it.
#![allow(dead_code, reason = "each test uses its part")]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use lupinus_emulator::Emulator;

/// A running program, killed with the test.
pub(crate) struct Running {
    child: Child,
    pub(crate) base: String,
}

impl Running {
    pub(crate) fn started(line: &Emulator, folder: &Path, half: &str) -> Self {
        Self::started_on(line, folder, half, &format!("sled:{}", folder.join("data").display()))
    }

    pub(crate) fn started_on(line: &Emulator, folder: &Path, half: &str, store: &str) -> Self {
        Self::started_with(line, folder, half, store, "0")
    }

    pub(crate) fn started_with(line: &Emulator, folder: &Path, half: &str, store: &str, drain: &str) -> Self {
        std::fs::write(folder.join("secret"), format!("{}\n", line.channel_secret())).unwrap();
        std::fs::write(folder.join("token"), format!("{}\n", line.channel_access_token())).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_reference-bot"))
            .args(["--serve", half])
            .current_dir(folder)
            .env_remove("LINE_CHANNEL_SECRET")
            .env_remove("LINE_CHANNEL_ACCESS_TOKEN")
            .env("LINE_CHANNEL_SECRET_FILE", folder.join("secret"))
            .env("LINE_CHANNEL_ACCESS_TOKEN_FILE", folder.join("token"))
            .env("LINE_API_BASE", line.url())
            .env("LUPINUS_LISTEN", "127.0.0.1:0")
            .env("LUPINUS_DRAIN_SECONDS", drain)
            .env("LUPINUS_STORE", store)
            .env("LUPINUS_LOG_FORMAT", "json")
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, told) = mpsc::channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let tell = tell.clone();
            // Read to the end, or the program would stop at a full pipe.
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
                    if let Some(listen) = line["fields"]["listen"].as_str() {
                        let _ = tell.send(format!("http://{listen}"));
                    }
                }
            });
        }
        let base = told.recv_timeout(Duration::from_secs(30)).expect("the program does not serve");
        Self { child, base }
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("{}{path}", self.base)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// SIGTERM, and how it ended.
    pub(crate) async fn told_to_stop(mut self) -> ExitStatus {
        self.terminate();
        for _ in 0..300 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the program does not stop");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
