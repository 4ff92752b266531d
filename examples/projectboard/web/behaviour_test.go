package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/sigrahq/sigra/examples/projectboard/model"
	"github.com/sigrahq/sigra/examples/projectboard/store"
)

func decode[T any](t *testing.T, r response, status int) T {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	var v T
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestListsCanBePagedThrough(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := app.tenant(t, "ours")
	app.tenant(t, "secret")
	for i := range 5 {
		body := fmt.Sprintf(`{"key":"P%d","name":"same name"}`, i)
		decode[model.Project](t, app.do(t.Context(), a.owner, a.slug, "POST", "/projects", body), http.StatusCreated)
		body = fmt.Sprintf(`{"title":"T%d","priority":%d}`, i, i/2)
		decode[model.Task](t, app.do(t.Context(), a.owner, a.slug, "POST", a.fill("/projects/{project}/tasks"), body), http.StatusCreated)
	}

	var keys []string
	pages := 0
	for next := ""; pages == 0 || next != ""; pages++ {
		p := decode[page[model.Project]](t, app.do(t.Context(), a.owner, a.slug, "GET", "/projects?limit=2&after="+next, ""), 200)
		for _, project := range p.Items {
			keys = append(keys, project.Key)
		}
		next = p.Next
	}
	slices.Sort(keys)
	if want := []string{"P0", "P1", "P2", "P3", "P4", "ours-key"}; !slices.Equal(keys, want) || pages != 3 {
		t.Errorf("%d pages of projects with %q, want 3 with %q", pages, keys, want)
	}

	var priorities []int
	pages = 0
	for next := ""; pages == 0 || next != ""; pages++ {
		p := decode[page[store.TaskLine]](t, app.do(t.Context(), a.owner, a.slug, "GET", "/tasks?limit=3&after="+next, ""), 200)
		for _, task := range p.Items {
			priorities = append(priorities, task.Priority)
		}
		next = p.Next
	}
	if want := []int{2, 1, 1, 0, 0, 0, 0, 0}; !slices.Equal(priorities, want) || pages != 3 {
		t.Errorf("%d pages of tasks with priorities %v, want 3 with %v", pages, priorities, want)
	}
}

func TestMineAreAssignedTasksAndTasksOfNobody(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := app.tenant(t, "ours")
	app.tenant(t, "secret")
	tasks := decode[[]store.TaskLine](t, app.do(t.Context(), app.both, a.slug, "GET", "/tasks/mine", ""), 200)
	var titles []string
	for _, task := range tasks {
		titles = append(titles, task.Project+" "+task.Title)
	}
	slices.Sort(titles)
	if want := []string{"ours-key ours free", "ours-key ours task"}; !slices.Equal(titles, want) {
		t.Errorf("tasks %q, want %q", titles, want)
	}
}

func TestThroughputCountsNobodyElsesTasks(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := app.tenant(t, "ours")
	app.tenant(t, "secret")
	lines := decode[[]store.Closed](t, app.do(t.Context(), a.owner, a.slug, "GET", "/reports/throughput?since=2020-01-01", ""), 200)
	if len(lines) != 1 || lines[0].Project != "ours-key" || lines[0].Tasks != 1 {
		t.Errorf("throughput %+v, want one task of ours-key", lines)
	}
}

func TestMembersCannotDeleteProjects(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := app.tenant(t, "ours")
	if got := app.do(t.Context(), app.both, a.slug, "DELETE", a.fill("/projects/{project}"), ""); got.status != 403 {
		t.Errorf("status %d, want 403", got.status)
	}
	decode[model.Project](t, app.do(t.Context(), app.both, a.slug, "GET", a.fill("/projects/{project}"), ""), 200)
}

func TestCopiesStartOver(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := app.tenant(t, "ours")
	decode[model.Project](t, app.do(t.Context(), a.owner, a.slug, "POST", a.fill("/projects/{project}/copies"), `{"key":"COPY"}`), 201)
	for _, line := range decode[[]store.ProjectSummary](t, app.do(t.Context(), a.owner, a.slug, "GET", "/overview", ""), 200) {
		if line.Key == "COPY" && (line.Tasks != 3 || line.OpenTasks != 3) {
			t.Errorf("the copy has %d tasks, %d of them open; want 3 open ones", line.Tasks, line.OpenTasks)
		}
	}
}

func TestClientsAreToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	a := app.tenant(t, "ours")
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/projects", `{"key":"K","name":"n","organization_id":"` + a.id.String() + `"}`, 400},
		{"POST", "/projects", `{"key":"K","name":""}`, 400},
		{"POST", "/projects", `not json`, 400},
		{"GET", "/projects?limit=0", "", 400},
		{"GET", "/projects?limit=1000", "", 400},
		{"GET", "/projects?after=nonsense", "", 400},
		{"GET", "/tasks/due?on=tomorrow", "", 400},
		{"GET", "/projects/not-an-id", "", 404},
	} {
		if got := app.do(t.Context(), a.owner, a.slug, tc.method, tc.path, tc.body); got.status != tc.status {
			t.Errorf("%s %s %s: status %d, want %d: %s", tc.method, tc.path, tc.body, got.status, tc.status, got.body)
		}
	}
}
