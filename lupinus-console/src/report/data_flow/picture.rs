//! The picture: a box a place, a line between two, with the numbers of what goes there.

use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{Line, Spot};

const INK: RGBColor = RGBColor(0x1f, 0x24, 0x30);
const ACCENT: RGBColor = RGBColor(0x45, 0x4a, 0x9c);
const EDGE: RGBColor = RGBColor(0x7d, 0x84, 0x99);

const ROW: i32 = 64;
const WIDTH: i32 = 980;
const ROWS: i32 = 5;
/// Left edges of the columns, and how wide a box is.
const COLUMNS: [i32; 4] = [4, 264, 524, 824];
const BOX: i32 = 152;

/// The column of a place, its first row and its last.
const fn cell(spot: Spot) -> (usize, i32, i32) {
    match spot {
        Spot::Members => (0, 0, 1),
        Spot::Staff => (0, 2, 3),
        Spot::Monitoring => (0, 4, 4),
        Spot::Line => (1, 0, 0),
        Spot::Server => (2, 0, 4),
        Spot::Backup => (3, 0, 0),
        Spot::Records => (3, 1, 1),
        Spot::Files => (3, 2, 2),
        Spot::Keys => (3, 3, 3),
        Spot::Reader => (3, 4, 4),
    }
}

/// Left, top, right and bottom of a place's box.
const fn edges(spot: Spot) -> (i32, i32, i32, i32) {
    let (column, first, last) = cell(spot);
    (COLUMNS[column], first * ROW + 10, COLUMNS[column] + BOX, (last + 1) * ROW - 10)
}

const fn row_middle(row: i32) -> i32 {
    row * ROW + ROW / 2
}

/// From the edge of one box to that of another: along the last row that both are in, or from one above the other.
fn between(from: Spot, to: Spot) -> [(i32, i32); 2] {
    let ((column, first, last), (other, other_first, other_last)) = (cell(from), cell(to));
    let ((left, top, right, bottom), (other_left, other_top, other_right, other_bottom)) =
        (edges(from), edges(to));
    if column == other {
        let x = i32::midpoint(left, right);
        return if first < other_first {
            [(x, bottom), (x, other_top)]
        } else {
            [(x, top), (x, other_bottom)]
        };
    }
    let y = row_middle(last.min(other_last).max(first.max(other_first)));
    if column < other { [(right, y), (other_left, y)] } else { [(left, y), (other_right, y)] }
}

/// The three corners of the head of an arrow that comes from there.
fn head(from: (i32, i32), to: (i32, i32)) -> Vec<(i32, i32)> {
    let (x, y) = to;
    let (back, across) = (9, 5);
    if from.1 == y {
        let towards = (from.0 - x).signum() * back;
        vec![to, (x + towards, y - across), (x + towards, y + across)]
    } else {
        let towards = (from.1 - y).signum() * back;
        vec![to, (x - across, y + towards), (x + across, y + towards)]
    }
}

/// The picture as SVG. The tables beside it say the same.
pub(super) fn picture(lines: &[Line]) -> Option<String> {
    let mut svg = String::new();
    draw(&mut svg, lines).ok()?;
    Some(svg)
}

type Failure = DrawingAreaErrorKind<std::io::Error>;

fn draw(svg: &mut String, lines: &[Line]) -> Result<(), Failure> {
    let size = (WIDTH.unsigned_abs(), (ROWS * ROW).unsigned_abs());
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    let letters =
        |horizontal, vertical| ("sans-serif", 15).into_font().color(&INK).pos(Pos::new(horizontal, vertical));
    for spot in Spot::ALL {
        let (left, top, right, bottom) = edges(spot);
        root.draw(&Rectangle::new([(left, top), (right, bottom)], ACCENT.stroke_width(2)))?;
        let middle = (i32::midpoint(left, right), i32::midpoint(top, bottom));
        root.draw(&Text::new(spot.label_ja(), middle, letters(HPos::Center, VPos::Center)))?;
    }
    for (place, line) in lines.iter().enumerate() {
        let pair = |other: &&Line| {
            (other.from, other.to) == (line.from, line.to) || (other.from, other.to) == (line.to, line.from)
        };
        let [from, to] = between(line.from, line.to);
        root.draw(&Polygon::new(head(from, to), INK.filled()))?;
        // One stroke for all that goes between two, either way.
        if lines.iter().take(place).any(|other| pair(&other)) {
            continue;
        }
        let numbers: Vec<String> = lines.iter().filter(pair).map(|other| other.number.to_string()).collect();
        root.draw(&PathElement::new(vec![from, to], EDGE.stroke_width(2)))?;
        let (x, y) = (i32::midpoint(from.0, to.0), i32::midpoint(from.1, to.1));
        let (at, style) = if from.1 == to.1 {
            ((x, y - 6), letters(HPos::Center, VPos::Bottom))
        } else {
            ((x + 10, y), letters(HPos::Left, VPos::Center))
        };
        root.draw(&Text::new(numbers.join("・"), at, style))?;
    }
    root.present()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_run_level_or_upright_from_edge_to_edge() {
        assert_eq!(between(Spot::Line, Spot::Server), [(416, 32), (524, 32)]);
        assert_eq!(between(Spot::Server, Spot::Line), [(524, 32), (416, 32)]);
        // Past LINE's box, which is in the row above.
        assert_eq!(between(Spot::Server, Spot::Members)[1], (156, 96));
        assert_eq!(between(Spot::Records, Spot::Backup), [(900, 74), (900, 54)]);
    }
}
