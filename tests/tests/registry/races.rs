//! Registrations, look-ups and ends at once.

use super::actor::{Actor, Many, Unique, actor, kill, on_workers, tell};
use noex::prelude::*;
use noex::{Groups, Pid, RegisterError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Barrier, mpsc};
use tokio::time::timeout;

const ROUNDS: u32 = 20_000;

#[test]
fn rg_02_racing_registration_has_one_winner() {
    const RACERS: u32 = 64;
    const KEYS: u32 = 200;
    on_workers(|| async {
        for _ in 0..5 {
            let keys = Unique::unique();
            let begin = Arc::new(Barrier::new(RACERS as usize));
            let (won, mut wins) = mpsc::unbounded_channel::<(u32, Pid)>();
            let mut racers = Vec::new();
            for _ in 0..RACERS {
                let racer = actor().await?;
                let (its_keys, its_won, begin) = (keys.clone(), won.clone(), begin.clone());
                let it = racer.clone();
                tokio::spawn(async move {
                    begin.wait().await;
                    let race = move |cx: &mut Ctx<Actor>| {
                        for key in 0..KEYS {
                            let by_key = its_keys.register(key.to_string(), key).is_ok();
                            let by_name = cx.register(key.to_string()).is_ok();
                            for wins in [(by_key, key), (by_name, KEYS + key)] {
                                if wins.0 {
                                    let _ = its_won.send((wins.1, cx.pid()));
                                }
                            }
                        }
                    };
                    tell(&it, race);
                });
                racers.push(racer);
            }
            drop(won);
            let mut winners = vec![None; 2 * KEYS as usize];
            while let Some((key, racer)) = wins.recv().await {
                let before = winners[key as usize].replace(racer);
                assert_eq!(before, None, "two winners of {key}");
            }
            let system = System::current();
            for key in 0..KEYS {
                let entry = keys.lookup(&key.to_string());
                assert_eq!(entry.map(|e| e.pid()), winners[key as usize]);
                let named = system.registry().whereis(&key.to_string());
                assert_eq!(named, winners[(KEYS + key) as usize]);
            }
            assert!(winners.iter().all(Option::is_some));
            for racer in &racers {
                kill(racer).await?;
            }
        }
        Ok(())
    });
}

/// Everything a process may be found by.
#[derive(Clone)]
struct Places {
    unique: Unique,
    many: Many,
    groups: Groups<u32>,
}

impl Places {
    fn new() -> Self {
        Places {
            unique: Unique::unique(),
            many: Many::duplicate(),
            groups: Groups::new(),
        }
    }

    /// A process that is found everywhere.
    async fn owner(&self) -> Result<OwnerRef, StartError> {
        let owner = Owner::start(self.clone());
        owner.name("owner").via(&self.unique, "k".into(), 1).await
    }

    fn found(&self) -> usize {
        let named = System::current().registry().whereis("owner").is_some();
        let looked_up = Process::<Owner>::lookup("owner").is_some();
        let unique = self.unique.lookup("k").is_some();
        let many = self.many.lookup("k").len() + self.many.count();
        let member = self.groups.members(&1).len();
        usize::from(named) + usize::from(looked_up) + usize::from(unique) + many + member
    }
}

struct Owner;

#[gen_server]
impl Owner {
    #[init]
    fn new(places: Places, cx: &mut Ctx<Self>) -> Result<Self, RegisterError> {
        places.many.register("k".into(), 1)?;
        places.groups.join(1, &cx.myself())?;
        Ok(Self)
    }

    #[call]
    fn ping(&self) {}
}

/// Looks for a process when it is told of its end.
struct Looker {
    places: Places,
    report: mpsc::UnboundedSender<usize>,
}

#[gen_server]
impl Looker {
    #[init]
    fn new(places: Places, report: mpsc::UnboundedSender<usize>) -> Self {
        Self { places, report }
    }

