package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sigrahq/sigra/runtime/scope"
)

// probe is one endpoint, called by the owner of organization A. Places such as {task} take the ids of A for own, and
// the ids of B for foreign.
type probe struct {
	route   string
	path    string // when it is not the route itself
	body    string
	own     int    // status for A's ids
	shows   string // what the answer for A's ids contains
	foreign int    // status for B's ids; 0 when neither path nor body has a place for them
	hides   string // what the answer for B's ids is, besides its status
}

var probes = []probe{
	{route: "GET /people", own: 200, shows: "{owner}"},

	{route: "GET /members", own: 200, shows: "{member}"},
	{route: "PATCH /members/{id}", path: "/members/{member}", body: `{"role":"admin"}`, own: 200, shows: `"admin"`, foreign: 404},
	{route: "DELETE /members/{id}", path: "/members/{member}", own: 204, foreign: 404},
	{route: "DELETE /membership", own: 409, shows: "no owner"},
	{route: "GET /invitations", own: 200, shows: "{invitation}"},
	{route: "POST /invitations", body: `{"email":"{slug}-other@example.com","role":"admin"}`, own: 201, shows: "{slug}-other@example.com"},
	{route: "DELETE /invitations/{id}", path: "/invitations/{invitation}", own: 204, foreign: 404},

	{route: "GET /projects", own: 200, shows: "{project}"},
	{route: "GET /projects", path: "/projects?q={slug}&archived=true", own: 200, shows: "{project}", foreign: 200, hides: `"items":[]`},
	{route: "POST /projects", body: `{"key":"NEW","name":"new"}`, own: 201, shows: `"NEW"`},
	{route: "POST /projects", body: `{"key":"{slug}-key","name":"same key"}`, own: 409},
	{route: "GET /projects/{id}", path: "/projects/{project}", own: 200, shows: "{slug} project", foreign: 404},
	{route: "PATCH /projects/{id}", path: "/projects/{project}", body: `{"name":"renamed"}`, own: 200, shows: "renamed", foreign: 404},
	{route: "DELETE /projects/{id}", path: "/projects/{project}", own: 204, foreign: 404},
	{route: "POST /projects/{id}/copies", path: "/projects/{project}/copies", body: `{"key":"COPY"}`, own: 201, shows: `"COPY"`, foreign: 404},
	{route: "GET /projects/{id}/people", path: "/projects/{project}/people", own: 200, shows: "{owner}", foreign: 200, hides: "[]"},
	{route: "GET /project-keys/{key}", path: "/project-keys/{slug}-key", own: 200, shows: "true", foreign: 200, hides: "false"},
	{route: "GET /overview", own: 200, shows: `"tasks":3,"open_tasks":2`},

	{route: "POST /projects/{id}/tasks", path: "/projects/{project}/tasks", body: `{"title":"new"}`, own: 201, shows: "{project}", foreign: 404},
	{route: "POST /projects/{id}/import", path: "/projects/{project}/import", body: `[{"title":"one"},{"title":"two"}]`, own: 201, shows: "2", foreign: 404},
	{route: "GET /tasks", own: 200, shows: "{task}"},
	{route: "GET /tasks", path: "/tasks?status=todo&label=urgent", own: 200, shows: "{task}"},
	{route: "GET /tasks/search", path: "/tasks/search?q={slug}", own: 200, shows: "{task}", foreign: 200, hides: "[]"},
	{route: "GET /tasks/search", path: "/tasks/search?q=%27+OR+true+--", own: 200, shows: "[]"},
	{route: "GET /tasks/mine", own: 200, shows: "{free}"},
	{route: "GET /tasks/due", path: "/tasks/due?on=2020-01-02", own: 200, shows: "{task}"},
	{route: "POST /tasks/close", body: `["{task}"]`, own: 200, shows: "1", foreign: 200, hides: `{"closed":0}`},
	{route: "GET /tasks/{id}", path: "/tasks/{task}", own: 200, shows: "{slug} comment", foreign: 404},
	{route: "PATCH /tasks/{id}", path: "/tasks/{task}", body: `{"status":"doing"}`, own: 200, shows: "doing", foreign: 404},
	{route: "DELETE /tasks/{id}", path: "/tasks/{task}", own: 204, foreign: 404},
	{route: "PUT /tasks/{id}/assignee", path: "/tasks/{task}/assignee", body: `{"user_id":null}`, own: 204, foreign: 404},

	{route: "GET /tasks/{id}/comments", path: "/tasks/{task}/comments", own: 200, shows: "{comment}", foreign: 200, hides: "[]"},
	{route: "POST /tasks/{id}/comments", path: "/tasks/{task}/comments", body: `{"body":"new"}`, own: 201, shows: "{task}", foreign: 404},
	{route: "GET /comments/{id}", path: "/comments/{comment}", own: 200, shows: "{slug} comment", foreign: 404},
	{route: "DELETE /comments/{id}", path: "/comments/{comment}", own: 204, foreign: 404},
	{route: "GET /tasks/{id}/attachments", path: "/tasks/{task}/attachments", own: 200, shows: "{attachment}", foreign: 200, hides: "[]"},
	{route: "POST /tasks/{id}/attachments", path: "/tasks/{task}/attachments", body: `{"name":"a","url":"b"}`, own: 201, shows: "{task}", foreign: 404},

	{route: "GET /labels", own: 200, shows: "{label}"},
	{route: "PUT /labels/{name}", path: "/labels/urgent", body: `{"color":"blue"}`, own: 200, shows: "{label}"},
	{route: "GET /tasks/{id}/labels", path: "/tasks/{task}/labels", own: 200, shows: "{label}", foreign: 200, hides: "[]"},
	{route: "PUT /tasks/{id}/labels/{label}", path: "/tasks/{task}/labels/{label}", own: 204, foreign: 404},
	{route: "DELETE /tasks/{id}/labels/{label}", path: "/tasks/{task}/labels/{label}", own: 204, foreign: 404},

	{route: "GET /reports/workload", own: 200, shows: `"name":"both","open_tasks":1`},
	{route: "GET /reports/activity", own: 200, shows: "{slug} comment"},
	{route: "GET /reports/throughput", path: "/reports/throughput?since=2020-01-01", own: 200, shows: `"project":"{slug}-key","tasks":1`},
	{route: "GET /export.csv", own: 200, shows: "{task}"},
}

