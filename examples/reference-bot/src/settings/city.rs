//! `lupinus.toml`: what a city decides.

use std::{
    num::NonZeroU8,
    path::{Path, PathBuf},
    time::Duration,
};

use lupinus_console::{Environment, Networks};
use lupinus_core::{
    actor::Role,
    calendar::{OfficeHours, QuietHours},
    choices::{Areas, ProfessionChoice, ProfessionGroup, Professions, Unsound},
    delivery::GatePolicy,
    disposal::{Retention, Years},
    member::{Area, Profession},
    policy::{FactorOf, Passwords, Policy, SingleSignOn},
    settings::Deadlines,
};
use serde::Deserialize;

use super::{SettingsError, screening::ScreeningSettings};

/// The city's file, read. What it leaves out is as shipped.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CityFile {
    /// The city's name, on every page of the console.
    pub city: Option<String>,
    /// The account's name as members know it.
    pub account: Option<String>,
    /// 本番, 試験 or 体験版, on every page of the console.
    pub environment: EnvironmentLabel,
    /// The version of the rules that members accept; a new one asks again.
    pub rules_version: Option<String>,
    /// Whether a store without members begins in trial; by default wherever LINE is not played on this very machine.
    pub trial: Option<bool>,
    /// Where the bot is reached from outside, `https://bot.example.jp`.
    pub public_base: Option<String>,
    /// Where browsers reach the console, when a proxy changes the `Host` header.
    pub console_origin: Option<String>,
    /// Whether browsers reach the console by https. By default yes, unless the program listens on this machine alone.
    pub console_https: Option<bool>,
    /// How many proxies of the city's own stand in front of the console: by what the outermost writes into `X-Forwarded-For`
    /// attempts to sign in are counted, and visitors let in by [`console_addresses`](Self::console_addresses).
    pub console_proxies: usize,
    /// The networks that the console opens from; everywhere when left out.
    pub console_addresses: Option<Networks>,
    /// The areas that members choose from.
    pub areas: Vec<String>,
    /// The professions that members choose from, in groups; none for the shipped ones.
    pub professions: Vec<ProfessionGroupEntry>,
    /// The words that members read.
    pub texts: TextSettings,
    /// When the centre is open.
    pub hours: Option<OfficeHours>,
    /// When nothing that can wait is sent.
    pub quiet: Option<QuietHours>,
    /// Which approvals a post needs.
    pub routes: RouteSettings,
    /// When something that waits for the staff is late.
    pub deadlines: Deadlines,
    /// Consultations.
    pub consultations: ConsultationSettings,
    /// Personal information.
    pub screening: ScreeningSettings,
    /// What must hold before a post goes out.
    pub sending: SendingSettings,
    /// Invitations of submitters.
    pub invitations: InvitationSettings,
    /// Signing in.
    pub sign_in: SignInSettings,
    /// For how long records are kept.
    pub retention: RetentionSettings,
    /// Who holds the data, and where: for the sheet of where data goes.
    pub data_flow: DataFlowSettings,
    /// Where it was read from; texts and files are looked for beside it.
    #[serde(skip)]
    pub path: Option<PathBuf>,
}

/// Where it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentLabel {
    /// 本番
    #[default]
    Production,
    /// 試験
    Test,
    /// 体験版
    Demonstration,
}

impl From<EnvironmentLabel> for Environment {
    fn from(label: EnvironmentLabel) -> Self {
        match label {
            EnvironmentLabel::Production => Self::Production,
            EnvironmentLabel::Test => Self::Test,
            EnvironmentLabel::Demonstration => Self::Demonstration,
        }
    }
}

/// Professions that are offered together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfessionGroupEntry {
    /// What people read.
    pub label: String,
    /// Those in it.
    pub choices: Vec<ProfessionEntry>,
}

/// One profession.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfessionEntry {
    /// How it is stored.
    pub id: String,
    /// What people read.
    pub label: String,
}

/// The language of the shipped texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LanguageSetting {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

/// The words that members read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextSettings {
    /// Which shipped catalogue.
    pub language: LanguageSetting,
    /// A Fluent file, or a folder of them, whose texts replace shipped ones.
    pub overrides: Option<PathBuf>,
}

