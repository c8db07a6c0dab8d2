//! Personal information in text: finding it, deciding what follows, and masking it.
//!
//! Three replaceable parts stand behind [`Screen`], which is what services use:
//!
//! - a [`PersonalInfoDetector`] finds spans and says of what [`PiiKind`] they are and whose they seem to be; several are one
//!   with [`Detectors`], and a city's own words are one with [`CityWords`];
//! - a [`ScreeningPolicy`] makes an [`Action`] of the kind, the confidence and the [`Context`]: the [`DefaultPolicy`], or one's
//!   own, and over it what a city decides while it works ([`CityPolicy`]). What stands on an [`AllowList`] passes in any case;
//! - the masking replaces every blocked span by its label, so that only the masked text has to be stored.
//!
//! In home care most content is already sensitive by law (illness, disability), so that one identifier in a
//! message makes all of it special-care information. Of files the text is screened where a [`TextReader`] can read it. What
//! the shipped [`RuleDetector`] cannot see: pictures, voices, handwriting, and persons recognisable from several weak attributes together.
//!
//! ```
//! use lupinus_core::screening::{Context, Screen};
//!
//! let screened = Screen::default().check("山本さん(82)の件です。電話は090-1234-5678", Context::Consultation);
//! assert!(screened.blocks());
//! assert_eq!(screened.masked(), "██氏名██さん(82)の件です。電話は██電話番号██");
//! ```

mod detectors;
mod finding;
mod fold;
mod kind;
mod listed;
mod mask;
mod policy;
mod reader;
mod rules;
mod screen;
mod words;

pub use detectors::Detectors;
pub use finding::{Confidence, Finding, Mark};
pub use kind::{Owner, PiiKind};
pub use listed::{AllowReason, Allowance, ListedWord, MAX_COMMENT_CHARS, WordState};
pub use mask::masked_parts;
pub use policy::{Action, CityPolicy, Context, DefaultPolicy, NotForACity, ScreeningPolicy};
pub use reader::{FileText, NoTextReader, TextReader};
pub use rules::RuleDetector;
#[cfg(feature = "training")]
pub use rules::training;
pub use screen::{PersonalInfoDetector, Screen, Screened};
pub use words::{AllowList, CityWords, InvalidWord, MAX_WORD_CHARS, OwnWords};
