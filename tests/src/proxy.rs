//! Something between two programs that can be slow, cut their connections and let nobody through.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{self, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// Where a connection leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A port of this machine.
    Port(SocketAddr),
    /// A socket in the file system.
    Socket(PathBuf),
}

/// What it is like between two programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    /// As if nothing were between.
    #[default]
    Clear,
    /// Each piece waits so long.
    Slow(Duration),
    /// Nobody gets through, and who was through is cut off.
    Down,
}

#[derive(Debug)]
struct Shared {
    targets: Mutex<Vec<Target>>,
    turn: AtomicUsize,
    /// What it is like, and how often everything was cut.
    weather: watch::Sender<(Weather, u64)>,
}

/// A port of this machine from which connections go to one target after the other; to the next, when one does not answer.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Its port.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Begins to listen. Without targets every connection is closed.
    pub async fn started(targets: Vec<Target>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (weather, _) = watch::channel((Weather::Clear, 0));
        let shared = Arc::new(Shared { targets: Mutex::new(targets), turn: AtomicUsize::new(0), weather });
        let carrier = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, Arc::clone(&carrier)));
            }
        });
        Self { address, shared }
    }

    /// Where connections lead from now on.
    pub fn lead_to(&self, targets: Vec<Target>) {
        *self.shared.targets.lock().unwrap() = targets;
    }

    /// What it is like from now on.
    pub fn set(&self, weather: Weather) {
        self.shared.weather.send_modify(|(now, _)| *now = weather);
    }

    /// Cuts every connection that there is.
    pub fn cut(&self) {
        self.shared.weather.send_modify(|(_, cuts)| *cuts += 1);
    }
}

async fn carry(near: TcpStream, shared: Arc<Shared>) {
    let mut weather = shared.weather.subscribe();
    let cuts = weather.borrow_and_update().1;
    let targets = shared.targets.lock().unwrap().clone();
    let first = shared.turn.fetch_add(1, Ordering::Relaxed);
    let cut = async {
        let gone = |(now, seen): &(Weather, u64)| *now == Weather::Down || *seen != cuts;
        let _ = weather.wait_for(gone).await;
    };
    let through = async {
        for number in 0..targets.len() {
            let target = &targets[(first + number) % targets.len()];
            let carried = match target {
                Target::Port(at) => match TcpStream::connect(at).await {
                    Ok(far) => both_ways(near, far, &shared).await,
                    Err(_) => continue,
                },
                Target::Socket(at) => match UnixStream::connect(at).await {
                    Ok(far) => both_ways(near, far, &shared).await,
                    Err(_) => continue,
                },
            };
            // However it ended: the programs on both sides see it themselves.
            let _ = carried;
            return;
        }
    };
    tokio::select! {
        () = cut => {}
        () = through => {}
    }
}

async fn both_ways(
    near: impl AsyncRead + AsyncWrite,
    far: impl AsyncRead + AsyncWrite,
    shared: &Shared,
) -> io::Result<()> {
    let ((near_in, near_out), (far_in, far_out)) = (io::split(near), io::split(far));
    tokio::try_join!(one_way(near_in, far_out, shared), one_way(far_in, near_out, shared)).map(drop)
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    shared: &Shared,
) -> io::Result<()> {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut piece).await?;
        let weather = shared.weather.borrow().0;
        if let Weather::Slow(by) = weather {
            tokio::time::sleep(by).await;
        }
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&piece[..length]).await?;
    }
}
