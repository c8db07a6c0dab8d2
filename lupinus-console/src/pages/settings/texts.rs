//! The texts that members read: which of them administrators change, as the form has them, and as members see them.

use lupinus_core::{
    screening::{Action, Context, Screen},
    settings::{CityTexts, MemberTexts, TextProblem, Value},
};

use crate::{
    console::Settings,
    fields::Fields,
    pages::start_of,
    phone::{Phone, PhonePart},
    text::{Text, say},
    words,
};

/// What staff call the texts that they change, by the keys that those have for whoever says them. Not among them is what hangs together
/// with something else: the rules with the number under which members agree to them, and a button with what members type and with the
/// texts that name it.
const GROUPS: [(&str, &[(&str, &str)]); 5] = [
    (
        "参加とルール",
        &[
            ("greeting", "友だち追加のあいさつ"),
            ("welcome-back", "戻ってきた方へのあいさつ"),
            ("joined", "参加したとき"),
            ("rules-first", "利用ルールを確かめるお願い"),
            ("rules-new", "利用ルールが変わったとき"),
            ("rules-later", "「あとで」を選んだとき"),
        ],
    ),
    (
        "案内",
        &[
            ("help", "使い方"),
            ("help-submitter", "投稿者の使い方"),
            ("cancelled", "「やめる」を選んだとき"),
            ("not-found", "見つからないとき"),
            ("failed", "処理できなかったとき"),
        ],
    ),
    (
        "相談",
        &[
            ("consult-ask", "相談の内容をたずねるとき"),
            ("consult-received", "相談を受け付けたとき"),
            ("consult-joined", "相談に書き足されたとき"),
            ("consult-closed", "閉庁時間のお知らせ"),
            ("consult-not-open", "相談の受付を始める前"),
            ("consult-resolved", "相談を終えたとき"),
            ("consult-silent", "返信がなく相談を終えたとき"),
            ("consult-rate", "役に立ったかをたずねるとき"),
            ("consult-rated", "役に立ったかの答えへのお礼"),
            ("free-offer", "相談かどうかをたずねるとき"),
            ("media-refused", "写真・音声を受け取らないとき"),
        ],
    ),
    ("よくある質問", &[("faq-topics", "話題をたずねるとき"), ("faq-none", "よくある質問がないとき")]),
    (
        "投稿と退会",
        &[
            ("invite-ask", "招待コードのお願い"),
            ("submit-for-submitters", "投稿者でない方が投稿しようとしたとき"),
            ("submit-begin", "投稿を作り始めるとき"),
            ("submit-contact", "問い合わせ先をたずねるとき"),
            ("submit-done", "投稿を受け付けたとき"),
            ("leave-ask", "退会を確かめるとき"),
            ("left", "退会したとき"),
        ],
    ),
];

/// How much of a text stands in the list of settings, in `char`s.
const SHOWN: usize = 40;

/// What every member meets, and what staff call it: looked at before they are sent to.
const MET_BY_ALL: [(&str, &str); 7] = [
    ("greeting", "友だち追加のあいさつ"),
    ("rules", "利用ルール"),
    ("rule-line", "書き込む画面の注意"),
    ("help", "使い方"),
    ("consult-received", "相談を受け付けたとき"),
    ("consult-resolved", "相談を終えたとき"),
    ("invite-ask", "招待コードのお願い"),
];

/// What is put into texts: its name for whoever says them, as staff write it, and an example.
const PLACES: [(&str, &str, &str); 4] = [
    ("centre", "センター名", "支援センター"),
    ("until", "次に開く日時", "10月5日(月) 8:30"),
    ("title", "投稿の題名", "口腔ケア研修会"),
    ("max", "文字数", "60"),
];

fn label(key: &str) -> Option<&'static str> {
    let mut all = GROUPS.iter().flat_map(|(_, texts)| *texts);
    all.find(|(known, _)| *known == key).map(|(_, label)| *label)
}

/// Whether it is the key of one of them.
pub(super) fn is_known(key: &str) -> bool {
    label(key).is_some()
}

/// As staff read and write it: `{センター名}`.
fn for_staff(words: &str) -> String {
    let place = |words: String, (name, place, _): &(&str, &str, &str)| {
        words.replace(&format!("{{ ${name} }}"), &format!("{{{place}}}"))
    };
    PLACES.iter().fold(words.to_owned(), place)
}

