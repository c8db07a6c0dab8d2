//! Passwords, and the first account of all.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use lupinus_core::{
    actor::Roles,
    service::{Centre, NewStaff, ServiceError},
    staff::{PasswordHash, Staff},
};
use tokio::sync::{OnceCell, Semaphore};

/// Shortest password, in `char`s.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// Longest password, in `char`s.
pub const MAX_PASSWORD_CHARS: usize = 200;

/// One hash takes 19 MiB and a core; more at once would let a crowd at the door starve those inside.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Verified when there is no account, so that the answer takes as long as when there is one.
static NOBODY: OnceCell<PasswordHash> = OnceCell::const_new();

/// Why a password cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// Shorter than [`MIN_PASSWORD_CHARS`].
    #[error("the password is too short")]
    TooShort,
    /// Longer than [`MAX_PASSWORD_CHARS`].
    #[error("the password is too long")]
    TooLong,
    /// The hashing failed; nothing the person can mend.
    #[error("the password could not be hashed")]
    Failed,
}

impl PasswordError {
    /// What to tell the person who typed it.
    pub const fn sentence_ja(self) -> &'static str {
        match self {
            Self::TooShort => "パスワードは12文字以上にしてください。",
            Self::TooLong => "パスワードは200文字以内にしてください。",
            Self::Failed => "パスワードを設定できませんでした。しばらくしてからもう一度お試しください。",
        }
    }
}

/// Hashes a password with argon2id, off the async threads.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let hash = lupinus_console::hash_password("correct horse battery").await?;
/// assert!(hash.expose().starts_with("$argon2id$"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PasswordError`].
pub async fn hash_password(password: &str) -> Result<PasswordHash, PasswordError> {
    match password.chars().count() {
        ..MIN_PASSWORD_CHARS => Err(PasswordError::TooShort),
        MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS => hashed(password.to_owned()).await,
        _ => Err(PasswordError::TooLong),
    }
}

async fn hashed(password: String) -> Result<PasswordHash, PasswordError> {
    let _turn = HASHING.acquire().await.map_err(|_| PasswordError::Failed)?;
    let hash = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    match hash.await {
        Ok(Ok(phc)) => Ok(PasswordHash::new(phc)),
        Ok(Err(_)) | Err(_) => Err(PasswordError::Failed),
    }
}

/// Whether this is the password behind the hash; of no hash, never, but after the same time.
pub(crate) async fn is_password(password: &str, hash: Option<&PasswordHash>) -> bool {
    let known = hash.is_some();
    let hash = match hash {
        Some(hash) => hash.clone(),
        None => match NOBODY.get_or_try_init(|| hashed("nobody has this password".to_owned())).await {
            Ok(hash) => hash.clone(),
            Err(_) => return false,
        },
    };
    if password.chars().count() > MAX_PASSWORD_CHARS {
        return false;
    }
    let password = password.to_owned();
    let Ok(_turn) = HASHING.acquire().await else { return false };
    let verified = tokio::task::spawn_blocking(move || {
        phc::PasswordHash::new(hash.expose())
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    verified.await.unwrap_or(false) && known
}

/// Why the first account could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The password will not do.
    #[error("the password cannot be used")]
    Password(#[source] PasswordError),
    /// Core says no, or the store failed.
    #[error("the account could not be created")]
    Service(#[source] ServiceError),
}

/// Makes the first account, an administrator. Only when there is no staff at all: the others are made at the console.
///
/// # Errors
/// [`CreateError`].
pub async fn create_first_administrator(
    centre: &Centre,
    login: &str,
    name: &str,
    password: &str,
) -> Result<Staff, CreateError> {
    let password = hash_password(password).await.map_err(CreateError::Password)?;
    let account =
        NewStaff { login: login.to_owned(), name: name.to_owned(), roles: Roles::default(), password };
    let made = centre.transact(|mut work| {
        let account = account.clone();
        async move {
            let staff = work.create_first_administrator(account).await?;
            work.done(staff)
        }
    });
    made.await.map_err(CreateError::Service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_alone() {
        let hash = hash_password("あいうえおかきくけこさし").await.unwrap();
        assert!(is_password("あいうえおかきくけこさし", Some(&hash)).await);
        assert!(!is_password("あいうえおかきくけこさす", Some(&hash)).await);
        assert!(!is_password("nobody has this password", None).await);
    }

    #[tokio::test]
    async fn a_password_of_eleven_characters_is_too_short() {
        assert_eq!(hash_password("12345678901").await, Err(PasswordError::TooShort));
        assert_eq!(hash_password(&"あ".repeat(201)).await, Err(PasswordError::TooLong));
    }
}
