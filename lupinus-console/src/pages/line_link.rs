//! The LINE account of one of the staff: linked by a code that they send in their own chat, so that tests and
//! reminders reach them.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{ids::StaffId, service::LinkedStaff};

use super::{account, when};
use crate::{
    console::App,
    error::Problem,
    fields::Fields,
    gate::Desk,
    shell::{self, Shell},
    text::{Text, filters},
    words,
};

/// How an account is linked.
pub(super) struct LineLink {
    pub(super) linked: Option<Linked>,
    /// Until when a code serves that was not sent yet.
    pub(super) offered: Option<Text>,
}

pub(super) struct Linked {
    pub(super) since: Text,
    /// What the member reads on LINE.
    pub(super) number: String,
    /// Whether LINE reaches them now.
    pub(super) reached: bool,
    pub(super) reminds: bool,
}

impl LineLink {
    pub(super) async fn of(app: &App, id: StaffId) -> Result<Self, Problem> {
        let when = when(app);
        let linked = match app.centre.link_of(id).await? {
            Some(link) => {
                let staff = app.centre.staff(id).await?.value;
                let member = app.centre.member(link.value.member).await?.value;
                let linked = LinkedStaff { staff, member, link: link.value };
                Some(Linked {
                    since: when.at(linked.link.since),
                    number: linked.member.id.number(),
                    reached: linked.is_reached(),
                    reminds: linked.link.reminds,
                })
            }
            None => None,
        };
        let offered = app.centre.link_offer(id).await?.map(|offer| when.at(offer.expires_at));
        Ok(Self { linked, offered })
    }
}

#[derive(Template)]
#[template(path = "line_code.html")]
struct CodePage {
    shell: Shell,
    code: String,
    until: Text,
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (by, id) = (desk.me(), desk.staff.id);
    let outcome = match name.as_str() {
        // The one page that shows the code: it is kept as a hash, so no other can.
        "begin" => {
            let offered = app.centre.transact(|mut work| async move {
                let made = work.offer_link(by).await?;
                work.done(made)
            });
            offered.await.map(Some)
        }
        // Who is not linked by now is told so by the page.
        "reminders" if app.centre.link_of(id).await?.is_none() => Ok(None),
        "reminders" => {
            let on = fields.ticked("on");
            let set = app.centre.transact(|mut work| async move {
                work.set_line_reminders(by, on).await?;
                work.done(())
            });
            set.await.map(|()| None)
        }
        "unlink" => {
            let undone = app.centre.transact(|mut work| async move {
                work.unlink(by, id).await?;
                work.done(())
            });
            undone.await.map(|()| None)
        }
        _ => return Err(Problem::not_found()),
    };
    match outcome {
        Ok(Some((offer, code))) => {
            let shell = Shell::inside(&app, &desk, "LINEとの結び付け", "/account");
            let until = when(&app).at(offer.expires_at);
            shell::page(desk.language, StatusCode::OK, &CodePage { shell, code: code.reveal(), until })
        }
        Ok(None) => Ok(shell::go(&app, "/account", &name)),
        Err(error) => match words::refusal(&error) {
            Some(sentence) => {
                account::drawn(&app, &desk, None, words::status(&error), Some(("line", sentence))).await
            }
            None => Err(error.into()),
        },
    }
}
