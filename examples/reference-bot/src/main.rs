//! The program; everything it does is in the library beside it.

use std::process::ExitCode;

use clap::Parser;
use reference_bot::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(cli.command, Some(Command::ReadPdf)) {
        return reference_bot::pdf::read();
    }
    serve(cli)
}

#[tokio::main]
async fn serve(cli: Cli) -> ExitCode {
    match reference_bot::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("reference-bot: {error:#}");
            ExitCode::FAILURE
        }
    }
}
