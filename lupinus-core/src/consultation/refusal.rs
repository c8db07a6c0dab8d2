use super::State;

/// Why a consultation does not do what was asked. The Japanese sentence is for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// In this state the workflow knows no such step.
    #[error("the state {} does not allow this", .state.name())]
    NotNow {
        /// The state.
        state: State,
    },
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// The one it should go to does not answer consultations.
    #[error("the one named does not answer consultations")]
    NotAConsultant,
    /// It was resolved too long ago to be taken up again: a new one begins instead.
    #[error("the time to take it up again is over")]
    WindowOver,
    /// The member has not been silent for long enough, or it is not they who are waited for.
    #[error("the member has not been silent for long enough")]
    NotSilentYet,
    /// Another one of the same member is unresolved: what they say goes there.
    #[error("another one of the same member is unresolved")]
    AnotherUnresolved,
    /// It goes on in another one, or that one does.
    #[error("it was merged into another one")]
    Merged,
    /// The two are not of one member, or not the later and the earlier.
    #[error("these two cannot be merged")]
    NotMergeable,
    /// Nobody of that body can be reached on the channel.
    #[error("nobody of that body can be reached")]
    NobodyThere,
    /// Nothing was written.
    #[error("nothing was written")]
    Empty,
    /// A placeholder of a canned answer was left open.
    #[error("a placeholder was left open")]
    Unfilled,
    /// Too much was written.
    #[error("longer than {max} characters")]
    TooLong {
        /// The most, in `char`s.
        max: usize,
    },
    /// The thread, the notes or the tags are as many as they may be.
    #[error("no room for more")]
    Full,
    /// No entry of this consultation holds that message, or it was erased before.
    #[error("nothing to erase")]
    NothingToErase,
    /// Somebody else looks at the picture or file.
    #[error("somebody else looks at it")]
    SomebodyLooks,
    /// Whoever says what is in it has not opened it.
    #[error("it was not opened")]
    NotLookedAt,
    /// Whoever keeps it does not say that nobody can be recognised.
    #[error("it is not said that nobody can be recognised")]
    NotConfirmed,
    /// There is no such picture or file, or somebody has looked already.
    #[error("no such picture or file is held")]
    NothingHeld,
}

impl Refusal {
    /// What to tell the person who asked.
    pub fn sentence_ja(&self) -> String {
        match self {
            Self::NotNow { state } => {
                format!("この相談は現在「{}」のため、この操作はできません。", state.label_ja())
            }
            Self::NotAllowed => "この操作をする権限がありません。".to_owned(),
            Self::NotAConsultant => "指定された職員は相談に対応できません。相談員を選んでください。".to_owned(),
            Self::WindowOver => "解決から日数が経っているため、新しい相談としてお送りください。".to_owned(),
            Self::NotSilentYet => "返信をお待ちしている期間がまだ終わっていません。".to_owned(),
            Self::AnotherUnresolved => {
                "この会員には未解決の相談がほかにあります。続きはそちらで行ってください。".to_owned()
            }
            Self::Merged => "この相談は、ほかの相談に統合されています。統合先の相談を開いてください。".to_owned(),
            Self::NotMergeable => "同じ会員の、先に受け付けた相談にだけ統合できます。".to_owned(),
            Self::NobodyThere => {
                "この団体には、LINEで受け取れる担当者がいません。電話などで取り次いでください。".to_owned()
            }
            Self::Empty => "内容を入力してください。".to_owned(),
            Self::Unfilled => {
                "{ }の差込み項目が残っています。言葉に書き換えてから送ってください。".to_owned()
            }
            Self::TooLong { max } => format!("{max}文字以内で入力してください。"),
            Self::Full => {
                "この相談に書ける件数の上限に達しました。いったん「解決」にして、新しい相談として続けてください。".to_owned()
            }
            Self::NothingToErase => "取り消すメッセージが見つかりません。".to_owned(),
            Self::SomebodyLooks => "ほかの職員が確認しています。".to_owned(),
            Self::NotLookedAt => "先に「開いて確認する」を押して、中を確かめてください。".to_owned(),
            Self::NotConfirmed => {
                "中を確かめて、「個人が分かるものがないことを確認しました」に印を付けてください。".to_owned()
            }
            Self::NothingHeld => "確認を待っている写真・ファイルはありません。".to_owned(),
        }
    }
}
