use jiff::civil::{Weekday, date, time};

use super::*;

/// A Thursday.
const TODAY: Date = Date::constant(2026, 10, 1);

fn span(start: (i8, i8), end: Option<(i8, i8)>) -> WrittenTime {
    let at = |(hour, minute)| time(hour, minute, 0, 0);
    WrittenTime { start: at(start), end: end.map(at) }
}

#[test]
fn a_date_is_read_in_every_form_people_write_it() {
    let forms = [
        "2026年10月5日(月)",
        "2026年10月5日",
        "２０２６年１０月５日（月）",
        "10月5日（月）",
        "10月 5日 (月)",
        "10月5日【月】",
        "10月5日〔月曜〕",
        "10月5日(月・祝)",
        "10月5日月曜日",
        "10月5日㈪",
        "令和8年10月5日",
        "令和８年１０月５日（月）",
        "㋿8年10月5日",
        "令和8年（2026年）10月5日(月)",
        "2026年（令和8年）10月5日(月)",
        "2026(令和8)年10月5日",
        "R8.10.5",
        "r8/10/5",
        "Ｒ８．１０．５（月）",
        "2026/10/5",
        "2026-10-05",
        "2026.10.5",
        "10/5",
        "１０／５（月）",
        " 日時：10月5日(月) ",
        "10月5日(月)まで",
    ];
    for form in forms {
        let read = read_date(form, TODAY);
        let expected =
            WrittenDate { date: Some(date(2026, 10, 5)), complete: true, ..WrittenDate::default() };
        assert_eq!(read, expected, "{form}");
    }
}

#[test]
fn a_time_after_the_date_is_read_too() {
    let cases = [
        ("10月5日(月)14:00", Some(span((14, 0), None))),
        ("10月5日(月) １４：００", Some(span((14, 0), None))),
        ("10月5日 午後2時", Some(span((14, 0), None))),
        ("10月5日、午前9時半", Some(span((9, 30), None))),
        ("10月5日 14時30分から", Some(span((14, 30), None))),
        ("10月5日 14:00〜16:00", Some(span((14, 0), Some((16, 0))))),
        ("10月5日 14：00～16：00", Some(span((14, 0), Some((16, 0))))),
        ("10/5 14:00-16:00", Some(span((14, 0), Some((16, 0))))),
        ("10/5 9時から正午まで", Some(span((9, 0), Some((12, 0))))),
        ("10月5日 午後2時〜4時", Some(span((14, 0), Some((16, 0))))),
        ("10月5日 午前10時〜午後3時", Some(span((10, 0), Some((15, 0))))),
        ("10月5日 午後12時30分", Some(span((12, 30), None))),
        ("10月5日", None),
    ];
    for (text, expected) in cases {
        let read = read_date(text, TODAY);
        assert_eq!(read.time, expected, "{text}");
        assert_eq!((read.problems, read.complete), (vec![], true), "{text}");
    }
}

#[test]
fn a_year_that_is_not_written_is_the_coming_one() {
    let cases = [
        ("10月1日", date(2026, 10, 1)),
        ("10月2日", date(2026, 10, 2)),
        ("9月30日", date(2027, 9, 30)),
        ("1/15", date(2027, 1, 15)),
    ];
    for (text, expected) in cases {
        let read = read_date(text, TODAY);
        assert_eq!((read.date, read.problems), (Some(expected), vec![]), "{text}");
    }
}

#[test]
fn what_does_not_fit_is_said_in_a_sentence() {
    let cases = [
        ("10月5日（土）", vec!["10月5日は土曜日ではなく月曜日です"]),
        (
            "2025年10月5日(土)",
            vec!["10月5日は土曜日ではなく日曜日です", "2025年10月5日(日)はすでに過ぎています"],
        ),
        ("令和7年(2026年)10月5日", vec!["令和7年ではなく令和8年です"]),
        ("2026年(令和9年)10月5日(月)", vec!["令和9年ではなく令和8年です"]),
        ("平成38年10月5日", vec!["平成38年ではなく令和8年です"]),
        ("H38.10.5(火)", vec!["平成38年ではなく令和8年です", "10月5日は火曜日ではなく月曜日です"]),
        ("2月30日", vec!["2月30日という日はありません"]),
        ("2027年2月29日", vec!["2月29日という日はありません"]),
        ("13/1", vec!["13月1日という日はありません"]),
        ("10月5日 25:00", vec!["時刻として読み取れません。「14:00」のように書いてください"]),
        ("10月5日 16:00〜14:00", vec!["終了時刻が開始時刻より後になっていません"]),
        ("来週の月曜日", vec!["日付として読み取れません。「10月5日」のように書いてください"]),
        ("", vec!["日付として読み取れません。「10月5日」のように書いてください"]),
        ("9月28日(月)", vec!["2026年9月28日(月)はすでに過ぎています"]),
    ];
    for (text, expected) in cases {
        let problems: Vec<_> = read_date(text, TODAY).problems.iter().map(DateProblem::sentence_ja).collect();
        assert_eq!(problems, expected, "{text}");
    }
}

