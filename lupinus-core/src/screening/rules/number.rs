//! Numbers that a person is registered under: by label, by check digit, by shape.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::super::PiiKind;
use super::digit_run::{is_day, pieces};
use super::digits::{digits_of, is_individual_number, passes_luhn};
use super::gate::Gate;
use super::loose;
use super::normalise::View;
use super::owner::private_score;
use super::text::{Claims, Text, pattern};

/// Labels of an organisation's public numbers, as a pattern.
pub(super) const ORG_NUMBERS: &str = "事業所番号|法人番号|(?:^|[^被])保険者番号|負担者番号|登録番号|医療機関コード|事業者番号|指定番号|インボイス";

/// Words of which every one of [`ORG_NUMBERS`] holds one.
const ORG_WORDS: [&str; 9] = [
    "事業所番号",
    "法人番号",
    "保険者番号",
    "負担者番号",
    "登録番号",
    "医療機関コード",
    "事業者番号",
    "指定番号",
    "インボイス",
];

/// Labels of things, of meetings and of papers, as a pattern.
pub(super) const THINGS: &str = "受付番号|整理番号|文書番号|管理番号|伝票番号|注文番号|問い合わせ番号|追跡番号|受験番号|TAIS|型番|品番|商品コード|JAN|Zoom|ズーム|ミーティングID|会議ID|ウェビナー|パスコード|通知第|通知番号|通知文|通知No";

/// A number recognised by the words before it: the pattern's first group is the number.
struct Labelled {
    kind: PiiKind,
    /// How many digits and dashes of it stand together at the least.
    least: usize,
    pattern: LazyLock<Regex>,
    reason: &'static str,
}

