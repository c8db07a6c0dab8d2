//! LINE's OpenAPI files: their operations, and their schemas laid open for one value at a time.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

/// Properties that LINE's pages name and the files do not.
const ON_THE_PAGE_ONLY: [&str; 9] = [
    "stepMessage",
    "ccAutoReply",
    "ccManualReply",
    "pnpNoticeMessage",
    "pnpCallToLine",
    "thirdPartyChatTool",
    "expireTimestamp",
    "activated",
    "inactiveTimestamp",
];

/// Numbers that LINE's pages let be `null` and the files do not.
const NULL_ON_THE_PAGE: [&str; 5] = ["failedType", "delivered", "followers", "targetedReaches", "blocks"];

/// One operation.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The content type and schema of the body.
    pub(crate) body: Option<(String, Value)>,
    /// Name and schema of the query's parameters, and whether they are required.
    query: Vec<(String, Value, bool)>,
    /// The schemas of good answers by status; `None` where no JSON is described.
    answers: BTreeMap<u16, Option<Value>>,
    file: usize,
}

/// All the files.
pub(crate) struct Description {
    documents: Vec<Value>,
    pub(crate) operations: Vec<Operation>,
}

/// Where the files are: `LINE_OPENAPI_DIR`, or `shared/line-openapi` beside the workspace.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/line-openapi");
    let folder = std::env::var_os("LINE_OPENAPI_DIR").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The files, or a word on why nothing is checked.
pub(crate) fn read() -> Option<Description> {
    let Some(folder) = folder() else {
        // Not by `println!`, which a test that passes does not show.
        let why = "no OpenAPI files of LINE. Set LINE_OPENAPI_DIR to a checkout of line-openapi.";
        let _ = writeln!(std::io::stderr(), "skipped: {why}");
        return None;
    };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "yml"));
    files.sort();
    let documents: Vec<Value> = files
        .iter()
        .map(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            let options = serde_saphyr::options! { strict_booleans: true };
            serde_saphyr::from_str_with_options(&text, options).unwrap()
        })
        .collect();
    let operations =
        documents.iter().enumerate().flat_map(|(file, document)| operations(file, document)).collect();
    Some(Description { documents, operations })
}

fn operations(file: usize, document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|parameter| parameter["in"] == "query").map(|parameter| {
                let name = parameter["name"].as_str().unwrap().to_owned();
                (name, resolved(document, &parameter["schema"]), parameter["required"] == true)
            });
            let body = operation["requestBody"]["content"].as_object();
            let body = body.and_then(|content| content.iter().next());
            let answers = operation["responses"].as_object().unwrap().iter();
            let answers = answers.filter(|(status, _)| status.starts_with('2')).map(|(status, answer)| {
                let schema = answer["content"]["application/json"]["schema"].clone();
                (status.parse().unwrap(), Some(schema).filter(|schema| !schema.is_null()))
            });
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                body: body.map(|(kind, media)| (kind.clone(), media["schema"].clone())),
                query: query.collect(),
                answers: answers.collect(),
                file,
            });
        }
    }
    found
}

/// A schema with the reference it may be followed.
fn resolved(document: &Value, schema: &Value) -> Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap().clone(),
        None => schema.clone(),
    }
}

impl Operation {
    /// Whether a call is one of this operation. Paths without parameters come first, as in the router.
    fn concerns(&self, method: &str, path: &str) -> bool {
        let path = path.split('?').next().unwrap();
        let (mut own, mut given) = (self.path.split('/'), path.split('/'));
        let all_fit =
            own.by_ref().zip(given.by_ref()).all(|(own, given)| own == given || own.starts_with('{'));
        self.method == method && all_fit && self.path.matches('/').count() == path.matches('/').count()
    }
}

impl Description {
    /// The operation with this id.
    pub(crate) fn operation(&self, id: &str) -> &Operation {
        self.operations
            .iter()
            .find(|operation| operation.id == id)
            .unwrap_or_else(|| panic!("no operation {id}"))
    }

