//! The key (sidechain) input, whatever the host connected.

use nice_plug::prelude::AuxiliaryBuffers;

/// The first key input's channels. Nothing connected gives empty slices, and a host may hand in channels that are
/// shorter than the block: an engine reads what is there and takes the rest for silence.
pub fn channels<'a>(aux: &'a AuxiliaryBuffers) -> [&'a [f32]; 2] {
    let mut channels: [&[f32]; 2] = [&[], &[]];
    if let Some(key) = aux.inputs.first() {
        for (to, from) in channels.iter_mut().zip(key.as_slice_immutable()) {
            *to = from;
        }
    }
    channels
}

#[cfg(test)]
mod tests {
    use super::*;
    use nice_plug::prelude::Buffer;

    #[test]
    fn absent_and_short_channels_are_no_error() {
        let none = AuxiliaryBuffers { inputs: &mut [], outputs: &mut [] };
        assert_eq!(channels(&none), [&[] as &[f32], &[]]);
        let mut left = [1.0f32, 2.0];
        let mut key = [Buffer::default()];
        // SAFETY: the slice outlives the buffer, and is as long as the samples it is said to have.
        unsafe { key[0].set_slices(2, |slices| *slices = vec![&mut left[..]]) };
        let aux = AuxiliaryBuffers { inputs: &mut key, outputs: &mut [] };
        assert_eq!(channels(&aux), [&[1.0f32, 2.0][..], &[]]);
    }
}
