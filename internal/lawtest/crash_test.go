package lawtest

import (
	"testing"
)

// A server that ends a connection is none of the law's business: the run goes on.
func TestStatementThatEndsItsConnectionIsSetApart(t *testing.T) {
	j, err := newJudge(t.Context(), NewWorld(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.close)
	statements := []struct {
		sql  string
		want verdict
	}{
		{`SELECT name FROM users ORDER BY id`, equal},
		{`SELECT name FROM users WHERE pg_terminate_backend(pg_backend_pid())`, crashed},
		{`UPDATE users SET name = 'x' WHERE id = 1`, equal},
	}
	var trials []trial
	var scoped, plain []request
	for _, s := range statements {
		r := newRequest(s.sql, nil) // the filter refuses a function that ends connections
		trials = append(trials, trial{statement: Statement{Text: s.sql}, scoped: r, plain: r})
		scoped, plain = append(scoped, r), append(plain, r)
	}
	all, err := j.everybody.exchange(t.Context(), scoped)
	if err != nil {
		t.Fatal(err)
	}
	own, err := j.alone.exchange(t.Context(), plain)
	if err != nil {
		t.Fatal(err)
	}
	r := newReport(1)
	for i, s := range statements {
		if v := j.at(trials[i], &all[i], &own[i]); v != s.want {
			t.Errorf("verdict %d, want %d: %s", v, s.want, s.sql)
		}
		if err := j.settle(t.Context(), trials[i], &all[i], &own[i], nil, r); err != nil {
			t.Fatal(err)
		}
	}
	if r.Equal != 2 || len(r.Crashes) != 1 || len(r.Findings()) != 0 {
		t.Errorf("counted %d equal, %d crashes, %d findings", r.Equal, len(r.Crashes), len(r.Findings()))
	}
	if err := j.unchanged(t.Context()); err != nil {
		t.Error(err)
	}
}
