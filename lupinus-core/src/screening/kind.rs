//! The kinds of personal information, and whose they are.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whose a piece of information seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A patient, a user, a relative or anybody else in private.
    Person,
    /// Somebody named in a professional role: a lecturer, a contact person, a physician.
    Professional,
    /// An office, a hospital, a company: not personal.
    Organisation,
}

macro_rules! kinds {
    ($( $(#[$doc:meta])* $variant:ident, $name:literal, $label:literal, $owner:ident; )+) => {
        /// What a span of text is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum PiiKind {
            $( $(#[$doc])* #[serde(rename = $name)] $variant, )+
        }

        impl PiiKind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name used in stored records and by the screening program.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What people read: the label shown to members and staff and put in place of a masked span.
            pub const fn label_ja(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// Whose it is.
            pub const fn owner(self) -> Owner {
                match self { $(Self::$variant => Owner::$owner),+ }
            }

            /// What replaces a masked span of this kind: its label between blacked-out places, as in `██氏名██`.
            pub const fn placeholder(self) -> &'static str {
                match self { $(Self::$variant => concat!("██", $label, "██")),+ }
            }

            /// What replaced a masked span of this kind in records of former versions.
            pub(super) const fn former_placeholder(self) -> &'static str {
                match self { $(Self::$variant => concat!("〔", $label, "〕")),+ }
            }
        }
    };
}

kinds! {
    /// The name of a private person, without the honorific.
    PersonName, "person_name", "氏名", Person;
    /// The name of somebody in a professional role.
    ProfessionalName, "professional_name", "専門職氏名", Professional;
    /// A private telephone number.
    Phone, "phone", "電話番号", Person;
    /// A private e-mail address.
    Email, "email", "メールアドレス", Person;
    /// Where a person lives, down to the house.
    Address, "address", "住所", Person;
    /// The postal code beside a private address.
    PostalCode, "postal_code", "郵便番号", Person;
    /// A date of birth.
    BirthDate, "birth_date", "生年月日", Person;
    /// The individual number (マイナンバー), 12 digits with a check digit.
    MyNumber, "my_number", "マイナンバー", Person;
    /// The insured person's number of long-term care insurance, 10 digits.
    CareInsuranceNo, "care_insurance_no", "介護保険番号", Person;
    /// Symbol and number of a health insurance certificate.
    HealthInsuranceNo, "health_insurance_no", "健康保険番号", Person;
    /// The insured person's number of the insurance of the late-stage elderly, 8 digits.
    LateElderlyNo, "late_elderly_no", "後期高齢者医療番号", Person;
    /// The recipient's number of publicly paid care, 7 digits.
    PublicExpenseNo, "public_expense_no", "公費受給者番号", Person;
    /// The basic pension number, 4 and 6 digits.
    PensionNo, "pension_no", "基礎年金番号", Person;
    /// A driver's licence, 12 digits.
    DriversLicenseNo, "drivers_license_no", "運転免許証番号", Person;
    /// A passport: two letters and 7 digits.
    PassportNo, "passport_no", "旅券番号", Person;
    /// A residence card: two letters, 8 digits, two letters.
    ResidenceCardNo, "residence_card_no", "在留カード番号", Person;
    /// The resident record code, 11 digits.
    ResidentCode, "resident_code", "住民票コード", Person;
    /// A bank account.
    BankAccount, "bank_account", "口座番号", Person;
    /// A credit card, 14 to 16 digits.
    CardNo, "card_no", "カード番号", Person;
    /// A person's LINE ID, handle or profile page.
    SocialId, "social_id", "SNSのID", Person;
    /// A number by which a hospital knows a patient.
    PatientId, "patient_id", "患者番号", Person;
    /// A number plate.
    CarPlate, "car_plate", "車両番号", Person;
    /// The age of a named person.
    Age, "age", "年齢", Person;
    /// A word that the city wants kept out, whatever stands around it.
    CityWord, "city_word", "指定された語", Person;
    /// An organisation.
    OrgName, "org_name", "団体名", Organisation;
    /// An organisation's telephone or fax number.
    OrgPhone, "org_phone", "団体の電話番号", Organisation;
    /// An organisation's e-mail address.
    OrgEmail, "org_email", "団体のメールアドレス", Organisation;
    /// An organisation's address or a venue.
    OrgAddress, "org_address", "団体の住所", Organisation;
    /// An organisation's postal code.
    OrgPostal, "org_postal", "団体の郵便番号", Organisation;
    /// A public web page.
    OrgUrl, "org_url", "団体のURL", Organisation;
    /// A public number of an organisation: office, insurer, corporation.
    OrgId, "org_id", "団体の番号", Organisation;
}

impl PiiKind {
    /// The kind with this [`PiiKind::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// Whether a list, a policy or one of the staff may let a finding of this kind pass. The individual number may not be
    /// collected here at all, and a word of the city is one that it wants kept out.
    pub const fn can_be_allowed(self) -> bool {
        !matches!(self, Self::MyNumber | Self::CityWord)
    }
}

impl fmt::Display for PiiKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::PiiKind;

    #[test]
    fn a_kind_is_stored_under_its_stable_name() {
        for kind in PiiKind::ALL {
            let stored = serde_json::to_string(kind).unwrap();
            assert_eq!(stored, format!("\"{kind}\""));
            assert_eq!(serde_json::from_str::<PiiKind>(&stored).unwrap(), *kind);
            assert_eq!(PiiKind::from_name(kind.as_str()), Some(*kind));
        }
    }
}
