//! What somebody could do with a post now: what core's own decision answers to each command.

use jiff::Timestamp;
use lupinus_core::{
    actor::{Actor, Permission},
    post::{Command, Context, Post, PostState, Refusal},
};

use crate::{
    console::Settings,
    gate::Desk,
    text::{Text, say},
    view::Names,
    words,
};

/// Something that can be done with a post, by this person now.
pub(in crate::pages) struct ActionView {
    pub(in crate::pages) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// What its form asks: `""`, `comment`, `reason`, `approve`, or `link` for a page of its own.
    pub(super) asks: &'static str,
    /// In whose name it may be done: nobody when it may not.
    pub(in crate::pages) as_whom: Vec<(String, Text)>,
    /// Why it may not be done.
    pub(in crate::pages) why_not: Text,
    pub(super) primary: bool,
}

/// An actor as core would make it, for asking what would be allowed.
fn actors(desk: &Desk, names: &Names) -> Vec<(String, Text, Actor)> {
    let me = Actor::staff(desk.staff.id, desk.staff.roles.clone());
    let mut actors = vec![(String::new(), Text::from("自分の権限で"), me.clone())];
    for absent in names.stand_ins_of(desk.staff.id) {
        let actor = Actor { on_behalf_of: Some((absent.id, absent.roles.clone())), ..me.clone() };
        actors.push((absent.id.to_string(), say!("{name}さんの代わりに(代決)", name = absent.name), actor));
    }
    actors
}

