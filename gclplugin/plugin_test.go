package gclplugin

import (
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/sigrahq/sigra/internal/corpus"
)

func TestPluginIsRegisteredByItsName(t *testing.T) {
	t.Parallel()
	if _, err := register.GetPlugin("sigravet"); err != nil {
		t.Error(err)
	}
}

func TestSettingsAreDecodedStrictly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about string
		conf  any
		err   string
	}{
		{"none", nil, ""},
		{"empty", map[string]any{}, ""},
		{"all", map[string]any{"columns": []any{"tenant_id"}, "schema": []any{"*.sql"}, "raw": "prove"}, ""},
		{"unknown key", map[string]any{"colums": []any{"tenant_id"}}, `sigravet.settings: decoding settings: json: unknown field "colums"; the keys are columns and schema`},
		{"value of another type", map[string]any{"columns": "tenant_id"}, "the keys are columns and schema, which are lists"},
		{"unknown mode", map[string]any{"raw": "strict"}, `sigravet.settings: raw is "strict"; use auto, forbid, prove or off`},
		{"name that is none", map[string]any{"columns": []any{"tenant id"}}, `"tenant id" is not the name of a column`},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			_, err := New(tt.conf)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("New(%v): %v, want %q", tt.conf, err, tt.err)
			}
		})
	}
}

func TestEachCallBuildsAnAnalyzer(t *testing.T) {
	t.Parallel()
	p, err := New(map[string]any{"raw": "prove"})
	if err != nil {
		t.Fatal(err)
	}
	first, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 1 || len(second) != 1 || first[0] == second[0] || first[0].Name != "sigravet" {
		t.Errorf("analyzers %v and %v", first, second)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q", mode)
	}
}

// Places that a finding is related to would become issues of their own.
func TestFindingsStandAlone(t *testing.T) {
	t.Parallel()
	p, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	as, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSuffix(corpus.Dir(t), "/src")
	for _, result := range analysistest.Run(t, dir, as[0], "unproven") {
		for _, d := range result.Diagnostics {
			if len(d.Related) > 0 {
				t.Errorf("%s is related to %v", d.Message, d.Related)
			}
		}
	}
}
