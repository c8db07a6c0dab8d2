//! Bare names, and what stands in the same places and is no name. All are made up.

use super::super::super::{Context, Owner, PersonalInfoDetector, PiiKind, RuleDetector};
use Context::{Consultation, Post};

/// The persons found in `text` for sure.
fn persons(text: &str, context: Context) -> Vec<&str> {
    let found = RuleDetector::new().detect(text, context).into_iter();
    found
        .filter(|f| f.kind == PiiKind::PersonName && f.confidence.as_percent() >= 50)
        .map(|f| &text[f.start..f.end])
        .collect()
}

#[track_caller]
fn finds(cases: &[(&str, &[&str])]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, expected)| (text, expected, persons(text, Consultation)))
        .filter(|(_, expected, found)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[track_caller]
fn finds_nobody(context: Context, texts: &[&str]) {
    let wrong: Vec<_> = texts
        .iter()
        .map(|text| (text, persons(text, context)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

// R8
#[test]
fn a_name_is_whole_where_one_half_of_it_is_sure() {
    finds(&[
        ("塩竈 てる子様、見付 ひろ子様", &["塩竈 てる子", "見付 ひろ子"]),
        ("第1位 外ヶ浜 光江さん", &["外ヶ浜 光江"]),
        ("キーパーソンはオルセン 彩さんです", &["オルセン 彩"]),
        ("利用者 中川 ひめの様", &["中川 ひめの"]),
        ("本日お休みの利用者さん 見付 ひろ", &["見付 ひろ"]),
    ]);
}

// R8
#[test]
fn a_bare_name_is_found_behind_a_clause_about_it_and_a_place_is_not() {
    finds(&[
        ("担当してる和田のことなんですが、薬を飲みません", &["和田"]),
        ("前にも相談した千葉ですが、その後も眠れていません", &["千葉"]),
        ("先週から受け持っている畠山の訪問を増やしたい", &["畠山"]),
    ]);
    finds_nobody(
        Consultation,
        &[
            "前に住んでいた益田の家が残っています",
            "前にも相談したケアマネですが",
            "担当してる包括に聞きました",
            "引っ越してきた湖陵のことで",
        ],
    );
}

// R8
#[test]
fn a_bare_name_is_found_beside_a_number_or_what_was_measured() {
    finds(&[
        ("番号が変わりました→090-1234-5678（安井）", &["安井"]),
        ("夜の酸素は手銭2L、今岡1.5Lです", &["手銭", "今岡"]),
        ("要介護2の葛木、手すりを増やしたいです", &["葛木"]),
    ]);
    finds_nobody(Consultation, &["090-1234-5678（平日のみ）", "お茶2L、水1.5L"]);
}

// R8
#[test]
fn a_role_glued_to_a_name_does_not_hide_it() {
    finds(&[("利用者川口　自己注射が困難", &["川口"]), ("患者会田 玖仁彦の検査結果", &["会田 玖仁彦"])]);
    finds_nobody(Consultation, &["利用者全員の血圧", "患者会の案内です", "利用者　訪問拒否"]);
}

// R8
#[test]
fn three_that_may_be_names_are_names_in_a_list_and_places_are_places() {
    finds(&[("・谷中\n・竹内\n・長山\n以上、明日休みです", &["谷中", "竹内", "長山"])]);
    finds_nobody(
        Consultation,
        &[
            "鹿島、江津、神西を回ります",
            "送迎：平田→大社→斐川",
            "松江、出雲、浜田の3市です",
            "平田から宍道まで送迎できますか",
        ],
    );
    finds_nobody(Post, &["会場：秋田、斐川", "対象：松江、鹿島、斐川にお住まいの方"]);
}

// R8
#[test]
fn what_places_have_makes_no_person() {
    finds_nobody(
        Consultation,
        &[
            "平田のデイに行っています",
            "川本の特養が空きました",
            "東の部屋に移りました",
            "小山内科の発熱外来",
            "渡部こどもクリニックに行った",
        ],
    );
}

// R8
#[test]
fn a_sign_off_is_a_members_own_and_who_else_is_named_so_is_a_guest() {
    finds(&[
        ("部屋が決まりました。畠山です", &["畠山"]),
        ("８５歳、独居の稲川です。ガスを止めたい", &["稲川"]),
        ("三浦宛の郵便が届きました", &["三浦"]),
        ("お世話になっております。畠山です。", &[]),
        ("畠山です。お世話になります", &[]),
    ]);
}

#[test]
fn a_date_with_who_was_born_then_is_one_of_birth_in_a_chat() {
    let births = |text: &str, context| {
        let found = RuleDetector::new().detect(text, context).into_iter();
        found.filter(|f| f.kind == PiiKind::BirthDate).count()
    };
    assert_eq!(births("昭和26年7月26日生まれの方です。更新はいつですか", Consultation), 1);
    for (text, context) in [
        ("昭和22年4月1日生まれの方までが対象です", Post),
        ("昭和22年4月1日以前に生まれた方は対象ですか", Consultation),
        ("1957年4月2日から1958年4月1日生まれの方に送りました", Consultation),
    ] {
        assert_eq!(births(text, context), 0, "{text}");
    }
}

#[test]
fn whoever_answers_at_an_office_is_pointed_out_as_a_professional() {
    for text in [
        "お問い合わせは訪問入浴 しらさぎ 綾部まで　電話0852-84-8732",
        "加藤耳鼻咽喉科医院　綾部　TEL 0853-86-8899",
        "事務局：訪問看護ステーション あおぞら 綾部",
        "詳しくは小林眼科の綾部（(0853)29-2850）まで",
    ] {
        let found = RuleDetector::new().detect(text, Post);
        assert!(
            found.iter().any(|f| f.kind == PiiKind::ProfessionalName && text[f.start..f.end] == *"綾部"),
            "{text}: {found:?}"
        );
        assert!(found.iter().all(|f| f.kind.owner() != Owner::Person), "{text}: {found:?}");
    }
}

#[test]
fn a_bracket_around_a_number_is_no_part_of_it() {
    for (text, number) in [
        ("妻の携帯（0853-22-3333）へ", "0853-22-3333"),
        ("妻（0853(22)3333）へ", "0853(22)3333"),
        ("妻へ(0853)22-3333", "(0853)22-3333"),
    ] {
        let found = RuleDetector::new().detect(text, Consultation);
        assert!(found.iter().any(|f| text[f.start..f.end] == *number), "{text}: {found:?}");
    }
}

// R8
#[test]
fn a_round_of_visits_names_a_person_a_line_and_a_timetable_nobody() {
    finds(&[
        ("9:30 谷口\n11:00 中原\n14:30 沢田", &["谷口", "中原", "沢田"]),
        ("午後の予定です\n13:15 野崎\n", &["野崎"]),
    ]);
    finds_nobody(Consultation, &["9:30 朝礼\n10:00 回診\n13:00 申送り", "8:15 出発\n12:00 昼食"]);
}

// R8
#[test]
fn a_relative_names_the_house_or_writes_and_is_no_colleague() {
    finds(&[
        ("「和田の家内ですが」と電話がありました", &["和田"]),
        ("隣家の鍵は 隣家 津田（0463-55-1208）", &["津田"]),
    ]);
    assert_eq!(persons("中原です。母がいつもお世話になっています", Consultation), ["中原"]);
    assert!(persons("中原です。今日の訪問は終わりました", Consultation).is_empty());
    finds_nobody(Post, &["農家の皆さん、専門家の講話です（各家）"]);
}

// R10
#[test]
fn who_speaks_answers_or_takes_over_is_a_professional_in_an_announcement() {
    finds_nobody(
        Post,
        &[
            "パネリスト 石田 真由美、川端 修、野田 恵",
            "研究責任者：和田 修一",
            "担当が替わりました。旧：谷口 新：中原（主任介護支援専門員）",
            "会計 沢田修",
        ],
    );
    finds_nobody(Consultation, &["出席は 谷口CM、包括の担当者の野崎さん、訪看でした"]);
}

// R10
#[test]
fn an_honorific_within_a_word_honours_nobody() {
    finds_nobody(Consultation, &["北さんぽ道の先の薬局です", "春のさんさん通りの薬局", "西ちゃんぽん通り"]);
    finds(&[
        ("北さんの薬です", &["北"]),
        ("園さんの薬です", &["園"]),
        ("室さんの薬です", &["室"]),
        ("Yamada-sanの薬です", &["Yamada"]),
    ]);
    finds_nobody(
        Consultation,
        &[
            "さくら荘",
            "ひまわり荘の件です",
            "間にはさまれた文です",
            "Pharmacist",
            "Where is the office?",
            "Ask the Centre",
        ],
    );
}

// R11
#[test]
fn in_an_announcement_nothing_but_names_is_pointed_out_as_a_professionals() {
    for text in [
        "対象:多職種(どなたでも)",
        "6月の受入状況です。",
        "全3回の講座の最終回です。",
        "講師紹介\n次回は市民会館",
    ] {
        let found = RuleDetector::new().detect(text, Post);
        assert!(found.iter().all(|f| f.kind != PiiKind::ProfessionalName), "{text}: {found:?}");
    }
    let found = RuleDetector::new().detect("講師 石田真由美(理学療法士)", Post);
    assert!(found.iter().any(|f| f.kind == PiiKind::ProfessionalName), "{found:?}");
}
