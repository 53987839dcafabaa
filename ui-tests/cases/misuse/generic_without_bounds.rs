#![allow(unused)]
use noex::prelude::*;
struct S<T>(T);

#[gen_server]
impl<T: Clone> S<T> {
    #[call]
    fn get(&self) -> T {
        self.0.clone()
    }
    #[cast]
    fn put(&mut self, value: T) {
        self.0 = value;
    }
}

struct P<K, V>(K, V);

#[gen_server]
impl<K, V> P<K, V>
where
    V: Ord + Send,
{
}

fn main() {
    let _ = async {
        let s = S(1).start().await.unwrap();
        s.put(2).unwrap();
        let _: i32 = s.get().await.unwrap();
    };
}
