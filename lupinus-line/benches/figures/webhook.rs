//! From the bytes of a webhook to its events, beside a bare HMAC and a bare parse to `Value`.

use std::hint::black_box;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use criterion::Criterion;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lupinus_line::{ChannelSecret, webhook};
use serde_json::Value;
use sha2::Sha256;

use super::table::{BARE, OURS};

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

const TEXT: &str = r#"{"type":"message","mode":"active","timestamp":1785540001000,"webhookEventId":"01K2Q7W8E9R0T1Y2V3B4N5M601","deliveryContext":{"isRedelivery":false},"source":{"type":"group","groupId":"C90ad0000111122223333444455556666","userId":"U5a1e0000111122223333444455556666"},"replyToken":"4c1d7000000000000000000000001eef","message":{"id":"571900000000000001","type":"text","text":"@Bot 土曜日の図書館は何時まで開いていますか (sun)","quoteToken":"q7Xw1-ZtR2_mN","markAsReadToken":"mr_5Yk0pLs","quotedMessageId":"571899999999999990","emojis":[{"index":30,"length":5,"productId":"5ac21a18040ab15980c9b43e","emojiId":"007"}],"mention":{"mentionees":[{"index":0,"length":4,"type":"user","userId":"U00112233445566778899aabbccddeeff","isSelf":true}]}}}"#;
const FOLLOW: &str = r#"{"type":"follow","mode":"active","timestamp":1785540010000,"webhookEventId":"01K2Q7W8E9R0T1Y2V3B4N5M60A","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"U5a1e0000111122223333444455556666"},"replyToken":"4c1d7000000000000000000000013556","follow":{"isUnblocked":false}}"#;
const POSTBACK: &str = r#"{"type":"postback","mode":"active","timestamp":1785540015000,"webhookEventId":"01K2Q7W8E9R0T1Y2V3B4N5M60F","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"U5a1e0000111122223333444455556666"},"replyToken":"4c1d700000000000000000000001d001","postback":{"data":"action=reserve&slot=3","params":{"datetime":"2026-08-08T10:30"}}}"#;
const IMAGE: &str = r#"{"type":"message","mode":"active","timestamp":1785540002000,"webhookEventId":"01K2Q7W8E9R0T1Y2V3B4N5M602","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"U5a1e0000111122223333444455556666"},"replyToken":"4c1d7000000000000000000000003dde","message":{"id":"571900000000000002","type":"image","quoteToken":"q7Xw1-ZtR2_mN","markAsReadToken":"mr_5Yk0pLs","contentProvider":{"type":"line"},"imageSet":{"id":"7D1C","index":1,"total":2}}}"#;
const STICKER: &str = r#"{"type":"message","mode":"active","timestamp":1785540007000,"webhookEventId":"01K2Q7W8E9R0T1Y2V3B4N5M607","deliveryContext":{"isRedelivery":false},"source":{"type":"user","userId":"U5a1e0000111122223333444455556666"},"replyToken":"4c1d700000000000000000000000d889","message":{"id":"571900000000000007","type":"sticker","quoteToken":"q7Xw1-ZtR2_mN","markAsReadToken":"mr_5Yk0pLs","packageId":"11537","stickerId":"52002745","stickerResourceType":"ANIMATION","keywords":["ok","yes"]}}"#;

fn body(events: &[&str]) -> Vec<u8> {
    let events = events.join(",");
    format!(r#"{{"destination":"U00112233445566778899aabbccddeeff","events":[{events}]}}"#).into_bytes()
}

fn hmac(body: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().into()
}

pub(crate) fn measure(criterion: &mut Criterion) {
    let secrets = [ChannelSecret::from(SECRET)];
    for (name, body) in
        [("one event", body(&[TEXT])), ("five events", body(&[TEXT, FOLLOW, POSTBACK, IMAGE, STICKER]))]
    {
        let signature = STANDARD.encode(hmac(&body));
        let envelope =
            || webhook::verify(&secrets, Some(signature.as_bytes()), &body).unwrap().parse().unwrap();
        assert!(envelope().events.iter().all(Result::is_ok), "all are decoded");

        let mut group = criterion.benchmark_group(name);
        group.bench_function(BARE, |bencher| {
            bencher.iter(|| {
                let body = black_box(&body[..]);
                (hmac(body), serde_json::from_slice::<Value>(body).unwrap())
            });
        });
        group.bench_function(OURS, |bencher| {
            bencher.iter(|| {
                let body = black_box(&body[..]);
                webhook::verify(&secrets, Some(signature.as_bytes()), body).unwrap().parse().unwrap()
            });
        });
        group.finish();
    }
}
