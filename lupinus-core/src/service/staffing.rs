use std::collections::BTreeSet;

use serde_json::json;

use super::{By, Centre, ServiceError, Work};
use crate::{
    actor::{Actor, Origin, Permission, Role, Roles},
    audit::{Act, Subject},
    ids::StaffId,
    staff::{PasswordHash, SecondFactor, Staff},
    store::{Entity, Scan, StoreExt, Stored},
};

/// Longest login, name of a person or of a body, in `char`s.
pub const MAX_NAME_CHARS: usize = 60;

/// Most staff, bodies, or invitations of one body.
pub(super) const MAX_LIST: usize = 10_000;

/// A new account.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// What they sign in with; case does not matter.
    pub login: String,
    /// Their name as colleagues read it.
    pub name: String,
    /// Their roles, one at least.
    pub roles: Roles,
    /// Their password, hashed.
    pub password: PasswordHash,
}

/// What to do when a change would leave a single administrator (R23). The last one stays in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoleAdministrator {
    /// Refuse, so that somebody is asked first.
    Refuse,
    /// Somebody was asked and accepts it.
    Accept,
}

/// What became of a change of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffChanged {
    /// The account as it is now.
    pub staff: Staff,
    /// How many active administrators there are now: warn at 1.
    pub administrators: usize,
}

/// Why an account or a body is not changed. The Japanese sentence is for the person who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StaffingRefusal {
    /// Nobody could manage accounts any more.
    #[error("the last administrator stays")]
    LastAdministrator,
    /// One administrator alone would remain, and nobody accepted that.
    #[error("one administrator alone would remain")]
    OneAdministratorLeft,
    /// There are staff already.
    #[error("there are staff already")]
    NotFirst,
    /// Somebody else has this login.
    #[error("the login is taken")]
    LoginTaken,
    /// A login is 3 to [`MAX_NAME_CHARS`] of `a-z 0-9 . _ - @`.
    #[error("the login has a form that is not allowed")]
    BadLogin,
    /// A name is empty or too long.
    #[error("the name is empty or too long")]
    BadName,
    /// There is a body of this name.
    #[error("the name is taken")]
    NameTaken,
    /// An account without a role can do nothing.
    #[error("a role is needed")]
    NoRole,
    /// Nobody stands in for themselves, nor does one without an active account.
    #[error("not a possible deputy")]
    BadDeputy,
    /// The body does not hand in posts at present.
    #[error("the body is not active")]
    BodyInactive,
    /// The account is linked to somebody at the provider, or they to another account.
    #[error("linked already at the provider")]
    LinkedAlready,
    /// The invitation was used, called back or has expired: there is nothing to call back.
    #[error("the invitation is not open")]
    InvitationClosed,
}

impl StaffingRefusal {
    /// What to tell the person who asked.
    pub const fn sentence_ja(self) -> &'static str {
        match self {
            Self::LastAdministrator => "最後の管理者です。先にほかの方を管理者にしてください。",
            Self::OneAdministratorLeft => {
                "この変更で管理者が1人だけになります。よろしければ確認のうえ実行してください。"
            }
            Self::NotFirst => "職員がすでに登録されています。管理画面から追加してください。",
            Self::LoginTaken => "このログイン名は使われています。",
            Self::BadLogin => "ログイン名は半角の英小文字・数字・記号(. _ - @)で3〜60文字にしてください。",
            Self::BadName => "名前は1〜60文字で入力してください。",
            Self::NameTaken => "同じ名前の団体が登録されています。",
            Self::NoRole => "役割を1つ以上選んでください。",
            Self::BadDeputy => "代決者には、本人以外の有効な職員を選んでください。",
            Self::BodyInactive => "この団体は現在利用停止中です。",
            Self::LinkedAlready => {
                "すでに結び付いています。先に解除してください。ほかの職員に結び付いているときは、管理者に知らせてください。"
            }
            Self::InvitationClosed => "この招待はすでに使用済み・期限切れ・取消し済みです。",
        }
    }
}

