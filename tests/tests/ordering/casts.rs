//! Casts: refused by the dead, never waiting for the living, in the order of their sender.

use super::diary::{Diary, DiaryMessage, DiaryRef, Entry, Note, Pages, gate, until_queued};
use noex::prelude::*;
use std::error::Error;
use std::time::Duration;
use tokio::time::{Instant, sleep};

#[noex::test]
async fn or_01_cast_to_a_dead_process_comes_back() -> Result<(), Box<dyn Error>> {
    let diary = Diary::start(Pages::default(), false).await?;
    diary.stop().await?;
    let refused = diary.note(7);
    assert!(matches!(
        refused,
        Err(CastError::NotRunning(DiaryMessage::Note { n: 7 }))
    ));
    let refused = diary.send(Note(8)).map_err(CastError::into_message);
    assert!(matches!(refused, Err(DiaryMessage::Info { note: Note(8) })));
    Ok(())
}

#[noex::test]
async fn or_02_cast_to_an_unknown_name_comes_back() -> Result<(), Box<dyn Error>> {
    let diary = Diary::named("nobody");
    let refused = diary.note(7);
    assert!(matches!(
        refused,
        Err(CastError::NotRunning(DiaryMessage::Note { n: 7 }))
    ));
    // The same ref, once there is somebody.
    let first = Diary::start_as("nobody", Pages::default(), false).await?;
    diary.note(7)?;
    first.stop().await?;
    assert!(matches!(diary.note(7), Err(CastError::NotRunning(_))));
    Ok(())
}

/// Checks that casts come in order without keeping a million of them.
#[derive(Default)]
struct Next {
    expected: u64,
    jumps: u64,
}

#[gen_server(mailbox = unbounded)]
impl Next {
    #[cast]
    fn number(&mut self, n: u64) {
        self.jumps += u64::from(n != self.expected);
        self.expected = n + 1;
    }

    #[call]
    fn seen(&self) -> (u64, u64) {
        (self.expected, self.jumps)
    }
}

#[noex::test(workers = 2)]
async fn or_03_one_senders_casts_keep_their_order() -> Result<(), Box<dyn Error>> {
    let next = Next::default().start().await?;
    for n in 0..1_000_000 {
        next.number(n)?;
    }
    let seen = next.seen().timeout(Duration::MAX).await?;
    assert_eq!(seen, (1_000_000, 0));
    next.stop().await?;
    Ok(())
}

#[noex::test(workers = 2)]
async fn or_04_every_kind_of_ref_shares_one_order() -> Result<(), Box<dyn Error>> {
    const MANY: u64 = 20_000;
    let pages = Pages::default();
    let diary = Diary::start_as("diary", pages.clone(), false).await?;
    let (cloned, named) = (diary.clone(), Diary::named("diary"));
    let pinned = named.current().expect("it runs");
    let (typed, by_name) = (diary.recipient::<Note>(), named.recipient::<Note>());
    // In a task of the runtime, where a call may run the server itself.
    tokio::spawn(async move {
        for n in 0..MANY {
            match n % 7 {
                0 => diary.note(n)?,
                1 => cloned.note(n)?,
                2 => named.note(n)?,
                3 => pinned.note(n)?,
                4 => typed.send(Note(n))?,
                5 => by_name.send(Note(n))?,
                _ => named.ask(n).await?,
            }
        }
        diary.stop().await?;
        Ok::<_, Box<dyn Error + Send + Sync>>(())
    })
    .await?
    .map_err(|error| error.to_string())?;
    let numbers: Vec<u64> = pages.read().iter().filter_map(number).collect();
    assert!(numbers.into_iter().eq(0..MANY));
    Ok(())
}

fn number(entry: &Entry) -> Option<u64> {
    match entry {
        Entry::Cast(n) | Entry::Call(n) | Entry::Info(n) => Some(*n),
        _ => None,
    }
}

/// Passes on what it gets.
struct Relay {
    to: DiaryRef,
}

#[gen_server(mailbox = unbounded)]
impl Relay {
    #[cast]
    fn note(&mut self, n: u64) -> Result<(), CastError<DiaryMessage>> {
        self.to.note(n)
    }
}

#[noex::test(workers = 2)]
async fn or_10_order_across_senders_is_open() -> Result<(), Box<dyn Error>> {
    const MANY: u64 = 20_000;
    let pages = Pages::default();
    let diary = Diary::start(pages.clone(), false).await?;
    let to = diary.clone();
    let relay = Relay { to }.start().await?;
    for n in 0..MANY {
        diary.send(Note(n))?;
        relay.note(n)?;
    }
    relay.stop().await?;
    diary.stop().await?;
    // How the two mingle is nobody's promise; that each keeps its order is.
    let pages = pages.read();
    let direct = pages.iter().filter(|e| matches!(e, Entry::Info(_)));
    assert!(direct.filter_map(number).eq(0..MANY));
    let relayed = pages.iter().filter(|e| matches!(e, Entry::Cast(_)));
    assert!(relayed.filter_map(number).eq(0..MANY));
    Ok(())
}

#[noex::test(paused)]
async fn or_12_cast_never_waits_for_the_receiver() -> Result<(), Box<dyn Error>> {
    let pages = Pages::default();
    let diary = Diary::start(pages.clone(), false).await?;
    let (open, closed) = gate();
    diary.hold(closed)?;
    until_queued(&diary, 0).await;
    let before = Instant::now();
    tokio::spawn(async move {
        sleep(Duration::from_secs(1)).await;
        open.send(())
    });
    diary.note(1)?;
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert_eq!(pages.read(), []);
    diary.stop().await?;
    assert!(before.elapsed() >= Duration::from_secs(1));
    assert_eq!(pages.read()[..2], [Entry::Held, Entry::Cast(1)]);
    Ok(())
}
