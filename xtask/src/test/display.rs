//! A screen without a monitor (Xvfb) that lives as long as the value.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A running X server of its own.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts a server on a number that it finds free itself and tells us.
    pub fn open() -> Result<Display> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-noreset", "-screen", "0", "3200x2400x24", "-ac"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let answers = server.stdout.take();
        let mut display = Display { server, name: String::new() };
        let mut number = String::new();
        BufReader::new(answers.context("Xvfb has no output")?).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "Xvfb does not start");
        display.name = format!(":{}", number.trim());
        Ok(display)
    }

    /// Makes a command draw here, in software.
    pub fn show(&self, command: &mut Command) {
        command.env("DISPLAY", &self.name).env("LIBGL_ALWAYS_SOFTWARE", "1");
        command.env_remove("WAYLAND_DISPLAY");
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
