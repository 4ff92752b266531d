# What a contributor runs. `make ci` is all of it, as continuous integration
# does it. Nothing here needs more than Go and PostgreSQL; see CONTRIBUTING.md
# for how the tests find a server.

GO          ?= go
FUZZTIME    ?= 30s
STATICCHECK := v0.8.2

# The example with planted leaks is the one place where sigravet has to find
# something. `make demo` looks at it.
clean_packages = $$($(GO) list ./... | grep -v '/examples/leaky')

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## build sigravet and let it find the leaks planted in an example
	$(GO) run ./examples/demo

.PHONY: test
test: ## run all tests
	$(GO) test ./...

.PHONY: race
race: ## run all tests with the race detector; needs a C compiler
	$(GO) test -race -timeout 30m ./...

.PHONY: integration
integration: ## run the tests of the nested modules; needs a C compiler
	@for mod in $$(find integration -name go.mod | sort); do \
		dir=$$(dirname "$$mod"); \
		echo "cd $$dir && $(GO) test ./..."; \
		(cd "$$dir" && $(GO) test ./...) || exit 1; \
	done

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME each (30s)
	@grep -rn --include='*_test.go' --exclude-dir=testdata --exclude-dir=integration '^func Fuzz' . | \
	sed -E 's,^(.*)/[^/]*:[0-9]+:func (Fuzz[A-Za-z0-9_]*).*,\1 \2,' | sort | \
	while read -r dir target; do \
		echo "$$dir $$target"; \
		$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$$dir" </dev/null || exit 1; \
	done

.PHONY: law
law: ## hold generated statements to the law for SIGRA_LAW_DURATION (2m)
	SIGRA_LAW_DURATION=$${SIGRA_LAW_DURATION:-2m} $(GO) test ./internal/lawtest -run '^TestLaw$$' -count 1 -v -timeout 0

.PHONY: build
build: ## build the programs into bin/
	@mkdir -p bin
	$(GO) build -o bin/ ./cmd/...

.PHONY: lint
lint: fmt vet staticcheck sigravet ## run all of the next four

.PHONY: fmt
fmt: ## fail when a file is not formatted
	@unformatted=$$(find . \( -name .git -o -name testdata \) -prune -o -name '*.go' -exec gofmt -l {} +) || exit 1; \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:"; echo "$$unformatted"; exit 1; fi

.PHONY: vet
vet: ## run go vet
	$(GO) vet ./...

.PHONY: staticcheck
staticcheck: ## run staticcheck
	$(GO) run honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK) ./...

.PHONY: staticcheck-module
staticcheck-module:
	@echo honnef.co/go/tools@$(STATICCHECK)

.PHONY: sigravet
sigravet: build ## run sigravet on our own tree
	$(GO) vet -vettool="$(CURDIR)/bin/sigravet" $(clean_packages)

.PHONY: ci
ci: ## run what continuous integration runs
	.ci/run
