//! TLS with each provider of cryptography and each choice of certificates.
//!
//! A provider is chosen once for a whole process, and certificates are found by its environment: some tests run one of the
//! others in a process of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use lupinus_line::client::BuildError;
use lupinus_line::token::{AssertionKey, InvalidKey};
use lupinus_line::{ChannelToken, Client};

const JWK: &str = include_str!("data/assertion-key.jwk");

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
#[test]
fn without_cryptography_there_is_no_client_and_a_word_on_what_to_do() {
    let error = Client::new(ChannelToken::from("tok-offline-1")).unwrap_err();
    assert!(matches!(error, BuildError::NoProvider), "{error:?}");
    for word in ["`ring`", "`aws-lc-rs`", "install"] {
        assert!(error.to_string().contains(word), "{error}");
    }
    let plain = Client::builder(ChannelToken::from("tok-offline-1")).all_bases("http://127.0.0.1:9");
    assert!(matches!(plain.build(), Err(BuildError::NoProvider)), "also where no TLS is spoken");
    assert!(matches!(AssertionKey::from_jwk("k-1", JWK), Err(InvalidKey::NoProvider)));
    assert!(matches!(AssertionKey::from_jwk("k-1", "{}"), Err(InvalidKey::Jwk)));
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod with_cryptography {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::process::Command;
    use std::sync::Arc;
    use std::thread;

    use lupinus_line::client::{Push, Retry};
    use lupinus_line::{ApiError, Message, RetryKey, UserId};
    use rustls::crypto::{CryptoProvider, KeyProvider};
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::sign::SigningKey;
    use rustls::{CipherSuite, ServerConfig, ServerConnection, StreamOwned};

    use super::*;

    const BASE: &str = "LUPINUS_TLS_BASE";
    const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

    /// Runs one test of this file in a process that knows these certificates and no others.
    fn in_a_process_of_its_own(test: &str, certificates: &str, base: &str) -> String {
        let out = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", &format!("with_cryptography::{test}")])
            .env("SSL_CERT_FILE", certificates)
            .env_remove("SSL_CERT_DIR")
            .env(BASE, base)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(printed.contains("1 passed"), "{printed} {}", String::from_utf8_lossy(&out.stderr));
        printed
    }

    /// Answers one push over TLS, with a certificate for `localhost`, and tells what it was asked, under which suite of ciphers.
    fn server() -> (String, thread::JoinHandle<Option<(String, CipherSuite)>>) {
        Client::without_token().unwrap(); // installs a provider
        let chain = CertificateDer::pem_file_iter(format!("{DATA}/tls-server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(format!("{DATA}/tls-server-key.pem")).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain.map(Result::unwrap).collect(), key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let asked = thread::spawn(move || {
            let (socket, _) = listener.accept().unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), socket);
            let mut piece = [0; 4096];
            let length = stream.read(&mut piece).ok()?;
            let head = "HTTP/1.1 200 OK\r\nx-line-request-id: abc\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(head.as_bytes()).unwrap();
            stream.flush().unwrap();
            let suite = stream.conn.negotiated_cipher_suite().unwrap().suite();
            Some((String::from_utf8_lossy(&piece[..length]).into_owned(), suite))
        });
        (base, asked)
    }

    #[tokio::test]
    async fn pushing() {
        let Ok(base) = std::env::var(BASE) else { return };
        push(&base).await;
    }

    async fn push(base: &str) {
        let builder = Client::builder(ChannelToken::from("tok-offline-1")).all_bases(base);
        let client = builder.retry(Retry::never()).build().unwrap();
        let user = UserId::new("U5a1e0000111122223333444455556666").unwrap();
        let push = Push::new(user, Message::text("こんにちは").unwrap().into());
        match client.push(&push, RetryKey::random()).await {
            Ok(_) => println!("accepted"),
            Err(ApiError::Unreachable { source }) => println!("unreachable {source:?}"),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_push_goes_over_tls() {
        let (base, asked) = server();
        let printed = in_a_process_of_its_own("pushing", &format!("{DATA}/tls-root.pem"), &base);
        assert!(printed.contains("accepted"), "{printed}");
        assert!(asked.join().unwrap().unwrap().0.starts_with("POST /v2/bot/message/push"));
    }

    #[test]
    fn a_server_that_nobody_vouches_for_gets_nothing() {
        let (base, asked) = server();
        let printed = in_a_process_of_its_own("pushing", &format!("{DATA}/tls-server.pem"), &base);
        assert!(printed.contains("unreachable") && printed.contains("UnknownIssuer"), "{printed}");
        assert_eq!(asked.join().unwrap(), None);
    }

    #[test]
    fn building() {
        if std::env::var(BASE).is_ok() {
            match Client::new(ChannelToken::from("tok-offline-1")) {
                Ok(_) => println!("built"),
                Err(BuildError::Http(source)) => println!("not built: {source:?}"),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_system_without_certificates_is_told_or_the_bundled_ones_serve() {
        let printed = in_a_process_of_its_own("building", "/dev/null", "");
        assert_eq!(printed.contains("not built"), !cfg!(feature = "bundled-roots"), "{printed}");
        assert!(printed.contains("built"), "{printed}");
    }

    #[test]
    fn the_built_in_provider_is_ring_where_there_are_two() {
        Client::without_token().unwrap();
        let random = format!("{:?}", CryptoProvider::get_default().unwrap().secure_random);
        let expected = if cfg!(feature = "ring") { "Ring" } else { "AwsLcRs" };
        assert!(random.contains(expected), "{random}");
        assert!(AssertionKey::from_jwk("k-1", JWK).is_ok(), "tokens are signed by it, too");
        let numbers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"].map(|name| format!(r#""{name}":"AQAB""#));
        let no_key = format!(r#"{{"kty":"RSA",{}}}"#, numbers.join(","));
        for text in ["{}", &no_key] {
            assert!(matches!(AssertionKey::from_jwk("k-1", text), Err(InvalidKey::Jwk)), "{text}");
        }
    }

    /// Not the one that would be taken if there were others.
    const ONLY: CipherSuite = CipherSuite::TLS13_CHACHA20_POLY1305_SHA256;

    #[derive(Debug)]
    struct NoKeys;

    impl KeyProvider for NoKeys {
        fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
            Err(rustls::Error::General("not by this one".to_owned()))
        }
    }

    #[tokio::test]
    async fn installing() {
        let Ok(base) = std::env::var(BASE) else { return };
        let mut ours = any_provider();
        ours.cipher_suites.retain(|suite| suite.suite() == ONLY);
        ours.key_provider = &NoKeys;
        ours.install_default().unwrap();
        push(&base).await;
        assert!(
            matches!(AssertionKey::from_jwk("k-1", JWK), Err(InvalidKey::Jwk)),
            "tokens are signed by it, too"
        );
    }

    #[test]
    fn a_provider_that_the_application_installed_stays_and_is_used() {
        for (test, only) in [("pushing", false), ("installing", true)] {
            let (base, asked) = server();
            let printed = in_a_process_of_its_own(test, &format!("{DATA}/tls-root.pem"), &base);
            assert!(printed.contains("accepted"), "{printed}");
            assert_eq!(asked.join().unwrap().unwrap().1 == ONLY, only, "{test}");
        }
    }

    fn any_provider() -> CryptoProvider {
        #[cfg(feature = "ring")]
        let provider = rustls::crypto::ring::default_provider();
        #[cfg(not(feature = "ring"))]
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        provider
    }
}
