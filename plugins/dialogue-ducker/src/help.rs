//! What each control does to sound, in the editor's last line. The README tells more.

/// A sentence for each parameter id.
pub(crate) const HELP: &[(&str, &str)] = &[
    ("target", "how far the dialogue is to stand above the bed"),
    ("depth", "the most that the bed ever yields"),
    ("focus", "how much of the difference is made only in the bands where speech needs it; 0 is evenly"),
    ("masked", "the bed yields only until nine tenths of speech are audible"),
    ("expand", "how much quieter the quiet moments of the bed become under speech"),
    ("bedtr", "what the fader behind this insert does to the bed: measured, never heard"),
    ("keytr", "what the dialogue's fader does behind the key: measured, never heard"),
    ("anchor", "loudness that stands in for the first line, until 2 s of speech have been heard"),
    ("follow", "how far the dialogue's measured loudness is followed; at 0 % only the anchor counts"),
    ("detect", "what the bed yields to: speech, any sound above the noise floor, or Manual Duck"),
    ("sens", "how readily speech is believed; higher also takes more noise and music for speech"),
    ("manual", "in the Manual detector, the share of the depth that the bed yields: automate it"),
    ("look", "how far ahead the key is heard; this is the latency"),
    ("attack", "how long the bed takes to yield; Auto takes the time that the look-ahead leaves"),
    ("hold", "how long the bed stays down after the last word"),
    ("releas", "how long the bed takes to return"),
    ("highs", "how far the top end leaves before the rest and returns after it"),
    ("pull", "under a line the bed goes to digital silence, and stays out until Return says otherwise"),
    ("pfade", "how long the bed takes to leave"),
    ("return", "when the bed comes back: after Hold, after Return After, or when Pull-Out is switched off"),
    ("rafter", "seconds without speech after which the bed comes back, in After Silence"),
    ("rfade", "how long the bed takes to come back"),
    ("out", "gain of the bed"),
    ("bypass", "the bed passes untouched, delayed by the latency"),
];
