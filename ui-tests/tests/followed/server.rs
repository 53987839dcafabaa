//! `cases/server`

use noex::prelude::*;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

trait Trait {}

struct MyMessage;

/// What another library calls handlers is called so here.
struct Words;

#[gen_server(mailbox = 1024, shutdown = brutal_kill, idle = 30s, trap_exit = true)]
impl Words {
    #[init]
    fn new() -> Self {
        Self
    }
    #[call]
    fn f(&mut self, more: u8, cx: &mut Ctx<Self>, reason: ExitReason) -> u8 {
        if more == 0 {
            cx.stop(reason);
        }
        // SAFETY: the bytes are ASCII.
        let text = unsafe { std::str::from_utf8_unchecked(b"1") };
        text.len() as u8
    }
    #[continuation]
    fn step(&mut self) {}
    #[info]
    fn a(&mut self, message: MyMessage) {
        let _ = message;
    }
    #[info(down)]
    fn c(&mut self, down: Down) {
        drop(down);
    }
    #[info(exit)]
    fn d(&mut self, exit: Exit) {
        drop(exit);
    }
    #[info(idle)]
    fn e(&mut self) {}
    #[terminate]
    fn f_(&mut self, why: &ExitReason, cx: &mut Ctx<Self>) {
        let _ = (why, cx.pid());
    }
    const fn plain() -> u8 {
        1
    }
    #[status]
    fn show(&self) -> impl serde::Serialize {
        Self::plain()
    }
}

struct Renamed;

#[gen_server(message = Sth)]
impl Renamed {}

struct Logged;

#[gen_server(log_calls)]
impl Logged {}

mod terminate {
    use noex::prelude::*;
    use serde::Serialize;

    struct MyMessage;

    pub(super) struct Other;

    #[gen_server(call_timeout = 5s, init_timeout = 5min)]
    impl Other {
        #[info]
        fn b(&mut self, message: MyMessage) {
            let _ = message;
        }
        #[terminate]
        fn f(&mut self, why: &ExitReason, cx: &mut Ctx<Self>) {
            let _ = (why, cx.pid());
        }
        #[status]
        fn show(&self) -> impl Serialize {
            1
        }
    }
}

struct Arguments;

#[gen_server]
impl Arguments {
    #[call(timeout = 5s)]
    fn owned(&self, a: String, b: Vec<u8>, c: PathBuf, d: i64, e: Box<dyn Send>) -> usize {
        drop((b, c, d, e));
        a.len()
    }
    #[call(timeout = 500ms)]
    fn boxed(&self, of: Box<dyn Trait + Send>) -> Box<dyn Trait + Send> {
        of
    }
    #[call(timeout = Duration::from_secs(5))]
    fn owns(&self, text: Cow<'static, str>) -> Option<i64> {
        text.parse().ok()
    }
    #[call]
    fn shared(&self) -> std::sync::Arc<i64> {
        Arc::new(1)
    }
    #[call]
    fn collected(&self) -> Vec<i64> {
        vec![1]
    }
    #[call(deferred)]
    fn later(&mut self, n: u8, reply: Reply<u8>) {
        reply.send(n);
    }
    #[cfg(unix)]
    #[call]
    fn os(&self) -> i64 {
        1
    }
    #[cfg(not(unix))]
    #[call]
    fn os(&self) -> i64 {
        2
    }
    #[cast]
    fn told(&mut self) {}
    #[call(name = start)]
    fn begin(&self) -> String {
        String::new()
    }
    #[call(always, timeout = 1.5s)]
    fn odd(&self) {}
    #[call(timeout = 2m)]
    fn m(&self) {}
    #[call(timeout = 1.5ms)]
    fn n(&self) {}
    #[call(timeout = 1000s)]
    fn o(&self) {}
    #[call(timeout = 1000ms)]
    fn p(&self) {}
    #[call(timeout = 5ms)]
    fn q(&self) {}
    #[call(timeout = 18446744073709551615s)]
    fn r(&self) {}
}

mod deferred {
    use noex::prelude::*;

    struct S<T>(Vec<Reply<T>>)
    where
        T: Send + 'static;

    #[gen_server]
    impl<T: Send + 'static> S<T> {
        #[call(deferred)]
        fn f(&mut self, _n: u8, reply: Reply<T>) {
            self.0.push(reply);
        }
    }
}

mod spawned {
    use noex::prelude::*;

    pub(super) struct S<T>(T);

    #[gen_server]
    impl<T: Clone + Send + 'static> S<T> {
        #[call(spawn)]
        fn a(&self, it: T) -> impl Future<Output = T> + Send + 'static {
            async move { it }
        }
        #[call(spawn)]
        fn b(&self, _n: u8) -> impl Future<Output = T> + Send + 'static {
            std::future::ready(self.0.clone())
        }
        #[call(spawn)]
        fn c(&self, _n: u8) -> impl Future<Output = T> + Send + 'static {
            std::future::ready(self.0.clone())
        }
    }
}

mod casts {
    use noex::prelude::*;

    struct MyServer(&'static str);

    #[gen_server(restart = permanent)]
    impl MyServer {
        #[cast(name = start)]
        fn begin(&mut self) {}
    }
}

mod inherent {
    use noex::prelude::*;

    struct S;

    impl Clone for S {
        fn clone(&self) -> Self {
            S
        }
    }

    #[gen_server]
    impl S {
        #[call]
        fn get(&self) -> u8 {
            1
        }
    }
}

/// A type without a name gets one.
mod nameless {
    use noex::prelude::*;

    struct S;

    struct Server((S, S));

    #[gen_server(message = MyMessage)]
    impl Server {}
}

/// How long a server may take to end is said of the server.
mod ending {
    use noex::prelude::*;

    struct S;

    #[gen_server(shutdown = 1s)]
    impl S {
        #[terminate]
        fn bye(&mut self) {}
    }
}
