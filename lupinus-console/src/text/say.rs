//! How a sentence is said, and what can be put into it.

use super::Text;

/// Says something: `say!("第{n}版", n)`, `say!("{who}の代わりに", who = name)`.
macro_rules! say {
    (@with $text:expr $(,)?) => { $text };
    (@with $text:expr, $name:ident = $value:expr $(, $($rest:tt)*)?) => {
        $crate::text::say!(@with $text.with(stringify!($name), &$value), $($($rest)*)?)
    };
    (@with $text:expr, $name:ident $(, $($rest:tt)*)?) => {
        $crate::text::say!(@with $text.with(stringify!($name), &$name), $($($rest)*)?)
    };
    ($words:literal $(, $($values:tt)*)?) => {
        $crate::text::say!(@with $crate::text::Text::from($words), $($($values)*)?)
    };
}
pub(crate) use say;

/// What can be put into a place of a sentence.
pub(crate) trait Say {
    fn said(&self) -> Text;
}

impl Say for Text {
    fn said(&self) -> Text {
        self.clone()
    }
}

impl Say for String {
    fn said(&self) -> Text {
        Text::given(self)
    }
}

/// Words of the console's: what people wrote does not live as long.
impl Say for &'static str {
    fn said(&self) -> Text {
        Text::from(*self)
    }
}

impl<T: Say> Say for &T {
    fn said(&self) -> Text {
        T::said(self)
    }
}

macro_rules! numbers {
    ($($number:ty),+) => { $(
        impl Say for $number {
            fn said(&self) -> Text {
                Text::Number(u64::try_from(*self).unwrap_or_default())
            }
        }
    )+ };
}
impl Say for std::num::NonZeroU8 {
    fn said(&self) -> Text {
        self.get().said()
    }
}

numbers!(u8, u16, u32, u64, usize, i8, i16, i32, i64);
