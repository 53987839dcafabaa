//! A server with a mine in every place where a value of its user is dropped, and in `terminate`.

use noex::prelude::*;
use std::future::pending;
use std::panic::{self, panic_any};
use std::sync::Once;
use std::time::Duration;
use tokio::sync::oneshot;

/// Where a mine may lie. Those from `Queued` on are dropped when all else is over, and decide no reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    Terminate,
    Payload,
    Local,
    State,
    Queued,
    Steps,
    Timers,
    Tasks,
    Answer,
}

const PLACES: [Place; 9] = [
    Place::Terminate,
    Place::Payload,
    Place::Local,
    Place::State,
    Place::Queued,
    Place::Steps,
    Place::Timers,
    Place::Tasks,
    Place::Answer,
];

/// How a mined server ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    Normal,
    Panic,
    Kill,
    RuntimeDropped,
}

pub(crate) const ENDS: [End; 4] = [End::Normal, End::Panic, End::Kill, End::RuntimeDropped];

/// Where mines lie.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Field(pub(crate) u32);

impl Field {
    pub(crate) const EVERYWHERE: Field = Field((1 << PLACES.len()) - 1);

    /// Every set of places.
    pub(crate) fn all() -> impl Iterator<Item = Field> {
        (0..=Field::EVERYWHERE.0).map(Field)
    }

    pub(crate) fn has(self, place: Place) -> bool {
        self.0 & (1 << place as u32) != 0
    }

    /// What lies in this place.
    pub(crate) fn mine(self, place: Place) -> Mine {
        Mine(self.has(place).then_some(place))
    }
}

pub(crate) const AS_ASKED: &str = "as asked";

/// Panics when it is dropped, if it is one.
#[derive(Debug)]
pub(crate) struct Mine(Option<Place>);

/// Says nothing of the panics that are wanted here: there are thousands.
pub(crate) fn install_quiet_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let payload = info.payload();
            let literal = payload.downcast_ref::<&str>().copied();
            let text = literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            if text.is_some_and(|text| !text.starts_with("stepped on") && text != AS_ASKED) {
                before(info);
            }
        }));
    });
}

impl Drop for Mine {
    fn drop(&mut self) {
        if let Some(place) = self.0 {
            panic!("stepped on {place:?}");
        }
    }
}

impl Clone for Mine {
    fn clone(&self) -> Self {
        Mine(self.0)
    }
}

#[derive(Clone)]
struct Tick(#[expect(dead_code, reason = "held, not looked at")] Mine);

pub(crate) struct Mined {
    field: Field,
    #[expect(dead_code, reason = "held, not looked at")]
    mine: Mine,
}

#[gen_server(trap_exit = true, inline = always)]
impl Mined {
    #[init]
    pub(crate) fn new(field: Field, cx: &mut Ctx<Self>) -> Self {
        for _ in 0..2 {
            let tick = || Tick(field.mine(Place::Timers));
            cx.send_after(Duration::from_secs(3600), tick());
            cx.interval(Duration::from_secs(3600), tick());
            let mine = field.mine(Place::Tasks);
            cx.spawn(async move {
                let _mine = mine;
                pending().await
            });
        }
        let mine = field.mine(Place::State);
        Self { field, mine }
    }

    /// Ends in this way, with everything in place, when the gate is opened.
    #[call]
    pub(crate) async fn end(
        &mut self,
        end: End,
        arrived: oneshot::Sender<()>,
        gate: oneshot::Receiver<()>,
        cx: &mut Ctx<Self>,
    ) -> Mine {
        let field = self.field;
        for _ in 0..3 {
            cx.continue_with(MinedContinue::Step {
                mine: field.mine(Place::Steps),
            });
        }
        if end == End::Panic {
            let _ = arrived.send(());
            let _ = gate.await;
            match field.has(Place::Payload) {
                true => panic_any(field.mine(Place::Payload)),
                false => panic!("{AS_ASKED}"),
            }
        }
        let _local = field.mine(Place::Local);
        let _ = arrived.send(());
        let _ = gate.await;
        if end != End::Normal {
            pending::<()>().await;
        }
        cx.stop(ExitReason::Normal);
        field.mine(Place::Answer)
    }

    #[continuation]
    fn step(&mut self, mine: Mine) {
        drop(mine);
    }

    #[cast]
    pub(crate) fn take(&mut self, mine: Mine) {
        drop(mine);
    }

    #[call]
    pub(crate) fn give(&mut self, mine: Mine) {
        drop(mine);
    }

    #[info]
    fn tick(&mut self, tick: Tick) {
        drop(tick);
    }

    #[terminate]
    fn bye(&mut self) {
        if self.field.has(Place::Terminate) {
            panic!("stepped on Terminate");
        }
    }
}
