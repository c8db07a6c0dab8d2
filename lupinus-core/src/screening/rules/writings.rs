//! What forms, lists and hurried messages hold, in the writings in which they hold it. All values are made up.

use super::super::Context::{Consultation, Post};
use super::super::PiiKind;
use super::tests::{finds, finds_nothing_private};

// R8
#[test]
fn what_forms_and_lists_hold_is_read_in_their_writings() {
    finds(
        Consultation,
        PiiKind::HealthInsuranceNo,
        &[
            ("記号8713番号56644 枝番号01 でした", "記号8713番号56644 枝番号01"),
            ("記号 709・番号 237141 枝番号03、", "記号 709・番号 237141 枝番号03"),
        ],
    );
    finds(
        Post,
        PiiKind::SocialId,
        &[
            ("体験談を寄せてくれた西谷英二さんのSNS sadao6160", "sadao6160"),
            ("世話人の岩佐雄一さん。連絡はLINEで(ID @yoko-gst87)", "@yoko-gst87"),
        ],
    );
    finds(
        Consultation,
        PiiKind::SocialId,
        &[
            ("LINE ID Ue8ed0b1bd569e08acbd7fe3d64fd4a0d です", "Ue8ed0b1bd569e08acbd7fe3d64fd4a0d"),
            ("息子さんのX @ryohei.hhb3 に", "@ryohei.hhb3"),
        ],
    );
    finds(Post, PiiKind::CarPlate, &[("相手の車は松江４７０ひ６９－４７です", "松江４７０ひ６９－４７")]);
    finds(Consultation, PiiKind::PatientId, &[("IDＷ－９７３２１で検索したら", "Ｗ－９７３２１")]);
    finds(Post, PiiKind::PatientId, &[("眼鏡と診察券（ｲﾉﾏﾀﾕｳｺ　T-01620）が残されていました", "T-01620")]);
    finds(
        Consultation,
        PiiKind::Address,
        &[
            (
                "山田花子さんの住所は出雲市島村町5丁目9番23号　コーポ21 205号室です",
                "出雲市島村町5丁目9番23号　コーポ21 205号室",
            ),
            (
                "山田花子様の住所、益田市栄町三丁目五番十七号　第二日の出荘203号室",
                "益田市栄町三丁目五番十七号　第二日の出荘203号室",
            ),
        ],
    );
    finds_nothing_private(
        Consultation,
        &[
            "今日の研修、カメラOFFでいいですか？ID 902 3821 9404",
            "お孫さんの誕生日で令和8年11月12日(木)は外出です",
            "返却期限9月26日（土）、図書番号8994379です。",
            "当番の携帯090-3586-9382が出ません。",
            "窓口は介護保険課(0120-337-867)で合ってます？",
        ],
    );
    finds_nothing_private(
        Post,
        &[
            "身寄りのない方の入院支援ガイドライン　p.11をご覧ください",
            "発注番号 63519194、バイアル:87本、シリンジ:43本",
            "徘徊の方がいたら。発見したら（0859）29-3651へ",
        ],
    );
}

// R8
#[test]
fn what_is_written_beside_a_number_or_behind_a_house_says_whose_it_is() {
    finds(
        Consultation,
        PiiKind::PatientId,
        &[
            ("488-8616（山口メンタルクリニックの診察券）って誰のですか？", "488-8616"),
            ("ｾｶﾞﾜｼｹﾞﾉﾌﾞ ﾃﾞｽ ﾘﾖｳｼｬﾅﾝﾊﾞｰ 4140-1812", "4140-1812"),
        ],
    );
    finds(
        Consultation,
        PiiKind::Address,
        &[
            (
                "退院証明書は京都市中京区寺町通二条下る榎木町93 金城ハル様",
                "京都市中京区寺町通二条下る榎木町93",
            ),
            ("新谷さん宅、国見1732-10に引っ越されました。", "国見1732-10"),
        ],
    );
    finds(
        Consultation,
        PiiKind::PersonName,
        &[("37577970 ←後期のﾊﾞﾝｺﾞｳ ｴﾐｺさん", "ｴﾐｺ"), ("緊急連絡先：長男 秀樹様まで", "秀樹")],
    );
    finds(Post, PiiKind::SocialId, &[("参加希望者は個人LINEのID @yoshiko.mas05 まで", "@yoshiko.mas05")]);
    finds_nothing_private(
        Consultation,
        &[
            "daiichi.yakkyoku.6x5@gmail.com 宛に送った空き状況、見てもらえましたか",
            "0868-53-4406へ送ったFAXは別の方のものです。宛先を間違えました。",
            "事業所の携帯（080-6872-2509）に連絡もらえれば、サ責につながります。",
            "39330527は後期高齢の保険者番号ですよね。",
            "栄養剤のコードが72977983なのですが、処方できますか？",
            "ひなた在宅クリニックの先生 12/14(月)ｷｭｳｼﾝだそうです",
            "法人番号7344286809254の法人様との契約書は取り交わしました。",
        ],
    );
}

// R8
#[test]
fn a_label_frees_no_number_but_its_own() {
    for (context, kind, text, number) in [
        (Consultation, PiiKind::PublicExpenseNo, "1234567（公費受給者番号） 負担者番号 54136015", "1234567"),
        (Post, PiiKind::PublicExpenseNo, "1234567（公費受給者番号） 負担者番号 54136015", "1234567"),
        (Consultation, PiiKind::CareInsuranceNo, "田中ハルさん 0012345678（保険者番号131016）", "0012345678"),
        (
            Consultation,
            PiiKind::CareInsuranceNo,
            "0012345678（介護保険被保険者）保険者番号131016",
            "0012345678",
        ),
        (Consultation, PiiKind::PatientId, "12345（診察券） 医療機関コード 1312345", "12345"),
        (Consultation, PiiKind::CareInsuranceNo, "紙おむつの申請、0012345678の方です", "0012345678"),
        (
            Consultation,
            PiiKind::CareInsuranceNo,
            "紙パンツの給付、田中ハルさん 0012345678 です",
            "0012345678",
        ),
        (
            Consultation,
            PiiKind::Email,
            "長女のメールは hanako.tanaka@nifty.com090-1234-5678",
            "hanako.tanaka@nifty.com",
        ),
        (Consultation, PiiKind::Email, "連絡はyamada.kango@gmail.comへ", "yamada.kango@gmail.com"),
        (Consultation, PiiKind::Email, "返信は t.k(at)so-net.ne.jp へ", "t.k(at)so-net.ne.jp"),
        (Consultation, PiiKind::Email, "返信は t.kアットasahi-net.or.jp へ", "t.kアットasahi-net.or.jp"),
        (Consultation, PiiKind::Email, "sakangoro@gmail.com へFAXの番号を送って", "sakangoro@gmail.com"),
        (Consultation, PiiKind::Phone, "サマリーは 090-1234-5678 へ送ってください", "090-1234-5678"),
    ] {
        finds(context, kind, &[(text, number)]);
    }
}
