use noex::prelude::*;

pub struct S(u64);

#[gen_server]
impl S {
    #[init]
    pub fn new(n: u64) -> Self {
        Self(n)
    }
    #[call]
    pub fn get(&self) -> u64 {
        self.0
    }
}

pub struct NoServer;

pub struct Other;

#[gen_server]
impl Other {
    #[init]
    pub fn new() -> Self {
        Self
    }
}

supervisor! {
    pub struct App() {
        #[dynamic(max = 10)]
        a: S(1),
        #[dynamic(max = 0)]
        b: S,
        #[dynamic(mx = 10, restart = temprary)]
        c: S,
        #[dynamic]
        d,
        #[dynamic]
        e: 7,
        #[dynamic(max = 10, restart = temporary, intensity = 5 in 30s)]
        f: S,
    }
}

supervisor! {
    pub struct Wrong() {
        #[dynamic]
        a: NoServer,
        #[dynamic]
        b: S,
    }
}

async fn uses(wrong: Wrong) {
    let _ = wrong.b().start_child(S::start(1)).await;
    let _ = wrong.b().start_child(|| S::start(1)).await;
    let _ = wrong.b().start_child(Other::start()).await;
    let _ = wrong.b().start_child(1).await;
}

fn main() {
    let _ = App::start();
    let _ = Wrong::start();
    let _ = async {
        let app = App::start().await.unwrap();
        let _: SRef = app.f().start_child(S::start(1)).await.unwrap();
        (app.a(), app.b(), app.c())
    };
    let _ = uses;
}
