#[noex::main]
#[tokio::main]
async fn main() {}

mod reversed {
    #[tokio::main]
    #[noex::main]
    async fn main() {}
}
