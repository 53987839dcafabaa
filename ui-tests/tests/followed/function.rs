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
