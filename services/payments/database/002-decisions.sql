-- Why a payment is held and since when; null for one that is not.
alter table payments add column held_for varchar(40);
alter table payments add column held_at bigint;

-- What an incident is about, where it is about amounts: ours, and the one that came.
alter table incidents add column cents bigint;
alter table incidents add column other_cents bigint;

-- What a person decided of a held payment. One that is released may be held again, and be decided again. A key is one decision of
-- its actor, however often it comes.
create table decisions (
  id varchar(36) not null primary key,
  payment_id varchar(36) not null references payments (id),
  at bigint not null,
  actor varchar(255) not null,
  kind varchar(10) not null check (kind in ('released', 'rejected')),
  held_for varchar(40),
  idempotency_key varchar(128)
);

create unique index decisions_by_key on decisions (actor, idempotency_key) where idempotency_key is not null;
create index decisions_by_payment on decisions (payment_id, at, id);
create index decisions_by_time on decisions (at, id);
