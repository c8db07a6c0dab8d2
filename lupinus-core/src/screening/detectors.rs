use std::sync::Arc;

use super::{Context, Finding, PersonalInfoDetector};

/// Several detectors that work as one: what any of them finds is found. Where their findings overlap, the screen keeps the
/// stricter and the surer, and loses no blocked part.
///
/// ```
/// use std::sync::Arc;
/// use lupinus_core::screening::{CityWords, Context, DefaultPolicy, Detectors, RuleDetector, Screen};
///
/// let own = CityWords::new(["さくら荘"])?;
/// let both = Detectors::new(vec![Arc::new(RuleDetector::new()), Arc::new(own)]);
/// let screen = Screen::new(Arc::new(both), Arc::new(DefaultPolicy));
/// assert!(screen.check("さくら荘の件で相談です", Context::Consultation).blocks());
/// # Ok::<(), lupinus_core::screening::InvalidWord>(())
/// ```
#[derive(Clone, Debug)]
pub struct Detectors(Vec<Arc<dyn PersonalInfoDetector>>);

impl Detectors {
    /// These as one.
    pub const fn new(detectors: Vec<Arc<dyn PersonalInfoDetector>>) -> Self {
        Self(detectors)
    }
}

impl PersonalInfoDetector for Detectors {
    fn detect(&self, text: &str, context: Context) -> Vec<Finding> {
        self.0.iter().flat_map(|detector| detector.detect(text, context)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screening::{Confidence, DefaultPolicy, PiiKind, Screen};

    /// Takes every digit for a telephone number.
    #[derive(Debug)]
    struct Digits;

    impl PersonalInfoDetector for Digits {
        fn detect(&self, text: &str, _: Context) -> Vec<Finding> {
            let digits = text.char_indices().filter(|(_, c)| c.is_ascii_digit());
            let found = |(start, c): (usize, char)| Finding {
                start,
                end: start + c.len_utf8(),
                kind: PiiKind::Phone,
                confidence: Confidence::CERTAIN,
                reason: "a digit",
            };
            digits.map(found).collect()
        }
    }

    #[test]
    fn what_any_of_several_detectors_finds_is_found() {
        let both = Detectors::new(vec![Arc::new(super::super::RuleDetector::new()), Arc::new(Digits)]);
        let screen = Screen::new(Arc::new(both), Arc::new(DefaultPolicy));
        let screened = screen.check("山田花子さん、3階", Context::Consultation);
        assert_eq!(screened.masked(), "██氏名██さん、██電話番号██階");
    }
}
