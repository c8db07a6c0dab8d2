//! Where data is and goes, as the settings in force say: for the sheet of the console and of the command line.

use std::collections::{BTreeMap, BTreeSet};

use lupinus_console::report::{Address, DataFlow, Deployment, Held, Spot, data_flow};
use lupinus_line::client::{API_BASE, DATA_BASE};

use crate::{
    app, pdf,
    settings::{CityFile, DataFlowSettings, HeldSettings, LineSettings, Settings, StoreUrl},
    stores,
};

/// The sheet of these settings.
pub fn sheet(settings: &Settings) -> DataFlow {
    data_flow(&deployment(settings))
}

/// What is configured. Every field of the environment's settings is named, so that a new one is thought of here.
fn deployment(settings: &Settings) -> Deployment {
    let Settings { listen, drain: _, store, files, keys, keys_file, city, line, oidc_secret, log_format: _ } =
        settings;
    let city = line.as_ref().map_or_else(|| city.clone(), |line| app::at_home(city, line, *listen));
    let mut addresses = Addresses(Vec::new());
    addresses.of_line(line.as_ref());
    addresses.of_city(&city);
    if let (Some(oidc), Some(_)) = (&city.sign_in.oidc, oidc_secret) {
        addresses.add(Spot::Staff, "sign_in.oidc.issuer", public(&oidc.issuer));
    }
    addresses.add(Spot::Server, "LUPINUS_LISTEN", listen.to_string());
    addresses.add(Spot::Records, "LUPINUS_STORE", public(&store.to_string()));
    let folder = stores::files_folder(store, files.as_deref());
    let folder = folder.map_or_else(|| public(&store.to_string()), |folder| folder.display().to_string());
    addresses.add(Spot::Files, "LUPINUS_FILES", folder);
    match (keys_file, keys) {
        (Some(file), _) => addresses.add(Spot::Keys, "LUPINUS_KEYS_FILE", file.display().to_string()),
        (None, Some(_)) => addresses.add(Spot::Keys, "LUPINUS_KEYS", "環境変数".to_owned()),
        (None, None) => addresses.add(Spot::Keys, "LUPINUS_KEYS_FILE", "なし(暗号化していない)".to_owned()),
    }
    addresses.add(Spot::Reader, "—", format!("reference-bot {}", pdf::ARGUMENT));
    for path in ["/metrics", "/healthz", "/readyz"] {
        addresses.add(Spot::Monitoring, "LUPINUS_LISTEN", format!("{listen}{path}"));
    }
    let mut on_server = BTreeSet::from([Spot::Files]);
    if !matches!(store, StoreUrl::Postgres(_)) {
        on_server.insert(Spot::Records);
    }
    Deployment {
        city: city.city.clone().unwrap_or_default(),
        account: city.account_name(),
        held: held(&city.data_flow),
        on_server,
        is_encrypted: keys.is_some(),
        addresses: addresses.0,
    }
}

struct Addresses(Vec<Address>);

impl Addresses {
    fn add(&mut self, spot: Spot, key: &'static str, value: String) {
        self.0.push(Address { spot, key, value });
    }

    fn of_line(&mut self, line: Option<&LineSettings>) {
        let Some(LineSettings { secret: _, token: _, api_base, data_api_base }) = line else {
            self.add(Spot::Line, "LINE_CHANNEL_SECRET", "なし(体験版。この機械の中の模擬LINE)".to_owned());
            return;
        };
        let api = api_base.as_deref().unwrap_or(API_BASE);
        let data = data_api_base.as_deref().or(api_base.as_deref()).unwrap_or(DATA_BASE);
        self.add(Spot::Line, "LINE_API_BASE", public(api));
        self.add(Spot::Line, "LINE_DATA_API_BASE", public(data));
    }

    /// The addresses in the city's file.
    fn of_city(&mut self, city: &CityFile) {
        let base = city.public_base.as_deref().map(public);
        let said = |path: &str| match &base {
            Some(base) => format!("{}{path}", base.trim_end_matches('/')),
            None => format!("記載なし({path})"),
        };
        self.add(Spot::Line, "public_base", format!("{}(Webhook)", said("/webhook")));
        self.add(Spot::Members, "public_base", format!("{}(添付)", said("/media/")));
        let console = city.console_origin.as_deref().map(public);
        let console =
            console.map_or_else(|| "記載なし(/console)".to_owned(), |origin| format!("{origin}/console"));
        self.add(Spot::Staff, "console_origin", console);
        let from = city.console_addresses.as_ref().map_or("どこからでも".to_owned(), ToString::to_string);
        self.add(Spot::Staff, "console_addresses", from);
    }
}

/// An address without user, password and question.
fn public(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
}

fn held(settings: &DataFlowSettings) -> BTreeMap<Spot, Held> {
    let DataFlowSettings { line, server, records, files, backup, monitoring } = settings;
    let all = [
        (Spot::Line, line),
        (Spot::Server, server),
        (Spot::Records, records),
        (Spot::Files, files),
        (Spot::Backup, backup),
        (Spot::Monitoring, monitoring),
    ];
    let stated = |HeldSettings { party, country, contract }: &HeldSettings| Held {
        party: party.clone(),
        country: country.clone(),
        contract: contract.clone(),
    };
    all.map(|(spot, held)| (spot, stated(held))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R25
    #[test]
    fn an_address_stands_without_user_password_and_question() {
        for (written, shown) in [
            ("https://user:canary@relay.example:8443/line?token=canary", "https://relay.example:8443/line"),
            ("https://canary@canary@relay.example", "https://relay.example"),
            ("https://api.line.me", "https://api.line.me"),
            ("http://[::1]:8080#canary", "http://[::1]:8080"),
        ] {
            assert_eq!(public(written), shown);
        }
    }
}
