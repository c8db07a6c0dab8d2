//! What is set from outside, and what is said when it is wrong.

use std::{collections::HashMap, path::Path};

use lupinus_core::{
    actor::Role,
    disposal::Years,
    policy::{FactorOf, Passwords, Policy, SingleSignOn},
};
use reference_bot::{
    app::{addresses_can_be_forged, at_home, begins_in_trial, check_console},
    settings::{CityFile, Settings, SettingsError, StoreUrl},
};

/// Name and value.
type Variable = (&'static str, &'static str);

fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let variables: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Settings::read(&|name| variables.get(name).cloned())
}

fn city(text: &str) -> Result<CityFile, String> {
    CityFile::parse(Path::new("lupinus.toml"), text).map_err(|error| error.to_string())
}

#[test]
fn without_any_setting_the_demonstration_starts_on_the_usual_address_and_folder() {
    let settings = read(&[]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.store, StoreUrl::Sled("./data".into()));
    assert!(settings.line.is_none());
}

#[test]
fn files_are_served_at_home_where_line_is_played_at_home_and_nowhere_else_by_themselves() {
    let base = |api: &str, listen: &str, own: &str| {
        let settings = read(&[
            ("LINE_CHANNEL_SECRET", "s"),
            ("LINE_CHANNEL_ACCESS_TOKEN", "t"),
            ("LINE_API_BASE", api),
            ("LUPINUS_LISTEN", listen),
        ])
        .unwrap();
        at_home(&city(own).unwrap(), &settings.line.unwrap(), settings.listen).public_base
    };
    for (api, listen, own, expected) in [
        ("http://127.0.0.1:9090", "127.0.0.1:8080", "", Some("http://127.0.0.1:8080")),
        ("http://localhost:9090", "[::1]:8080", "", Some("http://[::1]:8080")),
        ("http://127.0.0.1:9090", "0.0.0.0:8080", "", None),
        ("", "127.0.0.1:8080", "", None),
        ("https://line.example.jp", "127.0.0.1:8080", "", None),
        (
            "http://127.0.0.1:9090",
            "127.0.0.1:8080",
            "public_base = \"https://bot.example.jp\"\n",
            Some("https://bot.example.jp"),
        ),
    ] {
        assert_eq!(base(api, listen, own).as_deref(), expected, "{api} {listen}");
    }
}

/// R27: where there are members to be spared, and where the city says it.
#[test]
fn a_trial_begins_on_lines_own_platform_or_where_the_file_says_so() {
    let begins = |api: &str, own: &str| {
        let variables =
            [("LINE_CHANNEL_SECRET", "s"), ("LINE_CHANNEL_ACCESS_TOKEN", "t"), ("LINE_API_BASE", api)];
        begins_in_trial(&city(own).unwrap(), &read(&variables).unwrap().line.unwrap())
    };
    for (api, own, expected) in [
        ("", "", true),
        ("https://api.line.me", "", true),
        ("https://api.line.me/", "", true),
        ("http://line-relay.lgwan.example:8080", "", true),
        ("", "trial = false\n", false),
        ("http://127.0.0.1:9090", "", false),
        ("http://127.0.0.1:9090", "trial = true\n", true),
    ] {
        assert_eq!(begins(api, own), expected, "{api} {own}");
    }
}

#[test]
fn both_halves_of_the_channel_serve_a_line_account() {
    let settings = read(&[
        ("LINE_CHANNEL_SECRET", "s"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "t"),
        ("LINE_API_BASE", "http://127.0.0.1:9090/"),
        ("LUPINUS_STORE", "memory:"),
    ])
    .unwrap();
    assert_eq!(settings.line.unwrap().api_base.as_deref(), Some("http://127.0.0.1:9090"));
    assert_eq!(settings.store, StoreUrl::Memory);
}

