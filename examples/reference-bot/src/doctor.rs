//! Checks the channel against LINE, and says for each finding what to do.

use std::{fmt, path::Path};

use lupinus_core::launch::ChannelFinding;
use lupinus_line::{
    ApiError, Client,
    client::{ChatMode, Quota},
};
use lupinus_store_wrappers::Keys;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Green,
    /// Works, and should be looked at.
    Yellow,
    /// Does not work, or must not go on.
    Red,
}

impl Level {
    /// What is printed: a word and a shape, not only a colour.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Green => "○ 良好",
            Self::Yellow => "△ 注意",
            Self::Red => "× 要対応",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How serious it is.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do; empty when nothing is.
    pub to_do: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}: {}", self.level.label_ja(), self.what, self.found)?;
        if self.to_do.is_empty() { Ok(()) } else { write!(f, "\n          → {}", self.to_do) }
    }
}

/// Whether anything is red.
pub fn is_red(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Red)
}

/// Asks LINE everything that must be right before members are let in.
pub async fn examine(line: &Client) -> Vec<Finding> {
    let mut findings = Vec::new();
    let reached = account(line, &mut findings).await;
    if reached {
        webhook(line, &mut findings).await;
        quota(line, &mut findings).await;
    }
    findings
}

/// The doctor at the console: what it finds of the channel there.
#[derive(Debug)]
pub struct AtTheConsole(pub Client);

#[async_trait::async_trait]
impl lupinus_console::Examiner for AtTheConsole {
    async fn examine(&self) -> Vec<ChannelFinding> {
        let findings = examine(&self.0).await.into_iter();
        let told = |finding: Finding| ChannelFinding {
            what: finding.what.to_owned(),
            bad: finding.level == Level::Red,
            found: finding.found,
            to_do: finding.to_do.to_owned(),
        };
        findings.map(told).collect()
    }
}

/// Whether pictures and files of posts can be shown.
pub fn files(public_base: Option<&str>) -> Finding {
    match public_base {
        Some(base) => {
            Finding {
                what: "添付の公開アドレス", level: Level::Green, found: base.to_owned(), to_do: ""
            }
        }
        None => Finding {
            what: "添付の公開アドレス",
            level: Level::Yellow,
            found: "設定されていません。投稿に写真・PDFを付けられません".to_owned(),
            to_do: "lupinus.toml の public_base に、このボットの https のアドレスを書いてください",
        },
    }
}

/// Whether the settings have keys, and they are nobody else's to read. The store is not looked at. Nor is the mode of a file in
/// `credentials`, systemd's folder for this program alone: its bits for the group stand for the access list that lets it in.
pub fn encryption(keys: Option<&Keys>, file: Option<&Path>, credentials: Option<&Path>) -> Finding {
    let what = "暗号化の鍵";
    let Some(keys) = keys else {
        return Finding {
            what,
            level: Level::Yellow,
            found: "設定されていません。鍵なしで作った保存先の記録は、ディスクやバックアップを読める人に読まれます".to_owned(),
            to_do: "reference-bot keys new FILE で鍵を作り、LUPINUS_KEYS_FILE に設定してください。いまある記録は、鍵なしで export し、\
                    鍵を設定した新しい保存先へ import します。",
        };
    };
    let is_credential = |file: &Path| credentials.is_some_and(|folder| file.starts_with(folder));
    if file.is_some_and(|file| !is_credential(file) && is_readable_by_others(file)) {
        return Finding {
            what,
            level: Level::Yellow,
            found: "鍵のファイルを、ほかの利用者も読めます".to_owned(),
            to_do: "chmod 600 で、このプログラムの利用者だけが読めるようにしてください。",
        };
    }
    let others = keys.names().count() - 1;
    let others = if others == 0 { String::new() } else { format!("(復号だけの鍵 ほか{others}個)") };
    Finding {
        what,
        level: Level::Green,
        found: format!("設定されています。暗号化に使う鍵は「{}」です{others}", keys.newest()),
        to_do: "",
    }
}

#[cfg(unix)]
fn is_readable_by_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Path) -> bool {
    false
}