/// Which approvals a post needs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RouteSettings {
    /// For everything that can wait.
    pub normal: NormalRoute,
    /// For emergencies: who gives the one approval now. A second signature follows in any case.
    pub emergency: Option<StepApprovers>,
}

/// A shipped route by its name, or the city's own steps.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write \"one_step\", \"checker_then_approver\", or steps as [[routes.normal]] tables"
)]
pub enum NormalRoute {
    /// By name.
    Named(NamedRoute),
    /// Step by step.
    Steps(Vec<StepSettings>),
}

/// A shipped route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedRoute {
    /// One approver.
    OneStep,
    /// A checker, then an approver.
    CheckerThenApprover,
}

impl Default for NormalRoute {
    fn default() -> Self {
        Self::Named(NamedRoute::OneStep)
    }
}

/// One step of a city's own route.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepSettings {
    /// What staff read.
    pub name: String,
    /// Who may agree.
    pub approvers: StepApprovers,
    /// How many of them must.
    #[serde(default = "one")]
    pub required: NonZeroU8,
}

const fn one() -> NonZeroU8 {
    NonZeroU8::MIN
}

/// Who may agree: a role, or people by what they sign in with.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write a role such as \"approver\", or sign-in names as [\"yamada\", \"sato\"]"
)]
pub enum StepApprovers {
    /// Whoever holds this role.
    Role(Role),
    /// These people.
    Logins(Vec<String>),
}

/// Consultations.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsultationSettings {
    /// After how many days without a word an answered consultation is resolved.
    pub silence_days: Option<u32>,
    /// For how many days a message takes a resolved one up again.
    pub reopen_days: Option<u32>,
    /// What becomes of pictures and files.
    pub media: MediaSetting,
}

/// What becomes of pictures and files in a consultation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaSetting {
    /// They are refused, and never fetched.
    #[default]
    Refuse,
    /// They are held until one of the staff has looked.
    Hold,
}

/// What must hold before a post goes out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SendingSettings {
    /// For how many days the same content does not go to the same person again.
    pub repeat_days: Option<u32>,
    /// Most posts to one person within an hour.
    pub per_person_per_hour: Option<u32>,
    /// Most people reached by the account within an hour.
    pub per_account_per_hour: Option<u64>,
}

/// Invitations of submitters.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InvitationSettings {
    /// For how many days one serves.
    pub days: Option<u32>,
}

/// The city's provider of identities (OpenID Connect), by which staff sign in. Its secret stands in the environment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// Its address, below which its description is found.
    pub issuer: String,
    /// What it calls the console.
    pub client_id: String,
    /// What staff call an account there.
    pub label: String,
    /// Whether everybody may go on signing in with a password; administrators always may, and whoever is not linked yet.
    #[serde(default = "yes")]
    pub passwords: bool,
    /// Whose second factor is asked for.
    #[serde(default)]
    pub second_factor: FactorSetting,
}

const fn yes() -> bool {
    true
}

/// Whose second factor is asked for when somebody signs in by the provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorSetting {
    /// The provider's.
    #[default]
    Provider,
    /// Ours, as behind a password.
    Ours,
}

impl From<&OidcSettings> for SingleSignOn {
    fn from(settings: &OidcSettings) -> Self {
        Self {
            passwords: if settings.passwords { Passwords::Everybody } else { Passwords::Administrators },
            second_factor: match settings.second_factor {
                FactorSetting::Provider => FactorOf::Provider,
                FactorSetting::Ours => FactorOf::Ours,
            },
        }
    }
}

/// Signing in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInSettings {
    /// How many failed attempts lock an account.
    pub attempts: Option<u32>,
    /// For how many minutes.
    pub lock_minutes: Option<u32>,
    /// Which roles must show a second factor beside the password. Anybody may set one up.
    pub second_factor: Vec<Role>,
    /// By the city's provider of identities, beside passwords or instead of them.
    pub oidc: Option<OidcSettings>,
}

/// For how long records are kept, in years from 1 April after the fiscal year in which they were closed; 0 for ever.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionSettings {
    /// Posts that were sent, with their decisions.
    pub sent_posts: Option<u8>,
    /// Posts that were rejected or withdrawn.
    pub unsent_posts: Option<u8>,
    /// Consultations.
    pub consultations: Option<u8>,
    /// Incidents.
    pub incidents: Option<u8>,
    /// Canned answers that are offered no more.
    pub canned_answers: Option<u8>,
}

