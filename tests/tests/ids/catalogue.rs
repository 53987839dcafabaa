//! What `ids.toml` must hold, and the comparison.

use std::collections::BTreeSet;
use std::fmt;

use toml::{Table, Value};

/// The whole catalogue: table of `ids.toml`, prefix of its ids, how many there are (counted from 1).
/// Kept apart from `ids.toml`, so that no entry can be lost unnoticed.
pub(crate) const CATALOGUE: [(&str, &str, u32); 22] = [
    ("gen_server", "GS", 16),
    ("calls", "CA", 26),
    ("casts", "OR", 17),
    ("termination", "TE", 17),
    ("links", "LK", 20),
    ("monitors", "MO", 18),
    ("supervisors", "SU", 15),
    ("restarts", "RS", 27),
    ("intensity", "IN", 15),
    ("shutdown", "SH", 19),
    ("children", "CH", 16),
    ("significance", "SI", 10),
    ("dynamic", "DY", 10),
    ("partitions", "PA", 5),
    ("registry", "RG", 20),
    ("timers", "TI", 8),
    ("statem", "SM", 23),
    ("tasks", "TA", 24),
    ("agents", "AG", 5),
    ("applications", "AP", 18),
    ("system", "SY", 8),
    ("events", "EV", 4),
];

/// How many ids are in which state.
#[derive(Default)]
pub(crate) struct Counts {
    implemented: u32,
    omitted: u32,
    planned: u32,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            implemented,
            omitted,
            planned,
        } = self;
        write!(
            f,
            "conformance: {implemented} implemented, {omitted} omitted, {planned} planned"
        )
    }
}

/// Compares `ids.toml` with the catalogue and with the tests that exist.
/// Gives back what is wrong, in words: nothing when all agree.
pub(crate) fn check(ids: &str, tests: &BTreeSet<String>) -> (Counts, Vec<String>) {
    let mut counts = Counts::default();
    let mut problems = Vec::new();
    let mut recorded = BTreeSet::new();
    let mut areas: Table = match ids.parse() {
        Ok(areas) => areas,
        Err(error) => return (counts, vec![error.to_string()]),
    };
    for (area, prefix, size) in CATALOGUE {
        let Some(Value::Table(mut entries)) = areas.remove(area) else {
            problems.push(format!("there is no table [{area}]"));
            continue;
        };
        for key in ["title", "issue"] {
            if !matches!(entries.remove(key), Some(Value::String(_))) {
                problems.push(format!("[{area}] has no {key}"));
            }
        }
        for id in (1..=size).map(|n| format!("{prefix}-{n:02}")) {
            match State::read(&id, entries.remove(&id)) {
                Ok(State::Omitted) => counts.omitted += 1,
                Ok(State::Planned) => counts.planned += 1,
                Ok(State::Implemented(names)) => {
                    counts.implemented += 1;
                    let missing = names.iter().filter(|name| !tests.contains(*name));
                    problems.extend(missing.map(|name| format!("{id}: there is no test {name}")));
                    recorded.extend(names);
                }
                Err(problem) => problems.push(problem),
            }
        }
        let unknown = entries.keys().map(|id| format!("{area}.{id}"));
        problems.extend(unknown.map(|key| format!("[{key}] is not in the catalogue")));
    }
    let unknown = areas.keys();
    problems.extend(unknown.map(|area| format!("[{area}] is not in the catalogue")));
    let unrecorded = tests.difference(&recorded).filter(|name| carries_id(name));
    problems.extend(unrecorded.map(|name| format!("the test {name} is not recorded")));
    (counts, problems)
}

enum State {
    Implemented(Vec<String>),
    Omitted,
    Planned,
}

impl State {
    fn read(id: &str, entry: Option<Value>) -> Result<Self, String> {
        let Some(Value::Table(entry)) = entry else {
            return Err(format!("{id} is not listed"));
        };
        let mut described = false;
        let mut states = Vec::new();
        for (key, value) in entry {
            let texts = texts(value);
            match (key.as_str(), texts.as_slice()) {
                ("what", [_]) => described = true,
                ("differs", [_]) => {}
                ("omitted", [_]) => states.push(Self::Omitted),
                ("planned", [name]) => {
                    named_by(id, name)?;
                    states.push(Self::Planned);
                }
                ("test", [_, ..]) => {
                    texts.iter().try_for_each(|name| named_by(id, name))?;
                    states.push(Self::Implemented(texts));
                }
                _ => return Err(format!("{id}: unknown key or no text: {key}")),
            }
        }
        if !described {
            return Err(format!("{id} does not say what it is"));
        }
        match (states.pop(), states.len()) {
            (Some(state), 0) => Ok(state),
            (last, others) => Err(format!(
                "{id} has {} states; it needs one of test, omitted, planned",
                usize::from(last.is_some()) + others
            )),
        }
    }
}

/// A string, or a list of strings; nothing if one of them is empty or no string.
fn texts(value: Value) -> Vec<String> {
    let values = match value {
        Value::Array(values) => values,
        value => vec![value],
    };
    let text = |value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    };
    let all: Option<_> = values.into_iter().map(text).collect();
    all.unwrap_or_default()
}

/// `CA-14` goes with `ca_14_parked_token_fails_at_once`.
fn named_by(id: &str, name: &str) -> Result<(), String> {
    let prefix = id.to_lowercase().replace('-', "_") + "_";
    if name.len() > prefix.len() && name.starts_with(&prefix) {
        Ok(())
    } else {
        Err(format!("{id}: {name} does not begin with its id"))
    }
}

/// Whether a test is named by an id, of the catalogue or beyond it.
fn carries_id(test: &str) -> bool {
    let mut parts = test.splitn(3, '_');
    let (prefix, number) = (parts.next(), parts.next());
    let area = |(_, known, _): &(&str, &str, u32)| prefix == Some(&known.to_lowercase());
    CATALOGUE.iter().any(area)
        && number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
}
