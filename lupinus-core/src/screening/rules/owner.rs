//! Whose a contact is: what stands around it decides.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::normalise::View;
use super::text::Text;

/// Words that speak for an organisation (below zero) or a person (above zero), with their weight.
const WORDS: &[(&str, i32)] = &[
    // An organisation's.
    ("TEL", -1),
    ("Tel", -1),
    ("tel", -1),
    ("FAX", -4),
    ("Fax", -4),
    ("ファックス", -4),
    ("ファクス", -4),
    ("お問い合わせ", -5),
    ("お問合せ", -5),
    ("お問合わせ", -5),
    ("問い合わせ", -4),
    ("問合せ", -4),
    ("問合わせ", -4),
    ("申込", -5),
    ("申し込み", -5),
    ("予約", -2),
    ("代表", -4),
    ("内線", -5),
    ("直通", -4),
    ("ダイヤル", -5),
    ("窓口", -5),
    ("当番携帯", -5),
    ("事務局携帯", -6),
    ("担当携帯", -5),
    ("緊急携帯", -4),
    ("会社携帯", -6),
    ("担当者携帯", -4),
    ("事業所携帯", -6),
    ("社用携帯", -6),
    ("公用携帯", -6),
    ("業務用携帯", -6),
    ("事務局", -5),
    ("事業所", -5),
    ("センター", -5),
    ("病院", -5),
    ("医院", -5),
    ("クリニック", -5),
    ("診療所", -5),
    ("薬局", -5),
    ("歯科", -4),
    ("医師会", -5),
    ("薬剤師会", -5),
    ("協会", -5),
    ("協議会", -5),
    ("連絡会", -5),
    ("社協", -5),
    ("役所", -5),
    ("役場", -5),
    ("市役所", -6),
    ("福祉課", -5),
    ("保険課", -5),
    ("介護課", -5),
    ("高齢者課", -5),
    ("健康課", -5),
    ("担当課", -4),
    ("本部", -4),
    ("ステーション", -5),
    ("ホーム", -3),
    ("会館", -4),
    ("公民館", -4),
    ("保健所", -5),
    ("包括", -4),
    ("株式会社", -5),
    ("有限会社", -5),
    ("法人", -4),
    ("特養", -4),
    ("老健", -4),
    ("デイサービス", -3),
    ("ケアプラン", -4),
    ("通話無料", -4),
    ("フリーダイヤル", -6),
    ("学校", -3),
    ("大学", -3),
    ("受付", -4),
    ("会場", -5),
    ("場所", -4),
    ("開催", -3),
    ("主催", -5),
    ("当院", -4),
    ("当事業所", -5),
    ("当センター", -5),
    ("連絡先", -1),
    ("弊社", -4),
    ("営業所", -5),
    ("支店", -3),
    ("会費", -4),
    ("参加費", -4),
    ("受講料", -4),
    ("居宅", -4),
    ("訪看", -4),
    ("訪問看護", -5),
    ("訪問介護", -4),
    ("訪問リハ", -4),
    ("訪問入浴", -4),
    ("訪問診療", -4),
    ("通所", -4),
    ("配食", -4),
    ("ショートステイ", -4),
    ("グループホーム", -5),
    ("医療院", -5),
    ("ケアハウス", -5),
    ("サ高住", -4),
    ("看多機", -5),
    ("小規模多機能", -5),
    ("老人ホーム", -5),
    ("デイケア", -4),
    ("リハビリデイ", -4),
    ("高齢者向け住宅", -5),
    ("整形外科", -5),
    ("内科", -4),
    ("外科", -4),
    ("眼科", -5),
    ("耳鼻咽喉科", -5),
    ("皮膚科", -5),
    ("泌尿器科", -5),
    ("福祉用具", -4),
    ("支援施設", -5),
    ("カフェ", -4),
    ("喫茶", -4),
    ("ホール", -3),
    ("NPO", -4),
    ("連盟", -4),
    ("組合", -3),
    ("委員会", -4),
    ("警察署", -5),
    ("消防署", -5),
    ("タクシー", -4),
    ("定期巡回", -4),
    ("緊急用携帯", -5),
    ("専用携帯", -5),
    ("職員携帯", -5),
    ("公用", -4),
    ("24時間対応", -4),
    ("平日", -4),
    ("保健室", -4),
    ("にあります", -6),
    ("にございます", -6),
    ("で合っていますか", -1),
    // A person's.
    ("携帯", 5),
    ("自宅", 6),
    ("本人", 6),
    ("ご本人", 6),
    ("御本人", 6),
    ("娘", 6),
    ("息子", 6),
    ("長男", 6),
    ("長女", 6),
    ("次男", 6),
    ("次女", 6),
    ("二男", 6),
    ("二女", 6),
    ("三男", 6),
    ("三女", 6),
    ("妻", 6),
    ("夫", 5),
    ("母", 5),
    ("父", 5),
    ("嫁", 6),
    ("孫", 6),
    ("姪", 6),
    ("甥", 6),
    ("兄", 5),
    ("弟", 6),
    ("姉", 5),
    ("妹", 6),
    ("家族", 5),
    ("家族代表", 8),
    ("隣家", 6),
    ("利用者", 5),
    ("患者", 4),
    ("キーパーソン", 6),
    ("緊急連絡先", 6),
    ("介護者", 5),
    ("世話役", 5),
    ("名乗る", 5),
    ("さん", 3),
    ("さま", 3),
    ("様", 3),
    ("氏", 2),
    ("友人", 5),
    ("知人", 5),
    ("お宅", 5),
    ("独居", 5),
    ("職場", 4),
    ("私の", 5),
    ("個人", 4),
    ("民生委員", 2),
    ("生まれ", 4),
    ("面談メモ", 5),
    ("引っ越し", 5),
    ("転居", 5),
    ("住まい", 5),
    ("住所", 0),
    ("在住", 7),
    ("在住の方", 0),
    ("女性", 3),
    ("男性", 3),
    ("症例", 3),
    // Words that hold one of the above and mean nothing.
    ("介護者のつどい", -3),
    ("介護者の集い", -3),
    ("家族会", -4),
    ("患者会", -4),
    ("夫婦", 2),
    ("皆さん", 0),
    ("皆様", 0),
    ("利用者様", 4),
    ("医師会様", -5),
    ("丈夫", 0),
    ("大丈夫", 0),
    ("工夫", 0),
    ("様子", 0),
    ("仕様", 0),
    ("様式", 0),
    ("同様", 0),
    ("模様", 0),
    ("氏名", 2),
    ("看護師さん", -2),
    ("先生", -1),
    ("担当者様", -3),
    ("業者さん", -3),
    ("家族介護教室", -4),
];

static MATCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(WORDS.iter().map(|(word, _)| word))
        .ok()
});

/// How much speaks for a private owner of the contact at `range` of `view`: above zero it is a person's.
///
/// The same line counts, up to the end of the sentence before and a few words after; nearer words count more.
pub(super) fn private_score(text: &Text, view: &View, range: &Range<usize>) -> i32 {
    let start = if text.is_post() { -3 } else { 3 };
    let before = view.before(range.start, 40);
    let before = before.rsplit(['。', '!', '?']).next().unwrap_or_default();
    let after = view.after(range.end, 16);
    let mut score = start + weigh(before, true);
    score += weigh(after, false) / 2;
    if let Some(heading) = line_above(view, range.start) {
        score += (weigh(heading, true) / 2).min(0);
    }
    score
}

/// Whether what stands before `at` in its sentence speaks of an office.
pub(super) fn office_before(view: &View, at: usize) -> bool {
    let before = view.before(at, 40);
    weigh(before.rsplit(['。', '!', '?']).next().unwrap_or_default(), true) <= -3
}

/// The weights of the words in `part`, the one nearest to the contact counting double.
fn weigh(part: &str, before: bool) -> i32 {
    let Some(matcher) = MATCHER.as_ref() else { return 0 };
    let weights: Vec<i32> = matcher
        .find_iter(part)
        .filter_map(|found| WORDS.get(found.pattern().as_usize()).map(|(_, weight)| *weight))
        .filter(|weight| *weight != 0)
        .collect();
    let nearest = if before { weights.last() } else { weights.first() };
    weights.iter().sum::<i32>() + nearest.copied().unwrap_or(0)
}

fn line_above(view: &View, at: usize) -> Option<&str> {
    // Nearer than a screenful, and no more of it than counts.
    let near = view.text().floor_char_boundary(at.saturating_sub(600));
    view.text().get(near..at)?.rsplit('\n').map(str::trim).skip(1).find(|line| !line.is_empty())
}