macro_rules! labelled {
    ($( $kind:ident, $least:literal, $reason:literal, $words:expr, $pattern:literal; )+) => {
        /// For each of [`LABELLED`], for things, for organisations' numbers, and for numbers in odd writings.
        static GATE: LazyLock<Gate> = LazyLock::new(|| {
            let things: Vec<&'static str> = THINGS.split('|').collect();
            let labels = [$($words as &[&'static str]),+];
            let more = [things.as_slice(), &ORG_WORDS];
            Gate::new(labels.into_iter().chain(more).chain(loose::WORDS.iter().copied()))
        });

        /// In order: who comes first has the number.
        static LABELLED: LazyLock<Vec<Labelled>> = LazyLock::new(|| vec![ $(
            Labelled { kind: PiiKind::$kind, least: $least, reason: $reason, pattern: LazyLock::new(|| pattern($pattern)) },
        )+ ]);
    };
}

labelled! {
    LateElderlyNo, 8, "number after the insurance of the late-stage elderly",
        &["後期"], r"後期[^0-9\n。]{0,20}([0-9]{8}|[0-9]{4}[ -][0-9]{4})";
    CareInsuranceNo, 6, "number after the insured person's label",
        &["介護保険", "被保", "介保"], r"(?:介護保険|被保険者|被保番|被保|介保)[^0-9H\n。]{0,14}(H ?[0-9]{9}|[0-9]{10}|[0-9]{3,5}[ -][0-9]{3,5}(?:[ -][0-9]{2,4})?)";
    CareInsuranceNo, 10, "ten digits after a certificate or a person",
        &["保険証", "この方", "この人"], r"(?:保険証|この方|この人)[^0-9\n。電話TF☎℡問連絡]{0,8}([0-9]{10})";
    BankAccount, 7, "account type and number",
        &["普", "当", "貯蓄", "総合"], r"((?:普通預金|当座預金|普通|当座|貯蓄|総合|\(?普\)?|\(?当\)?) ?(?:口座)?(?:番号)?(?:の|は|No|NO|[ :.\n])*(?:[0-9]{7}|\([0-9]{7}\)))";
    BankAccount, 7, "account type and number in two groups",
        &["普通預金", "当座預金", "貯蓄預金"], r"((?:普通|当座|貯蓄)預金 ?(?:口座)?(?:番号)?(?:の|は|[ :.\n])*(?:[1-9][0-9]{3} [0-9]{3}|[1-9][0-9]{2} [0-9]{4}))";
    BankAccount, 6, "account number",
        &["口座"], r"(口座(?:番号|No\.?|NO\.?)?(?:の|は|[ :.\n])*[0-9]{6,8})";
    BankAccount, 5, "postal savings symbol and number",
        &["記号"], r"(記号(?:は|[ :.])*1[0-9]{3}(?:0[ 、,・/\n-]*(?:番号)?(?:は|[ :.])*[0-9]{1,8}|[0-9][ 、,・/\n-]*(?:番号)?(?:は|[ :.])*[0-9]{7,8}))";
    BankAccount, 5, "postal savings by their name",
        &["ゆうちょ"], r"ゆうちょ[^0-9\n。]{0,8}(1[0-9]{3}0[ -]+[0-9]{6,8})";
    HealthInsuranceNo, 1, "symbol and number",
        &["記号"], r"(記号(?:は|[ :;])*(?:\p{Han}{1,4}[・-]?[0-9-]{0,12}|[\p{Hiragana}\p{Katakana}]{1,3}[・-]?[0-9][0-9-]{0,11}|[0-9-]{1,12})[・ 、,/;\n]*番号(?:は|[ :;])*[0-9]{1,10})";
    HealthInsuranceNo, 1, "symbol and number behind both their labels",
        &["記号", "記・番"], r"((?:記号[・/ ]?番号|記・番)(?:は|が|[ :])*\p{Han}{0,4}[0-9][0-9-]{0,11}[・ 、,/-]{1,2}[0-9]{1,10})";
    HealthInsuranceNo, 2, "number after a health insurance",
        &["社保", "国保", "健保", "社会保険", "健康保険", "保険証", "資格確認書"], r"(?:社保|国保|健保|社会保険|健康保険|保険証|資格確認書)(?:番号)?[^0-9\n。]{0,8}?((?:記号 ?)?\p{Han}{0,3}?[0-9][0-9-]{0,11}[・ 、,/][ ]?(?:番号)?[ :]?[0-9]{2,10})";
    HealthInsuranceNo, 5, "symbol and number after a health insurance",
        &["社保", "国保", "健保", "社会保険", "健康保険", "保険証"], r"(?:社保|国保|健保|社会保険|健康保険|保険証)[^0-9\n。]{0,8}([0-9]{1,4}-[0-9]{4,8})";
    HealthInsuranceNo, 4, "number of a health insurance certificate",
        &["保険証", "健康保険", "資格確認書"], r"(?:保険証|健康保険|資格確認書)(?:の)?番号[^0-9\n。]{0,6}([0-9][0-9-]{3,12})";
    PublicExpenseNo, 7, "recipient's number",
        &["受給", "医療証", "公費", "難病", "自立支援", "特定疾患"], r"(?:受給者|医療証|公費|難病|自立支援|特定疾患|受給資格)[^0-9\n。]{0,12}([0-9]{7})";
    PensionNo, 10, "number after a pension",
        &["年金"], r"年金[^0-9\n。]{0,14}([0-9]{4}[ -]?[0-9]{6})";
    DriversLicenseNo, 12, "number after a driver's licence",
        &["免許"], r"免許[^0-9\n。]{0,14}([0-9]{12}|[0-9]{4} [0-9]{4} [0-9]{4})";
    DriversLicenseNo, 12, "number in the sentence after a driver's licence",
        &["免許"], r"免許[^0-9\n]{0,24}番号[^0-9\n。]{0,4}([0-9]{12})";
    PassportNo, 7, "number after a passport",
        &["旅券", "パスポート", "assport"], r"(?:旅券|パスポート|passport|Passport)[^0-9A-Z\n。]{0,10}([A-Z]{2} ?[0-9]{7})";
    ResidenceCardNo, 8, "shape of a residence card's number",
        &[], r"(?:^|[^0-9A-Za-z])([A-Za-z]{2}[ -]?[0-9]{8}[ -]?[A-Za-z]{2})(?:$|[^0-9A-Za-z])";
    ResidenceCardNo, 4, "number in two groups after a residence card", &["在留", "カード"], r"(?:在留|カード)[^0-9\n]{0,20}[ \n:]?([A-Za-z]{2}[ -]?[0-9]{4}[ \n-][0-9]{4}[ -]?[A-Za-z]{2})(?:$|[^0-9A-Za-z])";
    ResidenceCardNo, 8, "shape of a residence card's number in two groups",
        &[], r"(?:^|[^0-9A-Za-z])([A-Z]{2} ?[0-9]{4} [0-9]{4} ?[A-Z]{2})(?:$|[^0-9A-Za-z])";
    ResidentCode, 11, "number after a resident record",
        &["住民票"], r"住民票[^0-9\n。]{0,14}([0-9]{11}|[0-9]{5}-[0-9]{6}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{3})";
    PatientId, 3, "number after a patient's label",
        &["カルテ", "診察券", "患者"], r"(?:カルテ|診察券|患者)(?:の)?(?:番号|ID|No|NO|ナンバー)?[^0-9A-Za-z\n。]{0,6}((?:No\.? ?|NO\.? ?|ID[ :]?)?[A-Z]{0,3}-?[0-9][0-9-]{2,11})";
    PatientId, 3, "letter and number after a patient's label",
        &["カルテ", "診察券", "患者"], r"(?:カルテ|診察券|患者(?:番号|ID|No|コード))[^0-9A-Z\n。]{1,20}?([A-Z]{1,2}-?[0-9]{4,8})";
    PensionNo, 10, "number before its label", &["年金"], r"([0-9]{4}-[0-9]{6})[^0-9\n。]{0,6}年金";
    CareInsuranceNo, 10, "number right after the long-term care insurance's short name",
        &["介護"], r"(?:^|[^\p{Han}])介護 ?:?([0-9]{10})";
    CareInsuranceNo, 9, "number before its label", &["介護保険", "被保", "介護証"], r"(H ?[0-9]{9}|[0-9]{10})[^0-9\n。]{0,6}(?:介護保険|被保険者|被保番|介護証)";
    LateElderlyNo, 8, "number before its label", &["後期"], r"(?:^|[^0-9])([0-9]{8})[^0-9\n。]{0,4}後期";
    DriversLicenseNo, 12, "number before its label", &["免許"], r"([0-9]{12})[^0-9\n。]{0,4}(?:運転)?免許";
    ResidentCode, 11, "number before its label", &["住民票"], r"([0-9]{11})[^0-9\n。]{0,4}住民票コード";
    PassportNo, 7, "number before its label", &["旅券", "パスポート"], r"([A-Z]{2}[0-9]{7})[^0-9A-Z\n。]{0,4}(?:旅券|パスポート)";
    PublicExpenseNo, 7, "number before its label", &["受給者", "公費", "特定医療", "難病", "自立支援"], r"([0-9]{7})[^0-9\n。]{0,6}(?:受給者番号|受給者証|公費|特定医療|難病|自立支援)";
    PatientId, 4, "number before its label", &["カルテ", "診察券", "患者"], r"(?:^|[^0-9-])([0-9]{4,10})[^0-9\n。]{0,4}(?:カルテ|診察券|患者番号|患者ID)";
    PatientId, 3, "number before its label", &["診察券", "カルテ"], r"(?:^|[^0-9-])([0-9]{2,5}-[0-9]{2,6}|[0-9]{4,10})\([^()0-9\n]{0,20}(?:診察券|カルテ)";
    PatientId, 4, "number between its label and the patient", &["患者"], r"(?:ID|番号|No\.?|NO\.?)[: ]{0,2}([0-9]{4,10})(?:の|:)? ?患者";
    BankAccount, 7, "number before its label", &["口座"], r"([0-9]{7})[^0-9\n。]{0,4}口座番号";
    PatientId, 3, "number of a consultation ticket", &["診察券"], r"診察券(?:は|番号は|:)? ?([0-9]{3,10})";
    PatientId, 3, "number of a consultation ticket that is described",
        &["診察券"], r"診察券[^0-9\n。、]{0,16}(?:。|、)?(?:No\.?|NO\.?|番号)(?:は|[ :])*([0-9][0-9-]{2,10})";
    PatientId, 3, "number after a patient's abbreviation",
        &["Pt", "pt", "PT", "患者コード", "診察番号"], r"(?:[Pp][Tt][. ]?(?:No|NO|ID)\.?|患者コード|診察番号)(?:は|[ :.])*([A-Z]{0,2}-?[0-9][0-9-]{2,11})";
    MyNumber, 12, "number before its label", &["マイナンバー", "個人番号"], r"([0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4})[^0-9\n。]{0,4}(?:マイナンバー|個人番号)";
    MyNumber, 12, "number after the individual number's name",
        &["マイナ", "個人番号"], r"(?:マイナンバー|個人番号|マイナ)[^0-9\n。]{0,14}([0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4})";
}

/// Numbers of things: whatever they look like, they are nobody's.
static THING: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:{THINGS})[^0-9\n。]{{0,14}}([0-9][0-9 -]{{3,18}}[0-9])")));
static ORG_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?:{ORG_NUMBERS})[^0-9\n。]{{0,8}}(T?[0-9][0-9 -]{{4,16}}[0-9])")));
static TWELVE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9]{4}[ -]?\n?[0-9]{4}[ -]?\n?[0-9]{4}"));
static CARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"[0-9]{4}[ -]?[0-9]{4}[ -]?\n?[0-9]{4}[ -]?\n?[0-9]{2,4}|3[0-9]{3}[ -]?[0-9]{6}[ -]?[0-9]{4,5}")
});
static TEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"H[0-9]{9}|[0-9]{10}"));
/// The areas in which vehicles are registered.
const AREAS: &str = "札幌|函館|旭川|室蘭|苫小牧|釧路|知床|帯広|北見|青森|弘前|八戸|岩手|盛岡|平泉|宮城|仙台|秋田|山形|庄内|福島|会津|郡山|白河|いわき|水戸|土浦|つくば|宇都宮|那須|日光|とちぎ|群馬|前橋|高崎|大宮|川口|所沢|川越|熊谷|春日部|越谷|千葉|成田|習志野|市川|船橋|袖ヶ浦|市原|野田|柏|松戸|品川|世田谷|練馬|杉並|板橋|足立|江東|葛飾|八王子|多摩|横浜|川崎|湘南|相模|山梨|富士山|新潟|長岡|上越|富山|石川|金沢|福井|長野|松本|諏訪|安曇野|南信州|岐阜|飛騨|静岡|浜松|沼津|伊豆|名古屋|豊橋|三河|岡崎|豊田|尾張小牧|一宮|春日井|三重|鈴鹿|四日市|伊勢志摩|滋賀|京都|なにわ|大阪|和泉|堺|奈良|飛鳥|和歌山|神戸|姫路|鳥取|島根|出雲|岡山|倉敷|広島|福山|山口|下関|徳島|香川|高松|愛媛|高知|福岡|北九州|久留米|筑豊|佐賀|長崎|佐世保|熊本|大分|宮崎|鹿児島|奄美|沖縄|十勝|日立|南相馬|志摩|江戸川|安曇";

static PLATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\p{{Han}}{{2}}[0-9]{{3}}[あいうえきくけこさすせそたちつぬねひふほまみむめゆらりるろ][0-9]{{2}}-[0-9]{{2}}|(?:{AREAS})[ \n]?[0-9][0-9A-HK-MPXY]{{0,2}}[ \n]?[あ-えか-さす-そた-ほま-もや-よら-ろわれを][ \n]?(?:[0-9・.] ?[0-9・.]?-[0-9] ?[0-9]|[0-9]{{1,2}}[・.][0-9]{{2}}|[・. ]*[0-9]{{1,2}} [0-9]{{2}}|[・.]*[0-9]{{1,4}})"
    ))
});

/// Finds registered numbers.
pub(super) fn find(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    let open = GATE.open(view.text());
    let may_hold = |at: usize| open >> at & 1 == 1;
    let things = may_hold(LABELLED.len()).then(|| THING.captures_iter(view.text()));
    for found in things.into_iter().flatten().filter_map(|c| c.get(1)) {
        claims.explain(view.origin(&found.range()));
    }
    let numbers = may_hold(LABELLED.len() + 1).then(|| ORG_NUMBER.captures_iter(view.text()));
    for found in numbers.into_iter().flatten().filter_map(|c| c.get(1)) {
        if ends_alone(view, &found.range()) {
            claims.claim(view.origin(&found.range()), PiiKind::OrgId, 92, "public number of an organisation");
        }
    }
    let usual = usually_written(text, open);
    loose::find_labelled(
        text,
        open >> (LABELLED.len() + 2),
        |range| usual.iter().any(|(_, known)| covers(known, range)),
        claims,
    );
    for (label, range) in usual {
        let kind = account_kind(text, label.kind, &range);
        claims.claim(view.origin(&with_branch(view, kind, range)), kind, 92, label.reason);
    }
    by_check_digit(text, claims);
    by_shape(text, claims);
}

