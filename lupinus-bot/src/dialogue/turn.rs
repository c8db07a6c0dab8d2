//! One turn of a dialogue: who, what is known of them, what is said back, and the change that holds it all.

use lupinus_core::{
    hash::Sha256Hash,
    ids::MemberId,
    member::Member,
    outbox::{Message as Said, Recipient, Sort},
    service::{By, ServiceError, Work},
    store::Stored,
};
use lupinus_line::{
    Message,
    message::{Action, DatetimeMode, MAX_LABEL_GRAPHEMES, MAX_MESSAGES, MAX_QUICK_REPLIES},
};

use super::state::{Choice, Dialogue, Step, Tap};
use crate::{
    Language,
    bot::Inner,
    render::{self, RenderError},
};

/// One turn.
pub(crate) struct Turn<'a> {
    pub(crate) bot: &'a Inner,
    /// The change in the making.
    pub(crate) work: &'a mut Work,
    /// Who.
    pub(crate) member: Member,
    /// Where the dialogue stands, and is to stand.
    pub(crate) dialogue: Dialogue,
    /// How they are answered.
    pub(crate) recipient: Recipient,
    /// When what is worked on happened, and its place among the events of that instant.
    pub(crate) happened: (jiff::Timestamp, u64),
    /// The body that they submit for, as members read it.
    pub(crate) sender: Option<String>,
    /// A date or time that was picked.
    pub(crate) picked: Option<String>,
    /// Whether a service has used the recipient already.
    pub(crate) told: bool,
    /// Whether the person is gone: their dialogue goes with them.
    pub(crate) gone: bool,
    /// Whether what this overwrites must leave the disk.
    pub(crate) erases: bool,
    read: Option<Stored<Dialogue>>,
    messages: Vec<Spoken>,
    choices: Vec<Choice>,
}

/// What is said back.
enum Spoken {
    Words(String),
    Message(Message),
}

impl<'a> Turn<'a> {
    pub(crate) fn new(
        bot: &'a Inner,
        work: &'a mut Work,
        member: Member,
        read: Option<Stored<Dialogue>>,
        recipient: Recipient,
    ) -> Self {
        let now = work.now();
        let happened = (now, 0);
        let dialogue =
            read.as_ref().map_or_else(|| Dialogue::new(member.id, now), |stored| stored.value.clone());
        Self {
            bot,
            work,
            member,
            dialogue,
            recipient,
            happened,
            sender: None,
            picked: None,
            told: false,
            gone: false,
            erases: false,
            read,
            messages: Vec::new(),
            choices: Vec::new(),
        }
    }

    pub(crate) fn id(&self) -> MemberId {
        self.member.id
    }

    pub(crate) fn by(&self) -> By {
        By::Member(self.member.id)
    }

    /// Whether they accepted the rules as they are now.
    pub(crate) fn has_accepted(&self) -> bool {
        self.member.has_accepted(&self.bot.centre.policy().rules_version)
    }

    /// The text with this key.
    pub(crate) fn text(&self, key: &str) -> String {
        self.bot.texts.get(key)
    }

