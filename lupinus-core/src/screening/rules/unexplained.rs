//! Numbers that no other rule explains. In a chat a long one stands for somebody, unless the words beside it make it a
//! thing's, an office's or an amount; in a post the words must say that it is a person's.

use std::{
    ops::{Range, RangeInclusive},
    sync::LazyLock,
};

use jiff::civil;
use regex::Regex;

use super::super::PiiKind;
use super::digit_run::{Piece, are_ranges, is_day, is_fraction, pieces};
use super::digits::{digits_of, is_care_office, is_individual_number};
use super::labels::{Label, fits, labels};
use super::normalise::View;
use super::number::{is_an_offices, with_branch};
use super::owner::private_score;
use super::text::{Claims, Text, pattern};

/// How many digits a number has that nobody takes for a count.
const LONG: RangeInclusive<usize> = 7..=16;
/// How many digits the symbol and number of an insurance have at the least.
const SHORTEST: usize = 5;
/// How many characters before a number its label may stand, lines above included.
const NEAR: usize = 80;

/// What is counted or measured, or goes on as something else.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[A-Za-z]| ?(?:[円件枚回時分秒年月日頁%号点度歳才台箱錠包階℃万億歩~〜]|[個本](?:[^人]|$)|人(?:[^の]|$)|名(?:[^義前]|$)|単位|番台|ページ|以降|以前|の箱|の商品|の製品|の部品|の機|の型|キロ|グラム|ミリ|kg|mg|ml|mL|cm))",
    )
});
/// That an office's number is spoken of, and no insured person's.
static OFFICES_NUMBERS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:事業所番号|事業者番号|指定番号|医療機関コード)[^被]*$"));
/// That the number is somebody's.
static SOMEBODYS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[)」』]? ?(?:の方|の人|の患者|の利用者|さん|様|の(?:お)?客|は誰|って誰|の番号)")
});
/// What may precede a number in letters without being a part of it.
static GLUED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?:^|[^a-z])(?:id|no\.?|tel|code)$"));
/// The letter of an insured person on public assistance.
static INSURED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u:\b)[Hh][ -]?$"));
/// The letters of an insurance's symbol: 「出国04・2506」.
static SYMBOL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[ 「:(、/])(\p{Han}{1,3})$"));
/// A short number behind what a register of patients is asked by.
static ASKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^A-Za-z])(ID|id|No|NO|№)(?:No|番号)?(?:は|[ :.(])*((?:[A-Z]-)?[0-9]{1,4}-[0-9]{2,6}|(?:[A-Z]-?)?[0-9]{3,8})",
    )
});
/// The ID of a meeting as it is shown to whoever joins.
static MEETING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[0-9]{3} (?:[0-9]{4} [0-9]{4}|[0-9]{3} [0-9]{3,4})(?:$|[^0-9-])"));
/// Meetings, whose IDs no sentence's end parts from them.
const MEETINGS: [&str; 9] =
    ["Zoom", "ZOOM", "zoom", "ズーム", "Teams", "Webex", "Meet", "ミーティング", "ウェビナー"];
/// Where patients are registered.
const REGISTERS: [&str; 5] = ["カルテ", "電カル", "診察券", "患者番号", "患者ID"];
static PASSPORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:[A-Z]{1,2}|[a-z]{2})[ -]?[0-9]{7}"));

/// Finds what is left.
pub(super) fn find(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    if view.text().bytes().any(|b| matches!(b, b'I' | b'i' | b'N')) || view.text().contains('№') {
        patients(text, claims);
    }
    if text.digits.count < SHORTEST {
        return;
    }
    if text.digits.together >= 7 && view.text().bytes().any(|b| b.is_ascii_alphabetic()) {
        passports(text, claims);
    }
    let mut at = 0;
    while let Some(start) = view.text().get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let run = pieces(view.text(), at + start);
        let Some(end) = run.last().map(|piece| piece.range.end) else { break };
        at = end;
        for groups in run.chunk_by(|one, other| is_plain(one) && is_plain(other)) {
            if is_one(view, groups) {
                unexplained(text, joined(groups), claims);
            } else {
                let items = groups.iter().flat_map(|piece| items(view, piece));
                items.for_each(|item| unexplained(text, item, claims));
            }
        }
    }
}

