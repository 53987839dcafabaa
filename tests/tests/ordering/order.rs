//! Messages and signals of every kind in one queue.

use super::diary::{Diary, Entry, Note, Pages, gate, numbered, until_queued};
use noex::MonitorRef;
use noex::prelude::*;
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;
use tokio::sync::mpsc;

fn in_order(pages: &Pages, many: u64) {
    let read = pages.read();
    for (n, entry) in (0..many).zip(&read) {
        let fits = match entry {
            Entry::Cast(m) | Entry::Call(m) | Entry::Info(m) | Entry::Timer(m) => *m == n,
            Entry::Exit(reason) | Entry::Terminate(reason) => *reason == numbered(n),
            _ => false,
        };
        assert!(fits, "{entry:?} in place {n}");
    }
    assert_eq!(read.len() as u64, many);
}

#[noex::test]
async fn or_05_every_kind_of_signal_shares_one_order() -> Result<(), Box<dyn Error>> {
    const MANY: u64 = 1000;
    let pages = Pages::default();
    let diary = Diary::start(pages.clone(), true).await?;
    let mut answers = Vec::new();
    for n in 0..MANY {
        match n % 4 {
            0 => diary.note(n)?,
            1 => diary.send(Note(n))?,
            2 => answers.push(diary.ask(n).send()?),
            _ => diary.exit(numbered(n)),
        }
    }
    diary.stop().reason(numbered(MANY)).await?;
    in_order(&pages, MANY + 1);
    for answer in answers {
        answer.await?;
    }
    Ok(())
}

#[noex::test(paused)]
async fn or_05_timers_of_zero_are_in_line_too() -> Result<(), Box<dyn Error>> {
    const MANY: u64 = 1000;
    let pages = Pages::default();
    let diary = Diary::start(pages.clone(), true).await?;
    diary.write_to_itself(MANY)?;
    until_queued(&diary, 0).await;
    diary.stop().reason(numbered(MANY)).await?;
    in_order(&pages, MANY + 1);
    Ok(())
}

/// Calls that find the server asleep run past the queue; what was sent before must not be left there.
#[noex::test(workers = 2)]
async fn or_05_calls_do_not_overtake_when_the_server_sleeps() -> Result<(), Box<dyn Error>> {
    const MANY: u64 = 20_000;
    let pages = Pages::default();
    let diary = Diary::start(pages.clone(), true).await?;
    tokio::spawn(async move {
        for n in 0..MANY {
            match n % 5 {
                0 => diary.note(n)?,
                1 | 4 => diary.ask(n).await?,
                2 => diary.exit(numbered(n)),
                _ => diary.send(Note(n))?,
            }
        }
        diary.stop().reason(numbered(MANY)).await?;
        Ok::<_, Box<dyn Error + Send + Sync>>(())
    })
    .await?
    .map_err(|error| error.to_string())?;
    in_order(&pages, MANY + 1);
    Ok(())
}

/// Says a word to its watcher and ends.
struct Teller;

#[gen_server]
impl Teller {
    #[cast]
    fn tell(&mut self, to: Recipient<Word>, cx: &mut Ctx<Self>) -> Result<(), ExitReason> {
        to.send(Word(cx.pid())).map_err(ExitReason::from_error)?;
        Err(ExitReason::Shutdown)
    }
}

struct Word(noex::Pid);

#[derive(Debug, PartialEq)]
enum Heard {
    Word,
    Down,
    Exit,
}

struct Watcher {
    heard: HashMap<noex::Pid, Vec<Heard>>,
    complete: mpsc::UnboundedSender<Vec<Heard>>,
}

#[gen_server(mailbox = unbounded, trap_exit = true)]
impl Watcher {
    #[init]
    fn new(complete: mpsc::UnboundedSender<Vec<Heard>>) -> Self {
        Self {
            heard: HashMap::new(),
            complete,
        }
    }

    #[call]
    fn watch(&mut self, teller: TellerRef, cx: &mut Ctx<Self>) -> MonitorRef {
        cx.link(&teller);
        cx.monitor(&teller)
    }

    #[info]
    fn word(&mut self, word: Word) {
        self.hear(word.0, Heard::Word);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        self.hear(down.process.expect("a process was monitored"), Heard::Down);
    }

    #[info(exit)]
    fn exit(&mut self, exit: Exit) {
        self.hear(exit.from.expect("a process was linked"), Heard::Exit);
    }

