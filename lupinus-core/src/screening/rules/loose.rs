//! Numbers in odd writings, whatever their groups: `0004-827163`, `0 9 0 4 8 2 …`, `090/4827/1639`.
//!
//! Here the digits count and not how they are grouped, so that only what words or its first digits give away is
//! looked for: numbers after their label, and mobile numbers.

use std::{
    ops::{Range, RangeInclusive},
    sync::LazyLock,
};

use regex::Regex;

use super::super::PiiKind;
use super::digit_run::{Piece, are_ranges, is_day, is_fraction, is_tight, pieces};
use super::normalise::View;
use super::number::{ORG_NUMBERS, THINGS, account_kind, with_branch};
use super::phone::{is_telephone, telephone_kind};
use super::text::{Claims, Text, pattern};

/// A number whose label is known: the pattern's group `n` is its first digit, `from` where the span begins if
/// that is before it.
struct Label {
    kind: PiiKind,
    digits: RangeInclusive<usize>,
    pattern: LazyLock<Regex>,
}

macro_rules! labels {
    ($( $kind:ident, $digits:expr, $words:expr, $pattern:literal; )+) => {
        /// For each of [`LABELS`], words of which what it finds holds one.
        pub(super) const WORDS: &[&[&str]] = &[$($words),+];

        /// In order: who comes first has the number.
        static LABELS: LazyLock<Vec<Label>> = LazyLock::new(|| vec![ $(
            Label { kind: PiiKind::$kind, digits: $digits, pattern: LazyLock::new(|| pattern(concat!($pattern, "(?P<n>[0-9])"))) },
        )+ ]);
    };
}

labels! {
    LateElderlyNo, 8..=8, &["後期"], r"後期[^0-9\n。]{0,20}";
    CareInsuranceNo, 10..=10, &["介護保険", "被保", "介保"], r"(?:介護保険|被保険者|被保番|被保|介保)[^0-9\n。]{0,14}";
    CareInsuranceNo, 9..=9, &["介護保険", "被保", "介保"], r"(?:介護保険|被保険者|被保番|被保|介保)[^0-9H\n。]{0,14}(?P<from>H[ /_・.-]?)";
    BankAccount, 7..=7, &["普通", "当座", "貯蓄"], r"(?P<from>(?:普通預金|当座預金|貯蓄預金|普通|当座|貯蓄)(?:口座)?(?:番号)?(?:の|は|[ :.])*)";
    BankAccount, 6..=8, &["口座"], r"(?P<from>口座(?:番号|No\.?|NO\.?)?(?:の|は|[ :.])*)";
    HealthInsuranceNo, 4..=20, &["記号"], r"記号[・、 ]?番号(?:のところ|の欄|欄|の|は|が|[ :「])*";
    HealthInsuranceNo, 1..=10,
        &["記号"], r"(?P<from>記号(?:は|[ :])*\p{Han}{0,4} ?[0-9]+(?:[ /_・.-]{1,3}[0-9]+){0,12}[ /・、,-]{0,3}番号(?:は|[ :])*)";
    PublicExpenseNo, 7..=7, &["受給", "医療証", "公費", "難病", "自立支援", "特定疾患"], r"(?:受給者|医療証|公費|難病|自立支援|特定疾患|受給資格)[^0-9\n。]{0,12}";
    PensionNo, 10..=10, &["年金"], r"年金[^0-9\n。]{0,14}";
    DriversLicenseNo, 12..=12, &["免許"], r"免許[^0-9\n。]{0,14}";
    PassportNo, 7..=7, &["旅券", "パスポート", "assport"], r"(?:旅券|パスポート|passport|Passport)[^0-9A-Z\n。]{0,10}(?P<from>[A-Z][ /_・.-]?[A-Z][ /_・.-]?)";
    ResidentCode, 11..=11, &["住民票"], r"住民票[^0-9\n。]{0,14}";
    PatientId, 3..=12,
        &["カルテ", "診察券", "患者"], r"(?:カルテ|診察券|患者)(?:の)?(?:番号|ID|No\.?|NO\.?|ナンバー)[^0-9A-Za-z\n。]{0,6}(?P<from>(?:No\.? ?|NO\.? ?|ID[ :]?)?[A-Z]{0,3}[ /_・.-]?)";
    MyNumber, 12..=12, &["マイナ", "個人番号"], r"(?:マイナンバー|個人番号|マイナ)[^0-9\n。]{0,14}";
}

