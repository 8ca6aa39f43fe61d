//! Where no dialogue has ever come: how it gets to the key, in this host.

use green_ring_editor::egui::{Align2, Painter, Rect, Stroke, StrokeKind, vec2};
use green_ring_editor::theme::{DIM, EDGE, PANEL, TEXT};

use super::plot::Plot;

/// Hosts, by a word in the name of their program, and what is to be done there.
const HOSTS: [(&str, &str); 2] = [
    ("reaper", "REAPER: send the dialogue track to channels 3/4"),
    ("bitwig", "Bitwig: choose it in the device's sidechain menu"),
];

const OTHERS: &str = "Other hosts: choose it for the input \"Dialogue\"";

/// The name of the program that this runs in, in small letters; empty where it has none. Asks the system.
pub fn program() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_lowercase())
}

/// What is to be done in the host whose program has this name; in all of them where it is not known.
fn ways(program: &str) -> Vec<&'static str> {
    let known = HOSTS.iter().filter(|(word, _)| program.contains(word)).map(|(_, way)| *way);
    let known: Vec<_> = known.collect();
    if known.is_empty() { HOSTS.iter().map(|(_, way)| *way).chain([OTHERS]).collect() } else { known }
}

/// Draws it over the left field.
pub fn paint(painter: &Painter, plot: &Plot, program: &str) {
    let (ways, px) = (ways(program), |units: f32| plot.theme.px(units));
    let line = px(18.0);
    let height = line * (ways.len() as f32 + 1.0) + px(20.0);
    let sheet = Rect::from_center_size(plot.time.center(), vec2(px(330.0).min(plot.time.width()), height));
    painter.rect(sheet, px(6.0), PANEL.gamma_multiply(0.94), Stroke::new(1.0, EDGE), StrokeKind::Inside);
    let rows = sheet.shrink2(vec2(px(12.0), px(10.0)));
    let row = |k: usize| Rect::from_min_size(rows.min + vec2(0.0, line * k as f32), vec2(rows.width(), line));
    plot.theme.text(painter, row(0), Align2::LEFT_CENTER, 13.5, TEXT, "No dialogue on the key yet");
    for (k, way) in ways.iter().enumerate() {
        plot.label(painter, row(k + 1), Align2::LEFT_CENTER, DIM, way);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_host_is_told_its_own_way_and_an_unknown_one_all() {
        assert_eq!(ways("reaper"), [HOSTS[0].1]);
        assert_eq!(ways("bitwigpluginhost-x64-sse41"), [HOSTS[1].1]);
        assert_eq!(ways("ardour-8.6").len(), 3);
    }
}
