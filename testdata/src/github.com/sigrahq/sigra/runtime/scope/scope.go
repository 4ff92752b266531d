package scope

type Scope struct{}
