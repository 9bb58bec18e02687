-- Times are milliseconds since 1970. Codes and refresh tokens are kept as hashes, signing keys sealed.
CREATE TABLE signing_key (
    id TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL,
    signs_from BIGINT NOT NULL
);

CREATE TABLE account (
    name TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL
);

CREATE TABLE attempt (
    name_hash TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at BIGINT NOT NULL
);

CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    client TEXT NOT NULL,
    scope TEXT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended INTEGER NOT NULL
);

CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE code (
    hash TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL,
    redirect TEXT NOT NULL,
    challenge TEXT NOT NULL,
    nonce TEXT NULL,
    expires_at BIGINT NOT NULL,
    used INTEGER NOT NULL
);

CREATE TABLE refresh_token (
    hash TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used INTEGER NOT NULL
);

CREATE INDEX code_session ON code (session);
CREATE INDEX refresh_token_session ON refresh_token (session);
