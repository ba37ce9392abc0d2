//! The window as a program of a desktop.

// No second, black window beside it on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    wakuncar_shell::run();
}