/// As it is stored: `{ $centre }`.
fn for_members(words: &str) -> String {
    let place = |words: String, (name, place, _): &(&str, &str, &str)| {
        words.replace(&format!("{{{place}}}"), &format!("{{ ${name} }}"))
    };
    // What came with a paste and nobody sees: a tab out of a table.
    let words = words.replace("\r\n", "\n").replace(|c: char| c.is_control() && c != '\n', " ");
    PLACES.iter().fold(words.trim().to_owned(), place)
}

/// A place by its name, as staff write it.
fn place(name: &str) -> Text {
    let known = PLACES.iter().find(|(known, ..)| *known == name);
    Text::Given(format!("{{{}}}", known.map_or(name, |(_, place, _)| place)))
}

/// One text in the list of all.
pub(super) struct Entry {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) is_changed: bool,
    pub(super) is_shown: bool,
}

/// The text that is changed, and the list of all.
pub(super) struct Form {
    pub(super) key: String,
    /// Whether somebody chose it.
    pub(super) is_asked: bool,
    pub(super) label: &'static str,
    /// What is typed, or in force.
    pub(super) words: String,
    /// What is in force, where something else is typed.
    pub(super) in_force: Option<String>,
    pub(super) shipped: String,
    pub(super) is_changed: bool,
    /// How it is bounded, and what can be put into it.
    pub(super) hints: Vec<Text>,
    pub(super) groups: Vec<(&'static str, Vec<Entry>)>,
}

fn said(app: &Settings, speaker: &dyn MemberTexts, key: &str, words: &str) -> Result<String, TextProblem> {
    let examples = PLACES.map(|(name, _, example)| match name {
        "centre" if !app.account.is_empty() => (name, app.account.as_str()),
        _ => (name, example),
    });
    speaker.said(key, words, &examples)
}

/// The form of the text that was asked for, with what was typed. Without anybody who says texts there is none.
pub(super) fn form(
    app: &Settings,
    texts: &CityTexts,
    asked: Option<&str>,
    typed: Option<&Fields>,
) -> Option<(Form, Phone)> {
    let speaker = app.texts.as_deref()?;
    let asked = typed.and_then(|typed| typed.some("text")).or(asked);
    let key = asked.filter(|key| is_known(key)).unwrap_or(GROUPS[0].1[0].0);
    let shipped = speaker.shipped(key)?;
    let in_force = texts.0.get(key).unwrap_or(&shipped.words);
    let words =
        typed.and_then(|typed| typed.all("words").next()).map_or_else(|| in_force.clone(), for_members);
    let mut hints =
        vec![say!("{max}文字までです(LINEの数え方で、絵文字は2文字以上になります)。", max = shipped.max)];
    if !shipped.places.is_empty() {
        let places = Text::list("、", shipped.places.iter().map(|name| place(name)));
        hints.push(say!("{places}は、送るときに実際の内容に変わります。このまま残してください。", places));
    }
    hints.push(Text::from("空にして保存すると、もとの文に戻ります。"));
    let entry = |(known, label): &(&'static str, &'static str)| Entry {
        key: known,
        label,
        is_changed: texts.0.contains_key(*known),
        is_shown: *known == key,
    };
    let shown = said(app, speaker, key, if words.is_empty() { &shipped.words } else { &words });
    let phone = Phone { parts: vec![PhonePart::Text(shown.unwrap_or_else(|_| for_staff(&words)))] };
    let form = Form {
        key: key.to_owned(),
        is_asked: asked.is_some(),
        label: label(key).unwrap_or_default(),
        in_force: (words != *in_force).then(|| for_staff(in_force)),
        words: for_staff(&words),
        shipped: for_staff(&shipped.words),
        is_changed: texts.0.contains_key(key),
        hints,
        groups: GROUPS.iter().map(|(name, texts)| (*name, texts.iter().map(entry).collect())).collect(),
    };
    Some((form, phone))
}

/// The texts that a form describes: those in force, and one of them as it was typed.
pub(super) fn read(app: &Settings, fields: &Fields, present: &CityTexts) -> Result<Value, Text> {
    let speaker =
        app.texts.as_deref().ok_or_else(|| Text::from("この管理画面では、文言を変えられません。"))?;
    let key = fields.text("text");
    let label = label(key).ok_or_else(|| Text::from(NO_SUCH_TEXT))?;
    let shipped = speaker.shipped(key).ok_or_else(|| Text::from(NO_SUCH_TEXT))?;
    let words = for_members(fields.text("words"));
    if words.is_empty() || words == shipped.words || fields.ticked("shipped") {
        return Ok(Value::Texts(Box::new(present.clone().with(key, None))));
    }
    said(app, speaker, key, &words).map_err(|problem| sentence(label, &problem))?;
    check(app.centre.screen(), &words)?;
    let texts = present.clone().with(key, Some(&words));
    if texts.chars() > CityTexts::MAX_CHARS_TOGETHER {
        return Err(say!(
            "変えた文は、すべて合わせて{max}文字までです。ほかの文をもとに戻すか、短くしてください。",
            max = CityTexts::MAX_CHARS_TOGETHER
        ));
    }
    Ok(Value::Texts(Box::new(texts)))
}

const NO_SUCH_TEXT: &str = "その文はありません。一覧から選び直してください。";

/// Nothing personal goes to every member.
fn check(screen: &Screen, words: &str) -> Result<(), Text> {
    let screened = screen.check(words, Context::Post);
    if !screened.blocks() {
        return Ok(());
    }
    Err(say!(
        "個人情報と思われる記載があります({kinds})。会員全員が読む文なので、その部分を消してください。センターの連絡先などは、「許可する語」に足すと書けます。",
        kinds = words::kinds(&screened.marks, Action::Block)
    ))
}

fn sentence(label: &'static str, problem: &TextProblem) -> Text {
    match problem {
        TextProblem::Brace => Text::from(
            "「{」と「}」は、決まった差し込みにだけ使えます。もとの文の差し込みをそのまま写すか、消してください。",
        ),
        TextProblem::UnknownPlace(name) => {
            say!("この文に「{place}」は差し込めません。消してください。", place = place(name))
        }
        TextProblem::MissingPlace(name) => say!(
            "「{place}」がありません。送るときに実際の内容に変わるところなので、文の中に入れてください。",
            place = place(name)
        ),
        TextProblem::TooLong { length, max } => say!(
            "「{label}」は、LINEの数え方で{length}文字あります。{max}文字までにしてください。",
            label,
            length = *length,
            max = *max
        ),
        _ => Text::from(NO_SUCH_TEXT),
    }
}

/// The texts that are otherwise than shipped, in the order of the form.
pub(super) fn words(texts: &CityTexts) -> Vec<(Text, Text)> {
    let known = GROUPS.iter().flat_map(|(_, texts)| *texts);
    let listed = known.filter_map(|(key, label)| Some((Text::from(*label), texts.0.get(*key)?)));
    let others = texts.0.iter().filter(|(key, _)| label(key).is_none());
    let others = others.map(|(key, words)| (Text::given(key), words));
    listed.chain(others).map(|(label, words)| (label, Text::given(&for_staff(words)))).collect()
}

/// The same, each no more than the beginning of it.
pub(super) fn beginnings(texts: &CityTexts) -> Vec<(Text, Text)> {
    let begin = |words: Text| Text::Given(start_of(&words.to_string(), SHOWN));
    if texts.0.is_empty() {
        return vec![(Text::from("変えた文"), Text::from("なし"))];
    }
    words(texts).into_iter().map(|(label, words)| (label, begin(words))).collect()
}

/// What every member meets, with what staff call it, as it is said now.
pub(crate) fn met_by_all(app: &Settings) -> Vec<(&'static str, String)> {
    let Some(speaker) = app.texts.as_deref() else { return Vec::new() };
    let texts = &app.centre.policy().texts;
    let text = |(key, label): (&'static str, &'static str)| {
        let shipped = speaker.shipped(key)?.words;
        let words = texts.0.get(key).unwrap_or(&shipped);
        let said = said(app, speaker, key, words).or_else(|_| said(app, speaker, key, &shipped));
        Some((label, said.ok()?))
    };
    MET_BY_ALL.into_iter().filter_map(text).collect()
}
