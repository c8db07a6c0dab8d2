use std::path::PathBuf;

/// Why the settings cannot be used. Each says what to do, and none quotes a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// Not an address with a port.
    #[error("LUPINUS_LISTEN is {0:?}: write an address and a port, such as 127.0.0.1:8080 or 0.0.0.0:8080")]
    Listen(String),
    /// No number of seconds, or too many.
    #[error(
        "LUPINUS_DRAIN_SECONDS is no whole number from 0 to 300: write how long a load balancer needs to look elsewhere"
    )]
    Drain,
    /// Begins like a PostgreSQL database, and is none.
    #[error("LUPINUS_STORE: {0}")]
    Postgres(lupinus_store_postgres::DatabaseError),
    /// No store of ours.
    #[error(
        "LUPINUS_STORE names no store: write sled:FOLDER (such as sled:./data), postgres://USER:PASSWORD@HOST/DATABASE or memory:"
    )]
    UnknownStore,
    /// Secret without token, or the other way round.
    #[error(
        "{0} is not set, but its counterpart is: set both to serve a LINE account (or ..._FILE naming a file each), or \
         neither to start the demonstration"
    )]
    HalfAChannel(&'static str),
    /// The variable and its file.
    #[error("{name} and {file_name} are both set: unset one of them")]
    TwiceSet {
        /// The variable.
        name: &'static str,
        /// The one that names a file.
        file_name: &'static str,
    },
    /// The file of a secret cannot be read.
    #[error("{name} names {path}, which cannot be read: check the path and that this user may read it")]
    SecretFile {
        /// The variable.
        name: &'static str,
        /// The file.
        path: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The file of a secret holds nothing.
    #[error("{name} names {path}, which is empty: write the secret into it")]
    EmptySecretFile {
        /// The variable.
        name: &'static str,
        /// The file.
        path: String,
    },
    /// No keys where keys should be.
    #[error("the keys of LUPINUS_KEYS_FILE (or LUPINUS_KEYS): {0}; reference-bot keys new FILE draws one")]
    Keys(lupinus_store_wrappers::InvalidKeys),
    /// Neither of the two.
    #[error("LUPINUS_LOG_FORMAT is neither \"human\" nor \"json\": write one of them, or leave it out")]
    LogFormat,
    /// The city's file cannot be read.
    #[error("{} cannot be read: check LUPINUS_CONFIG and that this user may read the file", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The city's file is not what it should be.
    #[error("{}:{line}: {key}: {problem}", .path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// The key at fault.
        key: String,
        /// What is wrong, and what to write.
        problem: String,
    },
}
