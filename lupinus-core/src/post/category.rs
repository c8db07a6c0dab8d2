use serde::{Deserialize, Serialize};

/// What a post is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 研修・講演会
    Training,
    /// 取組紹介
    Initiative,
    /// 情報サイト紹介
    Resource,
    /// 受入状況・空き情報
    Vacancy,
    /// 事例検討会
    CaseStudy,
    /// 交流会・カフェ
    Networking,
    /// 制度・通知
    Notice,
    /// 医薬品・機器の注意
    SafetyAlert,
    /// 感染症
    Infection,
    /// 災害・緊急
    Emergency,
    /// 調査・アンケート依頼
    Survey,
    /// 様式・連携シート改定
    FormUpdate,
    /// 会議開催
    Meeting,
    /// 窓口・担当変更
    ContactChange,
    /// その他
    Other,
}

impl Category {
    /// Every category, in the order of forms.
    pub const ALL: [Self; 15] = [
        Self::Training,
        Self::Initiative,
        Self::Resource,
        Self::Vacancy,
        Self::CaseStudy,
        Self::Networking,
        Self::Notice,
        Self::SafetyAlert,
        Self::Infection,
        Self::Emergency,
        Self::Survey,
        Self::FormUpdate,
        Self::Meeting,
        Self::ContactChange,
        Self::Other,
    ];

    /// The word that people read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Training => "研修・講演会",
            Self::Initiative => "取組紹介",
            Self::Resource => "情報サイト紹介",
            Self::Vacancy => "受入状況・空き情報",
            Self::CaseStudy => "事例検討会",
            Self::Networking => "交流会・カフェ",
            Self::Notice => "制度・通知",
            Self::SafetyAlert => "医薬品・機器の注意",
            Self::Infection => "感染症",
            Self::Emergency => "災害・緊急",
            Self::Survey => "調査・アンケート依頼",
            Self::FormUpdate => "様式・連携シート改定",
            Self::Meeting => "会議開催",
            Self::ContactChange => "窓口・担当変更",
            Self::Other => "その他",
        }
    }

    /// Its name in stored records, forms and postbacks: `training`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Initiative => "initiative",
            Self::Resource => "resource",
            Self::Vacancy => "vacancy",
            Self::CaseStudy => "case_study",
            Self::Networking => "networking",
            Self::Notice => "notice",
            Self::SafetyAlert => "safety_alert",
            Self::Infection => "infection",
            Self::Emergency => "emergency",
            Self::Survey => "survey",
            Self::FormUpdate => "form_update",
            Self::Meeting => "meeting",
            Self::ContactChange => "contact_change",
            Self::Other => "other",
        }
    }

    /// The category with this [`Category::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }

    /// Whether posts of this category carry event details.
    pub const fn is_event(self) -> bool {
        matches!(self, Self::Training | Self::CaseStudy | Self::Networking | Self::Meeting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_stored_by_its_name() {
        for category in Category::ALL {
            assert_eq!(serde_json::to_value(category).unwrap(), category.name());
            assert_eq!(Category::from_name(category.name()), Some(category));
        }
    }
}
