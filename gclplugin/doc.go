// Package gclplugin makes sigravet a linter of golangci-lint: a module plugin,
// built into a golangci-lint binary by "golangci-lint custom" or by a main of
// one's own that imports this package for its side effect.
//
//	linters:
//	  enable: [sigravet]
//	  settings:
//	    custom:
//	      sigravet:
//	        type: module
//	        settings:
//	          schema: [migrations/*.sql]
//
// The settings are the keys of .sigravet.yml, which golangci-lint does not
// read: its cache would not see a change. docs/golangci-lint.md has both ways
// to build the binary.
package gclplugin
