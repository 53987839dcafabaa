//! Who waits for whom.

use super::*;
use crate::process::reply_slot::{Answer, CallContext, Token, Waiting, slot};
use crate::process::waits::{self, Edge};
use crate::sync::planted;

/// A process that is never run.
fn still() -> (Subject, Carrier<Message>) {
    born()
}

/// What a call does when it is not answered at once, as `Pending::poll_answer` does it.
fn block(me: &ProcessArc, on: &ProcessArc) -> (Token<u64>, Waiting<u64>, bool) {
    let (token, mut waiting) = slot::<u64>(on.serial(), CallContext::default());
    let early = planted("walk_first") && waits::cycle(me).is_some();
    let edge = || Some(Edge::enter(me.clone(), on.clone()));
    assert!(waiting.poll(Waker::noop(), edge).is_err());
    let seen = match planted("walk_first") {
        true => early,
        false => waits::cycle(me).is_some(),
    };
    (token, waiting, seen)
}

/// Two processes call each other, not knowing: at least one sees it.
#[test]
fn cross_calls_are_seen() {
    explore(3, || {
        let ((a, carrier_a), (b, carrier_b)) = (still(), still());
        let other = {
            let (a, b) = (a.arc.clone(), b.arc.clone());
            thread::spawn(move || block(&b, &a))
        };
        let (to_b, of_a, seen_by_a) = block(&a.arc, &b.arc);
        let (to_a, of_b, seen_by_b) = other.join().unwrap();
        assert!(seen_by_a || seen_by_b);
        to_a.answer(1);
        to_b.answer(1);
        drop((of_a, of_b, carrier_a, carrier_b));
    });
}

/// Three in a ring.
#[test]
fn ring_of_three_is_seen() {
    explore(3, || {
        let (p, carriers): (Vec<_>, Vec<_>) = (0..3).map(|_| still()).unzip();
        let others: Vec<_> = (1..3)
            .map(|i| {
                let (me, on) = (p[i].arc.clone(), p[(i + 1) % 3].arc.clone());
                thread::spawn(move || block(&me, &on))
            })
            .collect();
        let mut all = vec![block(&p[0].arc, &p[1].arc)];
        all.extend(others.into_iter().map(|o| o.join().unwrap()));
        assert!(all.iter().any(|(_, _, seen)| *seen));
        for (token, waiting, _) in all {
            token.answer(1);
            drop(waiting);
        }
        drop(carriers);
    });
}

/// A calls B. B answers, and then calls A: not a cycle, even if A has not read its answer.
#[test]
fn answered_call_is_no_edge() {
    explore(3, || {
        let ((a, carrier_a), (b, carrier_b)) = (still(), still());
        let (token, mut waiting) = slot::<u64>(b.arc.serial(), CallContext::default());
        let server = {
            let (a, b) = (a.arc.clone(), b.arc.clone());
            thread::spawn(move || {
                token.answer(1);
                let (token, waiting, seen) = block(&b, &a);
                assert!(!seen);
                token.answer(2);
                drop(waiting);
            })
        };
        // A's future is polled once; whatever it finds, it does not read its answer before B has gone on.
        let edge = || Some(Edge::enter(a.arc.clone(), b.arc.clone()));
        let _ = waiting.poll(Waker::noop(), edge);
        server.join().unwrap();
        assert_eq!(waiting.take(), Answer::Value(1));
        drop((carrier_a, carrier_b));
    });
}

/// A has its answer from B, and calls X, which waits for A: seen in the poll that this answer has caused at the latest, for the
/// edge to B went before the answer came.
#[test]
fn answered_edge_hides_no_cycle() {
    explore(5, || {
        let ((a, carrier_a), (b, carrier_b), (x, carrier_x)) = (still(), still(), still());
        let (token, mut waiting) = slot::<u64>(b.arc.serial(), CallContext::default());
        let edge = || Some(Edge::enter(a.arc.clone(), b.arc.clone()));
        assert!(waiting.poll(Waker::noop(), edge).is_err());
        let (to_a, of_x, _) = block(&x.arc, &a.arc);
        let server = thread::spawn(move || token.answer(1));
        if waiting.is_answered() {
            let (to_x, of_a, _) = block(&a.arc, &x.arc);
            let looks = waits::poll_begins(&a.cell.head, a.cell.head.signals());
            waits::poll_ends(&a.cell.head, looks);
            assert!(waits::cycle(&a.arc).is_some());
            to_x.answer(2);
            drop(of_a);
        }
        server.join().unwrap();
        assert_eq!(waiting.take(), Answer::Value(1));
        to_a.answer(3);
        drop((of_x, carrier_a, carrier_b, carrier_x));
    });
}

