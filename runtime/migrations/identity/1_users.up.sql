-- Who signs in. For applications that have no table of users yet.

CREATE TABLE users (
    id         uuid NOT NULL,
    email      text NOT NULL,
    name       text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    -- As package store writes an address: ASCII letters in lower case, nothing that could end a mail header.
    CONSTRAINT users_email_shape CHECK (
        email COLLATE "C" ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$' AND email COLLATE "C" !~ '[A-Z]'
        AND octet_length(email) <= 254),
    CONSTRAINT users_name_length CHECK (char_length(name) <= 200),
    CONSTRAINT users_email_key UNIQUE (email)
);
