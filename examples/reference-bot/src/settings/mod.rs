//! What is set from outside: the environment, and the city's own file.

mod city;
mod environment;
mod error;
mod screening;
mod store;

pub use self::{
    city::{
        CityFile, ConsultationSettings, DataFlowSettings, EnvironmentLabel, FactorSetting, HeldSettings,
        InvitationSettings, LanguageSetting, MediaSetting, NamedRoute, NormalRoute, OidcSettings,
        ProfessionEntry, ProfessionGroupEntry, RetentionSettings, RouteSettings, SendingSettings,
        SignInSettings, StepApprovers, StepSettings, TextSettings,
    },
    environment::{LineSettings, LogFormat, Settings},
    error::SettingsError,
    screening::{ActionSetting, AllowSettings, ScreeningSettings},
    store::StoreUrl,
};
