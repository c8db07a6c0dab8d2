use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audience::{Audience, Expr},
    member::{Area, Profession, Standing},
};

/// How far something is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// So many members said it of themselves.
    pub members: u64,
    /// In the audience of so many posts, wished for, confirmed or sent to.
    pub posts: u64,
}

impl Used {
    /// Whether it is used at all.
    pub const fn is_any(&self) -> bool {
        self.members > 0 || self.posts > 0
    }
}

/// Which professions and areas are used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    professions: BTreeMap<Profession, Used>,
    areas: BTreeMap<Area, Used>,
}

impl Usage {
    /// How far a profession is.
    pub fn of_profession(&self, profession: &Profession) -> Used {
        self.professions.get(profession).copied().unwrap_or_default()
    }

    /// How far an area is.
    pub fn of_area(&self, area: &Area) -> Used {
        self.areas.get(area).copied().unwrap_or_default()
    }

    /// So many members who stand like this.
    pub fn members(&mut self, standing: &Standing, count: u64) {
        if let Some(profession) = &standing.profession {
            self.professions.entry(profession.clone()).or_default().members += count;
        }
        if let Some(area) = &standing.area {
            self.areas.entry(area.clone()).or_default().members += count;
        }
    }

    /// One post with its audiences.
    pub fn post<'a>(&mut self, audiences: impl IntoIterator<Item = &'a Audience>) {
        let (mut professions, mut areas) = (BTreeSet::new(), BTreeSet::new());
        for audience in audiences {
            if let Audience::Where(expr) = audience {
                named(expr, &mut professions, &mut areas);
            }
        }
        for profession in professions {
            self.professions.entry(profession.clone()).or_default().posts += 1;
        }
        for area in areas {
            self.areas.entry(area.clone()).or_default().posts += 1;
        }
    }
}

fn named<'a>(expr: &'a Expr, professions: &mut BTreeSet<&'a Profession>, areas: &mut BTreeSet<&'a Area>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| named(part, professions, areas)),
        Expr::Not(part) => named(part, professions, areas),
        Expr::Profession(profession) => {
            professions.insert(profession);
        }
        Expr::Area(area) => {
            areas.insert(area);
        }
        Expr::Topic(_) => {}
    }
}