/// The numbers after their label in the usual writings, in the order of the labels.
fn usually_written(text: &Text, open: u64) -> Vec<(&'static Labelled, Range<usize>)> {
    let view = &text.numeric;
    // What has no label has eight digits.
    let open = if text.digits.count < 8 { open & !GATE.always() } else { open };
    let labels = LABELLED.iter().enumerate().filter(|(at, _)| open >> at & 1 == 1).map(|(_, label)| label);
    let labels = labels.filter(|label| label.least <= text.digits.together);
    let individual = individual_numbers(text);
    let found = labels.flat_map(|label| {
        let numbers = label.pattern.captures_iter(view.text()).filter_map(|c| c.get(1));
        numbers.map(move |number| (label, number.range()))
    });
    // 「マイナ保険証 番号 1234 5678 9012」: the longer number with its check digit is it.
    let found = found.filter(|(label, range)| {
        let whole = |known: &Range<usize>| known.start < range.end && range.end < known.end;
        label.kind != PiiKind::HealthInsuranceNo || !individual.iter().any(whole)
    });
    found
        .filter(|(_, range)| ends_alone(view, range) && !is_dated(view, range) && !is_toll_free(view, range))
        .filter(|(label, range)| !label.reason.starts_with("number before") || !is_an_offices(view, range))
        .collect()
}