    /// The text with this key, with these values put in.
    pub(crate) fn text_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.bot.texts.with(key, values)
    }

    /// Says the text with this key.
    pub(crate) fn say(&mut self, key: &str) {
        let words = self.text(key);
        self.say_words(&words);
    }

    /// Says the text with this key, with these values put in.
    pub(crate) fn say_with(&mut self, key: &str, values: &[(&str, &str)]) {
        let words = self.text_with(key, values);
        self.say_words(&words);
    }

    /// Asks for something to be written: the rule on personal information stands below it (R5).
    pub(crate) fn ask_words(&mut self, words: &str) {
        let rule = self.text("rule-line");
        self.say_words(&format!("{words}\n\n{rule}"));
    }

    /// Says these words.
    pub(crate) fn say_words(&mut self, words: &str) {
        self.messages.push(Spoken::Words(words.to_owned()));
    }

    /// Shows this message.
    pub(crate) fn show(&mut self, message: Result<Message, RenderError>) {
        match message {
            Ok(message) => self.messages.push(Spoken::Message(message)),
            Err(error) => tracing::error!(%error, "a message of a dialogue cannot be made"),
        }
    }

    /// Offers an answer.
    pub(crate) fn offer(&mut self, key: &str, data: impl Into<String>) {
        let label = self.text(key);
        self.offer_choice(label, data, Tap::Send);
    }

    /// Offers one of several of a kind, with these words on it. They are listed with their numbers, too: PC LINE shows no
    /// answers to tap (R44).
    pub(crate) fn offer_words(&mut self, label: impl Into<String>, data: impl Into<String>) {
        let number = self.choices.iter().filter(|choice| choice.number.is_some()).count() + 1;
        let before = self.choices.len();
        self.offer_choice(label, data, Tap::Send);
        if let Some(choice) = self.choices.get_mut(before) {
            choice.number = Some(number);
        }
    }

    /// Offers an answer that opens something on the phone.
    pub(crate) fn offer_choice(&mut self, label: impl Into<String>, data: impl Into<String>, tap: Tap) {
        let label = render::cut_graphemes(&label.into(), MAX_LABEL_GRAPHEMES);
        if self.choices.len() < MAX_QUICK_REPLIES && !label.is_empty() {
            self.choices.push(Choice { label, data: data.into(), tap, number: None });
        }
    }

    /// Says why something was refused, and offers the same answers as before.
    pub(crate) fn refuse(&mut self, sentence: &str) {
        self.say_words(sentence);
        self.offer_again();
    }

    /// Offers the same answers as before, or the menu.
    pub(crate) fn offer_again(&mut self) {
        self.choices = self.dialogue.choices.clone();
        if self.choices.is_empty() {
            self.offer_menu();
        }
    }

    /// Offers what the menu offers.
    pub(crate) fn offer_menu(&mut self) {
        if !self.has_accepted() {
            self.offer("button-accept", "rules/accept");
            self.offer("button-help", "menu/help");
            return;
        }
        if !self.dialogue.kept.is_empty() {
            self.offer("button-send-consultation", "consult/free/send");
        }
        self.offer("button-consult", "menu/consult");
        if self.member.submits_for.is_some() {
            self.offer("button-submit", "menu/submit");
            self.offer("button-posts", "menu/posts");
        }
        self.offer("button-mine", "menu/mine");
        self.offer("button-help", "menu/help");
    }

    /// Goes on to this step.
    pub(crate) fn go(&mut self, step: Step) {
        if let Step::Draft(form) = std::mem::replace(&mut self.dialogue.step, step)
            && !matches!(self.dialogue.step, Step::Draft(_))
        {
            self.dialogue.park(*form);
        }
    }

    /// Leaves the step for nothing in particular; a draft stays at hand.
    pub(crate) fn leave_step(&mut self) {
        self.go(Step::Idle);
    }

    /// Leaves the draft for good.
    pub(crate) fn drop_draft(&mut self) {
        if let Step::Draft(form) = std::mem::replace(&mut self.dialogue.step, Step::Idle) {
            self.dialogue.unpark(form.post);
        }
    }

    /// Puts everything into the work: the answer, and where the dialogue stands. Answers which files it holds no more.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(crate) fn finish(mut self) -> Result<Vec<Sha256Hash>, ServiceError> {
        if self.erases {
            self.work.erases();
        }
        let now = self.work.now();
        self.dialogue.changed_at = now;
        let choices = std::mem::take(&mut self.choices);
        if !self.messages.is_empty() || self.told {
            self.dialogue.choices.clone_from(&choices);
        }
        let mut dropped = self.read.as_ref().map_or_else(Vec::new, |read| read.value.files());
        if !self.gone {
            let held = self.dialogue.files();
            dropped.retain(|file| !held.contains(file));
        }
        match (&self.read, self.gone) {
            (Some(read), true) => {
                self.work.erases();
                self.work.delete(read);
            }
            (None, true) => {}
            (Some(read), false) => {
                let same = Dialogue { changed_at: read.value.changed_at, ..self.dialogue.clone() };
                if same != read.value {
                    self.work.update(read, &self.dialogue)?;
                }
            }
            (None, false) => self.work.insert(&self.dialogue)?,
        }
        let objects = self.objects(&choices);
        if !objects.is_empty() {
            // Services answer with the token themselves; what is said beside that goes as a push.
            let recipient = match (self.told, self.recipient) {
                (true, Recipient::Reply { to, .. }) => Recipient::Person(to),
                (_, recipient) => recipient,
            };
            let sort = if self.gone { Sort::Farewell } else { Sort::Personal };
            self.work.send(recipient, objects, sort, None, None)?;
        }
        Ok(dropped)
    }

    fn objects(&mut self, choices: &[Choice]) -> Vec<Said> {
        let mut spoken = std::mem::take(&mut self.messages);
        if !spoken.is_empty() {
            let rule = self.text("rule-line");
            // R5: wherever somebody is to write, whatever was said.
            if self.dialogue.takes_words() && !says(&spoken, &rule) {
                add(&mut spoken, &rule);
            }
            if let Some(list) = self.list(choices, &spoken) {
                add(&mut spoken, &list);
            }
        }
        let mut messages = Vec::new();
        for spoken in spoken {
            match spoken {
                Spoken::Message(message) => messages.push(message),
                Spoken::Words(words) => match render::text(&words) {
                    Ok(message) => messages.push(message),
                    Err(error) => tracing::error!(%error, "a message of a dialogue cannot be made"),
                },
            }
        }
        messages.truncate(MAX_MESSAGES);
        if let Some(last) = messages.pop() {
            let actions = choices.iter().map(action).collect::<Result<Vec<_>, _>>();
            let replies = actions.and_then(render::quick_reply);
            messages.push(match replies {
                Ok(Some(replies)) => last.with_quick_reply(replies),
                Ok(None) => last,
                Err(error) => {
                    tracing::error!(%error, "the answers to choose from cannot be shown");
                    last
                }
            });
        }
        messages
            .iter()
            .filter_map(|message| Some(Said::Native { object: render::json(message).ok()? }))
            .collect()
    }
}