#[test]
fn what_cannot_be_used_is_refused_with_what_to_do() {
    let cases: [(&str, &[Variable], &str); 10] = [
        ("a notice that outlasts all patience", &[("LUPINUS_DRAIN_SECONDS", "301")], "from 0 to 300"),
        ("an address without a port", &[("LUPINUS_LISTEN", "127.0.0.1")], "such as 127.0.0.1:8080"),
        ("half a channel", &[("LINE_CHANNEL_SECRET", "s")], "LINE_CHANNEL_ACCESS_TOKEN is not set"),
        ("the other half", &[("LINE_CHANNEL_ACCESS_TOKEN", "t")], "LINE_CHANNEL_SECRET is not set"),
        ("a database's port", &[("LUPINUS_STORE", "postgres://u:hidden@h:x/d")], "write postgres://USER"),
        (
            "a database's setting",
            &[("LUPINUS_STORE", "postgres://u:hidden@h/d?sslmod=require")],
            "LUPINUS_STORE: the address of the database has a setting \"sslmod\"",
        ),
        ("some other store", &[("LUPINUS_STORE", "mysql://h/d")], "sled:FOLDER"),
        ("a log format", &[("LUPINUS_LOG_FORMAT", "xml")], "neither \"human\" nor \"json\""),
        ("a settings file", &[("LUPINUS_CONFIG", "/no/such.toml")], "/no/such.toml cannot be read"),
        (
            "secret and file",
            &[("LINE_CHANNEL_SECRET", "s"), ("LINE_CHANNEL_SECRET_FILE", "/no/such")],
            "unset one of them",
        ),
    ];
    for (name, variables, expected) in cases {
        let error = read(variables).unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
        assert!(!error.contains("hidden"), "{name}: {error}");
    }
}

// R25
#[test]
fn a_secret_may_come_from_a_file_and_is_in_no_debug_output() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "token-from-a-file\n").unwrap();
    let settings = read(&[
        ("LINE_CHANNEL_SECRET", "secret-from-the-environment"),
        ("LINE_CHANNEL_ACCESS_TOKEN_FILE", file.to_str().unwrap()),
    ])
    .unwrap();
    assert!(settings.line.is_some());
    let shown = format!("{settings:?} {settings:#?}");
    assert!(!shown.contains("secret-from-the-environment"), "{shown}");
    assert!(!shown.contains("token-from-a-file"), "{shown}");
    std::fs::write(&file, "\n").unwrap();
    let error =
        read(&[("LINE_CHANNEL_SECRET", "s"), ("LINE_CHANNEL_ACCESS_TOKEN_FILE", file.to_str().unwrap())])
            .unwrap_err();
    assert!(error.to_string().contains("is empty"), "{error}");
}

// R25
#[test]
fn a_database_is_named_by_variable_or_file_and_its_password_is_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store");
    std::fs::write(&file, "postgres://lupinus:hidden@db.example.jp/city?sslmode=verify-full\n").unwrap();
    let named =
        read(&[("LUPINUS_STORE", "postgres://lupinus:hidden@db.example.jp/city?sslmode=verify-full")]);
    let in_file = read(&[("LUPINUS_STORE_FILE", file.to_str().unwrap())]);
    for settings in [named.unwrap(), in_file.unwrap()] {
        assert_eq!(settings.store.to_string(), "postgres://lupinus@db.example.jp:5432/city");
        let shown = format!("{settings:?} {settings:#?} {} {}", settings.store, settings.store.place_ja());
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(settings.store.place_ja().contains("(PostgreSQL)"));
    }
    let both = read(&[("LUPINUS_STORE", "memory:"), ("LUPINUS_STORE_FILE", file.to_str().unwrap())]);
    assert!(both.unwrap_err().to_string().contains("unset one of them"));
}

/// R22
#[test]
fn where_the_console_opens_from_is_a_list_of_networks_that_somebody_can_be_seen_in() {
    for (written, named) in [
        ("[\"203.0.113.0/24\", \"office\"]", "lupinus.toml:2: console_addresses: \"office\" is no network"),
        ("[\"203.0.113.9/24\"]", "write 203.0.113.0/24"),
        ("[]", "nobody could open the console"),
    ] {
        let error = city(&format!("city = \"市\"\nconsole_addresses = {written}\n")).unwrap_err();
        assert!(error.contains(named), "{written}: {error}");
    }
    let list = "console_addresses = [\"203.0.113.0/24\"]\n";
    for (own, listen, proxies, serves, is_open_to_forgery) in [
        (list, "127.0.0.1:8080", 0, false, false),
        (list, "[::1]:8080", 0, false, false),
        (list, "127.0.0.1:8080", 1, true, false),
        (list, "0.0.0.0:8080", 0, true, false),
        (list, "0.0.0.0:8080", 1, true, true),
        ("", "0.0.0.0:8080", 1, true, false),
        ("", "127.0.0.1:8080", 0, true, false),
    ] {
        let mut settings = read(&[("LUPINUS_LISTEN", listen)]).unwrap();
        settings.city = city(&format!("{own}console_proxies = {proxies}\n")).unwrap();
        assert_eq!(check_console(&settings).is_ok(), serves, "{own}{listen} {proxies}");
        let forged = addresses_can_be_forged(&settings.city, settings.listen);
        assert_eq!(forged, is_open_to_forgery, "{own}{listen} {proxies}");
    }
}

