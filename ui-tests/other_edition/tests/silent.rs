//! It works, too.

use noex_ui_tests_2021::{Sum, SumApi, Sums, Tick, numbers, texts};

#[otp::test(crate = otp)]
async fn servers_of_edition_2021_run() -> anyhow::Result<()> {
    let sum = Sum::start("1".into()).await?;
    sum.send(Tick)?;
    assert_eq!(sum.add("2".into()).await?, 4);
    let api: &dyn SumApi = &sum;
    assert_eq!(api.beside().await?, 4);
    sum.clear()?;
    assert!(sum.add("x".into()).await.is_err());
    otp::Process::stop(&sum).await?;
    let tree = Sums::start(7).await?;
    assert_eq!(tree.first().beside().await?, 7);
    tree.stop().await?;
    let cell = numbers::Cell::start("a", 1).await?;
    assert_eq!(cell.both().await?, ("a", 1));
    otp::Process::stop(&cell).await?;
    let cell = texts::Cell::start(1, "b".into()).await?;
    assert_eq!(cell.both().await?.1, "b");
    otp::Process::stop(&cell).await?;
    Ok(())
}
