use serde::{Deserialize, Serialize};

/// What a consultation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// 社会資源の紹介
    Resources,
    /// 入退院連携
    Discharge,
    /// 医療機関・往診医探し
    FindPhysician,
    /// 訪問看護・訪問系サービス
    HomeServices,
    /// 薬
    Medication,
    /// 口腔
    Oral,
    /// 栄養・嚥下
    Nutrition,
    /// リハビリ・福祉用具
    RehabEquipment,
    /// 認知症
    Dementia,
    /// 看取り・ACP
    EndOfLife,
    /// 身寄りのない方
    NoRelatives,
    /// 制度・手続
    Procedures,
    /// 多職種間の調整
    Coordination,
    /// 研修・講師
    TrainingHelp,
    /// 個人情報の扱い
    Privacy,
    /// システムの使い方
    HowTo,
    /// 意見・苦情
    Feedback,
    /// その他
    Other,
}

impl Topic {
    /// Every topic, in the order of forms.
    pub const ALL: [Self; 18] = [
        Self::Resources,
        Self::Discharge,
        Self::FindPhysician,
        Self::HomeServices,
        Self::Medication,
        Self::Oral,
        Self::Nutrition,
        Self::RehabEquipment,
        Self::Dementia,
        Self::EndOfLife,
        Self::NoRelatives,
        Self::Procedures,
        Self::Coordination,
        Self::TrainingHelp,
        Self::Privacy,
        Self::HowTo,
        Self::Feedback,
        Self::Other,
    ];

    /// The word that people read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Resources => "社会資源の紹介",
            Self::Discharge => "入退院連携",
            Self::FindPhysician => "医療機関・往診医探し",
            Self::HomeServices => "訪問看護・訪問系サービス",
            Self::Medication => "薬",
            Self::Oral => "口腔",
            Self::Nutrition => "栄養・嚥下",
            Self::RehabEquipment => "リハビリ・福祉用具",
            Self::Dementia => "認知症",
            Self::EndOfLife => "看取り・ACP",
            Self::NoRelatives => "身寄りのない方",
            Self::Procedures => "制度・手続",
            Self::Coordination => "多職種間の調整",
            Self::TrainingHelp => "研修・講師",
            Self::Privacy => "個人情報の扱い",
            Self::HowTo => "システムの使い方",
            Self::Feedback => "意見・苦情",
            Self::Other => "その他",
        }
    }

    /// Its name in stored records, forms and postbacks: `end_of_life`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resources => "resources",
            Self::Discharge => "discharge",
            Self::FindPhysician => "find_physician",
            Self::HomeServices => "home_services",
            Self::Medication => "medication",
            Self::Oral => "oral",
            Self::Nutrition => "nutrition",
            Self::RehabEquipment => "rehab_equipment",
            Self::Dementia => "dementia",
            Self::EndOfLife => "end_of_life",
            Self::NoRelatives => "no_relatives",
            Self::Procedures => "procedures",
            Self::Coordination => "coordination",
            Self::TrainingHelp => "training_help",
            Self::Privacy => "privacy",
            Self::HowTo => "how_to",
            Self::Feedback => "feedback",
            Self::Other => "other",
        }
    }

    /// The topic with this [`Topic::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_stored_by_its_name() {
        for topic in Topic::ALL {
            assert_eq!(serde_json::to_value(topic).unwrap(), topic.name());
            assert_eq!(Topic::from_name(topic.name()), Some(topic));
        }
        assert_eq!(Topic::from_name("weather"), None);
    }
}
