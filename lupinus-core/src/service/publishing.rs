//! Posts, from the draft to the outbox.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Permission, Who},
    audience::Audience,
    audit::{Act, Subject},
    body::Body,
    delivery::Delivery,
    ids::{BodyId, DeliveryId, PostId},
    member::Member,
    outbox::{Addressee, Message, OutboxItem, Recipient, Sort},
    post::{
        Command, Content, Context, Decision, FieldMark, InvalidContent, Post, PostState, Refusal, Urgency,
    },
    screening,
    store::{Cursor, Entity, Paged, Scan, StoreExt, Stored},
};

/// What somebody wants to hand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What members would see.
    pub content: Content,
    /// Whether it can wait.
    pub urgency: Urgency,
    /// To whom it should go.
    pub audience: Audience,
    /// The body it is written for, when one of the staff writes; a member writes for their own.
    pub body: Option<BodyId>,
}

/// What there is to say of a content before it is handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentCheck {
    /// What keeps it from being handed in.
    pub problems: Vec<InvalidContent>,
    /// What screening found.
    pub marks: Vec<FieldMark>,
}

/// What a sending would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendingPreview {
    /// How many people it would go to; of all friends, those whom we know.
    pub recipients: u64,
}

impl Centre {
    /// Everything there is to say of a content now.
    pub fn check_content(&self, content: &Content) -> ContentCheck {
        ContentCheck {
            problems: self.policy().posts.problems(content, self.now(), self.policy().hours.time_zone()),
            marks: self.marks_of(content),
        }
    }

    /// What members read as the sender of a body's posts; nothing for the centre's own.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn sender_of(&self, body: Option<BodyId>) -> Result<Option<String>, ServiceError> {
        let Some(id) = body else { return Ok(None) };
        Ok(self.store.load::<Body>(&id.to_string()).await?.map(|body| body.value.name))
    }

    /// A post.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn post(&self, id: PostId) -> Result<Stored<Post>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("post"))
    }

    /// The posts in the state of this name, the latest changed first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn posts(
        &self,
        state: &str,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<Post>, ServiceError> {
        let scan = Scan::index(Post::KIND, "state").prefix(format!("{state} "));
        Ok(self.store.page(&scan.backwards().after(after).limit(limit)).await?)
    }

    /// How many posts are in the state of this name.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn post_count(&self, state: &str) -> Result<u64, ServiceError> {
        Ok(self.store.count(&Scan::index(Post::KIND, "state").prefix(format!("{state} "))).await?)
    }

    /// The posts of one author, the latest changed first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn posts_of(
        &self,
        author: Who,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<Post>, ServiceError> {
        let prefix = format!("{} ", crate::post::author_value(author));
        let scan = Scan::index(Post::KIND, "author").prefix(prefix);
        Ok(self.store.page(&scan.backwards().after(after).limit(limit)).await?)
    }

    /// The posts of one body, the latest changed first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn posts_of_body(
        &self,
        body: BodyId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Paged<Post>, ServiceError> {
        let scan = Scan::index(Post::KIND, "body").prefix(format!("{body} "));
        Ok(self.store.page(&scan.backwards().after(after).limit(limit)).await?)
    }

    /// The posts that wait for a second signature, or for somebody's later sight.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn posts_needing_sight(&self) -> Result<Vec<Stored<Post>>, ServiceError> {
        Ok(self.store.all(Scan::index(Post::KIND, "attention"), 10_000).await?)
    }

    /// A delivery.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn delivery(&self, id: DeliveryId) -> Result<Stored<Delivery>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("delivery"))
    }

    /// The deliveries of a post, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn deliveries_of(&self, post: PostId) -> Result<Vec<Stored<Delivery>>, ServiceError> {
        Ok(self.store.all(Scan::index(Delivery::KIND, "post").prefix(format!("{post} ")), 1_000).await?)
    }

    /// The chunks of a delivery, in order.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn chunks_of(&self, delivery: DeliveryId) -> Result<Vec<Stored<OutboxItem>>, ServiceError> {
        let scan = Scan::index(OutboxItem::KIND, "delivery").prefix(format!("{delivery} "));
        Ok(self.store.all(scan, 10_000).await?)
    }

    /// What sending this post to `audience` now would be. A correction goes to those whom the original reached, whatever the
    /// audience.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn sending_preview(
        &self,
        post: PostId,
        audience: &Audience,
    ) -> Result<SendingPreview, ServiceError> {
        let post = self.post(post).await?.value;
        let recipients = if post.corrects_deliveries.is_empty() {
            self.audience_size(audience).await?
        } else {
            self.still_reached_by(&post.corrects_deliveries).await?
        };
        Ok(SendingPreview { recipients })
    }
}

