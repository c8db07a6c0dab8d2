//! What somebody wrote, as it is kept.

/// `text` without control characters and without the blanks around it; what is missing is `empty`, what has more than `max` `char`s
/// is `long`.
pub(crate) fn written<E>(text: &str, max: usize, empty: E, long: E) -> Result<String, E> {
    let kept: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let text = kept.trim();
    match text.chars().count() {
        0 => Err(empty),
        chars if chars > max => Err(long),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn blanks_and_control_characters_are_nothing_and_lines_stay() {
        for (text, kept) in
            [(" 一行\n二行 ", Ok("一行\n二行")), ("\u{7} ", Err("empty")), ("六文字もある", Err("long"))]
        {
            assert_eq!(written(text, 5, "empty", "long").as_deref().map_err(|error| *error), kept);
        }
    }
}
