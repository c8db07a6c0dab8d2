//! The settings: what can be changed here with its versions, and what only the file says, with its key.

mod choices;
mod forms;
pub(crate) mod routes;
mod screening;
pub(super) mod texts;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use lupinus_core::{
    actor::{Permission as P, Role},
    audit::Subject,
    choices::Usage,
    disposal::{Class, Retention},
    figures::Period,
    policy::{Passwords, Policy},
    service::ServiceError,
    settings::{Command, Part, Refusal, Setting, Value},
    store::Entity,
};

use super::{Asked, disposals::CountRow, when};
use crate::{
    console::{App, Settings},
    error::Problem,
    fields::Fields,
    gate::Desk,
    phone::Phone,
    shell::{self, Shell},
    text::{Text, filters, say},
    view::{Names, TrailRow, trail},
    words,
};

struct PartView {
    name: &'static str,
    label: &'static str,
    rows: Vec<(Text, Text)>,
    warning: Option<Text>,
    /// Who changed it when; `None` while it is as the file says.
    changed: Option<Text>,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct ListPage {
    shell: Shell,
    parts: Vec<PartView>,
    /// What, the file's key, and what it says.
    of_file: Vec<(&'static str, &'static str, Text)>,
    administrators: usize,
}

/// What is wrong with a value as the staff are: posts that would not get to the end of a route.
fn warning(value: &Value, names: &Names) -> Option<Text> {
    let Value::Routes(routes) = value else { return None };
    routes.obstacle(&names.staff).map(words::obstacle)
}

fn in_force(app: &Settings, setting: &Setting) -> Value {
    setting.in_force(&setting.part.of(app.centre.policy_of_file()))
}

pub(crate) async fn list(
    State(app): State<App>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (names, when) = (Names::load(&app.centre).await?, when(&app));
    let settings = app.centre.settings().await?;
    let by = forms::Reader { screen: app.centre.screen(), names: &names };
    let parts = settings.iter().map(|setting| PartView {
        name: setting.part.name(),
        label: setting.part.label_ja(),
        rows: match in_force(&app, setting) {
            Value::Texts(texts) => texts::beginnings(&texts),
            value => forms::words(&value, by),
        },
        warning: warning(&in_force(&app, setting), &names),
        changed: setting
            .versions
            .last()
            .filter(|version| version.value.is_some())
            .map(|version| say!("{by} {at}", by = names.staff(version.by), at = when.at(version.at))),
    });
    let administrators =
        names.staff.iter().filter(|staff| staff.active && staff.roles.has(Role::Administrator)).count();
    let page = ListPage {
        shell: Shell::inside(&app, &desk, "設定", "/settings").having_done(asked.done.as_deref()),
        parts: parts.collect(),
        of_file: of_file(&app, app.centre.policy_of_file()),
        administrators,
    };
    shell::page(desk.language, StatusCode::OK, &page)
}

/// The opening hours in force.
pub(super) fn hours(app: &Settings, names: &Names) -> Vec<(Text, Text)> {
    let by = forms::Reader { screen: app.centre.screen(), names };
    forms::words(&Part::Hours.of(app.centre.policy()), by)
}

/// What only the file changes.
fn of_file(app: &Settings, policy: &Policy) -> Vec<(&'static str, &'static str, Text)> {
    let days = |span: std::time::Duration| say!("{n}日", n = span.as_secs() / 86_400);
    let listed =
        |words: Vec<Text>| if words.is_empty() { Text::from("なし") } else { Text::list("、", words) };
    let (attempts, locked) = policy.lockout;
    vec![
        (
            "時間帯",
            "[hours] time_zone",
            policy.hours.time_zone().iana_name().unwrap_or("—").to_owned().into(),
        ),
        (
            "返信がないとき相談を終えるまで",
            "[consultations] silence_days",
            days(policy.consultations.silence),
        ),
        (
            "終えた相談を再開できる期間",
            "[consultations] reopen_days",
            days(policy.consultations.reopen_window),
        ),
        (
            "相談で届いた写真・ファイル",
            "[consultations] media",
            if policy.consultations.holds_media {
                "預かって職員が確認する"
            } else {
                "受け取らない"
            }
            .into(),
        ),
        ("利用ルールの版", "rules_version", policy.rules_version.clone().into()),
        ("招待コードの期限", "[invitations] days", days(policy.invitation_life)),
        (
            "管理画面を開ける接続元",
            "console_addresses",
            app.networks
                .as_ref()
                .map_or(Text::from("どこからでも"), |networks| networks.to_string().into()),
        ),
        (
            "庁内アカウントでのログイン",
            "[sign_in.oidc] issuer",
            app.provider
                .as_ref()
                .map_or(Text::from("使わない"), |provider| provider.issuer().to_owned().into()),
        ),
        (
            "パスワードでログインできる方",
            "[sign_in.oidc] passwords",
            match policy.single_sign_on.passwords {
                Passwords::Everybody => "全員",
                Passwords::Administrators => "管理者と、まだ結び付けていない職員",
            }
            .into(),
        ),
        ("ログイン失敗の上限", "[sign_in] attempts", say!("{n}回", n = attempts)),
        ("ログインを止める時間", "[sign_in] lock_minutes", say!("{n}分", n = locked.as_secs() / 60)),
        (
            "二段階認証が必要な役割",
            "[sign_in] second_factor",
            listed(policy.second_factor.iter().map(Role::label_ja).map(Text::from).collect()),
        ),
        (
            "会員が読む文のもと",
            "[texts] overrides",
            Text::from(
                "設定ファイルで替えた文が「もとの文」です。この画面で変えた文があれば、そちらが使われます",
            ),
        ),
        (
            "必ず止める語・許可する語",
            "[screening] personal, allow",
            Text::from("許可する語は「許可する語」の画面でも足せます"),
        ),
    ]
}

struct FieldView {
    name: &'static str,
    label: &'static str,
    text: String,
    /// Whether a box is ticked instead of something typed.
    is_box: bool,
    is_long: bool,
    hint: &'static str,
}

struct VersionView {
    number: u32,
    by: Text,
    at: Text,
    of_file: bool,
    /// What is different from the one before.
    changes: Vec<forms::Change>,
}

#[derive(Template)]
#[template(path = "setting.html")]
struct OnePage {
    shell: Shell,
    name: &'static str,
    label: &'static str,
    number: u32,
    is_file: bool,
    fields: Vec<FieldView>,
    /// What follows from personal information, where it is about that.
    kinds: Vec<screening::Group>,
    /// The approval routes, where it is about them.
    routes: Vec<routes::RouteForm>,
    /// The professions, where it is about them.
    professions: Option<choices::Form>,
    /// The text that members read, where it is about those.
    text: Option<texts::Form>,
    /// How members see what they choose from.
    phone: Option<Phone>,
    /// Whom a change that was looked at concerns.
    concerned: Vec<Text>,
    /// What the staff that there are cannot do.
    warning: Option<Text>,
    /// What would be different, once it was asked for.
    preview: Option<Vec<forms::Change>>,
    /// What could go at once, and what could go no more, if records were kept that long.
    newly: Vec<CountRow>,
    no_more: Vec<CountRow>,
    file: Vec<(Text, Text)>,
    /// The latest first.
    versions: Vec<VersionView>,
    refused: Option<Text>,
    trail: Vec<TrailRow>,
    reads_trail: bool,
}

const fn hint(part: Part, name: &str) -> &'static str {
    match (part, name.as_bytes()) {
        (Part::Hours, b"closing_days") => {
            "1行に1日ずつ、2026-11-02 の形で入力します。国民の祝日は入力しなくても休みになります。"
        }
        (Part::Hours, b"new_year") => "12-29/01-03 の形で入力します。休まないときは空にします。",
        (Part::Hours, b"mon") => "08:30-12:00, 13:00-17:15 のように入力します。休みの曜日は空にします。",
        (Part::Quiet, b"hours") => {
            "18:00-08:00 の形で入力します。設けないときは空にします。緊急配信は待ちません。"
        }
        (Part::Ceilings, b"repeat_days") => "訂正は、この期間でも送れます。1〜365日。",
        (Part::Ceilings, b"per_person_per_hour" | b"per_account_per_hour") => {
            "超える配信は保留になり、職員が決めます。"
        }
        (Part::Deadlines, b"take_hours") => {
            "受付時間だけを数えます。1〜2,000時間。過ぎると一覧で「遅れ」になり、順番の来た職員に督促が届きます。"
        }
        (Part::Deadlines, b"decide_hours") => {
            "受付時間だけを数えます。督促は、同じ時間がたつともう一度届きます。"
        }
        (Part::Deadlines, b"mend_hours" | b"schedule_hours" | b"answer_hours") => "受付時間だけを数えます。",
        (Part::Areas, b"areas") => {
            "1行に1つずつ、選ぶ順に入力します(11まで、1つ20文字まで)。使わないときは空にします。名前を変えると別の圏域になり、前の名前は、選んだ会員がいる間は残ります。"
        }
        (Part::Retention, b"sent_posts") => {
            "1〜99年。0にすると、ずっと残します。終わった年度の次の4月1日から数えます。"
        }
        (Part::Deadlines, b"days_before") => "0〜30日。",
        (Part::Deadlines, b"failed_days") => "1〜90日。",
        _ => "",
    }
}

