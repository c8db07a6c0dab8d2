//! Setting up and starting an emulator.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use tokio::net::TcpListener;

use super::Emulator;
use crate::{
    ids,
    jwt::SigningKey,
    keep::{self, Folder, KeepError},
    server,
    settings::Settings,
    shared::{Keys, Shared},
    state::{Quota, State},
    webhook::is_webhook_url,
};

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The system gives no random numbers to make the key of ID tokens from.
    #[error("cannot make the key that signs ID tokens: the system gives no random numbers")]
    Randomness,
    /// The folder that keeps the state cannot be used.
    #[error("cannot keep the state in {0}")]
    Data(PathBuf, #[source] KeepError),
    /// Webhooks cannot go to the address.
    #[error("webhooks cannot go to {0:?}: use an address such as http://127.0.0.1:8080/webhook")]
    WebhookUrl(String),
    /// The client that sends webhooks could not be set up.
    #[error("cannot set up the webhook client")]
    WebhookClient(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What an emulator is started with. Made by [`Emulator::builder`].
pub struct Builder {
    listen: SocketAddr,
    channel_secret: Option<String>,
    channel_access_token: Option<String>,
    channel_id: String,
    login_channel_id: String,
    login_channel_secret: Option<String>,
    webhook_url: Option<String>,
    settings: Settings,
    quota: Quota,
    data: Option<PathBuf>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            channel_secret: None,
            channel_access_token: None,
            channel_id: "2000000001".to_owned(),
            login_channel_id: "2000000002".to_owned(),
            login_channel_secret: None,
            webhook_url: None,
            settings: Settings::default(),
            quota: Quota::none(),
            data: None,
        }
    }
}

impl Builder {
    /// The address to listen on. By default a free port of 127.0.0.1.
    pub fn listen(self, listen: SocketAddr) -> Self {
        Self { listen, ..self }
    }

    /// The channel secret that signs webhooks. By default one is made up.
    pub fn channel_secret(self, secret: impl Into<String>) -> Self {
        Self { channel_secret: Some(secret.into()), ..self }
    }

    /// The channel access token that calls must carry. By default one is made up.
    pub fn channel_access_token(self, token: impl Into<String>) -> Self {
        Self { channel_access_token: Some(token.into()), ..self }
    }

    /// The id of the account's channel. By default 2000000001.
    pub fn channel_id(self, id: impl Into<String>) -> Self {
        Self { channel_id: id.into(), ..self }
    }

    /// The id of the LINE Login channel, which belongs to the same provider. By default 2000000002.
    pub fn login_channel_id(self, id: impl Into<String>) -> Self {
        Self { login_channel_id: id.into(), ..self }
    }

    /// The secret of the LINE Login channel. By default one is made up.
    pub fn login_channel_secret(self, secret: impl Into<String>) -> Self {
        Self { login_channel_secret: Some(secret.into()), ..self }
    }

    /// Where webhooks go. By default nowhere.
    pub fn webhook_url(self, url: impl Into<String>) -> Self {
        Self { webhook_url: Some(url.into()), ..self }
    }

    /// Time limits and switches.
    pub fn settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// The quota of the month; it is also what a reset goes back to. By default none.
    pub fn quota(self, quota: Quota) -> Self {
        Self { quota, ..self }
    }

    /// A folder that keeps the state: what is in it is gone on with, and every change is saved there within a second
    /// (later if saving takes longer than that), as a whole or not at all. What is stored of settings, quota and
    /// webhook address goes before what is said here, but for an address. By default nothing is kept.
    pub fn data(self, folder: impl Into<PathBuf>) -> Self {
        Self { data: Some(folder.into()), ..self }
    }

    /// Starts the emulator.
    ///
    /// # Errors
    /// [`StartError`], when the address is taken, the folder cannot be used, or the webhook client cannot be set up.
    pub async fn start(self) -> Result<Emulator, StartError> {
        if let Some(url) = self.webhook_url.as_ref().filter(|url| !is_webhook_url(url)) {
            return Err(StartError::WebhookUrl(url.clone()));
        }
        // Someone else may have chosen a provider before: then theirs serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = || reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        // A container of this program alone has no certificates: then webhooks to https fail, and those to http do not.
        let http = client()
            .build()
            .or_else(|_| client().tls_certs_only([]).build())
            .map_err(|error| StartError::WebhookClient(Box::new(error.without_url())))?;
        let listener =
            TcpListener::bind(self.listen).await.map_err(|error| StartError::Listen(self.listen, error))?;
        let address = listener.local_addr().map_err(|error| StartError::Listen(self.listen, error))?;
        let folder = self.data.as_deref().map(Folder::open).transpose();
        let data = self.data.clone().unwrap_or_default();
        let kept = |error| StartError::Data(data.clone(), error);
        let folder = folder.map_err(kept)?;
        let made_up = match &folder {
            Some(folder) => folder.keys().map_err(kept)?,
            None => keep::Keys::new().map_err(|_| StartError::Randomness)?,
        };
        let keys = Keys {
            channel_id: self.channel_id,
            channel_secret: self.channel_secret.unwrap_or(made_up.channel_secret),
            channel_access_token: self.channel_access_token.unwrap_or(made_up.channel_access_token),
            login_channel_id: self.login_channel_id,
            login_channel_secret: self.login_channel_secret.unwrap_or(made_up.login_channel_secret),
            signing_key: SigningKey::of(&made_up.signing_key).ok_or(StartError::Randomness)?,
        };
        let bot_user_id = ids::bot_user_id(&keys.channel_secret);
        let mut state = State::new(self.settings, bot_user_id, self.webhook_url.clone(), self.quota);
        if let Some(stored) = folder.as_ref().map(Folder::load).transpose().map_err(kept)?.flatten() {
            state = stored.in_place_of(&state);
            state.webhook_url = self.webhook_url.or(state.webhook_url);
        }
        let shared = Shared::new(state, keys, http);
        tokio::spawn(server::serve(Arc::clone(&shared), listener));
        tokio::spawn(Arc::clone(&shared).settle_in_time());
        let folder = folder.map(Arc::new);
        if let Some(folder) = &folder {
            let (stop, task) = (shared.stop.clone(), keep::keep(Arc::clone(&shared), Arc::clone(folder)));
            tokio::spawn(async move { stop.run_until_cancelled(task).await });
        }
        Ok(Emulator::new(shared, address, folder))
    }
}
