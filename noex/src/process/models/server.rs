//! The server of the models, and what it has seen.

use super::*;

/// What a [`Model`] has seen, in its order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Seen {
    Note(u8),
    Call,
    Down,
    Exit,
}

#[derive(Debug)]
pub(super) struct Probe {
    pub(super) seen: Mutex<Vec<Seen>>,
    /// loom's: what loom cannot see, it does not interleave.
    pub(super) dropped: loom::sync::atomic::AtomicBool,
}

impl Probe {
    pub(super) fn note(&self, seen: Seen) {
        self.seen.lock().unwrap().push(seen);
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn count(&self, what: Seen) -> usize {
        self.seen().iter().filter(|s| **s == what).count()
    }
}

/// The server of the models.
pub(super) struct Model<const ROOM: usize> {
    pub(super) sum: u64,
    pub(super) probe: Arc<Probe>,
}

pub(super) enum Message {
    Add(Reply<u64>),
    /// Pending once: the handler is finished by whoever polls next.
    Slow(Reply<u64>),
    /// Never finishes.
    Hang(Reply<u64>),
    /// Gives its token away.
    Park(Reply<u64>, std::sync::mpsc::Sender<Reply<u64>>),
    /// Asks another server.
    Ask(Reply<u64>, Process<Model<8>>),
    /// Asks one server for `Slow` and another for `Add`, at once.
    AskBoth(Reply<u64>, Process<Model<8>>, Process<Model<8>>),
    Note(u8),
}

/// What `Ask` answers when its own call failed.
pub(super) const REFUSED: u64 = 1000;

impl<const ROOM: usize> Child for Model<ROOM> {
    type Ref = Process<Self>;
}

impl<const ROOM: usize> GenServer for Model<ROOM> {
    type Message = Message;
    type Continue = ();
    const TYPE: &'static str = "Model";
    const OPTIONS: Options = Options {
        mailbox: ROOM,
        inline: Inline::Always,
        call_timeout: Duration::MAX,
        ..Options::DEFAULT
    };

    async fn handle(&mut self, message: Message, cx: &mut Ctx<Self>) -> Result<(), ExitReason> {
        self.sum += 1;
        match message {
            Message::Add(reply) => {
                let Some(reply) = cx.__begin(reply) else {
                    return Ok(());
                };
                self.probe.note(Seen::Call);
                cx.__settle(reply, self.sum);
            }
            Message::Slow(reply) => {
                yield_once().await;
                cx.__settle(reply, self.sum);
            }
            Message::Hang(reply) => {
                std::future::pending::<()>().await;
                drop(reply);
            }
            Message::Park(reply, to) => {
                let reply = cx.__begin(reply).expect("the caller waits");
                let reply = cx.__defer(reply);
                let _ = to.send(reply);
            }
            Message::Ask(reply, other) => {
                let answer = other.call(None, Message::Add).await;
                assert!(matches!(answer, Ok(_) | Err(CallError::Deadlock(_))));
                cx.__settle(reply, answer.unwrap_or(REFUSED));
            }
            Message::AskBoth(reply, one, other) => {
                let mut one = pin!(one.call(None, Message::Slow));
                let mut other = pin!(other.call(None, Message::Add));
                let (mut first, mut second) = (None, None);
                poll_fn(|cx| {
                    for (answer, call) in
                        [(&mut first, one.as_mut()), (&mut second, other.as_mut())]
                    {
                        if answer.is_none()
                            && let Poll::Ready(came) = call.poll(cx)
                        {
                            assert!(matches!(came, Ok(_) | Err(CallError::Deadlock(_))));
                            *answer = Some(came.unwrap_or(REFUSED));
                        }
                    }
                    match (first, second) {
                        (Some(first), Some(second)) => Poll::Ready(first + second),
                        _ => Poll::Pending,
                    }
                })
                .await;
                cx.__settle(reply, self.sum);
            }
            Message::Note(n) => self.probe.note(Seen::Note(n)),
        }
        Ok(())
    }

    async fn handle_continue(&mut self, (): (), _: &mut Ctx<Self>) -> Result<(), ExitReason> {
        Ok(())
    }

    async fn handle_down(&mut self, _: Down, _: &mut Ctx<Self>) -> Result<(), ExitReason> {
        self.probe.note(Seen::Down);
        Ok(())
    }

    async fn handle_exit(&mut self, _: Exit, _: &mut Ctx<Self>) -> Result<(), ExitReason> {
        self.probe.note(Seen::Exit);
        Ok(())
    }
}

impl<const ROOM: usize> Drop for Model<ROOM> {
    fn drop(&mut self) {
        self.probe.dropped.store(true, Relaxed);
    }
}

pub(super) async fn yield_once() {
    let mut done = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut done, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
