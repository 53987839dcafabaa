//! What runs beside the applications of a program.
#![cfg(unix)]

use crate::parts::Tested;
use crate::program::Program;

/// It answers before anything is up, and while all of it stops.
#[tokio::test]
async fn it_runs_from_the_start_to_the_end() -> Tested {
    let mut program = Program::start("beside")?;
    program.prints("beside Running").await?;
    program.signal("TERM").await?;
    let rest = program.prints("beside Stopping").await?;
    assert!(!rest.iter().any(|line| line == "app stopped"), "{rest:?}");
    Ok(())
}

#[tokio::test]
async fn its_failure_ends_the_program_with_1() -> Tested {
    for how in ["beside fails", "beside panics"] {
        let program = Program::start(how)?;
        let (code, printed) = program.ends().await?;
        assert_eq!(code, Some(1), "{how}: {printed:?}");
    }
    Ok(())
}
