use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Category, Post, PostState};
use crate::{actor::Who, ids::BodyId, search::Words};

/// Whose posts are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    #[default]
    Anybodys,
    /// The centre's own.
    Centres,
    /// This body's.
    Bodys(BodyId),
}

/// Which posts somebody looks for: all that is named must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostQuery {
    /// The name of a state.
    pub state: Option<String>,
    /// Whose.
    pub whose: Whose,
    /// What about.
    pub category: Option<Category>,
    /// The month of [`Post::moment`], by its first day.
    pub month: Option<Date>,
    /// What is written in it.
    pub words: Option<Words>,
}

impl Post {
    /// The moment a list goes by: when it was sent, else when it was handed in, else when it was begun.
    pub fn moment(&self) -> Timestamp {
        match self.state {
            PostState::Sent { at, .. } | PostState::Failed { at, .. } => at,
            _ => self.submitted_at.unwrap_or(self.created_at),
        }
    }
}

impl PostQuery {
    /// Whether `post` is one of them, for `who`: a draft is there for nobody but its author.
    pub fn fits(&self, post: &Post, who: Who, zone: &TimeZone) -> bool {
        if post.state == PostState::Draft && post.author != who {
            return false;
        }
        let Some(content) = post.revision().map(|revision| &revision.content) else { return false };
        let whose = match self.whose {
            Whose::Anybodys => true,
            Whose::Centres => post.body.is_none(),
            Whose::Bodys(body) => post.body == Some(body),
        };
        let month =
            |month: Date| zone.to_datetime(post.moment()).date().first_of_month() == month.first_of_month();
        whose
            && self.state.as_ref().is_none_or(|state| post.state.name() == state)
            && self.category.is_none_or(|category| content.category == category)
            && self.month.is_none_or(month)
            && self.words.as_ref().is_none_or(|words| {
                let texts = content.texts().into_iter().map(|(_, text)| text);
                words.occur_in(texts.chain(content.sender.as_deref()).chain([content.category.label_ja()]))
            })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::{PostId, StaffId},
        post::{Content, Urgency},
    };

    #[test]
    fn a_post_is_found_by_everything_that_is_named_and_a_draft_by_its_author_alone() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let (author, other) = (
            Who::Staff(StaffId::from_uuid(Uuid::from_u128(1))),
            Who::Staff(StaffId::from_uuid(Uuid::from_u128(2))),
        );
        let body = BodyId::from_uuid(Uuid::from_u128(3));
        let content = Content {
            category: Category::Notice,
            title: "様式が変わります".to_owned(),
            body: "11月から新しい様式を使います。".to_owned(),
            event: None,
            attachments: Vec::new(),
            link: None,
            expires_at: None,
            sender: Some("訪問看護連絡会".to_owned()),
        };
        let id = PostId::from_uuid(Uuid::from_u128(9));
        // The last hour of September there.
        let at = "2026-09-30T14:30:00Z".parse().unwrap();
        let mut post = Post::new(id, author, Some(body), Urgency::Normal, content, Vec::new(), at);
        post.state = PostState::Submitted;
        let all = PostQuery::default();
        let words = |words| PostQuery { words: Words::new(words), ..PostQuery::default() };
        let month = |month| PostQuery { month: Some(date(2026, month, 1)), ..PostQuery::default() };
        let state = |state: &str| PostQuery { state: Some(state.to_owned()), ..PostQuery::default() };
        let whose = |whose| PostQuery { whose, ..PostQuery::default() };
        let category = |category| PostQuery { category: Some(category), ..PostQuery::default() };
        for (name, query, fits) in [
            ("all", all.clone(), true),
            ("its words", words("ようしき"), false),
            ("its words", words("様式 １１月"), true),
            ("its sender", words("訪問看護連絡会"), true),
            ("another word", words("様式 研修"), false),
            ("its month", month(9), true),
            ("another month", month(10), false),
            ("its state", state("submitted"), true),
            ("another state", state("sent"), false),
            ("its body", whose(Whose::Bodys(body)), true),
            ("the centre's", whose(Whose::Centres), false),
            ("its category", category(Category::Notice), true),
            ("another category", category(Category::Training), false),
        ] {
            assert_eq!(query.fits(&post, other, &zone), fits, "{name}");
        }
        post.state = PostState::Draft;
        assert!(all.fits(&post, author, &zone) && !all.fits(&post, other, &zone));
    }
}
