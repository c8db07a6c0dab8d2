//! The report of a month or a fiscal year, on the command line.

use std::{fmt::Write as _, path::Path};

use anyhow::Context as _;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use lupinus_console::report::{Cell, Labels, csv, sheet};
use lupinus_core::{
    figures::Period,
    service::{By, Centre},
};

use crate::settings::Settings;

/// What to print: the tables, or that they are in `csv`.
///
/// # Errors
/// When the store does not answer, or the file cannot be written.
pub async fn report(
    centre: &Centre,
    settings: &Settings,
    period: Option<Period>,
    csv_file: Option<&Path>,
) -> anyhow::Result<String> {
    let zone = centre.policy().hours.time_zone();
    let period = match period {
        Some(period) => period,
        None => {
            Period::month_of(zone.to_datetime(centre.now()).date()).context("this machine's clock is off")?
        }
    };
    let bodies = centre.bodies().await.context("cannot read the bodies")?;
    let labels = Labels {
        professions: centre.policy().professions.clone(),
        areas: centre.policy().areas.clone(),
        bodies: bodies.into_iter().map(|body| (body.id, body.name)).collect(),
        kept_at: Some(settings.kept_at_ja()),
    };
    let figures = centre.figures(By::System, period).await.context("cannot count the records")?;
    let sheet = sheet(&figures, &labels);
    let label = period.label_ja();
    if let Some(file) = csv_file {
        let bytes = csv(&sheet).context("cannot make the CSV")?;
        std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        return Ok(format!("{label}の集計を {} に書き込みました。\n", file.display()));
    }
    let mut text = format!("{label}の集計\n");
    for (place, section) in sheet.sections.iter().enumerate() {
        let _ = writeln!(text, "\n{}. {}", place + 1, section.heading);
        for part in &section.tables {
            let mut table = table(&part.columns);
            for (name, cells) in &part.rows {
                table.add_row(std::iter::once(name.clone()).chain(cells.iter().map(Cell::to_string)));
            }
            let _ = writeln!(text, "{}\n{table}", part.title);
        }
    }
    Ok(text)
}

/// An empty table with this head: names on the left, figures on the right.
pub(crate) fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(head);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
