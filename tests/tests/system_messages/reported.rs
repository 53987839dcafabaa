//! What a crash report shows.

use super::Outcome;
use super::crash_reports::CrashReports;
use noex::prelude::*;
use std::collections::BTreeMap;

struct Account {
    user: String,
    password: String,
    broken: bool,
}

#[gen_server]
impl Account {
    #[cast]
    fn change(&mut self, password: String) {
        self.password = password;
    }

    #[cast]
    fn fail_with(&mut self, secret: String) {
        self.password = secret;
        panic!("cannot do that");
    }

    #[cast]
    fn break_status(&mut self) {
        self.broken = true;
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        assert!(self.password.is_empty(), "down");
    }

    #[call]
    fn watch(&mut self, other: AccountRef, cx: &mut Ctx<Self>) {
        cx.set_label("watcher");
        cx.monitor(&other);
    }

    #[status]
    fn show(&self) -> impl serde::Serialize {
        assert!(!self.broken, "status is broken");
        BTreeMap::from([("user", self.user.as_str()), ("password", "[redacted]")])
    }
}

fn account() -> Account {
    Account {
        user: "joan".into(),
        password: "hunter1".into(),
        broken: false,
    }
}

fn crash(reports: &CrashReports) -> String {
    let lines = reports.lines();
    let mut crashes = lines.iter().filter(|line| line.starts_with("noex::crash"));
    crashes.next_back().cloned().unwrap_or_default()
}

#[noex::test]
async fn sy_08_crash_report_is_redacted() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let joan = account().start().name("joan").await?;
    assert!(joan.log(10));
    joan.change("hunter2".into())?;
    joan.fail_with("hunter3".into())?;
    joan.exited().await;
    let report = crash(&reports);
    for told in [
        "Account",
        "name=joan",
        "cannot do that",
        "handler=\"fail_with\"",
        r#"{"password":"[redacted]","user":"joan"}"#,
        "events=in change, done change, in fail_with",
        "uptime=",
    ] {
        assert!(report.contains(told), "{told} in {report}");
    }
    assert!(!report.contains("hunter"), "{report}");
    // A hook that panics is said to have; the report is there all the same.
    let broken = account().start().await?;
    broken.break_status()?;
    broken.fail_with("hunter4".into())?;
    assert!(
        matches!(broken.exited().await, ExitReason::Panic { message, .. } if &*message == "cannot do that")
    );
    let report = crash(&reports);
    assert!(
        report.contains("the status method failed") && report.contains("status is broken"),
        "{report}"
    );
    assert!(!report.contains("hunter"), "{report}");
    // What is no message has a name too.
    let (watcher, other) = (account().start().await?, account().start().await?);
    watcher.watch(other.clone()).await?;
    other.stop().await?;
    watcher.exited().await;
    let report = crash(&reports);
    assert!(
        report.contains("handler=\"down\"") && report.contains("label=watcher"),
        "{report}"
    );
    // Clean ends show nothing; of one that was killed the state is not looked at.
    let killed = account().start().await?;
    killed.kill();
    killed.exited().await;
    let report = crash(&reports);
    assert!(
        report.contains("reason=killed") && !report.contains("state="),
        "{report}"
    );
    assert_eq!(
        reports
            .lines()
            .iter()
            .filter(|l| l.starts_with("noex::crash"))
            .count(),
        4
    );
    Ok(())
}
