//! The console's own sentences: refusals, what was done, what the trail calls things.

use axum::http::StatusCode;
use jiff::civil::Weekday;
use lupinus_core::{
    actor::{Permission, Roles},
    audit::Subject,
    body::InvitationRefusal,
    calendar::DateProblem,
    canned, consultation, disposal, faq, incident, launch,
    post::{self, Lack, Obstacle},
    screening::{Action, Mark},
    service::ServiceError,
    settings,
};

use crate::{
    pages::settings::routes::label as route_label,
    text::{Text, say},
};

/// What to tell the person who asked, when core says no. `None` for what no person can mend.
pub(crate) fn refusal(error: &ServiceError) -> Option<Text> {
    Some(match error {
        ServiceError::NotFound(_) => Text::from("対象が見つかりません。削除されたか、取り消されています。"),
        ServiceError::NotAllowed => Text::from("この操作をする権限がありません。"),
        ServiceError::Post(refusal) => of_post(refusal),
        ServiceError::Consultation(refusal) => of_consultation(refusal),
        ServiceError::Canned(refusal) => match refusal {
            canned::Refusal::TooLong { max } => say!("{max}文字以内で入力してください。", max),
            other => Text::whole(other.sentence_ja()),
        },
        ServiceError::Faq(refusal) => match refusal {
            faq::Refusal::TooLong { max } => say!("{max}文字以内で入力してください。", max),
            other => Text::whole(other.sentence_ja()),
        },
        ServiceError::Incident(refusal) => of_incident(*refusal),
        ServiceError::Setting(settings::Refusal::Unwalkable(found)) => obstacle(*found),
        ServiceError::Setting(refusal) => refusal.sentence_ja().into(),
        ServiceError::Invitation(refusal) => match refusal {
            InvitationRefusal::Used => "この招待はすでに使用されています。",
            InvitationRefusal::Expired => "この招待は期限が切れています。",
            InvitationRefusal::Revoked => "この招待は取り消されています。",
        }
        .into(),
        ServiceError::Staffing(refusal) => refusal.sentence_ja().into(),
        ServiceError::Linking(refusal) => refusal.sentence_ja().into(),
        ServiceError::Launch(refusal) => refusal.sentence_ja().into(),
        ServiceError::Disposal(refusal) => refusal.sentence_ja().into(),
        ServiceError::PersonalInformation(marks) => personal(marks),
        ServiceError::ConfirmationNeeded(marks) => say!(
            "氏名などと思われる記載があります({kinds})。送って差し支えないか確認し、「確認しました」を選んでから送ってください。",
            kinds = kinds(marks, Action::Warn)
        ),
        ServiceError::WordList => Text::from(
            "許可できませんでした。理由を選び、「その他」のときは理由を200文字以内で書いてください。マイナンバーと市が指定した語は許可できません。",
        ),
        ServiceError::TooLong { max } => say!("{max}文字以内で入力してください。", max),
        ServiceError::NotHeld => {
            Text::from("この配信はもう保留されていません。ほかの方が先に処理した可能性があります。")
        }
        ServiceError::NotReleasable => {
            Text::from("この理由で止まった配信は再開できません。取りやめて、必要なら訂正を出してください。")
        }
        ServiceError::Claimed(_) => Text::from(
            "ほかの方が先に担当になりました。引き継ぐときは、その方の名前を確かめて「引き継ぐ」を押してください。",
        ),
        ServiceError::Busy => {
            Text::from("ほかの方の操作と重なりました。現在の状態を確かめて、もう一度お試しください。")
        }
        _ => return None,
    })
}

/// A refusal about a post. What has nothing put into it is core's own sentence.
pub(crate) fn of_post(refusal: &post::Refusal) -> Text {
    match refusal {
        post::Refusal::NotNow { state } => {
            say!("この投稿は現在「{state}」のため、この操作はできません。", state = post_state(state))
        }
        post::Refusal::Invalid(problems) => Text::list(
            "\n",
            problems.iter().map(|problem| {
                say!("{field}:{sentence}", field = problem.field.label_ja(), sentence = problem.sentence_ja())
            }),
        ),
        other => Text::whole(other.sentence_ja()),
    }
}

/// A post's state, by its name.
fn post_state(name: &str) -> Text {
    Text::from(match name {
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
        other => return Text::given(other),
    })
}

