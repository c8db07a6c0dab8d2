//! Statistics. What can come about here is counted; what cannot, such as impressions, is what a test has set.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::{
    Call, Outcome,
    call::invalid_parameter,
    operation::{Operation, get},
};
use crate::{
    answer::{Answer, Refusal},
    clock::date_in_japan,
    state::{Figure, MenuFigures, Rate, SendKind, State},
};

/// The operations of this file.
pub(super) fn operations() -> Vec<Operation> {
    let mut all = vec![
        get("getNumberOfMessageDeliveries", "/v2/bot/insight/message/delivery", deliveries),
        get("getNumberOfFollowers", "/v2/bot/insight/followers", followers),
        get("getFriendsDemographics", "/v2/bot/insight/demographic", demographic),
        get("getMessageEvent", "/v2/bot/insight/message/event", message_event),
        get("getStatisticsPerUnit", "/v2/bot/insight/message/event/aggregation", per_unit),
        get("getRichMenuInsightSummary", "/v2/bot/insight/richmenu/{richMenuId}/summary", menu_summary),
        get("getRichMenuInsightDaily", "/v2/bot/insight/richmenu/{richMenuId}/daily", menu_daily),
    ];
    for operation in &mut all {
        operation.rate = Rate::per_hour(60);
    }
    all
}

/// What LINE says of a day instead of numbers: the day is not over, or lies before its records.
fn no_numbers(state: &State, day: Date, since: Date) -> Option<&'static str> {
    if day >= date_in_japan(state.clock.now()) && !state.settings.insight_at_once {
        return Some("unready");
    }
    (day < since).then_some("out_of_service")
}

/// `GET /v2/bot/insight/message/delivery`
fn deliveries(state: &mut State, call: &Call<'_>) -> Outcome {
    let day = call.day("date")?;
    if let Some(status) = no_numbers(state, day, jiff::civil::date(2017, 3, 1)) {
        return Ok(Answer::json(json!({"status": status})));
    }
    let mut body = json!({"status": "ready"});
    for (key, kind) in [
        ("apiBroadcast", SendKind::Broadcast),
        ("apiPush", SendKind::Push),
        ("apiMulticast", SendKind::Multicast),
        ("apiNarrowcast", SendKind::Narrowcast),
        ("apiReply", SendKind::Reply),
    ] {
        let sent = state.ledger.sent_on(kind, day);
        if sent > 0 {
            body[key] = json!(sent);
        }
    }
    let kinds = [SendKind::Notification, SendKind::TemplatedNotification];
    let notices: u64 = kinds.map(|kind| state.ledger.sent_on(kind, day)).iter().sum();
    if notices > 0 {
        body["pnpNoticeMessage"] = json!(notices);
    }
    Ok(Answer::json(body))
}

/// `GET /v2/bot/insight/followers`
fn followers(state: &mut State, call: &Call<'_>) -> Outcome {
    if call.query("date").is_none() {
        return Err(Refusal::bad("date is required"));
    }
    let day = call.day("date")?;
    if let Some(status) = no_numbers(state, day, jiff::civil::date(2016, 11, 1)) {
        let none = Value::Null;
        let body = json!({"status": status, "followers": none, "targetedReaches": none, "blocks": none});
        return Ok(Answer::json(body));
    }
    let numbers = state.followers_on(day);
    Ok(Answer::json(json!({
        "status": "ready",
        "followers": numbers.ever,
        "targetedReaches": numbers.targeted_reaches,
        "blocks": numbers.blocks,
    })))
}

/// `GET /v2/bot/insight/demographic`: of the friends' attributes, once there are enough friends.
fn demographic(state: &mut State, _: &Call<'_>) -> Outcome {
    let now = state.clock.now();
    let friends: Vec<_> = state.people.values().filter(|person| person.is_target()).collect();
    let available = u64::try_from(friends.len()).is_ok_and(|count| count >= state.settings.privacy_threshold);
    let tiles = |key: &str, words: Vec<String>| -> Vec<Value> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for word in &words {
            *counts.entry(word).or_default() += 1;
        }
        let all = f64::from(counts.values().sum::<u32>().max(1));
        let tile = |(word, count): (&str, u32)| json!({key: word, "percentage": (f64::from(count) * 1_000.0 / all).round() / 10.0});
        counts.into_iter().filter(|_| available).map(tile).collect()
    };
    let known = |own: &Option<String>| own.clone().unwrap_or_else(|| "unknown".to_owned());
    let age =
        |own: &Option<String>| match own.as_deref().and_then(|word| word.rsplit('_').next()?.parse().ok()) {
            None => "unknown".to_owned(),
            Some(70..) => "from70".to_owned(),
            Some(from) => format!("from{from}to{}", from + 4),
        };
    let period = |since: Option<i64>| {
        let days = since.map(|since| (now - since) / (24 * 60 * 60 * 1_000));
        let word = match days {
            None => "unknown",
            Some(..7) => "within7days",
            Some(..30) => "within30days",
            Some(..90) => "within90days",
            Some(..180) => "within180days",
            Some(..365) => "within365days",
            Some(_) => "over365days",
        };
        word.to_owned()
    };
    let app = |own: &Option<String>| own.clone().unwrap_or_else(|| "others".to_owned());
    let words =
        |of: &dyn Fn(&crate::state::Person) -> String| friends.iter().map(|person| of(person)).collect();
    Ok(Answer::json(json!({
        "available": available,
        "genders": tiles("gender", words(&|person| known(&person.attributes().gender))),
        "ages": tiles("age", words(&|person| age(&person.attributes().age))),
        "areas": tiles("area", words(&|person| area(person.attributes().area.as_deref()))),
        "appTypes": tiles("appType", words(&|person| app(&person.attributes().app_type))),
        "subscriptionPeriods": tiles("subscriptionPeriod", words(&|person| period(person.friend_since))),
    })))
}