/// Token and chat mode. Answers whether it makes sense to ask further.
async fn account(line: &Client, findings: &mut Vec<Finding>) -> bool {
    let mut add = |what, level, found: String, to_do| findings.push(Finding { what, level, found, to_do });
    let info = match line.bot_info().await {
        Ok(answer) => answer.value,
        Err(ApiError::Unauthorised { .. }) => {
            add(
                "アクセストークン",
                Level::Red,
                "LINEに受け付けられませんでした(401)".to_owned(),
                "LINE Developersコンソールの「Messaging API設定」でチャネルアクセストークンを発行し直し、LINE_CHANNEL_ACCESS_TOKEN \
                 (または LINE_CHANNEL_ACCESS_TOKEN_FILE のファイル)に設定してください。",
            );
            return false;
        }
        Err(error) => {
            add(
                "LINEへの接続",
                Level::Red,
                format!("応答がありません({})", error.kind()),
                "この機器から api.line.me:443 へ接続できるか、LINE_API_BASE の設定が正しいかを確認してください。",
            );
            return false;
        }
    };
    add(
        "アクセストークン",
        Level::Green,
        format!("アカウント「{}」({})", info.display_name, info.basic_id),
        "",
    );
    // R2: with LINE's own chat switched on, consultations would stay on LINE's side.
    match info.chat_mode {
        ChatMode::Bot => add("応答方法", Level::Green, "チャットはオフ(chatMode: bot)".to_owned(), ""),
        ChatMode::Chat => add(
            "応答方法",
            Level::Red,
            "チャットがオンです(chatMode: chat)。相談の内容がLINE側に残ります".to_owned(),
            "LINE Official Account Managerの「設定 > 応答設定」でチャットをオフ、Webhookをオンにしてください。",
        ),
        _ => add(
            "応答方法",
            Level::Red,
            "chatMode が bot ではありません".to_owned(),
            "LINE Official Account Managerの「設定 > 応答設定」でチャットをオフ、Webhookをオンにしてください。",
        ),
    }
    true
}

async fn webhook(line: &Client, findings: &mut Vec<Finding>) {
    let mut add = |what, level, found: String, to_do| findings.push(Finding { what, level, found, to_do });
    let endpoint = match line.webhook_endpoint().await {
        Ok(answer) => answer.value,
        Err(error) if error.is_not_found() => {
            add(
                "Webhook",
                Level::Red,
                "URLが設定されていません".to_owned(),
                "LINE Developersコンソールの「Messaging API設定」で、Webhook URLに https://(このボットの住所)/webhook を設定してください。",
            );
            return;
        }
        Err(error) => {
            add(
                "Webhook",
                Level::Red,
                format!("設定を読めません({})", error.kind()),
                "しばらくしてからもう一度実行してください。",
            );
            return;
        }
    };
    if endpoint.endpoint.is_empty() {
        add(
            "Webhook",
            Level::Red,
            "URLが設定されていません".to_owned(),
            "LINE Developersコンソールの「Messaging API設定」で、Webhook URLに https://(このボットの住所)/webhook を設定してください。",
        );
        return;
    }
    if endpoint.active {
        add("Webhook", Level::Green, format!("利用する: {}", endpoint.endpoint), "");
    } else {
        add(
            "Webhook",
            Level::Red,
            format!("「Webhookの利用」がオフです: {}", endpoint.endpoint),
            "LINE Developersコンソールの「Messaging API設定」で「Webhookの利用」をオンにしてください。",
        );
    }
    if !endpoint.endpoint.ends_with("/webhook") {
        add(
            "Webhookの住所",
            Level::Yellow,
            "/webhook で終わっていません".to_owned(),
            "このボットは /webhook で受け取ります。途中の中継で書き換えていなければ、住所を直してください。",
        );
    }
    match line.test_webhook_endpoint(None).await {
        Ok(answer) if answer.value.success => {
            add("Webhookの試験", Level::Green, "LINEからこのボットへ届きました".to_owned(), "");
        }
        Ok(answer) => add(
            "Webhookの試験",
            Level::Red,
            format!("届きませんでした({} {})", answer.value.reason, answer.value.status_code),
            "ボットが動いているか(reference-bot)、外部から https で届くか、LINE_CHANNEL_SECRET がこのチャネルのものかを確認してください。",
        ),
        Err(error) => add(
            "Webhookの試験",
            Level::Red,
            format!("試験できませんでした({})", error.kind()),
            "しばらくしてからもう一度実行してください。続く場合はWebhook URLを確認してください。",
        ),
    }
}

async fn quota(line: &Client, findings: &mut Vec<Finding>) {
    let (Ok(limit), Ok(used)) = (line.quota().await, line.quota_consumption().await) else {
        findings.push(Finding {
            what: "今月の通数",
            level: Level::Yellow,
            found: "読めませんでした".to_owned(),
            to_do: "しばらくしてからもう一度実行してください。",
        });
        return;
    };
    let (limit, used) = (limit.value, used.value);
    let (level, found, to_do) = match limit {
        Quota::Limited(limit) => {
            let found = format!("{used} / {limit}通");
            if used >= limit {
                (
                    Level::Red,
                    found,
                    "今月は一斉配信できません。LINE Official Account Managerで料金プランを変更するか、月が替わるのを待ってください。",
                )
            } else if used * 5 >= limit * 4 {
                (
                    Level::Yellow,
                    found,
                    "8割を超えています。月末までの配信予定と料金プランを確認してください。",
                )
            } else {
                (Level::Green, found, "")
            }
        }
        _ => (Level::Green, format!("{used}通(上限なし)"), ""),
    };
    findings.push(Finding { what: "今月の通数", level, found, to_do });
}
