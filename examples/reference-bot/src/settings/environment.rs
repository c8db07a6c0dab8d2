//! What the environment says.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use lupinus_line::{ChannelSecret, ChannelToken};
use lupinus_store_wrappers::Keys;
use secrecy::SecretString;

use super::{CityFile, SettingsError, StoreUrl};

/// Where the settings of the city are looked for when `LUPINUS_CONFIG` does not say.
const USUAL_FILE: &str = "lupinus.toml";

/// The longest notice of a stop, in seconds.
const LONGEST_DRAIN: u64 = 300;

/// The channel of the LINE account.
#[derive(Clone, Debug)]
pub struct LineSettings {
    /// Signs what LINE sends.
    pub secret: ChannelSecret,
    /// Opens LINE's API.
    pub token: ChannelToken,
    /// Where the API is; `None` for LINE's own.
    pub api_base: Option<String>,
    /// Where the data API is; `None` for LINE's own, or that of `api_base`.
    pub data_api_base: Option<String>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Everything that is set from outside. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where bot and console listen.
    pub listen: SocketAddr,
    /// How long everything is still served after SIGTERM, while `/readyz` says no.
    pub drain: Duration,
    /// The store.
    pub store: StoreUrl,
    /// The folder for pictures and files; `None` for the usual one of the store.
    pub files: Option<PathBuf>,
    /// What records and files are encrypted with; `None` keeps them plain.
    pub keys: Option<Keys>,
    /// The file that the keys came from.
    pub keys_file: Option<PathBuf>,
    /// The city's own settings, and from where.
    pub city: CityFile,
    /// The LINE account; `None` starts the demonstration.
    pub line: Option<LineSettings>,
    /// What the provider of `[sign_in.oidc]` knows the console by.
    pub oidc_secret: Option<SecretString>,
    /// How log lines look.
    pub log_format: LogFormat,
}

impl Settings {
    /// Reads the process's environment and the files that it names.
    ///
    /// # Errors
    /// [`SettingsError`], which says what to do.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::read(&|name| std::env::var(name).ok())
    }

    /// As [`Settings::from_env`], from any source of variables.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let listen = set("LUPINUS_LISTEN").unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen = listen.parse().map_err(|_| SettingsError::Listen(listen))?;
        let drain = set("LUPINUS_DRAIN_SECONDS").unwrap_or_else(|| "0".to_owned());
        let drain = drain.parse().ok().filter(|seconds| *seconds <= LONGEST_DRAIN);
        let drain = Duration::from_secs(drain.ok_or(SettingsError::Drain)?);
        let store = secret(&set, "LUPINUS_STORE", "LUPINUS_STORE_FILE")?;
        let store = store.unwrap_or_else(|| "sled:./data".to_owned()).parse()?;
        let files = set("LUPINUS_FILES").map(PathBuf::from);
        let keys = secret(&set, "LUPINUS_KEYS", "LUPINUS_KEYS_FILE")?;
        let keys = keys.map(|text| text.parse().map_err(SettingsError::Keys)).transpose()?;
        let keys_file = set("LUPINUS_KEYS_FILE").map(PathBuf::from);
        let city = match set("LUPINUS_CONFIG") {
            Some(file) => CityFile::load(Path::new(&file))?,
            None if Path::new(USUAL_FILE).is_file() => CityFile::load(Path::new(USUAL_FILE))?,
            None => CityFile::default(),
        };
        let log_format = match set("LUPINUS_LOG_FORMAT").as_deref() {
            None | Some("human") => LogFormat::Human,
            Some("json") => LogFormat::Json,
            Some(_) => return Err(SettingsError::LogFormat),
        };
        let oidc_secret = secret(&set, "LUPINUS_OIDC_CLIENT_SECRET", "LUPINUS_OIDC_CLIENT_SECRET_FILE")?
            .map(SecretString::from);
        let line = line(&set)?;
        Ok(Self { listen, drain, store, files, keys, keys_file, city, line, oidc_secret, log_format })
    }

    /// Where the records are, and whether they can be read there, as staff read it.
    pub fn kept_at_ja(&self) -> String {
        let place = self.store.place_ja();
        if self.keys.is_some() { format!("{place}、暗号化して保存") } else { place }
    }
}

fn line(set: &dyn Fn(&str) -> Option<String>) -> Result<Option<LineSettings>, SettingsError> {
    let secret = secret(set, "LINE_CHANNEL_SECRET", "LINE_CHANNEL_SECRET_FILE")?;
    let token = secret_token(set)?;
    let (secret, token) = match (secret, token) {
        (None, None) => return Ok(None),
        (Some(secret), Some(token)) => (secret, token),
        (Some(_), None) => return Err(SettingsError::HalfAChannel("LINE_CHANNEL_ACCESS_TOKEN")),
        (None, Some(_)) => return Err(SettingsError::HalfAChannel("LINE_CHANNEL_SECRET")),
    };
    Ok(Some(LineSettings {
        secret: ChannelSecret::from(secret),
        token: ChannelToken::from(token),
        api_base: set("LINE_API_BASE").map(|base| base.trim_end_matches('/').to_owned()),
        data_api_base: set("LINE_DATA_API_BASE").map(|base| base.trim_end_matches('/').to_owned()),
    }))
}

fn secret_token(set: &dyn Fn(&str) -> Option<String>) -> Result<Option<String>, SettingsError> {
    secret(set, "LINE_CHANNEL_ACCESS_TOKEN", "LINE_CHANNEL_ACCESS_TOKEN_FILE")
}

/// A secret from the variable itself, or from the file that the other variable names. Not from both.
fn secret(
    set: &dyn Fn(&str) -> Option<String>,
    name: &'static str,
    file_name: &'static str,
) -> Result<Option<String>, SettingsError> {
    match (set(name), set(file_name)) {
        (Some(_), Some(_)) => Err(SettingsError::TwiceSet { name, file_name }),
        (Some(value), None) => Ok(Some(value.trim().to_owned())),
        (None, None) => Ok(None),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(&path).map_err(|source| SettingsError::SecretFile {
                name: file_name,
                path: path.clone(),
                source,
            })?;
            match text.trim() {
                "" => Err(SettingsError::EmptySecretFile { name: file_name, path }),
                value => Ok(Some(value.to_owned())),
            }
        }
    }
}