/// What stands between a label and the number of something else.
static ELSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?:{THINGS}|{ORG_NUMBERS})|電話|携帯|連絡|TEL|FAX|ファックス|ファクス|ダイヤル|窓口|P\.?$"
    ))
});
/// A thing's or an organisation's label right before a number.
static ELSES: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:{THINGS}|{ORG_NUMBERS})[^0-9\n。]{{0,14}}$")));
/// What a label with its number says at the least: that it is a number or a paper with one, or nothing in between.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"番号|No|NO|ナンバー|コード|記号|口座|預金|証|手帳|^(?:の|は|が|[ :=「(→])*(?:[A-Z][ /_・.-]?){0,2}$",
    )
});
/// That a number follows, in so many words.
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:番号|No\.?|NO\.?|ナンバー|コード|ID)(?:の|は|が|も|[ :=「(→])*$"));
static LABEL_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:後期(?:高齢者)?(?:医療)?|介護保険|被保険者|被保番|被保|介保|受給者|医療証|公費|難病|自立支援|特定疾患|受給資格|年金|免許|旅券|パスポート|passport|Passport|住民票|マイナンバー|個人番号|マイナ|普通|当座|貯蓄)",
    )
});

/// Finds numbers after those of [`LABELS`] that are `open`, as bits, but for those that are `known` to be found in the usual
/// writings. Runs after the things and the organisations' numbers.
pub(super) fn find_labelled(
    text: &Text,
    open: u64,
    known: impl Fn(&Range<usize>) -> bool,
    claims: &mut Claims,
) {
    let view = &text.numeric;
    let labels = LABELS.iter().enumerate().filter(|(at, _)| open >> at & 1 == 1).map(|(_, label)| label);
    for label in labels.filter(|label| *label.digits.start() <= text.digits.count) {
        let mut at = 0;
        while let Some(found) = label.pattern.captures_at(view.text(), at) {
            let (Some(whole), Some(first)) = (found.get(0), found.name("n")) else { break };
            match labelled(view, label, whole.start()..first.start()) {
                Some(end) => {
                    let range = found.name("from").map_or(first.start(), |from| from.start())..end;
                    if !known(&range) {
                        let kind = account_kind(text, label.kind, &range);
                        let range = with_branch(view, kind, range);
                        claims.claim(view.origin(&range), kind, 90, "number after its label, oddly written");
                    }
                    at = end;
                }
                // Another label may stand inside of what did not lead to a number.
                None => at = view.text().ceil_char_boundary(whole.start() + 1),
            }
        }
    }
}

/// Where the number ends that begins after `before`, the label with what follows it; `None` if there is none, or
/// if it is written without anything between its digits, which is for the other rules.
fn labelled(view: &View, label: &Label, before: Range<usize>) -> Option<usize> {
    let said = view.text().get(before.clone())?;
    let gap = LABEL_WORD.find(said).and_then(|word| said.get(word.end()..)).unwrap_or(said);
    if ELSE.is_match(gap) || !(SAID.is_match(gap) || SAID.is_match(said)) {
        return None;
    }
    let numbered = NUMBERED.is_match(said);
    let number = number(view, &pieces(view.text(), before.end), &label.digits, numbered)?;
    let written = view.text().get(number.clone())?;
    let odd_before =
        said.rsplit_once("番号").is_some_and(|(symbol, _)| symbol.contains(|c: char| c.is_ascii_digit()));
    let plain = written.bytes().all(|b| b.is_ascii_digit());
    let telephone = is_telephone(written) && !numbered;
    (!telephone && (!plain || odd_before)).then_some(number.end)
}

/// The number of so many `digits` that the first of `run` make; `numbered` if the words before say that a number
/// follows, so that only days with their year are taken for days.
fn number(
    view: &View,
    run: &[Piece],
    digits: &RangeInclusive<usize>,
    numbered: bool,
) -> Option<Range<usize>> {
    let written = |piece: &Piece| view.text().get(piece.range.clone()).unwrap_or_default();
    let start = run.first()?.range.start;
    let exact = digits.start() == digits.end();
    let (mut count, mut taken) = (0, 0);
    for (at, piece) in run.iter().enumerate() {
        // Where the length is open, what stands apart may as well be a measurement, a count or a telephone number.
        let other = written(piece).contains(['/', '.', '・'])
            || is_telephone(written(piece))
            || is_counted(view, piece.range.end);
        let apart = !exact && at > 0 && other;
        let full = count + piece.digits > *digits.end() || (exact && count == *digits.end());
        let short = exact && numbered && piece.digits < 6;
        if apart || full || (!short && is_day(written(piece))) {
            break;
        }
        count += piece.digits;
        taken = at + 1;
    }
    let used = run.get(..taken)?;
    let end = used.last()?.range.end;
    let holds_telephone = used.len() > 1 && used.iter().any(|piece| is_telephone(written(piece)));
    let nothing = holds_telephone || are_ranges(used.iter().map(written)) || is_counted(view, end);
    (digits.contains(&count) && !nothing).then_some(start..end)
}

