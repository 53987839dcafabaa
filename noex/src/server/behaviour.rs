//! A server as a process: what the process layer runs.

use super::ctx::IDLE;
use super::init::Inner;
use super::{Ctx, GenServer, Init};
use crate::error::StartError;
use crate::process::{Behaviour, Doing, ExitReason, Flow, Notice, Now, contain, dispose};
use crate::status::Status;
use std::any::Any;
use std::collections::VecDeque;
use std::future::Future;

pub(super) struct Host<S: GenServer> {
    state: S,
    cx: Ctx<S>,
}

impl<S: GenServer> Host<S> {
    pub(super) fn new(init: Init<S>, mut cx: Ctx<S>) -> Result<Self, StartError> {
        match init.0 {
            Inner::Ready(state, steps) => {
                if !steps.is_empty() {
                    let asked = std::mem::take(&mut cx.rare().steps);
                    cx.rare().steps = VecDeque::from(steps);
                    cx.rare().steps.extend(asked);
                }
                Ok(Host { state, cx })
            }
            Inner::Ignore => Err(StartError::Ignored),
        }
    }

    fn doing(&self, doing: Doing) {
        self.cx.cell.head.activity.set(doing);
    }

    /// What follows a callback: its failure, the stop it asked for, or the steps it asked for.
    #[inline]
    async fn after(&mut self, outcome: Result<(), ExitReason>) -> Flow {
        let mut outcome = outcome;
        loop {
            if let Some(reason) = self.cx.stop.take() {
                return Flow::Stop(outcome.err().unwrap_or(*reason));
            }
            if let Err(reason) = outcome {
                return Flow::Stop(reason);
            }
            let step = self.cx.rare.as_mut().and_then(|r| r.steps.pop_front());
            let Some(step) = step else { return Flow::Go };
            self.doing(Doing::CONTINUATION);
            outcome = self.state.handle_continue(step, &mut self.cx).await;
        }
    }
}

impl<S: GenServer> Behaviour for Host<S> {
    type Message = S::Message;

    fn handler_index(message: &S::Message) -> usize {
        S::handler_index(message)
    }

    fn state(&mut self) -> &mut dyn Any {
        &mut self.state
    }

    fn status(&self) -> Option<Status> {
        self.state.status()
    }

    async fn started(&mut self) -> Flow {
        self.after(Ok(())).await
    }

    #[inline]
    fn handle_now(&mut self, message: S::Message) -> Now<S::Message> {
        if S::OPTIONS.idle.is_some() {
            self.cx.not_idle();
        }
        self.state.handle_now(message, &mut self.cx)
    }

    #[inline]
    fn handle(&mut self, message: S::Message) -> impl Future<Output = Result<(), ExitReason>> {
        self.state.handle(message, &mut self.cx)
    }

    #[inline]
    fn is_settled(&mut self) -> bool {
        self.cx.clear_context();
        self.cx.stop.is_none() && self.cx.rare.is_none()
    }

    async fn settle(&mut self, outcome: Result<(), ExitReason>) -> Flow {
        self.cx.clear_context();
        self.after(outcome).await
    }

    async fn notice(&mut self, notice: Notice) -> Flow {
        let outcome = match notice {
            Notice::Down(down) => self.state.handle_down(down, &mut self.cx).await,
            Notice::Exit(exit) => self.state.handle_exit(exit, &mut self.cx).await,
            Notice::Timer(IDLE) => match self.cx.is_idle() {
                true => {
                    self.doing(Doing::IDLE);
                    self.state.handle_idle(&mut self.cx).await
                }
                false => Ok(()),
            },
            Notice::Timer(timer) => match self.cx.take_due(timer) {
                Some(message) => {
                    self.doing(Doing::handler(S::handler_index(&message)));
                    let outcome = match self.handle_now(message) {
                        Now::Done(outcome) => outcome,
                        Now::Await(message) => self.handle(message).await,
                    };
                    self.cx.clear_context();
                    outcome
                }
                None => Ok(()),
            },
            // Only supervisors have children.
            Notice::Child(_) => Ok(()),
        };
        self.after(outcome).await
    }

    async fn terminate(&mut self, reason: &ExitReason) -> Result<(), ExitReason> {
        // A handler that panicked has left the context of its call, whose deadline is none of ours.
        self.cx.clear_context();
        let outcome = self.state.terminate(reason, &mut self.cx).await;
        let words = self
            .cx
            .rare
            .as_mut()
            .map(|r| std::mem::take(&mut r.last_words));
        for word in words.into_iter().flatten() {
            let _ = contain(word);
        }
        outcome
    }

    fn about_to_sleep(&mut self) {
        self.cx.about_to_sleep();
    }

    fn dismantle(self) -> Result<(), ExitReason> {
        let dropped = dispose(self.state);
        // Its timers and tasks go next.
        let _ = dispose(self.cx);
        dropped
    }
}
