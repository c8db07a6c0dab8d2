//! Check digits.

/// The digits of `written`, without anything between them.
pub(super) fn digits_of(written: &str) -> Vec<u32> {
    written.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// Whether twelve digits are an individual number: the last is the check digit (ordinance no. 85 of the
/// Ministry of Internal Affairs, 2014, article 5).
pub(super) fn is_individual_number(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    if body.len() != 11 {
        return false;
    }
    let sum: u32 = body
        .iter()
        .rev()
        .zip(1..)
        .map(|(digit, n): (_, u32)| digit * if n <= 6 { n + 1 } else { n - 5 })
        .sum();
    let remainder = sum % 11;
    *check == if remainder <= 1 { 0 } else { 11 - remainder }
}

/// Whether the digits pass the Luhn formula of payment cards.
pub(super) fn passes_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// Whether ten digits are an office's number in long-term care: a prefecture's two digits first, and a check digit at the
/// end, which is found as a card's is.
pub(super) fn is_care_office(digits: &[u32]) -> bool {
    let prefecture = digits.iter().take(2).fold(0, |number, digit| number * 10 + digit);
    digits.len() == 10 && (1..=47).contains(&prefecture) && passes_luhn(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_individual_number_has_its_check_digit() {
        for (number, valid) in
            [("123456789018", true), ("123456789012", false), ("12345678901", false), ("", false)]
        {
            assert_eq!(is_individual_number(&digits_of(number)), valid, "{number}");
        }
    }

    #[test]
    fn a_care_office_has_its_prefecture_and_its_check_digit() {
        for (number, valid) in
            [("3260590124", true), ("3260590123", false), ("9960590124", false), ("326059012", false)]
        {
            assert_eq!(is_care_office(&digits_of(number)), valid, "{number}");
        }
        assert!(passes_luhn(&digits_of("9960590124")), "refused for its prefecture alone");
    }

    #[test]
    fn a_card_passes_luhn() {
        for (number, valid) in [("4111 1111 1111 1111", true), ("4111 1111 1111 1112", false), ("", false)] {
            assert_eq!(passes_luhn(&digits_of(number)), valid, "{number}");
        }
    }
}