/// Groups that are one number.
fn joined(groups: &[Piece]) -> Piece {
    let start = groups.first().map_or(0, |piece| piece.range.start);
    let end = groups.last().map_or(start, |piece| piece.range.end);
    Piece { range: start..end, digits: groups.iter().map(|piece| piece.digits).sum() }
}

/// The items of a list, a piece for each: `720-3694/070-6752-1999`.
fn items(view: &View, piece: &Piece) -> Vec<Piece> {
    let written = view.text().get(piece.range.clone()).unwrap_or_default();
    let mut start = piece.range.start;
    let item = |item: &str| {
        let range = start..start + item.len();
        start = range.end + 1;
        Piece { digits: item.bytes().filter(u8::is_ascii_digit).count(), range }
    };
    written.split('/').map(item).collect()
}

/// Whether nothing but digits makes a piece.
fn is_plain(piece: &Piece) -> bool {
    piece.range.len() == piece.digits
}

/// Whether digits in groups are one number: `0016 2738 45`, `07 33 25 47 59`.
fn is_one(view: &View, groups: &[Piece]) -> bool {
    let Some(first) = groups.first() else { return false };
    let written = |piece: &Piece| view.text().get(piece.range.clone()).unwrap_or_default();
    let even = groups.iter().all(|piece| piece.digits == first.digits);
    let usual = match groups.len() {
        2 => groups.iter().all(|piece| (3..=6).contains(&piece.digits)),
        3 if groups.iter().all(|piece| matches!(piece.digits, 3 | 4)) => true,
        3 | 4 if even && first.digits == 4 => true,
        many => {
            (even && first.digits == 2 && many >= 4)
                || (even && first.digits == 1 && many >= 7)
                || (written(first).starts_with('0') && first.digits >= 3)
        }
    };
    // Amounts and times: round ones, or a row that goes up.
    let round = groups.iter().all(|piece| written(piece).ends_with('0'));
    let rising = even && groups.is_sorted_by(|one, other| written(one) < written(other));
    let digits: usize = groups.iter().map(|piece| piece.digits).sum();
    let usual = usual && (digits != 9 || groups.len() < 3);
    usual && LONG.contains(&digits) && !(groups.len() >= 3 && (round || rising))
}

/// Whether a number after `before` is the rest of something: of a model, of an amount, of a paper's number.
fn goes_on_from(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some('¥' | '第') => true,
        Some('-' | '/' | '.' | ',') => back.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) if c.is_ascii_alphabetic() => !GLUED.is_match(before),
        _ => false,
    }
}

fn unexplained(text: &Text, number: Piece, claims: &mut Claims) {
    let view = &text.numeric;
    let Piece { range, digits } = number;
    let before = view.before(range.start, 24);
    // Who is insured for the second time begins with a letter: 「H621528039」.
    let letter = if digits == 9 { INSURED.find(before).map_or(0, |letter| letter.len()) } else { 0 };
    let range = range.start - letter..range.end;
    let before = before.get(..before.len() - letter).unwrap_or_default();
    let digits = if letter > 0 { 10 } else { digits };
    let span = view.origin(&range);
    let written = view.text().get(range.clone()).unwrap_or_default();
    let years = ["19", "20"].iter().any(|century| digits == 4 && written.starts_with(century));
    let registered = !text.is_post()
        && (4..*LONG.start()).contains(&digits)
        && !years
        && written.len() == digits
        && !view.after(range.end, 2).starts_with("から")
        && is_of_a_register(text, view.before(range.start, 40), &span);
    if registered
        && claims.is_free(&span)
        && !COUNTED.is_match(view.after(range.end, 4))
        && !goes_on_from(before)
    {
        if label(view, &range, digits) != Some(Label::Thing) {
            claims.claim(span, PiiKind::PatientId, 65, "number where a register of patients is spoken of");
        }
        return;
    }
    let symbol =
        digits >= SHORTEST && view.text().get(range.clone()).is_some_and(|written| written.contains('・'));
    if !(LONG.contains(&digits) || symbol)
        || !claims.is_free(&span)
        || COUNTED.is_match(view.after(range.end, 4))
    {
        return;
    }
    if goes_on_from(before) {
        return;
    }
    let label = label(view, &range, digits);
    let written = view.text().get(range.clone()).unwrap_or_default();
    let meeting = label == Some(Label::Id) && MEETING.is_match(written);
    if label == Some(Label::Thing) || meeting || is_other(written, digits, label) {
        return;
    }
    if digits < *LONG.start() && label != Some(Label::Of(PiiKind::HealthInsuranceNo)) {
        return;
    }
    let named = in_line(text, &span);
    let known = matches!(label, Some(Label::Of(_)));
    let somebodys = known || named || SOMEBODYS.is_match(view.after(range.end, 8));
    if text.is_post() && !somebodys {
        return;
    }
    if !somebodys
        && is_care_office(&digits_of(written))
        && OFFICES_NUMBERS.is_match(view.before(range.start, 80))
    {
        claims.claim(span, PiiKind::OrgId, 75, "number of an office that was spoken of");
        return;
    }
    let kind = match label {
        _ if is_birth(written) => PiiKind::BirthDate,
        Some(Label::Of(PiiKind::CareInsuranceNo)) if digits == 8 => PiiKind::LateElderlyNo,
        Some(Label::Of(kind)) => kind,
        Some(Label::Id) => PiiKind::PatientId,
        _ if is_postal(written) => {
            if private_score(text, view, &range) <= 0 && !named {
                claims.claim(span, PiiKind::OrgPostal, 60, "shape of a postal code");
                return;
            }
            PiiKind::PostalCode
        }
        _ => by_length(written, digits),
    };
    let percent = if somebodys { 85 } else { 65 };
    let sign = if kind == PiiKind::HealthInsuranceNo { SYMBOL.captures(before) } else { None };
    let sign = sign.and_then(|found| found.get(1)).map_or(0, |sign| sign.len());
    let range = with_branch(view, kind, range.start - sign..range.end);
    claims.claim(view.origin(&range), kind, percent, "long number that nothing explains");
}

