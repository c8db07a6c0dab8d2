//! What is found, kind by kind, and what only looks alike. All values are made up.

use super::super::{Context, PersonalInfoDetector, PiiKind, RuleDetector};
use Context::{Consultation, Post};

fn found(text: &str, context: Context) -> Vec<(PiiKind, &str)> {
    RuleDetector::new().detect(text, context).into_iter().map(|f| (f.kind, &text[f.start..f.end])).collect()
}

#[track_caller]
pub(super) fn finds(context: Context, kind: PiiKind, cases: &[(&str, &str)]) {
    let missed: Vec<_> = cases
        .iter()
        .map(|(text, expected)| (text, expected, found(text, context)))
        .filter(|(_, expected, found)| !found.contains(&(kind, expected)))
        .collect();
    assert!(missed.is_empty(), "{kind}: {missed:#?}");
}

#[track_caller]
pub(super) fn finds_nothing_private(context: Context, texts: &[&str]) {
    let private: Vec<_> = texts
        .iter()
        .flat_map(|text| RuleDetector::new().detect(text, context).into_iter().map(move |f| (text, f)))
        .filter(|(_, f)| f.kind.owner() == super::super::Owner::Person && f.confidence.as_percent() >= 50)
        .map(|(text, f)| (text, f.kind, &text[f.start..f.end], f.reason))
        .collect();
    assert!(private.is_empty(), "{private:#?}");
}

#[test]
fn numbers_with_check_digits_are_found_in_any_spelling() {
    finds(
        Consultation,
        PiiKind::MyNumber,
        &[
            ("番号は123456789018です", "123456789018"),
            ("１２３４－５６７８－９０１８", "１２３４－５６７８－９０１８"),
            ("マイナンバー 1111 2222 3333 だそうです", "1111 2222 3333"),
        ],
    );
    finds(Consultation, PiiKind::CardNo, &[("4111-1111-1111-1111で払う", "4111-1111-1111-1111")]);
    finds_nothing_private(
        Consultation,
        &["受付番号は123456789018です", "123456789012の箱", "1234567890180の商品"],
    );
}

#[test]
fn numbers_are_known_by_the_words_before_them() {
    for (kind, text, number) in [
        (PiiKind::CareInsuranceNo, "被保険者番号0000123456の方", "0000123456"),
        (PiiKind::CareInsuranceNo, "介護保険の番号はH123456789", "H123456789"),
        (PiiKind::LateElderlyNo, "後期高齢者医療の番号 12345678", "12345678"),
        (PiiKind::HealthInsuranceNo, "記号12番号3456", "記号12番号3456"),
        (PiiKind::PublicExpenseNo, "受給者番号は1234567", "1234567"),
        (PiiKind::PensionNo, "年金手帳 1234-567890", "1234-567890"),
        (PiiKind::DriversLicenseNo, "免許証 301234567890", "301234567890"),
        (PiiKind::PassportNo, "パスポートはTR1234567", "TR1234567"),
        (PiiKind::ResidenceCardNo, "カードAB12345678CDの更新", "AB12345678CD"),
        (PiiKind::ResidentCode, "住民票コード 12345678901", "12345678901"),
        (PiiKind::BankAccount, "普通 1234567 です", "普通 1234567"),
        (PiiKind::PatientId, "カルテ番号は A-10293", "A-10293"),
        (PiiKind::CarPlate, "島根 500 あ 12-34 の車", "島根 500 あ 12-34"),
        (PiiKind::SocialId, "LINE ID: hanako_1940", "hanako_1940"),
    ] {
        finds(Consultation, kind, &[(text, number)]);
    }
}

