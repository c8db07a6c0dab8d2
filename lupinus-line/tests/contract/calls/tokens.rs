use std::time::Duration;

use lupinus_line::token::{AssertionKey, ChannelCredentials, Signer, TokenLife};
use lupinus_line::{ApiError, ChannelId, ChannelSecret, ChannelToken, Client};

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let channel = ChannelId::new("2009990001").unwrap();
    let credentials =
        ChannelCredentials::new(channel.clone(), ChannelSecret::from("0f1e2d3c4b5a69788796a5b4c3d2e1f0"));
    let key = AssertionKey::from_jwk("k-offline-1", include_str!("../../data/assertion-key.jwk")).unwrap();
    let signer = Signer::new(channel, key);
    let token = ChannelToken::from("tok-offline-2");

    line.issue_stateless_token(&credentials.clone().into()).await?;
    line.issue_stateless_token(&signer.clone().into()).await?;
    line.issue_short_lived_token(&credentials).await?;
    line.issue_token_v2_1(&signer, TokenLife::LONGEST).await?;
    line.issue_token_v2_1(&signer, TokenLife::new(Duration::from_secs(1)).unwrap()).await?;
    line.verify_token_v2_1(&token).await?;
    line.verify_token(&token).await?;
    line.token_key_ids_v2_1(&signer).await?;
    line.revoke_token_v2_1(&credentials, &token).await?;
    line.revoke_token(&token).await?;
    Ok(())
}
