//! What a crash costs among many.

use super::super::table::Policy;
use super::super::{Action, Core, Event, Key};
use super::world::PERMANENT;
use crate::supervisor::{AutoShutdown, Intensity, Strategy};
use std::time::{Duration, Instant};

fn up(children: usize) -> Core {
    let limit = Intensity {
        max_restarts: u32::MAX,
        window: Duration::from_millis(1),
    };
    let policies = std::iter::repeat_n::<Policy>(PERMANENT, children);
    let mut core = Core::new(Strategy::OneForOne, limit, AutoShutdown::Never, policies);
    core.handle(Event::Begin, Duration::ZERO);
    while let Some(action) = core.next_action() {
        if let Action::Start(child) = action {
            core.handle(Event::Started(child), Duration::ZERO);
        }
    }
    core
}

/// Crashes the middle child `times` times.
fn storm(core: &mut Core, times: u32) -> Duration {
    let key = Key(u32::try_from(core.keys().count() / 2).expect("few children"));
    let begun = Instant::now();
    for round in 0..times {
        let now = Duration::from_micros(u64::from(round));
        let number = u64::from(round) + 1;
        let child = super::super::Incarnation { key, number };
        core.handle(
            Event::Exited {
                child,
                clean: false,
            },
            now,
        );
        let Some(Action::Start(next)) = core.next_action() else {
            panic!("not restarted in round {round}");
        };
        core.handle(Event::Started(next), now);
        assert_eq!(core.next_action(), None);
    }
    begun.elapsed()
}

#[test]
fn a_crash_costs_the_same_among_ten_thousand() {
    const TIMES: u32 = 20_000;
    let (mut few, mut many) = (up(10), up(10_000));
    let least = |core: &mut Core| {
        let mut fresh = core.clone();
        storm(&mut fresh, TIMES)
    };
    let best = |core: &mut Core| (0..3).map(|_| least(core)).min().expect("three rounds");
    let (few, many) = (best(&mut few), best(&mut many));
    // A scan would make it a thousand times as much.
    assert!(many < few * 20, "{few:?} among 10, {many:?} among 10 000");
}

#[test]
fn sh_16_start_and_stop_of_many_children() {
    let mut core = up(50_000);
    core.handle(Event::Shutdown, Duration::ZERO);
    let (mut stopped, mut exited) = (0, false);
    while let Some(action) = core.next_action() {
        match action {
            Action::Stop { child, .. } => {
                stopped += 1;
                core.handle(Event::Exited { child, clean: true }, Duration::ZERO);
            }
            Action::Exit(_) => exited = true,
            _ => {}
        }
    }
    assert!(exited);
    assert_eq!(stopped, 50_000);
}
