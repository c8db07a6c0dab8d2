use super::{ProfessionChoice, ProfessionGroup};
use crate::member::Profession;

/// Each group with the ids and labels in it.
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

/// The professions of the field, grouped as the field groups them.
pub(super) fn groups() -> Vec<ProfessionGroup> {
    let choice = |(id, label): &(&str, &str)| ProfessionChoice {
        profession: Profession((*id).to_owned()),
        label: (*label).to_owned(),
    };
    GROUPS
        .iter()
        .map(|(label, professions)| ProfessionGroup {
            label: (*label).to_owned(),
            professions: professions.iter().map(choice).collect(),
        })
        .collect()
}

/// What people read for an id of the shipped list.
pub(super) fn label(id: &str) -> Option<&'static str> {
    let mut all = GROUPS.iter().flat_map(|(_, professions)| *professions);
    all.find(|(known, _)| *known == id).map(|(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use crate::choices::Professions;

    #[test]
    fn the_shipped_list_is_one_that_a_city_could_set() {
        assert_eq!(Professions::default().unsound(), None);
    }
}
