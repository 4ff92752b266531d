package analyzer_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/sigrahq/sigra/analyzer"
)

func TestOptionsChangeWhatIsFound(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pkg     string
		options analyzer.Options
	}{
		{"modes/handwritten", analyzer.Options{Raw: "forbid"}},
		{"modes/mixed", analyzer.Options{Raw: "prove"}},
		{"modes/off", analyzer.Options{Raw: "off"}},
		{"modes/tenants", analyzer.Options{Columns: []string{"tenant_id"}}},
		{"modes/migrated", analyzer.Options{Schema: []string{"schema/*.sql"}, Dir: testdata(t)}},
	}
	for _, tt := range tests {
		t.Run(tt.pkg, func(t *testing.T) {
			t.Parallel()
			analysistest.Run(t, testdata(t), analyzer.New(tt.options), tt.pkg)
		})
	}
}

func TestOptionsThatAreWrongAreErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		options analyzer.Options
		want    string
	}{
		{analyzer.Options{Raw: "strict"}, `raw is "strict"; use auto, forbid, prove or off`},
		{analyzer.Options{Columns: []string{"organization id"}}, `"organization id" is not the name of a column`},
		{analyzer.Options{Columns: []string{"tasks.organization_id"}}, `is not the name of a column`},
		{analyzer.Options{Schema: []string{"[.sql"}}, `schema glob "[.sql"`},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			if err := tt.options.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Validate() = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestSchemaFilesApplyInOrder(t *testing.T) {
	t.Parallel()
	files, err := analyzer.Options{Schema: []string{"schema/*.sql"}, Dir: testdata(t)}.SchemaFiles()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || !strings.HasSuffix(files[0], "0001_start.sql") || !strings.HasSuffix(files[1], "0002_receipts.sql") {
		t.Errorf("SchemaFiles() = %q", files)
	}
	if _, err := (analyzer.Options{Schema: []string{"none/*.sql"}, Dir: testdata(t)}).SchemaFiles(); err == nil {
		t.Error("a glob that names no file is no error")
	}
}
