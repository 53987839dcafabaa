#[derive(Debug)]
pub struct Cache<K: Ord = u8, const N: usize = 4>(
    K,
)
where
    K: Copy;
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    rustdoc::all,
    unused,
    deprecated,
    missing_docs,
    nonstandard_style,
    non_local_definitions,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
impl<K: Ord, const N: usize> Cache<K, N>
where
    K: Copy,
{
    #[doc(hidden)]
    pub const __NOEX_OPTIONS: ::noex::Options = ::noex::Options {
        mailbox: ::noex::Options::UNBOUNDED,
        shutdown: ::noex::Shutdown::BrutalKill,
        idle: ::core::option::Option::Some(::core::time::Duration::new(60u64, 0u32)),
        name: ::core::option::Option::Some("x"),
        trap_exit: true,
        ..::noex::Options::DEFAULT
    };
}