impl From<StaffingRefusal> for ServiceError {
    fn from(refusal: StaffingRefusal) -> Self {
        Self::Staffing(refusal)
    }
}

impl Work {
    /// The account with which everything begins, made on the command line: an administrator, whatever roles are named.
    ///
    /// # Errors
    /// [`ServiceError::Staffing`]: [`StaffingRefusal::NotFirst`] when there is any account; [`ServiceError::Store`].
    pub async fn create_first_administrator(&mut self, account: NewStaff) -> Result<Staff, ServiceError> {
        let centre = self.centre().clone();
        let actor = Actor { origin: Origin::CommandLine, ..Actor::system() };
        // Before looking: of two at once, one conflicts here, looks again and is refused.
        self.audit(administrators(), &actor, Act::new("administrators.first")).await?;
        if centre.store.count(&Scan::keys(Staff::KIND)).await? > 0 {
            return Err(StaffingRefusal::NotFirst.into());
        }
        let account = NewStaff { roles: [Role::Administrator].into_iter().collect(), ..account };
        self.add_staff(&centre, &actor, account).await
    }

    /// A new account.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] without [`Permission::ManageStaff`]; [`ServiceError::Staffing`];
    /// [`ServiceError::Store`].
    pub async fn create_staff(&mut self, by: By, account: NewStaff) -> Result<Staff, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.manager(by).await?;
        self.add_staff(&centre, &actor, account).await
    }

    async fn add_staff(
        &mut self,
        centre: &Centre,
        actor: &Actor,
        account: NewStaff,
    ) -> Result<Staff, ServiceError> {
        if account.roles.is_empty() {
            return Err(StaffingRefusal::NoRole.into());
        }
        let login = valid_login(&account.login)?;
        let name = valid_name(&account.name)?;
        if centre.staff_by_login(&login).await?.is_some() {
            return Err(StaffingRefusal::LoginTaken.into());
        }
        let staff = Staff {
            id: StaffId::from_uuid(centre.ids.uuid(self.now())),
            login,
            name,
            roles: account.roles,
            active: true,
            password: account.password,
            second_factor: None,
            provider: None,
            failures: 0,
            locked_until: None,
            deputies: BTreeSet::new(),
            created_at: self.now(),
        };
        self.insert(&staff)?;
        let act = Act::new("staff.created").detail(json!({ "roles": staff.roles }));
        self.audit(subject(staff.id), actor, act).await?;
        Ok(staff)
    }

    /// Other roles for an account.
    ///
    /// # Errors
    /// [`ServiceError::Staffing`]: [`StaffingRefusal::LastAdministrator`], [`StaffingRefusal::OneAdministratorLeft`] (R23);
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn change_roles(
        &mut self,
        by: By,
        id: StaffId,
        roles: Roles,
        sole: SoleAdministrator,
    ) -> Result<StaffChanged, ServiceError> {
        if roles.is_empty() {
            return Err(StaffingRefusal::NoRole.into());
        }
        let act = Act::new("staff.roles_changed").detail(json!({ "roles": roles }));
        self.change_staff(by, id, sole, act, |staff| staff.roles = roles).await
    }

    /// An account that nobody signs in with any more, and that is linked to no LINE account ([`Work::unlink`]) and to nobody at the
    /// provider ([`Work::unlink_provider`]), also when it serves again.
    ///
    /// # Errors
    /// As [`Work::change_roles`].
    pub async fn deactivate_staff(
        &mut self,
        by: By,
        id: StaffId,
        sole: SoleAdministrator,
    ) -> Result<StaffChanged, ServiceError> {
        let act = Act::new("staff.deactivated");
        let mut link = None;
        let change = |staff: &mut Staff| {
            staff.active = false;
            link = staff.provider.take();
        };
        let changed = self.change_staff(by, id, sole, act, change).await?;
        if link.is_some() {
            let actor = self.centre().clone().manager(by).await?;
            self.provider_unlinked(id, &actor).await?;
        }
        self.unlink(by, id).await?;
        Ok(changed)
    }

    /// An account serves again.
    ///
    /// # Errors
    /// As [`Work::change_roles`].
    pub async fn reactivate_staff(&mut self, by: By, id: StaffId) -> Result<StaffChanged, ServiceError> {
        let act = Act::new("staff.reactivated");
        self.change_staff(by, id, SoleAdministrator::Accept, act, |staff| staff.active = true).await
    }

    async fn change_staff(
        &mut self,
        by: By,
        id: StaffId,
        sole: SoleAdministrator,
        act: Act,
        change: impl FnOnce(&mut Staff),
    ) -> Result<StaffChanged, ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.manager(by).await?;
        // All such changes share one chain, whose end is read before the accounts are counted: of two administrators who
        // remove each other, the later one conflicts, counts again and is refused.
        let shared = Act::new(act.action).detail(json!({ "staff": id }));
        self.audit(administrators(), &actor, shared).await?;
        let everyone: Vec<Stored<Staff>> = centre.store.all(Scan::keys(Staff::KIND), MAX_LIST).await?;
        let stored =
            everyone.iter().find(|other| other.value.id == id).ok_or(ServiceError::NotFound("staff"))?;
        let mut staff = stored.value.clone();
        change(&mut staff);
        let others =
            everyone.iter().filter(|other| other.value.id != id && is_administrator(&other.value)).count();
        let administrators = others + usize::from(is_administrator(&staff));
        if is_administrator(&stored.value) && !is_administrator(&staff) {
            match (administrators, sole) {
                (0, _) => return Err(StaffingRefusal::LastAdministrator.into()),
                (1, SoleAdministrator::Refuse) => return Err(StaffingRefusal::OneAdministratorLeft.into()),
                _ => {}
            }
        }
        self.update(stored, &staff)?;
        self.audit(subject(id), &actor, act).await?;
        Ok(StaffChanged { staff, administrators })
    }

    /// A new password: one's own, or another's by an administrator, which also ends a lock-out.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn set_password(
        &mut self,
        by: By,
        id: StaffId,
        password: PasswordHash,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.own_or_manager(by, id).await?;
        let stored = centre.staff(id).await?;
        let unlocked = |factor: SecondFactor| SecondFactor { failures: 0, locked_until: None, ..factor };
        let second_factor = stored.value.second_factor.clone().map(unlocked);
        let staff =
            Staff { password, second_factor, failures: 0, locked_until: None, ..stored.value.clone() };
        self.update(&stored, &staff)?;
        self.erases();
        self.audit(subject(id), &actor, Act::new("staff.password_set")).await?;
        Ok(())
    }

    /// A second factor of one's own, in place of the one before. The code that proves it has served by then.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`] for another's; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn set_second_factor(
        &mut self,
        by: By,
        id: StaffId,
        factor: SecondFactor,
    ) -> Result<(), ServiceError> {
        if by != By::Staff(id) {
            return Err(ServiceError::NotAllowed);
        }
        self.change_second_factor(by, id, Some(factor), Act::new("staff.second_factor_set")).await
    }

    /// No second factor any more: one's own, or another's by an administrator, when the device is lost with its recovery codes.
    /// Whoever needs one by their role sets up another at the next sign-in.
    ///
    /// # Errors
    /// [`ServiceError::NotAllowed`]; [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn remove_second_factor(&mut self, by: By, id: StaffId) -> Result<(), ServiceError> {
        self.change_second_factor(by, id, None, Act::new("staff.second_factor_removed")).await
    }

    async fn change_second_factor(
        &mut self,
        by: By,
        id: StaffId,
        second_factor: Option<SecondFactor>,
        act: Act,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.own_or_manager(by, id).await?;
        let stored = centre.staff(id).await?;
        self.update(&stored, &Staff { second_factor, ..stored.value.clone() })?;
        self.erases();
        self.audit(subject(id), &actor, act).await?;
        Ok(())
    }

    /// Who may decide in the stead of one of the staff (代決): named by themselves, or by an administrator.
    ///
    /// # Errors
    /// [`ServiceError::Staffing`]: [`StaffingRefusal::BadDeputy`]; [`ServiceError::NotAllowed`];
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn set_deputies(
        &mut self,
        by: By,
        id: StaffId,
        deputies: BTreeSet<StaffId>,
    ) -> Result<(), ServiceError> {
        let centre = self.centre().clone();
        let actor = centre.own_or_manager(by, id).await?;
        let stored = centre.staff(id).await?;
        for deputy in &deputies {
            let account = centre.store.load::<Staff>(&deputy.to_string()).await?;
            if *deputy == id || !account.is_some_and(|account| account.value.active) {
                return Err(StaffingRefusal::BadDeputy.into());
            }
        }
        let act = Act::new("staff.deputies_set").detail(json!({ "deputies": deputies }));
        self.update(&stored, &Staff { deputies, ..stored.value.clone() })?;
        self.audit(subject(id), &actor, act).await?;
        Ok(())
    }
}

