//! Signing in by a city's provider of identities (OpenID Connect): an authorization code with PKCE, state and nonce.
//!
//! What is asked of the provider and of its tokens is done by `openidconnect`; here is what it is told, and how it reaches the
//! provider. No token is kept: who somebody is there is all that is left of one.

use std::{
    fmt,
    sync::{Arc, Once},
    time::Duration,
};

use jiff::Timestamp;
use lupinus_core::{hash::Sha256Hash, staff::ProviderIdentity};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    SignatureVerificationError::NoMatchingKey,
    TokenResponse as _,
    core::{
        CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType,
        CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Algorithm,
        CoreProviderMetadata,
    },
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Mutex, time::Instant};
use url::{Host, Url};

/// How long one call of the provider may take: somebody waits for it.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest answer of the provider that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 1 << 20;
/// How long what the provider says of itself and its keys holds: a key that it withdraws is trusted no longer.
const HOLDS: Duration = Duration::from_mins(10);
/// How long it is made do with while the provider does not say it anew.
const HOLDS_AT_MOST: Duration = Duration::from_hours(1);
/// How long the provider is left alone after it was asked for that.
const AGAIN: Duration = Duration::from_secs(10);
/// How far its clock may be ahead of ours.
const CLOCKS_DIFFER: Duration = Duration::from_mins(5);

/// What it may sign with: its own key, which is published. A secret that we share with it proves nothing to us.
const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EdDsa,
];

/// A city's provider of identities, as it is configured. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct OpenIdSettings {
    /// Its name for itself, where its description is found: `https://login.example.jp/realms/city`.
    pub issuer: String,
    /// What it calls the console.
    pub client_id: String,
    /// What it knows the console by.
    pub client_secret: SecretString,
    /// What staff call an account there.
    pub label: String,
}

/// Why a provider cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidProvider {
    /// Not an address to be trusted.
    #[error("the issuer is no https address without query, such as https://login.example.jp/realms/city")]
    Issuer,
    /// Not the address of the console.
    #[error("the origin of the console is no address such as https://console.example.jp")]
    Origin,
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Http,
}

/// Why somebody was not let in by their provider: what to say to them, and for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It does not answer, or not as a provider does.
    Unreachable(&'static str),
    /// It does not know the console, or not by this secret.
    Misconfigured,
    /// It takes the code for none that it gave for this sign-in.
    Refused,
    /// Its token does not hold.
    Untrusted(&'static str),
}

/// Why somebody is sent to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To sign in, as whoever they are there by now.
    SignIn,
    /// To link their account, as whom they sign in there once more: who was there before them at this browser is not linked.
    Link,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What a provider says of itself, with its keys, since when it is known, and when it was last asked.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, Instant)>,
    asked_at: Option<Instant>,
}

impl Known {
    fn younger_than(&self, age: Duration) -> Option<Arc<CoreProviderMetadata>> {
        let (metadata, _) = self.metadata.as_ref().filter(|(_, since)| since.elapsed() < age)?;
        Some(Arc::clone(metadata))
    }
}

/// A provider, and what is known of it. Nothing is asked of it before somebody signs in.
pub(crate) struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: SecretString,
    pub(crate) label: String,
    origin: String,
    http: reqwest::Client,
    known: Mutex<Known>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}

/// What one way to the provider is known by: kept by the browser that began it, and told to nobody. Everything else follows from it.
pub(crate) struct Seed<'a>(pub(crate) &'a str);

impl Seed<'_> {
    fn derived(&self, what: &str) -> String {
        Sha256Hash::of(format!("lupinus single sign-on {what} {}", self.0).as_bytes()).to_hex()
    }

    pub(crate) fn state(&self) -> String {
        self.derived("state")
    }

    fn nonce(&self) -> Nonce {
        Nonce::new(self.derived("nonce"))
    }

    fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.derived("verifier"))
    }
}

