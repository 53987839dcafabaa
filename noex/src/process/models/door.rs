//! Who gets in, and who waits for room.

use super::*;
use crate::process::Pushed;
use crate::process::mailbox::{Inbox, Item, Mailbox, Next, Refused};
use crate::server::Reserve;

/// Two senders against a runner that closes: accepted = handled + drained, each in its sender's order.
#[test]
fn admission_versus_close() {
    explore(3, || {
        let mailbox = Arc::new(Mailbox::new(usize::MAX));
        let senders: Vec<_> = (0..2)
            .map(|sender| {
                let mailbox = mailbox.clone();
                thread::spawn(move || {
                    let mut accepted = Vec::new();
                    for n in 0..2 {
                        match mailbox.push((sender, n)) {
                            Ok(_) => accepted.push((sender, n)),
                            Err(Refused::Closed(back)) => assert_eq!(back, (sender, n)),
                            Err(Refused::Full(_)) => unreachable!(),
                        }
                    }
                    accepted
                })
            })
            .collect();
        let mut inbox = Inbox::default();
        let mut seen = Vec::new();
        if let Next::Item(Item::User(m)) = mailbox.next(&mut inbox) {
            seen.push(m);
        }
        mailbox.shut();
        seen.extend(
            mailbox
                .drain(&mut inbox)
                .into_iter()
                .map(|item| match item {
                    Item::User(m) => m,
                    Item::Signal(_) => unreachable!(),
                }),
        );
        for (sender, accepted) in senders.into_iter().map(|s| s.join().unwrap()).enumerate() {
            let seen: Vec<_> = seen.iter().filter(|m| m.0 == sender).copied().collect();
            assert_eq!(seen, accepted);
        }
    });
}

/// The same with a whole process: what was accepted is handled or counted.
#[test]
fn casts_versus_stop() {
    explore(3, || {
        let (s, carrier) = born();
        let carrier = carry(carrier);
        let caster = s.apart(|s| (1..3).filter(|n| s.cast(*n)).count());
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
        let accepted = caster.join().unwrap();
        assert_eq!(s.probe.seen().len() + s.undelivered(), accepted);
    });
}

/// A sender waiting in line is admitted or gets its message back; a lifecycle item gets in regardless.
#[test]
fn waiting_sender_versus_close() {
    for begun in [true, false] {
        explore(3, move || one_waits_as_the_door_shuts(begun));
    }
}

/// Where an item is begun before that, there is room, and nobody is left in line.
fn one_waits_as_the_door_shuts(begun: bool) {
    let mailbox = Arc::new(Mailbox::new(1));
    assert!(mailbox.push(0).is_ok());
    let sender = {
        let mailbox = mailbox.clone();
        thread::spawn(move || match mailbox.push_or_wait(1) {
            Ok(Pushed::Now(_)) => true,
            Ok(Pushed::Later(in_line)) => match block_on(in_line) {
                Ok(()) => true,
                Err(back) => {
                    assert_eq!(back, Some(1));
                    false
                }
            },
            Err(back) => {
                assert_eq!(back, 1);
                false
            }
        })
    };
    assert!(mailbox.push_signal(Signal::Timer(0)).is_some());
    let mut inbox = Inbox::default();
    let mut seen = 0;
    if begun {
        let next = mailbox.next(&mut inbox);
        seen += usize::from(matches!(next, Next::Item(Item::User(_))));
    }
    mailbox.shut();
    let left = mailbox.drain(&mut inbox);
    seen += left.iter().filter(|i| matches!(i, Item::User(_))).count();
    let admitted = sender.join().unwrap();
    assert_eq!(seen, 1 + usize::from(admitted));
}

/// A sender that gives up its place in the line as it is being let in leaves no room taken: with a leaked place the
/// last call would wait for ever.
#[test]
fn given_up_place_is_free() {
    explore(3, || {
        let (s, carrier) = make::<1>(std::future::ready(()));
        assert!(s.cast(1));
        let giver = s.apart(|s| {
            let mut reserve: Reserve<Model<1>> = s.process.reserve();
            drop(poll_once(&mut reserve));
            drop(reserve);
        });
        let carrier = carry(carrier);
        giver.join().unwrap();
        assert!(s.call(Message::Add).is_ok());
        s.stop(ExitReason::Normal);
        carrier.join().unwrap();
    });
}

/// Two want the one place, and each gives it back: both get it.
#[test]
fn reserved_place_goes_round() {
    explore(3, || {
        let (s, mut carrier) = make::<1>(std::future::ready(()));
        assert!(poll_once(&mut carrier).is_pending());
        let other = s.apart(|s| drop(block_on(s.process.reserve()).unwrap()));
        drop(block_on(s.process.reserve()).unwrap());
        other.join().unwrap();
        assert!(s.cast(1));
        drop(carrier);
    });
}

/// One waits for a place while the process ends.
#[test]
fn reserve_versus_stop() {
    for kept in [true, false] {
        explore(3, move || one_waits_as_the_process_ends(kept));
    }
}

/// The only place is filled, or kept by somebody who never fills it.
fn one_waits_as_the_process_ends(kept: bool) {
    let (s, carrier) = make::<1>(std::future::ready(()));
    let place = kept.then(|| block_on(s.process.reserve()));
    assert!(kept || s.cast(1));
    let carrier = carry(carrier);
    let sender =
        s.apart(|s| block_on(s.process.reserve()).is_ok_and(|p| p.cast(Message::Note(2)).is_ok()));
    s.stop(ExitReason::Normal);
    let sent = sender.join().unwrap();
    carrier.join().unwrap();
    drop(place);
    assert_eq!(
        s.probe.seen().len() + s.undelivered(),
        usize::from(!kept) + usize::from(sent)
    );
}
