//! Which store.

use std::{fmt, path::PathBuf, str::FromStr};

use lupinus_store_postgres::Address;

use super::SettingsError;

/// Which store. Shown without a password.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// On sled, in this folder.
    Sled(PathBuf),
    /// In a PostgreSQL database.
    Postgres(Box<Address>),
    /// In memory: gone when the program ends.
    Memory,
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StoreUrl {
    /// Where its records are, as staff read it.
    pub fn place_ja(&self) -> String {
        match self {
            Self::Sled(path) => format!("センターのサーバのフォルダ {}(sled)", path.display()),
            Self::Postgres(address) => format!("データベース {address}(PostgreSQL)"),
            Self::Memory => "メモリ(終了すると消える)".to_owned(),
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sled(path) => write!(f, "sled:{}", path.display()),
            Self::Postgres(address) => address.fmt(f),
            Self::Memory => f.write_str("memory:"),
        }
    }
}

impl FromStr for StoreUrl {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        match text.split_once(':') {
            Some(("sled", path)) if !path.is_empty() => Ok(Self::Sled(PathBuf::from(path))),
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("postgres" | "postgresql", _)) => {
                let address = text.parse().map_err(SettingsError::Postgres)?;
                Ok(Self::Postgres(Box::new(address)))
            }
            _ => Err(SettingsError::UnknownStore),
        }
    }
}
