//! Plugin states that are not whole.

use serde_json::{Value, json};

/// What one value can be damaged into, whatever it was: out of range, of another type, an unknown choice.
fn spoilt_values() -> Vec<Value> {
    vec![
        json!({"f32": 1e30}),
        json!({"f32": -1e30}),
        json!({"i32": 99}),
        json!({"i32": i32::MAX}),
        json!({"i32": i32::MIN}),
        json!({"bool": true}),
        json!({"string": "no such choice"}),
        json!({"string": ""}),
    ]
}

/// Damaged forms of a whole state (the plugins' JSON): not JSON, not a state, cut short, foreign, and with every value
/// spoilt in turn.
///
/// # Panics
/// When the state is not whole.
pub fn damaged(whole: &[u8]) -> Vec<Vec<u8>> {
    let state: Value = serde_json::from_slice(whole).expect("a whole state");
    let with = |part: &str, value: Value| {
        let mut spoilt = state.clone();
        spoilt[part] = value;
        spoilt.to_string().into_bytes()
    };
    let junk = [&b""[..], b"\0", b"garbage", b"[1,2]", b"{}", b"null", b"{\"version\":1}", b"\xff\xfe"];
    let mut all: Vec<_> = junk.map(<[u8]>::to_vec).to_vec();
    all.extend([1, 2, 10].map(|cut| whole[..whole.len() - whole.len() / cut].to_vec()));
    all.push(String::from_utf8_lossy(whole).replace("\"f32\":", "\"f32\":1e99").into_bytes());
    all.push(with("fields", json!({"size": "junk", "": "\u{0}"})));
    all.push(with("params", json!({"foreign": {"f32": 0.5}, "": {"bool": true}})));
    for value in spoilt_values() {
        let ids = state["params"].as_object().expect("parameters").keys();
        let params = ids.map(|id| (id.clone(), value.clone())).collect();
        all.push(with("params", Value::Object(params)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::damaged;

    #[test]
    fn every_damage_differs_from_the_whole_and_from_the_others() {
        let whole = br#"{"version":"1","params":{"a":{"f32":0.5},"b":{"bool":false}},"fields":{}}"#;
        let mut all = damaged(whole);
        let count = all.len();
        all.push(whole.to_vec());
        all.sort();
        all.dedup();
        // The state cut to nothing is also the first piece of junk.
        assert_eq!(all.len(), count);
    }
}
