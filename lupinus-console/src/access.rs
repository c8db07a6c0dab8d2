//! Who may what: what an address and a command need, as the gate, the pages and the tests read it.

use axum::http::Method;
use lupinus_core::actor::{Permission, Roles};

/// What somebody needs to pass the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: sign-in and the style sheet.
    Nobody,
    /// An account. What is shown goes by its permissions.
    SignedIn,
    /// This permission.
    Permission(Permission),
}

impl Needs {
    pub(crate) fn anybody(self) -> bool {
        self == Self::Nobody
    }

    /// Whether these roles suffice, once signed in.
    pub fn met_by(self, roles: &Roles) -> bool {
        match self {
            Self::Nobody | Self::SignedIn => true,
            Self::Permission(permission) => roles.permit(permission),
        }
    }
}

/// What core asks beyond the gate, where it knows more: whose work it is, and in whose stead somebody acts (代決).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing more than the gate.
    Nothing,
    /// This permission, of whoever acts or of the one they stand in for.
    Permission(Permission),
    /// That the work is their own, or that they are the one who is asked.
    Own,
    /// Either.
    OwnOr(Permission),
    /// That the city's approval route names them at the step at hand: an approver, unless it says otherwise.
    Step,
}

impl Asks {
    /// Whether these roles suffice for what somebody else wrote, without standing in for anybody.
    pub fn met_by(self, roles: &Roles) -> bool {
        match self {
            Self::Nothing => true,
            Self::Permission(permission) | Self::OwnOr(permission) => roles.permit(permission),
            Self::Own => false,
            Self::Step => roles.permit(Permission::DecidePost),
        }
    }
}

/// A command that an address takes in the place of `{command}`. What is not listed is not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// Its name in the address.
    pub name: &'static str,
    /// What core asks for it.
    pub asks: Asks,
}

/// One address of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// Its path within the console, with `{…}` for ids.
    pub path: &'static str,
    /// What the gate needs.
    pub needs: Needs,
    /// What core asks beyond it, whatever the command.
    pub asks: Asks,
    /// Whether it answers GET.
    pub get: bool,
    /// Whether it answers POST.
    pub post: bool,
    /// The commands that may stand for `{command}`; none where the path has no such place.
    pub commands: &'static [CommandInfo],
}

impl RouteInfo {
    /// Whether the address takes this method; HEAD goes with GET.
    pub fn takes(&self, method: &Method) -> bool {
        (self.get && (method == Method::GET || method == Method::HEAD))
            || (self.post && method == Method::POST)
    }

    /// What core asks of a request that ends in `last`; `None` when there is no such command.
    pub(crate) fn asks_of(&self, last: &str) -> Option<Asks> {
        if self.commands.is_empty() {
            return Some(self.asks);
        }
        self.commands.iter().find(|command| command.name == last).map(|command| command.asks)
    }

    /// Each thing that can be done here: its path, and what core asks for it.
    pub fn doings(&self) -> Vec<(String, Asks)> {
        if self.commands.is_empty() {
            return vec![(self.path.to_owned(), self.asks)];
        }
        let named = |command: &CommandInfo| (self.path.replace("{command}", command.name), command.asks);
        self.commands.iter().map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use lupinus_core::actor::Role;

    use super::*;

    #[test]
    fn what_is_somebodys_own_is_nobody_elses_by_a_role() {
        let everything: Roles = Role::ALL.into_iter().collect();
        assert!(!Asks::Own.met_by(&everything));
        assert!(Asks::OwnOr(Permission::DecidePost).met_by(&everything));
        assert!(!Asks::OwnOr(Permission::DecidePost).met_by(&Roles::default()));
        assert!(Asks::Nothing.met_by(&Roles::default()));
    }
}
