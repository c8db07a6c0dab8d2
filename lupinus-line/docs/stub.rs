// A server for the examples of these pages: answers one request after another with what it was given, as JSON.
pub fn answering(answers: &'static [(u16, &'static str)]) -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            while !whole(&request) {
                let mut piece = [0; 4096];
                let length = stream.read(&mut piece).unwrap();
                request.push_str(&String::from_utf8_lossy(&piece[..length]));
            }
            let head = format!("HTTP/1.1 {status} -\r\nx-line-request-id: 0b1d9f6a\r\nconnection: close");
            let _ = write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        }
    });
    base
}

fn whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.to_lowercase().split_once("content-length: ").map_or(0, |(_, rest)| {
        rest.split("\r\n").next().unwrap().parse().unwrap()
    });
    body.len() >= length
}
