//! A server that writes down what reaches it.

use noex::prelude::*;
use noex::{GenServer, MonitorRef};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{error::Elapsed, timeout};

/// What a diary is told by an info message.
pub(crate) struct Note(pub(crate) u64);

/// What a diary is told by a timer of its own.
struct Alarm(u64);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    Cast(u64),
    Call(u64),
    Info(u64),
    Timer(u64),
    Held,
    Exit(ExitReason),
    Down(ExitReason),
    Terminate(ExitReason),
}

/// The entries, which outlive the diary.
#[derive(Clone, Default)]
pub(crate) struct Pages(Arc<Mutex<Vec<Entry>>>);

impl Pages {
    pub(crate) fn write(&self, entry: Entry) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.push(entry);
    }

    pub(crate) fn read(&self) -> Vec<Entry> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

pub(crate) struct Diary {
    pages: Pages,
}

#[gen_server(mailbox = unbounded)]
impl Diary {
    #[init]
    pub(crate) fn open(pages: Pages, trap_exit: bool, cx: &mut Ctx<Self>) -> Self {
        cx.trap_exit(trap_exit);
        Self { pages }
    }

    #[cast]
    pub(crate) fn note(&mut self, n: u64) {
        self.pages.write(Entry::Cast(n));
    }

    #[call]
    pub(crate) fn ask(&mut self, n: u64) {
        self.pages.write(Entry::Call(n));
    }

    #[info]
    fn info(&mut self, note: Note) {
        self.pages.write(Entry::Info(note.0));
    }

    #[info]
    fn timer(&mut self, alarm: Alarm) {
        self.pages.write(Entry::Timer(alarm.0));
    }

    #[info(exit)]
    fn trapped(&mut self, exit: Exit) {
        self.pages.write(Entry::Exit(exit.reason));
    }

    #[info(down)]
    fn gone(&mut self, down: Down) {
        self.pages.write(Entry::Down(down.reason));
    }

    #[call]
    pub(crate) fn watch(&mut self, other: DiaryRef, cx: &mut Ctx<Self>) -> MonitorRef {
        cx.monitor(&other)
    }

    /// Is busy until the other end of the gate is used or dropped.
    #[cast]
    pub(crate) async fn hold(&mut self, gate: oneshot::Receiver<()>) {
        let _ = gate.await;
        self.pages.write(Entry::Held);
    }

    #[cast]
    pub(crate) fn set_alarm(&mut self, n: u64, cx: &mut Ctx<Self>) {
        cx.send_after(Duration::ZERO, Alarm(n));
    }

    /// Sends itself this many things of every kind, counted from 0.
    #[cast]
    pub(crate) fn write_to_itself(&mut self, many: u64, cx: &mut Ctx<Self>) -> Result<(), String> {
        let me = cx.myself();
        for n in 0..many {
            match n % 4 {
                0 => me.note(n).map_err(|refused| refused.to_string())?,
                1 => me.send(Note(n)).map_err(|refused| refused.to_string())?,
                2 => drop(cx.send_after(Duration::ZERO, Alarm(n))),
                _ => me.exit(numbered(n)),
            }
        }
        Ok(())
    }

    #[terminate]
    fn close(&mut self, why: &ExitReason) {
        self.pages.write(Entry::Terminate(why.clone()));
    }
}

pub(crate) fn numbered(n: u64) -> ExitReason {
    ExitReason::ShutdownWith(n.to_string().into())
}

/// A gate to hold a diary with.
pub(crate) fn gate() -> (oneshot::Sender<()>, oneshot::Receiver<()>) {
    oneshot::channel()
}

/// Lets everything else run until this many messages wait in the mailbox.
pub(crate) async fn until_queued(diary: &DiaryRef, many: usize) {
    while diary.queue_len() != many {
        tokio::task::yield_now().await;
    }
}

/// The end that a server must come to soon.
pub(crate) async fn gone<S: GenServer>(server: &Process<S>) -> Result<ExitReason, Elapsed> {
    timeout(Duration::from_secs(10), server.exited()).await
}
