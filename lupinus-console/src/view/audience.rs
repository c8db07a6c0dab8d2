use lupinus_core::{
    audience::{Audience, Expr},
    choices::Professions,
    member::{Area, Profession},
    post::Category,
};

use crate::{
    console::Settings,
    fields::Fields,
    text::{Text, say},
};

/// One box to tick.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: Text,
    pub(crate) ticked: bool,
}

/// What there is to choose an audience from, with what was chosen.
pub(crate) struct AudienceChoice {
    pub(crate) scope: &'static str,
    pub(crate) professions: Vec<Choice>,
    pub(crate) areas: Vec<Choice>,
    pub(crate) topics: Vec<Choice>,
    pub(crate) except: Vec<Choice>,
    pub(crate) all_friends_ok: bool,
}

impl AudienceChoice {
    pub(crate) fn new(app: &Settings, fields: &Fields) -> Self {
        let scope = match fields.text("scope") {
            "where" => "where",
            "all_friends" => "all_friends",
            _ => "members",
        };
        let policy = app.centre.policy();
        // Members go on holding what is retired, so that there is somebody to send to.
        let choice = |field: &str, value: &str, label: &str, is_offered: bool| Choice {
            value: value.to_owned(),
            label: if is_offered {
                Text::given(label)
            } else {
                say!("{label}(廃止)", label = Text::given(label))
            },
            ticked: fields.has(field, value),
        };
        let professions = |field: &str| -> Vec<Choice> {
            let all = policy.professions.all();
            all.map(|it| {
                choice(field, &it.profession.0, &it.label, policy.professions.offers(&it.profession))
            })
            .collect()
        };
        Self {
            scope,
            professions: professions("profession"),
            except: professions("except"),
            areas: policy
                .areas
                .all()
                .map(|area| choice("area", &area.0, &area.0, policy.areas.offers(area)))
                .collect(),
            topics: Category::ALL
                .into_iter()
                .map(|topic| Choice {
                    value: topic.name().to_owned(),
                    label: topic.label_ja().into(),
                    ticked: fields.has("topic", topic.name()),
                })
                .collect(),
            all_friends_ok: fields.ticked("all_friends_ok"),
        }
    }
}

/// The fields by which an audience travels from form to form.
pub(crate) const AUDIENCE_FIELDS: [&str; 6] =
    ["scope", "profession", "area", "topic", "except", "all_friends_ok"];

/// The audience that a form describes: one of a group is enough, every group must fit, nobody of the excepted.
///
/// # Errors
/// What to tell the person who filled it in.
pub(crate) fn audience_of(fields: &Fields) -> Result<Audience, &'static str> {
    let group = |exprs: Vec<Expr>| (!exprs.is_empty()).then_some(Expr::Or(exprs));
    let professions = |field: &str| {
        fields.all(field).map(|id| Expr::Profession(Profession(id.to_owned()))).collect::<Vec<_>>()
    };
    let conditions = ["profession", "area", "topic", "except"];
    if fields.text("scope") != "where" && conditions.iter().any(|name| fields.all(name).next().is_some()) {
        return Err(
            "絞り込む条件にチェックがあります。「登録会員のうち、下の条件に合う方」を選ぶか、チェックを外してください。",
        );
    }
    match fields.text("scope") {
        "where" => {
            let areas = fields.all("area").map(|area| Expr::Area(Area(area.to_owned()))).collect();
            let topics = fields.all("topic").filter_map(Category::from_name).map(Expr::Topic).collect();
            let except = group(professions("except")).map(|expr| Expr::Not(Box::new(expr)));
            let groups = [group(professions("profession")), group(areas), group(topics), except];
            let groups: Vec<Expr> = groups.into_iter().flatten().collect();
            if groups.is_empty() {
                return Err("絞り込む条件を1つ以上選ぶか、「登録会員全員」を選んでください。");
            }
            Ok(Audience::Where(Expr::And(groups)))
        }
        "all_friends" if fields.ticked("all_friends_ok") => Ok(Audience::AllFriends),
        "all_friends" => Err("友だち全員に送るには、確認の欄にもチェックを入れてください。"),
        "members" | "" => Ok(Audience::Members),
        _ => Err("配信先を選んでください。"),
    }
}

