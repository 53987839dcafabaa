#![deny(deprecated)]

noex::supervisor! {
    pub struct App() {}
}

fn main() {
    let _ = App::start();
    let _ = noex::supervisor! {};
}
