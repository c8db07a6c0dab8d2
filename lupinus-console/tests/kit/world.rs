//! A city with something real behind every address: what a test of all addresses walks through.

use std::sync::Arc;

use axum::http::StatusCode;
use lupinus_console::report::{Deployment, data_flow};
use lupinus_core::{
    actor::Role,
    audience::Audience,
    audit::Subject,
    blob::Blob,
    canned,
    consultation::{self, ConsultationPolicy, Media, MediaState, Verdict},
    delivery::GatePolicy,
    disposal::{Class, Disposal, Item, Retention, State},
    hash::Sha256Hash,
    ids::{DisposalId, StaffId, WordId},
    launch::Launch,
    outbox::SendOutcome,
    policy::Policy,
    post::{Attachment, Command, Post, Urgency},
    screening::{AllowReason, Allowance, ListedWord, PiiKind, WordState},
    service::{By, Vetting},
    store::Entity,
};

use super::{Blobs, Browser, City, at, training};

pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

pub(crate) struct World {
    pub(crate) city: City,
    /// Who makes things; nobody whom a test signs in.
    author: StaffId,
    helper: StaffId,
    deputy: StaffId,
    administrator: Browser,
    made: usize,
}

impl World {
    pub(crate) async fn new() -> Self {
        let blobs = Arc::new(Blobs::default());
        blobs.put(bytes::Bytes::from_static(PNG)).await.unwrap();
        let consultations = ConsultationPolicy { holds_media: true, ..ConsultationPolicy::default() };
        let gate = GatePolicy {
            per_account_per_hour: u64::MAX,
            per_person_per_hour: u32::MAX,
            ..GatePolicy::default()
        };
        let policy = Policy { consultations, gate, ..Policy::default() };
        let sheet = data_flow(&Deployment::default());
        let city = City::with(policy, |console| console.blob(blobs).data_flow(sheet)).await;
        let author = city.staff("author", "起案 一郎", &[Role::Checker, Role::Consultant]).await;
        let helper = city.staff("helper", "補助 二郎", &[Role::Approver]).await;
        let deputy = city.staff("deputy", "代決 三郎", &[Role::Auditor]).await;
        let named = city.centre.transact(|mut work| async move {
            work.set_deputies(By::Staff(helper), helper, std::iter::once(deputy).collect()).await?;
            work.done(())
        });
        named.await.unwrap();
        let administrator = city.desk("admin").await;
        Self { city, author, helper, deputy, administrator, made: 0 }
    }

    /// Somebody else's post, in a state where this can be done with it.
    async fn post(&self, doing: &str) -> String {
        let mut content = training(&format!("口腔ケア研修 第{}回", self.made));
        content.attachments.push(Attachment {
            name: "様式.png".to_owned(),
            media_type: "image/png".to_owned(),
            size_bytes: 9,
            sha256: Sha256Hash::of(PNG),
            alt: "様式の見本".to_owned(),
            look: None,
            checked: true,
        });
        let urgency = if doing == "sign" { Urgency::Emergency } else { Urgency::Normal };
        let post = self.city.submitted_as(self.author, content, urgency).await;
        let approve = Command::Approve { revision: 1, confirmed: true };
        let approve_again = approve.clone();
        let due = at("2026-10-05T10:00:00+09:00");
        let later = at("2026-10-08T12:00:00+09:00");
        let schedule = |at| Command::Schedule { at, audience: Audience::Members };
        let back = Command::Return { comment: "直してください".to_owned(), field: None };
        let before = match doing {
            "return" | "reject" | "approve" | "allow" => vec![Command::Take],
            "seen" => vec![Command::Take],
            "send" | "confirm" | "sign" => vec![Command::Take, approve],
            "unschedule" => vec![Command::Take, approve, schedule(later)],
            "stop" | "cancel" | "resend" | "correct" => vec![Command::Take, approve, schedule(due)],
            "edit" | "submit" => vec![Command::Take, back],
            _ => Vec::new(),
        };
        for step in before {
            self.city.post_command(By::Staff(self.helper), post, step).await.unwrap();
        }
        if doing == "seen" {
            let by = By::Deputy { deputy: self.deputy, replaced: self.helper };
            self.city.post_command(by, post, approve_again).await.unwrap();
        }
        if matches!(doing, "stop" | "cancel" | "resend" | "correct") {
            let centre = &self.city.centre;
            self.city.member(&format!("U{}", self.made)).await;
            centre.start_due_posts().await.unwrap();
            let outcome = match doing {
                "correct" => Some(SendOutcome::Accepted { request_id: None }),
                "resend" => {
                    Some(SendOutcome::Refused { status: 400, message: String::new(), property: None })
                }
                _ => None,
            };
            for leased in centre.lease_due(100).await.unwrap() {
                let carries = leased.post.as_ref().is_some_and(|carried| carried.id == post);
                if let Some(outcome) = outcome.clone().filter(|_| carries) {
                    centre.settle(&leased, outcome).await.unwrap();
                }
            }
        }
        post.to_string()
    }