    fn hear(&mut self, from: noex::Pid, what: Heard) {
        let heard = self.heard.entry(from).or_default();
        heard.push(what);
        if heard.len() == 3 {
            let heard = self.heard.remove(&from).expect("just added");
            let _ = self.complete.send(heard);
        }
    }
}

#[noex::test(workers = 2)]
async fn or_06_last_message_precedes_down() -> Result<(), Box<dyn Error>> {
    let (complete, mut completed) = mpsc::unbounded_channel();
    let watcher = Watcher::start(complete).await?;
    let rounds = async move {
        for _ in 0..20_000 {
            let teller = Teller.start().await.expect("nothing hinders it");
            watcher.watch(teller.clone()).await.expect("it runs");
            teller.tell(watcher.recipient()).expect("it runs");
            let heard = completed.recv().await;
            let expected = vec![Heard::Word, Heard::Exit, Heard::Down];
            assert_eq!(heard, Some(expected));
        }
    };
    tokio::spawn(rounds).await?;
    System::current().stop().await;
    Ok(())
}

struct Small {
    pages: Pages,
}

#[gen_server(mailbox = 1, trap_exit = true)]
impl Small {
    #[init]
    fn new(pages: Pages) -> Self {
        Self { pages }
    }

    #[cast]
    async fn hold(&mut self, gate: tokio::sync::oneshot::Receiver<()>, cx: &mut Ctx<Self>) {
        let _ = gate.await;
        cx.send_after(Duration::ZERO, Note(9));
    }

    #[cast]
    fn note(&mut self, n: u64) {
        self.pages.write(Entry::Cast(n));
    }

    #[call]
    fn watch(&mut self, other: super::diary::DiaryRef, cx: &mut Ctx<Self>) {
        cx.monitor(&other);
    }

    #[info]
    fn timer(&mut self, note: Note) {
        self.pages.write(Entry::Timer(note.0));
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        self.pages.write(Entry::Down(down.reason));
    }

    #[info(exit)]
    fn exit(&mut self, exit: Exit) {
        self.pages.write(Entry::Exit(exit.reason));
    }

    #[terminate]
    fn close(&mut self, why: &ExitReason) {
        self.pages.write(Entry::Terminate(why.clone()));
    }
}

async fn until_full(small: &SmallRef) {
    while small.queue_len() != 0 {
        tokio::task::yield_now().await;
    }
    small.note(1).expect("there is room for one");
    assert!(matches!(small.note(2), Err(CastError::Full(_))));
}

#[noex::test(paused)]
async fn or_15_signals_pass_a_full_mailbox() -> Result<(), Box<dyn Error>> {
    let pages = Pages::default();
    let small = Small::start(pages.clone()).await?;
    let watched = Diary::start(Pages::default(), false).await?;
    small.watch(watched.clone()).await?;
    let (open, closed) = gate();
    small.hold(closed)?;
    until_full(&small).await;
    watched.stop().reason(numbered(2)).await?;
    small.exit(numbered(3));
    assert!(small.suspend() && small.resume());
    drop(open);
    while small.queue_len() != 0 {
        tokio::task::yield_now().await;
    }
    small.stop().reason(numbered(4)).await?;
    let expected = [
        Entry::Cast(1),
        Entry::Down(numbered(2)),
        Entry::Exit(numbered(3)),
        Entry::Timer(9),
        Entry::Terminate(numbered(4)),
    ];
    assert_eq!(pages.read(), expected);
    Ok(())
}

#[noex::test]
async fn or_15_a_supervisor_stops_a_full_child() -> Result<(), Box<dyn Error>> {
    use noex::supervisor::{Spec, Supervisor};
    let pages = Pages::default();
    let spec = Small::child_spec(pages.clone()).name("small");
    let tree = Supervisor::start(Spec::new("tree").child(spec)).await?;
    let small = Small::named("small");
    let (open, closed) = gate();
    small.hold(closed)?;
    until_full(&small).await;
    let stopping = tokio::spawn(async move { tree.stop().await });
    while small.queue_len() != 2 {
        tokio::task::yield_now().await;
    }
    drop(open);
    assert!(stopping.await??.is_clean());
    let expected = [Entry::Cast(1), Entry::Terminate(ExitReason::Shutdown)];
    assert_eq!(pages.read()[..2], expected);
    Ok(())
}

#[noex::test]
async fn or_15_a_full_process_can_be_killed() -> Result<(), Box<dyn Error>> {
    let small = Small::start(Pages::default()).await?;
    let (_open, closed) = gate();
    small.hold(closed)?;
    until_full(&small).await;
    small.kill();
    assert_eq!(small.exited().await, ExitReason::Killed);
    Ok(())
}