fn box_label(part: Part, name: &str) -> Option<&'static str> {
    match (part, name) {
        (Part::Hours, "open_on_holidays") => Some("国民の祝日も受け付ける"),
        (Part::Quiet, "closing_days") => Some("閉庁日は終日配信しない"),
        _ => None,
    }
}

/// Whether a field has a line for each of several.
const fn is_long(part: Part, name: &str) -> bool {
    matches!((part, name.as_bytes()), (Part::Hours, b"closing_days") | (Part::Areas, b"areas"))
}

/// What the page shows beside what is in force.
#[derive(Default)]
struct Shown<'a> {
    done: Option<&'a str>,
    /// Which text.
    text: Option<&'a str>,
    typed: Option<&'a Fields>,
    refused: Option<(StatusCode, Text)>,
    /// What is typed, to be compared with what is in force.
    preview: Option<Value>,
}

async fn drawn(app: &App, desk: &Desk, part: Part, shown: Shown<'_>) -> Result<Response, Problem> {
    let Shown { done, text, typed, refused, preview } = shown;
    let usage = match part {
        Part::Areas | Part::Professions if preview.is_some() => app.centre.usage_of_choices().await?,
        _ => Usage::default(),
    };
    let (names, when) = (Names::load(&app.centre).await?, when(app));
    let settings = app.centre.settings().await?;
    let setting = settings.into_iter().find(|setting| setting.part == part).ok_or_else(Problem::not_found)?;
    let file = part.of(app.centre.policy_of_file());
    let present = in_force(app, &setting);
    let preview = preview.map(|value| value.keeping(&present, Some(&usage)));
    let by = forms::Reader { screen: app.centre.screen(), names: &names };
    let labels = forms::labels(part);
    let fields = forms::filled(&present).into_iter().zip(labels);
    let fields = fields.map(|((name, text), (_, label))| FieldView {
        name,
        label: box_label(part, name).unwrap_or(label),
        text: typed.map_or(if is_long(part, name) { text } else { text.replace('\n', ", ") }, |typed| {
            typed.text(name).to_owned()
        }),
        is_box: box_label(part, name).is_some(),
        is_long: is_long(part, name),
        hint: hint(part, name),
    });
    let said = |value: Option<&'_ Value>| value.unwrap_or(&file).clone();
    let before = std::iter::once(None).chain(setting.versions.iter().map(|version| version.value.as_ref()));
    let versions = setting.versions.iter().zip(before).map(|(version, before)| VersionView {
        number: version.number,
        by: names.staff(version.by),
        at: when.at(version.at),
        of_file: version.value.is_none(),
        changes: forms::changes(&said(before), &said(version.value.as_ref()), by),
    });
    let mut versions: Vec<VersionView> = versions.collect();
    versions.reverse();
    let reads_trail = desk.may(P::ReadAudit);
    let (newly, no_more) = match (&present, &preview) {
        (Value::Retention(before), Some(Value::Retention(after))) => {
            let before = past(app, desk, before).await?;
            let after = past(app, desk, after).await?;
            (only(&after, &before), only(&before, &after))
        }
        _ => (Vec::new(), Vec::new()),
    };
    let seen = typed.and_then(|typed| typed.text("seen").parse().ok());
    let (text, phone) = match &present {
        Value::Texts(texts) => texts::form(app, texts, text, typed).unzip(),
        present => (None, choices::phone(preview.as_ref().unwrap_or(present))),
    };
    let is_stale = matches!(refused, Some((StatusCode::CONFLICT, _)));
    let page = OnePage {
        shell: Shell::inside(app, desk, part.label_ja(), "/settings").having_done(done),
        name: part.name(),
        label: part.label_ja(),
        // What is typed belongs to what it was filled in beside, until somebody is told to look again.
        number: if is_stale { setting.number() } else { seen.unwrap_or(setting.number()) },
        is_file: setting.value().is_none(),
        fields: fields.collect(),
        kinds: match &present {
            Value::Screening(decided) => screening::table(decided, by.screen, typed),
            _ => Vec::new(),
        },
        routes: match &present {
            Value::Routes(routes) => routes::forms(routes, &names, typed),
            _ => Vec::new(),
        },
        professions: match &present {
            Value::Professions(professions) => Some(choices::form(professions, typed)),
            _ => None,
        },
        text,
        phone,
        concerned: preview
            .as_ref()
            .map(|value| choices::concerned(&present, value, &usage))
            .unwrap_or_default(),
        warning: warning(preview.as_ref().unwrap_or(&present), &names),
        preview: preview.map(|value| forms::changes(&present, &value, by)),
        newly,
        no_more,
        file: forms::words(&file, by),
        versions,
        trail: if reads_trail {
            trail(&app.centre, &Subject::new(&Setting::KIND, part.name()), &names, &when).await?
        } else {
            Vec::new()
        },
        reads_trail,
        refused: refused.as_ref().map(|(_, sentence)| sentence.clone()),
    };
    shell::page(desk.language, refused.map_or(StatusCode::OK, |(status, _)| status), &page)
}

