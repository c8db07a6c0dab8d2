//! Staff accounts from the command line.

use std::{
    io::{IsTerminal, Read},
    path::Path,
};

use anyhow::{Context as _, bail, ensure};
use lupinus_console::{create_first_administrator, hash_password};
use lupinus_core::{
    actor::{Permission, Role, Roles},
    service::{By, Centre, NewStaff, ServiceError},
    staff::Staff,
};

/// Longest password that is read, in bytes.
const MAX_PASSWORD_BYTES: u64 = 4_096;

/// Reads a password: from `file`, typed twice at a terminal, or the first line of standard input. Never from an argument,
/// which every user of the machine could see.
///
/// # Errors
/// When there is none, or the two differ.
pub fn read_password(file: Option<&Path>) -> anyhow::Result<String> {
    let text = if let Some(file) = file {
        std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the password from {}", file.display()))?
    } else if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ").context("cannot read the password")?;
        let second = rpassword::prompt_password("Again: ").context("cannot read the password")?;
        ensure!(first == second, "the two passwords differ: begin again");
        first
    } else {
        let mut text = String::new();
        let stdin = std::io::stdin().lock();
        stdin.take(MAX_PASSWORD_BYTES).read_to_string(&mut text).context("cannot read the password")?;
        text
    };
    let password = text.lines().next().unwrap_or_default().to_owned();
    ensure!(!password.is_empty(), "no password was given");
    Ok(password)
}

/// Makes an account. The first of all is an administrator; later ones are made in the name of an administrator, `in_name_of`
/// or the only one there is.
///
/// # Errors
/// When core says no; the message says why.
pub async fn create(
    centre: &Centre,
    login: &str,
    name: &str,
    roles: &[Role],
    password: &str,
    in_name_of: Option<&str>,
) -> anyhow::Result<Staff> {
    let everyone = centre.staff_list().await.map_err(told)?;
    if everyone.is_empty() {
        ensure!(
            roles.contains(&Role::Administrator),
            "there is no account yet, and the first must be an administrator: add --role administrator"
        );
        let first = create_first_administrator(centre, login, name, password).await.map_err(|error| {
            let chain = anyhow::Error::new(error);
            chain.context("the first account could not be made")
        })?;
        let others: Vec<Role> = roles.iter().copied().filter(|role| !first.roles.has(*role)).collect();
        if others.is_empty() {
            return Ok(first);
        }
        let (id, all) = (first.id, roles.iter().copied().collect::<Roles>());
        let all = &all;
        let changed = centre
            .transact(|mut work| async move {
                let accept = lupinus_core::service::SoleAdministrator::Accept;
                let changed = work.change_roles(By::Staff(id), id, all.clone(), accept).await?;
                work.done(changed)
            })
            .await
            .map_err(told)?;
        return Ok(changed.staff);
    }
    let mut administrators =
        everyone.iter().filter(|staff| staff.active && staff.roles.permit(Permission::ManageStaff));
    let by = match in_name_of {
        Some(login) => administrators
            .find(|staff| staff.login == login)
            .with_context(|| format!("{login:?} is no active administrator"))?,
        None => match (administrators.next(), administrators.next()) {
            (Some(only), None) => only,
            (Some(_), Some(_)) => {
                bail!("there are several administrators: say who answers for this with --by LOGIN")
            }
            (None, _) => bail!("there is no active administrator"),
        },
    };
    let account = NewStaff {
        login: login.to_owned(),
        name: name.to_owned(),
        roles: roles.iter().copied().collect(),
        password: hash_password(password)
            .await
            .context("the password cannot be used (12 to 200 characters)")?,
    };
    let (by, account) = (by.id, &account);
    centre
        .transact(|mut work| async move {
            let staff = work.create_staff(By::Staff(by), account.clone()).await?;
            work.done(staff)
        })
        .await
        .map_err(told)
}

/// The refusal in words, with its chain.
fn told(error: ServiceError) -> anyhow::Error {
    let words = match &error {
        ServiceError::Staffing(refusal) => refusal.sentence_ja().to_owned(),
        _ => return anyhow::Error::new(error),
    };
    anyhow::Error::new(error).context(words)
}
