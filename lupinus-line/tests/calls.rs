//! Every call makes the request that its endpoint describes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;

use axum::http::Method;
use lupinus_line::client::{
    Broadcast, FOLLOWERS_PAGE, LoadingSeconds, Multicast, Push, Quota, Recipients, Reply, Request, SendKind,
    Transcoding,
};
use lupinus_line::endpoint::{self, Endpoint, Host};
use lupinus_line::message::Action;
use lupinus_line::rich_menu::{Area, Bounds, RichMenu, RichMenuImage, Size};
use lupinus_line::{
    ApiError, Client, GroupId, MarkAsReadToken, MessageId, ReplyToken, RetryKey, RichMenuAliasId, RichMenuId,
    RoomId,
};
use support::{Seen, Server, answer, hello, user};

const USER: &str = "U5a1e0000111122223333444455556666";
const ID: &[(&str, &str)] = &[("x-line-request-id", "abc")];

/// One good answer for each path that has one of its own.
fn line(request: &Seen) -> axum::response::Response {
    let path = request.target.split('?').next().unwrap();
    let body = match path {
        "/v2/bot/message/quota" => r#"{"type":"limited","value":200}"#,
        "/v2/bot/message/quota/consumption" => r#"{"totalUsage":7}"#,
        "/v2/bot/info" => {
            r#"{"userId":"U5a1e0000111122223333444455556666","basicId":"@a","displayName":"b","chatMode":"bot","markAsReadMode":"auto"}"#
        }
        "/v2/bot/channel/webhook/endpoint" => r#"{"endpoint":"https://example.org/webhook","active":true}"#,
        "/v2/bot/channel/webhook/test" => {
            r#"{"success":true,"timestamp":"2026-09-30T05:38:20.031Z","statusCode":200,"reason":"OK","detail":"200"}"#
        }
        "/v2/bot/followers/ids" => r#"{"userIds":["U5a1e0000111122223333444455556666"],"next":"p 2&"}"#,
        "/v2/bot/richmenu/list" => {
            r#"{"richmenus":[{"richMenuId":"m"},{"richMenuId":"n","size":{"width":2500,"height":843},"selected":true,"name":"x","chatBarText":"y","areas":[{}]}]}"#
        }
        "/v2/bot/richmenu/alias/list" => r#"{"aliases":[{"richMenuAliasId":"tab-b","richMenuId":"m"}]}"#,
        "/v2/bot/richmenu/alias/tab-b" => r#"{"richMenuAliasId":"tab-b","richMenuId":"m"}"#,
        "/v2/bot/group/C1/summary" => r#"{"groupId":"C1","groupName":"a"}"#,
        "/v2/bot/group/C1/members/count" => r#"{"count":3}"#,
        _ if path.ends_with("/linkToken") => r#"{"linkToken":"NMZT"}"#,
        _ if path.ends_with("/transcoding") => r#"{"status":"succeeded"}"#,
        _ if path.contains("/profile/") || path.contains("/member/") => {
            r#"{"displayName":"a","userId":"U5a1e0000111122223333444455556666"}"#
        }
        _ if path.contains("/richmenu") => r#"{"richMenuId":"m"}"#,
        _ => "{}",
    };
    answer(200, ID, body)
}

fn menu() -> RichMenu {
    let bounds = Bounds { x: 0, y: 0, width: 2_500, height: 843 };
    let area = Area { bounds, action: Action::message("a").unwrap() };
    RichMenu::new(Size { width: 2_500, height: 843 }, "menu-a", "メニュー", [area]).unwrap()
}

