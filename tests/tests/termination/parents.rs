//! Parents: supervisors end their children; those who merely started a process are linked at most.

use super::patient::{Last, Patient, PatientRef, Wills, because};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor, TreeHandle};
use std::error::Error;

/// Starts a patient linked to itself.
#[derive(Default)]
struct Starter;

#[gen_server]
impl Starter {
    #[call]
    async fn start_linked(&mut self, wills: Wills) -> Result<PatientRef, StartError> {
        Patient::start_link(wills, Last::Nothing).await
    }
}

/// A supervisor of one patient, and the patient.
async fn tree(wills: &Wills, trap_exit: bool) -> Result<(TreeHandle, PatientRef), Box<dyn Error>> {
    let wills = wills.clone();
    let child = noex::ChildSpec::new("patient", move || {
        Patient::start(wills.clone(), Last::Nothing)
    });
    let spec = Spec::new("parents").child(child.name("patient"));
    let tree = Supervisor::start(spec).await?;
    let patient = Patient::named("patient").current().expect("it runs");
    patient.trap_exit(trap_exit).await?;
    Ok((tree, patient))
}

#[noex::test]
async fn te_05_shutdown_terminates_a_trapper() -> Result<(), Box<dyn Error>> {
    let wills = Wills::default();
    let (tree, patient) = tree(&wills, true).await?;
    assert!(tree.stop().await?.is_clean());
    assert_eq!(patient.exit_reason(), Some(ExitReason::Shutdown));
    assert_eq!(wills.read(), [ExitReason::Shutdown]);
    Ok(())
}

#[noex::test]
async fn te_12_normal_parent_ends_a_trapping_child() -> Result<(), Box<dyn Error>> {
    // A supervisor ends its children whatever its own reason.
    let wills = Wills::default();
    let (tree, _patient) = tree(&wills, true).await?;
    tree.stopping().reason(ExitReason::Normal).await?;
    assert_eq!(wills.read(), [ExitReason::Shutdown]);
    // A starter is no parent: its end is a message.
    let wills = Wills::default();
    let starter = Starter.start().await?;
    let patient = starter.start_linked(wills.clone()).await?;
    patient.trap_exit(true).await?;
    let from = starter.pid();
    starter.stop().await?;
    let exits = patient.exits().await?;
    assert_eq!(exits.len(), 1);
    assert_eq!(
        (exits[0].from, &exits[0].reason),
        (from, &ExitReason::Normal)
    );
    patient.stop().await?;
    Ok(())
}

#[noex::test]
async fn te_13_normal_parent_spares_an_untrapping_child() -> Result<(), Box<dyn Error>> {
    let wills = Wills::default();
    let starter = Starter.start().await?;
    let patient = starter.start_linked(wills.clone()).await?;
    starter.stop().await?;
    patient.ping().await?;
    // An unclean end is another matter, as a supervisor's normal one.
    let starter = Starter.start().await?;
    let patient_of_the_dead = starter.start_linked(wills.clone()).await?;
    starter.exit(because("not normal"));
    assert_eq!(patient_of_the_dead.exited().await, because("not normal"));
    patient.stop().await?;
    let wills = Wills::default();
    let (tree, _patient) = tree(&wills, false).await?;
    tree.stopping().reason(ExitReason::Normal).await?;
    assert_eq!(wills.read(), [ExitReason::Shutdown]);
    Ok(())
}

#[noex::test]
async fn te_14_linked_strangers_exit_is_a_message() -> Result<(), Box<dyn Error>> {
    let wills = Wills::default();
    let (tree, patient) = tree(&wills, true).await?;
    let stranger = Patient::start(Wills::default(), Last::Nothing).await?;
    patient.link(stranger.clone()).await?;
    let from = stranger.pid();
    stranger.end_by_cast(because("a stranger's"))?;
    stranger.exited().await;
    let exits = patient.exits().await?;
    assert_eq!(exits.len(), 1);
    assert_eq!(
        (exits[0].from, &exits[0].reason),
        (from, &because("a stranger's"))
    );
    assert_eq!(wills.read(), []);
    tree.stop().await?;
    Ok(())
}
