//! Where data is and where it goes: the sheet of one deployment, made of its configuration.

mod lines;
mod picture;
mod spot;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
};

use serde::Serialize;

use self::lines::lines;
pub use self::{lines::Line, spot::Spot};

/// What is configured, as far as data goes there. It holds no secret: an address stands without user and password.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// The city.
    pub city: String,
    /// The account's name as members know it.
    pub account: String,
    /// Who holds what, as the city states it.
    pub held: BTreeMap<Spot, Held>,
    /// What is on the server itself.
    pub on_server: BTreeSet<Spot>,
    /// Whether records and files are encrypted.
    pub is_encrypted: bool,
    /// Every address that is configured, in the order of the sheet.
    pub addresses: Vec<Address>,
}

/// Who holds something, as the city states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The company or office.
    pub party: Option<String>,
    /// The country in which the data is.
    pub country: Option<String>,
    /// The contract or terms under which it is there.
    pub contract: Option<String>,
}

/// One address that is configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Of what.
    pub spot: Spot,
    /// Where it is set.
    pub key: &'static str,
    /// The address, the folder or the command.
    pub value: String,
}

/// Something that the city states, or has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    /// It says so, or it is so.
    Is(String),
    /// As the server's.
    AsServer,
    /// It does not say; it would stand under this key of the city's file.
    Missing(String),
}

impl fmt::Display for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(words) => f.write_str(words),
            Self::AsServer => f.write_str("サーバと同じ"),
            Self::Missing(key) => write!(f, "記載なし({key})"),
        }
    }
}

/// A place where data is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Which.
    pub spot: Spot,
    /// What people call it.
    pub name: &'static str,
    /// What is there.
    pub holds: &'static str,
    /// Who holds it.
    pub party: Stated,
    /// In which country.
    pub country: Stated,
    /// Under which contract.
    pub contract: Stated,
}

/// The sheet (データの流れ).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataFlow {
    /// The city.
    pub city: String,
    /// The account.
    pub account: String,
    /// Where data is.
    pub places: Vec<Place>,
    /// Every address that is configured.
    pub addresses: Vec<Address>,
    /// What goes from where to where.
    pub lines: Vec<Line>,
}

/// One table of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowTable {
    /// Its title.
    pub title: &'static str,
    /// The heads of its columns.
    pub columns: &'static [&'static str],
    /// As many words as there are columns, a row.
    pub rows: Vec<Vec<String>>,
}

/// The sheet of a deployment.
pub fn data_flow(deployment: &Deployment) -> DataFlow {
    DataFlow {
        city: deployment.city.clone(),
        account: deployment.account.clone(),
        places: Spot::ALL.map(|spot| place(deployment, spot)).to_vec(),
        addresses: deployment.addresses.clone(),
        lines: lines(deployment),
    }
}

fn place(deployment: &Deployment, spot: Spot) -> Place {
    let held = deployment.held.get(&spot).cloned().unwrap_or_default();
    // Nothing is said only where the city has no name.
    let said = |words: Option<String>| words.filter(|words| spot == Spot::Staff || !words.is_empty());
    let stated =
        |words: Option<String>, what: &str| match (said(words), spot.is_own_of_server(), spot.stated_as()) {
            (Some(said), _, _) if said.is_empty() => Stated::Missing("city".to_owned()),
            (Some(said), _, _) => Stated::Is(said),
            (None, true, _) => Stated::AsServer,
            (None, false, Some(_)) if deployment.on_server.contains(&spot) => Stated::AsServer,
            (None, false, Some(table)) => Stated::Missing(format!("data_flow.{table}.{what}")),
            (None, false, None) => Stated::Is("—".to_owned()),
        };
    let party = held.party.or_else(|| match spot {
        Spot::Members => Some("会員と団体の担当者、それぞれの端末".to_owned()),
        Spot::Staff => Some(deployment.city.clone()),
        Spot::Line => Some("LINEヤフー株式会社".to_owned()),
        _ => None,
    });
    Place {
        spot,
        name: spot.label_ja(),
        holds: spot.holds_ja(),
        party: stated(party, "party"),
        country: stated(held.country, "country"),
        contract: stated(held.contract, "contract"),
    }
}

impl DataFlow {
    /// The picture: SVG to stand in the page. The tables say the same in words.
    pub(crate) fn picture(&self) -> Option<String> {
        picture::picture(&self.lines)
    }