/// How many digits a mobile number has at the least.
const MOBILE: usize = 11;

/// Finds mobile numbers. Runs after the telephone numbers in the usual writings.
pub(super) fn find_mobiles(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    if text.digits.count < MOBILE {
        return;
    }
    let mut at = 0;
    while let Some(start) =
        view.text().get(at..).and_then(|rest| rest.find(['0', '8'])).map(|found| at + found)
    {
        at = start + 1;
        if goes_on_from_before(view, start, claims) {
            continue;
        }
        let abroad = view.before(start, 1) == "+";
        let Some(end) = mobile(view, start, abroad) else { continue };
        let range = if abroad { start - 1 } else { start }..end;
        let span = view.origin(&range);
        if claims.is_free(&span) && !ELSES.is_match(view.before(start, 30)) {
            let written = view.text().get(range.clone()).unwrap_or_default();
            if let Some((kind, percent)) = telephone_kind(text, &range, written) {
                claims.claim(span, kind, percent, "mobile number, oddly written");
            }
            at = end;
        }
    }
}

/// Whether the telephone number at `range` is but the beginning of a mobile number: `0909504374/3`.
pub(super) fn goes_on(view: &View, range: &Range<usize>) -> bool {
    let rest = mobile(view, range.start, false).and_then(|end| view.text().get(range.end..end));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(' '))
}

/// Whether digits found to be nothing else yet run on into `start`.
fn goes_on_from_before(view: &View, start: usize, claims: &Claims) -> bool {
    let Some(before) = view.text().get(..start) else { return true };
    let joint = before.trim_end_matches(is_tight);
    let digit = joint.ends_with(|c: char| c.is_ascii_digit());
    digit && (joint.len() == before.len() || claims.is_free(&view.origin(&(joint.len() - 1..joint.len()))))
}

/// `run` with what goes on in the next lines, as far as a mobile number reaches.
fn over_lines(view: &View, mut run: Vec<Piece>) -> Vec<Piece> {
    for _ in 0..2 {
        let digits: usize = run.iter().map(|piece| piece.digits).sum();
        let Some(end) = run.last().map(|piece| piece.range.end).filter(|_| digits < 11) else { break };
        let next = view.text().get(end..).and_then(|rest| rest.strip_prefix('\n'));
        if !next.is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        run.extend(pieces(view.text(), end + 1));
    }
    run
}

/// Where the mobile number that begins at `start` ends.
fn mobile(view: &View, start: usize, abroad: bool) -> Option<usize> {
    let mut digits = String::with_capacity(13);
    let run = over_lines(view, pieces(view.text(), start));
    for (at, piece) in run.iter().enumerate() {
        let written = view.text().get(piece.range.clone())?;
        if is_day(written) || is_fraction(written) || digits.len() > 13 {
            return None;
        }
        digits.extend(written.chars().filter(char::is_ascii_digit));
        let home = if abroad { digits.strip_prefix("81")? } else { digits.as_str() };
        let home = if abroad { home.strip_prefix('0').unwrap_or(home) } else { home.strip_prefix('0')? };
        let mut leading = home.chars();
        let prefix =
            leading.next().is_none_or(|c| matches!(c, '5'..='9')) && leading.next().is_none_or(|c| c == '0');
        if !prefix {
            return None;
        }
        if home.len() == 10 {
            let end = piece.range.end;
            let ranges = are_ranges(run.iter().take(at + 1).filter_map(|p| view.text().get(p.range.clone())));
            let counted = is_time(view, end) || view.after(end, 1) == "円";
            return (!ranges && !counted).then_some(end);
        }
    }
    None
}

/// Whether what ends at `end` counts or dates something.
fn is_counted(view: &View, end: usize) -> bool {
    let after = view.after(end, 2);
    let unit = after
        .trim_start()
        .starts_with(['円', '件', '個', '時', '分', '年', '月', '日', '頁', 'ペ', '%', '回', '歳', '才']);
    unit || is_time(view, end)
}

/// Whether what ends at `end` goes on as a time of day.
fn is_time(view: &View, end: usize) -> bool {
    let mut after = view.after(end, 2).chars();
    after.next() == Some(':') && after.next().is_some_and(|c| c.is_ascii_digit())
}
