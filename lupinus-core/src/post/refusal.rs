use super::InvalidContent;

/// Why a post does not do what was asked. The Japanese sentence is for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// In this state the workflow knows no such step.
    #[error("a {state} post does not allow this")]
    NotNow {
        /// The state's name.
        state: &'static str,
    },
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// An author never approves, themselves or as anybody's deputy (R15).
    #[error("an author cannot approve their own post")]
    OwnPost,
    /// They have signed this revision already.
    #[error("they have approved this revision already")]
    AlreadyApproved,
    /// The revision they speak of is not the present one.
    #[error("the post was edited in the meantime")]
    Edited,
    /// A return needs a comment, a rejection and a withdrawal a reason (R16).
    #[error("a comment or reason is needed")]
    ReasonNeeded,
    /// The content cannot be handed in as it is.
    #[error("the content cannot be handed in")]
    Invalid(Vec<InvalidContent>),
    /// Screening blocks it: the fields concerned are marked in the revision.
    #[error("personal information was found")]
    PersonalInformation,
    /// Screening asks a person to confirm what it found.
    #[error("what screening found must be confirmed")]
    ConfirmationNeeded,
    /// What screening found can be let pass by nobody.
    #[error("this finding cannot be allowed")]
    NotAllowable,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// The time to send lies in the past, or after the post's expiry.
    #[error("the time to send does not fit")]
    BadTime,
    /// Edited as often as a post may be.
    #[error("too many revisions")]
    TooManyRevisions,
    /// Nobody was missed by its sending who could be reached now.
    #[error("nobody is left to send it to")]
    NobodyMissed,
    /// A test goes to named staff who are linked and can be reached, and to nobody else (R27).
    #[error("nobody is named who can receive a test")]
    NobodyTests,
    /// The author has as many drafts as one may have.
    #[error("too many drafts")]
    TooManyDrafts,
}

impl Refusal {
    /// What to tell the person who asked.
    pub fn sentence_ja(&self) -> String {
        match self {
            Self::NotNow { state } => {
                format!("この投稿は現在「{}」のため、この操作はできません。", state_ja(state))
            }
            Self::NotAllowed => "この操作をする権限がありません。".to_owned(),
            Self::OwnPost => "ご自身が作成した投稿は承認できません。ほかの方に依頼してください。".to_owned(),
            Self::AlreadyApproved => "この版はすでに承認済みです。もう一人の承認が必要です。".to_owned(),
            Self::Edited => {
                "ご覧になったあとに内容が変わりました。もう一度開いて確認してください。".to_owned()
            }
            Self::ReasonNeeded => "理由を入力してください。".to_owned(),
            Self::Invalid(problems) => problems
                .iter()
                .map(|problem| format!("{}:{}", problem.field.label_ja(), problem.sentence_ja()))
                .collect::<Vec<_>>()
                .join("\n"),
            Self::PersonalInformation => {
                "個人情報と思われる記載があります。該当の箇所を直してから提出してください。".to_owned()
            }
            Self::ConfirmationNeeded => {
                "氏名などの記載、または添付があります。公表してよいものか確認のうえ「確認しました」を選んでください。"
                    .to_owned()
            }
            Self::NotAllowable => {
                "この記載は許可できません。差し戻して、消すか書き換えてもらってください。".to_owned()
            }
            Self::Expired => "開催日時または掲載期限を過ぎています。".to_owned(),
            Self::BadTime => "配信日時は、現在より後で、開催日時・掲載期限より前にしてください。".to_owned(),
            Self::TooManyRevisions => {
                "修正の回数が上限に達しました。新しい投稿として作成してください。".to_owned()
            }
            Self::NobodyMissed => {
                "届いていない方で、いま配信できる方はいません。届いたかどうか不明な方には、重複を避けるため再配信しません。"
                    .to_owned()
            }
            Self::NobodyTests => {
                "テスト配信を受け取る職員を選んでください。「自分の設定」でLINEを結び付けた職員だけが受け取れます。".to_owned()
            }
            Self::TooManyDrafts => {
                "下書きが上限に達しました。不要な下書きを取り下げてから作成してください。".to_owned()
            }
        }
    }
}

fn state_ja(state: &str) -> &str {
    match state {
        "draft" => "下書き",
        "submitted" => "提出済み",
        "in_review" => "確認中",
        "returned" => "差戻し",
        "rejected" => "却下",
        "withdrawn" => "取下げ",
        "approved" => "承認済み",
        "scheduled" => "配信予約",
        "sending" => "配信中",
        "sent" => "配信済み",
        "failed" => "配信失敗",
        other => other,
    }
}
