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
    /// How a box places its children across its direction.
    AlignItems {
        /// At the start.
        FlexStart = "flex-start",
        /// In the middle.
        Center = "center",
        /// At the end.
        FlexEnd = "flex-end",
    }
    /// What the offsets of a component are measured from.
    Position {
        /// From where it would stand (the default).
        Relative = "relative",
        /// From the upper left corner of the box around it.
        Absolute = "absolute",
    }
    /// Weight of letters.
    Weight {
        /// Regular (the default).
        Regular = "regular",
        /// Bold.
        Bold = "bold",
    }
    /// Slant of letters.
    FontStyle {
        /// Upright (the default).
        Normal = "normal",
        /// Slanted.
        Italic = "italic",
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

/// A distance: margin, spacing, radius. Where LINE takes per cent as well (padding, offset), it is an [`Inset`].
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

/// A distance to an edge: padding, offset. Made of a [`Spacing`] or a [`Length`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inset {
    /// In pixels or by word.
    Spacing(Spacing),
    /// In pixels, or in per cent of the box around it.
    Length(Length),
}

impl From<Spacing> for Inset {
    fn from(spacing: Spacing) -> Self {
        Self::Spacing(spacing)
    }
}

impl From<Length> for Inset {
    fn from(length: Length) -> Self {
        Self::Length(length)
    }
}

impl From<Inset> for Value {
    fn from(inset: Inset) -> Self {
        match inset {
            Inset::Spacing(spacing) => spacing.into(),
            Inset::Length(length) => length.into(),
        }
    }
}

/// Width or height of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Length {
    /// In pixels.
    Px(u16),
    /// In per cent of the box around it.
    Percent(u8),
}

impl From<Length> for Value {
    fn from(length: Length) -> Self {
        Self::from(match length {
            Length::Px(px) => format!("{px}px"),
            Length::Percent(percent) => format!("{percent}%"),
        })
    }
}

/// Thickness of the edge of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BorderWidth {
    /// No edge.
    None,
    /// The thinnest word.
    Light,
    /// Thin.
    Normal,
    /// Medium.
    Medium,
    /// Thick.
    SemiBold,
    /// The thickest word.
    Bold,
    /// In pixels.
    Px(u16),
}

impl From<BorderWidth> for Value {
    fn from(width: BorderWidth) -> Self {
        Self::from(match width {
            BorderWidth::None => "none",
            BorderWidth::Light => "light",
            BorderWidth::Normal => "normal",
            BorderWidth::Medium => "medium",
            BorderWidth::SemiBold => "semi-bold",
            BorderWidth::Bold => "bold",
            BorderWidth::Px(px) => return Self::from(format!("{px}px")),
        })
    }
}
