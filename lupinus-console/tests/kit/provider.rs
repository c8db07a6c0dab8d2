//! A provider of identities (OpenID Connect) that judges as one does: who asks, to where they want to be led, the verifier behind
//! the challenge, and codes that serve once. Tests bend what it says.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use lupinus_console::{Console, OpenIdSettings};
use lupinus_core::{
    clock::{Clock as _, ManualClock},
    ids::SeededIds,
    policy::Policy,
    screening::Screen,
    service::Centre,
};
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaPublicKeyComponents,
    },
};
use serde_json::{Value, json};

use super::{Browser, City, PASSWORD, Page};

/// What the provider leads back to.
const BACK: &str = "https://console.test/console/sign-in/provider/back";
/// What staff call an account there.
pub(crate) const LABEL: &str = "庁内アカウント";
pub(crate) const CLIENT: &str = "lupinus console";
pub(crate) const SECRET: &str = "canary secret & more";

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn settings(provider: &Provider) -> OpenIdSettings {
    OpenIdSettings {
        issuer: provider.issuer(),
        client_id: CLIENT.to_owned(),
        client_secret: SECRET.into(),
        label: LABEL.to_owned(),
    }
}

/// A city whose staff sign in by a provider.
pub(crate) async fn city_with(policy: Policy, key: Key) -> (City, Provider) {
    let mut city = City::with(policy.clone(), |console| console).await;
    let provider = Provider::start(city.clock.clone(), BACK, key).await;
    let (store, ids) = (Arc::new(city.store.clone()), Arc::new(SeededIds::new(7)));
    city.centre = Centre::new(store, city.clock.clone(), ids, Screen::default(), policy);
    city.console = Console::builder(city.centre.clone())
        .city("ルピナス市")
        .account("ルピナスセンター")
        .behind_proxies(1)
        .single_sign_on(settings(&provider), "https://console.test")
        .unwrap()
        .build();
    (city, provider)
}

/// To the provider: its address, with which the browser waits.
pub(crate) async fn begins(browser: &mut Browser, next: &str) -> String {
    let page = browser.get(&format!("/sign-in/provider?next={next}")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    page.location().to_owned()
}

/// Back from where the provider leads.
pub(crate) async fn comes_back(browser: &mut Browser, led: &str) -> Page {
    browser.get(led.strip_prefix("https://console.test/console").unwrap()).await
}

/// A key that signs.
pub(crate) enum Key {
    Es256(EcdsaKeyPair),
    Rs256(rsa::KeyPair),
}

impl Key {
    pub(crate) fn es256() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random);
        Self::Es256(pair.unwrap())
    }

    /// Made for tests, and used nowhere else.
    pub(crate) fn rs256() -> Self {
        let pem = include_str!("../../../lupinus-emulator/tests/data/assertion-key.pem");
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        Self::Rs256(rsa::KeyPair::from_pkcs8(&BASE64_STANDARD.decode(base64).unwrap()).unwrap())
    }

    const fn algorithm(&self) -> &'static str {
        match self {
            Self::Es256(_) => "ES256",
            Self::Rs256(_) => "RS256",
        }
    }

    fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid,
                       "x": encoded(&point[1..33]), "y": encoded(&point[33..])})
            }
            Self::Rs256(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "alg": "RS256", "use": "sig", "kid": kid, "n": encoded(public.n), "e": encoded(public.e)})
            }
        }
    }

    fn signature(&self, signed: &str) -> Vec<u8> {
        match self {
            Self::Es256(pair) => {
                pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap().as_ref().to_vec()
            }
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
                    .unwrap();
                signature
            }
        }
    }
}

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedBy {
    ItsKey,
    /// `alg: none`, without a signature.
    Nobody,
    /// By a key of the same name that is somebody else's.
    AStranger,
    /// With the secret that client and provider share (HS256).
    TheSecret,
}

/// What was asked for with a code.
struct Grant {
    redirect: String,
    challenge: String,
    nonce: String,
    person: Value,
}

struct Inside {
    clock: Arc<ManualClock>,
    base: String,
    /// The one address that the console was registered with.
    redirect: String,
    /// The first of them signs.
    keys: Vec<(String, Key)>,
    /// Whether the one that signs is published no more.
    withdrawn: bool,
    /// Who signs in next: claims of theirs.
    person: Value,
    grants: BTreeMap<String, Grant>,
    issued: usize,
    /// What is changed in the claims of the next tokens.
    bent: Value,
    signed: SignedBy,
    /// How it describes itself, where that is bent.
    described: Value,
    down: bool,
    asked: BTreeMap<&'static str, usize>,
}

