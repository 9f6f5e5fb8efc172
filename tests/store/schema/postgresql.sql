-- The tables as they stood on 26 November 2026, when steps between versions began.
CREATE TABLE access_log (
    id SERIAL NOT NULL,
    time VARCHAR(27) NOT NULL,
    reader TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    purpose TEXT NOT NULL,
    why TEXT NOT NULL,
    entity TEXT NOT NULL,
    what VARCHAR(10) NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX access_log_by_deed ON access_log (what, id);
CREATE INDEX access_log_by_entity ON access_log (entity);
CREATE TABLE authorisation (
    id SERIAL NOT NULL,
    vendor VARCHAR(20) NOT NULL,
    name TEXT NOT NULL,
    nis VARCHAR(5) NOT NULL,
    given VARCHAR(27) NOT NULL,
    given_by TEXT NOT NULL,
    withdrawn VARCHAR(27) NOT NULL,
    withdrawn_by TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX authorisation_by_vendor ON authorisation (vendor, nis);
CREATE TABLE claim (
    kind VARCHAR(40) NOT NULL,
    value TEXT NOT NULL,
    head INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
);
CREATE TABLE counter (
    series VARCHAR(40) NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (series)
);
CREATE TABLE delivery (
    id VARCHAR(100) NOT NULL,
    subscription VARCHAR(64) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    sequence INTEGER NOT NULL,
    body BYTEA NOT NULL,
    state VARCHAR(10) NOT NULL,
    created VARCHAR(27) NOT NULL,
    due VARCHAR(27) NOT NULL,
    lease VARCHAR(27),
    attempts INTEGER NOT NULL,
    finished VARCHAR(27),
    outcome TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX delivery_by_due ON delivery (state, due);
CREATE INDEX delivery_by_subscription ON delivery (subscription, created);
CREATE TABLE feed (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE feedback (
    id VARCHAR(64) NOT NULL,
    product TEXT NOT NULL,
    owner TEXT NOT NULL,
    kind VARCHAR(10) NOT NULL,
    clear BOOLEAN,
    source VARCHAR(20) NOT NULL,
    state VARCHAR(20) NOT NULL,
    created VARCHAR(27) NOT NULL,
    changed VARCHAR(27) NOT NULL,
    written BOOLEAN NOT NULL,
    answered BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX feedback_by_owner ON feedback (owner, state, created);
CREATE INDEX feedback_by_product ON feedback (product, state);
CREATE TABLE followed_feed (
    id VARCHAR(40) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    created VARCHAR(27) NOT NULL,
    due VARCHAR(27) NOT NULL,
    ran VARCHAR(27),
    outcome TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE followed_owner (
    feed VARCHAR(40) NOT NULL,
    owner TEXT NOT NULL,
    given VARCHAR(27) NOT NULL,
    given_by TEXT NOT NULL,
    PRIMARY KEY (feed, owner)
);
CREATE TABLE followed_page (
    feed VARCHAR(40) NOT NULL,
    url TEXT NOT NULL,
    place INTEGER NOT NULL,
    closed BOOLEAN NOT NULL,
    etag TEXT NOT NULL,
    read VARCHAR(27) NOT NULL,
    attempts INTEGER NOT NULL,
    due VARCHAR(27) NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (feed, url)
);
CREATE INDEX followed_page_by_place ON followed_page (feed, closed, place);
CREATE TABLE followed_thing (
    feed VARCHAR(40) NOT NULL,
    thing TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    generated VARCHAR(30) NOT NULL,
    state VARCHAR(10) NOT NULL,
    code TEXT NOT NULL,
    why TEXT NOT NULL,
    time VARCHAR(27) NOT NULL,
    attempts INTEGER NOT NULL,
    due VARCHAR(27) NOT NULL,
    format VARCHAR(40) NOT NULL,
    data BYTEA,
    PRIMARY KEY (feed, thing)
);
CREATE INDEX followed_thing_by_state ON followed_thing (feed, state, due);
CREATE TABLE harvest_mention (
    page TEXT NOT NULL,
    entity TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    PRIMARY KEY (page, entity)
);
CREATE INDEX harvest_mention_by_entity ON harvest_mention (entity);
CREATE TABLE harvest_page (
    url TEXT NOT NULL,
    source VARCHAR(64) NOT NULL,
    municipality VARCHAR(10) NOT NULL,
    state VARCHAR(10) NOT NULL,
    due VARCHAR(27) NOT NULL,
    fetched VARCHAR(27),
    changed VARCHAR(27),
    digest VARCHAR(64) NOT NULL,
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    misses INTEGER NOT NULL,
    level INTEGER,
    problem TEXT NOT NULL,
    notes BYTEA NOT NULL,
    graph BYTEA,
    PRIMARY KEY (url)
);
CREATE INDEX harvest_page_by_due ON harvest_page (source, due);
CREATE TABLE harvest_source (
    id VARCHAR(64) NOT NULL,
    municipality VARCHAR(10) NOT NULL,
    url TEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    created VARCHAR(27) NOT NULL,
    due VARCHAR(27) NOT NULL,
    ran VARCHAR(27),
    outcome TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX harvest_source_by_municipality ON harvest_source (municipality);
CREATE TABLE head (
    id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    code TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    is_public BOOLEAN NOT NULL,
    digest BYTEA,
    feeds TEXT NOT NULL,
    names BYTEA NOT NULL,
    summary BYTEA NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (entity)
);
CREATE INDEX head_by_kind ON head (kind, code);
CREATE TABLE key (
    kind VARCHAR(40) NOT NULL,
    value TEXT NOT NULL,
    head INTEGER NOT NULL,
    PRIMARY KEY (kind, value, head)
);
CREATE TABLE member (
    feed INTEGER NOT NULL,
    position INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    operation VARCHAR(6) NOT NULL,
    PRIMARY KEY (feed, position)
);
CREATE TABLE outbox (
    id SERIAL NOT NULL,
    topic VARCHAR(40) NOT NULL,
    time VARCHAR(27) NOT NULL,
    body BYTEA NOT NULL,
    sent VARCHAR(27),
    PRIMARY KEY (id)
);
CREATE INDEX outbox_by_topic ON outbox (topic, sent, id);
CREATE TABLE register_call (
    id SERIAL NOT NULL,
    time VARCHAR(27) NOT NULL,
    service VARCHAR(40) NOT NULL,
    reference TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome VARCHAR(80) NOT NULL,
    milliseconds INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX register_call_by_subject ON register_call (subject);
CREATE TABLE register_check (
    node TEXT NOT NULL,
    register VARCHAR(20) NOT NULL,
    entity TEXT NOT NULL,
    digest BYTEA NOT NULL,
    state VARCHAR(30) NOT NULL,
    detail TEXT NOT NULL,
    time VARCHAR(27) NOT NULL,
    attempts INTEGER NOT NULL,
    due VARCHAR(27),
    PRIMARY KEY (node, register)
);
CREATE INDEX register_check_by_entity ON register_check (entity);
CREATE INDEX register_check_due ON register_check (due);
CREATE TABLE session (
    digest BYTEA NOT NULL,
    id VARCHAR(16) NOT NULL,
    account VARCHAR(40) NOT NULL,
    capacities BYTEA NOT NULL,
    chosen INTEGER,
    subject BYTEA,
    owner TEXT NOT NULL,
    label TEXT NOT NULL,
    started VARCHAR(27) NOT NULL,
    seen VARCHAR(27) NOT NULL,
    PRIMARY KEY (digest),
    UNIQUE (id)
);
CREATE INDEX session_by_owner ON session (owner);
CREATE TABLE state (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE subscription (
    id VARCHAR(64) NOT NULL,
    owner TEXT NOT NULL,
    account TEXT NOT NULL,
    standing TEXT NOT NULL,
    scope TEXT NOT NULL,
    occasions TEXT NOT NULL,
    channel VARCHAR(10) NOT NULL,
    rhythm VARCHAR(10) NOT NULL,
    state VARCHAR(10) NOT NULL,
    created VARCHAR(27) NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX subscription_by_owner ON subscription (owner, created);
CREATE TABLE task (
    id SERIAL NOT NULL,
    queue VARCHAR(40) NOT NULL,
    subject TEXT NOT NULL,
    time VARCHAR(27) NOT NULL,
    body BYTEA NOT NULL,
    done VARCHAR(27),
    outcome TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX task_by_queue ON task (queue, done, id);
CREATE TABLE vault (
    node TEXT NOT NULL,
    entity TEXT NOT NULL,
    key_id VARCHAR(16) NOT NULL,
    nonce BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    subject BYTEA,
    PRIMARY KEY (node)
);
CREATE INDEX vault_by_entity ON vault (entity);
CREATE INDEX vault_by_subject ON vault (subject);
CREATE TABLE version (
    sequence INTEGER NOT NULL,
    entity TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    number INTEGER NOT NULL,
    operation VARCHAR(6) NOT NULL,
    time VARCHAR(27) NOT NULL,
    activity TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    public BYTEA,
    internal BYTEA NOT NULL,
    replaced_by TEXT,
    on_behalf_of TEXT NOT NULL,
    PRIMARY KEY (sequence),
    UNIQUE (entity, number)
);
