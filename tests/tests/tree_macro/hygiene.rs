//! Good code stays silent, whatever is in scope.
#![deny(
    unused,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    clippy::pedantic
)]

use crate::servers::soon;

/// Nothing of the standard library is at hand, and its names mean something else.
#[no_implicit_prelude]
mod bare {
    #![allow(dead_code)]

    struct Result;
    struct Option;
    struct Ok;
    struct Err;
    struct Some;
    struct Vec;
    struct Box;
    struct String;
    struct Plan;
    struct Made;
    struct Start;
    struct Slot;
    mod core {}
    mod std {}

    use crate::servers::{Cell, Reader};
    use ::std::clone::Clone as _;

    ::noex::supervisor! {
        /// Names of the macro's own are taken.
        pub(super) struct Bare(plan: u64, slot: u64, arm: u64, r#type: u64) {
            cell: Cell(plan + slot + arm + r#type),
            r#match: Reader(cell.clone()),
            self_: Reader(cell.clone()),
            target: { r#fn: Reader(cell) },
        }
    }

    pub(super) fn spec() -> ::noex::supervisor::Spec {
        let (plan, slot, arm) = (1, 2, 3);
        ::noex::supervisor! { cell: Cell(plan + slot + arm) }
    }
}

#[tokio::test]
async fn names_in_scope_do_not_matter() {
    let bare = soon(bare::Bare::start(1, 2, 3, 4))
        .await
        .expect("it starts");
    assert_eq!(bare.cell().get().await, Ok(10));
    assert_eq!(bare.r#match().read().await, Ok(10));
    assert_eq!(bare.self_().read().await, Ok(10));
    assert_eq!(bare.target().r#fn().read().await, Ok(10));
    let ids: Vec<_> = bare::Bare::tree()
        .children
        .iter()
        .map(|child| child.id)
        .collect();
    assert_eq!(ids, ["cell", "match", "self_", "target"]);
    soon(bare.stop()).await.expect("it stops");
    let spec = bare::spec();
    let tree = soon(noex::supervisor::Supervisor::start(spec))
        .await
        .expect("it starts");
    soon(tree.stop()).await.expect("it stops");
}

/// A tree that a macro writes.
macro_rules! pair {
    ($vis:vis $name:ident, $server:ty, $first:ident = $n:expr, $within:literal) => {
        noex::supervisor! {
            #[tree(intensity = 1 + 1 in std::time::Duration::from_secs($within))]
            $vis struct $name() {
                $first: $server($n),
                second: $server($n + 1),
            }
        }
    };
}

pair!(pub(crate) Pair, crate::servers::Cell, first = 5, 5);

#[tokio::test]
async fn macros_and_functions_may_hold_trees() {
    noex::supervisor! {
        /// Declared in a function.
        struct Local(_unused: u8) {
            pair: Pair(),
        }
    }
    let local = soon(Local::start(0)).await.expect("it starts");
    assert_eq!(local.pair().first().get().await, Ok(5));
    assert_eq!(local.pair().second().get().await, Ok(6));
    soon(local.stop()).await.expect("it stops");
}
