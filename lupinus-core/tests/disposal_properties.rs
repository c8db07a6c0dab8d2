//! When a record may go, whatever it is and whenever it was closed (R20).
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod common;

use jiff::civil::date;
use lupinus_core::{
    audit::Subject,
    disposal::{Class, Closed, Retention, Ties, due},
    post::Post,
    store::Entity as _,
};
use proptest::prelude::*;

proptest! {
    /// R20: whatever its ties and its years, it is listed from its day on, and not while anything keeps it.
    #[test]
    fn what_is_due_is_listed_and_what_something_keeps_is_not(
        closed in 1_000_000_000_i64..2_500_000_000, today in 0_i64..20_000,
        has_incident: bool, is_being_sent: bool, goes_on: bool, kept in proptest::option::of(0_i64..20_000),
        class in proptest::sample::select(Class::ALL.to_vec()),
    ) {
        let day = |days: i64| date(2000, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let at = jiff::Timestamp::from_second(closed).unwrap();
        let (today, kept_until) = (day(today), kept.map(day));
        let ties = Ties { has_incident, is_being_sent, goes_on, kept_until };
        let retention = Retention::default();
        let subject = Subject::new(&Post::KIND, 1);
        let zone = common::tokyo();
        let years = match class {
            Class::SentPosts | Class::Consultations => 5,
            Class::UnsentPosts => 1,
            Class::Incidents => 10,
            Class::CannedAnswers => 3,
        };
        let closed_on = zone.to_datetime(at).date();
        let first = closed_on.year() + i16::from(closed_on.month() >= 4);
        let due_on = date(first + years, 4, 1);
        let is_kept = has_incident || is_being_sent || goes_on || kept_until.is_some_and(|until| until >= today);
        let listed = due(subject, Closed { class, at }, &retention, &zone, today).and_then(|item| ties.let_go(item, today));
        let days = listed.ok().map(|item| (item.closed_on, item.due_on));
        prop_assert_eq!(days, (due_on <= today && !is_kept).then_some((closed_on, due_on)));
    }
}
