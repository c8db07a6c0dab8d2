use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::skip;

/// A server of its own, with its data in a folder that is removed with it. It listens on a socket in that folder alone.
///
/// The programs are looked for in `LUPINUS_POSTGRES_BIN`, where Debian has them, and on the path. PostgreSQL does not run as
/// root; there the user `postgres` serves.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
}

impl Cluster {
    /// A server that runs. `None` where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            skip("no programs of PostgreSQL; install it, or name their folder in LUPINUS_POSTGRES_BIN");
            return None;
        };
        let folder = env::temp_dir().join(format!(
            "lupinus-cluster-{}-{}",
            std::process::id(),
            crate::testkit::Schema::on("").name()
        ));
        fs::create_dir_all(&folder).expect("a folder");
        let cluster = Self { folder, programs };
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(&cluster.folder).status();
            assert!(owned.expect("chown").success(), "there is no user postgres");
        }
        cluster.run("initdb", &["-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=trust", "-N"]);
        cluster.up();
        Some(cluster)
    }

    /// The address of its database `postgres`.
    pub fn address(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    /// Starts it, and waits until it answers.
    pub fn up(&self) {
        let socket = self.folder.display();
        let options =
            format!("-c listen_addresses='' -c unix_socket_directories={socket} -c max_connections=200");
        let log = self.folder.join("log").display().to_string();
        self.run("pg_ctl", &["-w", "-l", &log, "-o", &options, "start"]);
    }

    /// Ends it in order, connections or not.
    pub fn stop(&self) {
        self.run("pg_ctl", &["-w", "-m", "fast", "stop"]);
    }

    /// Ends it at once, as a crash does.
    pub fn kill(&self) {
        self.run("pg_ctl", &["-w", "-m", "immediate", "stop"]);
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let ended = self.command(program, arguments).status().expect("a program of PostgreSQL");
        assert!(ended.success(), "{program} {arguments:?}: {ended}, see {}", self.folder.display());
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.arg("-D").arg(self.folder.join("data")).args(arguments);
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.command("pg_ctl", &["-w", "-m", "immediate", "stop"]).status();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout == b"0\n")
}

fn programs() -> Option<PathBuf> {
    let named = env::var_os("LUPINUS_POSTGRES_BIN").map(PathBuf::from);
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = env::split_paths(&path).collect();
    let holds = |folder: &PathBuf| {
        let program = |name| Path::new(folder).join(name).is_file();
        program("initdb") && program("pg_ctl")
    };
    named.into_iter().chain(debian).chain(path).find(holds)
}
