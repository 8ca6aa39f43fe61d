//! What the reverb does now, in a few words.

use super::told::seconds;
use crate::engine::Settings;

/// What holds the room or ends its sound, if anything does.
pub(crate) fn state(settings: &Settings, open: f32) -> Option<&'static str> {
    match settings {
        s if s.bypass => Some("bypassed"),
        s if s.silence && open > 0.0 => Some("falling silent"),
        s if s.silence => Some("silent"),
        s if s.freeze => Some("frozen"),
        s if s.infinite => Some("infinite"),
        _ => None,
    }
}

/// A line for below the picture. `memory_s` is the pre-roll, where it is known.
pub(crate) fn now(settings: &Settings, open: f32, memory_s: Option<f32>) -> String {
    if let Some(state) = state(settings, open) {
        let more = match state {
            "frozen" => ": nothing new enters",
            "infinite" => ": nothing dies",
            _ => "",
        };
        return format!("{state}{more}");
    }
    if settings.mix == 0.0 {
        return "Mix is at 0 %: nothing wet is heard".into();
    }
    if let Some(part) = waiting(settings) {
        return format!("{part} needs Dream");
    }
    let what = if settings.dream > 0.0 { "dreaming" } else { "a room" };
    let pre_roll = memory_s.map(|s| format!(", pre-roll {}", seconds(s))).unwrap_or_default();
    format!("{what}: decay {}{pre_roll}", seconds(settings.mid_s()))
}

/// A part of the dream that was turned up while Dream is at 0 %.
fn waiting(settings: &Settings) -> Option<&'static str> {
    let first = Settings::default();
    let up = |value: f32, default: f32| settings.dream == 0.0 && value > default;
    let parts = [
        (settings.swell, first.swell, "Swell"),
        (settings.shimmer, first.shimmer, "Shimmer"),
        (settings.reverse, first.reverse, "Reverse"),
        (settings.grains, first.grains, "Grains"),
        (settings.choir, first.choir, "Choir"),
        (settings.drone, first.drone, "Drone"),
    ];
    parts.into_iter().find(|(value, default, _)| up(*value, *default)).map(|(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_matters_most() {
        let first = Settings::default();
        let say = |settings: Settings| now(&settings, 1.0, None);
        assert_eq!(say(first), "a room: decay 1.1 s");
        assert_eq!(now(&first, 1.0, Some(3.54)), "a room: decay 1.1 s, pre-roll 3.5 s");
        let dreaming = Settings { dream: 1.0, dream_decay_s: 42.0, shimmer: 0.5, ..first };
        assert_eq!(now(&dreaming, 1.0, Some(120.2)), "dreaming: decay 42 s, pre-roll 120 s");
        assert_eq!(say(Settings { choir: 0.5, ..first }), "Choir needs Dream");
        assert_eq!(say(Settings { mix: 0.0, choir: 0.5, ..first }), "Mix is at 0 %: nothing wet is heard");
        assert_eq!(say(Settings { freeze: true, ..dreaming }), "frozen: nothing new enters");
        assert_eq!(say(Settings { infinite: true, ..dreaming }), "infinite: nothing dies");
        let silent = Settings { silence: true, freeze: true, ..first };
        assert_eq!([say(silent), now(&silent, 0.0, None)], ["falling silent", "silent"]);
        assert_eq!(say(Settings { bypass: true, ..silent }), "bypassed");
    }
}
