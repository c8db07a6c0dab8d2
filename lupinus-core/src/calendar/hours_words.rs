//! Opening hours in words.

use super::{
    hours::{DailyRange, OfficeHours, YearlyClosure},
    people::time_ja,
};

const DAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

impl OfficeHours {
    /// The weekly hours as people say them: `月〜金 8:30〜17:15(祝日、12月29日〜1月3日は休み)`. Days with the same hours stand
    /// together; the city's own closing days are not named.
    pub fn week_ja(&self) -> String {
        let mut groups: Vec<(Vec<usize>, &[DailyRange])> = Vec::new();
        for (day, ranges) in self.week.iter().enumerate().filter(|(_, ranges)| !ranges.is_empty()) {
            match groups.iter_mut().find(|(_, known)| *known == ranges.as_slice()) {
                Some((days, _)) => days.push(day),
                None => groups.push((vec![day], ranges)),
            }
        }
        let week: Vec<String> =
            groups.iter().map(|(days, ranges)| format!("{} {}", days_ja(days), ranges_ja(ranges))).collect();
        let mut closed = Vec::new();
        if !self.open_on_holidays {
            closed.push("祝日".to_owned());
        }
        if let Some(YearlyClosure { first, last }) = self.new_year {
            closed.push(format!("{}月{}日〜{}月{}日", first.0, first.1, last.0, last.1));
        }
        let week = week.join("、");
        if closed.is_empty() { week } else { format!("{week}({}は休み)", closed.join("、")) }
    }
}

/// `月〜金` or `月・水・金`.
fn days_ja(days: &[usize]) -> String {
    let name = |day: &usize| DAYS.get(*day).copied().unwrap_or_default();
    match (days.first(), days.last()) {
        (Some(first), Some(last)) if days.len() > 2 && last - first + 1 == days.len() => {
            format!("{}〜{}", name(first), name(last))
        }
        _ => days.iter().map(name).collect::<Vec<_>>().join("・"),
    }
}

fn ranges_ja(ranges: &[DailyRange]) -> String {
    let words: Vec<String> = ranges
        .iter()
        .map(|range| {
            format!("{}〜{}", time_ja(range.from), range.until.map_or_else(|| "24:00".to_owned(), time_ja))
        })
        .collect();
    words.join("・")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_is_said_as_people_say_it() {
        for (settings, said) in [
            ("{}", "月〜金 8:30〜17:15(祝日、12月29日〜1月3日は休み)"),
            (
                r#"{"mon":["08:30-12:00","13:00-17:15"],"tue":["08:30-12:00","13:00-17:15"],"sat":["09:00-12:00"],"open_on_holidays":true,"new_year":"none"}"#,
                "月・火 8:30〜12:00・13:00〜17:15、土 9:00〜12:00",
            ),
            (
                r#"{"mon":["09:00-24:00"],"wed":["09:00-24:00"],"fri":["09:00-24:00"],"new_year":"none"}"#,
                "月・水・金 9:00〜24:00(祝日は休み)",
            ),
        ] {
            let hours: OfficeHours = serde_json::from_str(settings).unwrap();
            assert_eq!(hours.week_ja(), said, "{settings}");
        }
    }
}