impl Provider {
    /// A provider that leads back to a console at this origin.
    pub(crate) fn new(settings: OpenIdSettings, origin: &str) -> Result<Self, InvalidProvider> {
        let OpenIdSettings { issuer, client_id, client_secret, label } = settings;
        let issuer = IssuerUrl::new(issuer).map_err(|_| InvalidProvider::Issuer)?;
        let address = issuer.url();
        if !is_trusted(address) || address.query().is_some() || address.fragment().is_some() {
            return Err(InvalidProvider::Issuer);
        }
        let own = Url::parse(origin).map_err(|_| InvalidProvider::Origin)?;
        if own.origin().ascii_serialization() != origin {
            return Err(InvalidProvider::Origin);
        }
        let http = http(address).map_err(|_| InvalidProvider::Http)?;
        let client_id = ClientId::new(client_id);
        let (origin, known) = (origin.to_owned(), Mutex::default());
        Ok(Self { issuer, client_id, client_secret, label, origin, http, known })
    }

    pub(crate) fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Where somebody goes to sign in, to come back to this path of the console. Nothing is asked for but who they are.
    pub(crate) async fn address(
        &self,
        back: &str,
        seed: &Seed<'_>,
        purpose: Purpose,
    ) -> Result<Url, Failure> {
        let client = self.client(&*self.metadata().await?, back)?;
        let (state, nonce) = (CsrfToken::new(seed.state()), seed.nonce());
        let asked =
            client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce);
        let asked = match purpose {
            Purpose::SignIn => asked,
            Purpose::Link => asked.add_prompt(CoreAuthPrompt::Login),
        };
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&seed.verifier());
        let (address, _, _) = asked.set_pkce_challenge(challenge).url();
        if is_trusted(&address) { Ok(address) } else { Err(Failure::Unreachable("an address without TLS")) }
    }

    /// Who came back to this path with this code.
    pub(crate) async fn identified(
        &self,
        back: &str,
        code: &str,
        seed: &Seed<'_>,
        now: Timestamp,
    ) -> Result<ProviderIdentity, Failure> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata, back)?;
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| Failure::Unreachable("no token endpoint"))?
            .set_pkce_verifier(seed.verifier());
        let http = |request| fetched(self.http.clone(), request);
        let answer = exchange.request_async(&http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(refusal) => match refusal.error() {
                CoreErrorResponseType::InvalidGrant => Failure::Refused,
                _ => Failure::Misconfigured,
            },
            RequestTokenError::Request(Unanswered(why)) => Failure::Unreachable(why),
            _ => Failure::Unreachable("no answer of a token endpoint"),
        })?;
        let token = answer.id_token().ok_or(Failure::Untrusted("no ID token"))?;
        let claims = match self.checked(&metadata, token, &seed.nonce(), now) {
            // Keys change; whoever makes up the name of one makes us ask for them now and then, and no more.
            Err(ClaimsVerificationError::SignatureVerification(NoMatchingKey)) => {
                let metadata = self.metadata_anew().await?;
                self.checked(&metadata, token, &seed.nonce(), now)
            }
            checked => checked,
        };
        let claims = claims.map_err(|error| Failure::Untrusted(reason(&error)))?;
        Ok(ProviderIdentity { issuer: self.issuer.to_string(), subject: claims.subject().to_string() })
    }

    /// What a token says, if it is the provider's, for us, of now, and of this sign-in.
    fn checked<'a>(
        &self,
        metadata: &CoreProviderMetadata,
        token: &'a CoreIdToken,
        nonce: &Nonce,
        now: Timestamp,
    ) -> Result<&'a CoreIdTokenClaims, ClaimsVerificationError> {
        let at = |time: Timestamp| {
            chrono::DateTime::from_timestamp_millis(time.as_millisecond()).unwrap_or_default()
        };
        let latest = now.checked_add(CLOCKS_DIFFER).unwrap_or(Timestamp::MAX);
        let verifier = CoreIdTokenVerifier::new_public_client(
            self.client_id.clone(),
            self.issuer.clone(),
            metadata.jwks().clone(),
        )
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || at(now))
        .set_issue_time_verifier_fn(move |issued| {
            if issued <= at(latest) { Ok(()) } else { Err("issued in the future".to_owned()) }
        });
        token.claims(&verifier, nonce)
    }

    fn client(&self, metadata: &CoreProviderMetadata, back: &str) -> Result<Client, Failure> {
        let back = RedirectUrl::new(format!("{}{back}", self.origin)).map_err(|_| Failure::Misconfigured)?;
        let secret = ClientSecret::new(self.client_secret.expose_secret().to_owned());
        let by = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| by.is_none_or(|methods| methods.contains(&method));
        let auth = if takes(CoreClientAuthMethod::ClientSecretBasic) {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        };
        let client =
            CoreClient::from_provider_metadata(metadata.clone(), self.client_id.clone(), Some(secret));
        Ok(client.set_redirect_uri(back).set_auth_type(auth))
    }

    /// What the provider says of itself, with its keys: as it said a while ago.
    async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, Failure> {
        let mut known = self.known.lock().await;
        match known.younger_than(HOLDS) {
            Some(metadata) => Ok(metadata),
            None => self.asked(&mut known).await,
        }
    }

    /// As it says now.
    async fn metadata_anew(&self) -> Result<Arc<CoreProviderMetadata>, Failure> {
        self.asked(&mut *self.known.lock().await).await
    }

    /// Asks the provider, if it has been left alone for a while. Everybody else waits for the one who asks. What it said before is
    /// made do with for a time when it does not answer.
    async fn asked(&self, known: &mut Known) -> Result<Arc<CoreProviderMetadata>, Failure> {
        if known.asked_at.is_some_and(|at| at.elapsed() < AGAIN) {
            return known.younger_than(HOLDS_AT_MOST).ok_or(Failure::Unreachable("no answer a moment ago"));
        }
        // Before as well: whoever asks may go away.
        known.asked_at = Some(Instant::now());
        let found = self.discovered().await;
        known.asked_at = Some(Instant::now());
        match found {
            Ok(metadata) => {
                known.metadata = Some((Arc::clone(&metadata), Instant::now()));
                Ok(metadata)
            }
            Err(why) => {
                let kept = known.younger_than(HOLDS_AT_MOST).ok_or(Failure::Unreachable(why))?;
                tracing::warn!(
                    why,
                    "the provider does not say which keys it has: those that it had within the hour serve on"
                );
                Ok(kept)
            }
        }
    }

    async fn discovered(&self) -> Result<Arc<CoreProviderMetadata>, &'static str> {
        let http = |request| fetched(self.http.clone(), request);
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &http).await;
        found.map(Arc::new).map_err(|error| match error {
            DiscoveryError::Request(Unanswered(why)) => why,
            DiscoveryError::Validation(_) => "it calls itself otherwise",
            _ => "no description of a provider",
        })
    }
}