impl Centre {
    /// One of the staff.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Store`].
    pub async fn staff(&self, id: StaffId) -> Result<Stored<Staff>, ServiceError> {
        self.store.load(&id.to_string()).await?.ok_or(ServiceError::NotFound("staff"))
    }

    /// The account with this login, whatever its case.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn staff_by_login(&self, login: &str) -> Result<Option<Stored<Staff>>, ServiceError> {
        let login = login.trim().to_lowercase();
        if login.is_empty() || login.len() > MAX_NAME_CHARS {
            return Ok(None);
        }
        Ok(self.store.first(&Scan::index(Staff::KIND, "login").exactly(login)).await?)
    }

    /// All accounts, by login.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn staff_list(&self) -> Result<Vec<Staff>, ServiceError> {
        let staff = self.store.all(Scan::keys(Staff::KIND), MAX_LIST).await?;
        let mut staff: Vec<Staff> = staff.into_iter().map(|stored| stored.value).collect();
        // Not by the index, whose values a store may hide.
        staff.sort_by(|one, other| one.login.cmp(&other.login));
        Ok(staff)
    }

    /// Who asks, if they themselves manage accounts. Nobody does that in another's stead: it would make a deputy of one
    /// decision a master of all accounts.
    pub(super) async fn manager(&self, by: By) -> Result<Actor, ServiceError> {
        let actor = self.actor(by).await?;
        let manages = actor.on_behalf_of.is_none() && actor.roles.permit(Permission::ManageStaff);
        if manages { Ok(actor) } else { Err(ServiceError::NotAllowed) }
    }

    /// Who asks, if it is about themselves or they manage accounts.
    pub(super) async fn own_or_manager(&self, by: By, id: StaffId) -> Result<Actor, ServiceError> {
        if by == By::Staff(id) { self.actor(by).await } else { self.manager(by).await }
    }
}

pub(super) fn subject(id: StaffId) -> Subject {
    Subject::new(&Staff::KIND, id)
}

/// The chain that all changes of accounts share.
fn administrators() -> Subject {
    Subject::new(&Staff::KIND, "administrators")
}

fn is_administrator(staff: &Staff) -> bool {
    staff.active && staff.roles.has(Role::Administrator)
}

fn valid_login(login: &str) -> Result<String, StaffingRefusal> {
    let login = login.trim().to_lowercase();
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-@".contains(&byte);
    let fits = (3..=MAX_NAME_CHARS).contains(&login.len()) && login.bytes().all(allowed);
    if fits { Ok(login) } else { Err(StaffingRefusal::BadLogin) }
}

pub(super) fn valid_name(name: &str) -> Result<String, StaffingRefusal> {
    let name = name.trim();
    let fits =
        !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(StaffingRefusal::BadName) }
}
