//! Who is named around a contact.

use std::ops::Range;

use super::super::learned::{Bag, letter, step};
use super::super::text::Text;
use super::words::{Words, strongest};

/// The features of who is named around the contact at `span` of the original: whether it stands in a post, of which sort it is, what
/// its line says of it, and the words beside it.
pub(super) fn gather(
    text: &Text,
    span: &Range<usize>,
    (post, sort, said): (u32, u32, u32),
    words: &Words,
    bag: &mut Bag<impl FnMut(u32)>,
) {
    let (persons, colleagues) = (Named::of(&text.persons, span), Named::of(&text.colleagues, span));
    bag.add(62, &[post, sort, persons.any(), colleagues.any()]);
    bag.add(63, &[post, persons.before(), colleagues.before()]);
    bag.add(64, &[post, persons.behind(), colleagues.behind()]);
    bag.add(65, &[sort, persons.before(), colleagues.before(), persons.behind(), colleagues.behind()]);
    // In the same sentence, and the letters right behind the name.
    let [by_person, by_colleague] = [&persons, &colleagues].map(|named| named.gap_before(text));
    let near = u32::from(by_person.is_some())
        | u32::from(by_colleague.is_some()) << 1
        | u32::from(persons.follows(text)) << 2
        | u32::from(colleagues.follows(text)) << 3;
    bag.add(76, &[post, near, said]);
    bag.add(77, &[post, near, sort]);
    for (tag, gap) in [(78, by_person), (79, by_colleague)] {
        if let Some(gap) = gap {
            let first: Vec<u32> = gap.chars().take(2).map(letter).collect();
            bag.add(tag, &first);
        }
    }
    let (left, right) = (strongest(&words.left), strongest(&words.right));
    bag.add(80, &[post, left, right]);
    bag.add(81, &[post, left, near & 3]);
}

/// The names of one sort that stand nearest to a contact; all in bytes of the original.
struct Named<'a> {
    span: &'a Range<usize>,
    last: Option<&'a Range<usize>>,
    next: Option<&'a Range<usize>>,
}

impl<'a> Named<'a> {
    fn of(names: &'a [Range<usize>], span: &'a Range<usize>) -> Self {
        let middle = names.partition_point(|name| name.start < span.start);
        let last = middle.checked_sub(1).and_then(|at| names.get(at));
        Self { span, last, next: names.get(middle) }
    }

    fn any(&self) -> u32 {
        u32::from(self.last.is_some() || self.next.is_some())
    }

    fn before(&self) -> u32 {
        nearness(self.last.map(|name| self.span.start.saturating_sub(name.end)))
    }

    fn behind(&self) -> u32 {
        nearness(self.next.map(|name| name.start.saturating_sub(self.span.end)))
    }

    /// What stands between the name before and the contact, in one sentence.
    fn gap_before<'t>(&self, text: &Text<'t>) -> Option<&'t str> {
        let name = self.last.filter(|name| name.end <= self.span.start)?;
        in_a_sentence(text.between(name.end, self.span.start), 40)
    }

    /// Whether a name follows in the same sentence.
    fn follows(&self, text: &Text<'_>) -> bool {
        let name = self.next.filter(|name| name.start >= self.span.end);
        name.is_some_and(|name| in_a_sentence(text.between(self.span.end, name.start), 20).is_some())
    }
}

fn in_a_sentence(gap: &str, most: usize) -> Option<&str> {
    (gap.chars().count() <= most && !gap.contains(['。', '\n'])).then_some(gap)
}

/// How near a name is, from so many bytes away: 1 beside it, 5 far away, 0 if there is none.
fn nearness(gap: Option<usize>) -> u32 {
    gap.and_then(|gap| i32::try_from(gap).ok()).map_or(0, |gap| 1 + step(gap, &[7, 16, 46, 121]))
}
