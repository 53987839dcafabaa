//! What is asked of whole registries.

use super::actor::{Actor, ActorRef, Many, Outcome, Unique, actor, inside, kill, pid};
use super::actor::{register, register_many};
use noex::KeyRegistry;

/// A number that looks random.
fn scrambled(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// What is registered, kept by hand: owner, key and value in the order of their coming.
type Model = Vec<(usize, String, u32)>;

fn agree(keys: &Many, model: &Model, actors: &[ActorRef]) {
    let entry =
        |(owner, key, value): &(usize, String, u32)| (pid(&actors[*owner]), key.clone(), *value);
    let expected: Vec<_> = model.iter().map(entry).collect();
    let found = keys.select(|e| Some((e.pid(), e.key().clone(), *e.value())));
    assert_eq!(found, expected);
    assert_eq!(keys.count(), expected.len());
    let odd = keys.select(|e| (e.value() % 2 == 1).then(|| *e.value()));
    let expected_odd: Vec<_> = model.iter().map(|e| e.2).filter(|n| n % 2 == 1).collect();
    assert_eq!(odd, expected_odd);
    for (number, actor) in actors.iter().enumerate() {
        let mine = model.iter().filter(|e| e.0 == number);
        let expected: Vec<_> = mine.clone().map(|e| e.1.clone()).collect();
        assert_eq!(keys.keys(pid(actor)), expected);
        for key in ["a", "A", "b"] {
            let expected: Vec<_> = mine.clone().filter(|e| e.1 == key).map(|e| e.2).collect();
            assert_eq!(keys.values(key, pid(actor)), expected);
        }
    }
    for key in ["a", "A", "b"] {
        let expected: Vec<_> = model.iter().filter(|e| e.1 == key).map(|e| e.2).collect();
        let found: Vec<_> = keys.lookup(key).iter().map(|e| *e.value()).collect();
        assert_eq!(found, expected);
    }
}

#[noex::test]
async fn rg_14_queries_agree_with_registrations() -> Outcome {
    let keys = Many::duplicate();
    let mut model = Model::new();
    let mut actors = [actor().await?, actor().await?, actor().await?];
    for n in 0..600 {
        let random = scrambled(n);
        let owner = (random % 3) as usize;
        let key = ["a", "A", "b"][(random >> 8) as usize % 3];
        let actor = &actors[owner];
        match (random >> 16) % 16 {
            0 => {
                kill(actor).await?;
                model.retain(|e| e.0 != owner);
                actors[owner] = Actor.start().await?;
            }
            1..5 => {
                let keys = keys.clone();
                let gone = inside(actor, move |_| keys.unregister(key)).await;
                let before = model.len();
                model.retain(|e| e.0 != owner || e.1 != key);
                assert_eq!(gone, before - model.len());
            }
            _ => {
                let value = (random >> 32) as u32;
                register_many(actor, &keys, key, value).await;
                model.push((owner, key.to_owned(), value));
            }
        }
        agree(&keys, &model, &actors);
    }
    for actor in &actors {
        kill(actor).await?;
    }
    assert_eq!(keys.count(), 0);
    Ok(())
}

/// Keys are any type, equal or not as its `Eq` says.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Seat {
    Row(u32, u32),
    Box(u32),
}

#[noex::test]
async fn keys_may_be_of_any_type() -> Outcome {
    let seats = KeyRegistry::<Seat, &str>::unique();
    let a = Actor.start().via(&seats, Seat::Row(1, 2), "ann").await?;
    let b = Actor.start().via(&seats, Seat::Box(1), "bob").await?;
    let who = |seat| seats.lookup(&seat).map(|e| (e.pid(), *e.value()));
    assert_eq!(who(Seat::Row(1, 2)), Some((pid(&a), "ann")));
    assert_eq!(who(Seat::Box(1)), Some((pid(&b), "bob")));
    assert_eq!(who(Seat::Row(1, 1)), None);
    kill(&a).await?;
    kill(&b).await
}

#[noex::test]
async fn patterns_find_keys() -> Outcome {
    let keys = Unique::unique();
    let a = actor().await?;
    for (value, key) in ["user/1", "user/22", "user/1/mail", "room/1"]
        .into_iter()
        .enumerate()
    {
        register(&a, &keys, key, value as u32).await?;
    }
    let found = |pattern| {
        let entries = keys.matching(pattern);
        entries.iter().map(|e| *e.value()).collect::<Vec<_>>()
    };
    assert_eq!(found("user/*"), [0, 1]);
    assert_eq!(found("user/**"), [0, 1, 2]);
    assert_eq!(found("*/?"), [0, 3]);
    assert_eq!(found("room/1"), [3]);
    assert!(found("user").is_empty());
    kill(&a).await
}
