package main

import (
	"math"
	"strings"
	"testing"
)

func TestLineTellsProportionFromFasterGrowth(t *testing.T) {
	t.Parallel()
	packages := []float64{30, 60, 120, 180, 240, 300}
	tests := []struct {
		about  string
		cost   func(n float64) float64
		linear bool
	}{
		{"in proportion", func(n float64) float64 { return 40 * n }, true},
		{"in proportion, with a start", func(n float64) float64 { return 700 + 40*n }, true},
		{"each package knows a twentieth of the others", func(n float64) float64 { return 40*n + 2*n*n }, false},
		{"n log n", func(n float64) float64 { return n * math.Log(n) }, false},
	}
	for _, tt := range tests {
		var values []float64
		for _, n := range packages {
			values = append(values, tt.cost(n))
		}
		r := newGrowthRow("tool", "cost", packages, values)
		if linear := math.Abs(r.Off) <= 0.1; linear != tt.linear {
			t.Errorf("%s: %.1f %% off the line at %.0f packages", tt.about, 100*r.Off, r.At)
		}
	}
}

// What the go command takes from its cache would make a size cheap.
func TestPackagesThatWereNotVettedAreMissed(t *testing.T) {
	t.Parallel()
	var s spent
	list := []process{
		{Package: "fmt", CPU: 9, Peak: 9, Handed: 9},
		{Package: appModule + "/web000", CPU: 1, Peak: 2, Handed: 3},
		{Package: appModule + "/web001", CPU: 1, Peak: 2, Handed: 3},
	}
	if err := s.add(list, 3, true); err == nil || !strings.Contains(err.Error(), "2 packages of 3") {
		t.Errorf("error %v", err)
	}
	for _, counted := range []bool{true, false} {
		if err := s.add(list, 2, counted); err != nil {
			t.Error(err)
		}
	}
	if s.handed != 6 || s.memory != 4 || len(s.cpu) != 1 || s.cpu[0] != 2 {
		t.Errorf("spent %+v", s)
	}
}
