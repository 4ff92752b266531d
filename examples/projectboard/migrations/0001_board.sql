-- The board. Every key and every foreign key is led by organization_id: a row cannot point into another organization,
-- and a unique key of one organization says nothing about the rows of another.

CREATE TABLE projects (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id              uuid NOT NULL,
    key             text NOT NULL CHECK (key <> ''),
    name            text NOT NULL CHECK (name <> ''),
    description     text NOT NULL DEFAULT '',
    archived        boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, key)
);

CREATE INDEX projects_by_name ON projects (organization_id, name, id);

CREATE TABLE tasks (
    organization_id uuid NOT NULL,
    id              uuid NOT NULL,
    project_id      uuid NOT NULL,
    title           text NOT NULL CHECK (title <> ''),
    status          text NOT NULL DEFAULT 'todo' CHECK (status IN ('todo', 'doing', 'done')),
    priority        integer NOT NULL DEFAULT 0,
    assignee_id     uuid,
    due_on          date,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id) ON DELETE CASCADE,
    -- Checked at the commit: the assignments of a member who leaves are taken back in the same transaction.
    FOREIGN KEY (organization_id, assignee_id) REFERENCES organization_memberships (organization_id, user_id)
        DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX tasks_by_project ON tasks (organization_id, project_id);
CREATE INDEX tasks_by_assignee ON tasks (organization_id, assignee_id);

CREATE TABLE comments (
    organization_id uuid NOT NULL,
    id              uuid NOT NULL,
    task_id         uuid NOT NULL,
    author_id       uuid NOT NULL,
    body            text NOT NULL CHECK (body <> ''),
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, task_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, author_id) REFERENCES organization_memberships (organization_id, user_id)
);

CREATE INDEX comments_by_task ON comments (organization_id, task_id, created_at);

CREATE TABLE labels (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    id              uuid NOT NULL,
    name            text NOT NULL CHECK (name <> ''),
    color           text NOT NULL DEFAULT 'grey',
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name)
);

CREATE TABLE task_labels (
    organization_id uuid NOT NULL,
    task_id         uuid NOT NULL,
    label_id        uuid NOT NULL,
    PRIMARY KEY (organization_id, task_id, label_id),
    FOREIGN KEY (organization_id, task_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, label_id) REFERENCES labels (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE attachments (
    organization_id uuid NOT NULL,
    id              uuid NOT NULL,
    task_id         uuid NOT NULL,
    name            text NOT NULL CHECK (name <> ''),
    url             text NOT NULL,
    size_bytes      bigint NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, task_id) REFERENCES tasks (organization_id, id) ON DELETE CASCADE
);

CREATE INDEX attachments_by_task ON attachments (organization_id, task_id);