/// R31
#[test]
fn what_members_choose_from_is_refused_by_its_name() {
    let group = |choices: &str| format!("[[professions]]\nlabel = \"医療\"\nchoices = [{choices}]\n");
    let long = "長".repeat(21);
    for (written, named) in [
        (
            "areas = [\"東部\", \"西部\", \"東部\"]".to_owned(),
            "lupinus.toml:1: areas: \"東部\" stands twice".to_owned(),
        ),
        (format!("areas = [\"東部\", \"{long}\"]"), format!("\"{long}\": a name needs 1 to 20 characters")),
        (
            group("{ id = \"a\", label = \"医師\" }, { id = \"a\", label = \"看護師\" }"),
            "professions: \"a\" stands twice".to_owned(),
        ),
        (group(""), "a group needs a profession".to_owned()),
    ] {
        let error = city(&written).unwrap_err();
        assert!(error.contains(&named), "{written}: {error}");
    }
}

// R25
#[test]
fn a_provider_of_identities_needs_an_origin_and_its_secret_which_is_in_no_debug_output() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lupinus.toml");
    let named = |origin: &str| {
        let oidc = "[sign_in.oidc]\nissuer = \"https://login.example.jp\"\nclient_id = \"lupinus\"\nlabel = \"庁内\"\n";
        std::fs::write(&file, format!("{origin}{oidc}passwords = false\n")).unwrap();
    };
    let config = ("LUPINUS_CONFIG", file.to_str().unwrap());
    named("");
    let error = read(&[config, ("LUPINUS_OIDC_CLIENT_SECRET", "hidden")]).unwrap_err().to_string();
    assert!(error.contains("set console_origin too") && !error.contains("hidden"), "{error}");
    named("console_origin = \"https://console.example.jp\"\n");
    let error = check_console(&read(&[config]).unwrap()).unwrap_err().to_string();
    assert!(error.contains("LUPINUS_OIDC_CLIENT_SECRET is not"), "{error}");
    let settings = read(&[config, ("LUPINUS_OIDC_CLIENT_SECRET", "hidden")]).unwrap();
    assert!(check_console(&settings).is_ok() && !format!("{settings:?}").contains("hidden"));
    let policy = settings.city.policy().single_sign_on;
    assert_eq!(
        policy,
        SingleSignOn { passwords: Passwords::Administrators, second_factor: FactorOf::Provider }
    );
}

#[test]
fn the_example_of_the_settings_file_can_be_used_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lupinus.example.toml");
    let city = CityFile::load(&path).unwrap();
    assert_eq!(city.city.as_deref(), Some("ルピナス市"));
}

