//! What was found wrong, and where.

use crate::answer::{Detail, Refusal};

/// One step into a body.
#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// The body itself; mistakes below are named like `messages[0].text`.
    Body,
    /// The `contents` of the Flex message with this index; mistakes below are named like `/body/contents/0`.
    Flex(usize),
    Key(&'a str),
    Index(usize),
}

/// A place in a body. Written out only when something is wrong there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

impl<'a> Path<'a> {
    /// The whole body.
    pub(crate) fn body() -> Self {
        Self { parent: None, step: Step::Body }
    }

    /// The `contents` of the Flex message with this index.
    pub(crate) fn flex(message: usize) -> Self {
        Self { parent: None, step: Step::Flex(message) }
    }

    /// A property of what is here.
    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Key(key) }
    }

    /// An element of what is here.
    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }

    /// The Flex message this is in, if it is in one.
    pub(crate) fn flex_message(&self) -> Option<usize> {
        match (self.parent, self.step) {
            (Some(parent), _) => parent.flex_message(),
            (None, Step::Flex(message)) => Some(message),
            (None, _) => None,
        }
    }

    fn write(&self, out: &mut String, in_flex: bool) {
        if let Some(parent) = self.parent {
            parent.write(out, in_flex);
        }
        match self.step {
            Step::Body | Step::Flex(_) => {}
            Step::Key(key) if in_flex => {
                out.push('/');
                out.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
            Step::Index(index) if in_flex => {
                out.push('/');
                out.push_str(&index.to_string());
            }
            Step::Index(index) => {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            }
        }
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let in_flex = self.flex_message().is_some();
        let mut out = String::new();
        self.write(&mut out, in_flex);
        if in_flex && out.is_empty() {
            out.push('/');
        }
        f.write_str(&out)
    }
}

/// Everything wrong with a body.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The first property of a wrong type: LINE names that one alone.
    shape: Option<String>,
    details: Vec<Detail>,
    /// The first message that is wrong inside, with what is wrong there.
    inside: Option<(usize, Vec<Detail>)>,
}

impl Findings {
    /// Notes a mistake.
    pub(crate) fn note(&mut self, path: &Path<'_>, message: impl Into<String>) {
        let detail = Detail { message: message.into(), property: path.to_string() };
        match path.flex_message() {
            Some(index) => self.note_inside(index, detail),
            None => self.details.push(detail),
        }
    }

    /// Notes a mistake inside a message, which LINE words differently.
    pub(crate) fn note_inside(&mut self, message: usize, detail: Detail) {
        let (index, details) = self.inside.get_or_insert_with(|| (message, Vec::new()));
        if *index == message {
            details.push(detail);
        }
    }

    /// Notes a value of the wrong type.
    pub(crate) fn wrong_type(&mut self, path: &Path<'_>) {
        if path.flex_message().is_some() {
            self.note(path, "invalid property");
        } else if self.shape.is_none() {
            self.shape = Some(path.to_string());
        }
    }

    /// The refusal, if anything is wrong.
    pub(crate) fn verdict(self) -> Result<(), Refusal> {
        if let Some(shape) = self.shape {
            return Err(Refusal::property(&shape));
        }
        if !self.details.is_empty() {
            return Err(Refusal::details(self.details));
        }
        match self.inside {
            None => Ok(()),
            Some((index, details)) => Err(Refusal {
                details,
                ..Refusal::bad(format!("A message (messages[{index}]) in the request body is invalid"))
            }),
        }
    }
}