func TestEveryEndpointIsProbed(t *testing.T) {
	t.Parallel()
	probed := make(map[string]bool)
	for _, p := range probes {
		probed[p.route] = true
	}
	want := slices.Sorted(maps.Keys((&server{}).routes()))
	if got := slices.Sorted(maps.Keys(probed)); !slices.Equal(got, want) {
		t.Errorf("probes do not match the routes\nprobes %q\nroutes %q", got, want)
	}
}

func TestOrganizationsAreIsolated(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	for i, p := range probes {
		method, path, _ := strings.Cut(p.route, " ")
		if p.path != "" {
			path = p.path
		}
		t.Run(method+" "+path, func(t *testing.T) {
			t.Parallel()
			a, b := app.tenant(t, fmt.Sprintf("ours-%02d", i)), app.tenant(t, fmt.Sprintf("secret-%02d", i))
			rowsA, rowsB := app.rows(t, a), app.rows(t, b)

			call := func(ids tenant, want int) string {
				t.Helper()
				got := app.do(t.Context(), a.owner, a.slug, method, ids.fill(path), ids.fill(p.body))
				if got.status != want {
					t.Errorf("status %d, want %d: %s", got.status, want, got.body)
				}
				for _, trace := range b.traces() {
					if strings.Contains(got.body, trace) {
						t.Errorf("the answer gives %q of the other organization away: %s", trace, got.body)
					}
				}
				if app.rows(t, b) != rowsB {
					t.Error("rows of the other organization changed")
				}
				return got.body
			}

			if p.foreign != 0 {
				body := call(b, p.foreign)
				if !strings.Contains(body, p.hides) {
					t.Errorf("the answer for foreign ids lacks %q: %s", p.hides, body)
				}
				if app.rows(t, a) != rowsA {
					t.Error("a request about foreign rows changed rows of its own organization")
				}
			}
			body := call(a, p.own)
			if !strings.Contains(body, a.fill(p.shows)) {
				t.Errorf("the answer for own ids lacks %q: %s", a.fill(p.shows), body)
			}
		})
	}
}

// Paths with two ids, and ids in bodies, are probed once more with one id of each organization.
func TestOwnRowsCannotPointAtForeignOnes(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a, b := app.tenant(t, "ours"), app.tenant(t, "secret")
	rowsA, rowsB := app.rows(t, a), app.rows(t, b)
	for _, tc := range []struct{ name, method, path, body string }{
		{"own task, foreign label", "PUT", a.fill("/tasks/{task}/labels/") + b.label.String(), ""},
		{"foreign task, own label", "PUT", b.fill("/tasks/{task}/labels/") + a.label.String(), ""},
		{"own task, foreign assignee", "PUT", a.fill("/tasks/{task}/assignee"), b.fill(`{"user_id":"{owner}"}`)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := app.do(t.Context(), a.owner, a.slug, tc.method, tc.path, tc.body); got.status != 404 {
				t.Errorf("status %d, want 404: %s", got.status, got.body)
			}
			if app.rows(t, a) != rowsA || app.rows(t, b) != rowsB {
				t.Error("rows changed")
			}
		})
	}
}

func TestOnlyMembersGetAScope(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a, b := app.tenant(t, "ours"), app.tenant(t, "secret")
	missing := app.do(t.Context(), a.owner, "nobody", "GET", "/projects", "")
	if missing.status != 404 {
		t.Fatalf("an organization that does not exist: status %d, want 404", missing.status)
	}
	for _, p := range probes {
		method, path, _ := strings.Cut(p.route, " ")
		if p.path != "" {
			path = p.path
		}
		if got := app.do(t.Context(), a.owner, b.slug, method, b.fill(path), b.fill(p.body)); got != missing {
			t.Errorf("%s: a stranger gets %v, want what everybody gets who names no organization: %v", p.route, got, missing)
		}
	}

	if got := app.do(t.Context(), [16]byte{}, b.slug, "GET", "/projects", ""); got.status != 401 {
		t.Errorf("nobody signed in: status %d, want 401", got.status)
	}
	user, err := scope.ForUser(b.owner)
	if err != nil {
		t.Fatal(err)
	}
	sc, err := app.store.Organizations.Enter(t.Context(), user, b.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.store.Organizations.Delete(t.Context(), sc); err != nil {
		t.Fatal(err)
	}
	if got := app.do(t.Context(), b.owner, b.slug, "GET", "/projects", ""); got != missing {
		t.Errorf("owner of a deleted organization gets %v, want %v", got, missing)
	}
}

func TestUsersSeeTheirOrganizationsOnly(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a, b := app.tenant(t, "ours"), app.tenant(t, "secret")
	got := app.do(t.Context(), a.owner, "", "GET", "/organizations", "")
	if want := `[{"slug":"ours","name":"ours inc","role":"owner"}]` + "\n"; got.body != want {
		t.Errorf("organizations of one member: %s, want %s", got.body, want)
	}
	got = app.do(t.Context(), app.both, "", "GET", "/organizations", "")
	if !strings.Contains(got.body, a.slug) || !strings.Contains(got.body, b.slug) {
		t.Errorf("organizations of a member of both: %s", got.body)
	}
}
