//! A disk that forgets what was not synced when the power is cut: wholly, in part, and in any order.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Cursor},
    sync::{Arc, Mutex, MutexGuard},
};

use super::{Disk, DiskFile};

/// What a drive writes as one.
const SECTOR: usize = 512;

/// Random numbers that are the same for the same seed (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (x ^ (x >> 31)) % bound
    }

    pub(crate) fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap()
    }

    pub(crate) fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
}

/// Clones are the same disk.
#[derive(Clone, Default)]
pub(crate) struct SimulatedDisk(Arc<Mutex<State>>);

impl fmt::Debug for SimulatedDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimulatedDisk")
    }
}

#[derive(Default)]
struct State {
    /// Contents by number: a file keeps its number when it is renamed.
    files: BTreeMap<u64, Content>,
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    next: u64,
    /// Bytes that may yet be written before the disk is full.
    space: Option<u64>,
    /// How many operations from now on the power is cut.
    cut_in: Option<u64>,
    is_off: bool,
    operations: u64,
    /// Is called during each operation.
    meanwhile: Option<Box<dyn FnMut() + Send>>,
}

#[derive(Clone, Default)]
struct Content {
    now: Vec<u8>,
    durable: Vec<u8>,
    /// What was written since the last sync, sector by sector, and to what length it was cut.
    pending: Vec<Pending>,
}

#[derive(Clone)]
enum Pending {
    Write(usize, Vec<u8>),
    Length(usize),
}

impl Content {
    fn apply(bytes: &mut Vec<u8>, pending: &Pending) {
        match pending {
            Pending::Write(at, written) => {
                if bytes.len() < at + written.len() {
                    bytes.resize(at + written.len(), 0);
                }
                bytes[*at..at + written.len()].copy_from_slice(written);
            }
            Pending::Length(len) => bytes.resize(*len, 0),
        }
    }
}

impl State {
    /// Counts an operation; the power may go before it.
    fn operate(&mut self) -> io::Result<()> {
        self.operations += 1;
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile();
        }
        match &mut self.cut_in {
            Some(0) => self.is_off = true,
            Some(left) => *left -= 1,
            None => {}
        }
        if self.is_off { Err(io::Error::other("the power is off")) } else { Ok(()) }
    }

    fn number(&self, name: &str) -> io::Result<u64> {
        self.names.get(name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn content(&mut self, number: u64) -> &mut Content {
        self.files.entry(number).or_default()
    }
}

impl SimulatedDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Cuts the power before the operation after `operations` more.
    pub(crate) fn cut_in(&self, operations: u64) {
        self.state().cut_in = Some(operations);
    }

    /// Leaves room for so many bytes, or for any number.
    pub(crate) fn set_space(&self, bytes: Option<u64>) {
        self.state().space = bytes;
    }

    /// Does this during each operation from now on.
    pub(crate) fn meanwhile(&self, act: impl FnMut() + Send + 'static) {
        self.state().meanwhile = Some(Box::new(act));
    }

    pub(crate) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// What is on the disk when the power comes back. Nothing that was synced is lost; of the rest anything may be.
    pub(crate) fn after_power_cut(&self, dice: &mut Dice) -> Self {
        let state = self.state();
        // How likely a sector was on its way: never, rarely, often, always.
        let odds = [0, 1, 2, 3][dice.index(4)];
        let survives = move |dice: &mut Dice| dice.below(3) < odds;
        let mut files = BTreeMap::new();
        for (number, content) in &state.files {
            let mut bytes = content.durable.clone();
            let mut pending = content.pending.clone();
            if dice.one_in(2) {
                for n in (1..pending.len()).rev() {
                    pending.swap(n, dice.index(n + 1));
                }
            }
            for change in pending.iter().filter(|_| survives(dice)) {
                Content::apply(&mut bytes, change);
            }
            files.insert(*number, Content { now: bytes.clone(), durable: bytes, pending: Vec::new() });
        }
        let mut names = state.durable_names.clone();
        for name in state.names.keys().chain(state.durable_names.keys()) {
            if state.names.get(name) != state.durable_names.get(name) && survives(dice) {
                match state.names.get(name) {
                    Some(number) => names.insert(name.clone(), *number),
                    None => names.remove(name),
                };
            }
        }
        let next = state.next;
        let state = State { files, durable_names: names.clone(), names, next, ..State::default() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A disk that holds these bytes under these names.
    pub(crate) fn with(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let disk = Self::default();
        for (name, bytes) in files {
            let mut file = disk.create(&name).unwrap();
            file.write_at(0, &bytes).unwrap();
            file.sync().unwrap();
        }
        disk.sync_names().unwrap();
        disk
    }

    /// Every file as it is now.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.state();
        state.names.iter().map(|(name, number)| (name.clone(), state.files[number].now.clone())).collect()
    }
}

impl Disk for SimulatedDisk {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.state().names.keys().cloned().collect())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut state = self.state();
        let number = state.number(name)?;
        Ok(state.content(number).now.clone())
    }

    fn reader(&self, name: &str) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(Cursor::new(self.read(name)?)))
    }

    fn len(&self, name: &str) -> io::Result<u64> {
        Ok(self.read(name)?.len() as u64)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.operate()?;
        let number = state.next;
        state.next += 1;
        state.files.insert(number, Content::default());
        state.names.insert(name.to_owned(), number);
        Ok(Box::new(SimulatedFile { disk: self.clone(), number }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let number = self.state().number(name)?;
        Ok(Box::new(SimulatedFile { disk: self.clone(), number }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state();
        state.operate()?;
        let number = state.number(from)?;
        state.names.remove(from);
        state.names.insert(to.to_owned(), number);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.state();
        state.operate()?;
        state.number(name)?;
        state.names.remove(name);
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        let mut state = self.state();
        state.operate()?;
        state.durable_names = state.names.clone();
        Ok(())
    }
}

#[derive(Debug)]
struct SimulatedFile {
    disk: SimulatedDisk,
    number: u64,
}

impl DiskFile for SimulatedFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let powered = state.operate();
        let at = usize::try_from(offset).unwrap();
        let mut fits = bytes.len();
        if let Some(space) = state.space {
            let len = state.content(self.number).now.len();
            let room = len.saturating_sub(at) + usize::try_from(space).unwrap();
            fits = fits.min(room);
            let grown = (at + fits).saturating_sub(len);
            state.space = Some(space - grown as u64);
        }
        let content = state.content(self.number);
        // A write that the power cut short may have reached the disk as well.
        let mut start = at;
        while start < at + fits {
            let end = ((start / SECTOR + 1) * SECTOR).min(at + fits);
            let change = Pending::Write(start, bytes[start - at..end - at].to_vec());
            Content::apply(&mut content.now, &change);
            content.pending.push(change);
            start = end;
        }
        powered?;
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        state.operate()?;
        let len = usize::try_from(len).unwrap();
        let content = state.content(self.number);
        let freed = content.now.len().saturating_sub(len) as u64;
        content.now.resize(len, 0);
        content.pending.push(Pending::Length(len));
        state.space = state.space.map(|space| space + freed);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.operate()?;
        let content = state.content(self.number);
        content.durable.clone_from(&content.now);
        content.pending.clear();
        Ok(())
    }
}
