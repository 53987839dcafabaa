use noex::prelude::*;

mod store {
    use noex::prelude::*;

    pub struct Db(u64);

    #[gen_server]
    impl Db {
        #[init]
        fn new(n: u64) -> Self {
            Self(n)
        }
        #[call]
        pub fn get(&self) -> u64 {
            self.0
        }
    }
}

supervisor! {
    pub struct App() {
        db: store::Db(1),
    }
}

fn main() {
    let _ = App::start();
}
