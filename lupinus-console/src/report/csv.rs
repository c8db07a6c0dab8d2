use super::{Cell, Sheet};

/// The report as CSV for a spreadsheet: UTF-8 with its mark, lines ended by CR LF, one value a line with all that says what it
/// is: period, heading, table, name, column, value. Spans are in minutes. What a spreadsheet would take for a formula begins with
/// an apostrophe.
///
/// # Errors
/// [`csv::Error`](std::io::Error) of the writer; writing into memory has none.
pub fn csv(sheet: &Sheet) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::from("\u{FEFF}");
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(["期間", "見出し", "表", "項目", "列", "値"])?;
    let period = sheet.period.to_string();
    for (number, section) in sheet.sections.iter().enumerate() {
        let heading = format!("{} {}", number + 1, section.heading);
        for table in &section.tables {
            for (name, cells) in &table.rows {
                for (column, cell) in table.columns.iter().skip(1).zip(cells) {
                    let value = match cell {
                        Cell::Number(number) => number.to_string(),
                        Cell::Span(span) => {
                            span.map_or_else(String::new, |span| (span.as_secs() / 60).to_string())
                        }
                        Cell::Words(words) => plain(words),
                    };
                    let column = if matches!(cell, Cell::Span(_)) { "分" } else { column };
                    writer.write_record([&period, &heading, &table.title, &plain(name), column, &value])?;
                }
            }
        }
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// Words that no spreadsheet calculates.
fn plain(words: &str) -> String {
    if words.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{words}")
    } else {
        words.to_owned()
    }
}