    #[call]
    fn watch(&mut self, owner: OwnerRef, cx: &mut Ctx<Self>) {
        cx.monitor(&owner);
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        let _ = self.report.send(self.places.found());
    }
}

#[test]
fn rg_03_key_is_free_at_down() {
    on_workers(|| async {
        let places = Places::new();
        let (report, mut reports) = mpsc::unbounded_channel();
        let looker = Looker::start(places.clone(), report).await?;
        for round in 0..ROUNDS {
            let owner = places.owner().await?;
            assert_eq!(places.found(), 6);
            looker.watch(owner.clone()).await?;
            match round % 2 {
                0 => owner.kill(),
                _ => owner.exit(ExitReason::Shutdown),
            }
            let found = timeout(Duration::from_secs(10), reports.recv()).await?;
            assert_eq!(found, Some(0), "round {round}");
        }
        looker.stop().await?;
        Ok(())
    });
}

#[test]
fn rg_04_registering_after_down_succeeds() {
    on_workers(|| async {
        let keys = Unique::unique();
        for _ in 0..ROUNDS {
            let owner = Actor.start_as("owner").via(&keys, "k".into(), 1);
            let owner = owner.await?;
            kill(&owner).await?;
        }
        Ok(())
    });
}

#[test]
fn rg_05_successor_is_spared_in_every_race() {
    on_workers(|| async {
        let places = Places::new();
        for round in 0..ROUNDS {
            let old = places.owner().await?;
            old.kill();
            // As soon as the places are free, which is before the end is over.
            while places.found() > 0 {
                tokio::task::yield_now().await;
            }
            let new = places.owner().await?;
            timeout(Duration::from_secs(10), old.exited()).await?;
            let named = System::current().registry().whereis("owner");
            assert_eq!(named, new.pid(), "round {round}");
            let entry = places.unique.lookup("k");
            assert_eq!(entry.map(|e| e.pid()), new.pid(), "round {round}");
            assert_eq!(places.found(), 6);
            kill(&new).await?;
        }
        Ok(())
    });
}

#[test]
fn rg_06_dying_owner_never_hangs_a_lookup() {
    on_workers(|| async {
        let places = Places::new();
        let by_name = Owner::named("owner");
        let by_key = places.unique.via::<Owner>("k".into());
        for _ in 0..ROUNDS {
            let owner = places.owner().await?;
            let its_places = places.clone();
            let (name, key) = (by_name.clone(), by_key.clone());
            let caller = tokio::spawn(async move {
                let entry = its_places.unique.lookup("k");
                let pinned = entry.and_then(|entry| entry.process::<Owner>());
                let looked_up = Process::<Owner>::lookup("owner");
                let refs = [Some(name), Some(key), pinned, looked_up];
                for it in refs.into_iter().flatten() {
                    match it.ping().await {
                        Ok(()) | Err(CallError::NotRunning | CallError::Exited(_)) => {}
                        Err(error) => panic!("a dying owner answers: {error}"),
                    }
                }
            });
            owner.kill();
            timeout(Duration::from_secs(10), caller).await??;
            timeout(Duration::from_secs(10), owner.exited()).await?;
        }
        Ok(())
    });
}

#[test]
fn registration_by_others_races_the_end() {
    on_workers(|| async {
        let system = System::current();
        let (mut early, mut late) = (0, 0);
        for round in 0..ROUNDS {
            let a = actor().await?;
            let it = a.clone();
            let registering = tokio::spawn(async move { it.register("it").is_ok() });
            if round % 2 == 0 {
                tokio::task::yield_now().await;
            }
            a.kill();
            timeout(Duration::from_secs(10), a.exited()).await?;
            assert_eq!(system.registry().whereis("it"), None, "round {round}");
            match registering.await? {
                true => early += 1,
                false => late += 1,
            }
            assert_eq!(system.registry().whereis("it"), None, "round {round}");
        }
        assert_eq!(early + late, ROUNDS);
        Ok(())
    });
}
