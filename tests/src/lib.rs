//! Scenes that need more than one device, and the arrows between the crates. The scenes are in `tests/`.
