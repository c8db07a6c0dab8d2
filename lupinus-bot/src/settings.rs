//! What a city sets for its bot.

use std::time::Duration;

use lupinus_core::member::{Area, Profession};

/// One profession that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfessionChoice {
    /// How it is stored.
    pub profession: Profession,
    /// What people read, at most 20 characters.
    pub label: String,
}

/// Professions that are offered together: LINE shows thirteen answers at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfessionGroup {
    /// What people read, at most 20 characters.
    pub label: String,
    /// The professions in it.
    pub professions: Vec<ProfessionChoice>,
}

/// What a city sets for its bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The centre's name, as members know it.
    pub centre_name: String,
    /// Where the bot is reached from outside, `https://bot.example.jp`, without a slash at the end: media links begin with
    /// it. Without it no pictures or files are taken. LINE shows pictures by `https` only; below `http` they are links.
    pub public_base: Option<String>,
    /// Where the staff's browsers reach the console, `https://console.example.jp/console`, without a slash at the end: reminders of
    /// staff lead there. Without it they say where to look in words.
    pub console: Option<String>,
    /// The professions that members choose from; they may also write their own.
    pub professions: Vec<ProfessionGroup>,
    /// The areas that members choose from; none when the city has none.
    pub areas: Vec<Area>,
    /// How long the loops sleep at most when nobody wakes them.
    pub poll: Duration,
    /// How long what one person did is left alone after it arrived, so that webhooks that overtook each other are worked off in
    /// the order in which it happened. Whoever does not pause is served after twenty times as long.
    pub settle: Duration,
    /// How long a stop waits for what is under way.
    pub drain_limit: Duration,
    /// How many people are served, and how many sends are made, at the same time.
    pub concurrency: usize,
    /// Whether rich menus are made and linked at the start.
    pub rich_menus: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            centre_name: "在宅医療・介護連携支援センター".to_owned(),
            public_base: None,
            console: None,
            professions: shipped_professions(),
            areas: Vec::new(),
            poll: Duration::from_secs(1),
            settle: Duration::from_millis(100),
            drain_limit: Duration::from_secs(10),
            concurrency: 8,
            rich_menus: true,
        }
    }
}

impl Settings {
    /// What people read for a stored profession: its label, or the member's own words.
    pub fn profession_label<'a>(&'a self, profession: &'a Profession) -> &'a str {
        self.professions
            .iter()
            .flat_map(|group| &group.professions)
            .find(|choice| choice.profession == *profession)
            .map_or(profession.0.as_str(), |choice| choice.label.as_str())
    }
}

/// The professions of the field, grouped as the field groups them.
fn shipped_professions() -> Vec<ProfessionGroup> {
    const GROUPS: [(&str, &[(&str, &str)]); 6] = [
        (
            "医療",
            &[
                ("Physician", "医師"),
                ("Dentist", "歯科医師"),
                ("Pharmacist", "薬剤師"),
                ("HomeVisitNurse", "訪問看護師"),
                ("Nurse", "看護師・准看護師"),
                ("PublicHealthNurse", "保健師"),
                ("DentalHygienist", "歯科衛生士"),
                ("Dietitian", "管理栄養士・栄養士"),
                ("Midwife", "助産師"),
                ("ClinicalEngineer", "臨床工学技士"),
                ("Psychologist", "公認心理師・臨床心理士"),
            ],
        ),
        (
            "リハビリ",
            &[
                ("PhysicalTherapist", "理学療法士(PT)"),
                ("OccupationalTherapist", "作業療法士(OT)"),
                ("SpeechTherapist", "言語聴覚士(ST)"),
                ("ProsthetistOrthotist", "義肢装具士"),
                ("JudoTherapist", "柔道整復師"),
                ("AcupunctureMassage", "はり・きゅう・あん摩等"),
            ],
        ),
        (
            "相談・調整",
            &[
                ("CareManager", "ケアマネジャー"),
                ("ChiefCareManager", "主任ケアマネジャー"),
                ("MedicalSocialWorker", "医療ソーシャルワーカー"),
                ("DischargeNurse", "退院調整看護師"),
                ("SocialWorker", "社会福祉士"),
                ("PsychiatricSocialWorker", "精神保健福祉士"),
                ("DisabilitySupportPlanner", "相談支援専門員"),
                ("FacilityCounsellor", "生活相談員"),
                ("LivelihoodCoordinator", "生活支援コーディネーター"),
                ("DementiaCoordinator", "認知症地域支援推進員"),
            ],
        ),
        (
            "介護",
            &[
                ("CareWorker", "介護福祉士"),
                ("HomeHelper", "訪問介護員(ヘルパー)"),
                ("ServiceManager", "サービス提供責任者"),
                ("CareStaff", "介護職員"),
                ("EquipmentAdviser", "福祉用具専門相談員"),
                ("FacilityManager", "施設長・管理者"),
            ],
        ),
        (
            "行政・公的機関",
            &[
                ("CommunitySupportStaff", "地域包括支援センター"),
                ("MunicipalStaff", "市町村職員"),
                ("HealthCentreStaff", "保健所職員"),
                ("SocialCouncilStaff", "社会福祉協議会職員"),
                ("Paramedic", "消防・救急救命士"),
                ("Police", "警察"),
            ],
        ),
        (
            "その他",
            &[
                ("MedicalClerk", "地域連携室・医療事務"),
                ("BodySecretary", "団体事務局"),
                ("WelfareCommissioner", "民生委員"),
                ("Student", "学生・実習生"),
                ("Other", "その他"),
            ],
        ),
    ];
    GROUPS
        .iter()
        .map(|(label, professions)| ProfessionGroup {
            label: (*label).to_owned(),
            professions: professions
                .iter()
                .map(|(id, label)| ProfessionChoice {
                    profession: Profession((*id).to_owned()),
                    label: (*label).to_owned(),
                })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_choice_fits_a_quick_reply() {
        let settings = Settings::default();
        assert!(settings.professions.len() <= 11);
        for group in &settings.professions {
            assert!(group.professions.len() <= 11, "{}", group.label);
            for choice in &group.professions {
                assert!(choice.label.chars().count() <= 20, "{}", choice.label);
            }
        }
    }
}
