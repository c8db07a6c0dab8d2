use std::{fmt, str::FromStr};

use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use url::Url;

use crate::DatabaseError;

/// What an address may carry behind the `?`: libpq's names for what is read here, and the store's schema.
const SETTINGS: [&str; 12] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    SCHEMA,
];
const SCHEMA: &str = "schema";
const USUAL_SCHEMA: &str = "lupinus";

/// Where a store is: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…&schema=…`. Shown without password and settings.
///
/// # Examples
/// ```
/// use lupinus_store_postgres::Address;
///
/// let address: Address = "postgres://lupinus:secret@db.example.jp/city?sslmode=verify-full".parse()?;
/// assert_eq!(address.to_string(), "postgres://lupinus@db.example.jp:5432/city");
/// # Ok::<(), lupinus_store_postgres::DatabaseError>(())
/// ```
#[derive(Clone)]
pub struct Address {
    text: String,
    pub(crate) options: PgConnectOptions,
    pub(crate) schema: String,
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Address {}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}", self.place())?;
        if self.schema != USUAL_SCHEMA {
            write!(f, "?schema={}", self.schema)?;
        }
        Ok(())
    }
}

impl Address {
    /// User, host and database.
    pub(crate) fn place(&self) -> String {
        let options = &self.options;
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let database = options.get_database().unwrap_or_else(|| options.get_username());
        format!("{}@{host}:{}/{database}", options.get_username(), options.get_port())
    }
}

impl FromStr for Address {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        let mut url = Url::parse(text).map_err(|_| DatabaseError::Address)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(DatabaseError::Address);
        }
        let settings: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let mut schema = USUAL_SCHEMA.to_owned();
        url.set_query(None);
        for (name, value) in settings {
            // A misspelt sslmode must not pass for none.
            if !SETTINGS.contains(&name.as_str()) {
                return Err(DatabaseError::Setting(name));
            }
            if name == SCHEMA {
                schema = value;
            } else {
                url.query_pairs_mut().append_pair(&name, &value);
            }
        }
        if !is_schema(&schema) {
            return Err(DatabaseError::Schema(schema));
        }
        let options = PgConnectOptions::from_str(url.as_str()).map_err(|_| DatabaseError::Address)?;
        let named = options.get_application_name().is_some();
        let options = if named { options } else { options.application_name("lupinus") };
        Ok(Self { text: text.to_owned(), options: options.disable_statement_logging(), schema })
    }
}

/// Whether it can stand in a statement as it is.
fn is_schema(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|first| first.is_ascii_lowercase() || first == b'_');
    let rest = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    first && rest && name.len() <= 63 && !name.starts_with("pg_")
}
