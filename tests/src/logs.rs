use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Everything that our crates log, in the greatest detail.
#[derive(Clone, Debug, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// Records from now on, for the whole process.
    ///
    /// # Panics
    /// When somebody records already.
    pub fn record() -> Self {
        let logs = Self::default();
        let ours = "warn,lupinus_core=trace,lupinus_line=trace,lupinus_bot=trace,lupinus_console=trace,\
                    lupinus_store_sled=trace,tower_http=trace,tower_sessions=trace,axum=trace,lupinus_emulator=off";
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(ours))
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(logs.clone())
            .init();
        logs
    }

    /// What was logged so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
