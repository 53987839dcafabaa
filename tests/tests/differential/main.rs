//! Scenarios that Erlang/OTP plays too, and what is seen in both.
//!
//! `tests/differential/scenarios.exs` plays the same ones in Elixir; `observed.txt` beside it holds what it printed, so no Erlang is needed
//! here. Where noex does otherwise on purpose, `differs.toml` says what is seen then, and where the guide for those who come from Elixir
//! tells of it.

mod applications;
mod calls;
mod children;
mod dynamic;
mod ends;
mod events;
mod links;
mod messages;
mod monitors;
mod names;
mod restarts;
mod scene;
mod starts;
mod supervisors;
mod system_messages;
mod timers;
mod words;
mod worker;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A scenario that is played by one side only would be compared by nobody.
#[test]
fn both_sides_play_the_same_scenarios() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential");
    let mut played = BTreeSet::new();
    for file in fs::read_dir(here).expect("the sources are there") {
        let source = fs::read_to_string(file.expect("readable").path()).expect("readable");
        let names = source.split("Scene::of(\"").skip(1);
        played.extend(names.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    let observed: BTreeSet<_> = scene::observed().into_keys().collect();
    let by_one: Vec<_> = played.symmetric_difference(&observed).collect();
    assert!(by_one.is_empty(), "played by one side only: {by_one:?}");
    let declared = scene::differences().into_keys();
    let unknown: Vec<_> = declared.filter(|id| !observed.contains(id)).collect();
    assert!(unknown.is_empty(), "only in differs.toml: {unknown:?}");
}
