use lupinus_line::client::{LiffBotPrompt, LiffScope, LiffSettings, LiffViewType, NewLiffApp};
use lupinus_line::{ApiError, Client, LiffId};

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let id = LiffId::new("2009990001-AbCdEfGh").unwrap();
    let whole = LiffSettings::new()
        .name("申込")
        .unwrap()
        .module_mode(Some(true))
        .reading_codes()
        .scope([LiffScope::OpenId, LiffScope::Profile])
        .bot_prompt(LiffBotPrompt::Normal);
    line.liff_apps().await?;
    line.add_liff_app(&NewLiffApp::new(LiffViewType::Full, "https://app.example.org/").unwrap()).await?;
    let app = NewLiffApp::with(whole.clone(), LiffViewType::Tall, "https://app.example.org/").unwrap();
    line.add_liff_app(&app).await?;
    line.update_liff_app(&id, &LiffSettings::new().name("申込").unwrap()).await?;
    line.update_liff_app(&id, &whole).await?;
    line.delete_liff_app(&id).await?;
    Ok(())
}