// R8
#[test]
fn a_labelled_number_is_found_whatever_stands_between_its_digits() {
    for (kind, text, number) in [
        (PiiKind::CareInsuranceNo, "被保険者番号は0004-827163です", "0004-827163"),
        (PiiKind::CareInsuranceNo, "被保険者番号 000482 7163", "000482 7163"),
        (PiiKind::CareInsuranceNo, "被保険者番号：0 0 0 4 8 2 7 1 6 3 の方", "0 0 0 4 8 2 7 1 6 3"),
        (PiiKind::CareInsuranceNo, "介護保険の番号は00/04/82/71/63", "00/04/82/71/63"),
        (PiiKind::CareInsuranceNo, "被保番 ０００４＿８２７＿１６３", "０００４＿８２７＿１６３"),
        (PiiKind::CareInsuranceNo, "介護保険 0004827・163", "0004827・163"),
        (PiiKind::CareInsuranceNo, "被保険者番号は0004ー82−71‐63、更新です", "0004ー82−71‐63"),
        (PiiKind::CareInsuranceNo, "被保険者番号 0004\t827163 10/05更新", "0004\t827163"),
        (PiiKind::CareInsuranceNo, "被保険者番号 0004 8271 6 3", "0004 8271 6 3"),
        (PiiKind::CareInsuranceNo, "被保険者番号は 0004 8/27 1 6/3", "0004 8/27 1 6/3"),
        (PiiKind::CareInsuranceNo, "被保険者番号は H12345 6789", "H12345 6789"),
        (PiiKind::CareInsuranceNo, "被保険者番号 0853-210000です", "0853-210000"),
        (PiiKind::MyNumber, "個人番号は12345-678-9012", "12345-678-9012"),
        (PiiKind::MyNumber, "マイナンバー 1 2 3 4 5 6 7 8 9 0 1 2", "1 2 3 4 5 6 7 8 9 0 1 2"),
        (PiiKind::LateElderlyNo, "後期高齢者医療の番号 123/456/78", "123/456/78"),
        (PiiKind::PensionNo, "年金手帳 12345/67890", "12345/67890"),
        (PiiKind::PensionNo, "基礎年金番号は1234_567890", "1234_567890"),
        (PiiKind::PublicExpenseNo, "受給者番号は123-4567", "123-4567"),
        (PiiKind::DriversLicenseNo, "免許証 30-12345-67890", "30-12345-67890"),
        (PiiKind::PassportNo, "パスポートは TR 123 4567", "TR 123 4567"),
        (PiiKind::ResidentCode, "住民票コード 123-4567-8901", "123-4567-8901"),
        (PiiKind::HealthInsuranceNo, "記号番号は12 34-567です", "12 34-567"),
        (PiiKind::HealthInsuranceNo, "記号・番号 12/34 567", "12/34 567"),
        (PiiKind::HealthInsuranceNo, "記号雲5 番号1282526 枝番01", "記号雲5 番号1282526 枝番01"),
        (PiiKind::BankAccount, "記号16940 番号01692251", "記号16940 番号01692251"),
        (PiiKind::HealthInsuranceNo, "記号 1 2 3 4 番号 5 6 7", "記号 1 2 3 4 番号 5 6 7"),
        (PiiKind::BankAccount, "普通 123-4567 です", "普通 123-4567"),
        (PiiKind::BankAccount, "口座番号は1 2 3 4 5 6 7", "口座番号は1 2 3 4 5 6 7"),
        (PiiKind::PatientId, "カルテ番号は 0 0 4 8 2 7 です", "0 0 4 8 2 7"),
        (PiiKind::PatientId, "カルテ番号 1029 3847 148/82", "1029 3847"),
        (PiiKind::PatientId, "カルテ番号 1029 3847 090-1234-5678", "1029 3847"),
        (PiiKind::PatientId, "診察券番号 004/827", "004/827"),
        (PiiKind::PatientId, "患者ID A-10293 75歳", "A-10293"),
    ] {
        finds(Consultation, kind, &[(text, number)]);
        finds(Post, kind, &[(text, number)]);
    }
}

