use serde::Serialize;

use super::{Deployment, Spot};

/// What goes from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number, also in the picture.
    pub number: usize,
    /// From here.
    pub from: Spot,
    /// There.
    pub to: Spot,
    /// How.
    pub by: &'static str,
    /// Kinds of data on it.
    pub carries: &'static [&'static str],
    /// Kinds of data that never are.
    pub never: &'static [&'static str],
}

impl Line {
    /// As a row of the table.
    pub(super) fn row(&self) -> Vec<String> {
        vec![
            self.number.to_string(),
            self.from.label_ja().to_owned(),
            self.to.label_ja().to_owned(),
            self.by.to_owned(),
            self.carries.join("、"),
            self.never.join("、"),
        ]
    }
}

type Kinds = &'static [&'static str];

/// Every line of a deployment.
pub(super) fn lines(deployment: &Deployment) -> Vec<Line> {
    use Spot::{Backup, Files, Keys, Line as OfLine, Members, Monitoring, Reader, Records, Server, Staff};
    let kept = |spot, there, elsewhere| if deployment.on_server.contains(&spot) { there } else { elsewhere };
    let keys: Kinds = if deployment.is_encrypted {
        &["LINEのチャネルシークレットとアクセストークン", "保存先のパスワード", "暗号の鍵"]
    } else {
        &["LINEのチャネルシークレットとアクセストークン", "保存先のパスワード"]
    };
    let all: [(Spot, Spot, &'static str, Kinds, Kinds); 14] = [
        (
            Members,
            OfLine,
            "LINEのアプリ",
            &["会員が書いた文章・写真・ファイル", "メニューの操作", "友だち追加とブロック"],
            &["センターの記録"],
        ),
        (
            OfLine,
            Members,
            "LINEのアプリ",
            &["投稿", "相談への回答", "案内とメニュー"],
            &["相談の内部メモ", "ほかの会員の情報"],
        ),
        (
            OfLine,
            Server,
            "Webhook(署名を確かめてから読む)",
            &["LINEのユーザーID", "会員が書いた文章(伏せるのはこのあと)", "操作の種類と日時"],
            &["会員のLINEの友だちの一覧"],
        ),
        (
            Server,
            OfLine,
            "Messaging API",
            &[
                "承認された投稿",
                "職員あてのテスト配信(承認前のものも)",
                "差戻し・却下・取下げの連絡とその理由",
                "投稿を書く方への下書きの確認",
                "本人あての回答と案内、登録内容の確認",
                "宛先のLINEのユーザーID",
                "職員あての督促(番号だけ)",
                "リッチメニュー",
            ],
            &["相談の記録と内部メモ", "操作の記録", "職員のパスワード", "集計"],
        ),
        (
            OfLine,
            Server,
            "Messaging API(データの取得)",
            &["団体の担当者が送った添付", "会員が相談で送った写真とファイル(受け取る設定のときだけ)"],
            &["受け取らない設定のときの、相談の写真とファイル"],
        ),
        (
            Server,
            Members,
            "署名つきのリンク",
            &["投稿の添付"],
            &["相談の写真とファイル", "会員の情報", "操作の記録"],
        ),
        (
            Staff,
            Server,
            "管理画面",
            &["投稿・承認・回答・設定の操作", "ログイン名、パスワード、二段階認証のコード"],
            &["鍵と接続の秘密"],
        ),
        (
            Server,
            Staff,
            "管理画面",
            &["権限のある範囲の投稿・相談・会員・集計・操作の記録"],
            &["伏せる前の文章", "パスワード", "鍵と接続の秘密"],
        ),
        (
            Server,
            Records,
            kept(Records, "サーバの中のファイル(読み書き)", "PostgreSQLの接続(読み書き)"),
            &[
                "会員の登録内容とLINEのユーザーID",
                "投稿と承認",
                "個人情報を伏せたあとの相談",
                "漏えい等の記録",
                "職員の氏名、パスワードの照合値、二段階認証の秘密",
                "LINEを結び付けた職員のLINEのユーザーID",
                "操作の記録",
            ],
            &["伏せる前の文章", "パスワードそのもの", "鍵と接続の秘密"],
        ),
        (
            Server,
            Files,
            kept(Files, "サーバの中のファイル(読み書き)", "ほかの保存先(読み書き)"),
            &["投稿の添付", "相談で預かった写真とファイル(受け取る設定のときだけ)"],
            &["文章の記録", "会員の登録内容"],
        ),
        (Keys, Server, "起動のとき、環境変数かファイルから", keys, &["会員と相談の情報"]),
        (
            Server,
            Reader,
            "同じ機械の別の処理(通信なし、環境変数なし)",
            &["添付されたPDFの中身"],
            &["記録", "鍵と接続の秘密"],
        ),
        (
            Records,
            Backup,
            "コマンド export と、ファイルの写し",
            &["すべての記録(書き出したものは暗号化されない)", "ファイル"],
            &["暗号の鍵", "LINEのチャネルシークレットとアクセストークン"],
        ),
        (
            Server,
            Monitoring,
            "/metrics・/healthz・/readyz と標準出力",
            &["件数と所要時間", "動作の記録(ログ)"],
            &["文章", "氏名", "LINEのユーザーID", "パスワード、トークン、Cookie"],
        ),
    ];
    (1..)
        .zip(all)
        .map(|(number, (from, to, by, carries, never))| Line { number, from, to, by, carries, never })
        .collect()
}
