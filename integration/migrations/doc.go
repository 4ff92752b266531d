// Package migrations loads the schema of runtime/migrations through the
// migration tools that it promises to suit. It is a module of its own so that
// the tools are no dependencies of the product.
package migrations