// R8
#[test]
fn a_mobile_number_is_found_whatever_stands_between_its_digits() {
    finds(
        Consultation,
        PiiKind::Phone,
        &[
            ("電話 0 9 0 4 8 2 7 1 6 3 9", "0 9 0 4 8 2 7 1 6 3 9"),
            ("090/4827/1639", "090/4827/1639"),
            ("090_4827_1639", "090_4827_1639"),
            ("０８０／４８２７／１６３９です", "０８０／４８２７／１６３９"),
            ("090-482-71639", "090-482-71639"),
            ("0904-8271-639に", "0904-8271-639"),
            ("09 04 82 71 63 9", "09 04 82 71 63 9"),
            ("070・48・27・16・39", "070・48・27・16・39"),
            ("0ー9ー0ー4ー8ー2ー7ー1ー6ー3ー9", "0ー9ー0ー4ー8ー2ー7ー1ー6ー3ー9"),
            ("060\t48271639", "060\t48271639"),
            ("+81 90/4827/1639", "+81 90/4827/1639"),
            ("0904827163/9です", "0904827163/9"),
            ("10/05 090/4827/1639へ", "090/4827/1639"),
            ("2026/10/05 090-482-71639へ", "090-482-71639"),
            ("0853-21-0000/090/4827/1639", "090/4827/1639"),
            ("電話は090/4827/1639日中のみ", "090/4827/1639"),
        ],
    );
    finds(Post, PiiKind::Phone, &[("世話役の携帯 090/4827/1639まで", "090/4827/1639")]);
    finds(Post, PiiKind::OrgPhone, &[("問合先 事務局 090/4827/1639", "090/4827/1639")]);
    finds(Consultation, PiiKind::OrgPhone, &[("無料です 0800/123/4567", "0800/123/4567")]);
}

#[test]
fn dates_times_amounts_and_pages_are_no_oddly_written_numbers() {
    for context in [Consultation, Post] {
        finds_nothing_private(
            context,
            &[
                "介護保険の更新は2026/10/05 14:00です",
                "介護保険証 2026/10/05 1000円",
                "介護保険 10/05 10/12 10/19 11/2",
                "保険証は5/12に返却",
                "カルテ 2026-10-05 記載",
                "後期の予定 10/05 11/12",
                "後期 10/05 11/12",
                "後期の保険証番号 2026/10/5 1",
                "後期 10/05-11/12",
                "難病相談会 6/1 6/8 6/15",
                "難病 6・8・10・12・1月",
                "マイナンバーの手引き P12-15 18-20 30-45",
                "個人番号の手引き 12-15 18-20 30-45",
                "個人番号 12-15 18-20 30-45ページ",
                "個人番号の受付番号 1234/5678/9012",
                "マイナンバー窓口 050-1234-5678 9時から",
                "介護保険事業所番号 3170/0000/01",
                "年金 123,456円、1234 567890円",
                "年金の相談 2026.10.05 10時",
                "介護保険料 1,234,567円",
                "患者さんは 65 70 75 80 代",
                "普通救命講習 6/1 6/8 6/15",
                "2026/05/07 08:09-10:11",
                "05/06 07:00-08:00",
                "05/07/12 14 05 10",
                "05 06 07 08 09 10 11",
                "050-055 060-065 070-075",
                "0.5 0.25 0.125 10",
                "0700 0800 0900 1000",
                "070/0800/0900円",
                "090/4827/163",
                "090/4827/16390",
                "1/090/4827/1639",
                "040/4827/1639",
                "Zoom 090/4827/1639",
                "TAIS 09020/508508",
                "受付番号は090_4827_1639です",
                "ミーティングID 812/3456/7890",
                "血圧 148/82 150/90 体温 36.5",
            ],
        );
    }
    finds_nothing_private(
        Post,
        &["介護保険課 0853-21-0000", "年金事務所 0852-23-9540", "年金ダイヤル 0570-05-1165"],
    );
}

#[test]
fn public_numbers_are_an_organisations() {
    finds(
        Post,
        PiiKind::OrgId,
        &[("事業所番号3170000001", "3170000001"), ("法人番号1234567890123", "1234567890123")],
    );
    finds_nothing_private(
        Consultation,
        &[
            "保険者番号 323456",
            "Zoom 812 3456 7890 パス 123456",
            "TAIS 01234-567890",
            "血圧148/82、体温36.5",
            "室番 203-1",
        ],
    );
}

