//! What the embedded dictionary is made of. The program that makes it (`examples/dictionary`) reads this file too.

/// The class of a word: parts of speech that connect alike. Those that the rules ask for have a fixed number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Class(pub(crate) u16);

#[allow(dead_code, reason = "each reader of this file asks for some of them")]
impl Class {
    /// Where a sentence begins and ends.
    pub(crate) const EDGE: Self = Self(0);
    pub(crate) const SURNAME: Self = Self(1);
    pub(crate) const GIVEN: Self = Self(2);
    pub(crate) const PERSON: Self = Self(3);
    pub(crate) const PLACE: Self = Self(4);
    pub(crate) const PLACE_SUFFIX: Self = Self(5);
    pub(crate) const PERSON_SUFFIX: Self = Self(6);
    pub(crate) const ORGANISATION: Self = Self(7);
    pub(crate) const NOUN: Self = Self(8);
    pub(crate) const ACT: Self = Self(9);
    pub(crate) const NUMBER: Self = Self(10);
    pub(crate) const PROPER: Self = Self(11);
    pub(crate) const SUFFIX: Self = Self(12);
    pub(crate) const COUNTER: Self = Self(13);
    pub(crate) const SYMBOL: Self = Self(14);
    /// A surname's reading; connects as a surname.
    pub(crate) const KANA_SURNAME: Self = Self(15);
    /// A given name's reading; connects as a given name.
    pub(crate) const KANA_GIVEN: Self = Self(16);
    /// A surname in Latin letters, as [`shorten`] writes it.
    pub(crate) const LATIN_SURNAME: Self = Self(17);
    /// A given name in Latin letters, as [`shorten`] writes it.
    pub(crate) const LATIN_GIVEN: Self = Self(18);

    /// The parts of speech behind the fixed numbers, in their order; the others are numbered as they come.
    pub(crate) const FIXED: &'static [&'static str] = &[
        "BOS/EOS,*",
        "名詞,固有名詞,人名,姓",
        "名詞,固有名詞,人名,名",
        "名詞,固有名詞,人名,一般",
        "名詞,固有名詞,地域,一般",
        "名詞,接尾,地域,*",
        "名詞,接尾,人名,*",
        "名詞,固有名詞,組織,*",
        "名詞,一般,*,*",
        "名詞,サ変接続,*,*",
        "名詞,数,*,*",
        "名詞,固有名詞,一般,*",
        "名詞,接尾,一般,*",
        "名詞,接尾,助数詞,*",
        "記号,一般",
        "reading of a surname",
        "reading of a given name",
        "surname in Latin letters",
        "given name in Latin letters",
    ];
}

/// The first bytes of a dictionary, its version included.
pub(crate) const MAGIC: &[u8; 8] = b"LUPDIC01";

/// Costs are kept in steps of this size.
pub(crate) const STEP: i32 = 16;

/// `ou`, `oo`, `oh` and `uu` as one vowel, `mb` as `nb`: the spellings in use become one.
pub(crate) fn shorten(latin: &str) -> String {
    latin.replace("ou", "o").replace("oo", "o").replace("oh", "o").replace("uu", "u").replace("mb", "nb")
}