#[derive(Clone)]
pub(crate) struct Provider(Arc<Mutex<Inside>>);

type Fields = BTreeMap<String, String>;

impl Provider {
    /// One that leads back to `redirect` alone.
    pub(crate) async fn start(clock: Arc<ManualClock>, redirect: &str, key: Key) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self(Arc::new(Mutex::new(Inside {
            clock,
            base,
            redirect: redirect.to_owned(),
            keys: vec![("first".to_owned(), key)],
            withdrawn: false,
            person: json!({}),
            grants: BTreeMap::new(),
            issued: 0,
            bent: json!({}),
            signed: SignedBy::ItsKey,
            described: json!({}),
            down: false,
            asked: BTreeMap::new(),
        })));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(description))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        provider
    }

    fn inside<T>(&self, with: impl FnOnce(&mut Inside) -> T) -> T {
        with(&mut self.0.lock().unwrap())
    }

    pub(crate) fn issuer(&self) -> String {
        self.inside(|inside| inside.base.clone())
    }

    /// Who signs in there from now on.
    pub(crate) fn is_used_by(&self, claims: Value) {
        self.inside(|inside| inside.person = claims);
    }

    /// Puts these into the claims of its tokens, or takes them out (null).
    pub(crate) fn bend(&self, claims: Value, signed: SignedBy) {
        self.inside(|inside| (inside.bent, inside.signed) = (claims, signed));
    }

    /// Puts these into its description.
    pub(crate) fn describe(&self, with: Value) {
        self.inside(|inside| inside.described = with);
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.inside(|inside| inside.down = down);
    }

    /// Signs with another key from now on, and publishes it alone.
    pub(crate) fn changes_keys(&self, kid: &str, key: Key) {
        self.inside(|inside| inside.keys = vec![(kid.to_owned(), key)]);
    }

    /// Publishes the key no more with which it signs on, as does whoever has stolen it.
    pub(crate) fn withdraws_its_key(&self) {
        self.inside(|inside| inside.withdrawn = true);
    }

    /// How often somebody asked for this.
    pub(crate) fn asked(&self, what: &str) -> usize {
        self.inside(|inside| inside.asked.get(what).copied().unwrap_or_default())
    }

    fn called(&self, what: &'static str) -> Result<(), StatusCode> {
        self.inside(|inside| {
            *inside.asked.entry(what).or_default() += 1;
            if inside.down { Err(StatusCode::BAD_GATEWAY) } else { Ok(()) }
        })
    }

    /// There and back.
    pub(crate) async fn signs_in(&self, browser: &mut Browser) -> Page {
        let address = begins(browser, "/").await;
        let led = self.visited(&address).unwrap();
        comes_back(browser, &led).await
    }

    /// There to be linked, and back.
    pub(crate) async fn comes_to_be_linked(&self, browser: &mut Browser) -> Page {
        let page = browser.get("/account/provider/begin").await;
        let asked = url::Url::parse(page.location()).unwrap();
        assert!(asked.query_pairs().any(|(name, value)| name == "prompt" && value == "login"), "{asked}");
        let led = self.visited(asked.as_str()).unwrap();
        comes_back(browser, &led).await
    }

    /// Links the account at this desk, which has no second factor.
    pub(crate) async fn links(&self, desk: &mut Browser) {
        assert!(self.comes_to_be_linked(desk).await.location().ends_with("/account/provider"));
        let page = desk.post("/account/provider", &[("password", PASSWORD)]).await;
        assert!(page.location().ends_with("/account?done=provider"), "{}", page.text);
    }

    /// A browser at this address, where somebody is signed in: where it is led.
    pub(crate) fn visited(&self, address: &str) -> Result<String, String> {
        let address = url::Url::parse(address).unwrap();
        assert!(address.as_str().starts_with(&self.issuer()), "{address}");
        self.led(&address.query_pairs().into_owned().collect())
    }

    fn led(&self, asked: &Fields) -> Result<String, String> {
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        self.inside(|inside| {
            if of("client_id") != CLIENT || of("redirect_uri") != inside.redirect {
                return Err(format!("unknown client or address: {asked:?}"));
            }
            let scoped = of("scope").split(' ').any(|scope| scope == "openid");
            let challenged = of("code_challenge_method") == "S256" && of("code_challenge").len() == 43;
            if of("response_type") != "code" || !scoped || !challenged || of("state").len() < 32 {
                return Err(format!("invalid request: {asked:?}"));
            }
            inside.issued += 1;
            let code = format!("canary-code-{}", inside.issued);
            let grant = Grant {
                redirect: of("redirect_uri"),
                challenge: of("code_challenge"),
                nonce: of("nonce"),
                person: inside.person.clone(),
            };
            inside.grants.insert(code.clone(), grant);
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs([("code", &code), ("state", &of("state"))])
                .finish();
            Ok(format!("{}?{query}", inside.redirect))
        })
    }
}