pub(crate) fn of_consultation(refusal: &consultation::Refusal) -> Text {
    match refusal {
        consultation::Refusal::NotNow { state } => {
            say!("この相談は現在「{state}」のため、この操作はできません。", state = state.label_ja())
        }
        consultation::Refusal::TooLong { max } => say!("{max}文字以内で入力してください。", max),
        other => Text::whole(other.sentence_ja()),
    }
}

fn of_incident(refusal: incident::Refusal) -> Text {
    let max = incident::MAX_ITEM_CHARS;
    match refusal {
        incident::Refusal::NotNow(state) => {
            say!("この記録は現在「{state}」のため、この操作はできません。", state = state.label_ja())
        }
        incident::Refusal::TooLong(item) => {
            say!("「{item}」は{max}文字以内で入力してください。", item = item.label_ja(), max)
        }
        incident::Refusal::Missing(item) => {
            say!(
                "確報には9項目すべてが必要です。「{item}」を入力して保存してください。",
                item = item.label_ja()
            )
        }
        incident::Refusal::ReasonTooLong => {
            say!("報告せずに閉じる理由は{max}文字以内で入力してください。", max)
        }
        other => Text::whole(other.sentence_ja()),
    }
}

/// What does not fit in a date that somebody wrote.
pub(crate) fn of_date(problem: &DateProblem) -> Text {
    match problem {
        DateProblem::WeekdayDoesNotFit { date, written, actual } => say!(
            "{date}は{written}ではなく{actual}です",
            date = Text::MonthDay(*date),
            written = weekday(*written),
            actual = weekday(*actual)
        ),
        DateProblem::EraDoesNotFit { written, actual } => {
            say!("{written}ではなく{actual}です", written, actual)
        }
        DateProblem::NoSuchDay { month, day } => say!("{month}月{day}日という日はありません", month, day),
        DateProblem::InThePast { date } => say!("{date}はすでに過ぎています", date = Text::DayOfYear(*date)),
        other => Text::whole(other.sentence_ja()),
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "月曜日",
        Weekday::Tuesday => "火曜日",
        Weekday::Wednesday => "水曜日",
        Weekday::Thursday => "木曜日",
        Weekday::Friday => "金曜日",
        Weekday::Saturday => "土曜日",
        Weekday::Sunday => "日曜日",
    }
}

fn personal(marks: &[Mark]) -> Text {
    say!(
        "個人情報と思われる記載があります({kinds})。該当の箇所を消してから送信してください。",
        kinds = kinds(marks, Action::Block)
    )
}