/// What the nearest word before or right behind the number says of it: of its line, or of the lines above if they say
/// whose it is.
fn label(view: &View, range: &Range<usize>, digits: usize) -> Option<Label> {
    let fitting = |label: &Label| !matches!(label, Label::Of(kind) if !fits(*kind, digits));
    let line = unmasked(view.before(range.start, 24)).rsplit('。').next().unwrap_or_default();
    let nearest = labels(line).rfind(fitting);
    if nearest == Some(Label::Thing) || is_an_offices(view, range) {
        return Some(Label::Thing);
    }
    let meeting = view.before(range.start, 40).rsplit('\n').next().unwrap_or_default();
    if matches!(nearest, Some(Label::Vague | Label::Id)) && MEETINGS.iter().any(|word| meeting.contains(word))
    {
        return Some(Label::Thing);
    }
    let known = |label: &Label| matches!(label, Label::Of(_)) && fitting(label);
    let behind = labels(view.after(range.end, 8)).find(known);
    let from = view.text().floor_char_boundary(range.start.saturating_sub(3 * NEAR));
    let above = unmasked(view.text().get(from..range.start).unwrap_or_default());
    let known = labels(above).rfind(|label| *label == Label::Thing || known(label));
    match (nearest, behind, known) {
        (Some(Label::Of(_)), ..) => nearest,
        (_, Some(_), _) => behind,
        (_, _, Some(Label::Of(_))) => known,
        // 「Zoom … ID 812 3456 7890」: what the ID is of.
        (Some(Label::Vague | Label::Id), _, Some(Label::Thing))
            if labels(line).any(|label| label == Label::Thing) =>
        {
            known
        }
        _ => nearest,
    }
}

/// What stands behind the last masked span: what the mask says of that is no label of what follows.
fn unmasked(before: &str) -> &str {
    before.rsplit('█').next().unwrap_or_default()
}

/// Whether what is `written` is a day, a time, a range or a placeholder.
fn is_other(written: &str, digits: usize, label: Option<Label>) -> bool {
    let plain = digits_of(written);
    let same = plain.iter().all(|digit| Some(digit) == plain.first());
    let known = matches!(label, Some(Label::Of(_)));
    let dated = is_day(written) || (!known && is_recent(written));
    let measured = written.contains(['/', '.', '_']) || is_fraction(written) || is_span(written);
    let goods = digits == 13 && (written.starts_with("45") || written.starts_with("49"));
    let odd = digits == 13 || (digits == 9 && !written.contains(['-', '・']));
    same || dated || are_ranges(std::iter::once(written)) || (!known && (measured || goods || odd))
}

