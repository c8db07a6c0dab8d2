//! What goes wrong between here and the server, in words that say what to do. None quotes a value, a statement or a password.

use std::{fmt, io, time::Duration};

use lupinus_core::store::BoxError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::Address;

/// Why a database cannot be used: from opening a store, and as the source of a later
/// [`StoreError::Unavailable`](lupinus_core::store::StoreError::Unavailable). Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The address is none.
    #[error(
        "the address of the database cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %-escapes for \
         special characters, and one of disable, prefer, require, verify-ca, verify-full as sslmode"
    )]
    Address,
    /// The address carries a setting that nobody reads.
    #[error(
        "the address of the database has a setting {0:?}, which means nothing here: correct or remove it"
    )]
    Setting(String),
    /// The name of the schema.
    #[error(
        "{0:?} cannot be the store's schema: use up to 63 small letters, digits and _, not beginning with a digit or pg_"
    )]
    Schema(String),
    /// Nobody answers.
    #[error("no answer from {place}: see that the server runs and can be reached from here")]
    Down {
        /// Where.
        place: String,
        /// What the network says.
        source: io::Error,
    },
    /// Nothing came back in time.
    #[error("{place} did not answer within {} seconds: see how busy the server is, and what is between", .within.as_secs())]
    Slow {
        /// Where.
        place: String,
        /// How long was waited.
        within: Duration,
    },
    /// It is starting, or stopping.
    #[error("{place} is starting or stopping: wait until it is up")]
    Starting {
        /// Where.
        place: String,
    },
    /// Something else answers there.
    #[error(
        "what answers at {place} does not speak as PostgreSQL does: check host and port; if it was just stopped, try again"
    )]
    NotPostgres {
        /// Where.
        place: String,
    },
    /// No encrypted connection.
    #[error(
        "no encrypted connection to {place}: check sslmode and sslrootcert in the address, and the server's certificate"
    )]
    Tls {
        /// Where.
        place: String,
        /// Why not.
        source: BoxError,
    },
    /// Wrong name or password.
    #[error("{place} does not let the user in: check name and password, and the server's pg_hba.conf")]
    Login {
        /// Where.
        place: String,
    },
    /// There is no such database.
    #[error("the database does not exist at {place}: make it (createdb) or name another")]
    NoDatabase {
        /// Where.
        place: String,
    },
    /// The server cannot do what is needed.
    #[error("{place} is PostgreSQL {found}, and 14 or later is needed: upgrade the server")]
    TooOld {
        /// Where.
        place: String,
        /// Its version.
        found: String,
    },
    /// The database is not in Unicode.
    #[error(
        "the database at {place} is in {found}: make one with createdb --encoding=UTF8 --template=template0"
    )]
    Encoding {
        /// Where.
        place: String,
        /// Its encoding.
        found: String,
    },
    /// A standby, or a database that is set to be read only.
    #[error("{place} can be read only: name the primary server, and see default_transaction_read_only")]
    ReadOnly {
        /// Where.
        place: String,
    },
    /// The user may not do what the store must.
    #[error(
        "the user may not use or make the schema {schema} at {place}: as the database's owner run \
         CREATE SCHEMA {schema} AUTHORIZATION the user"
    )]
    Permission {
        /// Where.
        place: String,
        /// The store's schema.
        schema: String,
    },
    /// Somebody else's tables are there.
    #[error(
        "the schema {schema} at {place} holds other tables and is not a store: choose another with ?schema=NAME"
    )]
    Foreign {
        /// Where.
        place: String,
        /// The store's schema.
        schema: String,
    },
    /// A newer program has been here.
    #[error(
        "the store at {place} is in form {found}, and this program knows forms up to {known}: use the program that made it, \
         or a newer one"
    )]
    Newer {
        /// Where.
        place: String,
        /// Its form.
        found: i32,
        /// What this program knows.
        known: i32,
    },
    /// The tables are not there.
    #[error(
        "the tables of the store are not in the schema {schema} at {place} any more: restore them, and start again"
    )]
    Gone {
        /// Where.
        place: String,
        /// The store's schema.
        schema: String,
    },
    /// No connection is free.
    #[error("{place} has no free connection: raise max_connections there, or let fewer programs use it")]
    Full {
        /// Where.
        place: String,
    },
    /// No space.
    #[error("the disk of {place} is full: make room there")]
    DiskFull {
        /// Where.
        place: String,
    },
    /// Others were always quicker.
    #[error("others kept changing the same records at {place}: try again")]
    Contended {
        /// Where.
        place: String,
    },
    /// Anything else that the server says.
    #[error("{place} refused with SQLSTATE {code}: its log says why")]
    Refused {
        /// Where.
        place: String,
        /// PostgreSQL's code.
        code: String,
    },
    /// The driver did not understand, or was not understood.
    #[error(
        "{place} and this program do not understand each other: see what is between them (a pooler must pool sessions)"
    )]
    Driver {
        /// Where.
        place: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

/// What becomes of a statement that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Somebody was quicker: look again, try again.
    Retry,
    /// The connection is of no use any more; what was under way may have happened.
    Lost,
    /// It did not happen, and will not when it is repeated as it is.
    Refused,
}