#[test]
fn a_telephone_number_belongs_to_whom_the_words_around_say() {
    finds(
        Consultation,
        PiiKind::Phone,
        &[
            ("電話は090-1234-5678です", "090-1234-5678"),
            ("娘の携帯０８０ー１２３４ー５６７８", "０８０ー１２３４ー５６７８"),
            ("〇九〇ー一二三四ー五六七八です", "〇九〇ー一二三四ー五六七八"),
            ("自宅(0853)21-0000", "(0853)21-0000"),
            ("+81 90 1234 5678", "+81 90 1234 5678"),
        ],
    );
    finds(Post, PiiKind::Phone, &[("世話役の携帯090-1234-5678まで", "090-1234-5678")]);
    finds(
        Post,
        PiiKind::OrgPhone,
        &[
            ("お問い合わせ：〇〇事務局 TEL 0853-21-0000", "0853-21-0000"),
            ("問合先 090-1234-5678（担当：協会 高木）", "090-1234-5678"),
            ("フリーダイヤル 0120-000-000", "0120-000-000"),
        ],
    );
    finds(Consultation, PiiKind::OrgPhone, &[("福祉課の代表0853-21-0000でよいですか", "0853-21-0000")]);
    finds_nothing_private(Consultation, &["2026-05-12に訪問", "品番 0012-34-5678", "品番 090-12"]);
}

#[test]
fn a_mail_address_belongs_to_whom_its_domain_says() {
    finds(
        Consultation,
        PiiKind::Email,
        &[
            ("hanako1940@gmail.comへ", "hanako1940@gmail.com"),
            ("ｔａｒｏ＠docomo.ne.jp", "ｔａｒｏ＠docomo.ne.jp"),
        ],
    );
    finds(Post, PiiKind::OrgEmail, &[("メール renkei@city.example.lg.jp", "renkei@city.example.lg.jp")]);
}

#[test]
fn an_address_has_a_house_number() {
    finds(
        Consultation,
        PiiKind::Address,
        &[
            ("自宅は出雲市今市町1-2-3です", "出雲市今市町1-2-3"),
            ("大社町杵築南1234番地です", "大社町杵築南1234番地"),
            ("松江市西川津町1060の方", "松江市西川津町1060"),
            ("一丁目は、塩冶町二丁目三番四号", "塩冶町二丁目三番四号"),
            ("出雲市塩冶町223-5 メゾン塩冶101へ", "出雲市塩冶町223-5 メゾン塩冶101"),
        ],
    );
    finds(Post, PiiKind::OrgAddress, &[("会場：大津町1139-1 公民館", "大津町1139-1")]);
    finds(Consultation, PiiKind::PostalCode, &[("〒693-0001 今市町1-2-3の自宅", "693-0001")]);
    finds_nothing_private(
        Consultation,
        &[
            "3丁目の交差点",
            "国道9号沿い",
            "出雲市役所2階",
            "松江市殿町1番街",
            "5月1日-3日は休み",
            "要支援1-2の方",
            "出雲市塩冶町89-1 大学病院で受診",
        ],
    );
}

#[test]
fn a_date_of_birth_is_old_or_said_to_be_one() {
    finds(
        Consultation,
        PiiKind::BirthDate,
        &[
            ("昭和12年3月4日", "昭和12年3月4日"),
            ("Ｓ１２．３．４の方", "Ｓ１２．３．４"),
            ("昭和十二年三月四日生", "昭和十二年三月四日"),
            ("1937年（昭和12年）3月4日", "1937年（昭和12年）3月4日"),
            ("生年月日 2001/5/6", "2001/5/6"),
        ],
    );
    finds_nothing_private(
        Post,
        &[
            "昭和56年5月31日以前の建築",
            "昭和22年4月1日以前に生まれた方",
            "令和8年6月12日（金）",
            "平成12年4月1日に施行",
            "1937年13月40日",
        ],
    );
}

#[test]
fn a_name_is_found_with_an_honorific_or_by_its_surroundings() {
    finds(
        Consultation,
        PiiKind::PersonName,
        &[
            ("山本さん(82)の件", "山本"),
            ("利用者高村様", "高村"),
            ("山田　花子さんは", "山田　花子"),
            ("ﾔﾏﾀﾞ ﾊﾅｺ様", "ﾔﾏﾀﾞ ﾊﾅｺ"),
            ("キヨさんが転倒", "キヨ"),
            ("藤原の件です", "藤原"),
            ("高橋：更新済、伊藤：未", "伊藤"),
            ("鈴木とらお、90歳", "鈴木とらお"),
            ("SUZUKI Hanakoの在留資格", "SUZUKI Hanako"),
        ],
    );
    finds(Consultation, PiiKind::Age, &[("山本さん(82)の件", "82"), ("山田花子、八十五歳", "八十五歳")]);
}

