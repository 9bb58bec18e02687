-- Who signed in at another issuer: a hash of the issuer and of what it calls them, and the id that they have here.
CREATE TABLE foreign_account (
    name_hash TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL UNIQUE
);