impl Turn<'_> {
    /// What there is to choose from, for those who see no answers to tap (R44): several of a kind with their numbers, and the words
    /// that nothing on the screen names yet. What the menu offers can be typed at any time, and is not repeated.
    fn list(&self, choices: &[Choice], spoken: &[Spoken]) -> Option<String> {
        let numbered = choices.iter().filter_map(|choice| Some((choice.number?, &choice.label)));
        let list: Vec<String> = numbered.map(|(number, label)| format!("{number} {label}")).collect();
        let others: Vec<String> = choices
            .iter()
            .filter(|choice| choice.number.is_none() && choice.tap == Tap::Send)
            .filter(|choice| choice.data == "menu/cancel" || !choice.data.starts_with("menu/"))
            .map(|choice| self.text_with("choices-word", &[("word", &choice.label)]))
            .filter(|word| !says(spoken, word))
            .collect();
        let words = others.join(match self.bot.texts.language() {
            Language::Japanese => "",
            Language::English => ", ",
        });
        let hint = match (list.is_empty(), words.is_empty()) {
            (true, true) => return None,
            (true, false) => return Some(self.text_with("choices-words", &[("words", &words)])),
            (false, true) => self.text("choices-typed"),
            (false, false) => self.text_with("choices-typed-or", &[("words", &words)]),
        };
        Some(format!("{}\n{hint}", list.join(" / ")))
    }
}

/// Whether something that is said holds these words.
fn says(spoken: &[Spoken], words: &str) -> bool {
    spoken.iter().any(|spoken| matches!(spoken, Spoken::Words(said) if said.contains(words)))
}

/// Says these words below the last.
fn add(spoken: &mut Vec<Spoken>, words: &str) {
    match spoken.last_mut() {
        Some(Spoken::Words(said)) => *said = format!("{said}\n\n{words}"),
        _ => spoken.push(Spoken::Words(words.to_owned())),
    }
}

fn action(choice: &Choice) -> Result<Action, RenderError> {
    let label = choice.label.as_str();
    Ok(match choice.tap {
        Tap::Send => render::tap(label, &choice.data)?,
        Tap::PickDate => Action::datetime_picker(choice.data.as_str(), DatetimeMode::Date)?.label(label),
        Tap::PickTime => Action::datetime_picker(choice.data.as_str(), DatetimeMode::Time)?.label(label),
        Tap::Pictures => Action::camera_roll().label(label),
    })
}
