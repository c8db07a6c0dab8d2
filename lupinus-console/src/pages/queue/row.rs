//! One line of the list.

use lupinus_core::{
    actor::Permission as P,
    consultation::Consultation,
    faq::Faq,
    outbox::OutboxState,
    post::Post,
    queue::{Matter, Pressing, is_asked_of, reminded},
    service::{About, Queued, ServiceError},
};

use crate::{
    console::Settings,
    gate::Desk,
    pages::{consultations::ConsultationRow, outbox::ItemRow, start_of, when},
    text::{Text, say},
    view::{Names, PostRow, QuotaView, When, spent},
};

/// How much of a question stands in a line, in `char`s.
const SHOWN: usize = 60;

/// How somebody comes to be on it, or leaves it.
pub(super) struct Take {
    /// Where the form goes, within the console.
    pub(super) action: String,
    pub(super) label: &'static str,
    /// What the form names, if it is one of the queue's own.
    pub(super) subject: Option<String>,
    /// Whom it replaces.
    pub(super) instead_of: Option<String>,
}

/// One thing that waits, as staff read it.
pub(super) struct QueueRow {
    /// Names the line, from one look to the next.
    pub(super) key: String,
    pub(super) href: String,
    pub(super) kind: &'static str,
    pub(super) title: Text,
    pub(super) sub: Text,
    /// How long it waits, in opening time.
    pub(super) age: Option<Text>,
    pub(super) pressing: Pressing,
    pub(super) near: Option<(Text, &'static str)>,
    /// What somebody should look at in it.
    pub(super) marks: Option<Text>,
    pub(super) who: Option<Text>,
    pub(super) mine: bool,
    pub(super) take: Option<Take>,
    /// Whether it is this one's turn.
    pub(super) yours: bool,
    /// How often those whose turn it is were reminded, and when last.
    pub(super) reminded: Option<Text>,
}

impl QueueRow {
    /// A line for each, in their order; those who wait for an answer are read once for all of them.
    pub(super) async fn all(
        app: &Settings,
        desk: &Desk,
        names: &Names,
        queued: &[&Queued],
    ) -> Result<Vec<Self>, ServiceError> {
        let consultations: Vec<&Consultation> = queued
            .iter()
            .filter_map(|queued| match &queued.about {
                About::Consultation(consultation) => Some(&**consultation),
                About::Post(_) | About::Faq(_) | About::Item(_) => None,
            })
            .collect();
        let mut asked = ConsultationRow::all(app, &consultations, names).await?.into_iter();
        Ok(queued.iter().map(|queued| Self::new(app, desk, names, queued, &mut asked)).collect())
    }

    /// One line; `asked` has the next consultation's.
    fn new(
        app: &Settings,
        desk: &Desk,
        names: &Names,
        queued: &Queued,
        asked: &mut impl Iterator<Item = ConsultationRow>,
    ) -> Self {
        let when = when(app);
        let waiting = &queued.waiting;
        let mine = waiting.on_it == Some(desk.staff.id);
        let mut row = match &queued.about {
            About::Post(post) => Self::of_post(waiting.matter, post, mine, names, &when),
            About::Consultation(_) => {
                asked.next().as_ref().map_or_else(|| Self::empty("相談#one"), Self::of_consultation)
            }
            About::Faq(entry) => Self::of_faq(entry, names),
            About::Item(item) => {
                let row = ItemRow::new(item, desk, &when);
                let kind = match item.state {
                    OutboxState::Held { .. } => "配信の保留",
                    OutboxState::Paused { .. } => "配信の一時停止",
                    OutboxState::Unknown { .. } => "届いたか不明",
                    _ => "配信の失敗",
                };
                Self {
                    href: "/outbox".to_owned(),
                    title: say!("{what}({recipients})", what = row.what, recipients = row.recipients),
                    sub: row.why,
                    ..Self::empty(kind)
                }
            }
        };
        row.key = key(waiting.matter);
        row.age = Some(spent(waiting.age));
        row.pressing = waiting.pressing;
        row.who = waiting.on_it.map(|id| names.staff(id));
        row.mine = mine;
        row.take = take(desk, queued);
        if let About::Post(post) = &queued.about
            && matches!(waiting.matter, Matter::Submitted(_) | Matter::InReview(_))
        {
            row.yours = is_asked_of(post, &desk.staff, &app.centre.policy().routes);
            row.reminded =
                reminded(post).map(|it| say!("督促 {n}回目({at})", n = it.times, at = when.at(it.at)));
        }
        row
    }

    fn of_consultation(row: &ConsultationRow) -> Self {
        Self {
            href: format!("/consultations/{}", row.id),
            sub: say!("{who}・受付 {opened}", who = row.who, opened = row.opened),
            title: row.topic.into(),
            marks: row.masked.then(|| Text::from("伏せた記載あり")),
            ..Self::empty("相談#one")
        }
    }

    fn of_faq(entry: &Faq, names: &Names) -> Self {
        let wording = entry.wording();
        Self {
            href: format!("/faq/{}", entry.id),
            title: wording
                .map(|wording| Text::given(&start_of(&wording.question, SHOWN)))
                .unwrap_or_default(),
            sub: wording
                .map(|wording| {
                    say!(
                        "個人が分からないことを、別の職員が確認して公開します。文面 {by}",
                        by = names.staff(wording.by)
                    )
                })
                .unwrap_or_default(),
            yours: true,
            ..Self::empty("よくある質問")
        }
    }

