//! What a page says when it cannot be shown. Each says what to do next.

use std::sync::Arc;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use lupinus_core::{service::ServiceError, store::StoreError};

use crate::{text::Text, words};

/// Why there is no page, for the person in front of it. The gate draws it: handlers know nothing of the frame around.
#[derive(Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) title: &'static str,
    pub(crate) sentence: Text,
    pub(crate) next: &'static str,
    /// What was typed and would be lost.
    pub(crate) words: Vec<String>,
    /// Whether the way on is to sign in.
    pub(crate) sign_in: bool,
    /// For the log.
    pub(crate) source: Option<Arc<ServiceError>>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, sentence: impl Into<Text>, next: &'static str) -> Self {
        Self {
            status,
            title,
            sentence: sentence.into(),
            next,
            words: Vec::new(),
            sign_in: false,
            source: None,
        }
    }

    pub(crate) fn with_words(self, words: Vec<String>) -> Self {
        Self { words, ..self }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "ページが見つかりません",
            "お探しのページはないか、削除されました。",
            "アドレスを確かめるか、「やること」からたどり直してください。",
        )
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "この操作には対応していません",
            "このアドレスでは、その種類の操作を受け付けていません。何も変更されていません。",
            "「やること」からたどり直してください。",
        )
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "権限がありません",
            "このページを見る、またはこの操作をする権限がありません。",
            "必要な場合は、管理者に役割の追加を依頼してください。",
        )
    }

    pub(crate) fn form_expired() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "画面の有効期限が切れました",
            "安全のため、この送信は受け付けませんでした。何も変更されていません。",
            "元の画面を開き直し、下に残した入力内容を貼り付けて、もう一度送信してください。",
        )
    }

    pub(crate) fn foreign_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "送信を受け付けませんでした",
            "ほかのサイトから送られた操作は受け付けません。何も変更されていません。",
            "この画面を開いた覚えがない場合は、そのまま閉じて管理者に知らせてください。",
        )
    }

    pub(crate) fn session_ended() -> Self {
        let mut problem = Self::new(
            StatusCode::UNAUTHORIZED,
            "ログインし直してください",
            "しばらく操作がなかったか、ほかの画面でログアウトしたため、送信できませんでした。何も変更されていません。",
            "下に残した入力内容を控えてから、ログインし直してください。",
        );
        problem.sign_in = true;
        problem
    }

    pub(crate) fn too_many_attempts() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "しばらくログインできません",
            "ログインの試行が続いたため、安全のため受付を止めています。パスワードが正しくてもログインできません。",
            "15分ほど待ってから、もう一度お試しください。心当たりがない場合は、管理者に知らせてください。",
        )
    }

    pub(crate) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "ファイルが大きすぎます",
            "添付は1つ10MBまでです。",
            "小さいファイルにして、もう一度送信してください。",
        )
    }

    pub(crate) fn factor_needed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "二段階認証の設定が必要です",
            "あなたの役割では、二段階認証を設定するまで操作できません。何も変更されていません。",
            "「自分の設定」から二段階認証を設定してください。",
        )
    }

    pub(crate) fn unreadable() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "送信された内容を読み取れませんでした",
            "何も変更されていません。",
            "元の画面を開き直して、もう一度お試しください。",
        )
    }

    pub(crate) fn refused(status: StatusCode, sentence: Text) -> Self {
        Self::new(
            status,
            "この操作はできませんでした",
            sentence,
            "前の画面に戻って、現在の状態を確かめてください。",
        )
    }

    pub(crate) fn broken(source: Option<ServiceError>) -> Self {
        let mut problem = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "処理できませんでした",
            "システムの不具合のため、処理できませんでした。",
            "少し待ってからもう一度お試しください。続く場合は、時刻とともに管理者へ知らせてください。",
        );
        problem.source = source.map(Arc::new);
        problem
    }

    fn unavailable(source: ServiceError) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ただいま混み合っています",
            "データの保存先が応答しないか、ほかの方の操作と重なりました。",
            "少し待ってから、画面を開き直してください。変更されたかどうかも、開き直した画面で確かめられます。",
        );
        problem.source = Some(Arc::new(source));
        problem
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound(_) => Self::not_found(),
            ServiceError::NotAllowed => Self::forbidden(),
            ServiceError::Busy | ServiceError::Store(StoreError::Unavailable(..)) => Self::unavailable(error),
            error => match words::refusal(&error) {
                Some(sentence) => Self::refused(words::status(&error), sentence),
                None => Self::broken(Some(error)),
            },
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        ServiceError::from(error).into()
    }
}

impl From<tower_sessions::session::Error> for Problem {
    fn from(_: tower_sessions::session::Error) -> Self {
        Self::broken(None)
    }
}

impl From<askama::Error> for Problem {
    fn from(_: askama::Error) -> Self {
        Self::broken(None)
    }
}

/// The bare status with the problem attached; the gate makes the page of it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
