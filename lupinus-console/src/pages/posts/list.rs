//! The list of posts: by state, body, category and month, and by words.
//!
//! What somebody looks for may be a name. It travels in the body of a form and stands in no address.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use lupinus_core::{
    ids::BodyId,
    post::{Category, PostQuery, Whose},
    search::{MAX_QUERY_CHARS, Words},
};
use serde::Deserialize;

use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    pages::{PAGE, cursor_of, when, written},
    shell::{self, Shell},
    text::{Text, filters},
    view::{Names, PostRow},
};

/// How many months back one may choose.
const MONTHS: usize = 24;

const STATES: [(&str, &str); 12] = [
    ("submitted", "提出済み"),
    ("in_review", "確認中"),
    ("returned", "差戻し"),
    ("approved", "承認済み"),
    ("scheduled", "配信予約"),
    ("sending", "配信中"),
    ("sent", "配信済み"),
    ("failed", "配信失敗"),
    ("rejected", "却下"),
    ("withdrawn", "取下げ"),
    ("draft", "自分の下書き"),
    ("all", "すべて"),
];

/// What stands behind the question mark: never anything that somebody wrote.
#[derive(Default, Deserialize)]
pub(crate) struct Filter {
    view: Option<String>,
    body: Option<String>,
    category: Option<String>,
    month: Option<String>,
    after: Option<String>,
    done: Option<String>,
}

impl Filter {
    fn of(fields: &Fields) -> Self {
        Self {
            view: fields.some_owned("view"),
            body: fields.some_owned("body"),
            category: fields.some_owned("category"),
            month: fields.some_owned("month"),
            after: fields.some_owned("after"),
            done: None,
        }
    }

    /// The part of an address that says the same, without the state.
    fn rest(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("body", &self.body), ("category", &self.category), ("month", &self.month)] {
            if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    fn narrows(&self) -> bool {
        !self.rest().is_empty()
    }

    /// The state that is shown: what waits to be taken in, unless something else is asked.
    fn view(&self, searches: bool) -> Result<&'static str, Problem> {
        let default = if self.narrows() || searches { "all" } else { "submitted" };
        let asked = self.view.as_deref().unwrap_or(default);
        let known = STATES.iter().find(|(name, _)| *name == asked);
        known.map(|(name, _)| *name).ok_or_else(Problem::not_found)
    }

    fn query(&self, words: Option<Words>) -> Result<PostQuery, Problem> {
        let some = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let view = self.view(words.is_some())?;
        let month = |month: String| format!("{month}-01").parse::<Date>().map_err(|_| Problem::not_found());
        let category = |name: String| Category::from_name(&name).ok_or_else(Problem::not_found);
        Ok(PostQuery {
            state: (view != "all").then(|| view.to_owned()),
            whose: match some(&self.body).as_deref() {
                None => Whose::Anybodys,
                Some("centre") => Whose::Centres,
                Some(id) => Whose::Bodys(id.parse::<BodyId>().map_err(|_| Problem::not_found())?),
            },
            category: some(&self.category).map(category).transpose()?,
            month: some(&self.month).map(month).transpose()?,
            words,
        })
    }
}

/// One of several to choose from: its value, what is read, whether it is chosen.
type Choice = (String, Text, bool);

#[derive(Template)]
#[template(path = "posts.html")]
struct ListPage {
    shell: Shell,
    /// Name, label, count, whether it is shown.
    states: Vec<(&'static str, &'static str, u64, bool)>,
    rows: Vec<PostRow>,
    view: &'static str,
    rest: String,
    bodies: Vec<Choice>,
    categories: Vec<Choice>,
    months: Vec<Choice>,
    words: String,
    max_words: usize,
    searched: bool,
    next: Option<String>,
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    drawn(&app, &desk, &filter, "").await
}

/// The same by words. Without any it is a page with an address.
pub(crate) async fn search(State(app): State<App>, desk: Desk, fields: Fields) -> Result<Response, Problem> {
    let filter = Filter::of(&fields);
    let words = fields.text("words").trim();
    if words.is_empty() {
        let view = filter.view(false)?;
        let rest = filter.rest();
        let joint = if rest.is_empty() { "" } else { "&" };
        let address = format!("{}/posts?view={view}{joint}{rest}", app.base);
        return Ok(Redirect::to(&address).into_response());
    }
    drawn(&app, &desk, &filter, words).await
}

async fn drawn(app: &App, desk: &Desk, filter: &Filter, words: &str) -> Result<Response, Problem> {
    let names = Names::load(&app.centre).await?;
    let when = when(app);
    let view = filter.view(!words.is_empty())?;
    let query = filter.query(Words::new(words))?;
    let after = cursor_of(filter.after.as_deref())?;
    let found = app.centre.find_posts(desk.me(), &query, after, PAGE).await?;
    let mut states = Vec::new();
    for (name, label) in STATES {
        // Other people's drafts are not even counted.
        let counted = name != "draft" && name != "all";
        let count = if counted { app.centre.post_count(name).await? } else { 0 };
        states.push((name, label, count, name == view));
    }
    let page = ListPage {
        shell: Shell::inside(app, desk, "投稿", "/posts").having_done(filter.done.as_deref()),
        states,
        rows: found.items.iter().map(|post| PostRow::new(&post.value, &names, &when)).collect(),
        view,
        rest: filter.rest(),
        bodies: bodies(&names, filter.body.as_deref()),
        categories: categories(filter.category.as_deref()),
        months: months(app, filter.month.as_deref()),
        words: words.to_owned(),
        max_words: MAX_QUERY_CHARS,
        searched: !words.is_empty(),
        next: found.next.as_ref().map(written),
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

fn bodies(names: &Names, chosen: Option<&str>) -> Vec<Choice> {
    let centre = ("centre".to_owned(), names.body(None), chosen == Some("centre"));
    let others = names.bodies().map(|(id, name)| {
        let id = id.to_string();
        let is_chosen = chosen == Some(id.as_str());
        (id, Text::given(name), is_chosen)
    });
    std::iter::once(centre).chain(others).collect()
}

fn categories(chosen: Option<&str>) -> Vec<Choice> {
    let choice = |category: Category| {
        (category.name().to_owned(), category.label_ja().into(), chosen == Some(category.name()))
    };
    Category::ALL.map(choice).to_vec()
}

/// This month and those before it, and the one that was asked for.
fn months(app: &Settings, chosen: Option<&str>) -> Vec<Choice> {
    let first = when(app).today().first_of_month();
    let before = |month: &Date| month.yesterday().ok().map(Date::first_of_month);
    let mut months: Vec<Date> = std::iter::successors(Some(first), before).take(MONTHS).collect();
    let asked = chosen.and_then(|month| format!("{month}-01").parse::<Date>().ok());
    months.extend(asked.filter(|asked| !months.contains(asked)));
    let choice = |month: Date| {
        let value = format!("{:04}-{:02}", month.year(), month.month());
        let is_chosen = chosen == Some(value.as_str());
        (value, Text::Month(month), is_chosen)
    };
    months.into_iter().map(choice).collect()
}
