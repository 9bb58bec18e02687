-- What is kept, and whose it is; the content is a file named like the id. The row is written when the file is on disk, and a file
-- without a row is none. Times are Unix milliseconds.
create table documents (
  id varchar(64) not null primary key,
  citizen varchar(64) not null,
  idempotency_key varchar(200),
  sha256 varchar(64) not null,
  bytes bigint not null check (bytes >= 0),
  content_type varchar(40) not null,
  stored_at bigint not null
);

create unique index documents_by_key on documents (citizen, idempotency_key) where idempotency_key is not null;

-- How many each citizen has. The row is the lock of the citizen's uploads: two at once are counted one after the other.
create table shelves (
  citizen varchar(64) not null primary key,
  documents integer not null check (documents >= 0)
);