impl RetentionSettings {
    fn over(self, shipped: Retention) -> Retention {
        let years = |set: Option<u8>, shipped| set.map_or(shipped, Years::of);
        Retention {
            sent_posts: years(self.sent_posts, shipped.sent_posts),
            unsent_posts: years(self.unsent_posts, shipped.unsent_posts),
            consultations: years(self.consultations, shipped.consultations),
            incidents: years(self.incidents, shipped.incidents),
            canned_answers: years(self.canned_answers, shipped.canned_answers),
        }
    }
}

/// Who holds the data, and where. What is left out, the sheet says is not stated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataFlowSettings {
    /// LINE.
    pub line: HeldSettings,
    /// The machine that the program runs on.
    pub server: HeldSettings,
    /// The records, when they are not on the server.
    pub records: HeldSettings,
    /// Pictures and files, when they are not on the server.
    pub files: HeldSettings,
    /// Copies.
    pub backup: HeldSettings,
    /// Whoever watches the program and keeps its log.
    pub monitoring: HeldSettings,
}

/// Who holds something.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeldSettings {
    /// The company or office.
    pub party: Option<String>,
    /// The country in which the data is.
    pub country: Option<String>,
    /// The contract or terms.
    pub contract: Option<String>,
}

const fn days(days: u32) -> Duration {
    Duration::from_hours(24 * days as u64)
}

impl CityFile {
    /// Reads the file.
    ///
    /// # Errors
    /// [`SettingsError::File`]; [`SettingsError::Toml`], with file, line and key.
    pub fn load(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SettingsError::File { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// The settings in `text`, which stands in `path`.
    ///
    /// # Errors
    /// [`SettingsError::Toml`].
    pub fn parse(path: &Path, text: &str) -> Result<Self, SettingsError> {
        let mut city: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            located(path, text, at, error.message())
        })?;
        city.path = Some(path.to_owned());
        city.check().map_err(|(key, problem)| located(path, text, place_of(text, key), problem))?;
        city.check_lists().map_err(|(key, problem)| located(path, text, place_of(text, key), &problem))?;
        if let Err((key, problem)) = city.screening.screen().and_then(|_| city.screening.policy()) {
            return Err(located(path, text, place_of(text, key), &problem));
        }
        Ok(city)
    }

