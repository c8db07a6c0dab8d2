//! LINE's own OpenAPI files, read into operations with their schemas.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

/// One operation of the description.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) data_host: bool,
    pub(crate) takes_retry_key: bool,
    /// Name of the scheme that authorises it, unless nothing does.
    pub(crate) security: Option<String>,
    /// Visited by browsers, and called by no program.
    pub(crate) is_page: bool,
    /// Name, whether it is required, and its schema.
    pub(crate) query: Vec<(String, bool, Value)>,
    /// Schemas of the body by content type.
    pub(crate) body: BTreeMap<String, Value>,
    pub(crate) status: u16,
    /// Schema of the JSON that comes back, if any does.
    pub(crate) answer: Option<Value>,
    /// What the schemas refer to.
    pub(crate) schemas: Map<String, Value>,
}

/// The operations of every file, and what is not in the files but part of the platform.
pub(crate) fn read(folder: &Path) -> Vec<Operation> {
    let mut operations = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "yml")) {
        let text = std::fs::read_to_string(file).unwrap();
        operations.extend(parse(&text, &file.display().to_string()));
    }
    operations
}

/// The operations of one file.
pub(crate) fn parse(text: &str, name: &str) -> Vec<Operation> {
    let document: Value =
        serde_saphyr::from_str_with_options(text, serde_saphyr::options! { strict_booleans: true })
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    operations_of(&document)
}

fn operations_of(document: &Value) -> Vec<Operation> {
    let schemas = schemas_of(document);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let parameters = || {
                let shared = item["parameters"].as_array().into_iter().flatten();
                shared.chain(operation["parameters"].as_array().into_iter().flatten())
            };
            let query = parameters().filter(|parameter| parameter["in"] == "query").map(|parameter| {
                let name = parameter["name"].as_str().unwrap().to_owned();
                (name, parameter["required"] == true, plain(&parameter["schema"]))
            });
            let content = |value: &Value| value["content"].as_object().cloned().unwrap_or_default();
            let body = content(&operation["requestBody"])
                .into_iter()
                .map(|(kind, media)| (kind, plain(&media["schema"])))
                .collect();
            let good = operation["responses"].as_object().unwrap().iter();
            let (status, response) = good.clone().find(|(status, _)| status.starts_with('2')).unwrap();
            let answer = content(response).into_iter().find(|(kind, _)| kind.starts_with("application/json"));
            let security = operation.get("security").unwrap_or(&document["security"]);
            let security = &security[0];
            let servers = |value: &Value| value["servers"].to_string().contains("api-data.line.me");
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                data_host: servers(operation) || servers(item),
                takes_retry_key: parameters().any(|parameter| parameter["name"] == "X-Line-Retry-Key"),
                security: security.as_object().and_then(|scheme| scheme.keys().next().cloned()),
                is_page: operation["x-page"] == true,
                query: query.collect(),
                body,
                status: status.parse().unwrap(),
                answer: answer.map(|(_, media)| plain(&media["schema"])),
                schemas: schemas.clone(),
            });
        }
    }
    operations
}

/// The components as JSON Schema. A base schema that tells its kinds apart by a discriminator asks for the kind that is named; the
/// kinds themselves extend the base without that, or the two would refer to each other for ever.
fn schemas_of(document: &Value) -> Map<String, Value> {
    let mut schemas = Map::new();
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let mut base = plain(schema);
        let mapping = schema["discriminator"]["mapping"].as_object();
        let Some(mapping) = mapping else {
            schemas.insert(name.clone(), base);
            continue;
        };
        let property = schema["discriminator"]["propertyName"].as_str().unwrap();
        schemas.insert(format!("{name}.base"), base.clone());
        let kinds = mapping.iter().map(|(kind, reference)| {
            let is_kind = json!({ "properties": { property: { "const": kind } }, "required": [property] });
            json!({ "if": is_kind, "then": { "$ref": reference } })
        });
        let all: Vec<Value> = kinds.collect();
        let names: Vec<&String> = mapping.keys().collect();
        base["properties"][property] = json!({ "enum": names });
        base["allOf"] = Value::Array(all);
        schemas.insert(name.clone(), base);
    }
    let told_apart: Vec<String> =
        schemas.keys().filter_map(|name| name.strip_suffix(".base").map(str::to_owned)).collect();
    for schema in schemas.values_mut() {
        for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
            let base =
                part["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/"));
            if let Some(base) = base.filter(|base| told_apart.iter().any(|name| name == base)) {
                *part = json!({ "$ref": format!("#/components/schemas/{base}.base") });
            }
        }
    }
    schemas.retain(|_, schema| !schema.is_null());
    schemas
}

/// A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, and what says nothing goes.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let mut out = Map::new();
            for (name, value) in map {
                if matches!(
                    name.as_str(),
                    "nullable" | "discriminator" | "example" | "externalDocs" | "description" | "format"
                ) && !value.is_object()
                    || matches!(name.as_str(), "discriminator" | "externalDocs")
                {
                    continue;
                }
                out.insert(name.clone(), plain(value));
            }
            if map.get("nullable") == Some(&Value::Bool(true))
                && let Some(kind) = out.get("type").cloned()
            {
                out.insert("type".to_owned(), json!([kind, "null"]));
            }
            Value::Object(out)
        }
        Value::Array(all) => Value::Array(all.iter().map(plain).collect()),
        other => other.clone(),
    }
}

impl Operation {
    /// What is wrong with a value by this schema.
    pub(crate) fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let whole = json!({ "components": { "schemas": self.schemas }, "allOf": [schema] });
        let validator = jsonschema::validator_for(&whole)
            .unwrap_or_else(|error| panic!("{}: {error} at {}", self.id, error.schema_path()));
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}
