//! What templates show, made of what core knows.

mod audience;
mod counts;
mod marks;
mod names;
mod place;
mod post;
mod quota;
mod trail;
mod when;

pub(crate) use self::{
    audience::{AUDIENCE_FIELDS, AudienceChoice, asked_for, audience_of, describe},
    counts::CountCache,
    marks::{Seg, diff, kept, marked},
    names::Names,
    place::place,
    post::{PostRow, field_texts},
    quota::{QuotaCache, QuotaView, figure},
    trail::{TrailRow, trail},
    when::{When, spent},
};
