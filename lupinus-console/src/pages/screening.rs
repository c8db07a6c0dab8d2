//! What screening does, for those who work with it: a table, nothing to press.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use lupinus_core::{
    actor::Permission,
    screening::{Action, Context, PiiKind, Screen},
};

use crate::{
    console::App,
    error::Problem,
    gate::Desk,
    shell::{self, Shell},
    text::filters,
};

/// Kinds of which the same follows.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    kinds: Vec<&'static str>,
    post: &'static str,
    consultation: &'static str,
    answer: &'static str,
}

#[derive(Template)]
#[template(path = "screening.html")]
struct ScreeningPage {
    shell: Shell,
    rows: Vec<Row>,
    manages_words: bool,
    manages_settings: bool,
}

/// What follows from each kind, those alike in one row.
fn rows(screen: &Screen, confirms: bool) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for kind in PiiKind::ALL {
        let never = !kind.can_be_allowed();
        let post = match screen.action(*kind, Context::Post) {
            Action::Block if confirms => "承認する方が確認します",
            Action::Block => "直すまで提出できません",
            Action::Warn => "承認する方が確認します",
            Action::Allow => "そのまま",
        };
        let consultation = match screen.action(*kind, Context::Consultation) {
            Action::Block => "伏せて保存します",
            Action::Warn => "印を付けて職員に見せます",
            Action::Allow => "そのまま",
        };
        let answer = match screen.action(*kind, Context::StaffAnswer) {
            Action::Block if never => "送れません(許可もできません)",
            Action::Block => "送れません(理由を選べば送れます)",
            Action::Warn => "送る方が確認します",
            Action::Allow => "そのまま",
        };
        let row = Row { kinds: vec![kind.label_ja()], post, consultation, answer };
        let alike = rows.iter_mut().find(|known| {
            (known.post, known.consultation, known.answer) == (row.post, row.consultation, row.answer)
        });
        match alike {
            Some(known) => known.kinds.extend(row.kinds),
            None => rows.push(row),
        }
    }
    rows
}

pub(crate) async fn page(State(app): State<App>, desk: Desk) -> Result<Response, Problem> {
    let confirms = app.centre.policy().posts.confirm_instead_of_block;
    let page = ScreeningPage {
        shell: Shell::inside(&app, &desk, "個人情報の確認のきまり", "/screening"),
        rows: rows(app.centre.screen(), confirms),
        manages_words: desk.may(Permission::ManageWords),
        manages_settings: desk.may(Permission::ManageSettings),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lupinus_core::screening::{CityPolicy, RuleDetector};

    use super::*;

    #[test]
    fn the_table_says_what_the_citys_policy_does_and_each_kind_once() {
        let mut policy = CityPolicy::default();
        policy.set(Context::StaffAnswer, PiiKind::OrgPhone, Action::Warn).unwrap();
        let screen = Screen::new(Arc::new(RuleDetector::new()), Arc::new(policy));
        let rows = rows(&screen, false);
        let of = |kind: PiiKind| {
            let row = rows.iter().find(|row| row.kinds.contains(&kind.label_ja())).unwrap();
            (row.post, row.consultation, row.answer)
        };
        let blocked = ("直すまで提出できません", "伏せて保存します", "送れません(理由を選べば送れます)");
        assert_eq!(of(PiiKind::PersonName), blocked);
        assert_eq!(of(PiiKind::MyNumber).2, "送れません(許可もできません)");
        assert_eq!(of(PiiKind::ProfessionalName), ("承認する方が確認します", "そのまま", "そのまま"));
        assert_eq!(of(PiiKind::OrgPhone), ("そのまま", "そのまま", "送る方が確認します"));
        assert_eq!(rows.iter().map(|row| row.kinds.len()).sum::<usize>(), PiiKind::ALL.len());
        assert_eq!(rows.len(), 5);
        assert_eq!(super::rows(&screen, true)[0].post, "承認する方が確認します");
    }
}
