//! Delays where one party hands something over to another.
//!
//! Every hand-over of the process core and of the supervisor passes a [`hook`], which is nothing at all in an ordinary build. In
//! hook builds (`--cfg noex_hooks`) the variable `NOEX_HOOK` arms some by name, or `all`: then a thread that
//! passes one is held up there, which leaves others the time to come in between. `tests/tests/hooks` is the suite for that.
//! For each hook, `.ci/hooks` names a broken variant (see [`planted`](crate::sync::planted)) that makes the suite fail.

macro_rules! table {
    ($($(#[doc = $what:literal])+ $hook:ident = $name:literal,)+) => {
        /// A hand-over: what has been done, and what others cannot know yet.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Hook {
            $($(#[doc = $what])+ $hook,)+
        }

        #[cfg(any(all(test, not(noex_loom)), noex_hooks))]
        const NAMES: &[&str] = &[$($name,)+];
    };
}

table! {
    // ---- admission -----------------------------------------------------------------------------
    /// A sender looks at the door, and goes through it next.
    AdmissionOpen = "admission.open",
    /// A sender looks whether the runner sleeps, and tells it of its message next.
    AdmissionRousing = "admission.rousing",
    /// A message is in the queue; its receiver has not been woken.
    AdmissionPushed = "admission.pushed",
    /// A message goes into the place that was reserved for it.
    AdmissionFilling = "admission.filling",
    /// A sender waits in line; its waker is not there yet.
    LineWaiting = "line.waiting",
    /// A sender gives up its place in the line.
    LineLeaving = "line.leaving",
    /// A signal is in the queue; its receiver has not been woken.
    SignalPushed = "signal.pushed",
    /// A request is in the urgent lane; its receiver does not know.
    UrgentPushed = "urgent.pushed",
    /// The order to die is given; who has to obey has not been woken.
    KillRaised = "kill.raised",
    /// The order to give up an init is given; who has to obey has not been woken.
    AbortRaised = "abort.raised",
    /// Who waits to be asked to stop is about to get on the list.
    StopListening = "stop.listening",

    // ---- run lock ------------------------------------------------------------------------------
    /// The carrier has been woken and is about to ask for the run lock.
    CarrierWoken = "carrier.woken",
    /// Somebody is the first to wake a process, and gives it its carrier next.
    CarrierWanted = "carrier.wanted",
    /// The runtime drops the carrier; who runs the process does not know.
    CarrierDropped = "carrier.dropped",
    /// The runtime is shutting down; those that have no carrier do not know.
    RuntimeOver = "runtime.over",
    /// A caller is about to take the run lock.
    RunEntering = "run.entering",
    /// The carrier is about to enter, or to leave its note with the holder.
    RunNoting = "run.noting",
    /// The holder has seen an empty queue and is about to let go.
    RunLeaving = "run.leaving",

    // ---- start ---------------------------------------------------------------------------------
    /// The new process can be found by its name, and has no body yet.
    StartClaimed = "start.claimed",
    /// It is about to be entered in the process table, unless its application is over.
    StartRemembering = "start.remembering",
    /// Supervisor and links are set; it has not run yet.
    StartReady = "start.ready",
    /// It has run on its starter's stack, and has no carrier yet.
    StartPolled = "start.polled",
    /// The starter has seen an init that is not over, and is about to wait for it.
    StartAsking = "start.asking",
    /// Init has succeeded, and nobody knows.
    StartDone = "start.done",

    // ---- calls and replies ---------------------------------------------------------------------
    /// A process is about to be blocked on a call: the edge is not there yet.
    WaitEntering = "wait.entering",
    /// The caller has seen no answer, and is about to leave its waker.
    ReplyAsking = "reply.asking",
    /// The caller leaves its waker, under the lock of the slot.
    ReplyLocked = "reply.locked",
    /// The caller has seen that its token is parked, and is about to look at the server's end.
    ReplyWatching = "reply.watching",
    /// The token is about to be given to user code.
    ReplyParking = "reply.parking",
    /// The answer is written, and not published.
    ReplyAnswering = "reply.answering",
    /// The answer is published; its caller has not been woken.
    ReplyAnswered = "reply.answered",
    /// The caller has given up, and its server does not know.
    ReplyLeaving = "reply.leaving",

    // ---- monitors, links, names ----------------------------------------------------------------
    /// The watcher has noted its monitor; the target does not know of it.
    MonitorListed = "monitor.listed",
    /// The watcher has looked its monitor up, and is about to take it off the target.
    DemonitorFound = "demonitor.found",
    /// One side of a link is there.
    LinkHalf = "link.half",
    /// A name is in the registry, and not yet among the claims of its process.
    NameEntered = "name.entered",
    /// A process that lives gives a name up.
    NameFreeing = "name.freeing",

    // ---- death ---------------------------------------------------------------------------------
    /// 1. The door is shut; the pending handler is there.
    DeathShut = "death.shut",
    /// 1. The pending handler is dropped; the queue has not been looked at.
    DeathHandlerDropped = "death.handler_dropped",
    /// 1. What was queued is taken out, and not answered.
    DeathDrained = "death.drained",
    /// 2. `terminate` is about to run.
    DeathTerminating = "death.terminating",
    /// 2. `terminate` has run; the state is there.
    DeathTerminated = "death.terminated",
    /// 3. The state is dropped; the process is alive to all others.
    DeathStateDropped = "death.state_dropped",
    /// 4. The process is about to take its last steps, unless somebody who abandoned it does.
    DeathClaiming = "death.claiming",
    /// 4. What it holds is taken out, and not released.
    DeathDeparted = "death.departed",
    /// 4. What it held is free; the terminal cell is not set.
    DeathReleased = "death.released",
    /// 5. The terminal cell is being set.
    DeathRecorded = "death.recorded",
    /// 5. The terminal cell is set; nobody has been told.
    DeathGone = "death.gone",
    /// 6. The supervisor has been told; links have not.
    DeathParentTold = "death.parent_told",
    /// 7. Links have been told; monitors have not.
    DeathLinksTold = "death.links_told",
    /// 7. All have been told but who waits for its start.
    DeathTold = "death.told",
    /// A process that does not yield is listed as leaked, and its end claimed; it is not fenced off.
    AbandonClaimed = "abandon.claimed",
    /// What runs beside a process is about to be taken out and ended.
    OwnedEnding = "owned.ending",
    /// A blocking job is told that its process is gone, and counted as an orphan.
    JobCancelling = "job.cancelling",

    // ---- timers --------------------------------------------------------------------------------
    /// A letter lies in its receiver; its timer is not armed.
    TimerPosted = "timer.posted",
    /// The wheel knows until when it sleeps, and does not sleep yet.
    WheelTurned = "wheel.turned",

    // ---- supervision ---------------------------------------------------------------------------
    /// A report of a child is in its supervisor's queue; the child goes on.
    RestartReported = "restart.reported",
    /// The supervisor has read a report, and not acted on it.
    RestartTold = "restart.told",
    /// The supervisor is about to start a child; the place holds the one before.
    RestartStarting = "restart.starting",
    /// The child has been started; its place does not hold it yet.
    RestartLaunched = "restart.launched",
}

/// A thread that passes here is held up, if the hook is armed.
#[cfg(not(noex_hooks))]
#[inline(always)]
pub(crate) const fn hook(_: Hook) {}

#[cfg(noex_hooks)]
pub(crate) use armed::hook;
#[cfg(noex_hooks)]
pub use armed::{armed, passes};

#[cfg(noex_hooks)]
mod armed {
    use super::{Hook, NAMES};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    use std::thread;
    use std::time::Duration;
    use tokio::runtime::{Handle, RuntimeFlavor};
    use tokio::task::block_in_place;

    static PASSES: [AtomicU64; NAMES.len()] = [const { AtomicU64::new(0) }; NAMES.len()];

    /// How long the passes of a hook take, in turn: with equal delays everywhere all would happen in the old order.
    const MICROS: [u64; 5] = [1_000, 300, 2_000, 0, 700];
    /// From this pass on, one of so many is held up: a suite has to come to an end.
    const OFTEN: u64 = 500;
    const SELDOM: u64 = 256;

    pub(crate) fn hook(hook: Hook) {
        let at = hook as usize;
        let pass = PASSES[at].fetch_add(1, Relaxed);
        if !switches()[at] || pass >= OFTEN && !pass.is_multiple_of(SELDOM) {
            return;
        }
        let turn = (pass as usize).wrapping_add(at) % MICROS.len();
        if MICROS[turn] > 0 {
            pause(Duration::from_micros(MICROS[turn]));
        }
    }

    /// Holds this thread up, but not the tasks that tokio keeps for it.
    fn pause(time: Duration) {
        let runtime = Handle::try_current().map(|handle| handle.runtime_flavor());
        match runtime {
            Ok(RuntimeFlavor::MultiThread) => block_in_place(|| thread::sleep(time)),
            _ => thread::sleep(time),
        }
    }

    /// Whether each hook is armed.
    fn switches() -> &'static [bool; NAMES.len()] {
        static SWITCHES: OnceLock<[bool; NAMES.len()]> = OnceLock::new();
        SWITCHES.get_or_init(|| {
            let wanted = std::env::var("NOEX_HOOK").unwrap_or_default();
            let mut on = [wanted == "all"; NAMES.len()];
            for name in wanted.split(',').filter(|n| !matches!(*n, "" | "all")) {
                let at = NAMES.iter().position(|known| *known == name);
                on[at.unwrap_or_else(|| panic!("NOEX_HOOK: there is no hook {name}"))] = true;
            }
            on
        })
    }

    /// The names of the hooks that are armed.
    pub fn armed() -> Vec<&'static str> {
        let all = NAMES.iter().zip(switches());
        all.filter(|(_, on)| **on).map(|(name, _)| *name).collect()
    }

    /// How often the hook of this name has been passed.
    pub fn passes(name: &str) -> u64 {
        let at = NAMES.iter().position(|known| *known == name);
        at.map_or(0, |at| PASSES[at].load(Relaxed))
    }
}

#[cfg(all(test, not(noex_loom)))]
mod tests {
    use super::NAMES;
    use std::collections::BTreeSet;

    /// The hooks in the lines `hook[,hook]: bug: scenario` of the script that plants the bugs.
    fn planted() -> BTreeSet<String> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/hooks");
        let script = std::fs::read_to_string(script).expect("the script is part of the repository");
        let (_, table) = script.split_once("bugs='").expect("the script has a table");
        let (table, _) = table.split_once('\'').expect("the table has an end");
        let lines = table.lines().filter(|line| !line.is_empty());
        let hooks = lines.filter_map(|line| line.split(':').next());
        let names = hooks.flat_map(|hooks| hooks.split(','));
        names.map(str::to_owned).collect()
    }

    #[test]
    fn each_hook_has_a_broken_variant() {
        let hooks: BTreeSet<String> = NAMES.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(hooks.len(), NAMES.len(), "each name is there once");
        assert_eq!(planted(), hooks);
    }
}
