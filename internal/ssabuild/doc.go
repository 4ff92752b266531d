// Package ssabuild builds the SSA form of one package inside an analysis
// pass, and only when somebody asks for it.
//
// The ready-made pass is not used because an analyzer that requires it pays
// for SSA in every dependency under "go vet", whether or not that dependency
// has anything to do with databases.
//
//	build := sync.OnceValue(func() *ssabuild.Package { return ssabuild.Build(pass) })
//	if relevant {
//		for _, fn := range build().Funcs { … }
//	}
package ssabuild
