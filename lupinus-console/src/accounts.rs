//! Passwords, and the first account of all.

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{self, phc, try_generate_salt},
};
use lupinus_core::{
    actor::Roles,
    service::{Centre, NewStaff, ServiceError},
    staff::{PasswordHash, Staff},
};
use tokio::sync::{Mutex, OnceCell};

/// Shortest password, in `char`s.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// Longest password, in `char`s.
pub const MAX_PASSWORD_CHARS: usize = 200;

/// What a password is hashed in: 19 MiB, kept, since an allocator that is asked for them with each sign-in grows. Whoever
/// hashes takes it and a core alone; everybody waits in one line, those inside who change a password as well.
static MEMORY: Mutex<Vec<Block>> = Mutex::const_new(Vec::new());

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
    let hash = alone(move |memory| {
        let salt = phc::Salt::new(&try_generate_salt()?)?;
        let output = output(Algorithm::Argon2id, Version::V0x13, &Params::DEFAULT, &password, &salt, memory)?;
        Ok(phc::PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: (&Params::DEFAULT).try_into()?,
            salt: Some(salt),
            hash: Some(output),
        })
    });
    hash.await.map(|hash| PasswordHash::new(hash.to_string())).ok_or(PasswordError::Failed)
}

/// Does something with the memory, off the async threads.
async fn alone<T: Send + 'static>(
    with: impl FnOnce(&mut Vec<Block>) -> password_hash::Result<T> + Send + 'static,
) -> Option<T> {
    let mut memory = MEMORY.lock().await;
    tokio::task::spawn_blocking(move || with(&mut memory)).await.ok()?.ok()
}

/// What argon2 makes of a password.
fn output(
    algorithm: Algorithm,
    version: Version,
    params: &Params,
    password: &str,
    salt: &[u8],
    memory: &mut Vec<Block>,
) -> password_hash::Result<phc::Output> {
    let mut output = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    memory.resize(params.block_count(), Block::new());
    let argon2 = Argon2::new(algorithm, version, params.clone());
    let done =
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory.as_mut_slice());
    // Whoever reads what is left in it can try passwords without argon2's labour; and it is kept for months.
    memory.fill(Block::new());
    done?;
    Ok(phc::Output::new(&output)?)
}

fn is_behind(hash: &str, password: &str, memory: &mut Vec<Block>) -> password_hash::Result<bool> {
    let hash = phc::PasswordHash::new(hash)?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Ok(false) };
    let algorithm = hash.algorithm.as_str().try_into()?;
    let version = hash.version.map(Version::try_from).transpose()?.unwrap_or_default();
    // Compared in constant time: see `Output`.
    Ok(output(algorithm, version, &Params::try_from(&hash)?, password, salt, memory)? == *expected)
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
    alone(move |memory| is_behind(hash.expose(), &password, memory)).await.unwrap_or(false) && known
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
    async fn what_passwords_are_hashed_in_is_kept_and_holds_nothing_afterwards() {
        let hash = hash_password("あいうえおかきくけこさし").await.unwrap();
        let first = MEMORY.lock().await.as_ptr().addr();
        assert!(is_password("あいうえおかきくけこさし", Some(&hash)).await);
        let memory = MEMORY.lock().await;
        assert_eq!(memory.as_ptr().addr(), first);
        assert!(
            !memory.is_empty() && memory.iter().all(|block| block.as_ref().iter().all(|word| *word == 0))
        );
    }

    #[tokio::test]
    async fn a_hash_made_elsewhere_with_other_costs_is_verified_with_them() {
        let made = Argon2::from(Params::new(64, 3, 1, Some(16)).unwrap());
        let made = argon2::PasswordHasher::hash_password(&made, "correct horse battery".as_bytes()).unwrap();
        let hash = PasswordHash::new(made.to_string());
        assert!(is_password("correct horse battery", Some(&hash)).await);
        assert!(!is_password("correct horse batterx", Some(&hash)).await);
    }

    #[tokio::test]
    async fn a_password_of_eleven_characters_is_too_short() {
        assert_eq!(hash_password("12345678901").await, Err(PasswordError::TooShort));
        assert_eq!(hash_password(&"あ".repeat(201)).await, Err(PasswordError::TooLong));
    }
}
