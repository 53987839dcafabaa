//! The expression form, specs as children, and trees as children of specs.

use crate::servers::{Cell, CellRef, Reader, replaced, soon};
use noex::prelude::*;
use noex::supervisor::{Spec, Strategy, Supervisor};
use noex::{ChildSpec, Restart};
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn an_expression_is_a_spec() {
    let spec = supervisor! { a: Cell(1), b: Cell(2) };
    assert_eq!(spec.strategy, Strategy::OneForOne);
    assert_eq!(spec.children.len(), 2);
    let tree = soon(Supervisor::start(spec)).await.expect("it starts");
    assert_eq!(tree.children().await.expect("it runs").len(), 2);
    soon(tree.stop()).await.expect("it stops");
}

#[tokio::test]
async fn children_of_an_expression_share_what_is_around_it() {
    let seen: Arc<Mutex<Vec<u64>>> = Arc::default();
    let base = String::from("12");
    let spec = {
        let seen = seen.clone();
        let report = move |n: u64| {
            seen.lock().expect("nobody panics here").push(n);
            n
        };
        supervisor! {
            #![tree(strategy = one_for_all, intensity = 10 in 5s)]
            #[child(name = "forms/cell")]
            cell: Cell(report(base[..1].parse()?)),
            inner: {
                #[child(name = "forms/reader")]
                reader: Reader(cell),
                other: Cell(report(base[1..].parse()?)),
            },
        }
    };
    assert_eq!(spec.strategy, Strategy::OneForAll);
    let tree = soon(Supervisor::start(spec)).await.expect("it starts");
    let reader = Reader::named("forms/reader");
    assert_eq!(reader.read().await, Ok(1));
    let old = reader.pid();
    Cell::named("forms/cell").crash().expect("it runs");
    replaced(old, || reader.pid()).await;
    assert_eq!(soon(reader.read()).await, Ok(1));
    soon(tree.stop()).await.expect("it stops");
    assert_eq!(*seen.lock().expect("nobody panics here"), [1, 2, 1, 2]);
}

fn old_spec(n: u64) -> Result<ChildSpec, std::num::TryFromIntError> {
    let n = u64::from(u8::try_from(n)?);
    Ok(Cell::child_spec(n).restart(Restart::Temporary))
}

supervisor! {
    struct Legacy(n: u64) {
        old: Ref<Cell> = old_spec(*n)?,
        #[child(restart = permanent)]
        renewed: CellRef = Cell::child_spec(n + 1),
        reader: Reader(renewed),
    }
}

#[tokio::test]
async fn a_child_may_be_a_spec() {
    let tree = soon(Legacy::start(1)).await.expect("it starts");
    assert_eq!(tree.old().get().await, Ok(1));
    assert_eq!(tree.reader().read().await, Ok(2));
    let renewed = tree.renewed();
    let old = renewed.pid();
    renewed.crash().expect("it runs");
    replaced(old, || renewed.pid()).await;
    assert_eq!(soon(tree.reader().read()).await, Ok(2));
    let ids: Vec<_> = tree
        .children()
        .await
        .expect("it runs")
        .into_iter()
        .map(|c| c.id)
        .collect();
    assert_eq!(ids, ["old", "renewed", "reader"]);
    soon(tree.stop()).await.expect("it stops");
}

#[tokio::test]
async fn a_spec_that_fails_is_a_failure_to_start() {
    let error = soon(Legacy::start(256)).await.expect_err("it does not fit");
    assert!(matches!(error, StartError::Failed(_)), "{error:?}");
    let result = soon(Supervisor::start(
        supervisor! { old: Ref<Cell> = old_spec(256)? },
    ))
    .await;
    assert!(result.is_err());
}

#[tokio::test]
async fn a_tree_may_be_a_child_of_a_spec() {
    let spec = Spec::new("hand")
        .child(Legacy::child_spec(5).id("left"))
        .child(Legacy::child_spec(6).id("right"));
    let tree = soon(Supervisor::start(spec)).await.expect("it starts");
    let children = tree.children().await.expect("it runs");
    assert!(children.iter().all(|child| child.is_supervisor));
    soon(tree.stop()).await.expect("it stops");
}

#[tokio::test]
async fn a_tree_has_a_name_like_any_process() {
    let tree = soon(Legacy::start(1).name("forms/legacy"))
        .await
        .expect("it starts");
    assert_eq!(tree.name().expect("it has one").to_string(), "forms/legacy");
    soon(tree.stop()).await.expect("it stops");
}
