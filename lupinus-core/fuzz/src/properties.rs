use lupinus_core::screening::{Context, PersonalInfoDetector, RuleDetector, Screen};

/// The first byte chooses the context, the others are the text, mended where they are no UTF-8.
///
/// # Panics
/// If a finding does not lie on characters of the text, or masking masked text changes it.
pub fn screen(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let context = if first % 2 == 0 { Context::Consultation } else { Context::Post };
    let text = String::from_utf8_lossy(rest);
    for finding in RuleDetector::new().detect(&text, context) {
        assert!(finding.start < finding.end, "{finding:?}");
        assert!(text.get(finding.start..finding.end).is_some(), "{finding:?}");
    }
    let once = Screen::default().check(&text, context);
    let twice = Screen::default().check(once.masked(), context);
    assert_eq!(twice.masked(), once.masked());
}