    /// That the month's messages will not suffice.
    pub(super) fn of_quota(quota: QuotaView) -> Self {
        let spent = quota.remaining() == Some(0);
        let percent = quota.forecast_percent().unwrap_or(100);
        Self {
            key: "quota".to_owned(),
            href: "/figures".to_owned(),
            title: if spent {
                Text::from("今月の配信数を使い切りました")
            } else {
                say!("今月の配信数が足りなくなる見込みです(月末 {percent}%)", percent)
            },
            sub: Text::from("配信を翌月に回すか、プランの変更を検討してください。"),
            pressing: if spent { Pressing::Now } else { Pressing::Late },
            ..Self::empty("配信数")
        }
    }

    fn empty(kind: &'static str) -> Self {
        Self {
            key: String::new(),
            href: String::new(),
            kind,
            title: Text::default(),
            sub: Text::default(),
            age: None,
            pressing: Pressing::InTime,
            near: None,
            marks: None,
            who: None,
            mine: false,
            take: None,
            yours: false,
            reminded: None,
        }
    }

    fn of_post(matter: Matter, post: &Post, mine: bool, names: &Names, when: &When<'_>) -> Self {
        let row = PostRow::new(post, names, when);
        let (kind, why) = match matter {
            Matter::SecondSignature(_) => {
                ("二人目の署名", Some("緊急配信のため、もう一人の署名が必要です。"))
            }
            Matter::LaterSight(_) if mine => {
                ("後閲", Some("あなたの代わりに決裁されました。内容を確認してください(後閲)。"))
            }
            Matter::LaterSight(_) => ("後閲", Some("代わりに決裁された内容の確認を待っています。")),
            Matter::Submitted(_) => ("提出", None),
            Matter::InReview(_) => ("確認中", None),
            Matter::NotMended(_) => ("差戻し中", Some("投稿者の修正を待っています。声をかけてください。")),
            Matter::Approved(_) => ("配信待ち", Some("配信の日時と配信先を決めてください。")),
            Matter::SendingFailed(_) => {
                ("配信の失敗", Some("届いていない方がいます。再配信か訂正を決めてください。"))
            }
            Matter::Consultation(_) | Matter::Faq(_) | Matter::Delivery(_) => ("", None),
        };
        let about = say!(
            "{body}・{category}・{what} {at}",
            body = row.body,
            category = row.category,
            what = row.what,
            at = row.at
        );
        let mut title = row.title;
        if row.correction {
            title = say!("【訂正】{title}", title);
        }
        if row.emergency {
            title = say!("【緊急】{title}", title);
        }
        Self {
            href: format!("/posts/{}", row.id),
            title,
            sub: why.map_or_else(|| about.clone(), |why| say!("{why} {about}", why, about)),
            near: row.near,
            marks: (row.marks > 0).then(|| say!("要確認の記載 {marks}", marks = row.marks)),
            ..Self::empty(kind)
        }
    }
}

fn key(matter: Matter) -> String {
    match matter {
        Matter::SecondSignature(id) => format!("sign-{id}"),
        Matter::LaterSight(id) => format!("sight-{id}"),
        Matter::Submitted(id) | Matter::InReview(id) | Matter::NotMended(id) | Matter::Approved(id) => {
            format!("post-{id}")
        }
        Matter::SendingFailed(id) => format!("failed-{id}"),
        Matter::Consultation(id) => format!("consultation-{id}"),
        Matter::Faq(id) => format!("faq-{id}"),
        Matter::Delivery(id) => format!("delivery-{id}"),
    }
}

/// What this one can do about who is on it: core decides once more when it is done.
fn take(desk: &Desk, queued: &Queued) -> Option<Take> {
    let waiting = &queued.waiting;
    let of_workflow = |action: String, label| Take { action, label, subject: None, instead_of: None };
    let holder = waiting.on_it;
    match waiting.matter {
        Matter::Submitted(id) => {
            return desk.may(P::CheckPost).then(|| of_workflow(format!("/posts/{id}/take"), "受け付ける"));
        }
        Matter::Consultation(id) => {
            return (holder.is_none() && desk.may(P::AnswerConsultations))
                .then(|| of_workflow(format!("/consultations/{id}/take"), "担当する"));
        }
        // It waits for the one who was replaced, and for nobody else; or for whoever has a moment to read.
        Matter::LaterSight(_) | Matter::Faq(_) => return None,
        Matter::Delivery(_) if !desk.may(P::ReleaseHeld) => return None,
        Matter::Delivery(_) => {}
        _ if !desk.may(P::CheckPost) => return None,
        _ => {}
    }
    let subject = waiting.matter.claimed_as()?;
    let own = |action: &str, label| Take {
        action: format!("/queue/{action}"),
        label,
        subject: Some(subject.as_str().to_owned()),
        instead_of: None,
    };
    match holder {
        None => Some(own("claim", "担当する")),
        // Whoever took a post in stays on it until somebody else is.
        Some(id) if id == desk.staff.id && waiting.claimed => Some(own("unclaim", "担当を外れる")),
        Some(id) if id == desk.staff.id => None,
        Some(id) => Some(Take { instead_of: Some(id.to_string()), ..own("claim", "引き継ぐ") }),
    }
}
