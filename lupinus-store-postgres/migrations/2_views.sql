-- For a city's own reporting tools. Without what members and staff wrote to each other, without names and LINE's ids, so that a role that
-- may read these and nothing else reads nothing personal.

-- jsonb has no zero character, which JSON can spell.
CREATE FUNCTION as_json(body text) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(body, '\u0000', '\ufffd')::jsonb;

CREATE VIEW bodies AS
SELECT convert_from(key, 'UTF8') AS id,
       b->>'name' AS name,
       (b->>'active')::boolean AS active
FROM (SELECT key, as_json(body) AS b FROM record WHERE kind = 'body') r;
COMMENT ON VIEW bodies IS '職能団体';

CREATE VIEW posts AS
SELECT convert_from(key, 'UTF8') AS id,
       b->>'body' AS body_id,
       b#>>'{state,is}' AS state,
       b->>'urgency' AS urgency,
       c->>'category' AS category,
       c->>'title' AS title,
       c->>'sender' AS sender,
       (c#>>'{event,date}')::date AS event_date,
       jsonb_array_length(b->'revisions') AS revisions,
       (SELECT count(*) FROM jsonb_array_elements(b->'remarks') m WHERE m->>'kind' = 'returned') AS returned,
       b->>'corrects' AS corrects_id,
       (b->>'needs_review')::boolean AS needs_review,
       (b->>'created_at')::timestamptz AS created_at,
       (b->>'submitted_at')::timestamptz AS submitted_at,
       CASE WHEN b#>>'{state,is}' = 'sent' THEN (b#>>'{state,at}')::timestamptz END AS sent_at,
       (b->>'updated_at')::timestamptz AS updated_at
FROM (SELECT key, b, b->'revisions'->-1->'content' AS c
      FROM (SELECT key, as_json(body) AS b FROM record WHERE kind = 'post') p) r
WHERE b#>>'{state,is}' <> 'draft';
COMMENT ON VIEW posts IS '投稿: as their last revision says. A draft is its author''s alone, and is not here';

CREATE VIEW deliveries AS
SELECT convert_from(key, 'UTF8') AS id,
       b->>'post' AS post_id,
       (b->>'revision')::integer AS revision,
       b->>'kind' AS kind,
       CASE jsonb_typeof(b->'audience') WHEN 'object' THEN 'where' ELSE b->>'audience' END AS audience,
       b->>'state' AS state,
       (b->>'recipients')::integer AS recipients,
       (b->>'chunks')::integer AS chunks,
       (b->>'accepted')::integer AS accepted,
       (b->>'failed')::integer AS failed,
       (b->>'started_at')::timestamptz AS started_at,
       (b->>'ended_at')::timestamptz AS ended_at
FROM (SELECT key, as_json(body) AS b FROM record WHERE kind = 'delivery') r;
COMMENT ON VIEW deliveries IS '配信: one sending of one post; kind production is what members received';

CREATE VIEW consultations AS
SELECT convert_from(key, 'UTF8') AS id,
       b->>'member' AS member_id,
       b#>>'{state,is}' AS state,
       b->>'topic' AS topic,
       b->>'handler' AS handler_id,
       (SELECT count(*) FROM jsonb_array_elements(b->'thread') e WHERE e->>'from' = 'member') AS messages,
       (SELECT count(*) FROM jsonb_array_elements(b->'thread') e WHERE jsonb_typeof(e->'from') = 'object') AS answers,
       (SELECT count(*) FROM jsonb_array_elements(b->'thread') e WHERE e->'masked' <> '[]') AS masked,
       (b->>'reopened')::integer AS reopened,
       coalesce((b#>>'{state,by_silence}')::boolean, false) AS by_silence,
       (b->>'opened_at')::timestamptz AS opened_at,
       (b->>'waiting_since')::timestamptz AS waiting_since,
       (b->>'first_answer_at')::timestamptz AS first_answer_at,
       (b->>'last_answer_at')::timestamptz AS last_answer_at,
       (b->>'resolved_at')::timestamptz AS resolved_at
FROM (SELECT key, as_json(body) AS b FROM record WHERE kind = 'consultation') r;
COMMENT ON VIEW consultations IS '相談: without a word of what was said. Times are plain; the report counts in opening hours';

CREATE VIEW members AS
SELECT convert_from(key, 'UTF8') AS id,
       b->>'state' AS state,
       b->>'state' = 'following' AND b->>'consent' IS NOT NULL AND b->>'contact' IS NOT NULL AS registered,
       CASE WHEN b->>'profession' ~ '^[A-Za-z][A-Za-z0-9_]*$' THEN b->>'profession'
            WHEN b->>'profession' IS NOT NULL THEN 'own_words' END AS profession,
       b->>'area' AS area,
       ARRAY(SELECT jsonb_array_elements_text(b->'topics')) AS topics,
       b->>'submits_for' AS submits_for_id,
       b#>>'{consent,rules_version}' AS rules_version,
       (b#>>'{consent,at}')::timestamptz AS consented_at,
       (b->>'joined_at')::timestamptz AS joined_at
FROM (SELECT key, as_json(body) AS b FROM record WHERE kind = 'member') r;
COMMENT ON VIEW members IS '会員: by our own ids. A profession in the member''s own words reads own_words';
