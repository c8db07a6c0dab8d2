//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use lupinus_core::{actor::Role, figures::Period};

use crate::serve::Half;

const AFTER_HELP: &str = "\
Settings come from the environment:
  LUPINUS_LISTEN      address of bot and console            [127.0.0.1:8080]
  LUPINUS_DRAIN_SECONDS  still serves after SIGTERM, with /readyz at 503 [0]
  LUPINUS_STORE       sled:FOLDER, postgres://... or memory: [sled:./data]
  LUPINUS_KEYS_FILE   file of keys: records and files are encrypted; or LUPINUS_KEYS, the keys themselves
  LUPINUS_CONFIG      the city's settings                   [lupinus.toml if present]
  LUPINUS_LOG_FORMAT  human or json                         [human]
  LINE_CHANNEL_SECRET, LINE_CHANNEL_ACCESS_TOKEN            or ..._FILE naming a file that holds it
  LINE_API_BASE, LINE_DATA_API_BASE                         [LINE's own]
  RUST_LOG            which log lines                       [info]
Without the two LINE_CHANNEL_... settings the demonstration starts: a made-up city on an emulated LINE platform.";

/// A coordination centre on LINE: bot, staff console and store.
#[derive(Debug, Parser)]
#[command(name = "reference-bot", version, about, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to serve; the console may run alone inside an office network.
    #[arg(long, value_enum, default_value_t)]
    pub serve: Half,
    /// The demonstration.
    #[command(flatten)]
    pub demonstration: Demonstration,
    /// Instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How the demonstration is played.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Demonstration (without a LINE account)")]
pub struct Demonstration {
    /// Folder of the demonstration's store; LUPINUS_STORE when it is not given.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// What decides about everything that is drawn by lot.
    #[arg(long, default_value_t = 20_260_401)]
    pub seed: u64,
    /// How many members the city ends with; the scenario's number when it is not given.
    #[arg(long, value_name = "NUMBER")]
    pub members: Option<usize>,
    /// Address of the emulated LINE platform. When the usual one is taken, a free one serves.
    #[arg(long, value_name = "ADDRESS")]
    pub emulator: Option<std::net::SocketAddr>,
    /// Play, print the result, check it, and end.
    #[arg(long)]
    pub until_played: bool,
}

/// Instead of serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write every record to FILE as JSON Lines, as of one moment. Stop the bot first when the store is on sled; over a database it
    /// may go on.
    Export {
        /// The file; what stands there is replaced once the export is whole.
        file: PathBuf,
    },
    /// Read every record of FILE into an empty store. An import that was broken off goes on when it is begun again.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// The audit trail.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// The figures of a month or a fiscal year under the report's six headings. Stop the bot first; the console shows them, too.
    Report {
        /// A month (2026-10) or a fiscal year (2026); the present month when it is not given.
        period: Option<Period>,
        /// Write them as CSV to this file, instead of printing tables.
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
    },
    /// Where data is and goes as the settings in force say: parties, countries, contracts, stores, addresses. Markdown, in Japanese.
    DataFlow {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// The keys that records and files are encrypted with.
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Check the LINE account, and say for each finding what to do. Ends with 1 when something is red.
    Doctor,
    /// Staff accounts.
    Staff {
        /// What to do with them.
        #[command(subcommand)]
        command: StaffCommand,
    },
    /// Read the PDF file on standard input, and write its text to standard output. The program calls itself so.
    #[command(name = crate::pdf::ARGUMENT, hide = true)]
    ReadPdf,
}

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check every chain. Ends with 1, and says where, when one is broken.
    Verify,
}

/// The keys that records and files are encrypted with.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Draw a key and write it into FILE, which is made when it is not there. It stands on top and encrypts from the next start on;
    /// the others decrypt. Keep a copy of FILE where the backups are not: without it nothing can be read.
    New {
        /// The file, for LUPINUS_KEYS_FILE.
        file: PathBuf,
        /// The key's name; today's date when it is not given.
        #[arg(long)]
        name: Option<String>,
        /// Write it below the others, so that it decrypts and does not encrypt yet: for several programs over one database, which
        /// must all have it before one of them encrypts with it.
        #[arg(long)]
        behind: bool,
    },
    /// Encrypt anew, with the first key, whatever is encrypted with another one, and files that are not encrypted yet. Goes on where it
    /// was broken off. Stop the bot first when the store is on sled. Ends with 1 when something is left.
    Rotate,
}

/// Staff accounts.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Make an account. The first of all must be an administrator. The password is typed, read from standard input, or from
    /// a file; it has 12 to 200 characters.
    Create {
        /// What they sign in with.
        #[arg(long)]
        login: String,
        /// Their name as colleagues read it.
        #[arg(long)]
        name: String,
        /// What they may do; may be given several times.
        #[arg(long = "role", value_enum, required = true)]
        roles: Vec<RoleName>,
        /// A file whose first line is the password.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// The administrator who answers for it, by sign-in name; needed when there are several.
        #[arg(long, value_name = "LOGIN")]
        by: Option<String>,
    },
}

/// A role by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Accounts, bodies, invitations.
    Administrator,
    /// Takes posts in and returns them.
    Checker,
    /// Approves, rejects, schedules, corrects.
    Approver,
    /// Answers consultations.
    Consultant,
    /// Reads the audit trail.
    Auditor,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Administrator => Self::Administrator,
            RoleName::Checker => Self::Checker,
            RoleName::Approver => Self::Approver,
            RoleName::Consultant => Self::Consultant,
            RoleName::Auditor => Self::Auditor,
        }
    }
}
