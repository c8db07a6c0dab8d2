//! How LINE counts: UTF-16 code units everywhere, except some fields in grapheme clusters.
//! See [LINE docs/Character counting](https://developers.line.biz/en/docs/messaging-api/text-character-count/).

use unicode_segmentation::UnicodeSegmentation as _;

use super::{InvalidMessage, Unit};

/// Length in UTF-16 code units, as LINE counts most texts: 🍎 is 2.
pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Length in grapheme clusters, as LINE counts labels, template texts and rich menu names: 👨‍👩‍👧‍👦 is 1.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

pub(crate) fn check_utf16(field: &'static str, text: &str, max: usize) -> Result<(), InvalidMessage> {
    check(field, text, utf16_len(text), max, Unit::Utf16)
}

pub(crate) fn check_graphemes(field: &'static str, text: &str, max: usize) -> Result<(), InvalidMessage> {
    check(field, text, graphemes(text), max, Unit::Graphemes)
}

fn check(field: &'static str, text: &str, len: usize, max: usize, unit: Unit) -> Result<(), InvalidMessage> {
    if text.is_empty() {
        Err(InvalidMessage::Empty { field })
    } else if len > max {
        Err(InvalidMessage::TooLong { field, len, max, unit })
    } else {
        Ok(())
    }
}

pub(crate) fn check_count(
    field: &'static str,
    count: usize,
    min: usize,
    max: usize,
) -> Result<(), InvalidMessage> {
    if (min..=max).contains(&count) { Ok(()) } else { Err(InvalidMessage::Count { field, count, min, max }) }
}

/// A colour is `#RRGGBB`.
pub(crate) fn check_color(field: &'static str, color: &str) -> Result<(), InvalidMessage> {
    let hex = color.strip_prefix('#').filter(|hex| hex.len() == 6);
    if hex.is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Ok(())
    } else {
        Err(InvalidMessage::Form { field })
    }
}

/// Whether this is an absolute, percent-encoded address that names a host after its scheme. (`url` finds one in
/// `https:example.org` and `https:///example.org`, too, as browsers do.)
pub(crate) fn names_a_host(url: &str) -> bool {
    let authority = url.split_once("://").map(|(_, rest)| rest.split(['/', '\\', '?', '#']).next());
    authority.flatten().is_some_and(|authority| !authority.is_empty())
        && is_percent_encoded(url)
        && url::Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

/// Whether this holds only what may stand in an address ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986)).
pub(crate) fn is_percent_encoded(url: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
    let escaped =
        |escape: &str| escape.len() >= 2 && escape.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    url.bytes().all(allowed) && url.split('%').skip(1).all(escaped)
}

/// Media addresses must be HTTPS.
pub(crate) fn check_https(field: &'static str, url: &str, max: usize) -> Result<(), InvalidMessage> {
    check_utf16(field, url, max)?;
    let https = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if https && names_a_host(url) { Ok(()) } else { Err(InvalidMessage::Url { field }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_as_line_counts_them() {
        for (name, text, units, clusters) in [
            ("ascii", "abc", 3, 3),
            ("apple", "🍎", 2, 1),
            ("rare kanji", "𠮷", 2, 1),
            ("variation selector", "葛\u{E0100}", 3, 1),
            ("flag", "🇯🇵", 4, 1),
            ("family", "👨‍👩‍👧‍👦", 11, 1),
        ] {
            assert_eq!((utf16_len(text), graphemes(text)), (units, clusters), "{name}");
        }
    }

    #[test]
    fn media_addresses_are_https_and_percent_encoded() {
        for (url, ok) in [
            ("https://cdn.example.org/a.jpg", true),
            ("HTTPS://cdn.example.org/a.jpg", true),
            ("http://cdn.example.org/a.jpg", false),
            ("https://cdn.example.org/写真.jpg", false),
            ("https://cdn.example.org/%E5%86%99.jpg?a=b&c[]=(1)#x", true),
            ("https://cdn.example.org/\"<>", false),
            ("https://cdn.example.org/a|b", false),
            ("https://cdn.example.org/{a}", false),
            ("https://cdn.example.org/%zz", false),
            ("https://cdn.example.org/%4", false),
            ("https://", false),
            ("https:///cdn.example.org/a.jpg", false),
            ("https://?a.jpg", false),
            ("https://:443/a.jpg", false),
            ("写真写真写真", false),
        ] {
            assert_eq!(check_https("url", url, 2_000).is_ok(), ok, "{url}");
        }
    }
}
