//! A window on an X11 display for editors to live in, a mouse and a keyboard.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt, CreateWindowAux, ImageFormat, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// The mouse's buttons as X11 numbers them; a notch of the wheel is a click.
pub mod mouse {
    /// Left.
    pub const LEFT: u8 = 1;
    /// Right.
    pub const RIGHT: u8 = 3;
    /// The wheel, away from the user.
    pub const UP: u8 = 4;
    /// The wheel, towards the user.
    pub const DOWN: u8 = 5;
}

/// Keysyms of keys that write nothing.
pub mod key {
    /// Enter.
    pub const RETURN: u32 = 0xff0d;
}

/// A mapped top-level window at the top left of the display in `DISPLAY`.
pub struct Window {
    connection: RustConnection,
    root: u32,
    id: u32,
}

impl Window {
    /// Opens one of `width` by `height` pixels.
    ///
    /// # Panics
    /// When there is no display.
    pub fn open(width: u16, height: u16) -> Window {
        let (connection, screen) = connect();
        let root = connection.setup().roots[screen].root;
        let id = connection.generate_id().unwrap();
        let look = CreateWindowAux::new();
        let class = WindowClass::INPUT_OUTPUT;
        connection.create_window(0, id, root, 0, 0, width, height, 0, class, 0, &look).unwrap();
        connection.map_window(id).unwrap();
        let window = Window { connection, root, id };
        window.sync();
        window
    }

    /// The X11 id that editors are given.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Windows that editors have put inside.
    pub fn children(&self) -> usize {
        let tree = self.connection.query_tree(self.id).unwrap();
        tree.reply().unwrap().children.len()
    }

    /// Moves the pointer to a place in the window, in pixels.
    pub fn point(&self, x: i16, y: i16) {
        self.fake(MOTION_NOTIFY_EVENT, 0, x, y);
    }

    /// Presses or releases the left mouse button.
    pub fn button(&self, down: bool) {
        self.press(mouse::LEFT, down);
    }

    /// Presses or releases a button of [`mouse`].
    pub fn press(&self, button: u8, down: bool) {
        let kind = if down { BUTTON_PRESS_EVENT } else { BUTTON_RELEASE_EVENT };
        self.fake(kind, button, 0, 0);
    }

    /// Presses and releases a key by its keysym, which of a plain character is its code. Keys that need Shift are not for us.
    ///
    /// # Panics
    /// When the keyboard has no such key.
    pub fn key(&self, keysym: u32) {
        let (first, last) = (self.connection.setup().min_keycode, self.connection.setup().max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1).unwrap().reply().unwrap();
        let mut keys = mapping.keysyms.chunks(mapping.keysyms_per_keycode.into());
        let place = keys.position(|key| key.first() == Some(&keysym)).expect("a key of the keyboard");
        let keycode = first + place as u8;
        self.fake(KEY_PRESS_EVENT, keycode, 0, 0);
        self.fake(KEY_RELEASE_EVENT, keycode, 0, 0);
    }

    fn fake(&self, kind: u8, detail: u8, x: i16, y: i16) {
        self.connection.xtest_fake_input(kind, detail, 0, self.root, x, y, 0).unwrap();
        self.sync();
    }

    /// What can be seen of the window's `width` by `height` pixels, with everything inside: red, green, blue of each.
    pub fn picture(&self, width: u16, height: u16) -> Vec<u8> {
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.id, 0, 0, width, height, !0).unwrap();
        // A true-colour screen of 24 bits has four bytes a pixel, blue first.
        image.reply().unwrap().data.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect()
    }

    /// Returns when the display has done all that was asked of it.
    pub fn sync(&self) {
        self.connection.get_input_focus().unwrap().reply().unwrap();
        while let Ok(Some(_)) = self.connection.poll_for_event() {}
    }
}

/// A bare X server resets itself when its last client leaves, and drops whoever comes meanwhile: hence the second tries.
fn connect() -> (RustConnection, usize) {
    let mut tries = (0..20).map(|wait| {
        std::thread::sleep(Duration::from_millis(10 * wait));
        x11rb::connect(None)
    });
    tries.find_map(Result::ok).expect("an X11 display")
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.connection.destroy_window(self.id);
        self.sync();
    }
}