    /// What serde cannot see: the key at fault and the sentence.
    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if let Some(base) = &self.public_base
            && !base.starts_with("https://")
        {
            return Err((
                "public_base",
                "LINE fetches pictures by https only: write https://… without a path",
            ));
        }
        if self.sign_in.oidc.is_some() && self.console_origin.is_none() {
            return Err((
                "sign_in.oidc",
                "set console_origin too: the provider leads back there, and must know the address",
            ));
        }
        if let NormalRoute::Steps(steps) = &self.routes.normal {
            if steps.is_empty() {
                return Err(("normal", "a route needs a step: add one, or write \"one_step\""));
            }
            if steps
                .iter()
                .any(|step| matches!(&step.approvers, StepApprovers::Logins(names) if names.is_empty()))
            {
                return Err(("approvers", "nobody could approve: name a role or somebody"));
            }
        }
        if let Some(key) = self.deadlines.unsound() {
            return Err((
                key,
                "write 1 to 2000 opening hours, 0 to 30 days before, 1 to 90 days of a failed sending",
            ));
        }
        Ok(())
    }

    /// What is wrong with what members choose from: the key at fault and the sentence.
    fn check_lists(&self) -> Result<(), (&'static str, String)> {
        let lists = [("professions", self.professions().unsound()), ("areas", self.areas().unsound())];
        lists.into_iter().find_map(|(key, wrong)| Some((key, unsound(&wrong?)))).map_or(Ok(()), Err)
    }

    /// The areas that members choose from.
    fn areas(&self) -> Areas {
        Areas::offering(self.areas.iter().cloned().map(Area).collect())
    }

    /// The professions that members choose from: the shipped ones where the file has none.
    fn professions(&self) -> Professions {
        if self.professions.is_empty() {
            return Professions::default();
        }
        let choice = |entry: &ProfessionEntry| ProfessionChoice {
            profession: Profession(entry.id.clone()),
            label: entry.label.clone(),
        };
        let group = |entry: &ProfessionGroupEntry| ProfessionGroup {
            label: entry.label.clone(),
            professions: entry.choices.iter().map(choice).collect(),
        };
        Professions::offering(self.professions.iter().map(group).collect())
    }

    /// The rules that follow, but for the routes, which may name people of the store, and what follows from findings.
    pub fn policy(&self) -> Policy {
        let mut policy = Policy {
            hours: self.hours.clone().unwrap_or_default(),
            areas: self.areas(),
            professions: self.professions(),
            patience: self.deadlines.into(),
            ..Policy::default()
        };
        if let Some(quiet) = &self.quiet {
            policy.quiet = Some(quiet.clone());
        }
        if let Some(version) = &self.rules_version {
            policy.rules_version.clone_from(version);
        }
        let consultations = &mut policy.consultations;
        consultations.silence = self.consultations.silence_days.map_or(consultations.silence, days);
        consultations.reopen_window =
            self.consultations.reopen_days.map_or(consultations.reopen_window, days);
        consultations.holds_media = self.consultations.media == MediaSetting::Hold;
        let gate = GatePolicy::default();
        policy.gate = GatePolicy {
            repeat_window: self.sending.repeat_days.map_or(gate.repeat_window, days),
            per_person_per_hour: self.sending.per_person_per_hour.unwrap_or(gate.per_person_per_hour),
            per_account_per_hour: self.sending.per_account_per_hour.unwrap_or(gate.per_account_per_hour),
            ..gate
        };
        policy.invitation_life = self.invitations.days.map_or(policy.invitation_life, days);
        let (attempts, locked) = policy.lockout;
        policy.lockout = (
            self.sign_in.attempts.unwrap_or(attempts),
            self.sign_in.lock_minutes.map_or(locked, |minutes| Duration::from_mins(u64::from(minutes))),
        );
        policy.retention = self.retention.over(policy.retention);
        policy.second_factor = self.sign_in.second_factor.iter().copied().collect();
        policy.single_sign_on = self.sign_in.oidc.as_ref().map(SingleSignOn::from).unwrap_or_default();
        policy
    }

    /// The account's name.
    pub fn account_name(&self) -> String {
        self.account.clone().unwrap_or_else(|| "在宅医療・介護連携支援センター".to_owned())
    }

    /// The overriding texts, found beside the file when the path is relative.
    pub fn overrides(&self) -> Option<PathBuf> {
        let overrides = self.texts.overrides.as_ref()?;
        let beside = self.path.as_deref().and_then(Path::parent);
        Some(beside.map_or_else(|| overrides.clone(), |folder| folder.join(overrides)))
    }
}

fn unsound(wrong: &Unsound) -> String {
    match wrong {
        Unsound::Nothing => "a group needs a profession: write its choices".to_owned(),
        Unsound::TooMany | Unsound::TooManyRetired => {
            "LINE shows eleven at a time: write at most eleven, professions in at most eleven groups"
                .to_owned()
        }
        Unsound::Length(word) => {
            format!("{word:?}: a name needs 1 to 20 characters without space around them, an id 1 to 60")
        }
        Unsound::Twice(word) => format!("{word:?} stands twice: give each its own name and id"),
    }
}

/// Where the key is first set, as an offset; the start when it is not.
fn place_of(text: &str, key: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let head = line.trim_start().trim_start_matches('[');
        let head = head.rsplit_once("routes.").map_or(head, |(_, tail)| tail);
        if head.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.'])) {
            return at;
        }
        at += line.len();
    }
    0
}

fn located(path: &Path, text: &str, at: usize, problem: &str) -> SettingsError {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let written = text.lines().nth(line - 1).unwrap_or("").trim();
    let key = match written.split_once('=') {
        Some((key, _)) => key.trim(),
        None => written.trim_matches(['[', ']']),
    };
    let key = if key.is_empty() { "the file" } else { key };
    SettingsError::Toml {
        path: path.to_owned(),
        line,
        key: key.to_owned(),
        problem: problem.trim().replace('\n', "; "),
    }
}
