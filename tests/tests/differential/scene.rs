//! One scenario: what happens in it, who takes part, and the comparison.

use crate::words::Tested;
use crate::worker::{Begin, Part, WorkerRef};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor, TreeHandle};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use toml::Table;

#[derive(Clone)]
pub(crate) struct Scene(Arc<Shared>);

struct Shared {
    id: &'static str,
    diary: Mutex<Diary>,
    lives: watch::Sender<HashMap<&'static str, Lives>>,
}

#[derive(Default)]
struct Diary {
    notes: Vec<String>,
    scripts: HashMap<&'static str, Script>,
    trees: Vec<TreeHandle>,
}

#[derive(Default)]
struct Script {
    next: VecDeque<Begin>,
    /// What all starts do for which nothing else is said.
    always: Begin,
}

/// The processes of a worker.
#[derive(Default)]
struct Lives {
    begun: usize,
    up: Vec<WorkerRef>,
}

impl Scene {
    pub(crate) fn of(id: &'static str) -> Self {
        Scene(Arc::new(Shared {
            id,
            diary: Mutex::default(),
            lives: watch::Sender::default(),
        }))
    }

    fn diary(&self) -> MutexGuard<'_, Diary> {
        self.0.diary.lock().expect("nothing panics here")
    }

    /// Writes down what happened.
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.diary().notes.push(what.into());
    }

    /// A worker that traps no exits.
    pub(crate) fn part(&self, id: &'static str) -> Part {
        Part::new(self, id)
    }

    /// A worker as it is given to supervisors: it traps exits. In OTP nobody hears of its end otherwise.
    pub(crate) fn child(&self, id: &'static str) -> Part {
        self.part(id).trap()
    }

    /// Starts a worker that does what all do.
    pub(crate) async fn worker(&self, id: &'static str) -> Result<WorkerRef, StartError> {
        self.part(id).start().await
    }

    /// Starts a worker that notes nothing of itself.
    pub(crate) async fn silent(&self, id: &'static str) -> Result<WorkerRef, StartError> {
        self.part(id).silent().start().await
    }

    /// What the next starts of a worker do.
    pub(crate) fn script(&self, id: &'static str, begins: impl IntoIterator<Item = Begin>) {
        let mut diary = self.diary();
        diary.scripts.entry(id).or_default().next.extend(begins);
    }

    /// What all further starts of a worker do.
    pub(crate) fn always(&self, id: &'static str, begin: Begin) {
        self.diary().scripts.entry(id).or_default().always = begin;
    }

    /// A worker begins: what is it to do?
    pub(crate) fn begin(&self, id: &'static str) -> Begin {
        self.0
            .lives
            .send_modify(|lives| lives.entry(id).or_default().begun += 1);
        let mut diary = self.diary();
        let Some(script) = diary.scripts.get_mut(id) else {
            return Begin::Well;
        };
        script.next.pop_front().unwrap_or(script.always)
    }

    /// A worker has come up.
    pub(crate) fn up(&self, id: &'static str, worker: WorkerRef) {
        self.0
            .lives
            .send_modify(|lives| lives.entry(id).or_default().up.push(worker));
    }

    /// Every process of a worker that has come up so far.
    pub(crate) fn lives(&self, id: &'static str) -> Vec<WorkerRef> {
        let lives = self.0.lives.borrow();
        lives
            .get(id)
            .map_or_else(Vec::new, |lives| lives.up.clone())
    }

    /// The `n`th process of a worker to come up, once it has.
    pub(crate) async fn life(&self, id: &'static str, n: usize) -> WorkerRef {
        self.until(id, |lives| lives.up.len() >= n).await;
        self.lives(id)[n - 1].clone()
    }

    /// Returns when so many starts of a worker have begun.
    pub(crate) async fn beginning(&self, id: &'static str, n: usize) {
        self.until(id, |lives| lives.begun >= n).await;
    }

    async fn until(&self, id: &'static str, enough: impl Fn(&Lives) -> bool) {
        let mut lives = self.0.lives.subscribe();
        let wait = lives.wait_for(|lives| lives.get(id).is_some_and(&enough));
        let waited = timeout(Duration::from_secs(60), wait).await;
        waited
            .unwrap_or_else(|_| panic!("{id} does not come up"))
            .expect("the scene is there");
    }

    /// Starts a supervisor.
    pub(crate) async fn start(&self, spec: Spec) -> Result<TreeHandle, StartError> {
        let tree = Supervisor::start(spec).await?;
        self.kill_at_the_end(&tree);
        Ok(tree)
    }

    pub(crate) fn kill_at_the_end(&self, tree: &TreeHandle) {
        self.diary().trees.push(tree.clone());
    }

    /// Notes how long this took, in steps of 50 ms.
    pub(crate) fn note_steps(&self, since: Instant) {
        self.note(format!("{} steps", since.elapsed().as_millis() / 50));
    }

    /// Compares what was seen with what OTP shows, and ends everybody.
    pub(crate) async fn compare(&self) -> Tested {
        let seen = self.diary().notes.join(", ");
        for tree in &self.diary().trees {
            tree.kill();
        }
        for lives in self.0.lives.borrow().values() {
            lives.up.iter().for_each(|worker| worker.kill());
        }
        System::current().stop().await;
        let id = self.0.id;
        let observed = &observed()[id];
        let Some(difference) = differences().remove(id) else {
            assert_eq!(&seen, observed, "{id} (left: noex, right: OTP)");
            return Ok(());
        };
        assert_eq!(seen, difference.noex, "{id} (right: differs.toml)");
        assert_ne!(&seen, observed, "{id} differs no more");
        let guide = include_str!("../../../noex/src/guide/from_elixir.md");
        let told = words_of(guide).contains(&words_of(&difference.told));
        assert!(told, "{id}: the guide does not say: {}", difference.told);
        Ok(())
    }
}

/// A text without its line breaks.
fn words_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential");
    fs::read_to_string(path.join(name)).expect("the file is in the repository")
}

/// What OTP shows, by scenario.
pub(crate) fn observed() -> BTreeMap<String, String> {
    let text = file("observed.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (id, seen) = line.split_once(": ").expect("`id: what was seen`");
            (id.to_owned(), seen.to_owned())
        })
        .collect()
}

pub(crate) struct Difference {
    /// What is seen in noex.
    noex: String,
    /// Where the guide tells of it: words that are there.
    told: String,
}

/// Where noex does otherwise on purpose, by scenario.
pub(crate) fn differences() -> BTreeMap<String, Difference> {
    let mut found = BTreeMap::new();
    let areas: Table = file("differs.toml").parse().expect("it is TOML");
    for (area, scenarios) in &areas {
        for (name, entry) in scenarios.as_table().expect("an area is a table") {
            let text = |key: &str| {
                let text = entry.get(key).and_then(|text| text.as_str());
                text.unwrap_or_else(|| panic!("{area}.{name} has no {key}"))
                    .to_owned()
            };
            let (noex, told) = (text("noex"), text("told"));
            found.insert(format!("{area}.{name}"), Difference { noex, told });
        }
    }
    found
}

/// Lets happen what does not wait for anybody.
pub(crate) async fn pause(millis: u64) {
    sleep(Duration::from_millis(millis)).await;
}
