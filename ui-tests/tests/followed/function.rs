//! `cases/function`

mod one {
    #[noex::main(flavor = current_thread)]
    async fn main() {
        println!("it runs");
    }
}

mod two {
    #[noex::main(workers = 1, flavor = multi_thread)]
    async fn main() {}
}

mod three {
    #[noex::main]
    async fn main() {}

    #[tokio::main]
    async fn by_tokio() {}
}

mod four {
    #[noex::main(workers = 4)]
    async fn main() {
        println!("{:?}", std::env::args());
    }

    #[noex::main(workers = 2)]
    async fn other() {}
}

mod tests {
    #[noex::test(workers = 4)]
    async fn on_four_threads() {}

    #[noex::test(paused)]
    async fn in_paused_time() {}
}
