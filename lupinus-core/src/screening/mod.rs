//! Personal information in text: finding it, deciding what follows, and masking it.
//!
//! Three replaceable parts stand behind [`Screen`], which is what services use:
//!
//! - a [`PersonalInfoDetector`] finds spans and says of what [`PiiKind`] they are and whose they seem to be;
//! - a [`ScreeningPolicy`] makes an [`Action`] of the kind, the confidence and the [`Context`];
//! - the masking replaces every blocked span by its label, so that only the masked text has to be stored.
//!
//! In home care most content is already sensitive by law (illness, disability), so that one identifier in a
//! message makes all of it special-care information. What the shipped [`RuleDetector`] cannot see: pictures,
//! voices, handwriting, and persons recognisable from several weak attributes together.
//!
//! ```
//! use lupinus_core::screening::{Context, Screen};
//!
//! let screened = Screen::default().check("山本さん(82)の件です。電話は090-1234-5678", Context::Consultation);
//! assert!(screened.blocks());
//! assert_eq!(screened.masked(), "〔氏名〕さん(82)の件です。電話は〔電話番号〕");
//! ```

mod finding;
mod kind;
mod mask;
mod policy;
mod rules;
mod screen;

pub use finding::{Confidence, Finding, Mark};
pub use kind::{Owner, PiiKind};
pub use policy::{Action, Context, DefaultPolicy, ScreeningPolicy};
pub use rules::RuleDetector;
pub use screen::{PersonalInfoDetector, Screen, Screened};