/// The name LINE's statistics have for an area, such as `東京` for `jp_13`.
fn area(word: Option<&str>) -> String {
    const PREFECTURES: &str = "北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山 石川 福井 \
        山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 \
        佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄";
    let number = word.and_then(|word| word.strip_prefix("jp_")?.parse::<usize>().ok());
    let name = number.and_then(|number| PREFECTURES.split_whitespace().nth(number.checked_sub(1)?));
    name.or(word).unwrap_or("unknown").to_owned()
}

/// Numbers below the threshold become `null`, with those that stand beside them; counts of sendings and places do not.
fn veiled(value: &Value, threshold: u64) -> Value {
    match value {
        Value::Object(map) => {
            let few =
                |key: &str| map.get(key).and_then(Value::as_u64).is_some_and(|number| number < threshold);
            map.iter()
                .map(|(key, value)| {
                    let mut unique = String::from("unique");
                    let mut letters = key.chars();
                    unique.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
                    unique.extend(letters);
                    let exempt = matches!(key.as_str(), "seq" | "delivered" | "timestamp");
                    let veil = !exempt && (few(key) || few(&unique));
                    (key.clone(), if veil { Value::Null } else { veiled(value, threshold) })
                })
                .collect()
        }
        Value::Array(items) => items.iter().map(|item| veiled(item, threshold)).collect(),
        other => other.clone(),
    }
}

/// `GET /v2/bot/insight/message/event`
fn message_event(state: &mut State, call: &Call<'_>) -> Outcome {
    let request_id = call.needed_query("requestId")?;
    let waiting = state.narrowcasts.get(request_id).filter(|narrowcast| !narrowcast.done);
    let (at, delivered, messages) = match (state.sendings.get(request_id), waiting) {
        (Some(sending), _) => (sending.at, Some(sending.reached.len()), sending.messages),
        (None, Some(narrowcast)) => (narrowcast.accepted_at, None, narrowcast.messages.len()),
        (None, None) => return Err(Refusal::not_found()),
    };
    let mut body = figures(state.account.figures.messages.get(request_id), messages);
    body["overview"]["requestId"] = json!(request_id);
    body["overview"]["timestamp"] = json!(at / 1_000);
    body["overview"]["delivered"] = json!(delivered);
    let clicks = state.account.clicks.iter().filter(|click| click.request_id == request_id);
    let mut by_url: BTreeMap<(u64, &str), Vec<&str>> = BTreeMap::new();
    for click in clicks {
        by_url.entry((click.seq, &click.url)).or_default().push(&click.user_id);
    }
    if body["clicks"].as_array().is_some_and(Vec::is_empty) {
        let rows = by_url.into_iter().map(|((seq, url), mut people)| {
            let click = people.len();
            people.sort_unstable();
            people.dedup();
            json!({"seq": seq, "url": url, "click": click, "uniqueClick": people.len(),
                   "uniqueClickOfRequest": people.len()})
        });
        body["clicks"] = rows.collect();
    }
    Ok(Answer::json(veiled(&body, state.settings.privacy_threshold)))
}

/// Figures as a test has set them, with nothing where nothing was set.
fn figures(set: Option<&Value>, messages: usize) -> Value {
    let mut body = json!({"overview": {}, "messages": [], "clicks": []});
    for key in ["uniqueImpression", "uniqueClick", "uniqueMediaPlayed", "uniqueMediaPlayed100Percent"] {
        body["overview"][key] = Value::Null;
    }
    body["messages"] = (1..=messages)
        .map(|seq| {
            let mut row = json!({"seq": seq, "impression": null});
            for part in ["", "25Percent", "50Percent", "75Percent", "100Percent"] {
                row[format!("mediaPlayed{part}")] = Value::Null;
                row[format!("uniqueMediaPlayed{part}")] = Value::Null;
            }
            row
        })
        .collect();
    if let Some(Value::Object(overview)) = set.map(|set| &set["overview"]) {
        for (key, value) in overview {
            body["overview"][key] = value.clone();
        }
    }
    for key in ["messages", "clicks"] {
        if let Some(rows) = set.and_then(|set| set[key].as_array()) {
            body[key] = json!(rows);
        }
    }
    body
}

