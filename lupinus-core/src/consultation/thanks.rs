//! A short word of thanks, told apart from everything that somebody should read.
//!
//! Only a text that consists of nothing but these phrases is one, and only where the centre's last answer asked nothing: a word too
//! much, a figure or a question mark, and it is a message like any other.

use unicode_normalization::UnicodeNormalization as _;

use super::{Consultation, Context, Said, Voice};

/// Longest text that is looked at, in `char`s.
const MAX_CHARS: usize = 60;

/// What says thanks.
const THANKS: [&str; 17] = [
    "ありがとうございました",
    "ありがとうございます",
    "ありがとう",
    "有難うございました",
    "有難うございます",
    "有難う",
    "感謝いたします",
    "感謝致します",
    "感謝します",
    "感謝です",
    "大変助かりました",
    "助かりました",
    "助かります",
    "お礼申し上げます",
    "御礼申し上げます",
    "thankyou",
    "thanks",
];

/// What may stand beside it.
const BESIDE: [&str; 30] = [
    "了解しました",
    "了解いたしました",
    "了解です",
    "承知しました",
    "承知いたしました",
    "わかりました",
    "分かりました",
    "早速の",
    "早速",
    "さっそくの",
    "さっそく",
    "ご丁寧な",
    "丁寧な",
    "ご丁寧に",
    "丁寧に",
    "ご回答",
    "ご返信",
    "お返事",
    "ご対応",
    "ご連絡",
    "回答",
    "教えていただき",
    "教えて頂き",
    "いただき",
    "頂き",
    "本当に",
    "とても",
    "大変",
    "どうも",
    "を",
];

/// Whether a text says thanks, and nothing else.
fn says_thanks_alone(text: &str) -> bool {
    if text.chars().count() > MAX_CHARS {
        return false;
    }
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    if folded.contains('?') {
        return false;
    }
    let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = letters.as_str();
    let mut thanked = false;
    while !rest.is_empty() {
        if let Some(after) = THANKS.iter().find_map(|phrase| rest.strip_prefix(phrase)) {
            thanked = true;
            rest = after;
        } else if let Some(after) = BESIDE.iter().find_map(|phrase| rest.strip_prefix(phrase)) {
            rest = after;
        } else {
            return false;
        }
    }
    thanked
}

/// Whether an answer asks for one: with thanks, somebody may then agree to something.
fn asks_something(answer: &str) -> bool {
    let folded: String = answer.nfkc().collect();
    let ends = |sentence: &str| {
        let sentence = sentence.trim_end();
        sentence.ends_with('か') || sentence.ends_with("ください") || sentence.ends_with("下さい")
    };
    folded.contains('?') || folded.split(['。', '!', '\n']).any(ends)
}

impl Consultation {
    /// Whether these words are thanks for the centre's last answer and nothing else.
    pub(super) fn is_mere_thanks(&self, said: &Said, cx: &Context<'_>) -> bool {
        let last = self.thread.iter().rfind(|entry| matches!(entry.from, Voice::Staff(_)));
        let answered = last.and_then(|entry| entry.text.as_deref());
        let timely = !self.is_resolved()
            || self
                .resolved_at
                .is_some_and(|at| super::decide::elapsed(at, cx.now) < cx.policy.reopen_window);
        timely
            && said.masked.is_empty()
            && says_thanks_alone(&said.text)
            && answered.is_some_and(|answer| !asks_something(answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanks_and_nothing_else_is_told_apart_from_all_that_somebody_should_read() {
        for (text, expected) in [
            ("ありがとうございました", true),
            ("ありがとうございます!!😊", true),
            ("了解しました。ありがとうございます。", true),
            ("早速のご回答をいただき、ありがとうございました。", true),
            ("ｔｈａｎｋ　ｙｏｕ", true),
            ("大変助かりました〜\n感謝です", true),
            ("ありがとうございます。もう1件お願いします", false),
            ("ありがとうございますが、休日は?", false),
            ("ありがとう?", false),
            ("ありがとうございました。届きました", false),
            ("了解しました", false),
            ("お願いします", false),
            ("ありがとうございます 2", false),
            ("はい、ありがとうございます", false),
            ("", false),
            ("😊", false),
        ] {
            assert_eq!(says_thanks_alone(text), expected, "{text}");
        }
    }

    #[test]
    fn an_answer_that_asks_something_is_known_by_its_ends() {
        for (answer, expected) in [
            ("2社をご紹介します。", false),
            ("一覧は市のページにあります。またお声がけを。", false),
            ("お急ぎでしょうか。", true),
            ("来週でもよろしいですか？", true),
            ("ご希望の曜日をお知らせください", true),
            ("様式を送ります。\n住所の町名だけ教えてください。", true),
        ] {
            assert_eq!(asks_something(answer), expected, "{answer}");
        }
    }
}