/// `0900-1700`, `2024-2026`, `1000-1494`: from and to.
fn is_span(written: &str) -> bool {
    let Some((from, to)) = written.split_once('-') else { return false };
    from.len() == to.len() && from.len() <= 4 && from < to && (from.ends_with('0') || from.starts_with("20"))
}

/// A day of this century, with or without a time: `20260401`, `202604011330`.
fn is_recent(written: &str) -> bool {
    written.starts_with("20") && matches!(written.len(), 8 | 12 | 14) && day(written).is_some()
}

/// A day of the last century, which is somebody's birth.
fn is_birth(written: &str) -> bool {
    written.len() == 8 && written.starts_with("19") && day(written).is_some()
}

fn day(written: &str) -> Option<civil::Date> {
    let year = written.get(..4)?.parse().ok()?;
    let month = written.get(4..6)?.parse().ok()?;
    civil::Date::new(year, month, written.get(6..8)?.parse().ok()?).ok()
}

fn is_postal(written: &str) -> bool {
    written.len() == 8 && written.find('-') == Some(3)
}

fn by_length(written: &str, digits: usize) -> PiiKind {
    match digits {
        8 => PiiKind::LateElderlyNo,
        10 if written.find('-') == Some(4) => PiiKind::PensionNo,
        10 => PiiKind::CareInsuranceNo,
        11 => PiiKind::ResidentCode,
        12 if is_individual_number(&digits_of(written)) => PiiKind::MyNumber,
        12 => PiiKind::DriversLicenseNo,
        14..=16 => PiiKind::CardNo,
        _ if written.contains(['-', '・']) => PiiKind::HealthInsuranceNo,
        _ => PiiKind::PatientId,
    }
}

/// Whether something of a person stands in the line of `span` (of the original).
fn in_line(text: &Text, span: &Range<usize>) -> bool {
    let persons = &text.persons;
    let after = persons.partition_point(|name| name.start < span.start);
    let before = after.checked_sub(1).and_then(|at| persons.get(at));
    before.is_some_and(|name| {
        span.start.saturating_sub(name.end) <= 200 && text.same_line(name.end, span.start)
    }) || persons.get(after).is_some_and(|name| {
        name.start.saturating_sub(span.end) <= 200 && text.same_line(span.end, name.start)
    })
}

/// Whether what stands `before` a number speaks of a register of patients, and of a number or a person in it.
fn is_of_a_register(text: &Text, before: &str, span: &Range<usize>) -> bool {
    let behind = REGISTERS.iter().filter_map(|word| before.rsplit_once(word)).map(|(_, behind)| behind);
    let mut behind = behind.peekable();
    behind.peek().is_some()
        && (in_line(text, span)
            || behind.any(|between| {
                let between = between.rsplit('。').next().unwrap_or_default();
                ["番号", "ID", "No", "ナンバー"].iter().any(|word| between.contains(word))
            }))
}

/// Numbers by which patients are asked for, short ones as well: behind the letters in a chat, beside a person anywhere.
fn patients(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    for found in ASKED.captures_iter(view.text()) {
        let (Some(sign), Some(number)) = (found.get(1), found.get(2)) else { continue };
        let range = number.range();
        let digits = number.as_str().bytes().filter(u8::is_ascii_digit).count();
        let mut after = view.after(range.end, 2).chars();
        let ends = match after.next() {
            Some('-' | '/' | '.' | ':') => !after.next().is_some_and(|c| c.is_ascii_digit()),
            next => !next.is_some_and(|c| c.is_ascii_alphanumeric()),
        };
        // 「ID 902 3821 9404」: a meeting's.
        if !ends
            || MEETING.is_match(view.text().get(range.start..).unwrap_or_default())
            || COUNTED.is_match(view.after(range.end, 4))
            || label(view, &range, digits) == Some(Label::Thing)
        {
            continue;
        }
        let span = view.origin(&range);
        let sign_at = view.origin(&sign.range()).start;
        let before = text.persons.partition_point(|person| person.start < sign_at).checked_sub(1);
        let before = before.and_then(|at| text.persons.get(at)).filter(|person| person.end <= sign_at);
        let behind = text.persons.get(text.persons.partition_point(|person| person.start < span.end));
        let near = |start: usize, end: usize| end - start <= 12 && text.same_line(start, end);
        let beside = before.is_some_and(|person| near(person.end, sign_at))
            || behind.is_some_and(|person| near(span.end, person.start));
        let is_id = sign.as_str().eq_ignore_ascii_case("ID");
        if beside || (is_id && !text.is_post()) {
            claims.claim(span, PiiKind::PatientId, 75, "number by which a patient is asked for");
        }
    }
}

