#[ignore]
#[::core::prelude::v1::test]
fn works() -> Result<(), E> {
    async fn works() -> Result<(), E> {
        work().await
    }
    ::noex::__private::run_test(
        ::noex::__private::TestOptions {
            workers: ::core::option::Option::None,
            paused: ::core::option::Option::Some(::noex::__private::PAUSED),
        },
        works(),
    )
}
mod main {
    #[ignore]
    fn works() -> Result<(), E> {
        async fn works() -> Result<(), E> {
            work().await
        }
        ::noex::__private::block_on_main(
            ::noex::__private::MainOptions {
                workers: ::core::option::Option::Some(2),
                current_thread: false,
            },
            works(),
        )
    }
}
