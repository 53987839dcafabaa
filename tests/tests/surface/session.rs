//! A session that ends when nobody has used it for a while.

use noex::prelude::*;
use std::time::Duration;

struct Session {
    user: String,
}

#[gen_server(idle = 30s, restart = temporary)]
impl Session {
    #[init]
    fn new(user: String) -> Self {
        Self { user }
    }

    #[call]
    fn user(&self) -> String {
        self.user.clone()
    }

    #[info(idle)]
    fn expired(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

#[tokio::test(start_paused = true)]
async fn it_expires_when_unused() -> Result<(), Box<dyn std::error::Error>> {
    let session = Session::start("ann".into()).await?;
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert_eq!(session.user().await?, "ann");
    }
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert!(!session.is_alive());
    assert_eq!(session.exited().await, ExitReason::Normal);
    Ok(())
}