/// 400 unless `from` and `to` are days, in order, and at most `days` apart.
fn span(call: &Call<'_>, days: i32) -> Result<(Date, Date), Refusal> {
    let (from, to) = (call.day("from")?, call.day("to")?);
    if to < from {
        return Err(Refusal::bad("Parameter to must be the same date as, or after parameter from."));
    }
    if from.checked_add(days.days()).is_ok_and(|last| to > last) {
        return Err(Refusal::bad(format!("Date range exceeds. Max range is {days} days.")));
    }
    Ok((from, to))
}

/// `GET /v2/bot/insight/message/event/aggregation`
fn per_unit(state: &mut State, call: &Call<'_>) -> Outcome {
    let unit = call.needed_query("customAggregationUnit")?;
    let right = unit.len() <= 30 && unit.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !right {
        return Err(invalid_parameter("customAggregationUnit"));
    }
    span(call, 30)?;
    let body = figures(state.account.figures.units.get(unit), 0);
    Ok(Answer::json(veiled(&body, state.settings.privacy_threshold)))
}

/// The figures of a menu, by day.
type Days = [(String, MenuFigures)];
/// Takes from a day's figures those of one place: the whole menu, or an area.
type OfPlace<'a> = &'a dyn Fn(&MenuFigures) -> Figure;

/// The bounds of a menu's areas, and its figures by day.
fn of_menu(state: &State, call: &Call<'_>, days: i32) -> Result<(Vec<Value>, Box<Days>), Refusal> {
    let (from, to) = span(call, days)?;
    let id = call.param("richMenuId");
    let menu = state.rich_menus.menus.get(id).ok_or_else(Refusal::not_found)?;
    let areas = menu.object["areas"].as_array().into_iter().flatten();
    let bounds = areas.map(|area| area["bounds"].clone()).collect();
    let earliest = date_in_japan(state.clock.now()).saturating_sub(3.years());
    if from < earliest {
        return Err(Refusal::bad(format!("Parameter from must be the same date as, or after {earliest}.")));
    }
    let compact = |date: Date| format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    let days = state.account.figures.rich_menus.get(id);
    let within = days.into_iter().flat_map(|days| days.range(compact(from)..=compact(to)));
    Ok((bounds, within.map(|(day, figures)| (day.clone(), figures.clone())).collect()))
}

/// Whether too few people tapped for anything to be told.
fn too_few(days: &Days, threshold: u64) -> bool {
    let clicks = days.iter().flat_map(|(_, figures)| &figures.clicks);
    clicks.map(|figure| figure.unique_users).sum::<u64>() < threshold
}

fn menu_insight(
    state: &State,
    call: &Call<'_>,
    days: i32,
    metrics: fn(&Days, OfPlace<'_>) -> Value,
) -> Outcome {
    let (bounds, days) = of_menu(state, call, days)?;
    let id = call.param("richMenuId");
    if too_few(&days, state.settings.privacy_threshold) {
        return Ok(Answer::json(json!({"richMenuId": id})));
    }
    let click = |(area, bounds): (usize, &Value)| {
        let of = move |figures: &MenuFigures| figures.clicks.get(area).copied().unwrap_or_default();
        json!({"bounds": bounds, "metrics": metrics(&days, &of)})
    };
    Ok(Answer::json(json!({
        "richMenuId": id,
        "metricsFrom": call.query("from"),
        "metricsTo": call.query("to"),
        "impression": {"metrics": metrics(&days, &|figures| figures.impression)},
        "clicks": bounds.iter().enumerate().map(click).collect::<Vec<_>>(),
    })))
}

/// `GET /v2/bot/insight/richmenu/{richMenuId}/summary`: people are added up day by day.
fn menu_summary(state: &mut State, call: &Call<'_>) -> Outcome {
    menu_insight(state, call, 396, |days, of| {
        let all = days.iter().map(|(_, figures)| of(figures));
        let sum = all.fold(Figure::default(), |sum, figure| Figure {
            count: sum.count + figure.count,
            unique_users: sum.unique_users + figure.unique_users,
        });
        json!({"count": sum.count, "uniqueUsers": sum.unique_users})
    })
}

/// `GET /v2/bot/insight/richmenu/{richMenuId}/daily`
fn menu_daily(state: &mut State, call: &Call<'_>) -> Outcome {
    menu_insight(state, call, 99, |days, of| {
        let row = |(day, figures): &(String, MenuFigures)| {
            let figure = of(figures);
            json!({"date": day, "count": figure.count, "uniqueUsers": figure.unique_users})
        };
        days.iter().map(row).collect()
    })
}