/// The kinds of what this follows from.
pub(crate) fn kinds(marks: &[Mark], action: Action) -> Text {
    let mut kinds: Vec<&'static str> =
        marks.iter().filter(|mark| mark.action == action).map(|mark| mark.kind.label_ja()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Text::list("、", kinds)
}

/// Where posts would not get any further, and what to do.
pub(crate) fn obstacle(obstacle: Obstacle) -> Text {
    let (route, step) = (route_label(obstacle.urgency), obstacle.step + 1);
    match obstacle.why {
        Lack::Permission => say!(
            "{route}の第{step}段階を承認する職員には、投稿を見る権限が必要です。最後の段階では、投稿の配信を決める権限も必要です。",
            route,
            step
        ),
        Lack::People => say!(
            "{route}の第{step}段階を承認できる職員が足りません。段階ごとに別々の職員が必要です。職員の役割か、段階を見直してください。",
            route,
            step
        ),
    }
}

/// The status of a refusal.
pub(crate) fn status(error: &ServiceError) -> StatusCode {
    match error {
        ServiceError::NotFound(_) => StatusCode::NOT_FOUND,
        ServiceError::NotAllowed
        | ServiceError::Post(post::Refusal::NotAllowed | post::Refusal::OwnPost)
        | ServiceError::Consultation(consultation::Refusal::NotAllowed)
        | ServiceError::Canned(canned::Refusal::NotAllowed)
        | ServiceError::Faq(faq::Refusal::NotAllowed | faq::Refusal::OwnWords)
        | ServiceError::Incident(incident::Refusal::NotAllowed)
        | ServiceError::Setting(settings::Refusal::NotAllowed)
        | ServiceError::Launch(launch::Refusal::NotAllowed)
        | ServiceError::Disposal(disposal::Refusal::NotAllowed | disposal::Refusal::OwnProposal) => {
            StatusCode::FORBIDDEN
        }
        ServiceError::Post(
            post::Refusal::NotNow { .. } | post::Refusal::Edited | post::Refusal::AlreadyApproved,
        )
        | ServiceError::Consultation(
            consultation::Refusal::NotNow { .. }
            | consultation::Refusal::Merged
            | consultation::Refusal::AnotherUnresolved,
        )
        | ServiceError::Canned(canned::Refusal::NotNow | canned::Refusal::ChangedMeanwhile)
        | ServiceError::Faq(
            faq::Refusal::NotNow
            | faq::Refusal::ChangedMeanwhile
            | faq::Refusal::ConsultationChanged
            | faq::Refusal::OfferedAlready,
        )
        | ServiceError::Incident(
            incident::Refusal::NotNow(_) | incident::Refusal::Known(_) | incident::Refusal::SavedMeanwhile,
        )
        | ServiceError::Setting(settings::Refusal::ChangedMeanwhile)
        | ServiceError::Linking(_)
        | ServiceError::Launch(launch::Refusal::NotNow | launch::Refusal::Changed)
        | ServiceError::Disposal(
            disposal::Refusal::NotNow
            | disposal::Refusal::ListChanged
            | disposal::Refusal::YearsChanged
            | disposal::Refusal::AnotherOpen,
        )
        | ServiceError::Claimed(_)
        | ServiceError::Busy => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Whether somebody else was first.
pub(crate) fn somebody_was_first(error: &ServiceError) -> bool {
    status(error) == StatusCode::CONFLICT
        && !matches!(error, ServiceError::Post(post::Refusal::AlreadyApproved))
}

/// What was done, by the code in the address.
pub(crate) fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "claim" => "担当になりました。",
        "unclaim" => "担当を外れました。",
        "take" => "受け付けました。",
        "return" => "差し戻しました。投稿者にコメントを送ります。",
        "reject" => "却下しました。投稿者に理由を送ります。",
        "approve" => "承認しました。",
        "withdraw" => "取り下げました。",
        "resend" => "届いていない方への再配信を始めました。",
        "stop" => "まだ送っていない分を止めました。送信待ちの画面で、送るか取りやめるかを決めてください。",
        "cancel" => {
            "配信を中止しました。まだ送っていなかった分は送られません。届いた分の記録は残っています。"
        }
        "resume" => "止めていた分の配信を再開しました。",
        "unschedule" => "配信予約を取り消しました。",
        "sign" => "確認の署名をしました。",
        "seen" => "後閲を記録しました。",
        "submit" => "提出しました。",
        "recall" => "下書きに戻しました。",
        "draft" => "下書きを保存しました。",
        "scheduled" => "配信を予約しました。",
        "sent" => "配信を開始しました。",
        "tested" => "テスト配信を送りました。職員だけに届きます。結果は「配信」に出ます。",
        "corrected" => "訂正の投稿を作りました。内容を確かめて提出してください。",
        "consultation-take" => "担当になりました。",
        "consultation-assign" => "担当を決めました。",
        "consultation-answer" => "回答を送りました。",
        "consultation-kept" => {
            "回答を記録しました。相手がアカウントをブロックしたか退会したため、LINEには送られません。"
        }
        "consultation-note" => "メモを残しました。",
        "consultation-media-open" => "あなたが確認しています。ほかの職員にはまだ見えません。",
        "consultation-media-take" => "確認を引き継ぎました。いまはあなただけに表示しています。",
        "consultation-media-keep" => "確認済みにしました。相談を見る職員に表示されます。",
        "consultation-media-remove" => "消去しました。会員に知らせます。",
        "consultation-tag" => "タグを付けました。",
        "consultation-untag" => "タグを外しました。",
        "consultation-transfer" => "引き継ぎました。",
        "consultation-refer" => {
            "団体に問い合わせました。会員には、お名前を出さずに問い合わせていることを知らせます。"
        }
        "consultation-topic" => "分類を変更しました。",
        "consultation-reopen" => "相談を再開しました。あなたの担当です。",
        "consultation-merge" => "統合しました。続きはこの相談で行います。",
        "consultation-resolve" => "解決にしました。",
        "canned" => "定型文を加えました。",
        "canned-change" => "定型文を変更しました。前の文は残してあり、戻せます。",
        "canned-revert" => "前の文に戻しました。",
        "canned-retire" => "定型文の利用を停止しました。",
        "canned-restore" => "定型文の利用を再開しました。",
        "faq" => "よくある質問の下書きを作りました。別の職員が確認して公開します。",
        "faq-change" => "保存しました。別の職員が確認して公開するまで、会員には見えません。",
        "faq-revert" => "前の文に戻しました。別の職員が確認して公開するまで、会員には見えません。",
        "faq-publish" => "公開しました。会員がLINEで読めます。",
        "faq-withdraw" => "取り下げました。会員には見えません。",
        "body" => "団体を登録しました。",
        "body-active" => "団体の利用を再開しました。",
        "body-inactive" => "団体の利用を停止しました。",
        "revoked" => "招待を取り消しました。",
        "submitter-removed" => "投稿担当者から外しました。",
        "member-found" => "会員が見つかりました。",
        "member-erased" => "会員の記録を消去しました。投稿と決裁の記録は、名前も宛先も付かない形で残ります。",
        "setting" => "設定を変えました。いまから使われます。前の版には、下の「版」から戻せます。",
        "staff" => "職員を登録しました。",
        "roles" => "役割を変更しました。",
        "deactivate" => "ログインを停止しました。",
        "reactivate" => "ログインを再開しました。",
        "password" => "パスワードを変更しました。",
        "deputies" => "代決者を変更しました。",
        "language" => "表示の言語を変えました。",
        "launch-examine" => "LINEとの接続を確かめました。結果は下にあります。",
        "launch-seen" => "確認を記録しました。",
        "launch-propose" => "本番の開始を提案しました。別の管理者に承認を依頼してください。",
        "launch-confirm" => "本番を始めました。このあとの配信から会員に届きます。",
        "launch-withdraw" => "提案を取り下げました。",
        "launch-revert" => "試行に戻しました。このあとの配信は職員だけに届きます。",
        "disposal-propose" => {
            "廃棄を提案しました。まだ何も廃棄していません。別の管理者に、この画面での決定を依頼してください。"
        }
        "disposal-decide" => "廃棄を決定しました。1分以内に始まります。",
        "disposal-refuse" => "承認しませんでした。記録はそのまま残ります。",
        "disposal-withdraw" => "提案を取り下げました。記録はそのまま残ります。",
        "disposal-hold" => "保存を延長しました。この記録を一覧から外しました。",
        "reminders" => "LINEでの督促の設定を変えました。",
        "unlink" => "LINEとの結び付けを解除しました。",
        "provider" => "アカウントを結び付けました。次からこのアカウントでもログインできます。",
        "provider_off" => "アカウントの結び付けを解除しました。",
        "sessions" => "ログイン中の画面を終わらせました。",
        "factor_off" => "二段階認証を解除しました。次のログインからパスワードだけになります。",
        "release" => "保留を解除しました。まもなく配信されます。",
        "drop" => "この配信を取りやめました。",
        "allow" => "許可しました。許可する語の候補として、管理者に知らせます。",
        "word-accept" => "許可する語に加えました。これからの確認に使われます。",
        "word-decline" => "候補を消しました。",
        "word-remove" => "許可する語から外しました。",
        "word-add" => "許可する語に加えました。これからの確認に使われます。",
        "incident" => "記録を始めました。分かっている項目から入力してください。",
        "incident-saved" => "保存しました。",
        "incident-report_preliminary" => "速報を済ませたことを記録しました。",
        "incident-report_final" => "確報を済ませたことを記録しました。",
        "incident-close" => "この記録を閉じました。",
        "incident-reopen" => "この記録を再開しました。",
        "signed-out" => "ログアウトしました。",
        _ => return None,
    })
}

