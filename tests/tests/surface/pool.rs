//! A database front whose queries run in parallel.

use noex::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

#[derive(Debug, PartialEq)]
struct DbError;

impl std::fmt::Display for DbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the database said no")
    }
}

struct Database {
    connections: Arc<Semaphore>,
}

#[gen_server]
impl Database {
    #[init]
    fn connect(most: usize) -> Self {
        Self {
            connections: Arc::new(Semaphore::new(most)),
        }
    }

    /// Runs a query.
    #[call(spawn)]
    pub fn query(
        &self,
        sql: String,
    ) -> impl Future<Output = Result<usize, DbError>> + Send + 'static {
        let connections = self.connections.clone();
        async move {
            let _connection = connections.acquire().await.map_err(|_| DbError)?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            if sql.is_empty() {
                Err(DbError)
            } else {
                Ok(sql.len())
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn queries_run_side_by_side() -> Result<(), Box<dyn std::error::Error>> {
    let db = Database::start(2).await?;
    let start = tokio::time::Instant::now();
    let (a, b, c) = tokio::join!(
        db.query("select 1".into()),
        db.query(String::new()),
        db.query("x".into())
    );
    assert_eq!((a, b, c), (Ok(8), Err(CallError::Failed(DbError)), Ok(1)));
    assert!((2..3).contains(&start.elapsed().as_secs()));
    let running = db.query("select 2".into()).send()?;
    db.kill();
    assert_eq!(running.await, Err(CallError::Exited(ExitReason::Killed)));
    Ok(())
}
