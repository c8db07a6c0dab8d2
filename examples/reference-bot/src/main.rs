//! The program; everything it does is in the library beside it.

use std::process::ExitCode;

use clap::Parser;
use reference_bot::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match reference_bot::run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("reference-bot: {error:#}");
            ExitCode::FAILURE
        }
    }
}
