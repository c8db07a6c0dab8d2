//! Sets of names to which LINE adds without notice.

/// An enumeration of LINE's names that keeps a name it does not know.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// One that this crate does not know.
            Unknown(String),
        }

        impl $name {
            /// LINE's name for it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(name) => name,
                }
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                match name.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(name),
                }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $($name::$variant => $text.to_owned(),)+
                    $name::Unknown(name) => name,
                }
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    open_enum! {
        /// For the test.
        Phase {
            /// Begun.
            Begun = "begun",
        }
    }

    #[test]
    fn an_unknown_name_survives_its_way_in_and_out() {
        for (json, expected) in
            [("\"begun\"", Phase::Begun), ("\"Begun\"", Phase::Unknown("Begun".to_owned()))]
        {
            let phase: Phase = serde_json::from_str(json).unwrap();
            assert_eq!(phase, expected);
            assert_eq!(serde_json::to_string(&phase).unwrap(), json);
            assert_eq!(format!("\"{}\"", phase.as_str()), json);
        }
    }
}