/// A handler asks X and Y at once, and Y waits for the handler's process: while X may answer, and while its answer has
/// not been looked at, that is no cycle.
#[test]
fn answer_not_looked_at_is_no_cycle() {
    explore(5, || {
        let ((p, carrier_p), (x, carrier_x), (y, carrier_y)) = (still(), still(), still());
        let (to_p, of_y, _) = block(&y.arc, &p.arc);
        let (to_x, mut of_x) = slot::<u64>(x.arc.serial(), CallContext::default());
        let edge = || Some(Edge::enter(p.arc.clone(), x.arc.clone()));
        assert!(of_x.poll(Waker::noop(), edge).is_err());
        let server = thread::spawn(move || to_x.answer(1));
        let (to_y, of_p, seen) = block(&p.arc, &y.arc);
        assert!(!seen);
        server.join().unwrap();
        assert_eq!(of_x.take(), Answer::Value(1));
        to_p.answer(2);
        to_y.answer(3);
        drop((of_y, of_p, carrier_p, carrier_x, carrier_y));
    });
}

/// Two servers whose handlers call each other: neither caller is left hanging.
#[test]
fn cross_calls_of_servers() {
    explore(3, || {
        let ((a, carrier_a), (b, carrier_b)) = (born(), born());
        let (mut carrier_a, mut carrier_b) = (by_hand(carrier_a), by_hand(carrier_b));
        run_out!(carrier_a, carrier_b);
        let mut of_a = by_hand(a.asking({
            let b = b.process.clone();
            |reply| Message::Ask(reply, b)
        }));
        let mut of_b = by_hand(b.asking({
            let a = a.process.clone();
            |reply| Message::Ask(reply, a)
        }));
        let other = thread::spawn(move || {
            of_a.run();
            of_a
        });
        of_b.run();
        let mut of_a = other.join().unwrap();
        run_out!(of_a, of_b, carrier_a, carrier_b);
        assert!(of_a.done().is_ok() && of_b.done().is_ok());
        a.stop(ExitReason::Normal);
        b.stop(ExitReason::Normal);
        run_out!(carrier_a, carrier_b);
        carrier_a.done();
        carrier_b.done();
    });
}

/// P asks X and Y at once, and Y asks P. When X has answered there is nothing left but a cycle: that is seen.
#[test]
fn last_of_two_calls_is_seen() {
    explore(3, || {
        let ((p, carrier_p), (x, carrier_x), (y, carrier_y)) = (born(), born(), born());
        let (mut carrier_p, mut carrier_x) = (by_hand(carrier_p), by_hand(carrier_x));
        let mut carrier_y = by_hand(carrier_y);
        run_out!(carrier_p, carrier_x, carrier_y);
        let mut of_p = by_hand(p.asking({
            let (x, y) = (x.process.clone(), y.process.clone());
            |reply| Message::AskBoth(reply, x, y)
        }));
        let mut of_y = by_hand(y.asking({
            let p = p.process.clone();
            |reply| Message::Ask(reply, p)
        }));
        let other = thread::spawn(move || {
            of_y.run();
            carrier_x.run();
            (of_y, carrier_x)
        });
        of_p.run();
        let (mut of_y, mut carrier_x) = other.join().unwrap();
        run_out!(of_p, of_y, carrier_p, carrier_x, carrier_y);
        assert!(of_p.done().is_ok() && of_y.done().is_ok());
        for s in [p, x, y] {
            s.stop(ExitReason::Normal);
        }
        run_out!(carrier_p, carrier_x, carrier_y);
    });
}
