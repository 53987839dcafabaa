//! Where a handle points to: a process, a name, or a place that follows restarts.

use super::Name;
use super::abandon::is_fenced;
use super::handle::ProcessArc;
use super::places::{Places, Route};
use crate::registry::Via;
use crate::sync::Mutex;
use crate::system::System;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, Weak};

/// The place of a child in its supervisor. It outlives the processes that fill it, those of the supervisor included,
/// so a handle bound to it is never stale.
#[derive(Clone)]
pub struct Slot(Arc<Place>);

/// A place that is not kept.
#[derive(Clone)]
pub(crate) struct WeakSlot(Weak<Place>);

struct Place {
    process: Mutex<Option<ProcessArc>>,
    /// Not counted: a place holds those below it.
    parent: Option<WeakSlot>,
    children: OnceLock<Box<Places>>,
}

impl Slot {
    /// The place of a root.
    pub(crate) fn root() -> Self {
        Slot::under(None)
    }

    fn under(parent: Option<WeakSlot>) -> Self {
        Slot(Arc::new(Place {
            process: Mutex::new(None),
            parent,
            children: OnceLock::new(),
        }))
    }

    /// The place of the child at `index`, `of` how many.
    ///
    /// It is the same one each time, unless there are more children than there were the first time.
    pub fn child(&self, index: usize, of: usize) -> Slot {
        let place = self.places(of).all().get(index).cloned();
        place.unwrap_or_else(|| Slot::below(self))
    }

    fn places(&self, of: usize) -> &Places {
        let slots = || (0..of).map(|_| Slot::below(self)).collect();
        let children = &self.0.children;
        children.get_or_init(|| Box::new(Places::new(slots())))
    }

    /// Routes messages for any child to those of them, `of` how many, that run.
    pub(crate) fn route_to(&self, of: usize, route: Route) {
        let places = self.places(of);
        places.set_open(of);
        places.set_route(route);
    }

    /// Sets how many children, from the first on, are in use.
    pub(crate) fn set_open(&self, open: usize) {
        if let Some(places) = self.0.children.get() {
            places.set_open(open);
        }
    }

    /// The places of the children in use.
    pub(crate) fn open(&self) -> &[Slot] {
        self.0.children.get().map_or(&[], |places| places.open())
    }

    /// A place below another that has no index, for a child added later.
    pub(crate) fn below(parent: &Slot) -> Slot {
        Slot::under(Some(parent.downgrade()))
    }

    /// The place of the supervisor that owns this one; `None` for a root, or when that is gone.
    pub fn parent(&self) -> Option<Slot> {
        self.0.parent.as_ref()?.upgrade()
    }

    pub(crate) fn downgrade(&self) -> WeakSlot {
        WeakSlot(Arc::downgrade(&self.0))
    }

    pub(crate) fn fill(&self, process: Option<ProcessArc>) {
        let old = std::mem::replace(&mut *self.0.process.lock(), process);
        drop(old);
    }

    pub(crate) fn process(&self) -> Option<ProcessArc> {
        self.0.process.lock().clone()
    }
}

impl WeakSlot {
    pub(crate) fn upgrade(&self) -> Option<Slot> {
        self.0.upgrade().map(Slot)
    }
}

impl fmt::Debug for WeakSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakSlot")
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.process()).finish()
    }
}

/// Where a handle of any type points to; refs are made from it.
#[derive(Clone, Debug)]
pub struct Target(pub(crate) Address);

impl From<Slot> for Target {
    fn from(slot: Slot) -> Self {
        Target(Address::Slot(slot))
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Address {
    Process(ProcessArc),
    Name(Name, System),
    Via(Via),
    Slot(Slot),
    /// Any child of the supervisor at this place, as its route says.
    Any(Slot),
    Reserved(Arc<Reservation>),
}

impl Address {
    pub(crate) fn resolve(&self) -> Option<ProcessArc> {
        match self {
            _ if is_fenced() => None,
            Address::Process(process) => Some(process.clone()),
            Address::Name(name, system) => system.registry().process(name.as_bytes()),
            Address::Via(via) => via.process(),
            Address::Slot(slot) => slot.process(),
            Address::Any(slot) => slot.0.children.get()?.pick(),
            Address::Reserved(place) => Some(place.process.clone()),
        }
    }
}

/// Room for one message in a mailbox.
#[derive(Debug)]
pub(crate) struct Reservation {
    process: ProcessArc,
    used: AtomicBool,
}

impl Reservation {
    pub(crate) fn new(process: ProcessArc) -> Self {
        Reservation {
            process,
            used: AtomicBool::new(false),
        }
    }

    /// True for the one who may use it.
    pub(crate) fn claim(&self) -> bool {
        !self.used.swap(true, Relaxed)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.claim() && self.process.0.unreserve() {
            self.process.head().wake();
        }
    }
}

/// A child that did not stop when asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Unclean {
    /// Its supervisor and its id.
    pub path: String,
    /// Its process.
    pub pid: super::Pid,
    /// It is still there: it was killed and does not yield. Else it was killed.
    pub stuck: bool,
}
