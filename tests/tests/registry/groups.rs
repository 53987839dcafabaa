//! Groups of processes.

use super::actor::{Outcome, actor, inside, kill, on_workers, pid};
use noex::{Groups, Pid, RegisterError};
use std::time::Duration;
use tokio::time::timeout;

#[noex::test]
async fn rg_20_group_membership_counts_joins() -> Outcome {
    let groups = Groups::<String>::new();
    let (a, b) = (actor().await?, actor().await?);
    let members = |group: &str| {
        groups
            .members(group)
            .iter()
            .map(|m| m.pid())
            .collect::<Vec<Pid>>()
    };
    groups.join("g".into(), &a)?;
    groups.join("g".into(), &b)?;
    groups.join("g".into(), &a)?;
    groups.join("h".into(), &a)?;
    let its_groups = groups.clone();
    inside(&b, move |cx| its_groups.join("h".into(), &cx.myself())).await?;
    assert_eq!(members("g"), [pid(&a), pid(&b), pid(&a)]);
    assert_eq!(groups.groups_of(pid(&a)), ["g", "g", "h"]);
    assert_eq!(groups.groups(), ["g", "h"]);
    assert!(groups.leave("g", &a));
    assert_eq!(members("g"), [pid(&b), pid(&a)]);
    assert!(groups.leave("g", &a));
    assert!(!groups.leave("g", &a));
    assert!(!groups.leave("nobody's", &a));
    assert_eq!(
        (members("g"), members("h")),
        (vec![pid(&b)], vec![pid(&a), pid(&b)])
    );
    kill(&b).await?;
    assert_eq!((members("g"), members("h")), (vec![], vec![pid(&a)]));
    assert_eq!(groups.join("g".into(), &b), Err(RegisterError::NotRunning));
    assert_eq!(groups.groups(), ["h"]);
    kill(&a).await?;
    assert_eq!(groups.groups(), Vec::<String>::new());
    Ok(())
}

#[test]
fn rg_20_leaving_races_the_end() {
    on_workers(|| async {
        let groups = Groups::<u32>::new();
        for round in 0..20_000 {
            let a = actor().await?;
            groups.join(1, &a)?;
            let (its_groups, it) = (groups.clone(), a.clone());
            let leaving = tokio::spawn(async move {
                // Joining and leaving, while it ends.
                let joined = its_groups.join(2, &it).is_ok();
                let left = its_groups.leave(&1, &it);
                (joined, left)
            });
            if round % 2 == 0 {
                tokio::task::yield_now().await;
            }
            a.kill();
            timeout(Duration::from_secs(10), a.exited()).await?;
            assert!(groups.groups_of(pid(&a)).is_empty(), "round {round}");
            timeout(Duration::from_secs(10), leaving).await??;
            assert!(groups.members(&1).is_empty(), "round {round}");
            assert!(groups.members(&2).is_empty(), "round {round}");
        }
        assert!(groups.groups().is_empty());
        Ok(())
    });
}
