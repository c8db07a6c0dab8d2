//! The words of Flex: sizes, distances, directions.

use serde_json::Value;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #[non_exhaustive]
            pub enum $name { $($(#[$vdoc])* $variant),+ }

            impl From<$name> for Value {
                fn from(word: $name) -> Self {
                    Self::from(match word { $($name::$variant => $word),+ })
                }
            }
        )+
    };
}

words! {
    /// Width of a bubble.
    BubbleSize {
        /// The narrowest.
        Nano = "nano",
        /// Narrower.
        Micro = "micro",
        /// LINE 13.6 or later.
        Deca = "deca",
        /// LINE 13.6 or later.
        Hecto = "hecto",
        /// Narrow.
        Kilo = "kilo",
        /// The default.
        Mega = "mega",
        /// The widest.
        Giga = "giga",
    }
    /// Reading direction.
    Direction {
        /// Left to right.
        LeftToRight = "ltr",
        /// Right to left.
        RightToLeft = "rtl",
    }
    /// Horizontal place of a text or image.
    Align {
        /// At the start.
        Start = "start",
        /// At the end.
        End = "end",
        /// In the middle.
        Center = "center",
    }
    /// Vertical place.
    Gravity {
        /// At the top.
        Top = "top",
        /// At the bottom.
        Bottom = "bottom",
        /// In the middle.
        Center = "center",
    }
    /// How a box spreads its children.
    Justify {
        /// At the start.
        FlexStart = "flex-start",
        /// In the middle.
        Center = "center",
        /// At the end.
        FlexEnd = "flex-end",
        /// With space between them.
        SpaceBetween = "space-between",
        /// With space around them.
        SpaceAround = "space-around",
        /// With equal space everywhere.
        SpaceEvenly = "space-evenly",
    }
    /// Look of a button.
    ButtonStyle {
        /// Like a link (the default).
        Link = "link",
        /// Dark.
        Primary = "primary",
        /// Light.
        Secondary = "secondary",
    }
    /// Height of a button.
    ButtonHeight {
        /// Small.
        Sm = "sm",
        /// Medium (the default).
        Md = "md",
    }
    /// Line on a text.
    Decoration {
        /// None.
        None = "none",
        /// Under it.
        Underline = "underline",
        /// Through it.
        LineThrough = "line-through",
    }
    /// How an image fills its frame.
    AspectMode {
        /// Whole, with margins.
        Fit = "fit",
        /// Cut, without margins.
        Cover = "cover",
    }
}

/// Size of a text, icon or image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Size {
    /// The smallest word.
    Xxs,
    /// Very small.
    Xs,
    /// Small.
    Sm,
    /// Medium.
    Md,
    /// Large.
    Lg,
    /// Very large.
    Xl,
    /// Larger.
    Xxl,
    /// Larger still.
    Xl3,
    /// Larger still.
    Xl4,
    /// The largest word.
    Xl5,
    /// As wide as there is room; images only.
    Full,
    /// In pixels.
    Px(u16),
    /// In per cent; images only.
    Percent(u8),
}

impl From<Size> for Value {
    fn from(size: Size) -> Self {
        Self::from(match size {
            Size::Xxs => "xxs",
            Size::Xs => "xs",
            Size::Sm => "sm",
            Size::Md => "md",
            Size::Lg => "lg",
            Size::Xl => "xl",
            Size::Xxl => "xxl",
            Size::Xl3 => "3xl",
            Size::Xl4 => "4xl",
            Size::Xl5 => "5xl",
            Size::Full => "full",
            Size::Px(px) => return Self::from(format!("{px}px")),
            Size::Percent(percent) => return Self::from(format!("{percent}%")),
        })
    }
}

/// A distance: margin, spacing, padding, radius.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spacing {
    /// None.
    None,
    /// Very small.
    Xs,
    /// Small.
    Sm,
    /// Medium.
    Md,
    /// Large.
    Lg,
    /// Very large.
    Xl,
    /// The largest word.
    Xxl,
    /// In pixels.
    Px(u16),
}

impl From<Spacing> for Value {
    fn from(spacing: Spacing) -> Self {
        Self::from(match spacing {
            Spacing::None => "none",
            Spacing::Xs => "xs",
            Spacing::Sm => "sm",
            Spacing::Md => "md",
            Spacing::Lg => "lg",
            Spacing::Xl => "xl",
            Spacing::Xxl => "xxl",
            Spacing::Px(px) => return Self::from(format!("{px}px")),
        })
    }
}
