use serde::Serialize;

/// A place where data is or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// The telephones of members and of the bodies' people.
    Members,
    /// LINE's platform, or what stands in for it.
    Line,
    /// The staff's browsers.
    Staff,
    /// Whoever watches the program and keeps its log.
    Monitoring,
    /// The machine that the program runs on.
    Server,
    /// The records.
    Records,
    /// Pictures and files.
    Files,
    /// The keys and secrets.
    Keys,
    /// What reads PDF files.
    Reader,
    /// Copies.
    Backup,
}

impl Spot {
    /// All, in the order of the sheet.
    pub const ALL: [Self; 10] = [
        Self::Members,
        Self::Line,
        Self::Staff,
        Self::Server,
        Self::Records,
        Self::Files,
        Self::Keys,
        Self::Reader,
        Self::Backup,
        Self::Monitoring,
    ];

    /// What people call it.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Members => "会員の端末",
            Self::Line => "LINE",
            Self::Staff => "職員の端末",
            Self::Monitoring => "監視とログ",
            Self::Server => "サーバ",
            Self::Records => "記録の保存先",
            Self::Files => "ファイルの保存先",
            Self::Keys => "鍵と接続の秘密",
            Self::Reader => "PDFの読取り",
            Self::Backup => "控え",
        }
    }

    /// What is there.
    pub const fn holds_ja(self) -> &'static str {
        match self {
            Self::Members => "本人のトーク画面",
            Self::Line => "トーク、友だちの一覧、リッチメニュー",
            Self::Staff => "管理画面(ブラウザー)。開いている間だけ",
            Self::Monitoring => "件数・所要時間と、動作の記録(ログ)",
            Self::Server => "ボットと管理画面のプログラム",
            Self::Records => "会員・投稿・相談・職員・操作の記録",
            Self::Files => "投稿の添付、相談で預かった写真とファイル",
            Self::Keys => "LINEのチャネルシークレットとアクセストークン、保存先のパスワード、暗号の鍵",
            Self::Reader => "読み取っている間のPDF",
            Self::Backup => "書き出した記録(JSON Lines)とファイルの写し",
        }
    }

    /// The table of `[data_flow]` in which a city states who holds it; `None` where that follows from what it is.
    pub const fn stated_as(self) -> Option<&'static str> {
        match self {
            Self::Line => Some("line"),
            Self::Monitoring => Some("monitoring"),
            Self::Server => Some("server"),
            Self::Records => Some("records"),
            Self::Files => Some("files"),
            Self::Backup => Some("backup"),
            Self::Members | Self::Staff | Self::Keys | Self::Reader => None,
        }
    }

    /// Whether it is on the server wherever that is.
    pub(super) const fn is_own_of_server(self) -> bool {
        matches!(self, Self::Keys | Self::Reader)
    }
}
