//! The pages of a controller: the eight that a mixer automates come first.

use nice_plug::prelude::*;

use crate::params::TapeDecayParams;

/// Lays out what is automated, at most eight a page.
pub(crate) fn pages(params: &TapeDecayParams, context: &mut impl RemoteControlsContext) {
    let TapeDecayParams { decay, tape, machine, transport, output, .. } = params;
    context.add_section("Tape Decay", |section| {
        section.add_page("Mix", |page| {
            for param in [&decay.wear, &decay.passes, &tape.drive, &transport.wow, &tape.hiss] {
                page.add_param(param);
            }
            page.add_param(&transport.tape_stop);
            page.add_param(&output.mix);
            page.add_param(&output.output);
        });
        section.add_page("Decay", |page| {
            page.add_param(&decay.pass_mode);
            page.add_param(&decay.map);
            for param in [&decay.pass_length_bars, &decay.pass_length, &decay.shed_rate] {
                page.add_param(param);
            }
            page.add_param(&decay.dropouts);
            page.add_param(&decay.spacing);
        });
        section.add_page("Tape", |page| {
            for param in [&tape.operating_level, &tape.bias, &tape.hysteresis, &tape.even_harmonics] {
                page.add_param(param);
            }
            page.add_param(&tape.modulation_noise);
            page.add_param(&tape.print_through);
            page.add_param(&tape.quality);
        });
        section.add_page("Machine", |page| {
            page.add_param(&machine.machine);
            page.add_param(&machine.speed);
            page.add_param(&machine.equalisation);
            for param in [&machine.head_bump, &machine.azimuth, &machine.crosstalk, &output.width] {
                page.add_param(param);
            }
        });
        section.add_page("Transport", |page| {
            page.add_param(&transport.stop_time);
            for param in [&transport.flutter, &transport.wow_rate, &transport.flutter_rate, &transport.scrape] {
                page.add_param(param);
            }
            page.add_param(&transport.seed);
            page.add_param(&transport.sync);
            page.add_param(&transport.start);
        });
    });
}