/// What may go today, if records are kept that long.
async fn past(app: &App, desk: &Desk, retention: &Retention) -> Result<Past, Problem> {
    Ok(app.centre.past_retention(desk.me(), retention, when(app).today()).await?)
}

type Past = BTreeMap<(Class, Period), usize>;

/// What the one has and the other has not.
fn only(these: &Past, those: &Past) -> Vec<CountRow> {
    let only = these.iter().filter(|(key, _)| !those.contains_key(key));
    only.map(|((class, year), records)| CountRow::new(*class, *year, *records)).collect()
}

/// The page with why it was refused, and with what was typed.
async fn refused(
    app: &App,
    desk: &Desk,
    part: Part,
    typed: Option<&Fields>,
    error: &ServiceError,
) -> Result<Response, Problem> {
    let refused = Some((words::status(error), words::refusal(error).unwrap_or_default()));
    drawn(app, desk, part, Shown { typed, refused, ..Shown::default() }).await
}

fn part_of(name: &str) -> Result<Part, Problem> {
    Part::of_name(name).ok_or_else(Problem::not_found)
}

pub(crate) async fn page(
    State(app): State<App>,
    desk: Desk,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let shown = Shown { done: asked.done.as_deref(), text: asked.text.as_deref(), ..Shown::default() };
    drawn(&app, &desk, part_of(&name)?, shown).await
}

