//! Resources that do as they are told.

use noex::{ResourceManager, ResourcePool, ResourcePoolOptions, ResourcePoolRef, StartError};
use std::collections::BTreeSet;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};

/// A resource: its number.
#[derive(Debug)]
pub(crate) struct Fake(pub(crate) u32);

/// What becomes of those that are made, checked or closed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Mood {
    #[default]
    Well,
    Fails,
    Hangs,
    Panics,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) create: Mood,
    pub(crate) check: Mood,
    pub(crate) close: Mood,
    pub(crate) last: u32,
    pub(crate) open: BTreeSet<u32>,
    /// The most there ever were at a time.
    pub(crate) peak: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Fakes(Arc<Mutex<World>>);

impl Fakes {
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("no test panics in here")
    }

    pub(crate) fn open(&self) -> Vec<u32> {
        self.world().open.iter().copied().collect()
    }

    pub(crate) async fn start(
        &self,
        options: ResourcePoolOptions,
    ) -> Result<ResourcePoolRef<Fakes>, StartError> {
        ResourcePool::start(self.clone(), options).await
    }
}

async fn meet(mood: Mood) -> Result<(), Broken> {
    match mood {
        Mood::Well => Ok(()),
        Mood::Fails => Err(Broken),
        Mood::Hangs => pending().await,
        Mood::Panics => panic!("as asked"),
    }
}

impl ResourceManager for Fakes {
    type Resource = Fake;
    type Error = Broken;

    async fn create(&self) -> Result<Fake, Broken> {
        let mood = self.world().create;
        meet(mood).await?;
        let mut world = self.world();
        world.last += 1;
        let number = world.last;
        world.open.insert(number);
        world.peak = world.peak.max(world.open.len());
        Ok(Fake(number))
    }

    async fn check(&self, _: &mut Fake) -> Result<(), Broken> {
        let mood = self.world().check;
        meet(mood).await
    }

    async fn close(&self, resource: Fake) {
        let mood = self.world().close;
        let _ = meet(mood).await;
        assert!(self.world().open.remove(&resource.0), "closed once");
    }
}
