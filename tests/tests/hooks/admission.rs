//! Every message is handled, or given back, or counted; and every receiver is woken.

use super::scenario::{ROUNDS, scenario, within};
use noex::prelude::*;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::yield_now;

type Handled = Arc<Mutex<HashSet<u64>>>;

struct Sink(Handled);

#[gen_server(mailbox = unbounded, inline = never)]
impl Sink {
    #[init]
    fn new(handled: Handled) -> Self {
        Self(handled)
    }

    #[cast]
    fn put(&mut self, n: u64) {
        self.0.lock().expect("nothing panics here").insert(n);
    }

    #[call]
    fn ask(&mut self, n: u64) {
        self.put(n);
    }
}

/// What became of messages, as their senders see it.
#[derive(Default)]
struct Book {
    next: AtomicU64,
    accepted: AtomicU64,
    refused: Mutex<Vec<u64>>,
}

impl Book {
    fn next(&self) -> u64 {
        self.next.fetch_add(1, SeqCst)
    }

    /// Notes what became of a message; whether to go on.
    fn note(&self, n: u64, is_accepted: bool) -> bool {
        match is_accepted {
            true => drop(self.accepted.fetch_add(1, SeqCst)),
            false => self.refused.lock().expect("nothing panics here").push(n),
        }
        is_accepted
    }
}

async fn casts(sink: SinkRef, book: Arc<Book>) {
    while sink.is_alive() {
        let n = book.next();
        if !book.note(n, sink.put(n).is_ok()) {
            return;
        }
        yield_now().await;
    }
}

async fn fills(sink: SinkRef, book: Arc<Book>) {
    while sink.is_alive() {
        let Ok(place) = within("a place", sink.reserve()).await else {
            return;
        };
        let n = book.next();
        if !book.note(n, place.put(n).is_ok()) {
            return;
        }
        yield_now().await;
    }
}

async fn asks(sink: SinkRef, book: Arc<Book>) {
    while sink.is_alive() {
        let n = book.next();
        let asked = sink.ask(n).send();
        if !book.note(n, asked.is_ok()) {
            return;
        }
        if let Ok(asked) = asked {
            let answer = within("an answer", asked).await;
            assert!(
                matches!(answer, Ok(()) | Err(CallError::Exited(_))),
                "{answer:?}"
            );
        }
    }
}

#[test]
fn nothing_is_accepted_and_lost() {
    scenario(async {
        for round in 0..ROUNDS {
            let (handled, book) = (Handled::default(), Arc::new(Book::default()));
            let sink = Sink::start(handled.clone()).await.expect("it starts");
            let senders = [
                tokio::spawn(casts(sink.clone(), book.clone())),
                tokio::spawn(casts(sink.clone(), book.clone())),
                tokio::spawn(fills(sink.clone(), book.clone())),
                tokio::spawn(asks(sink.clone(), book.clone())),
                tokio::spawn(asks(sink.clone(), book.clone())),
            ];
            tokio::time::sleep(Duration::from_millis(1)).await;
            match round % 2 {
                0 => sink.kill(),
                _ => within("its end", sink.stop()).await.expect("it ran"),
            }
            within("its end", sink.exited()).await;
            for sender in senders {
                within("a refusal", sender).await.expect("it is told");
            }
            let handled = handled.lock().expect("nothing panics here");
            let refused = book.refused.lock().expect("nothing panics here");
            assert!(
                refused.iter().all(|n| !handled.contains(n)),
                "refused and handled"
            );
            let counted = handled.len() as u64 + u64::from(sink.undelivered());
            assert_eq!(counted, book.accepted.load(SeqCst));
        }
    });
}
