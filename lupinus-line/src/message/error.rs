//! Why a message cannot be made.

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// UTF-16 code units.
    Utf16,
    /// Grapheme clusters (UAX #29): what a reader takes for one character.
    Graphemes,
    /// Bytes of the JSON form.
    Bytes,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "UTF-16 units",
            Self::Graphemes => "characters",
            Self::Bytes => "bytes",
        })
    }
}

/// LINE would refuse this message. Names the property, never its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMessage {
    /// A property must not be empty.
    #[error("{field} is empty")]
    Empty {
        /// The property.
        field: &'static str,
    },
    /// A property is too long.
    #[error("{field} has {len} {unit}, allowed are {max}")]
    TooLong {
        /// The property.
        field: &'static str,
        /// How long it is.
        len: usize,
        /// How long it may be.
        max: usize,
        /// Counted in what.
        unit: Unit,
    },
    /// There are too many or too few of something.
    #[error("{field} has {count} entries, allowed are {min} to {max}")]
    Count {
        /// The property.
        field: &'static str,
        /// How many there are.
        count: usize,
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// An address is not an absolute, percent-encoded one with an allowed scheme and a host (or number).
    #[error("{field} is not an address that LINE accepts")]
    Url {
        /// The property.
        field: &'static str,
    },
    /// A value is not of the required form or out of its range.
    #[error("{field} is not of the form that LINE accepts")]
    Form {
        /// The property.
        field: &'static str,
    },
    /// The kind of action is not allowed at this place.
    #[error("this kind of action is not allowed in {place}")]
    ActionNotAllowed {
        /// The place.
        place: &'static str,
    },
    /// Something inside a Flex message is wrong.
    #[error("Flex message, at {pointer}: {problem}")]
    Flex {
        /// Where, as a JSON pointer from the container.
        pointer: String,
        /// What is wrong there.
        problem: Box<InvalidMessage>,
    },
    /// JSON that is no message: not an object with a `type`.
    #[error("the JSON is no object with a `type` that fits here")]
    NotAMessage,
}