#[test]
fn a_professional_is_named_in_a_role() {
    finds(
        Post,
        PiiKind::ProfessionalName,
        &[
            ("講師：佐々木健一先生", "佐々木健一"),
            ("座長 中央病院 井上 誠 先生", "井上 誠"),
            ("担当：支援センター 吉田 （直通）", "吉田"),
            ("小林武彦氏（島根大学医学部教授）", "小林武彦"),
        ],
    );
    finds(
        Consultation,
        PiiKind::ProfessionalName,
        &[("主治医は田中先生です", "田中"), ("中田です。先日の件", "中田")],
    );
}

#[test]
fn roles_places_and_other_words_are_no_names() {
    finds_nothing_private(
        Consultation,
        &[
            "娘さん、皆さん、看護師さん、包括さん、ヘルパーさん",
            "お疲れ様です。様子を見ます。同様です。",
            "長谷川式で15点、橋本病の既往",
            "山田病院、本田整形外科、田中町、桜井の郷",
            "A様、〇〇さん、Kさん（90代女性）",
            "鳥取県の件、大阪、東京、広島の事例",
        ],
    );
    finds_nothing_private(
        Post,
        &[
            "先着20名様、お子様連れ歓迎",
            "中村町・高松町の皆さまへ",
            "ご家族様、事業者様、関係者様",
            "平日 9:00-17:00 第2・4木曜",
        ],
    );
}

// R8
#[test]
fn an_account_is_found_behind_its_label_and_by_its_sign_where_a_network_is_named() {
    finds(
        Consultation,
        PiiKind::SocialId,
        &[
            ("LINEで送りたいそうです。IDは tanuki_1950 とのこと", "tanuki_1950"),
            ("インスタに載せていました（@mi.ka_55）", "@mi.ka_55"),
        ],
    );
    finds_nothing_private(
        Consultation,
        &[
            "会議のIDは room_2026 です",
            "公式LINEのIDは @center_line です",
            "LINE公式アカウント ID：lupinus_city",
        ],
    );
}

// R8
#[test]
fn a_clients_address_is_known_by_its_label_its_record_and_its_bracket() {
    finds(
        Consultation,
        PiiKind::Address,
        &[
            (
                "住所は〒250-0011 神奈川県小田原市栄町 215-2です。訪看はありますか",
                "神奈川県小田原市栄町 215-2",
            ),
            ("谷口さん（寿町 318）の送迎", "寿町 318"),
            ("自宅は加賀市大聖寺町イ 32-1", "加賀市大聖寺町イ 32-1"),
        ],
    );
    finds(
        Post,
        PiiKind::Address,
        &[("氏名 谷口ハル\n生年月日 昭和10年1月2日\n住所 小田原市栄町 215-2", "小田原市栄町 215-2")],
    );
    finds(Post, PiiKind::OrgAddress, &[("会場：小田原市栄町 215-2", "小田原市栄町 215-2")]);
    finds_nothing_private(Consultation, &["事業所の住所は小田原市栄町215-2です", "定員（平日 12）、栄町 3"]);
}

// R8
#[test]
fn a_number_between_or_behind_other_words_is_its_labels() {
    finds(Consultation, PiiKind::PatientId, &[("ID 0048213の患者さん", "0048213")]);
    finds(
        Consultation,
        PiiKind::DriversLicenseNo,
        &[("免許を返したいそう。番号は301234567890です", "301234567890")],
    );
    finds(
        Consultation,
        PiiKind::Phone,
        &[("息子さん（090-4827-1639）がカルテの開示を希望", "090-4827-1639")],
    );
    assert!(
        found("息子さん（090-4827-1639）がカルテの開示を希望", Consultation)
            .iter()
            .all(|(kind, _)| *kind != PiiKind::PatientId)
    );
}

