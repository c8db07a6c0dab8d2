use jiff::civil::date;
use lupinus_line::client::AggregationUnit;
use lupinus_line::{ApiError, Client, RequestId, RichMenuId};

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let (from, to) = (date(2026, 9, 1), date(2026, 9, 30));
    let menu = RichMenuId::new("richmenu-1").unwrap();
    line.message_deliveries(to).await?;
    line.follower_count(to).await?;
    line.demographics().await?;
    line.message_events(&RequestId::new("r").unwrap()).await?;
    line.unit_events(&AggregationUnit::new("post_1").unwrap(), from, to).await?;
    line.rich_menu_summary(&menu, from, to).await?;
    line.rich_menu_daily(&menu, from, to).await?;
    Ok(())
}
