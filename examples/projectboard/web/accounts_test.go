package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// client is a browser with a session, over a real connection.
type client struct {
	t     *testing.T
	base  string
	token string
}

// call sends a request and reads the answer into a T.
func call[T any](c *client, method, path, body string, want int) T {
	c.t.Helper()
	var v T
	text := c.send(method, path, body, want)
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		c.t.Fatalf("%s %s answers %q: %v", method, path, text, err)
	}
	return v
}

func (c *client) send(method, path, body string, want int) string {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if answer.StatusCode != want {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, answer.StatusCode, want, text)
	}
	return string(text)
}

func TestFromSignUpToDeparture(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	server := httptest.NewServer(app.handler)
	defer server.Close()
	browser := func() *client { return &client{t: t, base: server.URL} }
	signUp := func(email string) *client {
		t.Helper()
		c := browser()
		c.token = call[account](c, "POST", "/sign-up", `{"email":"`+email+`","name":"`+email+`"}`, 201).Token
		return c
	}

	// Ann signs up, has no organization, and creates one.
	browser().send("GET", "/organizations", "", 401)
	ann := signUp("Ann@example.com")
	browser().send("POST", "/sign-up", `{"email":"ann@example.com","name":"another Ann"}`, 409)
	browser().send("POST", "/sign-up", `{"email":"ann@example.com\nBcc: all@example.com","name":"x"}`, 400)
	ann.send("GET", "/projects", "", 409)
	if got := call[place](ann, "POST", "/organizations", `{"name":"Blue Bakery"}`, 201); got != (place{"blue-bakery", "Blue Bakery", "owner"}) {
		t.Errorf("created: %+v", got)
	}
	ann.send("POST", "/organizations", `{"name":"Admin","slug":"admin"}`, 400)
	// It is her only one, so she need not choose.
	ann.send("POST", "/projects", `{"key":"OVEN","name":"A new oven"}`, 201)

	// She invites Bob, who has an account, and Cleo, who has none.
	bob := signUp("bob@example.com")
	ann.send("POST", "/invitations", `{"email":"BOB@example.com","role":"admin"}`, 201)
	cleosInvitation := call[invitation](ann, "POST", "/invitations", `{"email":"cleo@example.com","role":"member"}`, 201)
	forBob := `{"token":"` + app.mails.token(t, "bob@example.com") + `"}`
	forCleo := `{"token":"` + app.mails.token(t, "cleo@example.com") + `"}`

	if got := bob.send("POST", "/invitations/preview", forBob, 200); !strings.Contains(got, "Blue Bakery") {
		t.Errorf("preview: %s", got)
	}
	bob.send("POST", "/invitations/preview", forCleo, 403)
	bob.send("POST", "/invitations/accept", forCleo, 403)
	bob.send("POST", "/invitations/accept", `{"token":"garbage"}`, 404)
	if got := call[place](bob, "POST", "/invitations/accept", forBob, 201); got.Role != "admin" {
		t.Errorf("accepted: %+v", got)
	}
	bob.send("POST", "/invitations/accept", forBob, 409)
	ann.send("POST", "/invitations", `{"email":"bob@example.com","role":"member"}`, 409)
	bob.send("POST", "/invitations", `{"email":"dan@example.com","role":"owner"}`, 403)

	cleo := browser()
	signUpCleo := strings.TrimSuffix(forCleo, "}") + `,"name":"Cleo"}`
	cleo.token = call[account](cleo, "POST", "/invitations/sign-up", signUpCleo, 201).Token
	if got := cleo.send("GET", "/projects", "", 200); !strings.Contains(got, "OVEN") {
		t.Errorf("the invited sees %s", got)
	}
	ann.send("DELETE", "/invitations/"+cleosInvitation.ID.String(), "", 409)
	cleo.send("POST", "/projects", `{"key":"CAKE","name":"Cake"}`, 201)
	cleo.send("GET", "/invitations", "", 403)

	// Bob has an organization of his own too, and has to choose.
	bob.send("POST", "/organizations", `{"name":"Bob's Garage","slug":"garage"}`, 201)
	bob.send("GET", "/projects", "", 409)
	if got := call[place](bob, "PUT", "/session", `{"organization":"garage"}`, 200); got.Slug != "garage" {
		t.Errorf("entered: %+v", got)
	}
	if got := bob.send("GET", "/projects", "", 200); strings.Contains(got, "OVEN") {
		t.Errorf("in his garage Bob sees the bakery: %s", got)
	}
	bob.send("PUT", "/session", `{"organization":"blue-bakery"}`, 200)
	if got := bob.send("GET", "/projects", "", 200); !strings.Contains(got, "OVEN") {
		t.Errorf("in the bakery Bob sees %s", got)
	}
	ann.send("PUT", "/session", `{"organization":"garage"}`, 404)

	// He leaves the bakery with a task assigned to him, which stays.
	project := call[page[struct{ ID, Key string }]](ann, "GET", "/projects", "", 200).Items[0]
	task := call[struct{ ID string }](ann, "POST", "/projects/"+project.ID+"/tasks", `{"title":"Bake"}`, 201)
	var bobsID string
	for _, m := range call[page[member]](ann, "GET", "/members?limit=2", "", 200).Items {
		if m.Role == "admin" {
			bobsID = m.UserID.String()
		}
	}
	ann.send("PUT", "/tasks/"+task.ID+"/assignee", `{"user_id":"`+bobsID+`"}`, 204)
	bob.send("DELETE", "/membership", "", 204)
	if got := ann.send("GET", "/tasks", "", 200); !strings.Contains(got, "Bake") || strings.Contains(got, bobsID) {
		t.Errorf("after Bob left the tasks are %s", got)
	}
	// The session does not point at the bakery any more, and the garage is the only one left.
	if got := bob.send("GET", "/organizations", "", 200); strings.Contains(got, "bakery") {
		t.Errorf("Bob's organizations are %s", got)
	}
	if got := bob.send("GET", "/projects", "", 200); strings.Contains(got, "OVEN") {
		t.Errorf("after he left Bob sees %s", got)
	}
	bob.send("POST", "/invitations/accept", forBob, 409)

	ann.send("DELETE", "/membership", "", 409)
	bob.send("DELETE", "/session", "", 204)
	bob.send("GET", "/organizations", "", 401)
}

func TestWhoWroteCommentsCannotBeRemovedYet(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := app.tenant(t, "ours")
	if got := app.do(t.Context(), app.both, a.slug, "POST", a.fill("/tasks/{task}/comments"), `{"body":"mine"}`); got.status != 201 {
		t.Fatal(got)
	}
	before := app.rows(t, a)
	if got := app.do(t.Context(), a.owner, a.slug, "DELETE", a.fill("/members/{member}"), ""); got.status != 409 || !strings.Contains(got.body, "comments") {
		t.Errorf("removal: %v", got)
	}
	if app.rows(t, a) != before {
		t.Error("the refused removal changed rows")
	}
}
