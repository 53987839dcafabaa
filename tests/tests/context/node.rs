//! A server whose handler does what its caller says, queued or on the caller's stack.

use noex::Pid;
use noex::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
pub(crate) type Answer = std::result::Result<Seen, CallError>;

/// What a handler does before it answers.
pub(crate) type Work = Pin<Box<dyn Future<Output = Option<Answer>> + Send>>;

/// What the context was, and what the handler's own call brought.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) pid: Pid,
    pub(crate) request: u64,
    pub(crate) deadline: Option<Instant>,
    pub(crate) nested: Option<Box<Answer>>,
}

impl Seen {
    /// What the innermost of the nested calls brought.
    pub(crate) fn innermost(self) -> Answer {
        match self.nested {
            Some(nested) => (*nested).and_then(Seen::innermost),
            None => Ok(self),
        }
    }
}

/// Does nothing.
pub(crate) fn nothing() -> Work {
    Box::pin(async { None })
}

/// Does something whose answer does not matter.
pub(crate) fn first(work: impl Future<Output = ()> + Send + 'static) -> Work {
    Box::pin(async move {
        work.await;
        None
    })
}

macro_rules! node {
    ($name:ident, $inline:ident) => {
        pub(crate) struct $name;

        #[gen_server(inline = $inline)]
        impl $name {
            #[call]
            pub(crate) async fn visit(&mut self, work: Work, cx: &mut Ctx<Self>) -> Seen {
                let (request, deadline) = (cx.request_id(), cx.deadline());
                let nested = work.await.map(Box::new);
                assert_eq!(cx.request_id(), request, "it lasts as long as the handler");
                Seen {
                    pid: cx.pid(),
                    request,
                    deadline,
                    nested,
                }
            }

            #[call(always)]
            pub(crate) async fn visit_always(&mut self, work: Work, cx: &mut Ctx<Self>) -> Seen {
                self.visit(work, cx).await
            }

            #[cast]
            pub(crate) async fn be_busy(&mut self, work: Work) {
                work.await;
            }
        }
    };
}

node!(Queued, never);
node!(Inlined, always);

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Queued(QueuedRef),
    Inlined(InlinedRef),
}

/// One for each way in which a call can be carried out.
pub(crate) const MODES: [bool; 2] = [false, true];

impl Node {
    pub(crate) async fn start(inline: bool) -> Result<Self> {
        Ok(match inline {
            false => Node::Queued(Queued.start().await?),
            true => Node::Inlined(Inlined.start().await?),
        })
    }

    pub(crate) async fn start_as(
        system: &System,
        name: &'static str,
        inline: bool,
    ) -> Result<Self> {
        Ok(match inline {
            false => Node::Queued(Queued.start().name(name).system(system).await?),
            true => Node::Inlined(Inlined.start().name(name).system(system).await?),
        })
    }

    pub(crate) async fn start_many<const N: usize>(inline: bool) -> Result<[Self; N]> {
        let mut nodes = vec![];
        for _ in 0..N {
            nodes.push(Node::start(inline).await?);
        }
        nodes
            .try_into()
            .map_err(|_| "as many as were started".into())
    }

    /// Has the node do this, within the server's own call timeout.
    pub(crate) async fn run(&self, work: Work) -> Answer {
        match self {
            Node::Queued(node) => node.visit(work).await,
            Node::Inlined(node) => node.visit(work).await,
        }
    }

    pub(crate) async fn run_within(&self, limit: Duration, work: Work) -> Answer {
        match self {
            Node::Queued(node) => node.visit(work).timeout(limit).await,
            Node::Inlined(node) => node.visit(work).timeout(limit).await,
        }
    }

    /// The same, as the work of another node.
    pub(crate) fn visit(&self, work: Work) -> Work {
        let node = self.clone();
        Box::pin(async move { Some(node.run(work).await) })
    }

    pub(crate) fn visit_within(&self, limit: Duration, work: Work) -> Work {
        let node = self.clone();
        Box::pin(async move { Some(node.run_within(limit, work).await) })
    }

    pub(crate) fn cast(&self, work: Work) {
        match self {
            Node::Queued(node) => node.be_busy(work).expect("it runs"),
            Node::Inlined(node) => node.be_busy(work).expect("it runs"),
        }
    }

    pub(crate) fn pid(&self) -> Pid {
        match self {
            Node::Queued(node) => node.pid(),
            Node::Inlined(node) => node.pid(),
        }
        .expect("a handle to one process")
    }
}