#[test]
fn a_mistake_in_the_settings_file_is_named_by_file_line_and_key() {
    let cases = [
        (
            "an unknown key",
            "city = \"ルピナス市\"\nacount = \"x\"\n",
            "lupinus.toml:2: acount: unknown field `acount`",
        ),
        (
            "an unknown key in a table",
            "[sending]\nrepeat = 3\n",
            "lupinus.toml:2: repeat: unknown field `repeat`",
        ),
        ("a wrong value", "\n[sending]\nrepeat_days = \"x\"\n", "lupinus.toml:3: repeat_days: invalid type"),
        ("hours that end before they begin", "[hours]\nmon = [\"17:00-08:00\"]\n", "ends before it begins"),
        (
            "an unknown route",
            "[routes]\nnormal = \"two_step\"\n",
            "lupinus.toml:2: normal: write \"one_step\"",
        ),
        ("a route without steps", "[routes]\nnormal = []\n", "lupinus.toml:2: normal: a route needs a step"),
        (
            "a public address without https",
            "public_base = \"http://x\"\n",
            "lupinus.toml:1: public_base: LINE fetches",
        ),
        (
            "an unknown kind of finding",
            "[screening.post]\nname = \"allow\"\n",
            "lupinus.toml:2: name: unknown variant `name`, expected one of `person_name`",
        ),
        (
            "an unknown action",
            "[screening.post]\nage = \"warn\"\n",
            "lupinus.toml:2: age: unknown variant `warn`, expected one of `block`, `confirm`, `allow`",
        ),
        (
            "what the law decides",
            "[screening.consultation]\nmy_number = \"confirm\"\n",
            "lupinus.toml:2: my_number: my_number can only be blocked",
        ),
        (
            "what a member writes about somebody",
            "[screening.consultation]\nperson_name = \"confirm\"\n",
            "lupinus.toml:2: person_name: person_name can only be blocked",
        ),
        (
            "what a post says about somebody",
            "[screening.post]\nphone = \"allow\"\n",
            "lupinus.toml:2: phone: phone can only be blocked or confirmed",
        ),
        (
            "a word of one letter",
            "[screening.allow]\nvenues = [\"森の家\", \"原\"]\n",
            "lupinus.toml:2: venues: word 2: a word of fewer than 2 characters",
        ),
        (
            "a word on both lists",
            "[screening]\npersonal = [\"さくら荘\"]\n[screening.allow]\nvenues = [\"さくら荘\"]\n",
            "lupinus.toml:4: venues: word 1 stands under \"personal\", too",
        ),
        (
            "a deadline that is over before it begins",
            "[deadlines]\ntake_hours = 4\nanswer_hours = 0\n",
            "lupinus.toml:3: answer_hours: write 1 to 2000 opening hours",
        ),
        ("an unknown deadline", "[deadlines]\ntake = 4\n", "lupinus.toml:2: take: unknown field `take`"),
        ("no TOML at all", "city = \n", "lupinus.toml:1: city:"),
    ];
    for (name, text, expected) in cases {
        let error = city(text).unwrap_err();
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn a_city_sets_its_own_route_and_rules() {
    let city = city(
        "rules_version = \"7\"\n[[routes.normal]]\nname = \"確認\"\napprovers = \"checker\"\n\
         [[routes.normal]]\nname = \"決裁\"\napprovers = [\"kacho\"]\nrequired = 1\n\
         [hours]\nmon = [\"09:00-12:00\"]\nclosing_days = [\"2026-11-02\"]\n[quiet]\nhours = \"none\"\n\
         [deadlines]\ntake_hours = 6\n[consultations]\nsilence_days = 3\n[sign_in]\nattempts = 3\nlock_minutes = 60\nsecond_factor = [\"administrator\"]\n\
         [retention]\nconsultations = 0\nsent_posts = 7\n",
    )
    .unwrap();
    let policy = city.policy();
    assert_eq!(policy.rules_version, "7");
    assert_eq!(policy.consultations.silence, std::time::Duration::from_hours(72));
    let hours = std::time::Duration::from_hours;
    assert_eq!(
        (policy.patience.take, policy.patience.decide),
        (hours(6), hours(8)),
        "and the other ones as shipped"
    );
    assert_eq!(policy.lockout, (3, std::time::Duration::from_hours(1)));
    let needs = |role: Role| policy.second_factor.has(role);
    assert!(needs(Role::Administrator) && !needs(Role::Approver));
    assert_eq!(policy.retention.consultations, Years::Permanent);
    assert_eq!(policy.retention.sent_posts, Years::of(7));
    assert_eq!(policy.retention.incidents, Policy::default().retention.incidents);
}

// R10
#[test]
fn a_city_says_what_is_always_personal_what_never_is_and_what_follows() {
    use lupinus_core::screening::{Action, Context};
    let city = city(
        "[screening]\npersonal = [\"さくら荘\"]\n[screening.allow]\norganisations = [\"090-1234-5678\"]\n\
         lecturers = [\"佐々木 健一\"]\n[screening.post]\nage = \"block\"\nprofessional_name = \"allow\"\n",
    )
    .unwrap();
    let (own, shipped) = (city.screening.screen().unwrap(), lupinus_core::screening::Screen::default());
    own.decide(city.screening.policy().unwrap());
    for (text, context, before, after) in [
        ("さくら荘の件です", Context::Consultation, Action::Allow, Action::Block),
        ("連絡は090-1234-5678へ", Context::Consultation, Action::Block, Action::Allow),
        ("佐々木健一さんと話しました", Context::Consultation, Action::Block, Action::Allow),
        ("講師：佐藤一郎先生", Context::Post, Action::Warn, Action::Allow),
        ("山本花子さんの件です", Context::Post, Action::Block, Action::Block),
    ] {
        assert_eq!(shipped.check(text, context).strictest(), before, "{text} as shipped");
        assert_eq!(own.check(text, context).strictest(), after, "{text} in this city");
    }
}