impl Work {
    /// Begins a post. A member writes for the body that invited them, one of the staff for the centre or a body.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::Post`] when the author has too many drafts; [`ServiceError::Store`].
    pub async fn draft_post(&mut self, by: By, draft: Draft) -> Result<Post, ServiceError> {
        let (post, actor) = self.begun(by, draft).await?;
        self.insert(&post)?;
        self.audit_post(&post, &actor, created(&post)).await?;
        Ok(post)
    }

    /// Begins a post and hands it in, in one.
    ///
    /// # Errors
    /// As [`Work::draft_post`] and [`Work::post_command`].
    pub async fn draft_and_submit(&mut self, by: By, draft: Draft) -> Result<Post, ServiceError> {
        let (post, actor) = self.begun(by, draft).await?;
        let decision = self.decided(&post, Command::Submit, &actor)?;
        self.insert(&decision.next)?;
        self.audit_post(&post, &actor, created(&post)).await?;
        self.audit_post(&post, &actor, decision.act).await?;
        Ok(decision.next)
    }

    /// Changes a draft or a returned post: a new revision, that nobody has approved.
    ///
    /// # Errors
    /// [`ServiceError::Post`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn edit_post(&mut self, by: By, id: PostId, content: Content) -> Result<Post, ServiceError> {
        let (content, marks) = self.of_its_post(id, content).await?;
        let command = Command::Edit { content: Box::new(content), marks };
        self.decide_all(by, id, vec![command]).await
    }

    /// Changes a draft or a returned post and hands it in, in one.
    ///
    /// # Errors
    /// As [`Work::edit_post`].
    pub async fn edit_and_submit(
        &mut self,
        by: By,
        id: PostId,
        content: Content,
    ) -> Result<Post, ServiceError> {
        let (content, marks) = self.of_its_post(id, content).await?;
        let edit = Command::Edit { content: Box::new(content), marks };
        self.decide_all(by, id, vec![edit, Command::Submit]).await
    }

    /// Does one step of the workflow: everything but an edit, sending once more, calling a sending off, and what
    /// only the system does. Comments and reasons are screened:
    /// their author's post goes out with them.
    ///
    /// # Errors
    /// [`ServiceError::Post`] when the workflow says no; [`ServiceError::PersonalInformation`] when the comment holds some;
    /// [`ServiceError::NotFound`]; [`ServiceError::NotAllowed`]; [`ServiceError::Store`].
    pub async fn post_command(&mut self, by: By, id: PostId, command: Command) -> Result<Post, ServiceError> {
        if matches!(
            command,
            Command::Edit { .. }
                | Command::Due { .. }
                | Command::Finish { .. }
                | Command::Resend { .. }
                | Command::Cancel { .. }
        ) {
            return Err(ServiceError::NotAllowed);
        }
        if let Command::Return { comment: words, .. }
        | Command::Reject { reason: words }
        | Command::Withdraw { reason: words } = &command
        {
            self.screened(words)?;
        }
        let allowed = match &command {
            Command::Allow { allowance, .. } => vec![allowance.clone()],
            _ => Vec::new(),
        };
        self.centre().check_allowances(&allowed)?;
        let post = self.decide_all(by, id, vec![command]).await?;
        if !allowed.is_empty() {
            let actor = self.centre().actor(by).await?;
            self.suggest(&actor, &allowed, &Subject::new(&Post::KIND, id)).await?;
        }
        Ok(post)
    }

    /// That words which stay with a post hold nothing personal.
    pub(super) fn screened(&self, words: &str) -> Result<(), ServiceError> {
        let screened = self.centre().screen.check(words, screening::Context::Post);
        if screened.blocks() { Err(ServiceError::PersonalInformation(screened.marks)) } else { Ok(()) }
    }

    /// Begins a correction (訂正) of a post that was sent.
    ///
    /// # Errors
    /// [`ServiceError::Post`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn correct_post(
        &mut self,
        by: By,
        original: PostId,
        content: Content,
    ) -> Result<Post, ServiceError> {
        let centre = self.centre().clone();
        let original = centre.post(original).await?.value;
        let actor = centre.actor(by).await?;
        let id = PostId::from_uuid(centre.ids.uuid(self.now()));
        let content = Content { sender: centre.sender_of(original.body).await?, ..content };
        let marks = centre.marks_of(&content);
        let cx = self.context(&original, &actor);
        let post = original.correction(id, content, marks.clone(), &cx).map_err(ServiceError::Post)?;
        self.refuse_blocked(&marks)?;
        self.insert(&post)?;
        let mut act = created(&post);
        if let Value::Object(detail) = &mut act.detail {
            detail.insert("corrects".to_owned(), json!(original.id));
        }
        self.audit_post(&post, &actor, act).await?;
        Ok(post)
    }

    pub(crate) async fn decide_all(
        &mut self,
        by: By,
        id: PostId,
        commands: Vec<Command>,
    ) -> Result<Post, ServiceError> {
        let centre = self.centre().clone();
        let read = centre.post(id).await?;
        let actor = centre.actor(by).await?;
        may_see(&actor, &read.value)?;
        let mut post = read.value.clone();
        let mut told = None;
        let hands_in = |command: &Command| matches!(command, Command::Edit { .. } | Command::Submit);
        if matches!(actor.who, Who::Member(_))
            && commands.iter().any(hands_in)
            && !self.body_is_active(&actor).await?
        {
            return Err(ServiceError::NotAllowed);
        }
        for command in commands {
            match &command {
                Command::Edit { marks, .. } => self.refuse_blocked(marks)?,
                Command::Schedule { at, .. } => self.refuse_waiting_past_expiry(&post, *at)?,
                _ => {}
            }
            let decision = self.decided(&post, command, &actor)?;
            self.audit_post(&post, &actor, decision.act).await?;
            told = decision.tell.or(told);
            post = decision.next;
            if let PostState::Scheduled { trial, .. } = &mut post.state {
                *trial = centre.launch().await?.is_trial();
            }
        }
        self.update(&read, &post)?;
        if let Some(message) = told {
            self.tell_author(&post, message).await?;
        }
        Ok(post)
    }

    /// One decision on a post, and nothing else.
    pub(crate) fn decided(
        &self,
        post: &Post,
        command: Command,
        actor: &Actor,
    ) -> Result<Decision, ServiceError> {
        post.decide(command, &self.context(post, actor)).map_err(ServiceError::Post)
    }

    fn context<'a>(&'a self, post: &Post, actor: &'a Actor) -> Context<'a> {
        let policy = self.centre().policy();
        Context {
            actor,
            route: policy.routes.for_urgency(post.urgency),
            policy: &policy.posts,
            zone: policy.hours.time_zone(),
            now: self.now(),
        }
    }

    /// The content with the name of the body that the post is of, and what screening finds in it; what was let pass in the post
    /// before passes.
    async fn of_its_post(
        &self,
        id: PostId,
        content: Content,
    ) -> Result<(Content, Vec<FieldMark>), ServiceError> {
        let centre = self.centre();
        let post = centre.post(id).await?.value;
        let content = Content { sender: centre.sender_of(post.body).await?, ..content };
        let marks = centre.marks_within(&content, &post.allowed);
        Ok((content, marks))
    }

    /// Whether the body that a member submits for may hand in posts.
    async fn body_is_active(&self, actor: &Actor) -> Result<bool, ServiceError> {
        let Some(id) = actor.body else { return Ok(false) };
        let body = self.centre().store.load::<Body>(&id.to_string()).await?;
        Ok(body.is_some_and(|body| body.value.active))
    }

    /// Nothing personal is written, not even as a draft, unless the city lets a checker confirm it.
    fn refuse_blocked(&self, marks: &[FieldMark]) -> Result<(), ServiceError> {
        let blocks = marks.iter().any(|found| found.mark.action == screening::Action::Block);
        if blocks && !self.centre().policy().posts.confirm_instead_of_block {
            return Err(ServiceError::Post(Refusal::PersonalInformation));
        }
        Ok(())
    }

    /// A post that quiet hours would hold until nobody needs it is not scheduled for then.
    fn refuse_waiting_past_expiry(&self, post: &Post, at: Timestamp) -> Result<(), ServiceError> {
        let policy = self.centre().policy();
        let expiry = post.revision().and_then(|revision| revision.content.expiry(policy.hours.time_zone()));
        let quiet = policy.quiet.as_ref().filter(|_| !post.is_urgent());
        match (quiet.and_then(|quiet| quiet.holds_until(at, &policy.hours)), expiry) {
            (Some(until), Some(expiry)) if until >= expiry => Err(ServiceError::Post(Refusal::BadTime)),
            _ => Ok(()),
        }
    }

    async fn begun(&mut self, by: By, draft: Draft) -> Result<(Post, Actor), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.actor(by).await?;
        let body = match actor.who {
            Who::Member(_) => {
                if !self.body_is_active(&actor).await? {
                    return Err(ServiceError::NotAllowed);
                }
                actor.body
            }
            Who::Staff(_) if actor.may(Permission::WritePost) => draft.body,
            Who::Staff(_) | Who::System => return Err(ServiceError::NotAllowed),
        };
        // An emergency passes with one approval: only the centre itself may call something one.
        if draft.urgency == Urgency::Emergency && actor.staff_id().is_none() {
            return Err(ServiceError::NotAllowed);
        }
        let open = centre.posts_of(actor.who, None, 200).await?;
        let open = open.items.iter().filter(|post| matches!(post.value.state, PostState::Draft)).count();
        if open >= centre.policy().posts.max_drafts_per_author {
            return Err(ServiceError::Post(Refusal::TooManyDrafts));
        }
        let id = PostId::from_uuid(centre.ids.uuid(self.now()));
        let content = Content { sender: centre.sender_of(body).await?, ..draft.content };
        let marks = centre.marks_of(&content);
        self.refuse_blocked(&marks)?;
        let mut post = Post::new(id, actor.who, body, draft.urgency, content, marks, self.now());
        post.audience = draft.audience;
        Ok((post, actor))
    }

    pub(crate) async fn audit_post(
        &mut self,
        post: &Post,
        actor: &Actor,
        act: Act,
    ) -> Result<(), ServiceError> {
        Ok(self.audit(Subject::new(&Post::KIND, post.id), actor, act).await?)
    }

    /// Tells a post's author, if they are a member who can be reached.
    pub(crate) async fn tell_author(&mut self, post: &Post, message: Message) -> Result<(), ServiceError> {
        let Who::Member(id) = post.author else { return Ok(()) };
        let Some(member) = self.centre().store.load::<Member>(&id.to_string()).await? else { return Ok(()) };
        if member.value.state != crate::member::MemberState::Following {
            return Ok(());
        }
        let to = Addressee { member: id, contact: member.value.contact };
        let subject = Subject::new(&Post::KIND, post.id);
        self.send(Recipient::Person(to), vec![message], Sort::Personal, Some(subject), None)?;
        Ok(())
    }
}

/// R24: a submitter sees and touches the items of their own body alone.
fn may_see(actor: &Actor, post: &Post) -> Result<(), ServiceError> {
    let may = match actor.who {
        Who::Member(_) => actor.who == post.author && actor.body.is_some() && actor.body == post.body,
        Who::Staff(_) => actor.may(Permission::ReadPosts),
        Who::System => true,
    };
    if may { Ok(()) } else { Err(ServiceError::NotAllowed) }
}

fn created(post: &Post) -> Act {
    let hash = post.revision().map(|revision| revision.hash.to_hex());
    Act::new("post.created").revision(1).detail(json!({ "content": hash, "urgency": post.urgency }))
}
