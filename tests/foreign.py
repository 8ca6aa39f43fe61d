#!/usr/bin/env python3
"""Opens the built VST3 bundles in a host that is not ours: pedalboard, which is JUCE.

    foreign.py BUNDLES_DIR

For each plugin: lists the parameters, sets some, plays, saves the state, and loads it into a second instance, which
must then show the same values and sound the same. Prints a line for each check, ends with a count, and exits with 1
when one failed. Needs pedalboard 0.9.26 and numpy. Shows no editor, so it needs no display.
"""

import sys
from pathlib import Path

import numpy as np
import pedalboard

RATE_HZ = 48000
BLOCK = 512
# Normalised; few parameters have their default there.
PLACE = 0.3


class Tally:
    """Counts checks and prints each."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, holds, told=""):
        self.passed += bool(holds)
        self.failed += not holds
        print(f"{'ok' if holds else 'FAILED':6} {name} {told}".rstrip(), flush=True)


def noise():
    """Two seconds of stereo noise of -20 dBFS with gaps, the same every time."""
    sound = np.random.default_rng(1).uniform(-0.173, 0.173, (2, 2 * RATE_HZ)).astype(np.float32)
    sound[:, RATE_HZ // 2 : RATE_HZ] = 0.0
    return sound


def play(plugin, sound):
    """Plays in blocks. pedalboard resets a plugin before each call unless told not to."""
    starts = range(0, sound.shape[1], BLOCK)
    blocks = [plugin.process(sound[:, start : start + BLOCK], RATE_HZ, BLOCK, reset=start == 0) for start in starts]
    return np.concatenate(blocks, axis=1)


def values(plugin):
    """Normalised value of every parameter by its name."""
    return {name: parameter.raw_value for name, parameter in plugin.parameters.items()}


def settle(plugin):
    """Parameters set by a host reach a plugin, and its state, with the next block."""
    plugin.process(np.zeros((2, BLOCK), np.float32), RATE_HZ, BLOCK, reset=False)


def snapped(parameter, value):
    """The nearest value that a stepped parameter can have: JUCE keeps what it was given, a state does not."""
    steps = parameter.num_steps - 1 if parameter.is_discrete else 0
    return round(value * steps) / steps if steps > 0 else value


def set_some(plugin):
    """Moves every second parameter, bypass left alone; returns what was moved."""
    moved = [name for name in list(plugin.parameters)[::2] if "bypass" not in name.lower()]
    for name in moved:
        plugin.parameters[name].raw_value = snapped(plugin.parameters[name], PLACE)
    settle(plugin)
    return moved


def level_db(sound):
    return 10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-30)


def check_plugin(tally, path):
    name = path.stem
    first = pedalboard.load_plugin(str(path))
    tally.check(f"{name}: effect with parameters", first.is_effect and len(first.parameters) > 3, len(first.parameters))

    sound = play(first, noise())
    tally.check(f"{name}: plays", np.isfinite(sound).all() and level_db(sound) > -50, f"{level_db(sound):.1f} dBFS")

    before = values(first)
    moved = set_some(first)
    after = values(first)
    kept = [other for other in before if other not in moved and before[other] != after[other]]
    tally.check(f"{name}: sets {len(moved)} parameters", any(before[m] != after[m] for m in moved) and not kept, kept)

    second = pedalboard.load_plugin(str(path))
    second.raw_state = first.raw_state
    settle(second)
    differing = [n for n, value in values(second).items() if abs(value - after[n]) > 1e-6]
    tally.check(f"{name}: state comes back", not differing, differing or "")
    tally.check(f"{name}: saved twice, the same", second.raw_state == first.raw_state)
    same = np.array_equal(play(first, noise()), play(second, noise()))
    tally.check(f"{name}: two instances sound the same", same)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    bundles = sorted(Path(sys.argv[1]).glob("*.vst3"))
    if not bundles:
        sys.exit(f"no .vst3 in {sys.argv[1]}: run `cargo xtask bundle` first")
    tally = Tally()
    for path in bundles:
        try:
            check_plugin(tally, path)
        except Exception as error:  # A host that throws is a failure of the plugin, and the next still gets its turn.
            tally.check(f"{path.stem}: {type(error).__name__}: {error}", False)
    print(f"{tally.passed} passed, {tally.failed} failed")
    sys.exit(tally.failed > 0)


if __name__ == "__main__":
    main()