/// Whether the number is one that a body is called by, whatever label stands before it: `0120-337-867`.
fn is_toll_free(view: &View, range: &Range<usize>) -> bool {
    let written = view.text().get(range.clone()).unwrap_or_default();
    ["0120-", "0570-", "0800-"].iter().any(|prefix| written.starts_with(prefix))
}

/// Whether the words behind a number say that it is an office's: 「39330527は後期高齢の保険者番号」. A label with a number of its own says
/// nothing of this one.
pub(super) fn is_an_offices(view: &View, range: &Range<usize>) -> bool {
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"^(?:は|が|って|も)[^0-9\n。、()「」]{{0,10}}(?:{ORG_NUMBERS})[^0-9]{{0,6}}(?:$|[\n。、?!])"
        ))
    });
    BEHIND.is_match(view.after(range.end, 40))
}

fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The branch number behind a health insurance's number: `(枝番) 05`.
static BRANCH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[ ・、,/]{0,2}\((?:枝番号?|枝|番枝)(?:は|[ :])*[0-9]{1,2}\)|[ ・(、,/]{0,3}(?:枝番号?|枝|番枝)\)?(?:は|[ :])*[0-9]{1,2})",
    )
});

/// `range` of a number of this kind, with what belongs to it behind.
pub(super) fn with_branch(view: &View, kind: PiiKind, range: Range<usize>) -> Range<usize> {
    let behind = || BRANCH.find(view.after(range.end, 12)).map_or(0, |branch| branch.end());
    let branch = if kind == PiiKind::HealthInsuranceNo { behind() } else { 0 };
    range.start..range.end + branch
}

/// The holder of an account in katakana, as banks write it; what ends so is a body.
static HOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[ :(「]{0,3}(?:名義)?[ :]{0,2}(\p{Katakana}[\p{Katakana}ー]+(?:[ ・]\p{Katakana}[\p{Katakana}ー]+)?)",
    )
});
const BODIES: [&str; 9] =
    ["カイ", "キヨク", "キョク", "センタ", "ホウジン", "クラブ", "ホーム", "ケア", "ブ"];

