//! The tree of the production guide.

use noex::prelude::*;

macro_rules! part {
    ($name:ident) => {
        struct $name;

        #[gen_server]
        impl $name {
            #[init]
            fn new() -> Self {
                Self
            }

            #[call]
            fn ping(&self) {}
        }
    };
}

part!(Config);
part!(Database);
part!(Cache);
part!(Email);
part!(Pdf);
part!(Notification);

async fn api() {
    noex::stopping().await;
}

supervisor! {
    #[tree(intensity = 5 in 60s)]
    struct App {
        #[tree(strategy = rest_for_one)]
        core: {
            #[child(name = "guide/config")]
            config: Config(),
            #[child(name = "guide/database", shutdown = 30s)]
            database: Database(),
            #[child(name = "guide/cache", shutdown = 5s)]
            cache: Cache(),
        },
        #[tree(intensity = 20 in 60s)]
        workers: {
            email: Email(),
            pdf: Pdf(),
            notification: Notification(),
        },
        #[child(shutdown = 10s)]
        api: task(api()),
    }
}

#[tokio::test]
async fn it_starts_and_stops() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start().await?;
    app.core().database().ping().await?;
    app.workers().pdf().ping().await?;
    let ready = ["guide/config", "guide/database", "guide/cache"];
    let registry = System::current();
    assert!(
        ready
            .iter()
            .all(|n| registry.registry().whereis(n).is_some())
    );
    app.stop().await?;
    assert!(
        ready
            .iter()
            .all(|n| registry.registry().whereis(n).is_none())
    );
    Ok(())
}
