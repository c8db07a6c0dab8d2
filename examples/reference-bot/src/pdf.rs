//! Reads PDF files in a process of its own: this very program, called with [`ARGUMENT`], which takes little memory and time and
//! then ends, whatever the file makes of it.

use std::{process::ExitCode, sync::Arc};

use lupinus_bot::pdf::{PdfReader, serve};
use lupinus_core::screening::{NoTextReader, TextReader};

/// What this program is called with to read a file.
pub const ARGUMENT: &str = "read-pdf";

/// Most memory that reading a file may take, in bytes of address space.
const MAX_MEMORY_BYTES: u64 = 512 * 1024 * 1024;
/// Most time that it may compute, in seconds.
const MAX_CPU_SECONDS: u64 = 8;

/// The reader; without the path of this program people look into every file.
pub fn reader() -> Arc<dyn TextReader> {
    match std::env::current_exe() {
        Ok(program) => Arc::new(PdfReader::apart(program, [ARGUMENT.to_owned()])),
        Err(error) => {
            tracing::error!(%error, "this program does not know its own path; people look into every file");
            Arc::new(NoTextReader)
        }
    }
}

/// Reads the file on standard input within its limits. Called before anything else is started.
pub fn read() -> ExitCode {
    if limit().is_err() {
        return ExitCode::FAILURE;
    }
    match serve(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(unix)]
fn limit() -> std::io::Result<()> {
    use rlimit::{Resource, setrlimit};
    setrlimit(Resource::AS, MAX_MEMORY_BYTES, MAX_MEMORY_BYTES)?;
    setrlimit(Resource::CPU, MAX_CPU_SECONDS, MAX_CPU_SECONDS)?;
    // It writes no file, and no dump of what it read.
    setrlimit(Resource::FSIZE, 0, 0)?;
    setrlimit(Resource::CORE, 0, 0)
}

#[cfg(not(unix))]
fn limit() -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
