//! A chat hub: members are processes that the hub monitors.

use noex::prelude::*;
use std::collections::HashMap;

#[derive(Default)]
struct Hub {
    members: HashMap<String, Recipient<Line>>,
    watched: HashMap<noex::MonitorRef, String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Line {
    from: String,
    text: String,
}

#[gen_server]
impl Hub {
    #[init]
    fn new() -> Self {
        Self::default()
    }

    #[call]
    fn join(
        &mut self,
        name: String,
        member: MemberRef,
        cx: &mut Ctx<Self>,
    ) -> Result<usize, String> {
        if self.members.contains_key(&name) {
            return Err(format!("{name} is taken"));
        }
        self.watched.insert(cx.monitor(&member), name.clone());
        self.members.insert(name, member.recipient::<Line>());
        Ok(self.members.len())
    }

    #[cast]
    fn say(&mut self, from: String, text: String) {
        for member in self.members.values() {
            // A member that is full or gone misses the line.
            let _ = member.send(Line {
                from: from.clone(),
                text: text.clone(),
            });
        }
    }

    #[call]
    fn size(&self) -> usize {
        self.members.len()
    }

    #[info(down)]
    fn left(&mut self, down: Down) {
        if let Some(name) = self.watched.remove(&down.monitor) {
            self.members.remove(&name);
        }
    }
}

struct Member {
    heard: Vec<Line>,
}

#[gen_server(mailbox = 64)]
impl Member {
    #[init]
    async fn new(name: String, hub: HubRef, cx: &mut Ctx<Self>) -> Result<Self, CallError<String>> {
        hub.join(name, cx.myself()).await?;
        Ok(Self { heard: vec![] })
    }

    #[info]
    fn hear(&mut self, line: Line) {
        self.heard.push(line);
    }

    #[call]
    fn heard(&self) -> Vec<Line> {
        self.heard.clone()
    }
}

#[tokio::test]
async fn lines_reach_those_who_are_there() -> Result<(), Box<dyn std::error::Error>> {
    let hub = Hub::start().await?;
    let ann = Member::start("ann".into(), hub.clone()).await?;
    let bob = Member::start("bob".into(), hub.clone()).await?;
    let taken = Member::start("bob".into(), hub.clone()).await;
    assert_eq!(taken.unwrap_err().to_string(), "init failed: bob is taken");
    hub.say("ann".into(), "hello".into())?;
    assert_eq!(hub.size().await?, 2);
    assert_eq!(bob.heard().await?[0].text, "hello");
    bob.stop().await?;
    assert_eq!(hub.size().await?, 1);
    assert_eq!(ann.heard().await?.len(), 1);
    Ok(())
}