// R8
#[test]
fn what_people_write_behind_and_before_a_contact_decides() {
    finds(
        Post,
        PiiKind::Email,
        &[(
            "家族介護教室の参加申込はこちらのアドレスまで aki-iwa_36@docomo.ne.jp",
            "aki-iwa_36@docomo.ne.jp",
        )],
    );
    finds(
        Post,
        PiiKind::Phone,
        &[
            ("患者会「ひだまり」\nTEL/FAX 0258・65-3017（自宅）", "0258・65-3017"),
            ("つどい参加者名簿\n1 内山輝代さん 0853-62-1381\n会場：大ホール", "0853-62-1381"),
        ],
    );
    finds(
        Post,
        PiiKind::Address,
        &[
            (
                "担当者会議を11月4日に行います。場所はご自宅（江津市桜江町川戸1770番地3）です。関係者は出席願います",
                "江津市桜江町川戸1770番地3",
            ),
            ("訪問先は横浜市青葉区すすき野4丁目6-3の山田花子様宅", "横浜市青葉区すすき野4丁目6-3"),
            (
                "認知症カフェ\n会場　雲南市大東町清田四百八十三番地（和田さん宅の離れ）\n参加費　200円",
                "雲南市大東町清田四百八十三番地",
            ),
            ("三刀屋町古城1833付近から葛岡良江さん（75歳）の行方がわからなく", "三刀屋町古城1833"),
            ("吾川郡いの町桑瀬２７１１－３で独居の山田花子さん", "吾川郡いの町桑瀬２７１１－３"),
        ],
    );
}

// R8
#[test]
fn a_number_is_masked_with_all_that_belongs_to_it() {
    finds(
        Consultation,
        PiiKind::HealthInsuranceNo,
        &[("医療保険の記号815905番号628123（枝番05）です", "記号815905番号628123（枝番05）")],
    );
    finds(
        Consultation,
        PiiKind::MyNumber,
        &[("マイナ保険証のトラブルで 番号7769　3804　3327と出ます", "7769　3804　3327")],
    );
    finds(
        Post,
        PiiKind::BankAccount,
        &[("返金先は山田花子様　普通預金（４０２６４８１）です", "普通預金（４０２６４８１）")],
    );
    finds(Consultation, PiiKind::CareInsuranceNo, &[("介護0492531140、後期28156594です", "0492531140")]);
    finds(Consultation, PiiKind::PostalCode, &[("送り先の郵便番号509-3314、宛名は山田花子", "509-3314")]);
    finds(Consultation, PiiKind::SocialId, &[("お孫さんのアカウント takao2257 から連絡が", "takao2257")]);
    finds(
        Consultation,
        PiiKind::CarPlate,
        &[("駐車場の神戸56か12・25の方", "神戸56か12・25"), ("練馬 502 を 75-52 の車", "練馬 502 を 75-52")],
    );
    finds(
        Consultation,
        PiiKind::Address,
        &[
            ("住所は唐津市七山白木2588番です", "唐津市七山白木2588番"),
            ("住所は山形県東根市さくらんぼ駅前3-18-10です", "山形県東根市さくらんぼ駅前3-18-10"),
            (
                "住所は岡山市中区御成町3ー2ー1アーバンすみれ B 702\n電話",
                "岡山市中区御成町3ー2ー1アーバンすみれ B 702",
            ),
            ("住所は荒見2丁目11番22号パレス花園2号館705号室です", "荒見2丁目11番22号パレス花園2号館705号室"),
            (
                "住所 上京区一番町397番地の4 県営旭2号館302号室です",
                "上京区一番町397番地の4 県営旭2号館302号室",
            ),
            ("住所は大竹市南栄6丁目15-15 メゾン若草。", "大竹市南栄6丁目15-15 メゾン若草"),
            ("新：士別市九十九町292番地　第二若草 707　以上", "士別市九十九町292番地　第二若草 707"),
            (
                "娘さん宅で世羅郡世羅町赤屋685-4 ロイヤルさくらにしてください",
                "世羅郡世羅町赤屋685-4 ロイヤルさくら",
            ),
        ],
    );
    finds_nothing_private(
        Consultation,
        &[
            "今日の研修のZoom入れません。ID 881 6650 2049、パス428で合ってますか",
            "訪問介護0853621381にお電話ください",
            "居宅介護 0852551234の件",
            "今朝8-9 血圧 130/80でした",
            "朝10-12 グランドゴルフに行きます",
            "お弁当の回収については08008547804へ",
            "大家さんから立ち退きの話。本人は九十代、要介護2です",
        ],
    );
}
