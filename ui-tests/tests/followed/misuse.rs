//! `cases/misuse`

use noex::prelude::*;
use std::sync::Arc;
use std::time::Duration;

pub struct S;

#[gen_server(
    name = "visits",
    mailbox = unbounded,
    restart = permanent,
    shutdown = brutal_kill,
    message = Told,
    api = Api,
    call_timeout = 30s,
    init_timeout = 5s,
)]
impl S {
    #[init]
    fn new() -> Result<Self, String> {
        Ok(S)
    }
    #[call]
    pub async fn f(&self) -> u8 {
        1
    }
    #[call(spawn)]
    fn spawned(&self, of: Vec<u8>) -> impl Future<Output = usize> + Send + 'static {
        async move { of.len() }
    }
    #[call(name = x)]
    fn context(&mut self, cx: &mut Ctx<Self>) -> u64 {
        cx.request_id()
    }
    #[call(timeout = 5s)]
    fn stops(&self, cx: &mut Ctx<Self>, reason: ExitReason) {
        cx.stop(reason);
    }
    #[call(deferred)]
    fn deferred(&self, reply: Reply<u8>) {
        reply.send(1);
    }
    #[call]
    fn fallible(&self) -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
        Ok(1)
    }
    #[cast]
    fn run(&mut self, job: Box<dyn FnOnce() + Send>) {
        job();
    }
    #[call]
    fn shared(&self, of: Arc<u8>) -> Vec<std::sync::Arc<u8>> {
        vec![of]
    }
    #[info(down)]
    fn gone(&mut self, down: Down) {
        drop(down);
    }
    #[terminate]
    fn bye(&mut self, why: &ExitReason) {
        let _ = why;
    }
}

struct Made;

#[gen_server(mailbox = 1024, overflow = drop_oldest, restart = temporary, idle = 30s)]
impl Made {
    #[init]
    async fn new() -> Self {
        Self
    }
    #[info(idle)]
    fn idle(&mut self) {}
}

struct Five;

#[gen_server(mailbox = 5, call_timeout = 500ms, init_timeout = Duration::from_secs(5), shutdown = 2m)]
impl Five {}

struct G<T>(T);

#[gen_server]
impl<T: Clone + Send + 'static> G<T> {
    #[call]
    fn get(&self) -> T {
        self.0.clone()
    }
}

struct P<K, V>(K, V);

#[gen_server]
impl<K: Send + 'static, V: Ord + Send + 'static> P<K, V> {}

supervisor! {
    #[tree(strategy = one_for_one)]
    struct Shop() {
        #[child(name = "b")]
        b: Server(1),
        c: S(),
        d: Ref<S> = S::child_spec(),
    }
}

supervisor! {
    #[tree(strategy = one_for_all, intensity = 3 in 5s)]
    pub struct Head() {
        #[child(shutdown = 5s)]
        #[dynamic(max = 10_000)]
        a: S,
        #[pool(size = 4)]
        d: S(),
        inner: { #![tree(strategy = one_for_one)] e: S() },
    }
}

supervisor! {
    #[tree(strategy = one_for_all)]
    struct All() { a: S() }
}

mod empty {
    noex::supervisor! {
        pub struct Shop() {
            a: super::S(),
        }
    }
}

struct Server(u8);

#[gen_server]
impl Server {
    #[init]
    fn new(n: u8) -> Self {
        Self(n)
    }
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

/// What another crate has made.
mod wrapped {
    use noex::prelude::*;

    struct Server(Vec<u8>);

    #[gen_server(init_timeout = 5s)]
    impl Server {
        #[call]
        fn first(&mut self, name: String, bytes: Vec<u8>) -> String {
            name
        }
        #[cast]
        fn run(&mut self, job: Box<dyn FnOnce() + 'static + Send>) {
            job();
        }
    }

    mod listener {
        struct Server(std::net::TcpListener);

        #[noex::gen_server]
        impl Server {}
    }

    mod number {
        struct Server(u64);

        #[noex::gen_server]
        impl Server {}
    }
}

/// What others do in other ways.
struct Elsewhere {
    lasting: &'static str,
}

struct Tick;

#[gen_server]
impl Elsewhere {
    #[info]
    fn tick(&mut self, tick: Tick) {
        let _ = tick;
    }
}

supervisor! {
    struct ByHand() { c: Ref<Server> = Server::child_spec(1) }
}

/// What the last argument of a deferred call is.
struct Deferring<T>(T);

#[gen_server]
impl<T: Send + 'static> Deferring<T> {
    #[call(deferred)]
    fn plain(&mut self, id: T, reply: Reply<T>) {
        reply.send(id);
    }
    #[call(deferred)]
    fn own(&mut self, id: T, reply: Reply<T>) {
        reply.send(id);
    }
    #[call(deferred)]
    fn channel(&mut self, id: T, reply: Reply<T>) {
        reply.send(id);
    }
}

struct Plain;

#[gen_server(call_timeout = std::time::Duration::MAX, crate = noex)]
impl Plain {
    #[call]
    fn unnamed(&self, _value: u8, by: u8) -> u8 {
        by
    }
    #[info(exit)]
    fn left(&mut self, exit: Exit) {
        drop(exit);
    }
}

struct Ticking;

#[gen_server(shutdown = 5s)]
impl Ticking {
    #[info]
    fn tick(&mut self, message: Tick) {
        let _ = message;
    }
    #[terminate]
    fn bye(&mut self) {}
}

supervisor! {
    #[tree(intensity = 3 in 5s)]
    struct Bearing() { a: Ticking(Ticking) }
}

/// The parameters of a type stand on the block, and nothing else.
mod parameters {
    use noex::prelude::*;
    use std::collections::BTreeMap;

    struct Left<K: Ord, V, const N: usize>(BTreeMap<K, V>, [u8; N]);

    #[gen_server]
    impl<K: Ord + Send + 'static, V: Send + 'static, const N: usize> Left<K, V, N> {
        #[call]
        fn len(&self) -> usize {
            self.0.len()
        }
    }

    struct Bare<T>(T);

    #[gen_server]
    impl<T: Clone + Send + 'static> Bare<T> {
        #[call]
        fn get(&self) -> T {
            self.0.clone()
        }
    }

    struct Twice<T>(T);

    struct Server(Twice<u16>);

    #[gen_server(api = Api)]
    impl Server {
        #[call]
        pub fn get(&self) -> u16 {
            self.0.0
        }
    }

    struct MyServer;

    #[gen_server]
    impl MyServer {
        #[call]
        fn get(&self) -> u8 {
            1
        }
    }

    #[noex::test]
    async fn f() {
        let server = MyServer.start().await.expect("it starts");
        assert_eq!(server.get().await, Ok(1));
        Process::stop(&server).await.expect("it stops");
    }
}