    /// A consultation with a picture that somebody has looked at; its id and the picture's.
    async fn consultation(&self) -> (String, String) {
        let city = &self.city;
        let member = city.member(&format!("U{}", self.made)).await;
        let id = city.asks(member, "この器具の名前を教えてください。").await;
        let media = &Media {
            media_type: "image/png".to_owned(),
            size_bytes: 9,
            state: MediaState::Held { sha256: Sha256Hash::of(PNG), viewer: None },
        };
        let shown = city.centre.transact(|mut work| async move {
            work.show(By::Member(member), media.clone(), "m2".to_owned()).await?;
            work.done(())
        });
        shown.await.unwrap();
        let thread = city.centre.consultation(By::Staff(self.author), id).await.unwrap().value.thread;
        let entry = thread.last().unwrap().id;
        let (by, vetting) = (By::Staff(self.author), &Vetting::default());
        for command in [
            consultation::Command::Look { entry, instead_of: None },
            consultation::Command::Settle { entry, verdict: Verdict::Keep { confirmed: true } },
        ] {
            let command = &command;
            let settled = city.centre.transact(|mut work| async move {
                work.vetted_consultation_command(by, id, command.clone(), vetting).await?;
                work.done(())
            });
            settled.await.unwrap();
        }
        (id.to_string(), entry.to_string())
    }

    /// A consultation that somebody answered.
    async fn answered(&self) -> (String, String) {
        let (id, entry) = self.consultation().await;
        let text = "市の福祉用具の窓口へどうぞ。";
        self.city.answered(self.author, id.parse().unwrap(), text).await;
        (id, entry)
    }

    /// A draft of a frequently asked question.
    async fn faq(&self) -> String {
        let of = self.answered().await.0.parse().unwrap();
        self.city.faq(self.author, of, "この器具の名前は何ですか。").await.to_string()
    }

    /// A canned answer; one that is retired, where that is to be undone.
    async fn canned(&self, doing: &str) -> String {
        let by = By::Staff(self.author);
        let made = self.city.centre.transact(|mut work| async move {
            let made = work.write_canned(by, "案内", "受付は{受付時間}です。").await?;
            work.done(made.id)
        });
        let id = made.await.unwrap();
        if doing == "restore" {
            let retired = self.city.centre.transact(|mut work| async move {
                work.canned_command(by, id, canned::Command::Retire).await?;
                work.done(())
            });
            retired.await.unwrap();
        }
        id.to_string()
    }

