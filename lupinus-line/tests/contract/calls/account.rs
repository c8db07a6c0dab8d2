use lupinus_line::{ApiError, Client};

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    line.bot_info().await?;
    line.webhook_endpoint().await?;
    line.set_webhook_endpoint("https://example.org/webhook").await?;
    line.test_webhook_endpoint(None).await?;
    line.test_webhook_endpoint(Some("https://example.org/webhook")).await?;
    Ok(())
}
