//! What the words beside a number say that it is.

use std::sync::LazyLock;

use super::super::PiiKind;
use super::wordlist::Wordlist;

/// What a word says of the number beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// A person is registered under it.
    Of(PiiKind),
    /// Somebody's or something's: a post needs more than that.
    Vague,
    /// The same: in a chat a patient's.
    Id,
    /// A thing's, an office's or an amount.
    Thing,
}

use Label::{Id, Of, Thing, Vague};
use PiiKind::{
    BankAccount, CardNo, CareInsuranceNo, DriversLicenseNo, HealthInsuranceNo, LateElderlyNo, MyNumber,
    PassportNo, PatientId, PensionNo, PublicExpenseNo, ResidenceCardNo, ResidentCode,
};

/// Words, the longest of which counts where several begin at one place.
const LABELS: &[(Label, &str)] = &[
    (
        Of(CareInsuranceNo),
        "介護保険 被保険者 被保番 被保 介保 介護証 負担割合証 認定証 介護: みなし2号 介護券",
    ),
    (Of(LateElderlyNo), "後期 後高"),
    (
        Of(HealthInsuranceNo),
        "健康保険 社会保険 保険証 資格確認書 国保 社保 健保 協会けんぽ 記号 枝番 限度額認定",
    ),
    (
        Of(PublicExpenseNo),
        "受給者 受給 公費 難病 医療証 医療券 自立支援 特定疾患 特定医療 助成券 福祉医療 マル福",
    ),
    (Of(PensionNo), "年金"),
    (Of(DriversLicenseNo), "免許"),
    (Of(PassportNo), "旅券 パスポート passport Passport PASSPORT 外国人 国籍 実習生 ビザ"),
    (Of(ResidenceCardNo), "在留"),
    (Of(ResidentCode), "住民票 住基"),
    (Of(MyNumber), "マイナンバー 個人番号 マイナ 通知カード"),
    (Of(BankAccount), "口座 通帳 普通 当座 貯蓄 総合 振込先 引落 引き落とし ゆうちょ 名義"),
    (Of(CardNo), "クレジット クレカ カード番号 カードの番号 VISA Visa JCB Master デビット"),
    (
        Of(PatientId),
        "カルテ 診察券 受診券 患者 利用者番号 利用者ID 利用者コード 利用者ナンバー リヨウシャナンバー 利用者No 登録者番号",
    ),
    (Id, "ID id"),
    (Vague, "番号 コード No NO no ナンバー 証 手帳 旧 新 本人 正 誤"),
    // Things and their makers.
    (
        Thing,
        "TAIS JAN ISBN ISSN doi DOI YJ HOT 型番 型式 品番 品名 品目 機種 機番 機器 器械 本体 部品 製番 製造 製品 商品 \
         シリアル S/N SN ロット LOT Lot カタログ 医薬品コード 薬価 レセ電 資産番号 備品番号 在庫 ボンベ 車台 認証番号 \
         栄養剤のコード 商品のコード 製品のコード 用品のコード 衛生材料のコード 承認番号 届出番号 許可番号 モデル 使用期限",
    ),
    // Parcels, orders and bills.
    (
        Thing,
        "注文 発注 受注 納品 請求番号 請求書 見積 伝票 送り状 追跡 荷物 宅配 問い合わせ番号 問合せ番号 問合番号 \
         お問い合わせ 郵便物 契約番号 予約番号 予約No チケット",
    ),
    // Papers.
    (
        Thing,
        "図書番号 お客様番号 受付番号 受付No 受付ID 整理番号 管理番号 通し番号 文書番号 通知番号 発番 告示 通達 事務連絡 議案 申請番号 査読 \
         演題 論文 学会誌 課題番号 研究番号 Vol vol pp 様式 条例 研修番号 研修コード シール 会員番号 受講番号 受験",
    ),
    // Meetings and programs.
    (
        Thing,
        "Zoom ZOOM zoom ズーム Teams Webex Meet ミーティング 会議 ウェビナー パスコード パスワード パス 暗証 認証コード \
         確認コード ワンタイム ログイン アクセス バージョン エラー",
    ),
    // Offices.
    (
        Thing,
        "事業所 事業者 法人番号 保険者番号 保険者 負担者 医療機関 指定番号 登録番号 インボイス 都道府県 市町村コード \
         団体コード サービスコード 加算 FAX Fax ファックス ファクス",
    ),
    // Staff, rooms and devices.
    (
        Thing,
        "内線 職員ID 職員番号 社員ID 社員番号 スタッフID ユーザーID 施設ID ルームID 端末 アカウントID 動画ID 機器ID Wi-Fi WiFi",
    ),
    // Amounts.
    (
        Thing,
        "金額 合計 総額 予算 残高 売上 人口 面積 単位数 点数 血圧 検査値 BNP WBC PLT 白血球 血小板 歩数 時刻 日時 期間",
    ),
];

static MATCHER: LazyLock<Option<Wordlist<Label>>> = LazyLock::new(|| {
    Wordlist::new(LABELS.iter().flat_map(|(label, words)| words.split(' ').map(move |word| (word, *label))))
});

/// The labels in `words`, in order.
pub(super) fn labels(words: &str) -> impl DoubleEndedIterator<Item = Label> {
    let found: Vec<Label> = MATCHER
        .as_ref()
        .map_or_else(Vec::new, |matcher| matcher.find(words).map(|(_, label)| label).collect());
    found.into_iter()
}

/// How many digits a number of this kind has.
pub(super) fn fits(kind: PiiKind, digits: usize) -> bool {
    match kind {
        // The insured of either insurance have one.
        CareInsuranceNo => matches!(digits, 8 | 10),
        PensionNo => digits == 10,
        LateElderlyNo => digits == 8,
        HealthInsuranceNo => (5..=14).contains(&digits),
        PublicExpenseNo | PassportNo => digits == 7,
        DriversLicenseNo | MyNumber => digits == 12,
        ResidentCode => digits == 11,
        BankAccount => (6..=8).contains(&digits) || digits == 13,
        CardNo => (14..=16).contains(&digits),
        PatientId => (3..=12).contains(&digits),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_says_what_a_number_is() {
        let all = |words: &str| labels(words).collect::<Vec<_>>();
        assert_eq!(all("被保険者番号"), [Of(CareInsuranceNo), Vague]);
        assert_eq!(all("保険者番号"), [Thing]);
        assert_eq!(all("Zoom ID:"), [Thing, Id]);
        assert_eq!(all("何もない"), []);
    }
}