/// Why a token does not hold, without a word of it.
fn reason(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "another audience",
        ClaimsVerificationError::InvalidIssuer(_) => "another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "another nonce",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "form",
    }
}

/// Whether what is said there stays between us: by TLS, or on this very machine.
fn is_trusted(address: &Url) -> bool {
    let on_this_machine = match address.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    address.scheme() == "https" || (address.scheme() == "http" && on_this_machine)
}

fn http(issuer: &Url) -> reqwest::Result<reqwest::Client> {
    static CRYPTOGRAPHY: Once = Once::new();
    CRYPTOGRAPHY.call_once(|| {
        // Fails when the application has one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let mut http = reqwest::Client::builder()
        .user_agent(concat!("lupinus-console/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .timeout(TIMEOUT);
    if issuer.scheme() == "http" {
        http = http.no_proxy().tls_certs_only([]); // on this very machine
    }
    http.build()
}

/// Why there is no answer; it quotes nothing.
#[derive(Debug, thiserror::Error)]
#[error("no answer: {0}")]
struct Unanswered(&'static str);

/// One call, up to a bound.
async fn fetched(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
    let request = reqwest::Request::try_from(request).map_err(|_| Unanswered("no address"))?;
    if !is_trusted(request.url()) {
        return Err(Unanswered("an address without TLS"));
    }
    let failed =
        |error: reqwest::Error| Unanswered(if error.is_timeout() { "time-out" } else { "connection" });
    let mut answer = http.execute(request).await.map_err(failed)?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    response.headers_mut().clone_from(answer.headers());
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if response.body().len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Unanswered("too long an answer"));
        }
        response.body_mut().extend_from_slice(&chunk);
    }
    Ok(response)
}
