//! What somebody shows again before they change what opens their account: who sits at an open desk may be somebody else, and who came
//! from the city's provider has shown nothing of ours.

use lupinus_core::{
    service::{ServiceError, SignedInBy},
    staff::SecondFactor,
};

use super::sign_in;
use crate::{accounts::is_password, console::App, error::Problem, factor, fields::Fields, gate::Desk};

/// The second factor that is asked for beside the password: one that this session did not show.
pub(super) fn factor_not_shown(desk: &Desk) -> Option<&SecondFactor> {
    desk.staff.second_factor.as_ref().filter(|_| desk.signed_in_by != SignedInBy::Password)
}

/// Whether the form holds the password of now, and a code of this second factor; the sentence says what to do when it does not, and
/// not which of the two was wrong. Wrong ones are counted as at the door.
pub(super) async fn shown(
    app: &App,
    desk: &Desk,
    fields: &Fields,
    factor: Option<&SecondFactor>,
) -> Result<Result<(), &'static str>, Problem> {
    if app.centre.is_locked(&desk.staff).is_some() {
        return Ok(Err("続けて間違えたため、一時的に止めています。しばらく待って、もう一度お試しください。"));
    }
    let right = is_password(fields.text("password"), Some(&desk.staff.password)).await;
    let Some(factor) = factor else {
        if !right {
            sign_in::failed(app, &desk.staff.login).await?;
        }
        return Ok(if right { Ok(()) } else { Err("現在のパスワードが違います。") });
    };
    let wrong = "パスワードかコードが違います。コードは、認証アプリの新しいものを待って入力してください。";
    if !right {
        sign_in::failed(app, &desk.staff.login).await?;
        return Ok(Err(wrong));
    }
    let id = desk.staff.id;
    if let Some(proof) = factor::proof(factor, fields.text("own_code"), app.centre.now()) {
        let shown = app.centre.transact(|mut work| async move {
            work.second_factor_shown(id, proof).await?;
            work.done(())
        });
        match shown.await {
            Ok(()) => return Ok(Ok(())),
            Err(ServiceError::NotAllowed) => {}
            Err(error) => return Err(error.into()),
        }
    }
    sign_in::code_failed(app, id).await?;
    Ok(Err(wrong))
}
