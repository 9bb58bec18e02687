-- Whom to pay. The row is there from a citizen's first payment on and is its lock: who fills it and who makes a payment wait for each
-- other. `sealed` holds name and account, encrypted; null until the citizen has filled it. Times are Unix milliseconds.
create table payees (
  citizen varchar(64) not null primary key,
  sealed text,
  updated_at bigint not null
);

-- One payment a claim, ever. `sealed` is the payee as the bank was told, so that a retry says the same. `versions` are those of
-- claim.approved that were heard of it.
create table payments (
  id varchar(36) not null primary key,
  claim_id varchar(64) not null unique,
  citizen varchar(64) not null,
  cents bigint not null check (cents > 0),
  status varchar(20) not null check (status in ('waiting-for-payee', 'pending', 'sending', 'held', 'sent', 'refused', 'returned')),
  approvals integer not null default 1,
  versions varchar(8) not null,
  attempts integer not null default 0,
  sealed text,
  lease_owner varchar(36) not null default '',
  leased_until bigint not null default 0,
  next_at bigint not null,
  created_at bigint not null,
  sent_at bigint,
  failed_at bigint,
  day varchar(10),
  trace_number bigint,
  code varchar(16),
  cause varchar(200) not null,
  correlation varchar(200),
  trace_parent varchar(100),
  unique (day, trace_number),
  check (status <> 'sent' or (day is not null and trace_number is not null and sealed is not null))
);

create index payments_due on payments (next_at) where status in ('pending', 'sending');
create index payments_by_citizen on payments (citizen);
create index payments_by_age on payments (created_at);

-- The last trace number of each day's file.
create table ach_days (
  day varchar(10) not null primary key,
  last_trace bigint not null
);

-- The ledger. A row is a debit and a credit of the same amount, so that the ledger cannot but balance; a payment has each kind of row once.
create table journal (
  id varchar(36) not null primary key,
  at bigint not null,
  debit varchar(12) not null check (debit in ('obligations', 'pending', 'bank', 'returns')),
  credit varchar(12) not null check (credit in ('obligations', 'pending', 'bank', 'returns')),
  cents bigint not null check (cents > 0),
  payment_id varchar(36) not null references payments (id),
  memo varchar(20) not null check (memo in ('approved', 'sent', 'refused', 'returned')),
  check (debit <> credit),
  unique (payment_id, memo)
);

create index journal_by_time on journal (at, id);

-- What must not happen, and did. No personal data.
create table incidents (
  id varchar(36) not null primary key,
  at bigint not null,
  kind varchar(40) not null,
  claim_id varchar(64),
  payment_id varchar(64),
  detail varchar(400) not null
);

create index incidents_by_time on incidents (at, id);

-- How far the bank's list of returned entries was read.
create table bank_returns (
  id integer not null primary key check (id = 1),
  last_number bigint not null
);

insert into bank_returns (id, last_number) values (1, 0);
