use plotters::prelude::*;

/// A drawn table: SVG to stand in the page. The table beside it says the same in numbers.
pub(crate) type Chart = String;

/// Longest name under which a bar stands, in `char`s.
const MAX_NAME: usize = 14;
const WIDTH: u32 = 440;
const ROW: u32 = 30;
const BAR: RGBColor = RGBColor(0x45, 0x4a, 0x9c);
const INK: RGBColor = RGBColor(0x1f, 0x24, 0x30);
const LINE: RGBColor = RGBColor(0xdc, 0xdf, 0xe8);

/// Horizontal bars, one a name, from above. `None` when there is nothing to draw.
pub(crate) fn bars(rows: &[(&str, u64)]) -> Option<Chart> {
    let most = rows.iter().map(|(_, count)| *count).max().filter(|most| *most > 0)?;
    let mut svg = String::new();
    draw(&mut svg, rows, most).ok()?;
    Some(svg)
}

type Failure = DrawingAreaErrorKind<std::io::Error>;

fn draw(svg: &mut String, rows: &[(&str, u64)], most: u64) -> Result<(), Failure> {
    let rows_high = u32::try_from(rows.len()).unwrap_or(u32::MAX).min(200) * ROW;
    let root = SVGBackend::with_string(svg, (WIDTH, rows_high + 34)).into_drawing_area();
    let count = rows.len();
    let name = |row: &SegmentValue<usize>| match row {
        // From below, as the axis counts.
        SegmentValue::CenterOf(place) if *place < count => shortened(rows[count - 1 - place].0),
        _ => String::new(),
    };
    let longest = rows.iter().map(|(name, _)| shortened(name).chars().count()).max().unwrap_or_default();
    let names_wide = u32::try_from(longest).unwrap_or(0) * 15 + 12;
    let room = most + (most / 8).max(1); // for the number beside the longest bar
    let mut chart = ChartBuilder::on(&root)
        .margin(2)
        .x_label_area_size(28)
        .y_label_area_size(names_wide)
        .build_cartesian_2d(0..room, (0..count - 1).into_segmented())?;
    let letters = || ("sans-serif", 14).into_font().color(&INK);
    chart
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(WHITE)
        .bold_line_style(LINE)
        .axis_style(LINE)
        .x_labels(usize::try_from(room).unwrap_or(5).min(5))
        .y_labels(count)
        .y_label_formatter(&name)
        .label_style(letters())
        .draw()?;
    let places = || rows.iter().rev().enumerate();
    chart.draw_series(places().map(|(place, (_, value))| {
        let corners = [(0, SegmentValue::Exact(place)), (*value, SegmentValue::Exact(place + 1))];
        let mut bar = Rectangle::new(corners, BAR.filled());
        bar.set_margin(6, 6, 0, 0);
        bar
    }))?;
    chart.draw_series(places().map(|(place, (_, value))| {
        let beside = EmptyElement::at((*value, SegmentValue::CenterOf(place)));
        beside + Text::new(value.to_string(), (6, -8), letters())
    }))?;
    root.present()
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= MAX_NAME {
        return name.to_owned();
    }
    name.chars().take(MAX_NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_draws_each_row_and_lets_no_markup_in() {
        let svg = bars(&[("訪問看護師", 12), ("<script>alert(1)</script>", 3), ("a&\"b", 0)]).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("訪問看護師") && svg.contains(">\n12\n<"), "{svg}");
        assert!(!svg.contains("<script") && svg.contains("a&amp;"), "{svg}");
        assert!(!svg.contains("style="), "the page's policy allows no styles within it: {svg}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(bars(&[]), None);
        assert_eq!(bars(&[("医師", 0)]), None);
    }
}