async fn call_everything(client: &Client) -> Result<(), ApiError> {
    let message = MessageId::new("571900000000000002").unwrap();
    let (menu_id, alias) = (RichMenuId::new("m").unwrap(), RichMenuAliasId::new("tab-b").unwrap());
    let (group, room) = (GroupId::new("C1").unwrap(), RoomId::new("R1").unwrap());
    let users = Recipients::new([user()]).unwrap();
    let key = RetryKey::random;

    let _ = client.reply(&Reply::new(ReplyToken::new("4c1d").unwrap(), hello())).await?;
    let _ = client.push(&Push::new(user(), hello()), key()).await?;
    let _ = client.multicast(&Multicast::new(users.clone(), hello()), key()).await?;
    let _ = client.broadcast(&Broadcast::new(hello()), key()).await?;
    for kind in
        [SendKind::Reply, SendKind::Push, SendKind::Multicast, SendKind::Narrowcast, SendKind::Broadcast]
    {
        client.validate(kind, &hello()).await?;
    }

    assert_eq!(client.quota().await?.value, Quota::Limited(200));
    assert_eq!(client.quota_consumption().await?.value, 7);
    client.bot_info().await?;
    assert!(client.webhook_endpoint().await?.value.active);
    client.set_webhook_endpoint("https://example.org/webhook").await?;
    assert!(client.test_webhook_endpoint(None).await?.value.success);

    client.content(&message).await?.bytes(100).await?;
    client.content_preview(&message).await?.bytes(100).await?;
    assert_eq!(client.transcoding(&message).await?.value, Transcoding::Succeeded);

    client.profile(&user()).await?;
    let page = client.followers(FOLLOWERS_PAGE, None).await?.value;
    client.followers(FOLLOWERS_PAGE, page.next.as_ref()).await?;
    client.group_summary(&group).await?;
    assert_eq!(client.group_member_count(&group).await?.value, 3);
    client.group_member_profile(&group, &user()).await?;
    client.leave_group(&group).await?;
    client.leave_room(&room).await?;
    client.start_loading(&user(), LoadingSeconds::default()).await?;
    client.mark_as_read(&MarkAsReadToken::new("t").unwrap()).await?;
    assert_eq!(client.issue_link_token(&user()).await?.value.as_str(), "NMZT");

    assert_eq!(client.create_rich_menu(&menu()).await?.value, menu_id);
    client.validate_rich_menu(&menu()).await?;
    let image = RichMenuImage::new(&b"\x89PNG\r\n\x1a\n"[..]).unwrap();
    client.set_rich_menu_image(&menu_id, &image).await?;
    client.rich_menu_image(&menu_id).await?.bytes(100).await?;
    client.rich_menu(&menu_id).await?;
    assert_eq!(client.rich_menus().await?.value.len(), 2);
    client.delete_rich_menu(&menu_id).await?;
    client.set_default_rich_menu(&menu_id).await?;
    client.default_rich_menu().await?;
    client.clear_default_rich_menu().await?;
    client.link_rich_menu(&user(), &menu_id).await?;
    client.unlink_rich_menu(&user()).await?;
    client.rich_menu_of(&user()).await?;
    client.bulk_link_rich_menu(&users, &menu_id).await?;
    client.bulk_unlink_rich_menu(&users).await?;
    client.create_rich_menu_alias(&alias, &menu_id).await?;
    client.update_rich_menu_alias(&alias, &menu_id).await?;
    client.rich_menu_alias(&alias).await?;
    client.delete_rich_menu_alias(&alias).await?;
    client.rich_menu_aliases().await?;
    Ok(())
}

/// The endpoint a request was made to: literal segments before placeholders, as a router decides.
fn endpoint_of(request: &Seen, host: Host) -> &'static Endpoint {
    let path = request.target.split('?').next().unwrap();
    let fits = |endpoint: &&Endpoint| {
        let (wanted, got) = (endpoint.path.split('/'), path.split('/'));
        endpoint.method == request.method
            && endpoint.host == host
            && wanted.clone().count() == got.clone().count()
            && wanted
                .zip(got)
                .all(|(wanted, got)| wanted == got || (wanted.starts_with('{') && !got.is_empty()))
    };
    let found = endpoint::all().filter(fits).min_by_key(|endpoint| endpoint.path.matches('{').count());
    found.unwrap_or_else(|| panic!("no endpoint for {} {path} on {host:?}", request.method))
}

#[tokio::test]
async fn every_endpoint_is_called_as_described() {
    let (api, data) = (Server::answering(line).await, Server::answering(line).await);
    let token = lupinus_line::ChannelToken::from("tok-offline-1");
    let client =
        Client::builder(token).api_base(&api.base).data_base(format!("{}/", data.base)).build().unwrap();
    call_everything(&client).await.unwrap();

    let mut called = BTreeSet::new();
    for (host, requests) in [(Host::Api, api.seen()), (Host::Data, data.seen())] {
        for request in requests {
            let endpoint = endpoint_of(&request, host);
            let name = format!("{} {}", endpoint.method, endpoint.path);
            let header = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
            assert_eq!(header("authorization"), Some("Bearer tok-offline-1"), "{name}");
            assert_eq!(header("x-line-retry-key").is_some(), endpoint.takes_retry_key, "{name}");
            assert!(
                !request.target.contains("//") && !request.target.ends_with('/'),
                "{name}: {}",
                request.target
            );
            let is_image = endpoint == &endpoint::SET_RICH_MENU_IMAGE;
            let content_type = match (request.body.is_empty(), is_image) {
                (true, _) => None,
                (false, true) => Some("image/png"),
                (false, false) => Some("application/json"),
            };
            assert_eq!(header("content-type"), content_type, "{name}");
            if !request.body.is_empty() && !is_image {
                serde_json::from_slice::<serde_json::Value>(&request.body).expect(&name);
            }
            called.insert(name);
        }
    }
    assert!(called.len() > 45, "{called:?}");
}

