package gclplugin

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/sigrahq/sigra/analyzer"
)

func init() { register.Plugin("sigravet", New) }

// settings are the keys below linters.settings.custom.sigravet.settings, the
// same as those of .sigravet.yml.
type settings struct {
	Columns []string `json:"columns"`
	Schema  []string `json:"schema"`
	Raw     string   `json:"raw"`
}

// place is where golangci-lint's configuration has them.
const place = "linters.settings.custom.sigravet.settings"

type plugin struct{ options analyzer.Options }

// New reads the settings of a golangci-lint configuration: a map of columns,
// schema and raw, or nil for the defaults. An unknown key, a value of another
// type and options that are not valid are errors.
func New(conf any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[settings](conf)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; the keys are columns and schema, which are lists, and raw, which is one word", place, err)
	}
	options := analyzer.Options{Columns: s.Columns, Schema: s.Schema, Raw: s.Raw}
	if err := options.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", place, err)
	}
	return plugin{options}, nil
}

// BuildAnalyzers implements register.LinterPlugin. Each call makes an analyzer
// of its own.
func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	a := analyzer.New(p.options)
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) { return run(unrelated(pass)) }
	return []*analysis.Analyzer{a}, nil
}

// unrelated leaves out what findings are related to: golangci-lint would make
// issues of it. The message says all.
func unrelated(pass *analysis.Pass) *analysis.Pass {
	p := *pass
	p.Report = func(d analysis.Diagnostic) {
		d.Related = nil
		pass.Report(d)
	}
	return &p
}

// GetLoadMode implements register.LinterPlugin.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
