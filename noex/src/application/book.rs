//! Which applications are loaded, which run, and what has to be up for which.

use super::definition::Definition;
use super::error::ApplicationError;
use super::run::Run;
use crate::process::Name;
use std::sync::Arc;
use std::time::Duration;

pub(super) struct Book {
    pub(super) loaded: Vec<Arc<Definition>>,
    /// In the order in which they began to start.
    pub(super) runs: Vec<Arc<Run>>,
    pub(super) drain: Duration,
}

impl Default for Book {
    fn default() -> Self {
        Book {
            loaded: Vec::new(),
            runs: Vec::new(),
            drain: Duration::from_secs(5),
        }
    }
}

impl Book {
    pub(super) fn find(&self, name: &Name) -> Result<Arc<Definition>, ApplicationError> {
        let found = self.loaded.iter().find(|d| d.name == *name);
        let found = found.cloned();
        found.ok_or_else(|| ApplicationError::NotLoaded(name.clone()))
    }

    pub(super) fn run(&self, name: &Name) -> Option<Arc<Run>> {
        let mut runs = self.runs.iter();
        runs.find(|run| run.definition.name == *name).cloned()
    }

    /// What must be up for this application, itself last.
    pub(super) fn order(&self, name: &Name) -> Result<Vec<Name>, ApplicationError> {
        let mut order = Vec::new();
        self.visit(name, &mut Vec::new(), &mut order)?;
        Ok(order)
    }

    fn visit(
        &self,
        name: &Name,
        path: &mut Vec<Name>,
        order: &mut Vec<Name>,
    ) -> Result<(), ApplicationError> {
        if order.contains(name) {
            return Ok(());
        }
        let again = path.iter().position(|above| above == name);
        path.push(name.clone());
        if let Some(from) = again {
            return Err(ApplicationError::DependencyCycle(path.split_off(from)));
        }
        for dependency in &self.find(name)?.depends_on {
            self.visit(dependency, path, order)?;
        }
        path.pop();
        order.push(name.clone());
        Ok(())
    }
}
