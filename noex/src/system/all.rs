//! All systems of the program, for runtimes that end.

use super::Universe;
use std::sync::{Arc, Mutex, PoisonError, Weak};

// Systems come and go rarely, and models have their own: hence not through `sync`.
static ALL: Mutex<Vec<Weak<Universe>>> = Mutex::new(Vec::new());

pub(super) fn add(universe: &Arc<Universe>) {
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() == all.capacity() {
        all.retain(|one| one.strong_count() > 0);
    }
    all.push(Arc::downgrade(universe));
}

pub(super) fn list() -> Vec<Arc<Universe>> {
    let all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().filter_map(Weak::upgrade).collect()
}