    /// The operation that a call is one of.
    pub(crate) fn called(&self, method: &str, path: &str) -> Option<&Operation> {
        let fitting = self.operations.iter().filter(|operation| operation.concerns(method, path));
        fitting.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Name and schema of the fields of a form, or of the query, and whether they are required.
    pub(crate) fn fields(&self, operation: &Operation) -> Vec<(String, Value, bool)> {
        let Some((kind, schema)) = &operation.body else { return operation.query.clone() };
        if !kind.ends_with("urlencoded") {
            return operation.query.clone();
        }
        // Where a form has several shapes, the first one.
        let schema = if schema["oneOf"].is_array() { &schema["oneOf"][0] } else { schema };
        let flat = self.flat(operation.file, schema, &Value::Null, false);
        let required = flat.get("required").cloned().unwrap_or_default();
        let is_required =
            |name: &String| required.as_array().is_some_and(|all| all.iter().any(|known| known == name));
        let properties = flat["properties"].as_object().unwrap();
        properties.iter().map(|(name, schema)| (name.clone(), schema.clone(), is_required(name))).collect()
    }

    /// What is wrong with a good answer by the description.
    pub(crate) fn faults(&self, operation: &Operation, status: u16, body: &Value) -> Vec<String> {
        let Some(schema) = operation.answers.get(&status) else {
            // LINE's page says 202 for this one, the file 200.
            if operation.id == "deleteAudienceGroup" && status == 202 {
                return Vec::new();
            }
            return vec![format!("status {status} is not described")];
        };
        let Some(schema) = schema else { return Vec::new() };
        let open = self.open(operation.file, schema, body, true);
        let validator = jsonschema::options().should_validate_formats(true).build(&open).unwrap();
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// The body's schema of an operation, laid open for `body`.
    pub(crate) fn body_schema(&self, operation: &Operation, body: &Value) -> Value {
        self.open(operation.file, &operation.body.as_ref().unwrap().1, body, false)
    }

    /// What is wrong with a webhook body.
    pub(crate) fn webhook_faults(&self, body: &Value) -> Vec<String> {
        let callback = self.operation("callback");
        let open = self.body_schema(callback, body);
        let validator = jsonschema::validator_for(&open).unwrap();
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// The schema as it is for this very value: references followed, kinds told apart, parts put together. With `closed`,
    /// properties that are not described are refused.
    fn open(&self, file: usize, schema: &Value, value: &Value, closed: bool) -> Value {
        let mut flat = self.flat(file, schema, value, false);
        if flat.remove("nullable") == Some(json!(true)) && value.is_null() {
            return json!({});
        }
        for noise in ["description", "externalDocs", "discriminator", "example", "default"] {
            flat.remove(noise);
        }
        if let (Some(Value::Object(properties)), Value::Object(given)) = (flat.get_mut("properties"), value) {
            for (name, property) in properties.iter_mut() {
                *property = match given.get(name) {
                    Some(Value::Null) if NULL_ON_THE_PAGE.contains(&name.as_str()) => json!({}),
                    Some(given) => self.open(file, property, given, closed),
                    None => json!({}),
                };
            }
            if closed {
                properties.extend(ON_THE_PAGE_ONLY.map(|name| (name.to_owned(), json!({}))));
                flat.insert("additionalProperties".to_owned(), json!(false));
            }
        } else if let (Some(Value::Object(each)), Value::Object(given)) =
            (flat.remove("additionalProperties"), value)
        {
            let each = Value::Object(each);
            let opened: Map<String, Value> = given
                .iter()
                .map(|(name, given)| (name.clone(), self.open(file, &each, given, closed)))
                .collect();
            flat.insert("properties".to_owned(), Value::Object(opened));
        }
        if let (Some(items), Value::Array(given)) = (flat.remove("items"), value) {
            let opened: Vec<Value> =
                given.iter().map(|given| self.open(file, &items, given, closed)).collect();
            if !opened.is_empty() {
                flat.insert("prefixItems".to_owned(), Value::Array(opened));
            }
        }
        Value::Object(flat)
    }

    /// The schema with references and parts put together on this level. A base that is extended (`as_base`) asks for no
    /// kind, or kind and base would refer to each other for ever.
    fn flat(&self, file: usize, schema: &Value, value: &Value, as_base: bool) -> Map<String, Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.flat(file, self.target(file, reference), value, as_base);
        }
        let mut flat = Map::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            merge(&mut flat, self.flat(file, part, value, true));
        }
        let own = schema.as_object().into_iter().flatten().filter(|(name, _)| *name != "allOf");
        merge(&mut flat, own.map(|(name, value)| (name.clone(), value.clone())).collect());
        if !as_base
            && let Some(kind) =
                schema["discriminator"]["propertyName"].as_str().and_then(|name| value[name].as_str())
        {
            let mapping = schema["discriminator"]["mapping"].as_object().unwrap();
            let property = schema["discriminator"]["propertyName"].as_str().unwrap();
            if let Some(reference) = mapping.get(kind).and_then(Value::as_str) {
                merge(&mut flat, self.flat(file, self.target(file, reference), value, true));
            }
            let kinds: Vec<&String> = mapping.keys().collect();
            flat["properties"][property] = json!({"type": "string", "enum": kinds});
        }
        flat
    }

    fn target(&self, file: usize, reference: &str) -> &Value {
        let name = reference.rsplit('/').next().unwrap();
        &self.documents[file]["components"]["schemas"][name]
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) if name == "properties" => old.extend(new),
            (Some(Value::Array(old)), Value::Array(new)) if name == "required" => {
                for name in new {
                    if !old.contains(&name) {
                        old.push(name);
                    }
                }
            }
            (_, value) => drop(into.insert(name, value)),
        }
    }
}
