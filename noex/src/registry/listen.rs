//! Telling servers what changes in a registry.

use super::entry::Entry;
use crate::error::CastError;
use crate::process::contain;
use crate::server::Recipient;
use crate::sync::Mutex;
use std::collections::VecDeque;
use std::fmt;

/// What has become of an entry of a [`KeyRegistry`](super::KeyRegistry), for those who [listen](super::KeyRegistry::listen).
#[non_exhaustive]
pub struct RegistryEvent<K, V> {
    /// What has happened.
    pub kind: RegistryEventKind,
    /// To which entry.
    pub entry: Entry<K, V>,
    /// How many events before this one did not reach this listener, because its mailbox was full.
    pub missed: u64,
}

/// What may happen to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RegistryEventKind {
    /// It was registered.
    Register,
    /// It was unregistered, by its owner or by the end of that.
    Unregister,
}

/// The changes that listeners are still to be told of. They are queued under the lock of the table, hence in the right order, and sent
/// under none, by one thread at a time.
pub(super) struct Feed<K, V>(Mutex<Pending<K, V>>);

struct Pending<K, V> {
    listeners: Vec<Listener<K, V>>,
    changes: VecDeque<(RegistryEventKind, Entry<K, V>)>,
    /// Somebody is sending, and goes on while there is something to send.
    sending: bool,
}

struct Listener<K, V> {
    recipient: Recipient<RegistryEvent<K, V>>,
    missed: u64,
}

impl<K: 'static, V: 'static> Feed<K, V> {
    pub(super) fn listen(&self, recipient: Recipient<RegistryEvent<K, V>>) {
        let missed = 0;
        self.0.lock().listeners.push(Listener { recipient, missed });
    }

    /// Queues a change, if anyone wants to know. [`deliver`](Self::deliver) follows, when no lock is held.
    pub(super) fn push(&self, kind: RegistryEventKind, entry: &Entry<K, V>) {
        let mut pending = self.0.lock();
        if pending.sending || !pending.listeners.is_empty() {
            pending.changes.push_back((kind, entry.clone()));
        }
    }

    /// Sends what is queued, unless somebody does.
    pub(super) fn deliver(&self) {
        let mut mine = None;
        loop {
            let mut pending = self.0.lock();
            if mine.is_none() && pending.sending {
                return;
            }
            let mut listeners: Vec<_> = mine.take().unwrap_or_default();
            // Those who came meanwhile are behind the others.
            listeners.append(&mut pending.listeners);
            let changes = std::mem::take(&mut pending.changes);
            pending.sending = !changes.is_empty();
            if changes.is_empty() {
                pending.listeners = listeners;
                return;
            }
            drop(pending);
            for (kind, entry) in changes {
                listeners.retain_mut(|listener| listener.tell(kind, &entry));
                // It may be the last to have it, and others wait to be told.
                let _ = contain(move || drop(entry));
            }
            mine = Some(listeners);
        }
    }
}

impl<K: 'static, V: 'static> Listener<K, V> {
    /// False when nobody is there any more.
    fn tell(&mut self, kind: RegistryEventKind, entry: &Entry<K, V>) -> bool {
        let event = RegistryEvent {
            kind,
            entry: entry.clone(),
            missed: self.missed,
        };
        // How a server makes its message of this is its own business.
        let told = contain(|| self.recipient.send(event));
        match told {
            Ok(Ok(())) => self.missed = 0,
            Ok(Err(CastError::NotRunning(()))) => return false,
            Ok(Err(CastError::Full(()))) | Err(_) => self.missed += 1,
        }
        true
    }
}

impl<K, V> Default for Feed<K, V> {
    fn default() -> Self {
        Feed(Mutex::new(Pending {
            listeners: Vec::new(),
            changes: VecDeque::new(),
            sending: false,
        }))
    }
}

impl<K, V> Clone for RegistryEvent<K, V> {
    fn clone(&self) -> Self {
        RegistryEvent {
            kind: self.kind,
            entry: self.entry.clone(),
            missed: self.missed,
        }
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for RegistryEvent<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryEvent")
            .field("kind", &self.kind)
            .field("entry", &self.entry)
            .field("missed", &self.missed)
            .finish()
    }
}
