package model

import (
	"time"

	"github.com/google/uuid"
	"github.com/sigrahq/sigra/runtime/query"
)

// Project is a list of tasks with a short key, such as APEX.
type Project struct {
	ID             uuid.UUID `db:"id" json:"id"`
	OrganizationID uuid.UUID `db:"organization_id" json:"-"`
	Key            string    `db:"key" json:"key"`
	Name           string    `db:"name" json:"name"`
	Description    string    `db:"description" json:"description"`
	Archived       bool      `db:"archived" json:"archived"`
	CreatedAt      time.Time `db:"created_at" json:"created_at"`
	UpdatedAt      time.Time `db:"updated_at" json:"updated_at"`
}

// Projects is the table of Project.
var Projects = query.Declare[Project]("projects")

// Status says how far a task is.
type Status string

// The states of a task, in the order in which it goes through them.
const (
	Todo  Status = "todo"
	Doing Status = "doing"
	Done  Status = "done"
)

// Task is one piece of work in a project.
type Task struct {
	ID             uuid.UUID  `db:"id" json:"id"`
	OrganizationID uuid.UUID  `db:"organization_id" json:"-"`
	ProjectID      uuid.UUID  `db:"project_id" json:"project_id"`
	Title          string     `db:"title" json:"title"`
	Status         Status     `db:"status" json:"status"`
	Priority       int        `db:"priority" json:"priority"`
	AssigneeID     *uuid.UUID `db:"assignee_id" json:"assignee_id"`
	DueOn          *time.Time `db:"due_on" json:"due_on"`
	CreatedAt      time.Time  `db:"created_at" json:"created_at"`
	UpdatedAt      time.Time  `db:"updated_at" json:"updated_at"`
}

// Tasks is the table of Task.
var Tasks = query.Declare[Task]("tasks")

// Comment is what a member says about a task.
type Comment struct {
	ID             uuid.UUID `db:"id" json:"id"`
	OrganizationID uuid.UUID `db:"organization_id" json:"-"`
	TaskID         uuid.UUID `db:"task_id" json:"task_id"`
	AuthorID       uuid.UUID `db:"author_id" json:"author_id"`
	Body           string    `db:"body" json:"body"`
	CreatedAt      time.Time `db:"created_at" json:"created_at"`
}

// Comments is the table of Comment.
var Comments = query.Declare[Comment]("comments")

// Label is a coloured word that tasks can carry.
type Label struct {
	ID             uuid.UUID `db:"id" json:"id"`
	OrganizationID uuid.UUID `db:"organization_id" json:"-"`
	Name           string    `db:"name" json:"name"`
	Color          string    `db:"color" json:"color"`
}

// Labels is the table of Label.
var Labels = query.Declare[Label]("labels")

// TaskLabel says that a task carries a label.
type TaskLabel struct {
	OrganizationID uuid.UUID `db:"organization_id"`
	TaskID         uuid.UUID `db:"task_id"`
	LabelID        uuid.UUID `db:"label_id"`
}

// TaskLabels is the table of TaskLabel.
var TaskLabels = query.Declare[TaskLabel]("task_labels")

// Attachment is a file that lies elsewhere and belongs to a task.
type Attachment struct {
	ID             uuid.UUID `db:"id" json:"id"`
	OrganizationID uuid.UUID `db:"organization_id" json:"-"`
	TaskID         uuid.UUID `db:"task_id" json:"task_id"`
	Name           string    `db:"name" json:"name"`
	URL            string    `db:"url" json:"url"`
	SizeBytes      int64     `db:"size_bytes" json:"size_bytes"`
	CreatedAt      time.Time `db:"created_at" json:"created_at"`
}

// Attachments is the table of Attachment.
var Attachments = query.Declare[Attachment]("attachments")