/// What each action's command would be, for asking whether it would be allowed.
pub(in crate::pages) fn actions(app: &Settings, post: &Post, desk: &Desk, names: &Names) -> Vec<ActionView> {
    let number = post.revision().map_or(0, |revision| revision.number);
    let now = app.centre.now();
    let word = || "確認".to_owned();
    let audience = post.audience.clone();
    let all: [(&'static str, &'static str, &'static str, &'static str, bool, Command); 13] = [
        ("take", "受け付ける", "確認を始めます。投稿者に受付を知らせます。", "", true, Command::Take),
        (
            "approve",
            "承認する",
            "この版の内容で承認します。承認後に内容が変わると、承認は取り消されます。",
            "approve",
            true,
            Command::Approve { revision: number, confirmed: true },
        ),
        (
            "send",
            "配信の準備へ",
            "配信先と日時を決めます。次の画面で内容を確かめてから配信します。",
            "link",
            true,
            Command::Schedule { at: now, audience },
        ),
        (
            "return",
            "差し戻す",
            "直してほしい点を書いて、投稿者に返します。",
            "comment",
            false,
            Command::Return { comment: word(), field: None },
        ),
        (
            "reject",
            "却下する",
            "この投稿を終わりにします。修正してほしいときは「差し戻す」を使ってください。",
            "reason",
            false,
            Command::Reject { reason: word() },
        ),
        ("submit", "提出する", "下書きを確認に回します。", "", true, Command::Submit),
        ("recall", "下書きに戻す", "提出を取りやめて、編集できるようにします。", "", false, Command::Recall),
        (
            "unschedule",
            "予約を取り消す",
            "配信を止めて、承認済みに戻します。",
            "",
            false,
            Command::Unschedule,
        ),
        (
            "cancel",
            "配信を中止する",
            "まだ送っていない分を取りやめます。すでに届いた分は取り消せません。記録は残ります。",
            "reason",
            false,
            Command::Cancel { reason: word() },
        ),
        ("sign", "確認の署名をする", "緊急配信の内容を、二人目として確認します。", "", true, Command::Sign),
        ("seen", "後閲した", "代わりに決裁された内容を確認したことを記録します。", "", true, Command::Seen),
        (
            "withdraw",
            "取り下げる",
            "この投稿を配信しないことにします。",
            "reason",
            false,
            Command::Withdraw { reason: word() },
        ),
        (
            "edit",
            "編集する",
            "内容を直します。新しい版になり、承認はやり直しになります。",
            "link",
            true,
            Command::Propose(post.audience.clone()),
        ),
    ];
    let actors = actors(desk, names);
    let mut views = Vec::new();
    for (name, label, hint, asks, primary, command) in all {
        let outcome = |actor: &Actor| {
            let cx = context(app, post, actor, now);
            post.decide(command.clone(), &cx).map(|_| ())
        };
        views.extend(offered(
            ActionView { name, label, hint, asks, as_whom: Vec::new(), why_not: Text::default(), primary },
            &actors,
            outcome,
        ));
    }
    if matches!(post.state, PostState::Sending { .. }) {
        let stop = ActionView {
            name: "stop",
            label: "配信を止める",
            hint: "まだ送っていない分を止めます。送信待ちの画面で、送るか取りやめるかを決められます。",
            asks: "",
            as_whom: Vec::new(),
            why_not: Text::default(),
            primary: false,
        };
        views.extend(offered(stop, &actors, |actor| {
            if actor.may(Permission::ReleaseHeld) { Ok(()) } else { Err(Refusal::NotAllowed) }
        }));
        let resume = ActionView {
            name: "resume",
            label: "止めた配信を再開する",
            hint: "「配信を止める」で止めた分を、もう一度送信の順番に戻します。",
            asks: "",
            as_whom: Vec::new(),
            why_not: Text::default(),
            primary: false,
        };
        views.extend(offered(resume, &actors, |actor| {
            if actor.may(Permission::ReleaseHeld) { Ok(()) } else { Err(Refusal::NotAllowed) }
        }));
    }
    if let PostState::Failed { delivery, .. } = post.state {
        let resend = ActionView {
            name: "resend",
            label: "届いていない方に再配信する",
            hint: "承認された同じ内容を、届いていない方だけに配信します。届いたかどうか不明な方には送りません。",
            asks: "",
            as_whom: Vec::new(),
            why_not: Text::default(),
            primary: true,
        };
        let command = Command::Resend { delivery };
        views.extend(offered(resend, &actors, |actor| {
            post.decide(command.clone(), &context(app, post, actor, now)).map(|_| ())
        }));
    }
    let copy = ActionView {
        name: "copy",
        label: "もとにして新しく作る",
        hint: "内容を写した新しい投稿を作ります。日付と締切は空にします。",
        asks: "link",
        as_whom: Vec::new(),
        why_not: Text::default(),
        primary: false,
    };
    // Whoever may not write is not told of it: there is nothing to ask anybody for.
    let late = Refusal::NotNow { state: post.state.name() };
    views.extend(offered(copy, &actors[..1], |actor| {
        if actor.may(Permission::WritePost) { Ok(()) } else { Err(late.clone()) }
    }));
    if let Some(content) = post.revision().map(|revision| revision.content.clone()) {
        let correct = ActionView {
            name: "correct",
            label: "訂正を出す",
            hint: "元の配信が届いた方だけに届く、訂正の投稿を作ります。",
            asks: "link",
            as_whom: Vec::new(),
            why_not: Text::default(),
            primary: false,
        };
        let outcome = |actor: &Actor| {
            let cx = context(app, post, actor, now);
            post.correction(post.id, content.clone(), Vec::new(), &cx).map(|_| ())
        };
        views.extend(offered(correct, &actors, outcome));
    }
    views
}

/// What core decides by, at this moment: one for all questions of a page.
pub(super) fn context<'a>(app: &'a Settings, post: &Post, actor: &'a Actor, now: Timestamp) -> Context<'a> {
    let policy = app.centre.policy();
    Context {
        actor,
        route: policy.routes.for_urgency(post.urgency),
        policy: &policy.posts,
        zone: policy.hours.time_zone(),
        now,
    }
}

/// The action with those in whose name it may be done; grey with the reason when nobody's; nothing when it is not its time.
fn offered(
    mut view: ActionView,
    actors: &[(String, Text, Actor)],
    outcome: impl Fn(&Actor) -> Result<(), Refusal>,
) -> Option<ActionView> {
    for (value, label, actor) in actors {
        match outcome(actor) {
            Ok(()) => view.as_whom.push((value.clone(), label.clone())),
            Err(Refusal::NotNow { .. }) => {}
            Err(refusal) if view.why_not.is_empty() => view.why_not = words::of_post(&refusal),
            Err(_) => {}
        }
    }
    (!view.as_whom.is_empty() || !view.why_not.is_empty()).then_some(view)
}
