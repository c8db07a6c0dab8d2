//! What follows from personal information: kinds and places, each with what it does as shipped.

use lupinus_core::{
    screening::{Action, CityPolicy, Context, Owner, PiiKind, Screen},
    settings::Value,
};

use crate::{
    fields::Fields,
    text::{Text, say},
};

/// Where something is written, as the table heads it.
const PLACES: [(Context, &str, &str); 3] = [
    (Context::Post, "post", "投稿"),
    (Context::Consultation, "consultation", "会員の相談"),
    (Context::StaffAnswer, "staff_answer", "職員の回答"),
];

const ACTIONS: [(Action, &str); 3] =
    [(Action::Block, "block"), (Action::Warn, "confirm"), (Action::Allow, "allow")];

/// Kinds of the same owner.
pub(super) struct Group {
    pub(super) label: &'static str,
    pub(super) rows: Vec<Row>,
}

/// One kind.
pub(super) struct Row {
    pub(super) kind: &'static str,
    pub(super) cells: Vec<Cell>,
}

/// A kind in a place.
pub(super) struct Cell {
    pub(super) name: String,
    pub(super) place: &'static str,
    /// One alone where nothing can be chosen.
    pub(super) choices: Vec<Choice>,
}

/// Something that can be chosen.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: Text,
    pub(super) is_chosen: bool,
}

const fn word(action: Action, context: Context) -> &'static str {
    match (action, context) {
        (Action::Block, Context::Consultation) => "伏せる",
        (Action::Block, Context::Post | Context::StaffAnswer) => "止める",
        (Action::Warn, Context::Consultation) => "印を付ける",
        (Action::Warn, Context::Post | Context::StaffAnswer) => "確認する",
        (Action::Allow, _) => "そのまま",
    }
}

fn field(place: &str, kind: PiiKind) -> String {
    format!("{place}.{kind}")
}

fn effective(decided: &CityPolicy, screen: &Screen, context: Context, kind: PiiKind) -> Action {
    decided.own(context, kind).unwrap_or_else(|| screen.action_undecided(kind, context))
}

/// The table, filled with what is decided, or with what was typed.
pub(super) fn table(decided: &CityPolicy, screen: &Screen, typed: Option<&Fields>) -> Vec<Group> {
    let cell = |kind: PiiKind, (context, place, label): (Context, &str, &'static str)| {
        let name = field(place, kind);
        let shipped = screen.action_undecided(kind, context);
        let chosen = typed.and_then(|typed| {
            let typed = typed.text(&name);
            ACTIONS.iter().find(|(_, value)| *value == typed).map(|(action, _)| *action)
        });
        let chosen = chosen.unwrap_or_else(|| effective(decided, screen, context, kind));
        let possible = ACTIONS.iter().filter(|(action, _)| *action >= kind.mildest(context));
        let choices = possible.map(|(action, value)| Choice {
            value,
            label: match word(*action, context) {
                word if *action == shipped => say!("{word}(標準)", word),
                word => Text::from(word),
            },
            is_chosen: *action == chosen,
        });
        Cell { name, place: label, choices: choices.collect() }
    };
    let rows = |owner: Owner| {
        let kinds = PiiKind::ALL.iter().filter(move |kind| kind.owner() == owner);
        kinds.map(|kind| Row {
            kind: kind.label_ja(),
            cells: PLACES.into_iter().map(|place| cell(*kind, place)).collect(),
        })
    };
    let groups = [
        ("本人や家族などの個人", Owner::Person),
        ("仕事として名前が出る方", Owner::Professional),
        ("団体・事業所(個人情報ではない)", Owner::Organisation),
    ];
    groups.into_iter().map(|(label, owner)| Group { label, rows: rows(owner).collect() }).collect()
}

/// What is otherwise than as shipped, kind by kind.
pub(super) fn words(decided: &CityPolicy, screen: &Screen) -> Vec<(Text, Text)> {
    let mut rows = Vec::new();
    for kind in PiiKind::ALL {
        let others = PLACES.into_iter().filter_map(|(context, _, place)| {
            let action = effective(decided, screen, context, *kind);
            let shipped = screen.action_undecided(*kind, context);
            (action != shipped).then(|| say!("{place}では{word}", place, word = word(action, context)))
        });
        let others: Vec<Text> = others.collect();
        if !others.is_empty() {
            rows.push((Text::from(kind.label_ja()), Text::list("、", others)));
        }
    }
    rows
}

/// What a form decides: what it leaves as shipped is not decided.
pub(super) fn read(fields: &Fields, screen: &Screen) -> Result<Value, Text> {
    let mut decided = CityPolicy::default();
    for (context, place, label) in PLACES {
        for kind in PiiKind::ALL {
            let typed = fields.text(&field(place, *kind));
            let Some((action, _)) = ACTIONS.iter().find(|(_, value)| *value == typed) else { continue };
            if *action == screen.action_undecided(*kind, context) {
                continue;
            }
            decided.set(context, *kind, *action).map_err(|_| {
                say!("{place}の{kind}は、これより緩くできません。", place = label, kind = kind.label_ja())
            })?;
        }
    }
    Ok(Value::Screening(decided))
}