#[test]
fn a_misfit_weekday_names_both_weekdays() {
    let problems = read_date("10月5日(土)", TODAY).problems;
    let expected = DateProblem::WeekdayDoesNotFit {
        date: date(2026, 10, 5),
        written: Weekday::Saturday,
        actual: Weekday::Monday,
    };
    assert_eq!(problems, [expected]);
}

#[test]
fn an_era_year_is_read_up_to_its_last_day() {
    let then = date(2019, 1, 1);
    assert_eq!(read_date("平成31年4月30日", then).problems, []);
    assert_eq!(read_date("令和元年5月1日(水)", then).problems, []);
    assert_eq!(read_date("平成31年5月1日", then).problems.len(), 1);
    assert_eq!(read_date("令和0年5月1日", date(2018, 1, 1)).problems.len(), 1);
}

#[test]
fn text_around_a_date_is_noticed() {
    let read = read_date("10月5日(月) 市民会館にて", TODAY);
    assert_eq!((read.date, read.complete), (Some(date(2026, 10, 5)), false));
    let read = read_date("次回は10月5日です", TODAY);
    assert_eq!((read.date, read.complete), (Some(date(2026, 10, 5)), false));
}

#[test]
fn figures_that_are_no_date_are_not_taken_for_one() {
    for text in ["03-1234-5678", "110/5", "10/55555", "1.5", "第10回5月号", "A10/5"] {
        assert_eq!(read_date(text, TODAY).date, None, "{text}");
    }
}

#[test]
fn a_time_can_be_read_alone() {
    assert_eq!(read_time("１４時〜１６時").ok(), Some(span((14, 0), Some((16, 0)))));
    assert_eq!(read_time("午後2時から").ok(), Some(span((14, 0), None)));
    assert_eq!(read_time("24:30"), Err(DateProblem::NoSuchTime));
    assert_eq!(read_time("午前12時"), Err(DateProblem::NoSuchTime));
    assert_eq!(read_time("夕方"), Err(DateProblem::NoSuchTime));
    assert_eq!(read_time("14:00 会議室"), Err(DateProblem::NoSuchTime));
    assert_eq!(read_time("16:00-14:00"), Err(DateProblem::EndsBeforeStart));
}

#[test]
fn all_dates_of_a_longer_text_are_found() {
    let text = "令和8年11月7日（土）14:00から研修会を行います。申込は10月30日(木)まで。参加費は1/2になりました。\
                前回（2026/9/5）の資料は11/9(月)に配ります。電話 03-1234-5678";
    let found = find_dates(text, TODAY);
    let dates: Vec<_> = found.iter().filter_map(|read| read.date).collect();
    assert_eq!(dates, [date(2026, 11, 7), date(2026, 10, 30), date(2026, 9, 5), date(2026, 11, 9)]);
    assert_eq!(found[0].time, Some(span((14, 0), None)));
    let problems: Vec<_> = found.iter().flat_map(|read| &read.problems).map(ToString::to_string).collect();
    assert_eq!(problems, ["10月30日は木曜日ではなく金曜日です"]);
}

proptest::proptest! {
    #[test]
    fn what_is_written_for_people_is_read_back(day in 0_i64..4_000) {
        let date = TODAY.saturating_add(jiff::SignedDuration::from_hours(24 * day));
        for written in [crate::calendar::era_ja(date), crate::calendar::date_year_ja(date), date.to_string()] {
            let read = read_date(&written, TODAY);
            proptest::prop_assert_eq!(read.date, Some(date));
            proptest::prop_assert!(read.problems.is_empty() && read.complete, "{}: {:?}", written, read);
        }
    }

    #[test]
    fn no_text_is_too_much(text in "[0-9０-９年月日時分:/.（）()〜令和平成元RHS土曜 あ-ん]{0,60}") {
        let read = read_date(&text, TODAY);
        proptest::prop_assert_eq!(read.date.is_none(), read.problems.iter().any(|problem| {
            matches!(problem, DateProblem::NotADate | DateProblem::NoSuchDay { .. })
        }));
        let _ = (read_time(&text), find_dates(&text, TODAY));
    }
}
