-- What the kit keeps beside a service's own tables. The same text serves SQLite and PostgreSQL. Times are Unix milliseconds.

-- Which events were handled, by which handler.
CREATE TABLE mesh_inbox (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    handler TEXT NOT NULL,
    handled_at BIGINT NOT NULL,
    PRIMARY KEY (source, id, handler)
);
CREATE INDEX mesh_inbox_age ON mesh_inbox (handled_at);

-- Events that were said. One without sent_at waits for the relay.
CREATE TABLE mesh_outbox (
    id TEXT NOT NULL PRIMARY KEY,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    event TEXT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mesh_outbox_waiting ON mesh_outbox (subject, sequence) WHERE sent_at IS NULL;
CREATE INDEX mesh_outbox_age ON mesh_outbox (sent_at) WHERE sent_at IS NOT NULL;

-- The last sequence of each subject, and which instance sends its events. The row is the lock of its subject: who says an event of it
-- holds the row until the commit, so that the order of sequences is the order of commits.
CREATE TABLE mesh_subject (
    subject TEXT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL
);
CREATE INDEX mesh_subject_age ON mesh_subject (sequence);

-- The last sequence that was taken for each item of a state, whoever said it. The item * is all of them, and the lock of the state.
CREATE TABLE mesh_state (
    state TEXT NOT NULL,
    item TEXT NOT NULL,
    sequence TEXT NOT NULL,
    PRIMARY KEY (state, item)
);