    /// What the city has not stated: of what, what, and the key for it.
    fn missing(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        self.places.iter().flat_map(|place| {
            let said = [("事業者", &place.party), ("国", &place.country), ("契約", &place.contract)];
            said.into_iter().filter_map(|(what, stated)| match stated {
                Stated::Missing(key) => Some(vec![place.name.to_owned(), what.to_owned(), key.clone()]),
                Stated::Is(_) | Stated::AsServer => None,
            })
        })
    }

    /// The sheet as tables: on the page and on paper.
    pub fn tables(&self) -> Vec<FlowTable> {
        let places = self.places.iter().map(|place| {
            let said = [&place.party, &place.country, &place.contract].map(Stated::to_string);
            [place.name.to_owned(), place.holds.to_owned()].into_iter().chain(said).collect()
        });
        let addresses = self.addresses.iter().map(|address| {
            vec![address.spot.label_ja().to_owned(), address.value.clone(), address.key.to_owned()]
        });
        let mut tables = vec![
            FlowTable {
                title: "関係者と、データがある所",
                columns: &["所", "あるもの", "事業者", "国", "契約"],
                rows: places.collect(),
            },
            FlowTable {
                title: "データの流れ",
                columns: &["番号", "どこから", "どこへ", "方法", "流れるもの", "流れないもの"],
                rows: self.lines.iter().map(Line::row).collect(),
            },
            FlowTable {
                title: "設定されている接続先",
                columns: &["所", "接続先", "設定のキー"],
                rows: addresses.collect(),
            },
        ];
        let missing: Vec<_> = self.missing().collect();
        if !missing.is_empty() {
            tables.push(FlowTable {
                title: "まだ書かれていない項目",
                columns: &["所", "項目", "lupinus.toml のキー"],
                rows: missing,
            });
        }
        tables
    }

    /// The sheet as Markdown, to be printed or kept.
    pub fn markdown(&self) -> String {
        let whose = [&self.city, &self.account].map(|name| cell(name)).join(" ");
        let mut text = format!("# データの流れ:{}\n", whose.trim());
        for (number, table) in (1..).zip(self.tables()) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n## {number}. {}\n\n| {} |", table.title, table.columns.join(" | "));
            let _ = writeln!(text, "|{}", "---|".repeat(table.columns.len()));
            for row in table.rows {
                let cells: Vec<String> = row.iter().map(|words| cell(words)).collect();
                let _ = writeln!(text, "| {} |", cells.join(" | "));
            }
        }
        text
    }
}

/// Words that stay in their cell.
fn cell(words: &str) -> String {
    words.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment() -> Deployment {
        Deployment {
            city: "藤|波市".to_owned(), account: "センター".to_owned(), ..Deployment::default()
        }
    }

    /// R4
    #[test]
    fn what_the_city_does_not_state_is_said_with_its_key_and_the_servers_own_is_as_the_servers() {
        let mut city = deployment();
        city.on_server.insert(Spot::Records);
        let server = Held { country: Some("日本".to_owned()), ..Held::default() };
        city.held.insert(Spot::Server, server);
        let sheet = data_flow(&city);
        let of = |spot| sheet.places.iter().find(|place| place.spot == spot).unwrap();
        assert_eq!(of(Spot::Server).country, Stated::Is("日本".to_owned()));
        assert_eq!(of(Spot::Server).contract, Stated::Missing("data_flow.server.contract".to_owned()));
        assert_eq!(of(Spot::Records).country, Stated::AsServer);
        assert_eq!(of(Spot::Files).country, Stated::Missing("data_flow.files.country".to_owned()));
        assert!(sheet.markdown().contains("記載なし(data_flow.files.country)"));
    }

    /// R4
    #[test]
    fn every_place_has_its_line_and_the_picture_numbers_each() {
        let sheet = data_flow(&Deployment { is_encrypted: true, ..deployment() });
        for spot in Spot::ALL {
            assert!(sheet.lines.iter().any(|line| line.from == spot || line.to == spot), "{spot:?}");
        }
        let svg = sheet.picture().unwrap();
        let drawn: Vec<&str> = svg.lines().collect();
        for line in &sheet.lines {
            let number = line.number.to_string();
            assert!(drawn.iter().any(|said| said.split('・').any(|said| said == number)), "{number}: {svg}");
        }
        assert!(!svg.contains("style="), "the page's policy allows no styles within it");
    }

    #[test]
    fn markdown_keeps_words_in_their_cells() {
        assert_eq!(cell("a|b\n<c>"), "a\\|b &lt;c>");
        assert!(data_flow(&deployment()).markdown().starts_with("# データの流れ:藤\\|波市 センター\n"));
    }
}
