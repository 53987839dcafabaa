//! Servers that are told what changes.

use super::actor::{Actor, Many, Outcome, Unique, actor, inside, kill, pid, register, tell};
use noex::RegistryEventKind::{Register, Unregister};
use noex::prelude::*;
use noex::{Pid, RegistryEvent, RegistryEventKind};

type Told = (RegistryEventKind, String, Pid, u32, u64);

struct Listener(Vec<Told>);

#[gen_server(mailbox = 4)]
impl Listener {
    #[info]
    fn told(&mut self, event: RegistryEvent<String, u32>) {
        let (entry, missed) = (&event.entry, event.missed);
        let key = entry.key().clone();
        self.0
            .push((event.kind, key, entry.pid(), *entry.value(), missed));
    }

    /// What it was told since this was asked last.
    #[call]
    fn events(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.0)
    }
}

#[noex::test]
async fn rg_11_listeners_see_every_change() -> Outcome {
    let keys = Unique::unique();
    let (a, b) = (actor().await?, actor().await?);
    register(&a, &keys, "before", 0).await?;
    let listener = Listener(vec![]).start().await?;
    let second = Listener(vec![]).start().await?;
    keys.listen(listener.recipient());
    keys.listen(second.recipient());
    register(&a, &keys, "k", 1).await?;
    assert!(register(&b, &keys, "k", 2).await.is_err());
    let its_keys = keys.clone();
    inside(&a, move |_| its_keys.unregister("k")).await;
    register(&b, &keys, "k", 3).await?;
    let expected = [
        (Register, "k".into(), pid(&a), 1, 0),
        (Unregister, "k".into(), pid(&a), 1, 0),
        (Register, "k".into(), pid(&b), 3, 0),
    ];
    assert_eq!(listener.events().await?, expected);
    assert_eq!(second.events().await?, expected);
    // One who is gone is no hindrance.
    second.stop().await?;
    tell(&b, |_| panic!("as told"));
    b.exited().await;
    assert_eq!(
        listener.events().await?,
        [(Unregister, "k".into(), pid(&b), 3, 0)]
    );
    kill(&a).await?;
    assert_eq!(
        listener.events().await?,
        [(Unregister, "before".into(), pid(&a), 0, 0)]
    );
    listener.stop().await?;
    Ok(())
}

#[noex::test]
async fn rg_11_listeners_learn_what_they_missed() -> Outcome {
    let keys = Many::duplicate();
    let listener = Listener(vec![]).start().await?;
    keys.listen(listener.recipient());
    let a = actor().await?;
    let its_keys = keys.clone();
    listener.suspend();
    inside(&a, move |_| {
        for n in 0..10 {
            its_keys.register("k".into(), n).expect("it lives");
        }
    })
    .await;
    listener.resume();
    let told = listener.events().await?;
    assert_eq!(told.iter().map(|e| e.3).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let its_keys = keys.clone();
    inside(&a, move |_| its_keys.register("l".into(), 10)).await?;
    assert_eq!(
        listener.events().await?,
        [(Register, "l".into(), pid(&a), 10, 6)]
    );
    kill(&a).await?;
    listener.stop().await?;
    Ok(())
}

#[noex::test]
async fn rg_11_starts_under_a_key_are_told() -> Outcome {
    let keys = Unique::unique();
    let listener = Listener(vec![]).start().await?;
    keys.listen(listener.recipient());
    let a = Actor.start().via(&keys, "k".into(), 1).await?;
    assert_eq!(
        listener.events().await?,
        [(Register, "k".into(), pid(&a), 1, 0)]
    );
    kill(&a).await?;
    assert_eq!(listener.events().await?.len(), 1);
    listener.stop().await?;
    Ok(())
}
