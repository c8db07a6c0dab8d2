use std::num::NonZeroU32;

use jiff::Timestamp;
use jiff::civil::date;
use lupinus_line::client::{
    Acquisition, Age, AggregationUnit, AppType, AreaCode, Broadcast, CashBack, Counted, Coupon, CouponStatus,
    CouponZone, DeliveryTag, Discount, Filter, FriendFor, Gender, Limit, Multicast, Narrowcast, PhoneHash,
    PhonePush, Push, Recipients, Reply, Reward, SendKind, Target,
};
use lupinus_line::message::MediaUrl;
use lupinus_line::{ApiError, AudienceId, Client, CouponId, MessageId, ReplyToken, RequestId, RetryKey};

use super::{hello, user};

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let key = RetryKey::random;
    let unit = AggregationUnit::new("post_1").unwrap();
    let users = Recipients::new([user()]).unwrap();
    let reply = Reply::new(ReplyToken::new("4c1d").unwrap(), hello());
    let _ = line.reply(&reply).await?;
    let _ = line.reply(&reply.silently()).await?;
    let _ = line.push(&Push::new(user(), hello()), key()).await?;
    let _ = line.push(&Push::new(user(), hello()).silently().counted_as(unit.clone()), key()).await?;
    let _ = line.multicast(&Multicast::new(users.clone(), hello()), key()).await?;
    let _ = line.multicast(&Multicast::new(users, hello()).silently().counted_as(unit), key()).await?;
    let _ = line.broadcast(&Broadcast::new(hello()), key()).await?;
    let _ = line.broadcast(&Broadcast::new(hello()).silently(), key()).await?;
    let _ = line.narrowcast(&Narrowcast::new(hello()), key()).await?;
    let target = Target::all([
        Target::audience(AudienceId::new(1)),
        Target::except(Target::recipients_of(RequestId::new("r").unwrap())),
    ]);
    let filter = Filter::any([
        Filter::gender([Gender::Female]).unwrap(),
        Filter::age(Some(Age::new(20).unwrap()), Some(Age::new(25).unwrap())).unwrap(),
        Filter::area([AreaCode::prefecture(13).unwrap()]).unwrap(),
        Filter::app_type([AppType::Ios, AppType::Android]).unwrap(),
        Filter::friend_for(Some(FriendFor::days(7).unwrap()), None).unwrap(),
    ]);
    let narrow = Narrowcast::new(hello()).to(target.unwrap()).only(filter.unwrap()).silently();
    for limit in [Limit::at_most(NonZeroU32::MIN), Limit::up_to_remaining_quota(), Limit::whole_or_nothing()]
    {
        let _ = line.narrowcast(&narrow.clone().limit(limit), key()).await?;
    }
    line.narrowcast_progress(&RequestId::new("r").unwrap()).await?;
    for kind in
        [SendKind::Reply, SendKind::Push, SendKind::Multicast, SendKind::Narrowcast, SendKind::Broadcast]
    {
        line.validate(kind, &hello()).await?;
    }
    line.quota().await?;
    line.quota_consumption().await?;
    for of in [Counted::Replies, Counted::Pushes, Counted::Multicasts, Counted::Broadcasts, Counted::ByPhone]
    {
        line.sent_count(of, date(2026, 9, 30)).await?;
    }
    line.units_used().await?;
    let page = line.unit_names(100, None).await?.value;
    line.unit_names(1, page.next.as_ref()).await?;
    let phone = PhonePush::new(PhoneHash::of_e164("+818000001234").unwrap(), hello());
    line.push_by_phone(&phone, None).await?;
    line.push_by_phone(&phone.silently(), Some(&DeliveryTag::new("post-2026-09-30-1").unwrap())).await?;
    let message = MessageId::new("571900000000000002").unwrap();
    line.content(&message).await?.bytes(1_000).await?;
    line.content_preview(&message).await?.bytes(1_000).await?;
    line.transcoding(&message).await?;
    coupons(line).await
}

async fn coupons(line: &Client) -> Result<(), ApiError> {
    let at = |second| Timestamp::from_second(second).unwrap();
    let least = Coupon::new("相談会", at(1_785_540_000), at(1_785_626_400), CouponZone::Tokyo).unwrap();
    line.create_coupon(&least).await?;
    let url = || MediaUrl::new("https://cdn.example.org/c.jpg").unwrap();
    let whole = least
        .description("夏の相談会")
        .and_then(|coupon| coupon.usage_condition("一度だけ"))
        .and_then(|coupon| coupon.code("A-1"))
        .unwrap()
        .image(url())
        .barcode(url())
        .public();
    let lottery = Acquisition::Lottery { lottery_probability: 50, max_acquire_count: -1 };
    let whole = whole.acquisition(lottery).unwrap().any_number_of_times();
    for reward in [
        Reward::CashBack { price_info: Some(CashBack::Fixed { fixed_amount: 100 }) },
        Reward::CashBack { price_info: Some(CashBack::Percentage { percentage: 5 }) },
        Reward::Discount { price_info: Some(Discount::Fixed { fixed_amount: 100 }) },
        Reward::Discount { price_info: Some(Discount::Percentage { percentage: 5 }) },
        Reward::Discount {
            price_info: Some(Discount::Explicit { price_after_discount: 50, original_price: 100 }),
        },
        Reward::Discount { price_info: None },
        Reward::Free,
        Reward::Gift,
        Reward::Others,
    ] {
        line.create_coupon(&whole.clone().reward(reward).unwrap()).await?;
    }
    let id = CouponId::new("01K2QCOUPN").unwrap();
    line.coupon(&id).await?;
    line.close_coupon(&id).await?;
    let page = line.coupons(&[], 100, None).await?.value;
    line.coupons(&[CouponStatus::Running, CouponStatus::Closed], 1, page.next.as_ref()).await?;
    Ok(())
}
