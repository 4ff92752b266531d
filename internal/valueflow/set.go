package valueflow

// Set is the expressions that a value can be, each once, in the order in
// which the source mentions them.
type Set []*Expr

// width is how many combinations of alternatives are spelled out. Past it a
// set is thinned so that each alternative still occurs in some combination:
// a filter with twelve optional conditions is judged with each of them, not
// in all 4,096 combinations.
const width = 128

func one(e *Expr) Set { return Set{e} }

// union adds more to s.
func union(sets ...Set) Set {
	if len(sets) == 1 {
		return sets[0]
	}
	var out Set
	seen := map[string]bool{}
	for _, s := range sets {
		for _, e := range s {
			if !seen[e.key] {
				seen[e.key] = true
				out = append(out, e)
			}
		}
	}
	return thin(out)
}

// thin keeps, of a set that is too wide, the expressions that hold a piece
// which no earlier one holds, and then as many others as there is room for.
// A set whose members have nothing in common stays whole.
func thin(s Set) Set {
	if len(s) <= width {
		return s
	}
	keep := make([]bool, len(s))
	kept := 0
	seen := map[string]bool{}
	for i, e := range s {
		e.walk(func(x *Expr) {
			if len(x.Sub) == 0 && !seen[x.key] {
				seen[x.key] = true
				if !keep[i] {
					keep[i] = true
					kept++
				}
			}
		})
	}
	for i := range s {
		if kept >= width {
			break
		}
		if !keep[i] {
			keep[i] = true
			kept++
		}
	}
	out := make(Set, 0, kept)
	for i, e := range s {
		if keep[i] {
			out = append(out, e)
		}
	}
	return out
}

// product calls f for the combinations of one member of each set, as many as
// width allows, and for each member at least once.
func product(sets []Set, f func(pick []*Expr)) {
	total, longest := 1, 1
	for _, s := range sets {
		if len(s) == 0 {
			return
		}
		longest = max(longest, len(s))
		total = min(total*len(s), width+1)
	}
	pick := make([]*Expr, len(sets))
	if total > width {
		for n := range longest {
			for i, s := range sets {
				pick[i] = s[n%len(s)]
			}
			f(pick)
		}
		return
	}
	var fill func(i int)
	fill = func(i int) {
		if i == len(sets) {
			f(pick)
			return
		}
		for _, e := range sets[i] {
			pick[i] = e
			fill(i + 1)
		}
	}
	fill(0)
}

// combine applies f to the combinations of members of sets; those that cannot
// be are left out.
func combine(sets []Set, f func(pick []*Expr) *Expr) Set {
	var out Set
	seen := map[string]bool{}
	product(sets, func(pick []*Expr) {
		if e := f(pick); e.Kind != never && !seen[e.key] {
			seen[e.key] = true
			out = append(out, e)
		}
	})
	return thin(out)
}

func (s Set) equal(t Set) bool {
	if len(s) != len(t) {
		return false
	}
	for i := range s {
		if s[i].key != t[i].key {
			return false
		}
	}
	return true
}
