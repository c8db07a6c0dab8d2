//! The little of DER (X.690) that turns numbers of a JWK, or halves of a signature, into what providers take.

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// An unsigned number, given big-endian with or without leading zeros.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|first| first & 0x80 != 0) {
        content.push(0); // zero itself, or a sign that says "not negative"
    }
    content.extend_from_slice(digits);
    element(INTEGER, &content)
}

pub(super) fn sequence<'a>(elements: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<u8> {
    element(SEQUENCE, &elements.into_iter().flatten().copied().collect::<Vec<_>>())
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        out.push(short);
    } else {
        let digits = length.to_be_bytes();
        let zeros = digits.iter().take_while(|byte| **byte == 0).count();
        let digits = digits.get(zeros..).unwrap_or_default();
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(digits);
    }
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_shortest_that_are_not_negative() {
        for (input, expected) in [
            (&[][..], &[2, 1, 0][..]),
            (&[0, 0], &[2, 1, 0]),
            (&[1], &[2, 1, 1]),
            (&[0, 0, 0x7f], &[2, 1, 0x7f]),
            (&[0x80], &[2, 2, 0, 0x80]),
            (&[1, 0, 1], &[2, 3, 1, 0, 1]),
        ] {
            assert_eq!(unsigned(input), expected, "{input:?}");
        }
    }

    #[test]
    fn lengths_grow_a_byte_at_a_time() {
        for (length, head) in
            [(0x7f, &[SEQUENCE, 0x7f][..]), (0x80, &[SEQUENCE, 0x81, 0x80]), (0x100, &[SEQUENCE, 0x82, 1, 0])]
        {
            let whole = sequence([&vec![7; length]]);
            assert_eq!(whole.get(..head.len()), Some(head), "{length}");
            assert_eq!(whole.len(), head.len() + length);
        }
    }
}
