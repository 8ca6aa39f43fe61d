//! The pages of a controller: the eight that a mixer automates come first.

use nice_plug::prelude::*;

use crate::params::DialogueDuckerParams;

/// Lays out what is automated, at most eight a page.
pub(crate) fn pages(params: &DialogueDuckerParams, context: &mut impl RemoteControlsContext) {
    let DialogueDuckerParams { difference, dialogue, movement, pull, output, .. } = params;
    context.add_section("Dialogue Ducker", |section| {
        section.add_page("Mix", |page| {
            page.add_param(&difference.target);
            page.add_param(&difference.max_depth);
            page.add_param(&difference.focus);
            page.add_param(&dialogue.manual_duck);
            page.add_param(&movement.hold);
            page.add_param(&movement.release);
            page.add_param(&pull.pull_out);
            page.add_param(&output.output);
        });
        section.add_page("Movement", |page| {
            page.add_param(&movement.attack);
            page.add_param(&movement.highs_first);
            page.add_param(&difference.bed_expand);
            page.add_param(&difference.only_when_masked);
            page.add_param(&pull.pull_fade);
            page.add_param(&pull.back);
            page.add_param(&pull.return_after);
            page.add_param(&pull.return_fade);
        });
        section.add_page("Dialogue", |page| {
            page.add_param(&dialogue.detector);
            page.add_param(&dialogue.sensitivity);
            page.add_param(&difference.anchor);
            page.add_param(&difference.follow);
            page.add_param(&difference.bed_trim);
            page.add_param(&difference.key_trim);
            page.add_param(&dialogue.look_ahead);
        });
    });
}