/// Letters and seven digits where a passport or a foreign person is spoken of.
fn passports(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    for found in PASSPORT.find_iter(view.text()) {
        let range = found.range();
        let glued = view.before(range.start, 1).ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
            || view.after(range.end, 1).starts_with(|c: char| c.is_ascii_digit());
        if glued {
            continue;
        }
        let span = view.origin(&range);
        let label = label(view, &range, 7);
        let named = in_line(text, &span);
        let letters = found.as_str().bytes().take_while(u8::is_ascii_uppercase).count();
        let is_one = match label {
            Some(Label::Of(PiiKind::PassportNo | PiiKind::ResidenceCardNo)) => true,
            Some(Label::Thing) => false,
            _ => letters == 2 && found.as_str().len() <= 10 && (named || !text.is_post()),
        };
        if is_one {
            claims.claim(span, PiiKind::PassportNo, 75, "shape of a passport's number");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Context::{Consultation, Post};
    use super::super::super::PiiKind;
    use super::super::tests::{finds, finds_nothing_private};

    // R8
    #[test]
    fn a_long_number_in_a_chat_that_nothing_explains_is_somebodys() {
        for (kind, text, number) in [
            (PiiKind::CareInsuranceNo, "0016 2738 45 って更新いつでしたっけ", "0016 2738 45"),
            (PiiKind::CareInsuranceNo, "07 33 25 47 59 だと思います", "07 33 25 47 59"),
            (PiiKind::CareInsuranceNo, "00360 20861で照会お願いします", "00360 20861"),
            (PiiKind::CareInsuranceNo, "みなし2号、Ｈ６２９１２９２１９で返戻", "Ｈ６２９１２９２１９"),
            (PiiKind::LateElderlyNo, "後期の番号が変わりました\n旧 36983716\n新 93636967", "93636967"),
            (PiiKind::PatientId, "ID40958918 の方、眠剤が効いていません", "40958918"),
            (PiiKind::ResidentCode, "ｺｰﾄﾞ37686060072 で登録代行", "37686060072"),
            (PiiKind::CardNo, "読み上げが聞こえて…4477-8374-1761-3792 メモは捨てます", "4477-8374-1761-3792"),
            (PiiKind::DriversLicenseNo, "免許の更新の件。\n549405185740←写真の番号", "549405185740"),
            (PiiKind::BirthDate, "19430908で検索しても出ません", "19430908"),
            (PiiKind::PostalCode, "692-8863までは分かるそうです", "692-8863"),
            (PiiKind::PassportNo, "旅券は B1234568 です", "B1234568"),
            (PiiKind::HealthInsuranceNo, "記号番号相違 948-51・8543", "948-51・8543"),
        ] {
            finds(Consultation, kind, &[(text, number)]);
        }
    }

    // R8
    #[test]
    fn a_short_number_is_a_patients_where_patients_are_asked_for_by_it() {
        finds(
            Consultation,
            PiiKind::PatientId,
            &[
                ("高見、ID 5127、2mgから3mgへ", "5127"),
                ("電カルの番号が二つ、104822と", "104822"),
                ("山田花子様（No.3312）の件", "3312"),
            ],
        );
        finds(Post, PiiKind::PatientId, &[("利用者 山田花子様（No.20713）の作品が入選", "20713")]);
        finds_nothing_private(
            Consultation,
            &[
                "電カルが落ちました。内線 4512 まで",
                "カルテを見せられるのは 1330 から",
                "電カルのWBC 12300 でした",
                "端末ID 0312 が故障",
                "職員ID 2041 で打刻",
                "Wi-FiのID 4471 です",
                "ミーティングID 5127 で入れません",
                "ログインID 5127 を忘れました",
                "カルテは2027年から電子に",
                "No.12の用紙",
            ],
        );
        finds_nothing_private(Post, &["会議ID 5127 でどうぞ", "ID 5127 の展示"]);
    }

    // R8
    #[test]
    fn a_number_is_masked_with_its_groups_its_letters_and_its_branch() {
        for (kind, text, number) in [
            (PiiKind::CareInsuranceNo, "被保険者は h942688424 でした", "h942688424"),
            (PiiKind::CareInsuranceNo, "仙田の分、4031 849 764で請求します", "4031 849 764"),
            (PiiKind::ResidentCode, "住民票コード：\n6 5 9 5 9 9 5 3 6 0 5", "6 5 9 5 9 9 5 3 6 0 5"),
            (PiiKind::CardNo, "クレジット 3567 3966 1888\n3137", "3567 3966 1888\n3137"),
            (PiiKind::HealthInsuranceNo, "国保証を見ました 出国04・2506 です", "出国04・2506"),
            (PiiKind::HealthInsuranceNo, "記号 404 番号 0927 (枝番) 05、", "記号 404 番号 0927 (枝番) 05"),
            (PiiKind::HealthInsuranceNo, "国保証は 出国87・2877 です", "出国87・2877"),
            (PiiKind::HealthInsuranceNo, "記号 80-31\n番号 6931", "記号 80-31\n番号 6931"),
            (PiiKind::HealthInsuranceNo, "記号・番号のところ「42−43　5828」", "42−43　5828"),
            (PiiKind::BankAccount, "引落し 普通\n7244161 名義", "普通\n7244161"),
            (PiiKind::BankAccount, "振込なら（普）3912956", "（普）3912956"),
            (PiiKind::ResidenceCardNo, "在留カード TP-38808303-KC", "TP-38808303-KC"),
            (PiiKind::PassportNo, "旅券 nu7330388 の方", "nu7330388"),
        ] {
            finds(Consultation, kind, &[(text, number)]);
        }
    }

    #[test]
    fn things_meetings_amounts_and_days_explain_a_long_number() {
        finds_nothing_private(
            Consultation,
            &[
                "宅配便の伝票番号 7758-8373-6152 まだ届きません",
                "ミーティングID 130 7319 7413 で合っていますか",
                "歩行器の品番 8392708、ロット 83927082",
                "製造番号 SN94357428 以降は対応済み",
                "JAN 4922245798796 の商品",
                "単位シールは 1000-1494番台が不良",
                "訪問は 0900-1700 です",
                "20260401から新様式、202604011330 に更新",
                "市の人口は 1748200 人",
                "補助の総額 12500000円",
                "血圧 148 82、脈 70、体温 36.5",
                "尿量 1200 1350 1100 でした",
                "電話 000-0000-0000 と入力",
                "事業所番号3270101234、法人番号 7000020322032",
                "文書番号 第20260412号",
                "事業所番号も変わりました。3260590124 です",
            ],
        );
    }

    // R8
    #[test]
    fn in_a_post_a_long_number_is_somebodys_when_the_words_or_a_person_in_its_line_say_so() {
        for (kind, text, number) in [
            (PiiKind::CareInsuranceNo, "助成券、0027881371の方の分が重複しています", "0027881371"),
            (
                PiiKind::ResidentCode,
                "住民票コードは不要です。22874360396のように書かれた方がいました",
                "22874360396",
            ),
            (PiiKind::PostalCode, "鷲見 良太／720-3694／070-6752-1999", "720-3694"),
            (PiiKind::HealthInsuranceNo, "002 石井 清志様 記号番号相違 948-51・8543", "948-51・8543"),
            (
                PiiKind::CareInsuranceNo,
                "様式の記入例に実在の番号が入っていました。7331337731、昭和22年6月4日は削除",
                "7331337731",
            ),
            (
                PiiKind::LateElderlyNo,
                "記入例\n被保険者番号｜２３２１２４１８\n氏名｜山田",
                "２３２１２４１８",
            ),
            (PiiKind::PassportNo, "受入れ名簿\nDewi / TS6165339 / 1968-05-22", "TS6165339"),
        ] {
            finds(Post, kind, &[(text, number)]);
        }
        finds_nothing_private(
            Post,
            &[
                "番号 83927081 を展示",
                "型式 TX1234567 の実演",
                "コード 9021374 の券売機",
                "申込は 20260512 まで",
            ],
        );
    }
}
