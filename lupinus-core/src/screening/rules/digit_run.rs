//! Digits in a row, whatever stands between them.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::text::pattern;

/// The most characters that may stand between two digits of one number.
const JOINT: usize = 3;
/// More digits than any number has. What follows is not looked at, so that a list of numbers takes time in proportion
/// to its length, wherever in it one begins to look.
const MOST: usize = 64;

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:[0-9]{4}|[0-9]{1,2})[/.])?(?:0?[1-9]|1[0-2])[/.](?:0?[1-9]|[12][0-9]|3[01])$|^(?:19|20)[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])$",
    )
});
static FRACTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^0\.[0-9]{1,3}$"));

/// Where a text has digits.
#[derive(Default)]
pub(super) struct Digits {
    /// The stretches of nothing but digits, in order.
    pub(super) runs: Vec<Range<usize>>,
    /// How many digits there are in all.
    pub(super) count: usize,
    /// How many digits, and dashes behind them, at most stand together, or with spaces between them.
    pub(super) together: usize,
}

impl Digits {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let behind = |at: usize, is: fn(&u8) -> bool| {
            let rest = bytes.get(at..).unwrap_or_default();
            at + rest.iter().position(|b| !is(b)).unwrap_or(rest.len())
        };
        let mut digits = Self::default();
        let mut together = 0;
        let mut at = behind(0, |b| !b.is_ascii_digit());
        while at < bytes.len() {
            let end = behind(at, u8::is_ascii_digit);
            digits.runs.push(at..end);
            let next = behind(end, |b| !b.is_ascii_digit());
            together += end - at;
            let gap = bytes.get(end..next).unwrap_or_default();
            let dashes = gap.iter().take_while(|b| matches!(b, b'-' | b' ')).filter(|b| **b == b'-').count();
            digits.together = digits.together.max(together + dashes);
            let goes_on = gap.iter().all(|b| matches!(b, b'-' | b' '));
            together = if goes_on { together + dashes } else { 0 };
            at = next;
        }
        digits.count = digits.runs.iter().map(Range::len).sum();
        digits
    }
}

/// Digits that more than spaces hold together: `0004-827163`, `090/4827`, `12`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// How many digits it has.
    pub(super) digits: usize,
}

/// The pieces of the run of digits that begins at `start` of `text`, in order; only spaces lie between them. Of a run of
/// more than [`MOST`] digits it gives the first pieces.
pub(super) fn pieces(text: &str, start: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut at, mut seen) = (start, 0);
    while let Some(rest) = text.get(at..).filter(|_| seen <= MOST) {
        let joint: usize =
            rest.chars().take_while(|c| is_joint(*c)).take(JOINT + 1).map(char::len_utf8).sum();
        let (joint, rest) = rest.split_at_checked(joint).unwrap_or_default();
        let digits = rest.bytes().take(MOST + 1).take_while(u8::is_ascii_digit).count();
        seen += digits;
        let apart = joint.chars().all(|c| c == ' ');
        // A line ends inside of a number only where a dash says that it goes on.
        let broken = joint.contains('\n') && !joint.contains('-');
        if digits == 0 || broken || joint.chars().count() > JOINT {
            break;
        }
        let begin = at + joint.len();
        at = begin + digits;
        match pieces.last_mut() {
            Some(piece) if !apart => {
                *piece = Piece { range: piece.range.start..at, digits: piece.digits + digits }
            }
            _ => pieces.push(Piece { range: begin..at, digits }),
        }
    }
    pieces
}

/// Whether `c` may stand between two digits of one number.
pub(super) fn is_joint(c: char) -> bool {
    matches!(c, ' ' | '\n') || is_tight(c)
}

/// Whether `c` holds the digits around it together more closely than a space does.
pub(super) fn is_tight(c: char) -> bool {
    matches!(c, '-' | '/' | '_' | '・' | '.')
}

/// Whether a piece reads as a day, or as days from and to: `2026/10/05`, `10/5-10/12`.
pub(super) fn is_day(piece: &str) -> bool {
    DAY.is_match(piece) || piece.split('-').all(|day| DAY.is_match(day))
}

/// Whether a piece reads as a fraction of one, as doses are written: `0.5`.
pub(super) fn is_fraction(piece: &str) -> bool {
    FRACTION.is_match(piece)
}

/// Whether the pieces read as ranges that go up, as pages are given: `12-15 18-20`.
pub(super) fn are_ranges<'t>(pieces: impl Iterator<Item = &'t str>) -> bool {
    let mut last = 0;
    let mut ranges = 0;
    for piece in pieces {
        let Some((from, to)) = piece.split_once('-') else { return false };
        let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) else { return false };
        if piece.starts_with('0') || from <= last || to <= from {
            return false;
        }
        last = to;
        ranges += 1;
    }
    ranges >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_together_over_dashes_and_spaces() {
        for (text, runs, together) in [
            ("なし", vec![], 0),
            ("12歳と3年", vec!["12", "3"], 2),
            ("0853-21 4827です", vec!["0853", "21", "4827"], 11),
            ("1、2-", vec!["1", "2"], 2),
        ] {
            let digits = Digits::of(text);
            let found: Vec<&str> = digits.runs.into_iter().map(|run| &text[run]).collect();
            assert_eq!((found, digits.together), (runs, together), "{text}");
        }
    }

    #[test]
    fn of_a_run_without_end_only_the_beginning_is_looked_at() {
        for text in ["0 ".repeat(10_000), "0".repeat(10_000), "090-1234-5678 ".repeat(1_000)] {
            let digits: usize = pieces(&text, 0).iter().map(|piece| piece.digits).sum();
            assert!((MOST..2 * MOST + 2).contains(&digits), "{digits}");
        }
    }

    #[test]
    fn a_run_falls_into_pieces_at_its_spaces_alone() {
        for (text, expected) in [
            ("0004-827163です", vec!["0004-827163"]),
            ("0 9 0", vec!["0", "9", "0"]),
            ("090/4827_1639 10:00", vec!["090/4827_1639", "10"]),
            ("12 - 34・5 円", vec!["12 - 34・5"]),
            ("12-\n34", vec!["12-\n34"]),
            ("12\n34", vec!["12"]),
            ("12    34", vec!["12"]),
            ("12、34", vec!["12"]),
            ("件", vec![]),
        ] {
            let found: Vec<&str> = pieces(text, 0).into_iter().map(|piece| &text[piece.range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn days_fractions_and_ranges_are_told_from_numbers() {
        for (piece, expected) in [
            ("2026/10/05", true),
            ("2026-10-05", true),
            ("8.10.5", true),
            ("10/5", true),
            ("10/5-10/12", true),
            ("71/63", false),
            ("0004-827163", false),
            ("12-10", false),
            ("1/2/3/4", false),
            ("2026", false),
        ] {
            assert_eq!(is_day(piece), expected, "{piece}");
        }
        assert!(is_fraction("0.25") && !is_fraction("0.9.0") && !is_fraction("090.4"));
        assert!(are_ranges(["12-15", "18-20"].into_iter()) && !are_ranges(["12-15"].into_iter()));
        assert!(!are_ranges(["12-15", "10-20"].into_iter()) && !are_ranges(["12", "18"].into_iter()));
    }
}
