//! The report of a month or a fiscal year under the council's six headings: on the page, as CSV, on paper; and the sheet of
//! where data goes.

mod chart;
mod csv;
mod data_flow;
mod sheet;

pub(crate) use self::chart::{Chart, bars};
pub use self::{
    csv::csv,
    data_flow::{Address, DataFlow, Deployment, FlowTable, Held, Line, Place, Spot, Stated, data_flow},
    sheet::{Cell, Labels, Section, Sheet, Table, sheet},
};
