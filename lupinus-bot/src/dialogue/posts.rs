//! One's own posts: their state, mending a returned one, withdrawing.

use lupinus_core::{
    actor::Who,
    ids::PostId,
    post::{Command, Post, PostState, RemarkKind},
    service::ServiceError,
};
use lupinus_line::{
    Message,
    message::{
        FlexMessage,
        flex::{Bubble, Button, Carousel, FlexBox, Size, Spacing, Text},
    },
};

use super::{
    form::{Asking, Form},
    state::Step,
    turn::Turn,
};
use crate::{
    incoming::Words,
    render::{self, Marks, RenderError},
};

/// How many posts are listed: the bubbles of one carousel.
const LISTED: usize = 10;

/// Shows their posts, the latest changed first.
pub(super) async fn list(turn: &mut Turn<'_>) -> Result<(), ServiceError> {
    turn.leave_step();
    let posts = turn.bot.centre.posts_of(Who::Member(turn.id()), None, LISTED).await?;
    if posts.items.is_empty() {
        turn.say("posts-none");
        turn.offer_menu();
        return Ok(());
    }
    let message = carousel(turn, posts.items.iter().map(|post| &post.value));
    turn.show(message);
    turn.offer_menu();
    Ok(())
}

fn carousel<'p>(turn: &Turn<'_>, posts: impl Iterator<Item = &'p Post>) -> Result<Message, RenderError> {
    let texts = &turn.bot.texts;
    let mut alt = texts.get("posts-alt");
    let mut bubbles = Vec::new();
    for post in posts {
        let state = texts.state(&post.state);
        let title = if post.title().is_empty() { "—" } else { post.title() };
        alt = format!("{alt}\n{state} {title}");
        let changed =
            texts.with("posts-changed", &[("at", &texts.moment(post.updated_at, turn.bot.render.zone()))]);
        let mut body = FlexBox::vertical()
            .spacing(Spacing::Sm)
            .child(Text::new(state).bold().size(Size::Md).color("#1F5F8B").wrap())
            .child(Text::new(title).bold().size(Size::Md).wrap().max_lines(3))
            .child(Text::new(changed).size(Size::Xs).color("#555555").wrap());
        if let Some(remark) = last_remark(post)
            && !remark.is_empty()
        {
            body = body.child(Text::new(remark).size(Size::Sm).color("#A61B1B").wrap().max_lines(4));
        }
        let button = |key: &str, verb: &str| -> Result<Button, RenderError> {
            Ok(Button::new(render::tap(&texts.get(key), &format!("post/{verb}/{}", post.id))?))
        };
        let mut footer = FlexBox::vertical().child(button("button-show", "show")?);
        if matches!(post.state, PostState::Returned | PostState::Draft) {
            footer = footer.child(button("button-mend", "edit")?);
        }
        if can_withdraw(&post.state) {
            footer = footer.child(button("button-withdraw", "withdraw")?);
        }
        bubbles.push(Bubble::new().body(body).footer(footer));
    }
    Ok(FlexMessage::new(render::cut_utf16(&alt, 400), Carousel::new(bubbles))?.into())
}

fn can_withdraw(state: &PostState) -> bool {
    !state.is_final() && !matches!(state, PostState::Sending { .. })
}

/// The words of the last decision, while they matter.
fn last_remark(post: &Post) -> Option<&str> {
    let wanted = match post.state {
        PostState::Returned => RemarkKind::Returned,
        PostState::Rejected => RemarkKind::Rejected,
        PostState::Withdrawn => RemarkKind::Withdrawn,
        _ => return None,
    };
    post.remarks.iter().rev().find(|remark| remark.kind == wanted).map(|remark| remark.text.as_str())
}

/// Their post with this id; posts of others do not exist for them.
async fn own(turn: &Turn<'_>, id: &str) -> Result<Post, ServiceError> {
    let id: PostId = id.parse().map_err(|_| ServiceError::NotFound("post"))?;
    let post = turn.bot.centre.post(id).await?.value;
    if post.author == Who::Member(turn.id()) { Ok(post) } else { Err(ServiceError::NotFound("post")) }
}

/// They tapped something about a post.
pub(super) async fn tapped(turn: &mut Turn<'_>, rest: &str) -> Result<(), ServiceError> {
    let (verb, id) = rest.split_once('/').unwrap_or((rest, ""));
    let post = own(turn, id).await?;
    match verb {
        "show" => {
            let state = turn.bot.texts.state(&post.state);
            turn.say_with("posts-state", &[("state", &state)]);
            if let Some(revision) = post.revision() {
                turn.show(turn.bot.render.post(&revision.content, Marks::default()));
            }
            turn.offer_menu();
        }
        "edit" => edit(turn, &post),
        "withdraw" if can_withdraw(&post.state) => {
            turn.go(Step::Withdraw { post: post.id });
            let words = turn.text_with("withdraw-ask", &[("title", post.title())]);
            turn.ask_words(&words);
            turn.offer("withdraw-usual-reason", format!("post/withdraw-usual/{}", post.id));
            turn.offer("button-cancel", "menu/cancel");
        }
        "withdraw-usual" => {
            let reason = turn.text("withdraw-usual-reason");
            return withdraw_with(turn, post.id, reason).await;
        }
        _ => return super::stale(turn),
    }
    Ok(())
}

/// Opens a returned post at the field that the centre named, with its comment.
fn edit(turn: &mut Turn<'_>, post: &Post) {
    let (Some(revision), PostState::Returned | PostState::Draft) = (post.revision(), &post.state) else {
        let state = turn.bot.texts.state(&post.state);
        turn.say_with("posts-not-editable", &[("state", &state)]);
        turn.offer_menu();
        return;
    };
    turn.leave_step();
    let mut form =
        turn.dialogue.unpark(Some(post.id)).unwrap_or_else(|| Form::of(post.id, &revision.content));
    let remark = post.remarks.iter().rev().find(|remark| remark.kind == RemarkKind::Returned);
    if let Some(remark) = remark {
        let place = remark.field.map_or_else(|| turn.text("post-whole"), |field| turn.bot.texts.field(field));
        turn.say_with("mend-comment", &[("field", &place), ("comment", &remark.text)]);
        if let Some(field) = remark.field.filter(|field| form.fields().contains(field)) {
            form.asking = Asking::Field(field);
            form.single = true;
        } else {
            form.asking = Asking::Which;
        }
    }
    super::submit::show(turn, form);
}

/// They wrote why.
pub(super) async fn withdraw(turn: &mut Turn<'_>, post: PostId, words: &Words) -> Result<(), ServiceError> {
    withdraw_with(turn, post, words.text.trim().to_owned()).await
}

async fn withdraw_with(turn: &mut Turn<'_>, post: PostId, reason: String) -> Result<(), ServiceError> {
    let by = turn.by();
    let post = turn.work.post_command(by, post, Command::Withdraw { reason }).await?;
    turn.leave_step();
    turn.say_with("withdraw-done", &[("title", post.title())]);
    turn.offer_menu();
    Ok(())
}
