//! What can be typed at any time: everything that the menu does (R44).

use lupinus_core::body::InvitationCode;
use unicode_normalization::UnicodeNormalization as _;

use crate::Texts;

/// Something that the person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// 使い方
    Help,
    /// ルール
    Rules,
    /// 参加
    Join,
    /// 相談
    Consult,
    /// よくある質問
    Faq,
    /// 解決した
    Resolved,
    /// 投稿
    Submit,
    /// 自分の投稿
    Posts,
    /// マイページ
    Mine,
    /// 投稿者登録
    Invite,
    /// 退会
    Leave,
    /// やめる
    Cancel,
}

impl Command {
    /// Each with its name in postbacks.
    const ALL: [(Self, &'static str); 12] = [
        (Self::Help, "help"),
        (Self::Rules, "rules"),
        (Self::Join, "join"),
        (Self::Consult, "consult"),
        (Self::Faq, "faq"),
        (Self::Resolved, "resolved"),
        (Self::Submit, "submit"),
        (Self::Posts, "posts"),
        (Self::Mine, "mine"),
        (Self::Invite, "invite"),
        (Self::Leave, "leave"),
        (Self::Cancel, "cancel"),
    ];

    /// The command with this name.
    pub(crate) fn from_data(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(command, _)| command)
    }

    fn words(self, texts: &Texts) -> Vec<String> {
        match self {
            Self::Help => texts.words("words-help"),
            Self::Rules => texts.words("words-rules"),
            Self::Join => texts.words("words-join"),
            Self::Consult => texts.words("words-consult"),
            Self::Faq => texts.words("words-faq"),
            Self::Resolved => texts.words("words-resolved"),
            Self::Submit => texts.words("words-submit"),
            Self::Posts => texts.words("words-posts"),
            Self::Mine => texts.words("words-mine"),
            Self::Invite => texts.words("words-invite"),
            Self::Leave => texts.words("words-leave"),
            Self::Cancel => texts.words("words-cancel"),
        }
    }

    /// The command that was typed, if the text is one and nothing else.
    pub(crate) fn typed(texts: &Texts, text: &str) -> Option<Self> {
        let typed = plain(text);
        if typed.chars().count() > 20 {
            return None;
        }
        Self::ALL
            .into_iter()
            .map(|(command, _)| command)
            .find(|command| command.words(texts).iter().any(|word| plain(word) == typed))
    }
}

/// Whether a text is one of our own words and nothing else: nothing in it can be personal.
pub(crate) fn is_command(texts: &Texts, text: &str) -> bool {
    Command::typed(texts, text).is_some()
}

/// A text without what does not count: width, case, spaces, brackets and a full stop.
pub(super) fn plain(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '「' | '」' | '。' | '.' | '!'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a text is one of the words of this entry and nothing else.
pub(super) fn means(texts: &Texts, key: &str, text: &str) -> bool {
    let typed = plain(text);
    texts.words(key).iter().any(|word| plain(word) == typed)
}

/// Which of these labels a text names: the whole label, or a part of one label alone, as 看護師 is of 看護師・准看護師.
pub(super) fn named(labels: impl IntoIterator<Item = impl AsRef<str>>, text: &str) -> Option<usize> {
    let typed = plain(text);
    let labels: Vec<String> = labels.into_iter().map(|label| plain(label.as_ref())).collect();
    if let Some(whole) = labels.iter().position(|label| *label == typed) {
        return Some(whole);
    }
    let of = |label: &String| label.split(['・', '(', ')', '/']).any(|part| part == typed);
    let mut parts = labels.iter().enumerate().filter(|(_, label)| of(label));
    let found = parts.next().filter(|_| !typed.is_empty());
    found.filter(|_| parts.next().is_none()).map(|(place, _)| place)
}

/// The invitation code in a text: after the word for it, or alone in the form `ABCDE-FGHJK`.
pub(crate) fn code_in(texts: &Texts, text: &str) -> Option<InvitationCode> {
    let text: String = text.nfkc().collect();
    let text = text.trim();
    for word in texts.words("words-invite") {
        let word: String = word.nfkc().collect();
        if let Some(rest) = text.strip_prefix(word.as_str()) {
            let rest = rest.trim_start_matches([':', ' ', 'は', 'を', '、']);
            if let Some(code) = InvitationCode::parse(rest) {
                return Some(code);
            }
        }
    }
    let (left, right) = text.split_once(['-', '‐', '−', 'ー', '―'])?;
    let half = |part: &str| part.chars().count() == 5 && part.chars().all(|c| c.is_ascii_alphanumeric());
    let lettered = text.chars().any(|c| c.is_ascii_alphabetic());
    (half(left) && half(right) && lettered).then(|| InvitationCode::parse(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_can_be_typed_in_both_languages() {
        // R44
        for texts in [Texts::japanese(), Texts::english()] {
            let mut seen = std::collections::HashMap::new();
            for (command, name) in Command::ALL {
                assert_eq!(Command::from_data(name), Some(command));
                let words = command.words(&texts);
                assert!(!words.is_empty(), "{name}");
                for word in words {
                    assert_eq!(Command::typed(&texts, &format!(" 「{word}」。")), Some(command), "{word}");
                    assert_eq!(seen.insert(plain(&word), command), None, "{word} means two things");
                }
            }
        }
        assert_eq!(Command::typed(&Texts::japanese(), "相談したいことがあります"), None);
    }

    #[test]
    fn a_label_is_known_by_a_part_that_is_its_own() {
        let labels = ["看護師・准看護師", "理学療法士(PT)", "管理栄養士・栄養士", "相談員", "生活・相談員"];
        for (text, expected) in [
            ("看護師", Some(0)),
            ("理学療法士（ＰＴ）", Some(1)),
            ("pt", Some(1)),
            ("栄養士", Some(2)),
            ("相談員", Some(3)),
            ("士", None),
            ("", None),
        ] {
            assert_eq!(named(labels, text), expected, "{text}");
        }
        assert_eq!(named(["看護・介護", "介護・医療"], "介護"), None, "it could be either");
    }

    #[test]
    fn a_code_is_found_where_one_is_meant_and_nowhere_else() {
        let texts = Texts::japanese();
        let code = InvitationCode::parse("ABCDE-FGHJK");
        for text in
            ["招待コード ABCDE-FGHJK", "招待コード：ａｂｃｄｅｆｇｈｊｋ", "ABCDE-FGHJK", " abcde-fghjk "]
        {
            assert_eq!(code_in(&texts, text), code, "{text}");
        }
        for text in
            ["HELLOWARLD", "0120-123456", "23456-78923", "電話 ABCDE-FGHJK です", "招待コード", "日本語"]
        {
            assert_eq!(code_in(&texts, text), None, "{text}");
        }
    }
}