#[tokio::test]
async fn bodies_and_queries_are_as_documented() {
    let server = Server::answering(line).await;
    call_everything(&server.client()).await.unwrap();
    let seen = server.seen();
    let body = |path: &str| {
        let request = seen.iter().find(|request| request.target == path).expect(path);
        String::from_utf8(request.body.to_vec()).unwrap()
    };
    let messages = r#""messages":[{"type":"text","text":"こんにちは"}]"#;
    for (path, expected) in [
        ("/v2/bot/message/reply", format!(r#"{{"replyToken":"4c1d",{messages}}}"#)),
        ("/v2/bot/message/push", format!(r#"{{"to":"{USER}",{messages}}}"#)),
        ("/v2/bot/message/multicast", format!(r#"{{"to":["{USER}"],{messages}}}"#)),
        ("/v2/bot/message/broadcast", format!("{{{messages}}}")),
        ("/v2/bot/message/validate/push", format!("{{{messages}}}")),
        ("/v2/bot/chat/loading/start", format!(r#"{{"chatId":"{USER}","loadingSeconds":20}}"#)),
        ("/v2/bot/chat/markAsRead", r#"{"markAsReadToken":"t"}"#.to_owned()),
        ("/v2/bot/channel/webhook/test", "{}".to_owned()),
        ("/v2/bot/richmenu/bulk/link", format!(r#"{{"richMenuId":"m","userIds":["{USER}"]}}"#)),
        ("/v2/bot/richmenu/bulk/unlink", format!(r#"{{"userIds":["{USER}"]}}"#)),
        ("/v2/bot/richmenu/alias", r#"{"richMenuAliasId":"tab-b","richMenuId":"m"}"#.to_owned()),
        (
            "/v2/bot/richmenu",
            r#"{"size":{"width":2500,"height":843},"selected":false,"name":"menu-a","chatBarText":"メニュー","areas":[{"bounds":{"x":0,"y":0,"width":2500,"height":843},"action":{"type":"message","text":"a"}}]}"#.to_owned(),
        ),
    ] {
        assert_eq!(body(path), expected, "{path}");
    }
    let targets: Vec<_> = seen.iter().map(|request| request.target.as_str()).collect();
    assert!(targets.contains(&"/v2/bot/followers/ids?limit=300"));
    assert!(targets.contains(&"/v2/bot/followers/ids?limit=300&start=p+2%26"));
}

#[tokio::test]
async fn the_same_send_repeated_is_the_same_request() {
    let server = Server::answering(line).await;
    let (push, key) = (Push::new(user(), hello()), RetryKey::random());
    for _ in 0..2 {
        let _ = server.client().push(&push, key).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(seen[0].headers["x-line-retry-key"], key.to_string());
    assert_eq!(seen[0].headers["x-line-retry-key"], seen[1].headers["x-line-retry-key"]);
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn an_endpoint_without_a_call_of_its_own_is_no_dead_end() {
    const DEMOGRAPHIC: Endpoint = Endpoint::new(Method::GET, Host::Api, "/v2/bot/insight/demographic");
    let server = Server::fixed(200, ID, r#"{"available":true}"#).await;
    let answer = server.client().request(&Request::new(DEMOGRAPHIC).query("date", "20260930")).await.unwrap();
    let answer = answer.json::<serde_json::Value>().unwrap();
    assert_eq!(answer.value["available"], true);
    assert_eq!(answer.request_id.unwrap().as_str(), "abc");
    assert_eq!(server.seen()[0].target, "/v2/bot/insight/demographic?date=20260930");
}

#[tokio::test]
async fn a_retry_key_where_line_takes_none_never_leaves() {
    let server = Server::fixed(200, ID, "{}").await;
    let request = Request::new(endpoint::REPLY).json("{}").retry_key(RetryKey::random());
    let error = server.client().request(&request).await.unwrap_err();
    assert!(matches!(error, ApiError::Invalid(_)), "{error:?}");
    assert!(server.seen().is_empty());
}
