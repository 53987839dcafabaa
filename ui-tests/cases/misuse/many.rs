//! Pools and dynamic supervisors.
#![allow(unused)]

use noex::prelude::*;

struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
}

async fn serve(_: u16) {}

supervisor! {
    pub struct App() {
        #[dynamic(strategy = one_for_one)]
        a: S,
        #[pool(size = 4, restart = transient)]
        b: S(1),
        #[pool(size = 4, auto_shutdown = never)]
        c: S(1),
        #[pool(workers = 4)]
        d: S(1),
        #[child(pool = 4)]
        e: S(1),
        #[child(dynamic)]
        f: S,
        #[dynamic]
        g: [S, Other],
        #[dynamic]
        h: { a: S, b: Other },
        #[dynamic]
        i: task,
        #[pool(size = 4)]
        j: serve(80),
        k: pool(8, S(1)),
        l: dynamic(S),
        m: Dynamic<S>,
        n: Pool<S>,
        pool(3) o: S(1),
        dynamic p: S,
        q: #[child(restart = transient)] S(1),
        r: S(1) #[child(restart = transient)],
    }
}

async fn start(sessions: noex::supervisor::Dynamic<S>, name: String) {
    let _ = sessions.start_child(move || length(name)).await;
}

fn length(name: String) -> noex::Start<S> {
    S::start(name.len() as u64)
}

fn main() {}
