//! The form of a `.vstpreset` file (Steinberg, "VST 3 Preset File Format Definition"): a header, the chunks' data, and a
//! list of where each chunk lies. Numbers are little-endian.

/// `VST3`, the format's version, the class id as 32 hexadecimal digits, the place of the list.
const HEADER: usize = 4 + 4 + 32 + 8;
const VERSION: i32 = 1;

/// One entry of the list: the chunk's name, where it begins, how long it is.
const ENTRY: usize = 4 + 8 + 8;

/// What the component saves; what a browser shows.
pub const COMPONENT: &[u8; 4] = b"Comp";
pub const INFO: &[u8; 4] = b"Info";

/// The bytes of a file with these chunks.
pub fn encode(class: &[u8; 16], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let data: usize = chunks.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut file = b"VST3".to_vec();
    file.extend(VERSION.to_le_bytes());
    file.extend(class.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()));
    file.extend(((HEADER + data) as i64).to_le_bytes());
    chunks.iter().for_each(|(_, bytes)| file.extend(*bytes));
    file.extend(b"List");
    file.extend((chunks.len() as i32).to_le_bytes());
    let mut place = HEADER;
    for (name, bytes) in chunks {
        file.extend(*name);
        file.extend((place as i64).to_le_bytes());
        file.extend((bytes.len() as i64).to_le_bytes());
        place += bytes.len();
    }
    file
}

/// The chunk of this name, where `file` is whole so far as to have one.
pub fn chunk<'f>(file: &'f [u8], name: &[u8; 4]) -> Option<&'f [u8]> {
    let number = |bytes: &[u8]| usize::try_from(i64::from_le_bytes(bytes.try_into().ok()?)).ok();
    let list = file.get(number(file.get(HEADER - 8..HEADER)?)?..)?;
    if !file.starts_with(b"VST3") || !list.starts_with(b"List") {
        return None;
    }
    let entry = list.get(8..)?.chunks_exact(ENTRY).find(|entry| entry.starts_with(name))?;
    let (place, length) = (number(&entry[4..12])?, number(&entry[12..])?);
    file.get(place..place.checked_add(length)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let file = encode(b"GreenRingMisbehv", &[(COMPONENT, b"{}"), (INFO, b"<x/>")]);
        assert_eq!(&file[..8], b"VST3\x01\0\0\0");
        assert_eq!(&file[8..40], b"477265656E52696E674D697362656876");
        assert_eq!(chunk(&file, COMPONENT), Some(&b"{}"[..]));
        assert_eq!(chunk(&file, INFO), Some(&b"<x/>"[..]));
        assert_eq!(chunk(&file, b"Prog"), None);
    }

    #[test]
    fn a_damaged_file_has_no_chunks() {
        let whole = encode(b"GreenRingMisbehv", &[(COMPONENT, b"{}")]);
        for length in 0..whole.len() {
            assert_eq!(chunk(&whole[..length], COMPONENT), None, "{length} bytes");
        }
        let mut far = whole.clone();
        far[40..48].copy_from_slice(&i64::MAX.to_le_bytes());
        assert_eq!(chunk(&far, COMPONENT), None);
    }
}