/// Who is spoken to: named in errors, without the password.
#[derive(Clone)]
pub(crate) struct Place {
    name: String,
    schema: String,
    patience: Duration,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} schema {}", self.name, self.schema)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Place {
    pub(crate) fn new(address: &Address, patience: Duration) -> Self {
        Self { name: address.place(), schema: address.schema.clone(), patience }
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    pub(crate) fn slow(&self) -> DatabaseError {
        DatabaseError::Slow { place: self.name.clone(), within: self.patience }
    }

    pub(crate) fn read_only(&self) -> DatabaseError {
        DatabaseError::ReadOnly { place: self.name.clone() }
    }

    pub(crate) fn contended(&self) -> DatabaseError {
        DatabaseError::Contended { place: self.name.clone() }
    }

    pub(crate) fn driver(&self) -> DatabaseError {
        DatabaseError::Driver { place: self.name.clone() }
    }

    /// What the driver's error means while a connection is made.
    pub(crate) fn explain_connecting(&self, error: sqlx::Error) -> DatabaseError {
        match error {
            sqlx::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                DatabaseError::NotPostgres { place: self.name.clone() }
            }
            error => self.explain(error),
        }
    }

    /// What the driver's error means.
    pub(crate) fn explain(&self, error: sqlx::Error) -> DatabaseError {
        let place = self.name.clone();
        match error {
            sqlx::Error::Io(source) => DatabaseError::Down { place, source },
            sqlx::Error::Tls(source) => DatabaseError::Tls { place, source },
            sqlx::Error::Protocol(_) => DatabaseError::NotPostgres { place },
            sqlx::Error::Configuration(_) | sqlx::Error::InvalidArgument(_) => DatabaseError::Address,
            sqlx::Error::Database(error) => self.explain_code(error.code().as_deref().unwrap_or("unknown")),
            _ => DatabaseError::Driver { place },
        }
    }

    fn explain_code(&self, code: &str) -> DatabaseError {
        let (place, schema) = (self.name.clone(), self.schema.clone());
        match code {
            "28P01" | "28000" => DatabaseError::Login { place },
            "3D000" => DatabaseError::NoDatabase { place },
            "42501" => DatabaseError::Permission { place, schema },
            "42P01" | "3F000" => DatabaseError::Gone { place, schema },
            "53300" => DatabaseError::Full { place },
            "53100" => DatabaseError::DiskFull { place },
            "25006" => DatabaseError::ReadOnly { place },
            "57P01" | "57P02" | "57P03" => DatabaseError::Starting { place },
            "57014" => self.slow(),
            "40001" | "40P01" | "23505" => DatabaseError::Contended { place },
            code => DatabaseError::Refused { place, code: code.to_owned() },
        }
    }
}

/// What becomes of the statement that ended so.
pub(crate) fn fate(error: &sqlx::Error) -> Fate {
    match error {
        sqlx::Error::Database(error) => {
            // A panic of the server, or its end, ends the connection with it.
            let severe = error
                .try_downcast_ref::<PgDatabaseError>()
                .is_some_and(|error| matches!(error.severity(), PgSeverity::Panic | PgSeverity::Fatal));
            match error.code().as_deref() {
                // Serialisation, deadlock, and somebody who inserted the same meanwhile.
                Some("40001" | "40P01" | "23505") => Fate::Retry,
                Some(code) if code.starts_with("08") || code.starts_with("57P") => Fate::Lost,
                _ if severe => Fate::Lost,
                _ => Fate::Refused,
            }
        }
        _ => Fate::Lost,
    }
}