/// Roles as one line.
pub(crate) fn roles(roles: &Roles) -> Text {
    Text::list("・", roles.iter().map(lupinus_core::actor::Role::label_ja))
}

/// What a permission lets somebody do.
pub(crate) const fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::ReadPosts => "投稿を見る",
        Permission::WritePost => "センターの投稿を作る",
        Permission::CheckPost => "受付・差戻し",
        Permission::DecidePost => "承認・却下・配信・訂正",
        Permission::ReadConsultations => "相談を見る",
        Permission::AnswerConsultations => "相談に答える",
        Permission::ManageStaff => "職員の管理",
        Permission::ManageBodies => "団体と招待の管理",
        Permission::ReadAudit => "記録を見る",
        Permission::ReleaseHeld => "保留の解除",
        Permission::ManageWords => "許可する語の管理",
        Permission::HandleIncidents => "漏えい等の記録",
        Permission::ReadFigures => "集計を見る",
        Permission::ManageMembers => "会員の記録の開示・消去",
        Permission::ManageSettings => "設定の変更",
    }
}

/// What the trail calls an act.
pub(crate) fn act(action: &str) -> Text {
    Text::from(match action {
        "post.created" => "作成",
        "post.edited" => "編集",
        "post.audience_proposed" => "配信先の希望を変更",
        "post.submitted" => "提出",
        "post.recalled" => "引戻し",
        "post.taken" => "受付",
        "post.returned" => "差戻し",
        "post.rejected" => "却下",
        "post.approved" => "承認",
        "post.withdrawn" => "取下げ",
        "post.finding_allowed" => "個人情報の検出を許可",
        "post.stopped" => "配信の停止",
        "post.resumed" => "配信の再開",
        "post.cancelled" => "配信の中止",
        "post.reminded" => "督促",
        "post.tested" => "テスト配信",
        "post.resent" => "再配信",
        "post.scheduled" => "配信予約",
        "post.unscheduled" => "予約取消し",
        "post.sending" => "配信開始",
        "post.sent" => "配信完了",
        "post.failed" => "配信失敗",
        "post.signed_afterwards" => "事後の署名",
        "post.seen_afterwards" => "後閲",
        "post.expired_before_sending" => "期限切れで配信せず",
        "post.draft_erased" => "下書きを消去",
        "queue.claimed" => "担当になる",
        "queue.released" => "担当を外れる",
        "outbox.held" => "配信を保留",
        "outbox.released" => "保留を解除",
        "outbox.dropped" => "配信を取りやめ",
        "consultation.opened" => "相談の受付",
        "consultation.followed_up" => "追加のメッセージ",
        "consultation.reopened" => "再開",
        "consultation.taken" => "担当",
        "consultation.assigned" => "担当の指定",
        "consultation.answered" => "回答",
        "consultation.media_held" => "写真・ファイルを預かり",
        "consultation.media_opened" => "写真・ファイルの確認を開始",
        "consultation.media_taken_over" => "写真・ファイルの確認を引継ぎ",
        "consultation.media_checked" => "写真・ファイルを確認済みに",
        "consultation.media_removed" => "写真・ファイルを消去",
        "consultation.noted" => "メモ",
        "consultation.finding_allowed" => "個人情報の検出を許可",
        "consultation.tagged" => "タグ付け",
        "consultation.untagged" => "タグ外し",
        "consultation.transferred" => "引継ぎ",
        "consultation.referred" => "団体への問合せ",
        "consultation.classified" => "分類の変更",
        "consultation.thanked" => "お礼のメッセージ",
        "consultation.rated" => "満足度の回答",
        "consultation.reopened_by_staff" => "職員が再開",
        "consultation.merged_from" => "後の相談を統合",
        "consultation.merged_into" => "前の相談に統合",
        "consultation.resolved" => "解決",
        "consultation.resolved_by_member" => "相談者が解決",
        "consultation.resolved_by_silence" => "返信がないため終了",
        "consultation.unsent" => "送信取消",
        "consultation.forgotten" => "退会による消去",
        "consultation.faq_drafted" => "よくある質問の下書きを作成",
        "consultation.faq_recognisable" => "よくある質問で個人が分かるおそれ",
        "faq.drafted" => "よくある質問の下書き",
        "faq.changed" => "よくある質問の変更",
        "faq.reverted" => "よくある質問を前の版に戻す",
        "faq.published" => "よくある質問の公開",
        "faq.withdrawn" => "よくある質問の取下げ",
        "faq.finding_allowed" => "個人情報の検出を許可",
        "faq.erased" => "よくある質問の下書きを消去",
        "faq.wordings_erased" => "よくある質問の未確認の版を消去",
        "canned.written" => "定型文の作成",
        "canned.changed" => "定型文の変更",
        "canned.reverted" => "定型文を前の版に戻す",
        "canned.retired" => "定型文の利用停止",
        "canned.restored" => "定型文の利用再開",
        "member.followed" => "友だち追加",
        "member.blocked" => "ブロック",
        "member.returned" => "ブロック解除",
        "member.rules_accepted" => "利用規約に同意",
        "member.profile_changed" => "登録内容の変更",
        "member.left" => "退会",
        "member.erased" => "会員の記録を消去",
        "member.looked_at" => "会員の記録を閲覧",
        "member.exported" => "会員の記録の書き出し",
        "member.submits" => "投稿担当者になる",
        "member.submits_no_more" => "投稿担当者から外れる",
        "member.code_refused" => "招待コードの誤り",
        "member.linked" => "職員アカウントと結び付け",
        "member.unlinked" => "職員アカウントとの結び付けを解除",
        "invitation.created" => "招待の発行",
        "invitation.redeemed" => "招待の使用",
        "invitation.revoked" => "招待の取消し",
        "body.created" => "団体の登録",
        "body.activated" => "団体の利用再開",
        "body.deactivated" => "団体の利用停止",
        "staff.created" => "職員の登録",
        "staff.roles_changed" => "役割の変更",
        "staff.deactivated" => "ログイン停止",
        "staff.reactivated" => "ログイン再開",
        "staff.password_set" => "パスワードの変更",
        "staff.deputies_set" => "代決者の変更",
        "staff.second_factor_set" => "二段階認証の設定",
        "staff.second_factor_removed" => "二段階認証の解除",
        "staff.provider_linked" => "認証基盤のアカウントとの結び付け",
        "staff.provider_unlinked" => "認証基盤のアカウントとの結び付けを解除",
        "staff.link_offered" => "LINEと結び付けるコードの発行",
        "staff.link_withdrawn" => "LINEと結び付けるコードの取消し",
        "staff.linked" => "LINEとの結び付け",
        "staff.line_reminders" => "LINEでの督促の設定",
        "staff.unlinked" => "LINEとの結び付けを解除",
        "setting.changed" => "設定の変更",
        "disposal.proposed" => "廃棄の提案",
        "disposal.held_back" => "保存の延長",
        "disposal.refused" => "廃棄の不承認",
        "disposal.withdrawn" => "廃棄の提案の取下げ",
        "disposal.decided" => "廃棄の決定",
        "disposal.done" => "廃棄の終了",
        "record.disposed" => "廃棄",
        "launch.trial_begun" => "試行の開始",
        "launch.seen" => "始める前の確認",
        "launch.examined" => "LINEとの接続の確認",
        "launch.proposed" => "本番の開始の提案",
        "launch.withdrawn" => "提案の取下げ",
        "launch.live" => "本番の開始",
        "launch.trial" => "試行に戻す",
        "word.suggested" => "許可する語の候補",
        "word.accepted" => "許可する語に追加",
        "word.declined" => "候補を却下",
        "word.removed" => "許可する語から削除",
        "incident.opened" => "漏えい等の記録を開始",
        "incident.saved" => "漏えい等の記録を変更",
        "incident.preliminary_reported" => "速報の報告",
        "incident.final_reported" => "確報の報告",
        "incident.closed" => "漏えい等の記録を終了",
        "incident.reopened" => "漏えい等の記録を再開",
        "incident.exported" => "漏えい等の記録の書き出し",
        "staff.signed_in" => "ログイン",
        "staff.sessions_ended" => "ログイン中の画面を終わらせた",
        "staff.sign_in_failed" => "ログイン失敗",
        "staff.sign_in_paused" => "ログイン失敗が多いため、全員のログインを一時停止",
        "staff.sign_in_slowed" => "同じ接続元からの試行が多いため、ログインを制限",
        other => return Text::given(other),
    })
}

/// What a record is called in short: what it is, and how its id begins.
pub(crate) fn subject(subject: &Subject) -> Text {
    let (kind, id) = subject.as_str().split_once('/').unwrap_or((subject.as_str(), ""));
    say!("{kind} {id}", kind = subject_kind(kind), id = id.chars().take(8).collect::<String>())
}

/// What the trail calls the sort of thing that an entry is about.
pub(crate) fn subject_kind(kind: &str) -> Text {
    Text::from(match kind {
        "post" => "投稿#one",
        "consultation" => "相談#one",
        "member" => "会員#one",
        "body" => "団体",
        "invitation" => "招待",
        "staff" => "職員",
        "outbox" => "配信",
        "listed_word" => "許可する語",
        "incident" => "漏えい等",
        "setting" => "設定",
        "launch" => "試行と本番",
        "disposal" => "廃棄#subject",
        "canned_answer" => "定型文",
        "faq" => "よくある質問",
        other => return Text::given(other),
    })
}
