//! Running futures without a runtime.

use super::*;

/// Runs a future on this thread. Unlike loom's own, it counts its wakers with `std`: fewer states, and none of ours.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    struct Wakes {
        notify: loom::sync::Notify,
        /// A waker that is never dropped, with all that holds it, fails the model.
        _kept: loom::alloc::Track<()>,
    }
    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.notify.notify();
        }
    }
    let wakes = Arc::new(Wakes {
        notify: loom::sync::Notify::new(),
        _kept: loom::alloc::Track::new(()),
    });
    let waker = Waker::from(wakes.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        wakes.notify.wait();
    }
}

/// Polls once; nobody is told when there is more to do.
pub(super) fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// A future run by hand: on any thread, for as long as it has been woken.
pub(super) struct ByHand<F: Future> {
    future: Pin<Box<F>>,
    woken: Arc<Woken>,
    done: Option<F::Output>,
}

pub(super) struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Relaxed);
    }
}

pub(super) fn by_hand<F: Future>(future: F) -> ByHand<F> {
    ByHand {
        future: Box::pin(future),
        woken: Arc::new(Woken(AtomicBool::new(true))),
        done: None,
    }
}

impl<F: Future> ByHand<F> {
    /// Polls if it has been woken since; false if it has not, or is done.
    pub(super) fn run(&mut self) -> bool {
        let woken = self.woken.0.swap(false, Relaxed) && self.done.is_none();
        if woken {
            let waker = Waker::from(self.woken.clone());
            let polled = self.future.as_mut().poll(&mut Context::from_waker(&waker));
            if let Poll::Ready(done) = polled {
                self.done = Some(done);
            }
        }
        woken
    }

    /// What it has yielded. That it was not woken to do so is a lost wake-up.
    pub(super) fn done(self) -> F::Output {
        self.done.expect("a future that nobody wakes has not ended")
    }
}

/// Runs futures until none is woken any more.
macro_rules! run_out {
    ($($future:expr),+) => {
        while [$($future.run()),+].contains(&true) {}
    };
}
pub(super) use run_out;
