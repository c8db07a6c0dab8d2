use lupinus_line::client::{
    AudienceIds, AudienceName, AudienceQuery, AudienceStatus, CreateRoute, IdFile, UploadName,
};
use lupinus_line::{ApiError, AudienceId, Client, RequestId};

use super::user;

pub(crate) async fn calls(line: &Client) -> Result<(), ApiError> {
    let (id, request) = (AudienceId::new(4_107), RequestId::new("r").unwrap());
    let (name, upload) = (AudienceName::new("看護師").unwrap(), UploadName::new("9月").unwrap());
    let ids = AudienceIds::users([user()]).unwrap();
    line.create_audience(&name, &ids, None).await?;
    line.create_audience(&name, &ids, Some(&upload)).await?;
    line.add_to_audience(id, &ids, None).await?;
    line.add_to_audience(id, &ids, Some(&upload)).await?;
    let file = IdFile::users([user()]).unwrap();
    line.create_audience_by_file(&name, &file, None).await?;
    line.create_audience_by_file(&name, &file, Some(&upload)).await?;
    line.add_to_audience_by_file(id, &file, None).await?;
    line.add_to_audience_by_file(id, &file, Some(&upload)).await?;
    line.create_click_audience(&name, &request, None).await?;
    line.create_click_audience(&name, &request, Some("https://example.org/")).await?;
    line.create_impression_audience(&name, &request).await?;
    line.rename_audience(id, &name).await?;
    line.audience(id).await?;
    line.delete_audience(id).await?;
    line.shared_audience(id).await?;
    let least = AudienceQuery::page(1);
    let whole = AudienceQuery::page(2).size(40).named("看護").status(AudienceStatus::Ready);
    let whole = whole.made_by(CreateRoute::MessagingApi).without_others();
    for query in [least, whole] {
        line.audiences(&query).await?;
        line.shared_audiences(&query).await?;
    }
    Ok(())
}
