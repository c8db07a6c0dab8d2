//! How long each page of the console takes on the server after a year of a large city: 20,000 members, 2,000 posts and 10,000
//! consultations on sled.
//!
//! Run with `cargo run --release -p lupinus-console --example year`. The year is lived through the services in memory, by the same
//! commands that bot and console give, and is then put on the disk. `-- FOLDER` keeps it there and takes it from there the next
//! time; four numbers behind the folder ask for another size and number of requests.

mod filling;
mod measuring;

use std::{error::Error, path::PathBuf, sync::Arc, time::Instant};

use lupinus_console::{Console, Environment};
use lupinus_core::{
    choices::Areas,
    clock::ManualClock,
    ids::SeededIds,
    policy::Policy,
    screening::Screen,
    service::Centre,
    store::{Entity as _, Scan, Store},
};
use lupinus_store_sled::SledStore;

use crate::{
    filling::{BEGUN, City, Extent, areas},
    measuring::{Sample, measured},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let kept = arguments.next().map(PathBuf::from);
    let sizes = arguments.map(|text| text.parse()).collect::<Result<Vec<usize>, _>>()?;
    let (extent, requests) = match sizes[..] {
        [members, posts, consultations, requests] => (Extent { members, posts, consultations }, requests),
        _ => (Extent { members: 20_000, posts: 2_000, consultations: 10_000 }, 200),
    };
    let temporary = tempfile::tempdir()?;
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    let store = Arc::new(SledStore::open(folder.join("store"))?);
    if store.count(&Scan::keys(lupinus_core::member::Member::KIND)).await? == 0 {
        City::filled(&extent, store.as_ref()).await?;
    }

    let size = store.size().await?;
    println!("{} records, {} MB on the disk", size.records, size.disk_bytes / 1_000_000);
    let clock = Arc::new(ManualClock::new(BEGUN.parse::<jiff::Timestamp>()?));
    clock.set(City::last_moment(store.as_ref()).await?);
    let ids = Arc::new(SeededIds::new(2));
    let policy = Policy { areas: Areas::offering(areas()), ..Policy::default() };
    let centre = Centre::new(store.clone(), clock.clone(), ids, Screen::default(), policy);
    let console = Console::builder(centre.clone())
        .city("見本市")
        .account("見本市ルピナスセンター")
        .environment(Environment::Demonstration)
        .build();
    let begun = Instant::now();
    let sample = Sample::taken(store.as_ref()).await?;
    println!("{}", measured(&centre, &clock, &console, &sample, requests).await?);
    println!("measured in {} s", begun.elapsed().as_secs());
    store.close().await?;
    Ok(())
}
