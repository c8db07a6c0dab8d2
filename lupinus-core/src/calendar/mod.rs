//! Opening hours, public holidays and dates as people write them.
//!
//! Everything here is a pure function of its arguments: the instant asked about is handed in, no clock is read.
//!
//! - [`OfficeHours`]: when the centre is open, when it opens next, and how much opening time lies between two instants;
//! - [`holiday_name`]: the public holidays of Japan;
//! - [`QuietHours`]: when a post that is not urgent waits;
//! - [`month_weeks`]: a month as people look at it;
//! - [`read_date`], [`find_dates`]: dates as people write them in Japanese, with what does not fit;
//! - [`date_ja`] and its neighbours: dates as people read them.

mod holidays;
mod hours;
mod hours_settings;
mod hours_words;
mod month;
mod people;
mod quiet;
mod written_date;

pub use holidays::holiday_name;
pub use hours::{ClosedPeriod, Closure, DayKind, MAX_SEARCH_DAYS, OfficeHours, TOKYO};
pub use hours_settings::{InvalidHours, MAX_CLOSING_DAYS};
pub use month::{MonthDay, QuietOnDay, month_weeks};
pub use people::{date_ja, date_time_ja, date_year_ja, era_ja, era_year_ja, time_ja, weekday_ja};
pub use quiet::QuietHours;
pub use written_date::{DateProblem, WrittenDate, WrittenTime, find_dates, read_date, read_time};
