//! A window on an X11 display for editors to live in, and a mouse.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt, CreateWindowAux, ImageFormat, MOTION_NOTIFY_EVENT,
    WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

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
        let kind = if down { BUTTON_PRESS_EVENT } else { BUTTON_RELEASE_EVENT };
        self.fake(kind, 1, 0, 0);
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
