CREATE TABLE shift (
    facility TEXT NOT NULL,
    event TEXT NOT NULL,
    nurses BIGINT NOT NULL
);
