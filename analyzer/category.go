package analyzer

// Categories of findings. Each is the name of its page in docs/.
const (
	unscoped    = "unscoped"
	unproven    = "unproven"
	insertion   = "insert"
	moved       = "moved"
	conflictKey = "conflict-key"
	foreignOrg  = "foreign-org"
	shared      = "shared-builder"
	undeclared  = "undeclared"
	bypassed    = "bypass"
	edited      = "edited"
)