pub(crate) async fn command(
    State(app): State<App>,
    desk: Desk,
    Path((part, name)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let part = part_of(&part)?;
    let number = |field: &str| fields.text(field).parse::<u32>().map_err(|_| Problem::unreadable());
    let seen = number("seen")?;
    let (command, typed) = match name.as_str() {
        "change" | "preview" => {
            let settings = app.centre.settings().await?;
            let setting = settings.into_iter().find(|setting| setting.part == part);
            let setting = setting.unwrap_or(Setting::untouched(part));
            // A form is read beside what it was filled with: of anything later it has no fields.
            if seen != setting.number() {
                let error = ServiceError::Setting(Refusal::ChangedMeanwhile);
                return refused(&app, &desk, part, Some(&fields), &error).await;
            }
            let present = in_force(&app, &setting);
            match forms::read(&fields, &present, seen.saturating_add(1), &app) {
                Ok(value) if name == "preview" => {
                    let shown = Shown { typed: Some(&fields), preview: Some(value), ..Shown::default() };
                    return drawn(&app, &desk, part, shown).await;
                }
                Ok(value) => (Command::Change { value: Box::new(value), seen }, Some(&fields)),
                Err(sentence) => {
                    let refused = Some((StatusCode::UNPROCESSABLE_ENTITY, sentence));
                    let shown = Shown { typed: Some(&fields), refused, ..Shown::default() };
                    return drawn(&app, &desk, part, shown).await;
                }
            }
        }
        "revert" => (Command::Revert { to: number("to")?, seen }, None),
        "file" => (Command::ToFile { seen }, None),
        _ => return Err(Problem::not_found()),
    };
    match app.centre.change_setting(desk.me(), part, &command).await {
        Ok(()) => {
            // Whoever changed a text sees that one.
            let text = fields.some("text").filter(|key| texts::is_known(key));
            let asked = text.map(|key| format!("?text={key}")).unwrap_or_default();
            Ok(shell::go(&app, &format!("/settings/{}{asked}", part.name()), "setting"))
        }
        Err(error @ ServiceError::Setting(_)) => refused(&app, &desk, part, typed, &error).await,
        Err(error) => Err(error.into()),
    }
}
