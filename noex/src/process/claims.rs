//! What a process holds in registries, and timers that others have set for it: let go of when it ends.
//!
//! **Invariant (free at DOWN).** Something is claimed under the lock under which the claims are taken out at the end, together with its
//! entry in the registry. So an entry of a process is there only while its claim is on the list, and the list
//! is worked off before the terminal cell is set; whoever comes later is refused.

use super::Name;
use super::extras::Extras;
use super::handle::ProcessArc;
use super::head::Head;
use crate::error::RegisterError;
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::fmt::Debug;
use std::sync::Arc;

/// One thing a process holds.
#[derive(Debug)]
pub(crate) enum Claim {
    /// A name in its system.
    Name(Name),
    /// Whatever it has in a keyed registry.
    Keys(Arc<dyn Keyed>),
}

/// A registry whose entries belong to processes.
pub(crate) trait Keyed: Debug + Send + Sync {
    /// Lets go of everything that the process with this serial number has here. Users' code runs in there, and its panics
    /// do not get out.
    fn release(&self, owner: u64);
}

impl Claim {
    pub(super) fn release(self, owner: &Head) {
        match self {
            Claim::Name(name) => owner.system.registry().remove(&name, owner.serial()),
            Claim::Keys(keys) => keys.release(owner.serial()),
        }
    }

    fn name(&self) -> Option<&Name> {
        match self {
            Claim::Name(name) => Some(name),
            Claim::Keys(_) => None,
        }
    }
}

impl Extras {
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        let claims = self.rare.iter().flat_map(|rare| &rare.claims);
        claims.filter_map(Claim::name)
    }
}

impl ProcessArc {
    /// Claims something by `take`, which makes the entry and adds to the list. No code of users may run in there but what
    /// compares keys.
    ///
    /// `None` when the process is at its end and claims nothing any more.
    pub(crate) fn claim<R>(&self, take: impl FnOnce(&mut Vec<Claim>) -> R) -> Option<R> {
        self.extras(|e| (!e.departed || planted("claim")).then(|| take(&mut e.rare().claims)))
    }

    /// Registers the process under one more name.
    pub(crate) fn register(&self, name: &Name) -> Result<(), RegisterError> {
        let registry = self.head().system.registry();
        let early = planted("early_entry").then(|| registry.insert(name, self));
        if early.is_some() {
            hook(Hook::NameEntered);
        }
        let claimed = self.claim(|claims| {
            early.unwrap_or_else(|| registry.insert(name, self))?;
            hook(Hook::NameEntered);
            claims.push(Claim::Name(name.clone()));
            Ok(())
        });
        claimed.unwrap_or(Err(RegisterError::NotRunning))
    }

    /// Frees a name of the process; false if it is not one.
    pub(crate) fn unregister(&self, name: &str) -> bool {
        let early = planted("early_free") && self.names().iter().any(|n| **n == *name);
        if early {
            let registry = self.head().system.registry();
            registry.remove(&name.into(), self.serial());
            hook(Hook::NameFreeing);
        }
        self.extras(|e| {
            let Some(rare) = &mut e.rare else {
                return false;
            };
            let mut claims = rare.claims.iter();
            let Some(at) = claims.position(|c| c.name().is_some_and(|n| **n == *name)) else {
                return false;
            };
            hook(Hook::NameFreeing);
            let claim = rare.claims.remove(at);
            if !early {
                claim.release(self.head());
            }
            true
        })
    }

    /// The first of its names.
    pub(crate) fn name(&self) -> Option<Name> {
        self.look(|extras| extras?.names().next().cloned())
    }

    pub(crate) fn names(&self) -> Vec<Name> {
        self.look(|extras| extras.map_or_else(Vec::new, |e| e.names().cloned().collect()))
    }
}