/// Whether a person holds the account that ends at `end`.
fn is_held_by_a_person(text: &Text, range: &Range<usize>) -> bool {
    let behind = text.numeric.after(range.end, 24);
    let holder = HOLDER.captures(behind).and_then(|found| found.get(1)).map_or("", |holder| holder.as_str());
    let katakana = holder.chars().count() >= 4
        && !BODIES.iter().any(|body| holder.trim_end_matches('ー').ends_with(body));
    let span = text.numeric.origin(range);
    let next = text.persons.get(text.persons.partition_point(|person| person.start < span.end));
    let last = text
        .persons
        .get(..text.persons.partition_point(|person| person.end <= span.start))
        .and_then(<[_]>::last);
    let owned = last.is_some_and(|last| span.start - last.end <= 60 && text.same_line(last.end, span.start));
    katakana
        || owned
        || next.is_some_and(|next| next.start - span.end <= 24 && text.same_line(span.end, next.start))
}

/// `kind`, or an organisation's if it is an account that fees are to be paid to: such a one stands among an
/// organisation's words.
pub(super) fn account_kind(text: &Text, kind: PiiKind, range: &Range<usize>) -> PiiKind {
    let fees = kind == PiiKind::BankAccount && text.is_post();
    if fees && !is_held_by_a_person(text, range) && private_score(text, &text.numeric, range) <= -8 {
        PiiKind::OrgId
    } else {
        kind
    }
}

/// Whether a number plate's letter and number may stand somewhere in a text.
fn may_hold_a_plate(text: &str) -> bool {
    let (mut before, mut last) = (' ', ' ');
    text.chars().filter(|c| !matches!(c, ' ' | '\n')).any(|c| {
        let number = c.is_ascii_digit() || c == '・' || c == '.';
        let plate = number && ('あ'..='を').contains(&last) && before.is_ascii_alphanumeric();
        (before, last) = (last, c);
        plate
    })
}

fn by_check_digit(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    if text.digits.count < 12 {
        return;
    }
    // A card has fourteen digits at the least.
    let cards = (text.digits.count >= 14).then(|| CARD.find_iter(view.text()));
    for found in cards.into_iter().flatten().filter(|m| stands_alone(view, &m.range())) {
        let digits = digits_of(found.as_str());
        let named = view.before(found.start(), 14).contains("カード");
        if passes_luhn(&digits) && digits.first() != Some(&0) {
            claims.claim(view.origin(&found.range()), PiiKind::CardNo, 88, "valid card number");
        } else if named {
            claims.claim(view.origin(&found.range()), PiiKind::CardNo, 70, "number after a card");
        }
    }
    for range in individual_numbers(text) {
        claims.claim(view.origin(&range), PiiKind::MyNumber, 85, "valid individual number");
    }
}

/// Twelve digits with an individual number's check digit.
fn individual_numbers(text: &Text) -> Vec<Range<usize>> {
    let view = &text.numeric;
    if text.digits.count < 12 {
        return Vec::new();
    }
    let found = TWELVE.find_iter(view.text()).filter(|m| stands_alone(view, &m.range()));
    found.filter(|m| is_individual_number(&digits_of(m.as_str()))).map(|m| m.range()).collect()
}

fn by_shape(text: &Text, claims: &mut Claims) {
    let view = &text.numeric;
    let plates = may_hold_a_plate(view.text()).then(|| PLATE.find_iter(view.text()));
    for found in plates.into_iter().flatten().filter(|m| stands_alone(view, &m.range())) {
        claims.claim(view.origin(&found.range()), PiiKind::CarPlate, 80, "shape of a number plate");
    }
    if text.is_post() || text.digits.count < 10 || !view.text().contains("の番号") {
        return;
    }
    // Ten digits that begin like a telephone number and are said to be somebody's number.
    for found in TEN.find_iter(view.text()).filter(|m| stands_alone(view, &m.range())) {
        if view.after(found.end(), 14).contains("の番号") {
            claims.claim(view.origin(&found.range()), PiiKind::CareInsuranceNo, 65, "ten digits in a chat");
        }
    }
}

