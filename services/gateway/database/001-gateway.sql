-- Who is signed in, and which answers were given under an Idempotency-Key. What could speak for a citizen, or tell of one, is
-- sealed (AES-GCM) by the secret gateway-session; a session's id, an API key and a request's body are here as hashes alone.
create table sessions (
  id_hash varchar(64) not null primary key,
  subject varchar(200) not null,
  sealed text not null,
  access_ends_at varchar(40) not null,
  seen_at varchar(40) not null,
  ends_at varchar(40) not null
);

create index sessions_by_end on sessions (ends_at);

create table answers (
  caller varchar(200) not null,
  idempotency_key varchar(200) not null,
  fingerprint varchar(64) not null,
  owner varchar(64) not null,
  taken_at varchar(40) not null,
  sealed text,
  primary key (caller, idempotency_key)
);

create index answers_by_time on answers (taken_at);
