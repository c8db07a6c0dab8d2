//! The report of a month or a fiscal year under the council's six headings: on the page, as CSV, on paper.

mod chart;
mod csv;
mod sheet;

pub(crate) use self::chart::{Chart, bars};
pub use self::{
    csv::csv,
    sheet::{Cell, Labels, Section, Sheet, Table, sheet},
};