/// Whether the first digits of the span belong to a day such as `2026/10/05`.
fn is_dated(view: &View, range: &Range<usize>) -> bool {
    let written = view.text().get(range.clone()).unwrap_or_default();
    let Some(first) = written.find(|c: char| c.is_ascii_digit()) else { return false };
    let run = pieces(view.text(), range.start + first);
    run.first().and_then(|piece| view.text().get(piece.range.clone())).is_some_and(is_day)
}

/// Whether no digit or letter touches the span.
fn stands_alone(view: &View, range: &Range<usize>) -> bool {
    let before = view.before(range.start, 1).chars().next_back();
    !before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.'))
        && ends_alone(view, range)
}

/// Whether the number does not go on after the span.
fn ends_alone(view: &View, range: &Range<usize>) -> bool {
    let mut after = view.after(range.end, 2).chars();
    match after.next() {
        Some('-' | '.') => !after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_ascii_digit() && !"年円月時件枚回頁".contains(c),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Context::{Consultation, Post};
    use super::super::super::PiiKind;
    use super::super::tests::{finds, finds_nothing_private};

    // R8
    #[test]
    fn an_account_is_a_persons_where_one_stands_before_it() {
        finds(
            Post,
            PiiKind::BankAccount,
            &[("返金は山田花子様の松江銀行本店 普通 1045823 へ", "普通 1045823")],
        );
        finds_nothing_private(Post, &["参加費の振込先 松江銀行本店 普通 1045823 地域協議会"]);
    }

    // R8
    #[test]
    fn hours_telephones_and_a_clinics_own_numbers_are_nobodys() {
        finds_nothing_private(
            Post,
            &[
                "担当:0120 123 456",
                "AM 0900-1200 PM 1300-1500",
                "PT 0900-1200 OT 1300-1700",
                "診察券をお持ちください。電話番号 0853221234",
                "診察券を出し、受付番号 123 でお待ちください",
                "地図の記号と番号3",
            ],
        );
        finds(Consultation, PiiKind::Phone, &[("ご家族 担当 090 1234 5678", "090 1234 5678")]);
        finds(Consultation, PiiKind::CarPlate, &[("車は島根480ろ\n51-71 です", "島根480ろ\n51-71")]);
    }

    // R8
    #[test]
    fn the_symbol_and_number_of_an_insurance_are_masked_with_their_labels() {
        finds(
            Consultation,
            PiiKind::HealthInsuranceNo,
            &[
                ("記号・番号 1820・55301 でした", "記号・番号 1820・55301"),
                ("社保 記号；469、番号；809 です", "記号；469、番号；809"),
                ("記号 さ-211　番号 930 です", "記号 さ-211　番号 930"),
            ],
        );
        finds(Consultation, PiiKind::ResidenceCardNo, &[("DX 3185 3054 EN の方", "DX 3185 3054 EN")]);
        finds(
            Consultation,
            PiiKind::ResidentCode,
            &[("住民票コードの通知票に91891200063とあります", "91891200063")],
        );
    }

    // R8
    #[test]
    fn ten_digits_after_a_certificate_or_a_person_are_their_number_and_a_telephone_stays_one() {
        finds(
            Consultation,
            PiiKind::CareInsuranceNo,
            &[
                ("保険証の忘れ物 0533176669 お心当たりの方へ", "0533176669"),
                ("この方 0955682654 の認定結果は出ていますか", "0955682654"),
            ],
        );
        finds_nothing_private(Post, &["保険証のことは電話0852501880へ", "保険証は窓口へ。0852501880"]);
    }

    // R8
    #[test]
    fn a_plate_begins_with_an_area_of_registration() {
        finds(
            Consultation,
            PiiKind::CarPlate,
            &[
                ("福山 984 む 79-64 が停まっています", "福山 984 む 79-64"),
                ("島根480 ろ 51-71 に替わります", "島根480 ろ 51-71"),
                ("ナンバー 佐世保 480\nえ 97-09", "佐世保 480\nえ 97-09"),
            ],
        );
        finds_nothing_private(Consultation, &["病棟 305 に 12-34 と", "会議室 201 で 10-12 時"]);
    }
}