/// The form filled in with an audience, as far as the form can say it.
pub(crate) fn asked_for(audience: &Audience) -> Fields {
    let mut fields = Fields::default();
    match audience {
        Audience::Members => fields.set("scope", "members"),
        // Never chosen beforehand: all friends are reached by explicit choice alone.
        Audience::AllFriends => {}
        Audience::Where(expr) => {
            fields.set("scope", "where");
            tick(expr, &mut fields);
        }
    }
    fields
}

fn tick(expr: &Expr, fields: &mut Fields) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| tick(part, fields)),
        Expr::Not(part) => {
            let mut inner = Fields::default();
            tick(part, &mut inner);
            for profession in inner.all("profession") {
                fields.set("except", profession);
            }
        }
        Expr::Profession(id) => fields.set("profession", &id.0),
        Expr::Area(area) => fields.set("area", &area.0),
        Expr::Topic(topic) => fields.set("topic", topic.name()),
    }
}

/// An audience in words, condition by condition.
pub(crate) fn describe(audience: &Audience, professions: &Professions) -> Text {
    match audience {
        Audience::Members => Text::from("登録会員全員"),
        Audience::AllFriends => Text::from("友だち全員(登録していない人を含む)"),
        Audience::Where(expr) => say!("登録会員のうち、{whom}", whom = words(expr, professions)),
    }
}

fn words(expr: &Expr, professions: &Professions) -> Text {
    let joined = |parts: &[Expr], between: &'static str| {
        Text::list(between, parts.iter().map(|part| words(part, professions)))
    };
    match expr {
        Expr::And(parts) if parts.is_empty() => Text::from("全員"),
        Expr::Or(parts) if parts.is_empty() => Text::from("該当なし"),
        Expr::And(parts) => joined(parts, " かつ "),
        Expr::Or(parts) if parts.len() == 1 => joined(parts, ""),
        Expr::Or(parts) => say!("({any})", any = joined(parts, " または ")),
        Expr::Not(part) => say!("{whom}を除く", whom = words(part, professions)),
        Expr::Profession(id) => {
            say!("職種「{label}」", label = Text::given(professions.label(id)))
        }
        Expr::Area(area) => say!("地域「{area}」", area = area.0),
        Expr::Topic(topic) => say!("関心「{topic}」", topic = topic.label_ja()),
    }
}

#[cfg(test)]
mod tests {
    use lupinus_core::choices::ProfessionChoice;

    use super::*;

    fn filled(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.set(name, *value);
        }
        fields
    }

    #[test]
    fn all_friends_are_meant_only_when_it_is_said_twice() {
        assert!(audience_of(&filled(&[("scope", "all_friends")])).is_err());
        let said = filled(&[("scope", "all_friends"), ("all_friends_ok", "1")]);
        assert_eq!(audience_of(&said), Ok(Audience::AllFriends));
    }

    #[test]
    fn a_group_is_or_and_groups_are_and() {
        let fields = filled(&[
            ("scope", "where"),
            ("profession", "Nurse"),
            ("profession", "Pharmacist"),
            ("area", "北部"),
            ("except", "Student"),
        ]);
        let audience = audience_of(&fields).unwrap();
        let nurses =
            ProfessionChoice { profession: Profession("Nurse".to_owned()), label: "看護師".to_owned() };
        let professions = Professions { groups: Vec::new(), retired: vec![nurses] };
        assert_eq!(
            describe(&audience, &professions).to_string(),
            "登録会員のうち、(職種「看護師」 または 職種「薬剤師」) かつ 地域「北部」 かつ 職種「学生・実習生」を除く"
        );
    }

    #[test]
    fn a_form_filled_with_an_audience_gives_the_same_audience() {
        let pairs =
            [("scope", "where"), ("profession", "Nurse"), ("topic", "training"), ("except", "Student")];
        let audience = audience_of(&filled(&pairs)).unwrap();
        assert_eq!(audience_of(&asked_for(&audience)), Ok(audience));
    }

    #[test]
    fn a_condition_without_any_choice_is_not_everybody() {
        assert!(audience_of(&filled(&[("scope", "where")])).is_err());
    }
}