    async fn incident(&mut self) -> String {
        let fields =
            [("learned_date", "2026-10-05"), ("learned_time", "09:00"), ("item_summary", "誤送信。")];
        let made = self.administrator.post("/incidents/new", &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        made.location().split(['/', '?']).nth(3).unwrap().to_owned()
    }

    async fn word(&self, doing: &str) -> String {
        let (by, at) = (self.city.administrator, self.city.centre.now());
        let accepted = doing == "remove";
        let word = &ListedWord {
            id: WordId::from_uuid(uuid::Uuid::from_u128(self.made as u128)),
            allowance: Allowance {
                kind: PiiKind::PersonName,
                text: format!("山田太郎{}", self.made),
                reason: AllowReason::Published,
                comment: None,
            },
            found_in: None,
            by,
            at,
            state: if accepted { WordState::Accepted { by, at } } else { WordState::Suggested },
        };
        let added = self.city.centre.transact(|mut work| async move {
            work.insert(word)?;
            work.done(())
        });
        added.await.unwrap();
        word.id.to_string()
    }

    /// What somebody else proposes to dispose of; nothing else is open then.
    async fn disposal(&self) -> String {
        let (centre, by) = (&self.city.centre, By::Staff(self.city.administrator));
        let (day, at) = ("2026-10-05".parse().unwrap(), centre.now());
        let item = Item {
            subject: Subject::new(&Post::KIND, uuid::Uuid::from_u128(7)),
            class: Class::UnsentPosts,
            closed_on: "2024-10-05".parse().unwrap(),
            due_on: "2026-04-01".parse().unwrap(),
        };
        let disposal = &Disposal {
            id: DisposalId::from_uuid(uuid::Uuid::from_u128(self.made as u128)),
            retention: Retention::default(),
            day,
            items: vec![item],
            proposed_by: self.helper,
            proposed_at: at,
            state: State::Proposed,
        };
        let open = centre.disposals(by).await.unwrap().into_iter().find(Disposal::is_open);
        let open = match &open {
            Some(open) => Some(centre.disposal(by, open.id).await.unwrap()),
            None => None,
        };
        let (open, withdrawn) = (&open, State::Withdrawn { by: self.helper, at });
        let withdrawn = &withdrawn;
        let put = centre.transact(|mut work| async move {
            if let Some(open) = open {
                work.update(open, &Disposal { state: withdrawn.clone(), ..open.value.clone() })?;
            }
            work.done(())
        });
        put.await.unwrap();
        let put = centre.transact(|mut work| async move {
            work.insert(disposal)?;
            work.done(())
        });
        put.await.unwrap();
        disposal.id.to_string()
    }

    /// A body with an invitation and a submitter.
    async fn body(&self) -> (String, String, String) {
        let city = &self.city;
        let id = city.body(&format!("団体{}", self.made)).await;
        let by = By::Staff(city.administrator);
        let invited = async || {
            let made = city.centre.transact(|mut work| async move {
                let made = work.invite(by, id).await?;
                work.done(made)
            });
            made.await.unwrap()
        };
        let member = city.member(&format!("U{}", self.made)).await;
        let (_, code) = invited().await;
        let code = &code;
        let redeemed = city.centre.transact(|mut work| async move {
            work.redeem_code(By::Member(member), code).await?;
            work.done(())
        });
        redeemed.await.unwrap();
        (id.to_string(), invited().await.0.id.to_string(), member.to_string())
    }

    /// The path with something real in each of its places; what it is goes by the path's first part.
    pub(crate) async fn real(&mut self, path: &str) -> String {
        self.made += 1;
        let mut path = path.replace("{file}", "icon.svg").replace("{hash}", &Sha256Hash::of(PNG).to_string());
        if path.contains('{') {
            let first = path.split('/').nth(1).unwrap().to_owned();
            let doing = path.rsplit('/').next().unwrap().to_owned();
            let id = match first.as_str() {
                "posts" => {
                    // Somebody may have gone back to the trial on the way.
                    self.city.put(&Launch::live()).await;
                    self.post(&doing).await
                }
                "consultations" => {
                    let (id, entry) =
                        if doing == "faq" { self.answered().await } else { self.consultation().await };
                    path = path.replace("{entry}", &entry);
                    id
                }
                "answers" => self.canned(&doing).await,
                "faq" => self.faq().await,
                "outbox" => {
                    self.consultation().await;
                    self.city.centre.lease_due(100).await.unwrap().last().unwrap().item.value.id.to_string()
                }
                "incidents" => self.incident().await,
                "words" => self.word(&doing).await,
                "bodies" => {
                    let (id, invitation, member) = self.body().await;
                    path = path.replace("{invitation}", &invitation).replace("{member}", &member);
                    id
                }
                "settings" => "hours".to_owned(),
                "disposals" => self.disposal().await,
                "members" => self.city.member(&format!("U{}", self.made)).await.to_string(),
                "staff" => {
                    let login = format!("somebody-{}", self.made);
                    self.city.staff(&login, "職員", &[Role::Auditor]).await.to_string()
                }
                _ => String::new(),
            };
            path = if id.is_empty() { path } else { path.replace("{id}", &id) };
            assert!(!path.contains('{'), "say in kit/world.rs what stands for the places of {path}");
        }
        path.trim_end_matches('/').to_owned()
    }
}
