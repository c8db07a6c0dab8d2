//! A page in a browser.
//!
//! Needs Chromium, found on the path or named by `CHROME`. Without it the tests say `skipped:` and pass, unless
//! `LUPINUS_REQUIRE_BROWSER` is set. With `LUPINUS_SCREENSHOTS=FOLDER` they leave pictures there.
#![allow(dead_code, reason = "each test uses its part")]

use std::{io::Write as _, path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use chromiumoxide::{
    Browser, BrowserConfig, Page,
    cdp::{
        browser_protocol::{
            fetch::{self, EventRequestPaused, FulfillRequestParams, HeaderEntry, RequestPattern},
            input::InsertTextParams,
        },
        js_protocol::runtime::EvaluateParams,
    },
    error::CdpError,
    handler::viewport::Viewport,
    page::ScreenshotParams,
};
use futures::StreamExt;
use serde_json::{Value, json};

pub(crate) const DESKTOP: (u32, u32) = (1280, 860);
pub(crate) const NARROW: (u32, u32) = (390, 844);

/// Long enough for what takes a moment on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A browser with one page.
pub(crate) struct Screen {
    pub(crate) page: Page,
    /// Ends the browser when it is dropped.
    _browser: Browser,
    _profile: tempfile::TempDir,
}

/// Starts a browser; `None`, with a word about it, when there is none.
pub(crate) async fn screen(size: (u32, u32)) -> Option<Screen> {
    let profile = tempfile::tempdir().unwrap();
    let viewport =
        Viewport { width: size.0, height: size.1, device_scale_factor: Some(1.0), ..Viewport::default() };
    let config = BrowserConfig::builder()
        .new_headless_mode()
        .no_sandbox()
        .user_data_dir(profile.path())
        .window_size(size.0, size.1)
        .viewport(viewport)
        .args(["font-render-hinting=none", "force-color-profile=srgb", "lang=ja"])
        .build();
    let config = match config {
        Ok(config) => config,
        Err(problem) if std::env::var_os("LUPINUS_REQUIRE_BROWSER").is_some() => panic!("{problem}"),
        Err(problem) => {
            // Not by `println!`, which a test that passes does not show.
            let _ = writeln!(std::io::stderr(), "skipped: no browser: {problem}");
            return None;
        }
    };
    let (browser, mut handler) = Browser::launch(config).await.unwrap();
    tokio::spawn(async move { while handler.next().await.is_some() {} });
    let page = browser.new_page("about:blank").await.unwrap();
    serve_pictures(&page).await;
    Some(Screen { page, _browser: browser, _profile: profile })
}

/// The host of the pictures in messages. It does not exist: the browser gets them from [`serve_pictures`].
const PICTURES: &str = "https://pictures.example";

/// Answers the browser's requests for `/{colour}/{width}/{height}/{label}` with a plain picture with a label on it.
/// An imagemap asks for such a path with a width behind it.
async fn serve_pictures(page: &Page) {
    let pattern = RequestPattern::builder().url_pattern(format!("{PICTURES}/*")).build();
    page.execute(fetch::EnableParams::builder().pattern(pattern).build()).await.unwrap();
    let mut asked = page.event_listener::<EventRequestPaused>().await.unwrap();
    let page = page.clone();
    tokio::spawn(async move {
        while let Some(request) = asked.next().await {
            let parts: Vec<&str> = request.request.url.split('/').skip(3).collect();
            let svg = STANDARD.encode(draw(&parts).unwrap_or_default());
            let answer = FulfillRequestParams::builder()
                .request_id(request.request_id.clone())
                .response_code(200)
                .response_header(HeaderEntry { name: "content-type".into(), value: "image/svg+xml".into() })
                .body(svg)
                .build()
                .unwrap();
            // The page may be gone by now.
            let _ = page.execute(answer).await;
        }
    });
}

fn draw(parts: &[&str]) -> Option<String> {
    let [colour, width, height, label, ..] = parts else { return None };
    let (width, height): (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
    let (x, y, size) = (width / 2, height / 2, height / 6);
    Some(format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>\
         <rect width='100%' height='100%' fill='#{colour}'/><circle cx='{x}' cy='{y}' r='{size}' fill='#fff8'/>\
         <text x='{x}' y='{y}' font-size='{size}' text-anchor='middle' fill='#222'>{label}</text></svg>"
    ))
}

impl Screen {
    /// Opens the emulator's page with this chat.
    pub(crate) async fn show(&self, url: &str, chat: &str) {
        self.go("about:blank").await;
        self.go(&format!("{url}/#{chat}")).await;
        self.until("document.body?.dataset.ready").await;
    }

    /// On a machine that builds beside the tests, a browser may take longer than the driver's own patience.
    async fn go(&self, address: &str) {
        let mut refused = None;
        for _ in 0..3 {
            match self.page.goto(address).await {
                Ok(_) => return,
                Err(error) => refused = Some(error),
            }
        }
        panic!("{address}: {refused:?}");
    }

    /// The value of an expression in the page.
    pub(crate) async fn js(&self, expression: &str) -> Value {
        self.evaluate(expression).await.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    async fn evaluate(&self, expression: &str) -> Result<Value, CdpError> {
        let call = EvaluateParams::builder()
            .expression(format!("(async () => ({expression}))()"))
            .await_promise(true)
            .return_by_value(true)
            .user_gesture(true)
            .build()
            .unwrap();
        Ok(self.page.evaluate_expression(call).await?.value().cloned().unwrap_or(Value::Null))
    }

    /// Waits until an expression is true in the page; gives its value.
    pub(crate) async fn until(&self, expression: &str) -> Value {
        let wait = format!(
            "await new Promise((resolve) => {{ const end = performance.now() + {}; const look = () => {{ \
             const seen = {expression}; if (seen || performance.now() > end) resolve(seen || null); \
             else setTimeout(look, 15); }}; look(); }})",
            PATIENCE.as_millis()
        );
        let patience = tokio::time::Instant::now() + PATIENCE;
        let value = loop {
            match self.evaluate(&wait).await {
                Ok(value) => break value,
                // The page was loaded anew meanwhile, or is about to be.
                Err(_) if tokio::time::Instant::now() < patience => {}
                Err(error) => panic!("{expression}: {error}"),
            }
        };
        if value.is_null() {
            self.shot("failed").await;
            panic!("never came true: {expression}");
        }
        value
    }

    /// Waits for an element and clicks in its middle, as a person would.
    pub(crate) async fn click(&self, selector: &str) {
        let quoted = json!(selector);
        self.until(&format!("document.querySelector({quoted})")).await;
        self.click_node(&format!("document.querySelector({quoted})")).await;
    }

    /// Clicks the first element of a kind with exactly this text.
    pub(crate) async fn click_text(&self, selector: &str, text: &str) {
        let node = with_text(selector, text);
        self.until(&node).await;
        self.click_node(&node).await;
    }

    /// Clicks the last element of a kind that bears this text or this label.
    pub(crate) async fn click_last(&self, selector: &str, text: &str) {
        let (selector, text) = (json!(selector), json!(text));
        let node = format!(
            "[...document.querySelectorAll({selector})].filter((one) => one.offsetParent && \
             [one.textContent.trim(), one.getAttribute('aria-label')].includes({text})).at(-1)"
        );
        self.until(&node).await;
        self.click_node(&node).await;
    }

    async fn click_node(&self, node: &str) {
        // It is clicked where it has stood for two frames: pictures that load late move what is around them.
        let middle = format!(
            "await (async () => {{ const frames = () => new Promise((resolve) => \
             requestAnimationFrame(() => requestAnimationFrame(resolve))); \
             const end = performance.now() + {}; let before = []; for (;;) {{ \
             const node = {node}; node?.scrollIntoView({{ block: 'center', inline: 'center' }}); await frames(); \
             const {{ x, y, width, height }} = node?.getBoundingClientRect() ?? {{}}; \
             const [left, top] = [x + width / 2, y + height / 2]; \
             const hit = node && document.elementFromPoint(left, top); \
             const free = Boolean(node) && (node === hit || node.contains(hit)); \
             if ((free && before[0] === left && before[1] === top) || performance.now() > end) \
             return [left, top, free, hit?.outerHTML.slice(0, 200)]; before = [left, top]; }} }})()",
            PATIENCE.as_millis()
        );
        self.settled().await;
        let middle = self.js(&middle).await;
        assert_eq!(middle[2], true, "{node} is covered by {}", middle[3]);
        let (x, y) = (middle[0].as_f64().unwrap(), middle[1].as_f64().unwrap());
        self.page.click(chromiumoxide::layout::Point::new(x, y)).await.unwrap();
    }

    /// Types into the field that has the focus.
    pub(crate) async fn type_text(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Puts a value into a field, as typing it would.
    pub(crate) async fn fill(&self, selector: &str, value: &str) {
        let (selector, value) = (json!(selector), json!(value));
        self.until(&format!("document.querySelector({selector})")).await;
        self.js(&format!(
            "(() => {{ const field = document.querySelector({selector}); field.value = {value}; \
             field.dispatchEvent(new Event('input', {{ bubbles: true }})); \
             field.dispatchEvent(new Event('change', {{ bubbles: true }})); return true; }})()"
        ))
        .await;
    }

    /// Where an element is: `[left, top, width, height]`.
    pub(crate) async fn bounds(&self, selector: &str) -> [f64; 4] {
        self.bounds_of(&format!("document.querySelector({})", json!(selector))).await
    }

    pub(crate) async fn bounds_of(&self, node: &str) -> [f64; 4] {
        let found = self
            .js(&format!(
                "(() => {{ const {{ x, y, width, height }} = {node}.getBoundingClientRect(); \
                 return [x, y, width, height]; }})()"
            ))
            .await;
        [0, 1, 2, 3].map(|index: usize| found[index].as_f64().unwrap_or_else(|| panic!("{node}: {found}")))
    }

    /// Leaves a picture of the page where screenshots are asked for.
    pub(crate) async fn shot(&self, name: &str) {
        let Some(folder) = std::env::var_os("LUPINUS_SCREENSHOTS").map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).unwrap();
        self.settled().await;
        let picture = self.page.screenshot(ScreenshotParams::builder().build()).await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    /// Waits until the pictures on the page are loaded.
    pub(crate) async fn settled(&self) {
        let loaded = "Promise.race([Promise.all([...document.images].filter((one) => !one.complete && \
                      one.loading !== 'lazy').map((one) => one.decode().catch(() => null))).then(() => true), \
                      new Promise((resolve) => setTimeout(() => resolve(true), 3000))])";
        self.js(&format!("await {loaded}")).await;
        self.js("await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))")
            .await;
    }
}

/// The address of a picture.
pub(crate) fn picture(colour: &str, width: u32, height: u32, label: &str) -> String {
    format!("{PICTURES}/{colour}/{width}/{height}/{label}")
}

/// The first element of a kind with exactly this text.
pub(crate) fn with_text(selector: &str, text: &str) -> String {
    let (selector, text) = (json!(selector), json!(text));
    format!("[...document.querySelectorAll({selector})].find((one) => one.textContent.trim() === {text})")
}
