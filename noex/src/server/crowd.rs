//! Several futures polled as one, each only when it was woken.

use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, Ordering::AcqRel};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// Futures with labels, which end in their own time.
pub(super) struct Crowd<L, F> {
    members: BTreeMap<u64, Member<L, F>>,
    next_number: u64,
    /// Those that have not been polled yet.
    fresh: VecDeque<u64>,
    woken: Arc<Woken>,
}

struct Member<L, F> {
    label: L,
    future: F,
    bell: Arc<Bell>,
}

/// Who was woken, in that order, and who wants to know.
#[derive(Default)]
struct Woken(Mutex<(VecDeque<u64>, Option<Waker>)>);

/// The waker of one member.
struct Bell {
    number: u64,
    /// It is in the queue.
    rung: AtomicBool,
    woken: Arc<Woken>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.rung.swap(true, AcqRel) {
            return;
        }
        let mut woken = self.woken.0.lock();
        woken.0.push_back(self.number);
        let waker = woken.1.take();
        drop(woken);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl<L, F: Future + Unpin> Crowd<L, F> {
    pub(super) fn new() -> Self {
        Crowd {
            members: BTreeMap::new(),
            next_number: 0,
            fresh: VecDeque::new(),
            woken: Arc::default(),
        }
    }

    /// Adds the future that `make` makes, which may leave its waker where it wants to be woken from.
    pub(super) fn add(&mut self, label: L, make: impl FnOnce(&Waker) -> F) {
        let number = self.next_number;
        self.next_number += 1;
        let bell = Arc::new(Bell {
            number,
            rung: AtomicBool::new(false),
            woken: self.woken.clone(),
        });
        let future = make(&Waker::from(bell.clone()));
        self.fresh.push_back(number);
        let member = Member {
            label,
            future,
            bell,
        };
        self.members.insert(number, member);
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// The next one that has ended; `None` when nobody is there.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<(L, F::Output)>> {
        // Whoever is woken from here on takes the waker, so that we look again.
        let waker = cx.waker().clone();
        let old = self.woken.0.lock().1.replace(waker);
        drop(old);
        while let Some(number) = self.next_woken().or_else(|| self.fresh.pop_front()) {
            if let Some(ended) = self.poll_one(number) {
                return Poll::Ready(Some(ended));
            }
        }
        if self.members.is_empty() {
            return Poll::Ready(None);
        }
        // The last one is looked at each time: only then does a call notice that nothing else goes on before it.
        if let (1, Some((&last, _))) = (self.len(), self.members.first_key_value())
            && let Some(ended) = self.poll_one(last)
        {
            return Poll::Ready(Some(ended));
        }
        Poll::Pending
    }

    fn next_woken(&self) -> Option<u64> {
        self.woken.0.lock().0.pop_front()
    }

    fn poll_one(&mut self, number: u64) -> Option<(L, F::Output)> {
        // One that is over may be woken once more.
        let member = self.members.get_mut(&number)?;
        member.bell.rung.swap(false, AcqRel);
        let waker = Waker::from(member.bell.clone());
        let polled = Pin::new(&mut member.future).poll(&mut Context::from_waker(&waker));
        let Poll::Ready(output) = polled else {
            return None;
        };
        let member = self.members.remove(&number)?;
        Some((member.label, output))
    }
}
