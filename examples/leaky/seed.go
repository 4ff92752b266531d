package main

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/examples/leaky/model"
	"github.com/sigrahq/sigra/examples/leaky/store"
	"github.com/sigrahq/sigra/runtime/scope"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

// seed fills an empty database with two organizations that share one of their people, and writes requests to try.
func seed(ctx context.Context, s *store.Store, out io.Writer) error {
	both, err := s.Accounts.CreateUser(ctx, "both@example.com", "Works for both")
	if err != nil {
		return fmt.Errorf("leaky: seed an empty database: %w", err)
	}
	for _, name := range []string{"acme", "globex"} {
		owner, err := s.Accounts.CreateUser(ctx, "owner@"+name+".example.com", "Owner of "+name)
		if err != nil {
			return err
		}
		if err := seedOrganization(ctx, s, name, owner, both); err != nil {
			return err
		}
		token, err := signIn(ctx, s, owner)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "curl -H 'Authorization: Bearer %s' localhost:8080/overview\n", token)
	}
	token, err := signIn(ctx, s, both)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "curl -H 'Authorization: Bearer %s' localhost:8080/organizations\n", token)
	return nil
}

// signIn returns the token of a session. Whoever reads it acts as the user; a seed is for playing.
func signIn(ctx context.Context, s *store.Store, userID uuid.UUID) (string, error) {
	user, err := scope.ForUser(userID)
	if err != nil {
		return "", err
	}
	_, token, err := s.Sessions.Start(ctx, user)
	return string(token), err
}

func seedOrganization(ctx context.Context, s *store.Store, name string, owner, both uuid.UUID) error {
	user, err := scope.ForUser(owner)
	if err != nil {
		return err
	}
	sc, err := s.Organizations.Create(ctx, user, orgs.NewOrganization{Name: name, Slug: name})
	if err != nil {
		return err
	}
	if _, err := s.Memberships.Add(ctx, sc, both, scope.Member); err != nil {
		return err
	}
	project, err := s.Projects.Create(ctx, sc, model.Project{Key: "WEB", Name: "Website of " + name})
	if err != nil {
		return err
	}
	for i, title := range []string{"Write the front page", "Choose a font", "Publish"} {
		task, err := s.Tasks.Create(ctx, sc, model.Task{ProjectID: project.ID, Title: title, Status: model.Todo, Priority: i})
		if err != nil {
			return err
		}
		if err := s.Tasks.Assign(ctx, sc, task.ID, &both); err != nil {
			return err
		}
	}
	return nil
}