fn put(into: &mut Value, with: &Value) {
    for (name, value) in with.as_object().unwrap() {
        into[name] = value.clone();
    }
    into.as_object_mut().unwrap().retain(|_, value| !value.is_null());
}

async fn description(State(provider): State<Provider>) -> Result<Json<Value>, StatusCode> {
    provider.called("description")?;
    Ok(Json(provider.inside(|inside| {
        let base = &inside.base;
        let mut said = json!({
            "issuer": base, "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/keys"),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "none"],
        });
        put(&mut said, &inside.described);
        said
    })))
}

async fn keys(State(provider): State<Provider>) -> Result<Json<Value>, StatusCode> {
    provider.called("keys")?;
    let keys: Vec<Value> = provider.inside(|inside| {
        let published = inside.keys.iter().skip(usize::from(inside.withdrawn));
        published.map(|(kid, key)| key.jwk(kid)).collect()
    });
    Ok(Json(json!({ "keys": keys })))
}

async fn authorize(State(provider): State<Provider>, Query(asked): Query<Fields>) -> Response {
    match provider.led(&asked) {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

/// Whether the request is the console's, by its secret in the header (RFC 6749, 2.3.1) or in the form.
fn is_the_console(headers: &HeaderMap, form: &Fields, by_form: bool) -> bool {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    if by_form {
        return form.get("client_id").is_some_and(|id| id == CLIENT)
            && form.get("client_secret").is_some_and(|secret| secret == SECRET);
    }
    let expected = BASE64_STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)));
    headers.get(header::AUTHORIZATION).is_some_and(|given| *given == *format!("Basic {expected}"))
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    if let Err(status) = provider.called("token") {
        return status.into_response();
    }
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    provider.inside(|inside| {
        let by_form = inside.described.get("token_endpoint_auth_methods_supported").is_some();
        if !is_the_console(&headers, &form, by_form) {
            return refused(StatusCode::UNAUTHORIZED, "invalid_client");
        }
        // A code serves once, whatever comes of it.
        let Some(grant) = inside.grants.remove(&of("code")) else {
            return refused(StatusCode::BAD_REQUEST, "invalid_grant");
        };
        let verified = encoded(digest(&SHA256, of("code_verifier").as_bytes())) == grant.challenge;
        if of("grant_type") != "authorization_code" || of("redirect_uri") != grant.redirect || !verified {
            return refused(StatusCode::BAD_REQUEST, "invalid_grant");
        }
        Json(json!({
            "access_token": "canary-access-token", "token_type": "Bearer", "expires_in": 300,
            "id_token": id_token(inside, &grant),
        }))
        .into_response()
    })
}

fn id_token(inside: &Inside, grant: &Grant) -> String {
    let now = inside.clock.now().as_second();
    let mut claims = json!({
        "iss": inside.base, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": grant.nonce,
    });
    put(&mut claims, &grant.person);
    put(&mut claims, &inside.bent);
    let (kid, key) = &inside.keys[0];
    let algorithm = match inside.signed {
        SignedBy::Nobody => "none",
        SignedBy::TheSecret => "HS256",
        SignedBy::ItsKey | SignedBy::AStranger => key.algorithm(),
    };
    let header = json!({"typ": "JWT", "alg": algorithm, "kid": kid});
    let signed = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    let signature = match inside.signed {
        SignedBy::ItsKey => key.signature(&signed),
        SignedBy::Nobody => Vec::new(),
        SignedBy::AStranger => Key::es256().signature(&signed),
        SignedBy::TheSecret => {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
            ring::hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
        }
    };
    format!("{signed}.{}", encoded(signature))
}
