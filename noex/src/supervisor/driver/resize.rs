//! Changes of the number of partitions in use.

use super::Driver;
use crate::Reply;
use crate::process::Flow;
use crate::supervisor::core::{Event, Key, Status};
use crate::supervisor::handle::ChildError;
use crate::supervisor::request::Owed;

/// A change that is under way.
#[derive(Debug)]
pub(super) struct Resize {
    to: usize,
    /// How many answers are to come.
    left: usize,
    failed: Option<ChildError>,
    reply: Reply<(), ChildError>,
}

impl Driver {
    pub(super) fn resize(&mut self, to: usize, reply: Reply<(), ChildError>) -> Flow {
        let keys: Vec<Key> = self.core.keys().collect();
        if self.resize.is_some() {
            reply.fail(ChildError::Resizing);
            return Flow::Go;
        }
        if to == 0 || to > keys.len() {
            reply.fail(ChildError::OutOfRange { most: keys.len() });
            return Flow::Go;
        }
        let (kept, dropped) = keys.split_at(to);
        let is_stopped = |key: &Key| self.core.status(*key) == Some(Status::Stopped);
        let missing: Vec<Key> = kept.iter().copied().filter(is_stopped).collect();
        // Nobody is to be sent to those that are being stopped.
        self.slot.set_open(to.min(self.slot.open().len()));
        self.resize = Some(Resize {
            to,
            left: dropped.len() + missing.len(),
            failed: None,
            reply,
        });
        for key in dropped.iter().rev() {
            let ticket = self.tickets.issue(Owed::Resized(*key));
            if let Flow::Stop(reason) = self.feed(Event::Terminate(*key, ticket)) {
                return Flow::Stop(reason);
            }
        }
        for key in missing {
            let ticket = self.tickets.issue(Owed::Resized(key));
            if let Flow::Stop(reason) = self.feed(Event::Restart(key, ticket)) {
                return Flow::Stop(reason);
            }
        }
        self.finish_resize();
        Flow::Go
    }

    /// One of its parts is done, or refused.
    pub(super) fn resized(&mut self, failed: Option<ChildError>) {
        if let Some(resize) = &mut self.resize {
            resize.left -= 1;
            resize.failed = resize.failed.take().or(failed);
            self.finish_resize();
        }
    }

    fn finish_resize(&mut self) {
        let Some(Resize {
            to, failed, reply, ..
        }) = self.resize.take_if(|it| it.left == 0)
        else {
            return;
        };
        let stopped = |key: Key| self.core.status(key) == Some(Status::Stopped);
        let open = self.core.keys().take(to).position(stopped).unwrap_or(to);
        self.slot.set_open(open);
        reply.complete(failed.map_or(Ok(()), Err));
    }
}
