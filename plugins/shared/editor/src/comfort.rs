//! What a user has set for all editors, whatever the project: whether controls are explained. An empty file in the user's
//! data folder says that they are not. Nothing of it matters enough to tell of an error.

use std::fs;
use std::path::PathBuf;

/// The file that switches help off, beside the folders of the presets.
const FILE: &str = "help-off";

pub(crate) struct Comfort {
    file: Option<PathBuf>,
    /// Whether what is under the pointer is explained.
    pub help: bool,
}

impl Comfort {
    /// What is kept beside the folder of a plugin's presets. Looks for one file.
    pub fn beside(presets: Option<&std::path::Path>) -> Self {
        let file = presets.and_then(|folder| folder.parent()).map(|folder| folder.join(FILE));
        let help = !file.as_ref().is_some_and(|file| file.exists());
        Self { file, help }
    }

    /// Switches help on or off, for this editor now and for all that open from now on.
    pub fn toggle_help(&mut self) {
        self.help = !self.help;
        let Some(file) = &self.file else { return };
        // Without a file to be written it is kept for as long as this editor is open.
        let _ = match (self.help, file.parent()) {
            (true, _) => fs::remove_file(file),
            (false, Some(folder)) => fs::create_dir_all(folder).and_then(|()| fs::write(file, "")),
            (false, None) => Ok(()),
        };
    }
}

#[cfg(test)]
mod tests {
    use crate::rig::Rig;

    #[test]
    fn help_is_switched_off_for_all_editors() {
        let mut rig = Rig::new();
        let at = rig.dial("decay");
        rig.move_to(at);
        let told = |rig: &mut Rig| rig.frame(Vec::new()).shapes.len();
        let with = rig.help();
        assert!(with.starts_with("Decay: how long it lasts."), "{with}");
        assert!(told(&mut rig) > 0);
        let ask = rig.node("Help").rect().center();
        rig.click(ask);
        rig.move_to(at);
        assert_eq!(rig.help(), "");
        let other = super::Comfort::beside(rig.presets_folder().as_deref());
        assert!(!other.help);
        rig.click(ask);
        assert!(super::Comfort::beside(rig.presets_folder().as_deref()).help);
    }
}
